//! Tokens for development: signed by a secret in the data directory, accepted on loopback only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, encode};

use crate::crypto;
use crate::keys::Key;
use crate::principal::Principal;
use crate::token::{Claims, DEV_ISSUER};

/// The `kid` of development tokens.
pub(crate) const DEV_KID: &str = "duban-dev";

/// A secret that development tokens are signed with (HS256). Does not print.
#[derive(Clone)]
pub struct DevKey(Vec<u8>);

/// Why the development key can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DevKeyError {
    /// The file can't be read or written.
    #[error("cannot read or write the development key {path}", path = path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others can read it.
    #[error("{path} can be read by others (mode {mode:o}): run `chmod 600 {path}`", path = path.display())]
    TooOpen {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It is not 32 bytes long.
    #[error("{path} is not a development key (32 bytes): remove it, a new one is made", path = path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The listener can be reached from elsewhere.
    #[error(
        "development tokens are accepted on a loopback address only: listen on 127.0.0.1, or configure the issuer's keys"
    )]
    NotLoopback,
    /// The claims can't be signed.
    #[error("cannot sign the token")]
    Sign(#[source] jsonwebtoken::errors::Error),
}

impl std::fmt::Debug for DevKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DevKey(…)")
    }
}

impl DevKey {
    /// The name of the file in the data directory.
    pub const FILE: &'static str = "dev-token.key";

    /// A key of these 32 bytes.
    pub fn from_secret(secret: [u8; 32]) -> Self {
        crypto::install();
        Self(secret.to_vec())
    }

    /// Reads `dev-token.key` in `directory`, or makes it (mode 0600) of the random bytes given by `fresh`.
    pub fn open(directory: &Path, fresh: impl FnOnce() -> [u8; 32]) -> Result<Self, DevKeyError> {
        let path = directory.join(Self::FILE);
        let io = |source| DevKeyError::Io { path: path.clone(), source };
        match create_private(&path) {
            Ok(mut file) => {
                let secret = fresh();
                file.write_all(&secret).and_then(|()| file.sync_all()).map_err(io)?;
                Ok(Self::from_secret(secret))
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::read(&path),
            Err(error) => Err(io(error)),
        }
    }

    fn read(path: &Path) -> Result<Self, DevKeyError> {
        refuse_if_open_to_others(path)?;
        let bytes = fs::read(path).map_err(|source| DevKeyError::Io { path: path.to_owned(), source })?;
        let secret = bytes.try_into().map_err(|_| DevKeyError::Malformed { path: path.to_owned() })?;
        Ok(Self::from_secret(secret))
    }

    /// A token for this principal, valid from `now` for `ttl`.
    pub fn mint(&self, principal: &Principal, now: Timestamp, ttl: Duration) -> Result<String, DevKeyError> {
        let seconds = i64::try_from(ttl.as_secs()).unwrap_or(i64::MAX);
        let from = now.as_second();
        let claims = Claims::of(principal, from, from.saturating_add(seconds));
        let header = Header { kid: Some(DEV_KID.to_owned()), ..Header::new(Algorithm::HS256) };
        debug_assert_eq!(claims.iss.as_deref(), Some(DEV_ISSUER));
        encode(&header, &claims, &EncodingKey::from_secret(&self.0)).map_err(DevKeyError::Sign)
    }

    pub(crate) fn verifying(&self) -> Key {
        Key {
            id: Some(DEV_KID.to_owned()),
            algorithms: vec![Algorithm::HS256],
            decoding: DecodingKey::from_secret(&self.0),
        }
    }
}

fn create_private(path: &Path) -> io::Result<fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn refuse_if_open_to_others(path: &Path) -> Result<(), DevKeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let metadata = fs::metadata(path).map_err(|source| DevKeyError::Io { path: path.to_owned(), source })?;
    let mode = metadata.permissions().mode() & 0o777;
    let others = mode % 0o100;
    if others == 0 { Ok(()) } else { Err(DevKeyError::TooOpen { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_if_open_to_others(_path: &Path) -> Result<(), DevKeyError> {
    Ok(())
}
