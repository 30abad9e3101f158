//! The tick: what has to happen when a limit runs out (10, 12, 14(4)).
//!
//! It reads only what is due, by indexes over limits that still run, once a second and whenever the clock is turned; after a
//! stop of the service whatever was missed happens at once. All that is due at an organ is one batch of its writer. Several
//! processes may look at once: what one has done leaves nothing to the others' commands.

use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use jiff::Timestamp;
use ledger::{Organ, Submission, Writer};
use server::Ids;
use tokio_util::sync::CancellationToken;

use crate::ACTOR;
use crate::domain::{Act, Command, ExpireSupplement, OnReport};
use crate::ledgers::Ledgers;
use crate::store::{self, Due, What};

/// How many are taken at once, of each kind.
const PAGE: i64 = 500;
/// How often the tables are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Has happen what is due.
pub(crate) struct Tick {
    pub(crate) writer: Writer<Ledgers>,
    pub(crate) ids: Arc<dyn Ids>,
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
        store::delete_old_drafts(self.writer.pool(), now).await?;
        let due = store::due(self.writer.pool(), now, PAGE).await?;
        let whole_page = i64::try_from(due.len()).is_ok_and(|due| due >= PAGE);
        let done = join_all(due.into_iter().map(|due| self.submit(due, now))).await;
        // Without a success the same page would come again at once.
        Ok(whole_page && done.into_iter().any(|done| done))
    }

    /// What is not committed is due still, and comes again with a later look.
    async fn submit(&self, due: Due, now: Timestamp) -> bool {
        let Due { organ, case_id, what } = due;
        let Ok(organ) = Organ::new(&organ) else { return false };
        let act = match what {
            What::Supplement => {
                Act::ExpireSupplement(ExpireSupplement { at: now, reply_id: self.ids.new_id(now) })
            }
            What::Referral => Act::ReferralOverdue { at: now },
            What::Demand { demand_id } => Act::OnReport(Box::new(OnReport::Overdue { demand_id, at: now })),
        };
        let command = Command { case_id: Some(case_id), agency: None, act };
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
