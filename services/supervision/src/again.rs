//! Running clocks that another calendar worked out are worked out again when the service starts, on record (17).

use ledger::{Organ, Submission, Writer};
use tokio_util::sync::CancellationToken;

use crate::ACTOR;
use crate::by_organ::by_organ;
use crate::domain::Command;
use crate::ledgers::Ledgers;
use crate::store::{self, OutdatedKey, Place};

/// How many clocks are taken at once.
const PAGE: i64 = 500;
/// Before it is tried again.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

/// Works out again what has to be, then ends.
pub(crate) async fn work_out_again(writer: Writer<Ledgers>, shutdown: CancellationToken) {
    let work = async {
        let mut after = OutdatedKey::default();
        while let Some(last) = page(&writer, &after).await {
            after = last;
        }
    };
    tokio::select! {
        () = work => {}
        () = shutdown.cancelled() => {}
    }
}

/// Works out one page; where it ended, or `None` at the end.
async fn page(writer: &Writer<Ledgers>, after: &OutdatedKey) -> Option<OutdatedKey> {
    let calendar = writer.domain().rules().calendar.version();
    loop {
        let error: Box<dyn std::error::Error + Send + Sync> =
            match store::outdated_clocks(writer.pool(), calendar, after, PAGE).await {
                Ok((clocks, last)) => {
                    let last = last?;
                    match submit(writer, clocks).await {
                        Ok(()) => return Some(last),
                        Err(error) => error.into(),
                    }
                }
                Err(error) => error.into(),
            };
        tracing::warn!(
            error = error.as_ref() as &(dyn std::error::Error + 'static),
            "clocks not worked out again"
        );
        tokio::time::sleep(PAUSE).await;
    }
}

async fn submit(
    writer: &Writer<Ledgers>,
    clocks: Vec<Place>,
) -> Result<(), ledger::SubmitError<crate::domain::Rejection>> {
    tracing::info!(clocks = clocks.len(), "worked out by another calendar: working out again");
    for (organ, clocks) in by_organ(clocks) {
        let Ok(organ) = Organ::new(&organ) else { continue };
        let command = Command::WorkOutAgain(clocks);
        let submission = Submission { command, actor: ACTOR.to_owned(), request: None, cause: None };
        writer.submit(&organ, submission).await?;
    }
    Ok(())
}
