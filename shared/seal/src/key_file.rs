use std::{
    fmt,
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::{Aad, Algorithm, CaseKey, KeyFileError, MasterKey, SealError, SecretKey, algorithm};

/// A master key in a file: 32 bytes, readable by its owner only.
///
/// Also a root for the other keyed things of an instance, by [`Self::derive`].
#[derive(Clone)]
pub struct KeyFile {
    id: String,
    key: SecretKey,
    algorithm: Algorithm,
}

impl KeyFile {
    /// Reads the key in `path`; it wraps data keys with `algorithm`.
    pub fn open(path: &Path, algorithm: Algorithm) -> Result<Self, KeyFileError> {
        let file = File::open(path).map_err(|source| failed(path, "open", source))?;
        Ok(Self::with_key(read(path, file)?, algorithm))
    }

    /// Reads the key in `path`, or makes one from `rng` where there is no file. All that start at once get one key.
    pub fn open_or_create(
        path: &Path,
        algorithm: Algorithm,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, KeyFileError> {
        match File::open(path) {
            Ok(file) => Ok(Self::with_key(read(path, file)?, algorithm)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                create(path, &SecretKey::generate(rng))?;
                Self::open(path, algorithm)
            }
            Err(source) => Err(failed(path, "open", source)),
        }
    }

    /// A key of its own for `purpose`, e.g. `blind-index`, `tracking-code`, `fingerprint`.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> SecretKey {
        self.key.derive(purpose)
    }

    fn with_key(key: SecretKey, algorithm: Algorithm) -> Self {
        Self { id: id_of(&key), key, algorithm }
    }
}

impl MasterKey for KeyFile {
    fn id(&self) -> &str {
        &self.id
    }

    fn wrap(&self, key: &CaseKey, aad: &Aad<'_>, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SealError> {
        algorithm::seal(self.algorithm, &self.key, aad, key.expose(), rng)
    }

    fn unwrap(&self, wrapped: &[u8], aad: &Aad<'_>) -> Result<CaseKey, SealError> {
        CaseKey::from_bytes(&Zeroizing::new(algorithm::open(&self.key, aad, wrapped)?))
    }
}

impl fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyFile").field("id", &self.id).finish_non_exhaustive()
    }
}

/// An id that follows from the key: a file replaced by another is noticed instead of failing to decrypt.
fn id_of(key: &SecretKey) -> String {
    key.mac("key id", &[]).iter().take(8).fold(String::new(), |id, byte| format!("{id}{byte:02x}"))
}

fn read(path: &Path, mut file: File) -> Result<SecretKey, KeyFileError> {
    let meta = file.metadata().map_err(|source| failed(path, "inspect", source))?;
    if !meta.is_file() {
        return Err(KeyFileError::NotAFile { path: path.to_owned() });
    }
    refuse_open_to_others(path, &meta)?;
    let length =
        || KeyFileError::Length { path: path.to_owned(), expected: SecretKey::LENGTH, found: meta.len() };
    if meta.len() != SecretKey::LENGTH as u64 {
        return Err(length());
    }
    let mut bytes = Zeroizing::new([0; SecretKey::LENGTH]);
    file.read_exact(bytes.as_mut_slice()).map_err(|source| failed(path, "read", source))?;
    SecretKey::from_bytes(bytes.as_slice()).map_err(|_| length())
}

/// Written beside and linked into place, so that no half-written key is ever seen, and the first of several wins.
fn create(path: &Path, key: &SecretKey) -> Result<(), KeyFileError> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.new", id_of(key)));
    let beside = Path::new(&name);
    let linked = write(beside, key).and_then(|()| match std::fs::hard_link(beside, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    });
    let removed = std::fs::remove_file(beside);
    linked.and(removed).and_then(|()| sync_directory(path)).map_err(|source| failed(path, "create", source))
}

/// A key that is used must not vanish with a power cut, so its directory entry is made durable too.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}

fn write(path: &Path, key: &SecretKey) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(key.expose())?;
    file.sync_all()
}

#[cfg(unix)]
fn refuse_open_to_others(path: &Path, meta: &std::fs::Metadata) -> Result<(), KeyFileError> {
    let mode = std::os::unix::fs::PermissionsExt::mode(&meta.permissions()) & 0o7777;
    let open_to = mode & 0o077;
    if open_to == 0 { Ok(()) } else { Err(KeyFileError::OpenToOthers { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path, _: &std::fs::Metadata) -> Result<(), KeyFileError> {
    Ok(()) // elsewhere access lists decide, which the standard library cannot read
}

fn failed(path: &Path, action: &'static str, source: io::Error) -> KeyFileError {
    KeyFileError::Io { path: path.to_owned(), action, source }
}
