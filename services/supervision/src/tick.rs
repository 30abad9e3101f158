//! The tick: rungs fire when their moment comes (16, 17, 20).
//!
//! It reads only what is due, by an index over running clocks. Between two looks at the table the next moment is kept in
//! memory ([`Horizon`](crate::horizon::Horizon)): starting clocks costs the tick nothing. After a stop of the service
//! whatever was missed fires at once, in order, and says that it is late.

use std::sync::Arc;
use std::time::Duration;

use directory::Live;
use duban_proto::common::v1::OrganKind;
use futures::future::join_all;
use jiff::Timestamp;
use ledger::{Clock, Organ, Submission, Writer};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::ACTOR;
use crate::by_organ::by_organ;
use crate::domain::{Command, FireRungs};
use crate::lapse;
use crate::ledgers::Ledgers;
use crate::store;

/// How long the rung that waits longest has been due, in seconds, over all organs; 0 where none is.
const OLDEST: &str = "duban_rung_oldest_unfired_seconds";
/// How long after its moment a clock's next rung was committed, in seconds.
const LATENESS: &str = "duban_rung_lateness_seconds";
/// How many clocks are taken at once.
const PAGE: i64 = 1000;
/// Two looks at the table are no closer than this, unless the clock is turned or a whole page was due.
const CLOSEST: Duration = Duration::from_millis(200);
/// Nor further apart: another process may have started a clock, and a rung may not have fired.
const FURTHEST: Duration = Duration::from_secs(1);

/// Fires rungs as they come due.
pub(crate) struct Tick {
    writer: Writer<Ledgers>,
    directory: Live,
}

impl Tick {
    pub(crate) fn new(writer: Writer<Ledgers>, directory: Live) -> Self {
        Self { writer, directory }
    }

    /// Runs until the shutdown.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut turned = self.writer.clock().turned();
        loop {
            turned.mark_unchanged();
            match self.look().await {
                Ok(Due::Page) => continue,
                Ok(Due::All) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "due rungs not read");
                }
            }
            tokio::select! {
                () = self.wait(&mut turned) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    /// Fires what is due now.
    async fn look(&self) -> Result<Due, sqlx::Error> {
        self.horizon().forget();
        let now = self.writer.clock().now();
        let moments = store::moments(self.writer.pool(), now, PAGE).await?;
        let oldest = moments.due.first().map_or(0.0, |place| place.waits_s(now));
        metrics::gauge!(OLDEST).set(oldest);
        if let Some(next) = moments.next {
            self.horizon().note(next);
        }
        let places = moments.due.clone();
        let waiting = lapse::waiting(self.writer.pool(), &self.directory.current(), now, PAGE).await?;
        if let Some(next) = waiting.next {
            self.horizon().note(next);
        }
        let whole_page = i64::try_from(moments.due.len()).is_ok_and(|due| due == PAGE) || waiting.whole_page;
        let rungs = by_organ(moments.due).map(|(organ, clocks)| {
            let (number_prefix, centre) = (self.number_prefix(&organ), self.centre(&organ));
            (organ, Command::FireRungs(FireRungs { at: now, number_prefix, centre, clocks }))
        });
        let due = rungs.chain(waiting.due);
        let fired = join_all(due.map(|(organ, command)| self.submit(organ, command)));
        // Until they are committed: what is told of a rung before that may never have happened.
        let fired: Vec<(String, bool)> = fired.await;
        let done = self.writer.clock().now();
        for place in places {
            if fired.iter().any(|(organ, fired)| *fired && *organ == place.organ) {
                metrics::histogram!(LATENESS).record(place.waits_s(done));
            }
        }
        // Without a success the same page would come again at once.
        let some_fired = fired.into_iter().any(|(_, fired)| fired);
        Ok(if whole_page && some_fired { Due::Page } else { Due::All })
    }

    /// What is not committed is due still, and comes again with a later look.
    async fn submit(&self, code: String, command: Command) -> (String, bool) {
        let Ok(organ) = Organ::new(&code) else { return (code, false) };
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        match self.writer.submit(&organ, submission).await {
            Ok(_) => (code, true),
            Err(error) => {
                tracing::warn!(organ = %organ, error = &error as &dyn std::error::Error, "due rungs not fired");
                (code, false)
            }
        }
    }

    fn number_prefix(&self, organ: &str) -> String {
        self.directory.current().get(organ).map(|organ| organ.number_prefix.clone()).unwrap_or_default()
    }

    /// The centre above an organ, or the organ itself; empty where there is none.
    fn centre(&self, organ: &str) -> String {
        let directory = self.directory.current();
        let path = directory.path(organ);
        let centre = path.into_iter().find(|organ| organ.kind() == OrganKind::Centre);
        centre.map(|organ| organ.code.clone()).unwrap_or_default()
    }

    /// Waits until it makes sense to look again.
    async fn wait(&self, turned: &mut watch::Receiver<u64>) {
        let looked = Instant::now();
        loop {
            let next = self.horizon().earliest().map(|at| until(at, self.writer.clock()));
            let again = looked + next.unwrap_or(FURTHEST).clamp(CLOSEST, FURTHEST);
            tokio::select! {
                () = tokio::time::sleep_until(again) => return,
                changed = turned.changed() => if changed.is_ok() { return } else { std::future::pending().await },
                () = self.horizon().sooner() => {}
            }
        }
    }

    fn horizon(&self) -> &crate::horizon::Horizon {
        &self.writer.domain().horizon
    }
}

/// What a look found.
enum Due {
    /// A whole page: there is more.
    Page,
    /// All there was.
    All,
}

/// How long it is until then, by the process's clock.
fn until(at: Timestamp, clock: &Arc<dyn Clock>) -> Duration {
    Duration::try_from(clock.now().duration_until(at)).unwrap_or_default()
}
