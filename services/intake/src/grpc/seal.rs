//! Sealing what a complaint holds, before any lock is taken.

use bytes::Bytes;
use content::{Draft, NewKey};
use duban_proto::intake::v1::{Complainant, Complaint};
use prost::Message;
use seal::{CaseKey, CaseRef, Identifier, Identity};
use server::Error;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Grpc;
use crate::domain::{Case, SealedIdentity};

/// The place a sealed identity is bound to.
const IDENTITY: &str = "identity";

/// A text to seal: which item of which case, which version, and what it is.
pub(super) struct Item<'a> {
    pub(super) organ: &'a str,
    pub(super) case_id: Uuid,
    pub(super) id: Uuid,
    pub(super) version: u32,
    pub(super) kind: &'static str,
}

impl Grpc {
    /// A data key for a case that begins.
    pub(super) fn new_key(&self, organ: &str, case_id: Uuid) -> Result<(CaseKey, NewKey), Error> {
        Ok(self.vault.new_case(organ, case_id, &mut rand::rng())?)
    }

    /// The data key of a case.
    pub(super) async fn key(&self, organ: &str, case_id: Uuid) -> Result<CaseKey, Error> {
        match self.vault.case_key(organ, case_id).await {
            Err(content::ContentError::NoKey { .. }) => Err(Error::case_not_found(case_id)),
            other => Ok(other?),
        }
    }

    /// Seals a text.
    pub(super) fn draft(&self, key: &CaseKey, item: &Item<'_>, text: &[u8]) -> Result<Draft, Error> {
        let Item { organ, case_id, id, version, kind } = *item;
        Ok(self.vault.draft(key, organ, case_id, id, version, kind, text, &mut rand::rng())?)
    }

    /// Seals a complaint, without who complains: that is sealed apart.
    pub(super) fn original(
        &self,
        key: &CaseKey,
        item: &Item<'_>,
        complaint: &Complaint,
    ) -> Result<Draft, Error> {
        let without = Complaint { complainant: None, ..complaint.clone() };
        self.draft(key, item, &Zeroizing::new(without.encode_to_vec()))
    }

    /// The next version of the sealed original of a case.
    pub(super) fn next_original(
        &self,
        key: &CaseKey,
        organ: &str,
        case: &Case,
        complaint: &Complaint,
    ) -> Result<Draft, Error> {
        let item_id =
            case.received.original.as_ref().and_then(|original| Uuid::try_parse(&original.item_id).ok());
        let item = Item {
            organ,
            case_id: case.case_id,
            id: item_id.ok_or_else(|| Error::internal("a case without its original"))?,
            version: case.original_version() + 1,
            kind: "original",
        };
        self.original(key, &item, complaint)
    }

    /// Seals who complains, with the blind indexes by which the same person is found again.
    pub(super) fn sealed_identity(
        &self,
        key: &CaseKey,
        organ: &str,
        case_id: Uuid,
        complainant: &Complainant,
    ) -> Result<SealedIdentity, Error> {
        let case = CaseRef::new(organ, case_id.as_bytes());
        let plain = Zeroizing::new(complainant.encode_to_vec());
        let sealed = self.vault.sealer().seal(key, &case.aad(IDENTITY), &plain, &mut rand::rng());
        let indexes = self.blind_indexes(complainant);
        Ok(SealedIdentity { case_id, sealed: Bytes::from(sealed.map_err(Error::internal)?), indexes })
    }

    /// By what the same person is found again, with the numbers of the kinds in `blind_index`.
    pub(super) fn blind_indexes(&self, complainant: &Complainant) -> Vec<(i16, [u8; 32])> {
        let indexes = self.blind_index.of(&identity(complainant));
        indexes.into_iter().map(|(kind, hash)| (column(kind), hash)).collect()
    }

    /// Opens who complains.
    pub(super) fn opened(
        &self,
        key: &CaseKey,
        organ: &str,
        case_id: Uuid,
        sealed: &[u8],
    ) -> Result<Complainant, Error> {
        let case = CaseRef::new(organ, case_id.as_bytes());
        let plain = self.vault.sealer().open(key, &case.aad(IDENTITY), sealed).map_err(Error::internal)?;
        Complainant::decode(plain.as_slice()).map_err(Error::internal)
    }
}

/// What is looked for in a narrative and indexed.
pub(super) fn identity(complainant: &Complainant) -> Identity {
    Identity {
        name: complainant.name.clone(),
        work_unit: complainant.work_unit.clone(),
        address: complainant.address.clone(),
        phones: complainant.phones.clone(),
        id_number: complainant.id_number.clone(),
        email: complainant.email.clone(),
        wechat: String::new(),
    }
}

/// The number of a kind of identifier in `blind_index`; never changed once given.
fn column(kind: Identifier) -> i16 {
    match kind {
        Identifier::Name => 1,
        Identifier::Phone => 2,
        Identifier::IdNumber => 3,
        Identifier::Email => 4,
        _ => 0,
    }
}
