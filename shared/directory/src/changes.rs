//! The directory in memory is read again when a service's own ledgers changed it, and every few seconds in any case.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use duban_proto::common::v1::Organ;
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use crate::{Directory, Live};

/// How often it is read in any case: another process may have changed it.
const AGAIN: Duration = Duration::from_secs(5);

/// Organs that a transaction changed and the directory in memory does not show yet: it may not be committed yet.
#[derive(Debug, Default)]
pub struct Changes {
    pending: Mutex<BTreeMap<String, Organ>>,
    noted: Notify,
}

impl Changes {
    /// These organs change.
    pub fn note(&self, organs: &[Organ]) {
        if organs.is_empty() {
            return;
        }
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.extend(organs.iter().map(|organ| (organ.code.clone(), organ.clone())));
        drop(pending);
        self.noted.notify_one();
    }

    /// Takes out what the directory shows; whether something is left.
    fn shown(&self, directory: &Directory) -> bool {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        pending.retain(|code, organ| directory.get(code) != Some(organ));
        !pending.is_empty()
    }
}

/// Keeps the directory in memory up to date, until the shutdown.
pub async fn keep(
    changes: &Changes,
    live: &Live,
    mut heads: watch::Receiver<u64>,
    shutdown: &CancellationToken,
) {
    let follow = async {
        loop {
            tokio::select! {
                () = changes.noted.notified() => {}
                () = tokio::time::sleep(AGAIN) => {}
            }
            loop {
                heads.mark_unchanged();
                match live.reload().await {
                    Ok(directory) if !changes.shown(&directory) => break,
                    Ok(_) => {}
                    Err(error) => {
                        tracing::warn!(error = &error as &dyn std::error::Error, "directory not read");
                    }
                }
                if heads.changed().await.is_err() {
                    return;
                }
            }
        }
    };
    tokio::select! {
        () = follow => {}
        () = shutdown.cancelled() => {}
    }
}
