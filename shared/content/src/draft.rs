use bytes::Bytes;
use duban_proto::common::v1::ContentRef;
use uuid::Uuid;

/// A sealed text that is ready to be saved with the entry that commits to it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The case it belongs to.
    pub case_id: Uuid,
    /// The item, the same over all its versions.
    pub item_id: Uuid,
    /// The version, from 1.
    pub version: u32,
    /// What it is: "original", "working_copy", "record", "report", "reason" …
    pub kind: &'static str,
    /// The ciphertext.
    pub sealed: Bytes,
    /// What the entry holds instead of the text.
    pub commitment: [u8; 32],
}

/// The wrapped data key of a case that is new here.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// The case.
    pub case_id: Uuid,
    /// Its data key, wrapped.
    pub wrapped: Bytes,
}

/// Where one version of a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The organ whose case it belongs to.
    pub organ: String,
    /// The case.
    pub case_id: Uuid,
    /// The item.
    pub item_id: Uuid,
    /// Its version.
    pub version: u32,
}

impl Draft {
    /// The reference that goes into the entry.
    pub fn reference(&self) -> ContentRef {
        ContentRef {
            item_id: self.item_id.to_string(),
            version: self.version,
            commitment: Bytes::copy_from_slice(&self.commitment),
        }
    }
}
