//! The pool every service uses, with limits on whatever could hang.

use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgConnection, PgPool};

/// Limits of a pool and of each of its sessions. [`PoolSettings::new`] has the values services run with.
#[derive(Debug, Clone)]
pub struct PoolSettings {
    /// Shown in `pg_stat_activity`.
    pub application_name: String,
    /// The only schema on the search path.
    pub schema: String,
    /// Most connections open at once.
    pub max_connections: u32,
    /// Connections kept open when idle.
    pub min_connections: u32,
    /// Longest wait for a free connection, opening one included.
    pub acquire_timeout: Duration,
    /// Longest run of one statement. Does not bound a COMMIT that waits for a synchronous standby: bound that in the client.
    pub statement_timeout: Duration,
    /// Longest wait of one statement for a lock.
    pub lock_timeout: Duration,
    /// A session idle inside a transaction for longer is ended by the server.
    pub idle_in_transaction_timeout: Duration,
}

impl PoolSettings {
    /// The limits of RELIABILITY for a service that works in `schema`.
    pub fn new(application_name: impl Into<String>, schema: impl Into<String>) -> Self {
        Self {
            application_name: application_name.into(),
            schema: schema.into(),
            max_connections: 10,
            min_connections: 0,
            acquire_timeout: Duration::from_secs(2),
            statement_timeout: Duration::from_secs(5),
            lock_timeout: Duration::from_secs(2),
            idle_in_transaction_timeout: Duration::from_secs(10),
        }
    }

    /// `options` with the session settings of this pool.
    fn session(&self, options: PgConnectOptions) -> PgConnectOptions {
        options.application_name(&self.application_name).options([
            ("search_path", self.schema.clone()),
            ("timezone", "UTC".to_owned()),
            ("jit", "off".to_owned()),
            // A plan made while a table was small is kept for a while: it must read by an index all the same.
            ("enable_seqscan", "off".to_owned()),
            ("statement_timeout", millis(self.statement_timeout)),
            ("lock_timeout", millis(self.lock_timeout)),
            ("idle_in_transaction_session_timeout", millis(self.idle_in_transaction_timeout)),
        ])
    }
}

/// Opens a pool and one connection of it, so that wrong settings show at the start.
///
/// A connection comes back to the pool without a transaction, whatever its user did. With sqlx 0.9.0 a `begin()`
/// that is cancelled half-way leaves one open that sqlx does not know of, and the next user's writes would go into
/// it and vanish.
///
/// # Errors
/// Whatever the first connection fails with; see [`crate::is_unavailable`].
pub async fn connect(options: PgConnectOptions, settings: &PoolSettings) -> Result<PgPool, sqlx::Error> {
    PgPoolOptions::new()
        .max_connections(settings.max_connections)
        .min_connections(settings.min_connections)
        .acquire_timeout(settings.acquire_timeout)
        .after_release(|connection, _| Box::pin(end_transaction(connection)))
        .connect_with(settings.session(options))
        .await
}

/// Connection options from a `postgres://` URL; fails on a malformed one before anything is connected.
pub fn parse_url(url: &str) -> Result<PgConnectOptions, sqlx::Error> {
    PgConnectOptions::from_str(url)
}

/// Ends a transaction that is still open on `connection`; true: the connection may be used again.
///
/// The pair of statements costs one round trip and is silent when no transaction is open, while a bare ROLLBACK
/// would write a warning into the server's log at every release. Inside a failed transaction BEGIN is refused, so
/// there the second ROLLBACK ends it.
async fn end_transaction(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    match connection.execute("BEGIN; ROLLBACK").await {
        Ok(_) => Ok(true),
        Err(sqlx::Error::Database(_)) => connection.execute("ROLLBACK").await.map(|_| true),
        Err(error) => Err(error),
    }
}

fn millis(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}
