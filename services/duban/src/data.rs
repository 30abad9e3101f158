//! The data directory of `duban up`: the private cluster, keys, passwords, where the services listen.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use access::{DevKey, DevKeyError};
use serde::{Deserialize, Serialize};
use server::Ids as _;
use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnectOptions;

use crate::config::Hidden;
use crate::place::{Places, Service};

/// The layout of the directory that this program makes and reads.
const FORMAT: u32 = 1;

/// The data directory.
#[derive(Clone, Debug)]
pub struct DataDir {
    path: PathBuf,
}

/// What the directory says of itself, in `duban.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Mark {
    /// The layout's number.
    format: u32,
    /// The program that made it.
    made_by: String,
}

/// Why the data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// No directory was named, and there is none to choose.
    #[error("this user has no home directory: name a data directory with --data DIR")]
    NoHome,
    /// No instance has run in it.
    #[error(
        "there is no instance in {}: start one with `duban up`, or name its directory with --data DIR", path.display()
    )]
    NoInstance {
        /// The directory.
        path: PathBuf,
    },
    /// Another layout.
    #[error(
        "{} is of another version of duban (layout {found}, made by {made_by}; this one reads {FORMAT}): run that version, or choose another directory with --data DIR",
        path.display()
    )]
    OtherVersion {
        /// The directory.
        path: PathBuf,
        /// Its layout.
        found: u32,
        /// The program that made it.
        made_by: String,
    },
    /// Something else is in it.
    #[error("{} is not empty and no data directory of duban: choose another one with --data DIR", path.display())]
    Foreign {
        /// The directory.
        path: PathBuf,
    },
    /// The system refused something.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was being done.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A key has another length.
    #[error("{} is not a key of 32 bytes: restore it from its backup", path.display())]
    Key {
        /// The file.
        path: PathBuf,
    },
    /// The development key is not usable.
    #[error(transparent)]
    DevKey(#[from] DevKeyError),
}

impl DataDir {
    /// The directory named, or the usual one: `/var/lib/duban` for root, else `duban` in the user's data directory.
    pub fn locate(named: Option<&Path>) -> Result<Self, DataError> {
        let path = match named {
            Some(path) => path.to_owned(),
            None => usual()?,
        };
        let path = std::path::absolute(&path).map_err(cannot("find", &path))?;
        Ok(Self { path })
    }

    /// Makes it, or checks that it is one that this version reads.
    pub fn open(&self) -> Result<(), DataError> {
        if self.path.join(MARK).exists() {
            return self.check();
        }
        if self.path.exists() && !is_empty(&self.path)? {
            return Err(DataError::Foreign { path: self.path.clone() });
        }
        // Others may pass through it: as root, the cluster inside belongs to another user.
        make_dir(&self.path, 0o711)?;
        make_dir(&self.keys(), 0o700)?;
        let mark = Mark { format: FORMAT, made_by: concat!("duban ", env!("CARGO_PKG_VERSION")).to_owned() };
        let text = serde_json::to_string_pretty(&mark).unwrap_or_default();
        self.write_new(MARK, 0o644, text.as_bytes())
    }

    /// The key of development tokens, made at the first start.
    pub fn dev_key(&self) -> Result<DevKey, DataError> {
        let fresh = || {
            let mut secret = [0; 32];
            server::RandomIds.fill(&mut secret);
            secret
        };
        Ok(DevKey::open(&self.keys(), fresh)?)
    }

    /// The key of development tokens of an instance that has run.
    pub fn existing_dev_key(&self) -> Result<DevKey, DataError> {
        if !self.keys().join(DevKey::FILE).exists() {
            return Err(DataError::NoInstance { path: self.path.clone() });
        }
        self.check()?;
        self.dev_key()
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keys and passwords; nobody else may look into it.
    pub fn keys(&self) -> PathBuf {
        self.path.join("keys")
    }

    /// The private cluster.
    pub fn cluster(&self) -> PathBuf {
        self.path.join("postgres")
    }

    /// The files of cases, sealed.
    pub fn attachments(&self) -> PathBuf {
        self.path.join("attachments")
    }

    /// The erasure list. Not to be put back from a backup with the cluster: it is what keeps erased what a backup brings back.
    pub fn erasures(&self) -> PathBuf {
        self.path.join("erasures.jsonl")
    }

    /// Where the instance in it listens; none where none has run.
    pub fn places(&self) -> Result<Option<Places>, DataError> {
        let text = self.read(PLACES)?;
        // A file of another version tells nothing, which is no reason to fail: the usual ports are tried.
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps where the instance listens, for the commands of this machine.
    pub fn keep_places(&self, places: &Places) -> Result<(), DataError> {
        let text = serde_json::to_string(places).unwrap_or_default();
        self.write(PLACES, 0o644, text.as_bytes())
    }

    fn check(&self) -> Result<(), DataError> {
        let path = self.path.join(MARK);
        let text = fs::read_to_string(&path).map_err(cannot("read", &path))?;
        let unreadable = || Mark { format: 0, made_by: "unknown".to_owned() };
        let mark: Mark = serde_json::from_str(&text).unwrap_or_else(|_| unreadable());
        if mark.format != FORMAT {
            return Err(DataError::OtherVersion {
                path: self.path.clone(),
                found: mark.format,
                made_by: mark.made_by,
            });
        }
        Ok(())
    }

    /// The password of a service's role, 32 hexadecimal digits, made when it is first asked for.
    pub fn password(&self, service: Service) -> Result<String, DataError> {
        let name = format!("{}.password", service.name());
        let path = self.keys().join(&name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(text.trim().to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut secret = [0; 16];
                server::RandomIds.fill(&mut secret);
                let text = format!("{:032x}", u128::from_be_bytes(secret));
                self.write_new(&format!("keys/{name}"), 0o600, text.as_bytes())?;
                Ok(text)
            }
            Err(error) => Err(cannot("read", &path)(error)),
        }
    }

    /// The key that signs the heads of ledgers, 32 bytes, made when it is first asked for.
    pub fn checkpoint_key(&self) -> Result<[u8; 32], DataError> {
        let path = self.keys().join(CHECKPOINT_KEY);
        match fs::read(&path) {
            Ok(bytes) => bytes.try_into().map_err(|_| DataError::Key { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut seed = [0; 32];
                server::RandomIds.fill(&mut seed);
                self.write_new(&format!("keys/{CHECKPOINT_KEY}"), 0o600, &seed)?;
                Ok(seed)
            }
            Err(error) => Err(cannot("read", &path)(error)),
        }
    }

    /// Keeps the login to the private cluster, for the commands that read ledgers.
    pub fn keep_login(&self, admin: &PgConnectOptions) -> Result<(), DataError> {
        self.write(LOGIN, 0o600, admin.to_url_lossy().as_str().as_bytes())
    }

    /// The login that was kept.
    pub fn login(&self) -> Result<Option<Hidden>, DataError> {
        Ok(self.read(LOGIN)?.map(Hidden::new))
    }

    /// A small file that is there wholly or not at all.
    pub fn write(&self, name: &str, mode: u32, content: &[u8]) -> Result<(), DataError> {
        let (path, beside) = (self.path.join(name), self.path.join(format!("{name}.new")));
        let _ = fs::remove_file(&beside);
        write(&beside, mode, content).map_err(cannot("write", &beside))?;
        fs::rename(&beside, &path).map_err(cannot("write", &path))
    }

    /// What a file of [`DataDir::write`] holds; none where it was not written.
    pub fn read(&self, name: &str) -> Result<Option<String>, DataError> {
        let path = self.path.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(cannot("read", &path)(error)),
        }
    }

    fn write_new(&self, name: &str, mode: u32, content: &[u8]) -> Result<(), DataError> {
        let path = self.path.join(name);
        write(&path, mode, content).map_err(cannot("create", &path))
    }
}

const MARK: &str = "duban.json";
const CHECKPOINT_KEY: &str = "checkpoint.key";
const LOGIN: &str = "keys/login.url";
const PLACES: &str = "places.json";

fn usual() -> Result<PathBuf, DataError> {
    let system = PathBuf::from("/var/lib/duban");
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home =
        || std::env::home_dir().filter(|home| home.is_absolute()).map(|home| home.join(".local/share"));
    // Postgres does not run as root, and the user it runs as may not look into root's home.
    match data.or_else(home).map(|data| data.join("duban")) {
        Some(path) if postgres::embedded::check_dir(&path).is_ok() => Ok(path),
        _ if rustix::process::geteuid().is_root() => Ok(system),
        Some(path) => Ok(path),
        None => Err(DataError::NoHome),
    }
}

fn is_empty(path: &Path) -> Result<bool, DataError> {
    Ok(fs::read_dir(path).map_err(cannot("read", path))?.next().is_none())
}

fn make_dir(path: &Path, mode: u32) -> Result<(), DataError> {
    DirBuilder::new().recursive(true).create(path).map_err(cannot("create", path))?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(cannot("change the mode of", path))
}

fn write(path: &Path, mode: u32, content: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

fn cannot(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> DataError {
    let path = path.to_owned();
    move |source| DataError::Io { doing, path, source }
}
