//! What was decided on is erased: first it is written on the erasure list, then data key, identity and texts are deleted in the
//! transaction of the entry that tells of it (15, 16). After a crash at any point it goes on where it was.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use content::{Erased, Erasure, ErasureList, ListError, Listed};
use duban_proto::intake::v1::ErasureKind;
use ledger::{InvalidOrgan, Organ, Submission, SubmitError, Writer};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::domain::{Act, Command, Erase, Gone, Rejection};
use crate::ledgers::Ledgers;
use crate::store::{self, Pending};

/// How often it is looked for what a crash left undone. What is decided on here is done at once.
const LOOK: Duration = Duration::from_secs(10);
/// Erasures in one transaction.
const AT_ONCE: i64 = 500;
/// Transactions in a row.
const IN_A_ROW: usize = 1_000;
/// Who the entries say it was.
const ACTOR: &str = "service:intake";

/// Erases what was decided on.
#[derive(Clone)]
pub(crate) struct Erasing {
    pub(crate) writer: Writer<Ledgers>,
    pub(crate) list: Arc<ErasureList>,
}

/// Why it has to wait. Everything stays decided on, and nobody reads it meanwhile.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ErasingError {
    #[error(transparent)]
    List(#[from] ListError),
    #[error("the database can't be read")]
    Database(#[from] sqlx::Error),
    #[error("the ledger can't be written")]
    Ledger(#[source] Box<SubmitError<Rejection>>),
    #[error("the table names an organ that is none")]
    Organ(#[from] InvalidOrgan),
}

impl Erasing {
    /// Until the shutdown.
    pub(crate) async fn run(self, shutdown: CancellationToken) {
        let mut ticks = tokio::time::interval(LOOK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = ticks.tick() => {}
                () = shutdown.cancelled() => return,
            }
            let done = async {
                // Neither keeps the other waiting.
                let told = self.tell_restored().await;
                self.erase().await.and(told)
            };
            if let Err(error) = done.await {
                tracing::error!(error = &error as &dyn std::error::Error, "erasure waits");
            }
        }
    }

    /// Everything that was decided on so far.
    pub(crate) async fn erase(&self) -> Result<(), ErasingError> {
        for _ in 0..IN_A_ROW {
            let pending = store::pending_erasures(self.writer.pool(), AT_ONCE).await?;
            if pending.is_empty() {
                return Ok(());
            }
            let erasures = pending.iter().flat_map(erasures).collect();
            // On the disk before anything is deleted: whatever is restored later, it is deleted again.
            let listed = self.list.note(erasures).await?;
            self.submit(listed, false).await?;
        }
        Ok(())
    }

    /// What the list had to delete again: the ledger that a backup brought back does not tell of it yet.
    async fn tell_restored(&self) -> Result<(), ErasingError> {
        for _ in 0..IN_A_ROW {
            let untold = content::untold(self.writer.pool(), AT_ONCE).await?;
            if untold.is_empty() {
                return Ok(());
            }
            self.submit(untold, true).await?;
        }
        Ok(())
    }

    async fn submit(&self, listed: Vec<Listed>, restored: bool) -> Result<(), ErasingError> {
        let mut of_organ = BTreeMap::<String, Vec<Listed>>::new();
        for one in listed {
            of_organ.entry(one.erasure.organ.clone()).or_default().push(one);
        }
        let mut failed = None;
        for (organ, listed) in of_organ {
            let act = Act::Erase(Erase { listed, restored });
            let submission = Submission {
                command: Command { case_id: None, agency: None, act },
                actor: ACTOR.to_owned(),
                request: None,
                cause: None,
            };
            let submitted = self.writer.submit(&Organ::new(&organ)?, submission).await;
            failed = submitted.err().map(|error| ErasingError::Ledger(Box::new(error))).or(failed);
        }
        failed.map_or(Ok(()), Err)
    }
}

fn erasures(pending: &Pending) -> Vec<Erasure> {
    let Pending { organ, case_id, retained } = pending;
    let erasure = |gone: Gone| Erasure {
        organ: organ.clone(),
        case_id: *case_id,
        what: if gone.kind == ErasureKind::Identity { Erased::Identity } else { Erased::Case },
        at: gone.at,
        article: gone.article().to_owned(),
    };
    retained.pending().map(erasure).collect()
}
