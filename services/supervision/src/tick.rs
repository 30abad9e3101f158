//! The tick: rungs fire when their moment comes (16, 17, 20).
//!
//! It reads only what is due, by an index over running clocks. Between two looks at the table the next moment is kept in
//! memory ([`Horizon`](crate::horizon::Horizon)): starting clocks costs the tick nothing. After a stop of the service
//! whatever was missed fires at once, in order, and says that it is late.

use std::sync::Arc;
use std::time::Duration;

use directory::Live;
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
        if let Some(next) = moments.next {
            self.horizon().note(next);
        }
        let waiting = lapse::waiting(self.writer.pool(), &self.directory.current(), now, PAGE).await?;
        if let Some(next) = waiting.next {
            self.horizon().note(next);
        }
        let whole_page = i64::try_from(moments.due.len()).is_ok_and(|due| due == PAGE) || waiting.whole_page;
        let rungs = by_organ(moments.due).map(|(organ, clocks)| {
            let number_prefix = self.number_prefix(&organ);
            (organ, Command::FireRungs(FireRungs { at: now, number_prefix, clocks }))
        });
        let due = rungs.chain(waiting.due);
        let fired = join_all(due.map(|(organ, command)| self.submit(organ, command)));
        // Without a success the same page would come again at once.
        let some_fired = fired.await.into_iter().any(|fired| fired);
        Ok(if whole_page && some_fired { Due::Page } else { Due::All })
    }

    /// What is not committed is due still, and comes again with a later look.
    async fn submit(&self, organ: String, command: Command) -> bool {
        let Ok(organ) = Organ::new(&organ) else { return false };
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        match self.writer.submit(&organ, submission).await {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(organ = %organ, error = &error as &dyn std::error::Error, "due rungs not fired");
                false
            }
        }
    }

    fn number_prefix(&self, organ: &str) -> String {
        self.directory.current().get(organ).map(|organ| organ.number_prefix.clone()).unwrap_or_default()
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
