//! Whom the server runs as: Postgres refuses to run as root.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::error::{EmbeddedError, cannot};

/// The user that owns the data and runs the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// The one this program runs as.
    Own,
    /// Another one, because this program runs as root.
    Other {
        /// Name, or the number where it has none.
        name: String,
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
    },
}

impl Account {
    /// The account for a cluster whose data is, or will be, in `data`.
    ///
    /// For root it is the owner of the data, for new data `postgres`, else `nobody`.
    pub(crate) fn of(data: &Path) -> Result<Self, EmbeddedError> {
        let user = rustix::process::geteuid().as_raw();
        let owner = std::fs::metadata(data).ok().map(|found| (found.uid(), found.gid()));
        match (user, owner) {
            (0, Some((uid, gid))) if uid != 0 => Ok(Self::Other { name: name_of(uid), uid, gid }),
            (0, _) => {
                let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
                unprivileged(&users).ok_or(EmbeddedError::NoUser)
            }
            (user, Some((owner, _))) if owner != user => {
                Err(EmbeddedError::NotYours { dir: data.to_owned(), owner, user })
            }
            _ => Ok(Self::Own),
        }
    }

    /// A command run as this account, in `/` and with a clean environment: a stray `PGPORT` or `PGDATA` would be obeyed.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir("/").env_clear().env("LC_ALL", "C");
        for name in ["PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Self::Other { uid, gid, .. } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Gives a file or directory to this account.
    pub(crate) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Own => Ok(()),
            Self::Other { uid, gid, .. } => {
                chown(path, Some(*uid), Some(*gid)).map_err(cannot("change the owner of", path))
            }
        }
    }

    /// Checks that this account may enter `dir` and whatever is above it.
    pub(crate) fn check_reach(&self, dir: &Path) -> Result<(), EmbeddedError> {
        const TEST: &str = r#"for d; do [ -x "$d" ] || { printf %s "$d"; exit 1; }; done"#;
        let Self::Other { name, .. } = self else { return Ok(()) };
        let mut on_the_way: Vec<&Path> = dir.ancestors().collect();
        on_the_way.reverse();
        let shell = Path::new("/bin/sh");
        let test = self.command(shell).args(["-c", TEST, "reach"]).args(on_the_way).output();
        let output = test.map_err(cannot("run", shell))?;
        if output.status.success() {
            return Ok(());
        }
        let dir = PathBuf::from(String::from_utf8_lossy(&output.stdout).into_owned());
        Err(EmbeddedError::Unreachable { user: name.clone(), dir })
    }
}

/// `postgres`, else `nobody`, from the text of `/etc/passwd`.
fn unprivileged(users: &str) -> Option<Account> {
    ["postgres", "nobody"].iter().find_map(|wanted| {
        users.lines().find_map(|line| {
            let mut fields = line.split(':');
            let name = fields.next().filter(|name| name == wanted)?;
            let uid = fields.nth(1)?.parse().ok()?;
            let gid = fields.next()?.parse().ok()?;
            Some(Account::Other { name: name.to_owned(), uid, gid })
        })
    })
}

fn name_of(uid: u32) -> String {
    let users = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let id = uid.to_string();
    let name = users.lines().find(|line| line.split(':').nth(2) == Some(&id));
    name.and_then(|line| line.split(':').next()).map_or(id.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn root_takes_postgres_before_nobody() {
        let both = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n";
        let Some(Account::Other { name, uid, gid }) = unprivileged(both) else { panic!("none found") };
        assert_eq!((name.as_str(), uid, gid), ("postgres", 101, 104));
        let Some(Account::Other { uid, gid, .. }) = unprivileged("nobody:x:65534:65533::/:/bin/false") else {
            panic!("none found")
        };
        assert_eq!((uid, gid), (65534, 65533));
        assert_eq!(unprivileged("root:x:0:0:root:/root:/bin/sh"), None);
    }
}
