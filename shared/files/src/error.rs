//! What can go wrong.

use std::path::PathBuf;

/// Why a file could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// No storage is configured.
    #[error("no storage for files is configured: set attachments.folder, or attachments.s3")]
    NotConfigured,
    /// Another stream has put this part already.
    #[error("part {0} is there already")]
    PartExists(u32),
    /// The part is not in the storage.
    #[error("part {0} is not in the storage")]
    PartMissing(u32),
    /// A part holds less than it has to.
    #[error("part {0} is damaged")]
    Damaged(u32),
    /// It does not seal or open: another key, another place, or changed.
    #[error("a part can't be sealed or opened")]
    Seal(#[from] seal::SealError),
    /// The storage failed.
    #[error("the storage for files failed")]
    Storage(#[source] object_store::Error),
}

/// Why the storage can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The folder can't be made or entered.
    #[error("cannot use the folder {} for files", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The settings do not name a usable storage.
    #[error("the storage for files can't be used as configured")]
    Storage(#[from] object_store::Error),
}

impl From<object_store::Error> for FilesError {
    fn from(error: object_store::Error) -> Self {
        Self::Storage(error)
    }
}
