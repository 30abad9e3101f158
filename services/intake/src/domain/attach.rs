//! What can be asked of the files of a case: well-formed, sealed, and in the storage already where it has to be.

use content::Draft;
use duban_proto::intake::v1::AttachmentKind;
use jiff::Timestamp;
use uuid::Uuid;

/// What is asked of a file of a case.
#[derive(Clone, Debug)]
pub enum Attach {
    /// Announce a file.
    Begin(Box<BeginUpload>),
    /// All of it is there, and is what it was announced as.
    Receive {
        /// The file.
        attachment_id: Uuid,
        /// Its type by its content; absent where it was received before: the rules say no, unless the request is a repeat.
        media_type: Option<String>,
    },
    /// Pass a copy on (15).
    PassOn {
        /// The file.
        attachment_id: Uuid,
        /// The copy; absent where there is no use in making one: the rules say no, unless the request is a repeat.
        copy: Option<Box<PassedCopy>>,
    },
    /// Put a reading of the original on record (15).
    Open {
        /// The file.
        attachment_id: Uuid,
        /// For what.
        purpose: String,
    },
    /// Remove a file, or stop its upload.
    Remove {
        /// The file.
        attachment_id: Uuid,
        /// Why.
        reason: Draft,
    },
    /// Give an upload up that did not go on.
    Abandon {
        /// The file.
        attachment_id: Uuid,
        /// Only if it was announced before this.
        begun_before: Timestamp,
    },
    /// The bytes of a removed file are gone.
    Erased {
        /// The file.
        attachment_id: Uuid,
    },
}

/// Announces a file.
#[derive(Clone, Debug)]
pub struct BeginUpload {
    /// The id it will have.
    pub attachment_id: Uuid,
    /// What it is for.
    pub kind: AttachmentKind,
    /// Bytes.
    pub size: u64,
    /// The file it shows blacked out.
    pub redacts: Option<Uuid>,
    /// Name, size, hash and key.
    pub manifest: Draft,
    /// Files a case may have.
    pub most: u32,
    /// Bytes a case may have.
    pub most_bytes: u64,
}

/// A copy that is in the storage.
#[derive(Clone, Debug)]
pub struct PassedCopy {
    /// Where.
    pub blob_id: Uuid,
    /// Bytes.
    pub size: u64,
    /// Name, size, hash and key.
    pub manifest: Draft,
}
