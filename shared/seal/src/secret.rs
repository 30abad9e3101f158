use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::SealError;

/// A 32-byte secret: wiped on drop, never printed.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretKey([u8; Self::LENGTH]);

impl SecretKey {
    /// Bytes of a key.
    pub const LENGTH: usize = 32;

    /// A new random key.
    pub fn generate(rng: &mut dyn CryptoRng) -> Self {
        let mut key = Self([0; Self::LENGTH]);
        rng.fill_bytes(&mut key.0);
        key
    }

    /// The key in `bytes`, which must be exactly [`Self::LENGTH`] long.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        let key = bytes
            .try_into()
            .map_err(|_| SealError::KeyLength { expected: Self::LENGTH, found: bytes.len() })?;
        Ok(Self(key))
    }

    /// A key of its own for `purpose` (HMAC-SHA-256 of the purpose): one file on disk can serve several uses.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(self.mac("derive", &[purpose.as_bytes()]))
    }

    /// The bytes, for storing the key under another one. Don't copy them about.
    pub fn expose(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// HMAC-SHA-256 over `label` and `parts`.
    pub(crate) fn mac(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.hasher(label, parts).finalize().into_bytes().into()
    }

    /// Whether `tag` is [`Self::mac`] of the same label and parts, in constant time.
    pub(crate) fn verify(&self, label: &str, parts: &[&[u8]], tag: &[u8; 32]) -> bool {
        self.hasher(label, parts).verify_slice(tag).is_ok()
    }

    /// Every part is preceded by its length, so that `["ab", "c"]` and `["a", "bc"]` differ.
    fn hasher(&self, label: &str, parts: &[&[u8]]) -> Hmac<Sha256> {
        let start = Hmac::<Sha256>::new(&self.block());
        std::iter::once(label.as_bytes()).chain(parts.iter().copied()).fold(start, |mac, part| {
            // usize is at most 64 bits on every platform Rust supports, so nothing is lost.
            mac.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
        })
    }

    /// The key as HMAC wants it: padded with zeros to one block, which is what HMAC itself does to shorter keys.
    fn block(&self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block.iter_mut().zip(&self.0).for_each(|(to, from)| *to = *from);
        block
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mac_is_hmac_sha_256_over_length_prefixed_parts() {
        let key = SecretKey([7; 32]);
        let mut plain = Hmac::<Sha256>::new_from_slice(&[7; 32]).unwrap();
        plain.update(b"\0\0\0\0\0\0\0\x05label\0\0\0\0\0\0\0\x02ab");
        let plain: [u8; 32] = plain.finalize().into_bytes().into();
        assert_eq!(key.mac("label", &[b"ab"]), plain);
    }

    #[test]
    fn parts_do_not_run_together() {
        let key = SecretKey([7; 32]);
        assert_ne!(key.mac("l", &[b"ab", b"c"]), key.mac("l", &[b"a", b"bc"]));
        assert_ne!(key.mac("la", &[b"b"]), key.mac("l", &[b"ab"]));
    }

    #[test]
    fn derived_keys_differ_by_purpose_and_from_their_root() {
        let key = SecretKey([7; 32]);
        assert_eq!(key.derive("a").expose(), key.derive("a").expose());
        assert_ne!(key.derive("a").expose(), key.derive("b").expose());
        assert_ne!(key.derive("a").expose(), key.expose());
    }

    #[test]
    fn a_key_of_another_length_is_refused() {
        assert!(matches!(
            SecretKey::from_bytes(&[0; 31]),
            Err(SealError::KeyLength { expected: 32, found: 31 })
        ));
    }
}
