use std::{fmt, marker::PhantomData};

use rand::CryptoRng;
use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{Aad, CaseKey, SealError, Sealer};

/// A `T`, encrypted. Prints as `Sealed(…)`, whatever it holds.
///
/// It has no serde on purpose: it goes into a table of its own as bytes ([`Self::as_bytes`]), and cannot slip into an
/// event, a log line or an answer that is derived.
pub struct Sealed<T> {
    bytes: Vec<u8>,
    // fn: a ciphertext owns no T, so it is Send and Sync whatever T is.
    holds: PhantomData<fn() -> T>,
}

impl<T> Sealed<T> {
    /// As stored; whether it opens is found out by [`Self::open`].
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self { bytes, holds: PhantomData }
    }

    /// To be stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Serialize> Sealed<T> {
    /// `value` (as JSON) sealed for the place `aad`.
    pub fn seal(
        value: &T,
        sealer: &Sealer,
        key: &CaseKey,
        aad: &Aad<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<Self, SealError> {
        let plain = serde_json::to_vec(value).map(Zeroizing::new).map_err(|e| SealError::encode(&e))?;
        sealer.seal(key, aad, &plain, rng).map(Self::from_bytes)
    }
}

impl<T: DeserializeOwned> Sealed<T> {
    /// The value that was sealed for the place `aad`.
    pub fn open(&self, sealer: &Sealer, key: &CaseKey, aad: &Aad<'_>) -> Result<T, SealError> {
        let plain = sealer.open(key, aad, &self.bytes)?;
        serde_json::from_slice(&plain).map_err(|e| SealError::decode(&e))
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self::from_bytes(self.bytes.clone())
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl<T> fmt::Display for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealed(…)")
    }
}
