use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{Shared, made::Made};
use crate::{
    Domain, Organ,
    store::{cursor, head},
};

/// What became of a COMMIT.
pub(crate) enum Resolved {
    /// It happened.
    Committed,
    /// It did not, for this reason.
    NotCommitted(sqlx::Error),
    /// Nobody could be asked in time.
    Unknown,
}

/// Between two attempts to ask.
const PAUSE: Duration = Duration::from_millis(100);

/// Asks the database whether a transaction whose COMMIT was not answered is there.
///
/// The head's lock comes first: while the lost transaction is still under way, it holds that.
pub(crate) async fn resolve<D: Domain>(
    shared: &Shared<D>,
    organ: &Organ,
    made: &Made,
    error: sqlx::Error,
) -> Resolved {
    let until = Instant::now() + shared.settings.resolve_within;
    while Instant::now() < until {
        match ask(shared, organ, made).await {
            Ok(true) => return Resolved::Committed,
            Ok(false) => return Resolved::NotCommitted(error),
            Err(asking) => {
                tracing::warn!(%organ, error = %asking, "the outcome of a commit can't be asked yet");
            }
        }
        sleep(PAUSE).await;
    }
    Resolved::Unknown
}

async fn ask<D: Domain>(shared: &Shared<D>, organ: &Organ, made: &Made) -> Result<bool, sqlx::Error> {
    let mut connection = shared.pool.acquire().await?;
    sqlx::raw_sql("begin").execute(&mut *connection).await?;
    head::lock(&mut connection, organ, shared.settings.algorithm).await?;
    let committed = if let Some(last) = made.entries.last() {
        head::hash_at(&mut connection, organ, last.seq).await? == Some(last.position())
    } else {
        let cursors = cursor::of_organ(&mut connection, organ).await?;
        // With neither entries nor cursors there is nothing to be told by: it is done again.
        !made.cursors.is_empty() && made.cursors.iter().all(|(source, at)| cursors.get(source) == Some(at))
    };
    sqlx::raw_sql("rollback").execute(&mut *connection).await?;
    Ok(committed)
}
