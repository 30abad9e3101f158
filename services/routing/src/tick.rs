//! The tick: what has to happen when a limit of a case runs out: an acknowledgement, the answer to an instrument.
//!
//! It reads only what is due, by the index over the next moment of each case ([`Case::next_due`](crate::domain::Case)), once
//! a second and whenever the clock is turned; after a stop of the service whatever was missed happens at once, in order, and
//! says that it is late. Several processes may look at once: what one has done leaves nothing to the others' commands.

use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use ledger::{Organ, Submission, Writer};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::ACTOR;
use crate::domain::{Act, After, Command};
use crate::ledgers::Ledgers;
use crate::store;

/// How many are taken at once.
const PAGE: i64 = 500;
/// How often the table is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Has happen what is due.
pub(crate) struct Tick {
    pub(crate) writer: Writer<Ledgers>,
}

impl Tick {
    /// Runs until the shutdown.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut turned = self.writer.clock().turned();
        while !shutdown.is_cancelled() {
            turned.mark_unchanged();
            match self.look().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "due limits not read");
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
    async fn look(&self) -> Result<bool, sqlx::Error> {
        let now = self.writer.clock().now();
        let due = store::due_cases(self.writer.pool(), now, PAGE).await?;
        let whole_page = i64::try_from(due.len()).is_ok_and(|due| due >= PAGE);
        let done = join_all(due.into_iter().map(|(organ, case_id)| self.submit(organ, case_id, now))).await;
        // Without a success the same page would come again at once.
        Ok(whole_page && done.into_iter().any(|done| done))
    }

    /// What is not committed is due still, and comes again with a later look.
    async fn submit(&self, organ: String, case_id: Uuid, now: Timestamp) -> bool {
        let Ok(organ) = Organ::new(&organ) else { return false };
        let command = Command { case_id: Some(case_id), act: Act::After(After::RunOut { at: now }) };
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        match self.writer.submit(&organ, submission).await {
            Ok(_) => true,
            Err(error) => {
                tracing::warn!(organ = %organ, error = &error as &dyn std::error::Error, "a due limit not dealt with");
                false
            }
        }
    }
}
