use std::{fmt, sync::Arc};

use rand::CryptoRng;

use crate::{Aad, CaseKey, CaseRef, SealError};

const FORMAT: u8 = 1;
const PURPOSE: &str = "case-key";

/// A key that wraps data keys: a file ([`KeyFile`](crate::KeyFile)) or a key management service.
///
/// The calls are synchronous. One that has to go over a network is called where blocking is allowed, before any
/// database lock is taken.
pub trait MasterKey: Send + Sync {
    /// Names the key, 1 to 255 bytes, no secret; kept with what it wrapped, so that keys can be changed.
    fn id(&self) -> &str;

    /// `key` encrypted and bound to `aad`.
    fn wrap(&self, key: &CaseKey, aad: &Aad<'_>, rng: &mut dyn CryptoRng) -> Result<Vec<u8>, SealError>;

    /// What [`Self::wrap`] encrypted for the same `aad`.
    fn unwrap(&self, wrapped: &[u8], aad: &Aad<'_>) -> Result<CaseKey, SealError>;
}

/// A case's data key, encrypted by a master key: `format (1 byte) | id length (1) | master key id | wrapped`.
///
/// Kept in a store of its own; deleting it forgets the case's identity and prose.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey(Vec<u8>);

/// The master key in use, and retired ones that still open what they wrapped.
#[derive(Clone)]
pub struct Keyring {
    current: Arc<dyn MasterKey>,
    retired: Vec<Arc<dyn MasterKey>>,
}

impl Keyring {
    /// A keyring that wraps with `current`.
    pub fn new(current: Arc<dyn MasterKey>) -> Self {
        Self { current, retired: Vec::new() }
    }

    /// Adds a key that opens what it once wrapped, and wraps nothing new.
    #[must_use]
    pub fn with_retired(mut self, key: Arc<dyn MasterKey>) -> Self {
        self.retired.push(key);
        self
    }

    pub(crate) fn wrap(
        &self,
        key: &CaseKey,
        case: CaseRef<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, SealError> {
        let id = self.current.id();
        let length = u8::try_from(id.len())
            .ok()
            .filter(|&length| length > 0)
            .ok_or(SealError::BadMasterKeyId(id.len()))?;
        let mut bytes = vec![FORMAT, length];
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend(self.current.wrap(key, &case.aad(PURPOSE), rng)?);
        Ok(WrappedKey(bytes))
    }

    pub(crate) fn unwrap(&self, wrapped: &WrappedKey, case: CaseRef<'_>) -> Result<CaseKey, SealError> {
        let (id, body) = wrapped.parts()?;
        std::iter::once(&self.current)
            .chain(&self.retired)
            .find(|key| key.id().as_bytes() == id)
            .ok_or_else(|| SealError::UnknownMasterKey { id: String::from_utf8_lossy(id).into_owned() })?
            .unwrap(body, &case.aad(PURPOSE))
    }
}

impl WrappedKey {
    /// As stored; whether it opens is found out when it is used.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// To be stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The id of the master key that wrapped it: finds what is left to rewrap after a change of key.
    pub fn master_key_id(&self) -> Result<&[u8], SealError> {
        self.parts().map(|(id, _)| id)
    }

    fn parts(&self) -> Result<(&[u8], &[u8]), SealError> {
        match self.0.as_slice() {
            [FORMAT, length, rest @ ..] => {
                rest.split_at_checked(usize::from(*length)).ok_or(SealError::CutOff)
            }
            [FORMAT] | [] => Err(SealError::CutOff),
            [other, ..] => Err(SealError::UnknownFormat(*other)),
        }
    }
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WrappedKey({} bytes)", self.0.len())
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let retired: Vec<_> = self.retired.iter().map(|key| key.id()).collect();
        f.debug_struct("Keyring").field("current", &self.current.id()).field("retired", &retired).finish()
    }
}
