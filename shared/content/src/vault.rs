use std::{fmt, sync::Arc};

use bytes::Bytes;
use rand::CryptoRng;
use seal::{CaseKey, CaseRef, ItemKey, Sealer, WrappedKey};
use sqlx::PgPool;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{ContentError, Draft, Erasure, NewKey, Place, erasure};

/// Seals texts into [`Draft`]s and opens what was saved.
#[derive(Clone)]
pub struct Vault {
    sealer: Arc<Sealer>,
    pool: PgPool,
}

impl Vault {
    /// A vault over the tables of the pool's schema.
    pub fn new(sealer: Arc<Sealer>, pool: PgPool) -> Self {
        Self { sealer, pool }
    }

    /// The sealer, for what is not prose: the identity.
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// A new data key for a case that opens here, and the row to save.
    pub fn new_case(
        &self,
        organ: &str,
        case_id: Uuid,
        rng: &mut dyn CryptoRng,
    ) -> Result<(CaseKey, NewKey), ContentError> {
        let (key, wrapped) = self.sealer.new_case(CaseRef::new(organ, case_id.as_bytes()), rng)?;
        Ok((key, NewKey { case_id, wrapped: Bytes::copy_from_slice(wrapped.as_bytes()) }))
    }

    /// The data key of a case that is open here.
    pub async fn case_key(&self, organ: &str, case_id: Uuid) -> Result<CaseKey, ContentError> {
        let wrapped: Option<Vec<u8>> =
            sqlx::query_scalar("select wrapped from case_key where organ = $1 and case_id = $2")
                .bind(organ)
                .bind(case_id)
                .fetch_optional(&self.pool)
                .await?;
        let Some(wrapped) = wrapped else {
            let none = ContentError::NoKey { organ: organ.to_owned(), case_id };
            return Err(self.erased_or(organ, case_id, none).await);
        };
        Ok(self.sealer.case_key(&WrappedKey::from_bytes(wrapped), CaseRef::new(organ, case_id.as_bytes()))?)
    }

    /// What was erased of a case; nothing where it was not.
    pub async fn erasure(&self, organ: &str, case_id: Uuid) -> Result<Option<Erasure>, ContentError> {
        Ok(erasure::of_case(&self.pool, organ, case_id).await?.into_iter().next())
    }

    /// That it was erased, where it was; otherwise `other`.
    async fn erased_or(&self, organ: &str, case_id: Uuid, other: ContentError) -> ContentError {
        match self.erasure(organ, case_id).await {
            Ok(Some(erasure)) => ContentError::Erased(erasure),
            Ok(None) => other,
            Err(error) => error,
        }
    }

    /// Seals one version of a text. `kind` says what it is; `item_id` is the same over all versions.
    #[expect(
        clippy::too_many_arguments,
        reason = "each says where the text belongs; a struct would only rename them"
    )]
    pub fn draft(
        &self,
        key: &CaseKey,
        organ: &str,
        case_id: Uuid,
        item_id: Uuid,
        version: u32,
        kind: &'static str,
        text: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Draft, ContentError> {
        let item_key = ItemKey::generate(rng);
        let commitment = seal::commit(text, &item_key);
        let plain = Zeroizing::new([item_key.expose().as_slice(), text].concat());
        let purpose = purpose(item_id, version);
        let aad = CaseRef::new(organ, case_id.as_bytes()).aad(&purpose);
        let sealed = self.sealer.seal(key, &aad, &plain, rng)?.into();
        Ok(Draft { case_id, item_id, version, kind, sealed, commitment })
    }

    /// The bytes of one version of a text, wiped when dropped.
    pub async fn read(
        &self,
        organ: &str,
        case_id: Uuid,
        item_id: Uuid,
        version: u32,
    ) -> Result<Zeroizing<Vec<u8>>, ContentError> {
        let row: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(include_str!("read_content.sql"))
            .bind(organ)
            .bind(case_id)
            .bind(item_id)
            .bind(version.cast_signed())
            .fetch_optional(&self.pool)
            .await?;
        let Some((wrapped, sealed)) = row else {
            let missing = ContentError::Missing { case_id, item_id, version };
            return Err(self.erased_or(organ, case_id, missing).await);
        };
        let case = CaseRef::new(organ, case_id.as_bytes());
        let key = self.sealer.case_key(&WrappedKey::from_bytes(wrapped), case)?;
        let plain = self.sealer.open(&key, &case.aad(&purpose(item_id, version)), &sealed)?;
        let text = plain.get(ItemKey::LENGTH..).ok_or(ContentError::Damaged { item_id })?;
        Ok(Zeroizing::new(text.to_vec()))
    }

    /// Many texts as text, in this order, in one reading; absent where the text or its key is not there (any more).
    pub async fn read_texts(&self, places: &[Place]) -> Result<Vec<Option<Zeroizing<String>>>, ContentError> {
        let rows: Vec<(i64, Vec<u8>, Vec<u8>)> = sqlx::query_as(include_str!("read_contents.sql"))
            .bind(places.iter().map(|place| place.organ.as_str()).collect::<Vec<_>>())
            .bind(places.iter().map(|place| place.case_id).collect::<Vec<_>>())
            .bind(places.iter().map(|place| place.item_id).collect::<Vec<_>>())
            .bind(places.iter().map(|place| place.version.cast_signed()).collect::<Vec<_>>())
            .fetch_all(&self.pool)
            .await?;
        let mut rows = rows.into_iter().peekable();
        let mut texts = Vec::with_capacity(places.len());
        for (number, place) in (1..).zip(places) {
            let row = rows.next_if(|(row, ..)| *row == number);
            texts.push(row.map(|(_, wrapped, sealed)| self.open_text(place, wrapped, &sealed)).transpose()?);
        }
        Ok(texts)
    }

    fn open_text(
        &self,
        place: &Place,
        wrapped: Vec<u8>,
        sealed: &[u8],
    ) -> Result<Zeroizing<String>, ContentError> {
        let Place { organ, case_id, item_id, version } = place;
        let case = CaseRef::new(organ, case_id.as_bytes());
        let key = self.sealer.case_key(&WrappedKey::from_bytes(wrapped), case)?;
        let plain = self.sealer.open(&key, &case.aad(&purpose(*item_id, *version)), sealed)?;
        let text = plain.get(ItemKey::LENGTH..).and_then(|text| std::str::from_utf8(text).ok());
        let text = text.ok_or(ContentError::Damaged { item_id: *item_id })?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    /// One version of a text as text.
    pub async fn read_text(
        &self,
        organ: &str,
        case_id: Uuid,
        item_id: Uuid,
        version: u32,
    ) -> Result<Zeroizing<String>, ContentError> {
        let bytes = self.read(organ, case_id, item_id, version).await?;
        let text = std::str::from_utf8(&bytes).map_err(|_| ContentError::Damaged { item_id })?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault(…)")
    }
}

/// The place a ciphertext is bound to: no version can be passed off as another.
fn purpose(item_id: Uuid, version: u32) -> String {
    format!("content/{item_id}/{version}")
}
