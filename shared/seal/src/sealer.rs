use std::fmt;

use rand::CryptoRng;
use zeroize::Zeroizing;

use crate::{Aad, Algorithm, CaseRef, Keyring, SealError, SecretKey, WrappedKey, algorithm};

/// The data key of one case: wiped on drop, never printed.
#[derive(Clone)]
pub struct CaseKey(SecretKey);

/// Seals and opens under case keys.
///
/// No I/O happens here but what the keyring's [`MasterKey`](crate::MasterKey) does in [`Self::new_case`],
/// [`Self::case_key`] and [`Self::rewrap`].
#[derive(Debug)]
pub struct Sealer {
    keyring: Keyring,
    algorithm: Algorithm,
}

impl Sealer {
    /// `algorithm` seals what is new; everything sealed before opens whatever it was sealed with.
    pub fn new(keyring: Keyring, algorithm: Algorithm) -> Self {
        Self { keyring, algorithm }
    }

    /// A new data key for a case, and the same wrapped, to be stored (and deleted to forget the person).
    pub fn new_case(
        &self,
        case: CaseRef<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<(CaseKey, WrappedKey), SealError> {
        let key = CaseKey::generate(rng);
        let wrapped = self.keyring.wrap(&key, case, rng)?;
        Ok((key, wrapped))
    }

    /// The data key that was wrapped for `case`.
    pub fn case_key(&self, wrapped: &WrappedKey, case: CaseRef<'_>) -> Result<CaseKey, SealError> {
        self.keyring.unwrap(wrapped, case)
    }

    /// The same data key, wrapped anew by the current master key: after a change of master key (`from == to`), or when
    /// a case's rows move to another organ's keyring.
    pub fn rewrap(
        &self,
        wrapped: &WrappedKey,
        from: CaseRef<'_>,
        to: CaseRef<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, SealError> {
        self.keyring.wrap(&self.keyring.unwrap(wrapped, from)?, to, rng)
    }

    /// `plaintext` as ciphertext for the place `aad`: 29 bytes longer, different each time.
    pub fn seal(
        &self,
        key: &CaseKey,
        aad: &Aad<'_>,
        plaintext: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<Vec<u8>, SealError> {
        algorithm::seal(self.algorithm, &key.0, aad, plaintext, rng)
    }

    /// What was sealed for the place `aad`; wiped when dropped.
    pub fn open(&self, key: &CaseKey, aad: &Aad<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        algorithm::open(&key.0, aad, sealed).map(Zeroizing::new)
    }
}

impl CaseKey {
    /// A new random data key.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        Self(SecretKey::generate(rng))
    }

    /// The key in `bytes`: for implementations of [`MasterKey`](crate::MasterKey).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        SecretKey::from_bytes(bytes).map(Self)
    }

    /// The bytes: for implementations of [`MasterKey`](crate::MasterKey).
    pub fn expose(&self) -> &[u8; SecretKey::LENGTH] {
        self.0.expose()
    }
}

impl fmt::Debug for CaseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CaseKey(…)")
    }
}
