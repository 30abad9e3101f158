//! Stopping in order.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Tells all parts of a process to stop, and waits for their tasks. Cheap to clone: all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Shutdown {
    token: CancellationToken,
    tracker: TaskTracker,
}

impl Shutdown {
    /// Nothing stops yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everybody stops, please; calling it again changes nothing.
    pub fn begin(&self) {
        self.token.cancel();
        self.tracker.close();
    }

    /// Whether it has begun.
    pub fn is_begun(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        self.token.cancelled().await;
    }

    /// The token, for what wants it as such.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// The tracker of the tasks that are waited for.
    pub fn tracker(&self) -> &TaskTracker {
        &self.tracker
    }

    /// Runs a task that is waited for in the end. It has to watch [`Shutdown::begun`] itself.
    pub fn spawn<F>(&self, task: F) -> tokio::task::JoinHandle<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        self.tracker.spawn(task)
    }

    /// Waits until all tasks have ended, no longer than `bound`. True where they have.
    pub async fn drained(&self, bound: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(bound, self.tracker.wait()).await.is_ok()
    }

    /// Begins at Ctrl-C, and on Unix at SIGTERM.
    pub fn on_signals(&self) -> std::io::Result<()> {
        #[cfg(unix)]
        let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let shutdown = self.clone();
        tokio::spawn(async move {
            #[cfg(unix)]
            let asked = async { terminate.recv().await };
            #[cfg(not(unix))]
            let asked = std::future::pending::<Option<()>>();
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = asked => {}
                () = shutdown.begun() => {}
            }
            shutdown.begin();
        });
        Ok(())
    }
}
