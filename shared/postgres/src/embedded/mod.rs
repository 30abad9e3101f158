//! A private Postgres cluster beside the program, with the binaries that are installed on the machine.
//!
//! The server listens on a socket that only its user can reach, and on no port. As root it runs as an unprivileged user.
//! It ends with the program that started it, even if that is killed.

mod account;
mod advice;
mod binaries;
mod error;
mod layout;
mod server;
mod setup;

use std::path::{Path, PathBuf};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use account::Account;
pub use error::EmbeddedError;
use error::cannot;
use layout::DirLock;
use server::Server;
use setup::Prepared;

/// Oldest major version of Postgres that works.
const OLDEST: u32 = 14;

/// How to run a cluster.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// False: commits may be lost if the machine fails, which is faster. For tests only.
    pub durable: bool,
    /// Most connections at once.
    pub max_connections: u16,
}

impl Default for Options {
    fn default() -> Self {
        Self { durable: true, max_connections: 100 }
    }
}

/// A running cluster. Dropping it tells the server to stop and does not wait; [`Cluster::stop`] does.
///
/// In the directory: `pgdata` (the data), `password` (the superuser's, mode 0600), `server.log`, `lock`, `socket`.
#[derive(Debug)]
pub struct Cluster {
    server: Server,
    dir: PathBuf,
    // Its Debug would print the password.
    admin: Login,
}

/// Connection options that are not printed.
#[derive(Clone)]
struct Login(PgConnectOptions);

impl std::fmt::Debug for Login {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Login")
    }
}

impl Cluster {
    /// Starts the cluster in `dir`, and creates it if there is none. Returns when it answers.
    ///
    /// A server left over by a program that was killed is stopped first. While this program runs, a second start on the
    /// same directory fails with [`EmbeddedError::Held`], which names this process.
    pub async fn start(dir: impl AsRef<Path>, options: Options) -> Result<Self, EmbeddedError> {
        let dir = dir.as_ref();
        let dir = std::path::absolute(dir).map_err(cannot("find", dir))?;
        Self::run(dir, options, false).await
    }

    /// Starts a cluster in a new directory, which is removed when the server has ended. It is not durable.
    pub async fn temporary() -> Result<Self, EmbeddedError> {
        let dir = scratch().join(format!("duban-test-{:016x}", rand::random::<u64>()));
        Self::run(dir, Options { durable: false, max_connections: 300 }, true).await
    }

    async fn run(dir: PathBuf, options: Options, temporary: bool) -> Result<Self, EmbeddedError> {
        let place = dir.clone();
        let prepared = tokio::task::spawn_blocking(move || -> Result<Prepared, EmbeddedError> {
            let prepared = setup::prepare(&dir, temporary)?;
            if temporary {
                // The watchdog removes it, as the server's user.
                prepared.account.own(&prepared.layout.dir)?;
            }
            Ok(prepared)
        });
        let prepared = prepared.await.map_err(|error| cannot("prepare", &place)(error.into()))??;
        let dir = prepared.layout.dir.clone();
        let (server, admin) = Server::start(prepared, options, temporary).await?;
        Ok(Self { server, dir, admin: Login(admin) })
    }

    /// Where the cluster is.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Where the server writes its log.
    pub fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// The superuser's login to the database `postgres`. Contains the password: do not print it.
    pub fn admin(&self) -> PgConnectOptions {
        self.admin.0.clone()
    }

    /// The superuser's login to the database `name`, which is created if it is missing.
    pub async fn database(&self, name: &str) -> Result<PgConnectOptions, EmbeddedError> {
        let refused =
            |source| EmbeddedError::Refused { dir: self.dir.clone(), doing: "create the database", source };
        let mut connection = self.admin.0.connect().await.map_err(refused)?;
        let create: Option<String> = sqlx::query_scalar(
            "SELECT format('CREATE DATABASE %I', $1::text) \
             WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)",
        )
        .bind(name)
        .fetch_optional(&mut connection)
        .await
        .map_err(refused)?;
        if let Some(create) = create {
            connection.execute(AssertSqlSafe(create)).await.map_err(refused)?;
        }
        let _ = connection.close().await;
        Ok(self.admin.0.clone().database(name))
    }

    /// Waits until the server ends without being told to, and says why.
    pub async fn ended(&self) -> EmbeddedError {
        self.server.ended().await;
        EmbeddedError::Ended { dir: self.dir.clone(), log: self.server.log_tail() }
    }

    /// Sends clients away, stops the server, and waits until it has ended and the directory is free.
    pub async fn stop(self) -> Result<(), EmbeddedError> {
        self.server.stop().await
    }
}

/// Where temporary clusters go: `TMPDIR`, else memory where there is plenty (a new database is hundreds of files, which
/// takes 100 ms on a disk and 15 in memory), else the system's directory for temporary files.
fn scratch() -> PathBuf {
    const PLENTY: u64 = 2 << 30;
    let memory = Path::new("/dev/shm");
    let free = rustix::fs::statvfs(memory).map_or(0, |found| found.f_bavail.saturating_mul(found.f_frsize));
    if std::env::var_os("TMPDIR").is_none() && free >= PLENTY {
        memory.to_owned()
    } else {
        std::env::temp_dir()
    }
}

/// Whether nobody runs a cluster in `dir`, which need not exist: else [`EmbeddedError::Held`], which names the process.
/// For a word about it before anything is made; only [`Cluster::start`] takes hold.
pub fn check_free(dir: impl AsRef<Path>) -> Result<(), EmbeddedError> {
    DirLock::check(dir.as_ref())
}

/// Whether a cluster could run in `dir`, which need not exist: [`EmbeddedError::Unreachable`] if this is root and the
/// user the server would run as may not enter it. For choosing a default directory.
pub fn check_dir(dir: impl AsRef<Path>) -> Result<(), EmbeddedError> {
    let dir = dir.as_ref();
    let dir = std::path::absolute(dir).map_err(cannot("find", dir))?;
    let account = Account::of(&dir.join("pgdata"))?;
    let existing = dir.ancestors().find(|place| place.exists()).unwrap_or(&dir);
    let existing = existing.canonicalize().map_err(cannot("open", existing))?;
    account.check_reach(&existing)
}
