//! What is where in a cluster's directory, and who holds it.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account::Account;
use super::error::{EmbeddedError, cannot};

/// Longest path of a directory whose socket every system can bind (macOS allows 103 bytes in all).
const SOCKET_DIR_LIMIT: usize = 103 - "/.s.PGSQL.5432".len();

/// Paths inside a cluster's directory.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// The directory itself, absolute and without links.
    pub(crate) dir: PathBuf,
}

impl Layout {
    /// Makes the directory if it is missing: others may pass through it, not look into it.
    pub(crate) fn create(dir: &Path) -> Result<Self, EmbeddedError> {
        if !dir.exists() {
            std::fs::create_dir_all(dir).map_err(cannot("create", dir))?;
            set_mode(dir, 0o711)?;
        }
        let dir = dir.canonicalize().map_err(cannot("open", dir))?;
        Ok(Self { dir })
    }

    /// The server's data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.join("pgdata")
    }

    /// The data directory while initdb fills it.
    pub(crate) fn unfinished(&self) -> PathBuf {
        self.dir.join("pgdata.new")
    }

    /// The superuser's password, mode 0600.
    pub(crate) fn password(&self) -> PathBuf {
        self.dir.join("password")
    }

    /// The server's log since its last start.
    pub(crate) fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// Major version of the data, if there is any.
    pub(crate) fn data_version(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.data().join("PG_VERSION")).ok()?;
        Some(text.trim().to_owned())
    }

    /// The password of existing data.
    pub(crate) fn read_password(&self) -> Result<String, EmbeddedError> {
        let path = self.password();
        match std::fs::read_to_string(&path) {
            Ok(text) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
            Ok(_) => Err(EmbeddedError::NoPassword { path }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(EmbeddedError::NoPassword { path })
            }
            Err(error) => Err(cannot("read", &path)(error)),
        }
    }

    /// Makes and keeps a password for new data.
    pub(crate) fn make_password(&self, account: &Account) -> Result<String, EmbeddedError> {
        let path = self.password();
        let password = format!("{:032x}", rand::random::<u128>());
        let _ = std::fs::remove_file(&path);
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(cannot("create", &path))?;
        file.write_all(password.as_bytes()).map_err(cannot("write", &path))?;
        file.sync_all().map_err(cannot("write", &path))?;
        account.own(&path)?;
        Ok(password)
    }

    /// A fresh log; the one before is kept beside it.
    pub(crate) fn open_log(&self) -> Result<File, EmbeddedError> {
        let path = self.log();
        if path.exists() {
            let before = self.dir.join("server.log.1");
            std::fs::rename(&path, &before).map_err(cannot("rename", &path))?;
        }
        let mut options = OpenOptions::new();
        options.append(true).create(true).mode(0o600).open(&path).map_err(cannot("create", &path))
    }

    /// The last lines of the server's log; on a full disk, which takes no log, that.
    pub(crate) fn log_tail(&self) -> String {
        const LITTLE: u64 = 1 << 20;
        let lines = tail(&std::fs::read(self.log()).unwrap_or_default());
        let free = rustix::fs::statvfs(&self.dir).map(|found| found.f_bavail.saturating_mul(found.f_frsize));
        match free {
            Ok(free) if free < LITTLE => format!("{lines}\nno space left on the disk: {free} bytes are free"),
            _ if lines.is_empty() => "(it wrote nothing)".to_owned(),
            _ => lines,
        }
    }

    /// A directory that only `account` can enter, for the socket: inside this one, or a short one in `/tmp` where the
    /// path of a socket (about 100 bytes) would be too long. True: it is the latter, and to be removed at the end.
    pub(crate) fn socket_dir(&self, account: &Account) -> Result<(PathBuf, bool), EmbeddedError> {
        let inside = self.dir.join("socket");
        let short = inside.as_os_str().len() > SOCKET_DIR_LIMIT;
        let path = if short { format!("/tmp/duban-{:016x}", rand::random::<u64>()).into() } else { inside };
        if !path.exists() {
            DirBuilder::new().mode(0o700).create(&path).map_err(cannot("create", &path))?;
        }
        account.own(&path)?;
        Ok((path, short))
    }
}

/// Held by the one program that runs a server on the directory; the system takes it back when that program ends.
#[derive(Debug)]
pub(crate) struct DirLock {
    _file: File,
}

impl DirLock {
    /// Takes the lock and leaves this process's id in it.
    pub(crate) fn take(layout: &Layout) -> Result<Self, EmbeddedError> {
        let path = layout.dir.join("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o644);
        let mut file = options.open(&path).map_err(cannot("open", &path))?;
        lock(&mut file, &layout.dir)?;
        file.set_len(0).map_err(cannot("write", &path))?;
        writeln!(file, "{}", std::process::id()).map_err(cannot("write", &path))?;
        Ok(Self { _file: file })
    }

    /// Fails where somebody holds it; makes nothing.
    pub(crate) fn check(dir: &Path) -> Result<(), EmbeddedError> {
        let path = dir.join("lock");
        match File::open(&path) {
            Ok(mut file) => lock(&mut file, dir),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(cannot("open", &path)(error)),
        }
    }
}

fn lock(file: &mut File, dir: &Path) -> Result<(), EmbeddedError> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            let _ = file.read_to_string(&mut pid);
            let pid = if pid.trim().is_empty() { "unknown".to_owned() } else { pid.trim().to_owned() };
            Err(EmbeddedError::Held { dir: dir.to_owned(), pid })
        }
        Err(TryLockError::Error(error)) => Err(cannot("lock", &dir.join("lock"))(error)),
    }
}

/// The last twelve lines of a log.
pub(crate) fn tail(log: &[u8]) -> String {
    let text = String::from_utf8_lossy(log);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = lines.len().saturating_sub(12);
    lines.into_iter().skip(last).collect::<Vec<_>>().join("\n")
}

fn set_mode(path: &Path, mode: u32) -> Result<(), EmbeddedError> {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(cannot("change the mode of", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_with_a_long_path_gets_its_socket_in_a_short_one() {
        let layout = Layout { dir: format!("/nowhere/{}", "d".repeat(100)).into() };
        let (path, short) = layout.socket_dir(&Account::Own).unwrap();
        assert!(short && path.starts_with("/tmp") && path.as_os_str().len() <= SOCKET_DIR_LIMIT);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        std::fs::remove_dir(path).unwrap();
    }

    #[test]
    fn the_tail_of_a_log_is_its_last_lines() {
        let log = (1..=40).map(|line| format!("line {line}\n")).collect::<Vec<_>>().join("\n");
        let tail = tail(log.as_bytes());
        assert!(tail.starts_with("line 29\n") && tail.ends_with("line 40"), "{tail}");
    }
}
