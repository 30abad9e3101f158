//! How long the complainant that waits longest has been waiting to be told something, as a metric.

use std::error::Error;
use std::time::Duration;

use ledger::Writer;
use tokio_util::sync::CancellationToken;

use crate::ledgers::Ledgers;
use crate::store;

/// Seconds, over all organs; 0 where nobody waits.
const OLDEST: &str = "duban_reply_oldest_open_seconds";
/// How often it is worked out.
const EVERY: Duration = Duration::from_secs(10);

/// Keeps the metric up to date until the shutdown.
pub(crate) async fn tell_oldest(writer: Writer<Ledgers>, shutdown: CancellationToken) {
    loop {
        match store::oldest_open(writer.pool()).await {
            Ok(since) => {
                let now = writer.clock().now();
                let waits = since.map(|since| now.duration_since(since).as_secs_f64()).unwrap_or_default();
                metrics::gauge!(OLDEST).set(waits.max(0.0));
            }
            Err(error) => tracing::warn!(error = &error as &dyn Error, "open replies not read"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = shutdown.cancelled() => return,
        }
    }
}
