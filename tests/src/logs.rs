//! What the services of this process log.

use std::io;
use std::sync::{Mutex, OnceLock, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

static LOGS: OnceLock<&'static Logs> = OnceLock::new();

/// All that was logged since the first call of [`Logs::kept`].
#[derive(Debug, Default)]
pub struct Logs(Mutex<Vec<u8>>);

impl Logs {
    /// Begins to keep them, once in a process.
    ///
    /// # Panics
    /// If something else keeps them already.
    pub fn kept() -> &'static Self {
        LOGS.get_or_init(|| {
            let logs: &'static Self = Box::leak(Box::default());
            let filter =
                EnvFilter::new("info,intake=debug,server=debug,ledger=debug,content=debug,seal=debug");
            tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(logs).init();
            logs
        })
    }

    /// What is there by now.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl<'a> MakeWriter<'a> for &'static Logs {
    type Writer = &'static Logs;

    fn make_writer(&'a self) -> Self::Writer {
        self
    }
}

impl io::Write for &'static Logs {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
