use std::time::Duration;

use tokio::{sync::watch, time};
use tokio_util::sync::CancellationToken;

/// Waits that get longer while nothing succeeds.
#[derive(Debug)]
pub(super) struct Pace {
    next: Duration,
}

const SHORTEST: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(5);

impl Pace {
    pub(super) fn new() -> Self {
        Self { next: SHORTEST }
    }

    /// It succeeded: the next wait is short again.
    pub(super) fn reset(&mut self) {
        self.next = SHORTEST;
    }

    /// Waits; false when it is time to stop.
    pub(super) async fn wait(&mut self, shutdown: &CancellationToken) -> bool {
        let wait = self.next;
        self.next = (wait * 2).min(LONGEST);
        tokio::select! {
            () = time::sleep(wait) => true,
            () = shutdown.cancelled() => false,
        }
    }
}

/// Waits until something moved, or for `longest`; false when it is time to stop.
pub(super) async fn moved(
    watch: &mut watch::Receiver<u64>,
    longest: Duration,
    shutdown: &CancellationToken,
) -> bool {
    tokio::select! {
        changed = watch.changed() => changed.is_ok(),
        () = time::sleep(longest) => true,
        () = shutdown.cancelled() => false,
    }
}
