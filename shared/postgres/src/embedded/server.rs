//! The server's process: under a watchdog that stops it when this program ends.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::Options;
use super::error::{EmbeddedError, cannot};
use super::layout::{DirLock, Layout};
use super::setup::Prepared;
use crate::error::sqlstate;

const WATCHDOG: &str = include_str!("watchdog.sh");
/// Recovery after a crash may take long; it is bounded by the amount of WAL between checkpoints (1 GB).
const READY_WITHIN: Duration = Duration::from_mins(2);
const STOPPED_WITHIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN: Duration = Duration::from_millis(15);

/// A server that was started, and ends with this value.
#[derive(Debug)]
pub(crate) struct Server {
    layout: Layout,
    /// The watchdog stops the server when this pipe closes.
    pipe: Option<ChildStdin>,
    /// True when watchdog and server have ended.
    ended: watch::Receiver<bool>,
}

impl Server {
    /// Starts the server and waits until it answers.
    ///
    /// Returns with it the options by which the superuser logs in.
    pub(crate) async fn start(
        prepared: Prepared,
        options: Options,
        remove: bool,
    ) -> Result<(Self, PgConnectOptions), EmbeddedError> {
        let Prepared { layout, account, binaries, password, lock } = prepared;
        let lock = Arc::new(lock);
        let (socket, short) = layout.socket_dir(&account)?;
        let admin = login(&socket, "postgres", "postgres", &password);
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            let mut command = account.command(Path::new("/bin/sh"));
            command.args(["-c", WATCHDOG, "duban-postgres"]);
            command.arg(if short { socket.as_os_str() } else { "".as_ref() });
            command.arg(if remove { layout.dir.as_os_str() } else { "".as_ref() });
            command.arg(binaries.program("postgres")).arg("-D").arg(layout.data());
            command.args(settings(&socket, options));
            // A group of its own: Ctrl-C in the terminal is for this program, which then stops the server.
            command.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(layout.open_log()?);
            let child = command.spawn().map_err(cannot("run", Path::new("/bin/sh")))?;
            let server = Self::watch(layout.clone(), child, Arc::clone(&lock));
            match server.ready(&admin, deadline).await {
                // The backends of a server that was killed are still ending.
                Err(EmbeddedError::NotStarted { log, .. })
                    if log.contains("pre-existing shared memory block") && Instant::now() < deadline =>
                {
                    sleep(LOOK_AGAIN).await;
                }
                Err(error) => return Err(error),
                Ok(()) => return Ok((server, admin)),
            }
        }
    }

    /// The thread that waits for the watchdog needs no runtime, and keeps the directory's lock until all has ended.
    fn watch(layout: Layout, mut child: Child, lock: Arc<DirLock>) -> Self {
        let pipe = child.stdin.take();
        let (tell, ended) = watch::channel(false);
        std::thread::spawn(move || {
            let _ = child.wait();
            drop(lock);
            let _ = tell.send(true);
        });
        Self { layout, pipe, ended }
    }

    async fn ready(&self, admin: &PgConnectOptions, deadline: Instant) -> Result<(), EmbeddedError> {
        let dir = self.layout.dir.clone();
        loop {
            if *self.ended.borrow() {
                return Err(EmbeddedError::NotStarted { dir, log: self.layout.log_tail() });
            }
            match admin.connect().await {
                Ok(connection) => {
                    let _ = connection.close().await;
                    return Ok(());
                }
                Err(error) if is_starting(&error) => {}
                Err(source) => {
                    return Err(EmbeddedError::Refused { dir, doing: "log the superuser in", source });
                }
            }
            if Instant::now() >= deadline {
                let (waited, log) = (READY_WITHIN, self.layout.log_tail());
                return Err(EmbeddedError::NotReady { dir, waited, log });
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until the server has ended, for whatever reason.
    pub(crate) async fn ended(&self) {
        let mut ended = self.ended.clone();
        // An error: the thread is gone, and the server with it.
        let _ = ended.wait_for(|ended| *ended).await;
    }

    /// The last lines of the server's log.
    pub(crate) fn log_tail(&self) -> String {
        self.layout.log_tail()
    }

    /// Fast shutdown; returns when the server has ended and the directory is free.
    pub(crate) async fn stop(mut self) -> Result<(), EmbeddedError> {
        drop(self.pipe.take());
        timeout(STOPPED_WITHIN, self.ended())
            .await
            .map_err(|_| EmbeddedError::NotStopped { dir: self.layout.dir.clone(), waited: STOPPED_WITHIN })
    }
}

/// Options to log in over the socket. No file or variable of the user's changes them.
pub(crate) fn login(socket: &Path, database: &str, user: &str, password: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(socket)
        .port(5432)
        .ssl_mode(PgSslMode::Disable)
        .username(user)
        .password(password)
        .database(database)
}

/// No socket yet, or one that does not serve yet.
fn is_starting(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::Protocol(_))
        || sqlstate(error).as_deref() == Some("57P03")
}

/// The server's settings: a socket and no port, modest memory, and no row values in its log.
fn settings(socket: &Path, options: Options) -> Vec<String> {
    let mut settings = vec![
        "listen_addresses=".to_owned(),
        format!("unix_socket_directories={}", socket.display()),
        "port=5432".to_owned(),
        format!("max_connections={}", options.max_connections),
        "shared_buffers=128MB".to_owned(),
        "timezone=UTC".to_owned(),
        "log_timezone=UTC".to_owned(),
        "log_destination=stderr".to_owned(),
        "logging_collector=off".to_owned(),
        // Without DETAIL and CONTEXT, which quote the row that a constraint refused.
        "log_error_verbosity=terse".to_owned(),
    ];
    let durability = if options.durable {
        ["fsync=on", "full_page_writes=on", "synchronous_commit=on"]
    } else {
        ["fsync=off", "full_page_writes=off", "synchronous_commit=off"]
    };
    settings.extend(durability.map(str::to_owned));
    settings.into_iter().flat_map(|setting| ["-c".to_owned(), setting]).collect()
}
