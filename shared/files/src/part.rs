//! A part of a file: what is sealed, where it belongs, and what its object is called.

use object_store::path::Path;
use seal::{CaseKey, CaseRef, Sealer};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{FilesError, Running};

/// Bytes of a file in one part; the last may have fewer.
pub const PART_BYTES: usize = 1024 * 1024;

/// One run of bytes in the storage: an upload, or the copy that is passed on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// The organ that registered the case.
    pub organ: String,
    /// The case.
    pub case_id: Uuid,
    /// The attachment.
    pub attachment_id: Uuid,
    /// The run of bytes; the attachment's own id for what was uploaded.
    pub blob_id: Uuid,
    /// Bytes in all.
    pub size: u64,
}

/// Parts of a file of this size, at least 1.
pub fn count_of(size: u64) -> u32 {
    let parts = size.div_ceil(PART_BYTES as u64).max(1);
    u32::try_from(parts).unwrap_or(u32::MAX)
}

impl Blob {
    /// Parts in all.
    pub fn count(&self) -> u32 {
        count_of(self.size)
    }

    /// Where all its parts are.
    pub(crate) fn prefix(&self) -> Path {
        let [case, attachment, blob] =
            [self.case_id, self.attachment_id, self.blob_id].map(|id| id.to_string());
        Path::from_iter([self.organ.as_str(), &case, &attachment, &blob])
    }

    /// Where a part is.
    pub(crate) fn path(&self, index: u32) -> Path {
        self.prefix().join(format!("{index:08}"))
    }

    /// What a part is bound to: moved, cut off or repeated, it does not open.
    fn purpose(&self, index: u32) -> String {
        format!("attachment/{}/{}/{index}/{}", self.attachment_id, self.blob_id, self.count())
    }

    /// `sealed(length of the hash's state (2 bytes) | state of the hash after this part | data)`.
    pub(crate) fn seal(
        &self,
        sealer: &Sealer,
        key: &CaseKey,
        index: u32,
        data: &[u8],
        after: &Running,
    ) -> Result<Vec<u8>, FilesError> {
        let state = after.save();
        let length = u16::try_from(state.len()).map_err(|_| FilesError::Damaged(index))?;
        let plain = Zeroizing::new([&length.to_be_bytes(), state.as_slice(), data].concat());
        let purpose = self.purpose(index);
        let aad = CaseRef::new(&self.organ, self.case_id.as_bytes()).aad(&purpose);
        Ok(sealer.seal(key, &aad, &plain, &mut rand::rng())?)
    }

    /// The data of a part, and the hash of all up to its end.
    pub(crate) fn open(
        &self,
        sealer: &Sealer,
        key: &CaseKey,
        index: u32,
        sealed: &[u8],
    ) -> Result<(Zeroizing<Vec<u8>>, Running), FilesError> {
        let purpose = self.purpose(index);
        let aad = CaseRef::new(&self.organ, self.case_id.as_bytes()).aad(&purpose);
        let plain = sealer.open(key, &aad, sealed)?;
        let damaged = || FilesError::Damaged(index);
        let (length, rest) = plain.split_first_chunk::<2>().ok_or_else(damaged)?;
        let (state, data) =
            rest.split_at_checked(usize::from(u16::from_be_bytes(*length))).ok_or_else(damaged)?;
        let running = Running::load(state).ok_or_else(damaged)?;
        if data.len() as u64 != self.length_of(index) {
            return Err(damaged());
        }
        Ok((Zeroizing::new(data.to_vec()), running))
    }

    /// Bytes in this part.
    pub fn length_of(&self, index: u32) -> u64 {
        let begin = u64::from(index) * PART_BYTES as u64;
        self.size.saturating_sub(begin).min(PART_BYTES as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_as_many_parts_as_it_needs() {
        let part = PART_BYTES as u64;
        assert_eq!([0, 1, part, part + 1, 100 * part].map(count_of), [1, 1, 1, 2, 100]);
        let blob = Blob {
            organ: "baoshan".into(),
            case_id: Uuid::nil(),
            attachment_id: Uuid::nil(),
            blob_id: Uuid::nil(),
            size: part + 5,
        };
        assert_eq!((blob.length_of(0), blob.length_of(1), blob.length_of(2)), (part, 5, 0));
    }
}
