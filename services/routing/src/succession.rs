//! The tick of the directory: planned changes take effect on their day, and open cases follow where an organ is closed (4).
//!
//! It reads only what is due, by indexes, once a second and whenever the clock is turned; where no organ is closed it reads
//! no cases at all. What it finds at an organ is one batch of its writer. After a stop of the service it goes on where it
//! was: a case that has followed is not found again, and several processes may look at once.

use std::time::Duration;

use directory::Live;
use futures::future::join_all;
use ledger::{Organ, Submission, Writer};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::domain::{Act, Command, Succession};
use crate::ledgers::Ledgers;
use crate::store::{self, Place};

/// Who does it.
const ACTOR: &str = "service:routing";
/// How many cases are taken at once, of each kind.
const PAGE: i64 = 500;
/// How often the tables are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Has changes take effect, and cases follow.
pub(crate) struct Succeeding {
    pub(crate) writer: Writer<Ledgers>,
    pub(crate) directory: Live,
}

/// Why a look came to nothing.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("what is due can't be read")]
    Database(#[from] sqlx::Error),
    #[error(transparent)]
    Directory(#[from] directory::DirectoryError),
}

impl Succeeding {
    /// Runs until the shutdown.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut turned = self.writer.clock().turned();
        while !shutdown.is_cancelled() {
            turned.mark_unchanged();
            match self.look().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "closed organs not dealt with");
                }
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                Ok(()) = turned.changed() => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    /// Does what is due now; true where there may be more.
    async fn look(&self) -> Result<bool, Failed> {
        // Written by a version before this one: without it, a closed organ's case would not be found.
        let placed = store::place_cases(self.writer.pool(), PAGE).await?;
        if placed > 0 {
            tracing::info!(cases = placed, "places of cases worked out for an older version's rows");
            return Ok(true);
        }
        let now = self.writer.clock().now();
        let due = store::due_changes(self.writer.pool(), now, PAGE).await?;
        // In order: what was planned for the same day later builds on what was before.
        for (keeper, change_id) in &due {
            self.submit(keeper, None, Succession::TakeEffect { change_id: *change_id }).await;
        }
        let directory =
            if due.is_empty() { self.directory.current() } else { self.directory.reload().await? };
        let closed: Vec<String> = directory.closed().map(|organ| organ.code.clone()).collect();
        if closed.is_empty() {
            return Ok(false);
        }
        let homes = store::homes_of(self.writer.pool(), &closed, PAGE).await?;
        let held = store::held_by(self.writer.pool(), &closed, PAGE).await?;
        let whole_page =
            [&homes, &held].iter().any(|page| i64::try_from(page.len()).is_ok_and(|n| n >= PAGE));
        let follow = |Place { organ, case_id, .. }| async move {
            self.submit(&organ, Some(case_id), Succession::Follow).await
        };
        let done = join_all(homes.into_iter().chain(held).map(follow)).await;
        // Without a success the same page would come again at once.
        Ok(whole_page && done.into_iter().any(|done| done))
    }

    /// What is not committed is due still, and comes again with a later look. Whether something came of it.
    async fn submit(&self, organ: &str, case_id: Option<Uuid>, act: Succession) -> bool {
        let Ok(organ) = Organ::new(organ) else { return false };
        let command = Command { case_id, act: Act::from(act) };
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        match self.writer.submit(&organ, submission).await {
            Ok(done) => done.answer.case.is_some(),
            Err(error) => {
                tracing::warn!(
                    organ = %organ,
                    error = &error as &dyn std::error::Error,
                    "a closed organ's case not dealt with"
                );
                false
            }
        }
    }
}
