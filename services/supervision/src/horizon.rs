//! The next moment at which a clock needs the tick, as far as this process knows.

use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use ledger::{from_micros, to_micros};
use tokio::sync::Notify;

/// The earliest moment that was noted, and a wake-up when an earlier one is.
///
/// A hint and never the truth: what is noted may not be committed yet, and other processes note elsewhere. So the tick
/// looks at the table once a second in any case.
#[derive(Debug)]
pub(crate) struct Horizon {
    earliest: AtomicI64,
    sooner: Notify,
}

impl Default for Horizon {
    fn default() -> Self {
        Self { earliest: AtomicI64::new(i64::MAX), sooner: Notify::new() }
    }
}

impl Horizon {
    /// Something has to happen at this moment.
    pub(crate) fn note(&self, at: Timestamp) {
        let at = to_micros(at);
        if self.earliest.fetch_min(at, Ordering::AcqRel) > at {
            self.sooner.notify_one();
        }
    }

    /// Forgets what was noted: the table is about to be asked.
    pub(crate) fn forget(&self) {
        self.earliest.store(i64::MAX, Ordering::Release);
    }

    /// The earliest moment noted; `None` where none is.
    pub(crate) fn earliest(&self) -> Option<Timestamp> {
        Some(self.earliest.load(Ordering::Acquire)).filter(|at| *at < i64::MAX).map(from_micros)
    }

    /// Waits until an earlier moment is noted than all before.
    pub(crate) async fn sooner(&self) {
        self.sooner.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn only_an_earlier_moment_wakes() {
        let horizon = Horizon::default();
        assert_eq!(horizon.earliest(), None);
        horizon.note(at("2026-03-02T00:00:00Z"));
        assert_eq!(horizon.sooner().now_or_never(), Some(()));
        horizon.note(at("2026-03-03T00:00:00Z"));
        assert_eq!(horizon.sooner().now_or_never(), None);
        assert_eq!(horizon.earliest(), Some(at("2026-03-02T00:00:00Z")));
        horizon.forget();
        horizon.note(at("2026-03-03T00:00:00Z"));
        assert_eq!(horizon.sooner().now_or_never(), Some(()));
    }
}
