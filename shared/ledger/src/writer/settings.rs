use std::time::Duration;

use crate::Algorithm;

/// The limits a writer works under.
#[derive(Clone, Debug)]
pub struct WriterSettings {
    /// The hash function of ledgers that begin.
    pub algorithm: Algorithm,
    /// How many commands may wait for one organ; more are refused at once.
    pub queue: usize,
    /// How many commands go into one transaction.
    pub batch_commands: usize,
    /// How many bytes of entries go into one transaction.
    pub batch_bytes: usize,
    /// How many transactions run at once, each on a connection of its own.
    pub connections: usize,
    /// How long a COMMIT may take before its outcome counts as unknown.
    pub commit_deadline: Duration,
    /// How long an unknown outcome is asked about.
    pub resolve_within: Duration,
}

impl Default for WriterSettings {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Sha256,
            queue: 4096,
            batch_commands: 512,
            batch_bytes: 4 << 20,
            connections: 4,
            commit_deadline: Duration::from_secs(5),
            resolve_within: Duration::from_secs(10),
        }
    }
}
