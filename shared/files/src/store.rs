//! The parts in the storage.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt as _, TryStreamExt as _};
use jiff::Timestamp;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt as _, PutMode, PutOptions, PutPayload};
use seal::{CaseKey, Sealer};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{Blob, FilesError, Running, SettingsError, Storage};

/// The files of an instance.
#[derive(Clone)]
pub struct Files {
    store: Option<Arc<dyn ObjectStore>>,
}

/// An object of the storage, by what its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The organ.
    pub organ: String,
    /// The case.
    pub case_id: Uuid,
    /// The attachment.
    pub attachment_id: Uuid,
    /// The run of bytes.
    pub blob_id: Uuid,
    /// The object was written.
    pub written_at: Timestamp,
    path: Path,
}

impl Files {
    /// The files in this storage.
    pub fn open(storage: &Storage) -> Result<Self, SettingsError> {
        Ok(Self { store: Some(storage.open()?) })
    }

    /// No storage: every file is refused.
    pub fn none() -> Self {
        Self { store: None }
    }

    /// Whether there is a storage.
    pub fn is_configured(&self) -> bool {
        self.store.is_some()
    }

    fn store(&self) -> Result<&Arc<dyn ObjectStore>, FilesError> {
        self.store.as_ref().ok_or(FilesError::NotConfigured)
    }

    /// How many parts are there, from the first one without a gap.
    pub async fn parts(&self, blob: &Blob) -> Result<u32, FilesError> {
        let prefix = blob.prefix();
        let objects = self.store()?.list(Some(&prefix));
        let number = |path: &Path| path.filename().and_then(|name| name.parse::<u32>().ok());
        let there: BTreeSet<u32> = objects
            .try_filter_map(|object| async move { Ok(number(&object.location)) })
            .try_collect()
            .await?;
        let gapless = there.iter().zip(0..).take_while(|(part, index)| **part == *index).count();
        Ok(u32::try_from(gapless).unwrap_or(u32::MAX))
    }

    /// Puts a part, durably; `after` is the hash of all up to its end. A part that is there is never overwritten.
    pub async fn put(
        &self,
        blob: &Blob,
        (sealer, key): (&Sealer, &CaseKey),
        index: u32,
        data: &[u8],
        after: &Running,
    ) -> Result<(), FilesError> {
        let sealed = blob.seal(sealer, key, index, data, after)?;
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store()?.put_opts(&blob.path(index), PutPayload::from(sealed), options).await {
            Ok(_) => Ok(()),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                Err(FilesError::PartExists(index))
            }
            Err(other) => Err(other.into()),
        }
    }

    /// The data of a part, and the hash of all up to its end.
    pub async fn read(
        &self,
        blob: &Blob,
        (sealer, key): (&Sealer, &CaseKey),
        index: u32,
    ) -> Result<(Zeroizing<Vec<u8>>, Running), FilesError> {
        let object = match self.store()?.get(&blob.path(index)).await {
            Err(Error::NotFound { .. }) => return Err(FilesError::PartMissing(index)),
            other => other?,
        };
        let sealed: Bytes = object.bytes().await?;
        blob.open(sealer, key, index, &sealed)
    }

    /// Deletes all parts of an attachment, of all its runs of bytes. What is gone already is no error.
    pub async fn delete_attachment(
        &self,
        organ: &str,
        case_id: Uuid,
        attachment_id: Uuid,
    ) -> Result<(), FilesError> {
        let [case, attachment] = [case_id, attachment_id].map(|id| id.to_string());
        let prefix = Path::from_iter([organ, &case, &attachment]);
        let objects: Vec<Path> =
            self.store()?.list(Some(&prefix)).map_ok(|object| object.location).try_collect().await?;
        for path in objects {
            self.delete_path(&path).await?;
        }
        Ok(())
    }

    /// Whether there is any part of an attachment.
    pub async fn has(&self, organ: &str, case_id: Uuid, attachment_id: Uuid) -> Result<bool, FilesError> {
        let [case, attachment] = [case_id, attachment_id].map(|id| id.to_string());
        let prefix = Path::from_iter([organ, &case, &attachment]);
        Ok(self.store()?.list(Some(&prefix)).try_next().await?.is_some())
    }

    /// Everything that is in the storage, in no order.
    pub fn all(&self) -> Result<BoxStream<'static, Result<Found, FilesError>>, FilesError> {
        let found = |object: object_store::ObjectMeta| {
            let parts: Vec<_> = object.location.parts().map(|part| part.as_ref().to_owned()).collect();
            let [organ, case, attachment, blob, _] = parts.as_slice() else { return None };
            let written = object.last_modified.timestamp_millis();
            Some(Found {
                organ: organ.clone(),
                case_id: Uuid::try_parse(case).ok()?,
                attachment_id: Uuid::try_parse(attachment).ok()?,
                blob_id: Uuid::try_parse(blob).ok()?,
                written_at: Timestamp::from_millisecond(written).unwrap_or_default(),
                path: object.location.clone(),
            })
        };
        let objects = self.store()?.list(None);
        Ok(objects
            .map_err(FilesError::from)
            .try_filter_map(move |object| async move { Ok(found(object)) })
            .boxed())
    }

    /// Deletes an object.
    pub async fn delete(&self, found: &Found) -> Result<(), FilesError> {
        self.delete_path(&found.path).await
    }

    async fn delete_path(&self, path: &Path) -> Result<(), FilesError> {
        match self.store()?.delete(path).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}

impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Files").field("is_configured", &self.is_configured()).finish()
    }
}
