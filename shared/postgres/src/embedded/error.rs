//! Why the private cluster did not start, in words that say what to do.

use std::path::{Path, PathBuf};
use std::time::Duration;

/// What can go wrong with a private cluster.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// The machine has no Postgres.
    #[error("no Postgres found on this machine; {advice}")]
    NoBinaries {
        /// What to install, for this system.
        advice: String,
    },
    /// The machine has only releases that are too old.
    #[error("Postgres {major} in {dir} is too old, {least} or newer is needed; {advice}", least = super::OLDEST)]
    TooOld {
        /// Directory of the newest binaries found.
        dir: PathBuf,
        /// Their major version.
        major: u32,
        /// What to install, for this system.
        advice: String,
    },
    /// The data was made by another major version of Postgres.
    #[error(
        "the data in {dir} is of Postgres {data}, and this machine has Postgres {installed}; install Postgres {data} beside it, or move the data with pg_upgrade"
    )]
    OtherVersion {
        /// Directory of the cluster.
        dir: PathBuf,
        /// Major version of the data.
        data: String,
        /// Major versions that are installed.
        installed: String,
    },
    /// Another program runs on this data.
    #[error("the data in {dir} is in use by process {pid}; stop that one first, or choose another directory")]
    Held {
        /// Directory of the cluster.
        dir: PathBuf,
        /// Process that holds it; `unknown` in the instant in which it takes hold.
        pid: String,
    },
    /// Postgres does not run as root, and the user it runs as can't get to the data.
    #[error(
        "Postgres does not run as root, and user {user} may not enter {dir}; run `chmod o+x {dir}`, or choose a data directory elsewhere, such as /var/lib/duban"
    )]
    Unreachable {
        /// The unprivileged user.
        user: String,
        /// First directory on the way that it may not enter.
        dir: PathBuf,
    },
    /// This is root on a machine without a user to run Postgres as.
    #[error(
        "Postgres does not run as root, and this machine has neither user `postgres` nor `nobody`; create one"
    )]
    NoUser,
    /// The data belongs to somebody else.
    #[error(
        "the data in {dir} belongs to user id {owner}, not to yours ({user}); run as that user, or chown it"
    )]
    NotYours {
        /// Directory of the data.
        dir: PathBuf,
        /// Its owner.
        owner: u32,
        /// The user id this program has.
        user: u32,
    },
    /// The directory has data, but no password for it.
    #[error(
        "{path} is missing: without the superuser's password the data beside it can't be opened; restore it from a backup"
    )]
    NoPassword {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// `initdb` failed.
    #[error("cannot create a Postgres cluster in {dir}; initdb says:\n{log}")]
    Initdb {
        /// Directory of the cluster.
        dir: PathBuf,
        /// Its last lines.
        log: String,
    },
    /// The server ended while it was starting.
    #[error("Postgres did not start on {dir}; the last lines of its log:\n{log}")]
    NotStarted {
        /// Directory of the cluster.
        dir: PathBuf,
        /// Last lines of the server's log.
        log: String,
    },
    /// The server ended without being told to.
    #[error("Postgres on {dir} ended by itself; the last lines of its log:\n{log}")]
    Ended {
        /// Directory of the cluster.
        dir: PathBuf,
        /// Last lines of the server's log.
        log: String,
    },
    /// The server is still recovering, or hangs.
    #[error("Postgres on {dir} is not ready after {} s; the last lines of its log:\n{log}", waited.as_secs())]
    NotReady {
        /// Directory of the cluster.
        dir: PathBuf,
        /// How long it was waited for.
        waited: Duration,
        /// Last lines of the server's log.
        log: String,
    },
    /// The server did not end in time after it was told to.
    #[error("Postgres on {dir} has not stopped after {} s", waited.as_secs())]
    NotStopped {
        /// Directory of the cluster.
        dir: PathBuf,
        /// How long it was waited for.
        waited: Duration,
    },
    /// A server left over by a program that was killed could not be stopped.
    #[error("a Postgres left over on {dir} (process {pid}) can't be stopped: {log}")]
    Leftover {
        /// Directory of the cluster.
        dir: PathBuf,
        /// Process of the server.
        pid: u32,
        /// What pg_ctl says.
        log: String,
    },
    /// The server runs, and refuses what is asked of it.
    #[error("Postgres on {dir} refuses to {doing}")]
    Refused {
        /// Directory of the cluster.
        dir: PathBuf,
        /// What was asked, as an infinitive.
        doing: &'static str,
        /// What it said.
        source: sqlx::Error,
    },
    /// The operating system refused something.
    #[error("cannot {doing} {path}")]
    Io {
        /// What was being done, as an infinitive.
        doing: &'static str,
        /// The file, directory or program.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// For `map_err`: what was being done to which file.
pub(crate) fn cannot(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> EmbeddedError {
    let path = path.to_owned();
    move |source| EmbeddedError::Io { doing, path, source }
}
