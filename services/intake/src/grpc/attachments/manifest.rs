//! What is sealed of a file beside its bytes: name, size, hash and key.

use content::{ContentError, Draft};
use duban_proto::common::v1::ContentRef;
use files::Blob;
use prost::Message as _;
use seal::CaseKey;
use server::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Opened;
use crate::grpc::Grpc;
use crate::grpc::seal::Item;

/// What is sealed of a file; its commitment in the ledger commits to all of it.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Manifest {
    /// Its name as given; of a copy, a number.
    #[prost(string, tag = "1")]
    pub(super) file_name: String,
    /// Bytes.
    #[prost(uint64, tag = "2")]
    pub(super) size: u64,
    /// SHA-256, 32 bytes.
    #[prost(bytes = "vec", tag = "3")]
    pub(super) sha256: Vec<u8>,
    /// The key of its parts, 32 bytes: under the case's key, and gone with it.
    #[prost(bytes = "vec", tag = "4")]
    pub(super) key: Vec<u8>,
}

/// Where a manifest belongs: of what was uploaded, version 1; of the copy, version 2.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) organ: &'a str,
    pub(super) case_id: Uuid,
    pub(super) attachment_id: Uuid,
    pub(super) version: u32,
}

impl Grpc {
    pub(super) async fn sealed_manifest(
        &self,
        place: Place<'_>,
        manifest: &Manifest,
    ) -> Result<Draft, Error> {
        let Place { organ, case_id, attachment_id, version } = place;
        let key = self.key(organ, case_id).await?;
        let item = Item { organ, case_id, id: attachment_id, version, kind: "attachment" };
        self.draft(&key, &item, &Zeroizing::new(manifest.encode_to_vec()))
    }

    /// What is sealed of a file, and how its parts are opened. A case whose key was erased is not found.
    pub(super) async fn manifest(
        &self,
        (organ, case_id, attachment_id): (&str, Uuid, Uuid),
        reference: Option<&ContentRef>,
        blob_id: Uuid,
    ) -> Result<(Manifest, Opened), Error> {
        let reference = reference.ok_or_else(|| Error::internal("an attachment without its manifest"))?;
        let read = self.vault.read(organ, case_id, attachment_id, reference.version).await;
        let plain = match read {
            Err(ContentError::Missing { .. }) => return Err(Error::case_not_found(case_id)),
            other => other?,
        };
        let manifest = Manifest::decode(plain.as_slice()).map_err(Error::internal)?;
        let key = CaseKey::from_bytes(&manifest.key).map_err(Error::internal)?;
        let blob = Blob { organ: organ.to_owned(), case_id, attachment_id, blob_id, size: manifest.size };
        Ok((manifest, Opened { blob, key }))
    }
}
