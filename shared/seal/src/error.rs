use std::{io, path::PathBuf};

use serde_json::error::Category;

/// Why something could not be sealed or opened. Carries no plaintext and no key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SealError {
    /// Wrong key, wrong organ, case or field, or altered bytes: the cipher cannot tell which.
    #[error("the ciphertext does not open: wrong key, wrong place, or altered")]
    NotAuthentic,
    /// The cipher refused the message (longer than it allows).
    #[error("the message is too long to be sealed")]
    TooLong,
    /// The bytes end before the format says they may.
    #[error("the ciphertext is cut off")]
    CutOff,
    /// The first byte names a format that this build does not know.
    #[error("unknown ciphertext format {0}")]
    UnknownFormat(u8),
    /// The key was wrapped by a master key that is not on the keyring.
    #[error("master key {id} is not on the keyring")]
    UnknownMasterKey {
        /// The id that the wrapped key names.
        id: String,
    },
    /// A master key's id must be 1 to 255 bytes.
    #[error("a master key's id must have 1 to 255 bytes, this one has {0}")]
    BadMasterKeyId(usize),
    /// A key must be [`SecretKey::LENGTH`](crate::SecretKey::LENGTH) bytes.
    #[error("a key must have {expected} bytes, this one has {found}")]
    KeyLength {
        /// Bytes a key must have.
        expected: usize,
        /// Bytes found.
        found: usize,
    },
    /// A value could not be encoded. No `source`: serde's message may quote the value.
    #[error("the value cannot be encoded ({0:?})")]
    Encode(Category),
    /// A value opened but could not be decoded. No `source`: serde's message quotes the value.
    #[error("the opened value cannot be decoded ({category:?} at line {line}, column {column})")]
    Decode {
        /// Kind of mistake.
        category: Category,
        /// Line in the plaintext, from 1.
        line: usize,
        /// Column in the plaintext, from 1.
        column: usize,
    },
    /// A master key kept elsewhere (a KMS) failed.
    #[error("the master key is not available")]
    MasterKey(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl SealError {
    pub(crate) fn encode(error: &serde_json::Error) -> Self {
        Self::Encode(error.classify())
    }

    pub(crate) fn decode(error: &serde_json::Error) -> Self {
        Self::Decode { category: error.classify(), line: error.line(), column: error.column() }
    }
}

/// Why a key file cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// Reading or writing failed.
    #[error("key file {}: cannot {action} it", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// The system's reason.
        #[source]
        source: io::Error,
    },
    /// Others than the owner may read or write the file.
    #[error("key file {} is open to others (mode {mode:04o}): run `chmod 600 {}`", path.display(), path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The path is a directory, a device or the like.
    #[error("key file {} is not a regular file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The file does not hold exactly one key.
    #[error("key file {} must hold exactly {expected} bytes, it holds {found}: restore it from its backup", path.display())]
    Length {
        /// The file.
        path: PathBuf,
        /// Bytes a key has.
        expected: usize,
        /// Bytes found.
        found: u64,
    },
}
