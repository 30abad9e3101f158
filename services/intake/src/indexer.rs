//! Working copies come into the index by which they are searched, shortly after they were saved.
//!
//! Apart from the writer, because indexing a text costs a fifth of all the rest of a case: it waits for a quiet moment, and under
//! load falls behind rather than slow the others down. What waits is a table, so nothing is forgotten.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use content::{ContentError, Place, Vault};
use ledger::Heads;
use seal::BlindIndex;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio::time::{self, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::store::{self, Text, Waiting};

/// How many texts are taken at once.
const PAGE: i64 = 500;
/// A moment is quiet when no ledger has moved for so long.
const QUIET: Duration = Duration::from_millis(200);
/// Where none comes, a page is taken all the same after this.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it is looked in any case: another process may have saved a text.
const LOOK: Duration = Duration::from_secs(1);

/// Brings working copies into the index.
pub(crate) struct Indexer {
    pub(crate) pool: PgPool,
    pub(crate) vault: Vault,
    pub(crate) blind_index: Arc<BlindIndex>,
}

impl Indexer {
    /// Runs until the shutdown.
    pub(crate) async fn run(self, heads: &Heads, shutdown: CancellationToken) {
        let mut moved = heads.subscribe();
        loop {
            tokio::select! {
                () = quiet(&mut moved) => {}
                () = shutdown.cancelled() => return,
            }
            let more = match self.index().await {
                Ok(more) => more,
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "working copies not indexed");
                    false
                }
            };
            if !more {
                tokio::select! {
                    moved = moved.changed() => if moved.is_err() { return },
                    () = time::sleep(LOOK) => {}
                    () = shutdown.cancelled() => return,
                }
            }
        }
    }

    /// Indexes a page of what waits; whether there may be more.
    async fn index(&self) -> Result<bool, ContentError> {
        let waiting = store::waiting_texts(&self.pool, PAGE).await?;
        if waiting.is_empty() {
            return Ok(false);
        }
        let places: Vec<Place> = newest(&waiting).into_values().collect();
        let texts = self.vault.read_texts(&places).await?;
        let indexed: Vec<Text> = places
            .into_iter()
            .zip(texts)
            .filter_map(|(place, text)| {
                let pairs = self.blind_index.pairs(&place.organ, &text?);
                let Place { organ, case_id, version, .. } = place;
                Some(Text { organ, case_id, version: version.cast_signed(), pairs })
            })
            .collect();
        store::index_texts(&self.pool, &waiting, &indexed).await?;
        metrics::counter!("duban_intake_texts_indexed_total").increment(indexed.len() as u64);
        Ok(i64::try_from(waiting.len()).is_ok_and(|count| count == PAGE))
    }
}

/// Waits until no ledger has moved for a while; not for ever.
async fn quiet(moved: &mut watch::Receiver<u64>) {
    let latest = Instant::now() + PATIENCE;
    loop {
        moved.mark_unchanged();
        time::sleep(QUIET).await;
        if !moved.has_changed().unwrap_or(false) || Instant::now() >= latest {
            return;
        }
    }
}

/// Where the newest working copy of each case is.
fn newest(waiting: &[Waiting]) -> BTreeMap<(&str, Uuid), Place> {
    let place = |text: &Waiting| {
        Some(Place {
            organ: text.organ.clone(),
            case_id: text.case_id,
            item_id: text.working_item?,
            version: text.working_version?.cast_unsigned(),
        })
    };
    waiting.iter().filter_map(|text| Some(((text.organ.as_str(), text.case_id), place(text)?))).collect()
}
