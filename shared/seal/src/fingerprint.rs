use crate::SecretKey;

/// Tells whether a `request_id` comes again with the same body.
///
/// Keyed: a plain hash of a request that is all known but for a phone number could be guessed.
#[derive(Clone, Debug)]
pub struct Fingerprints(SecretKey);

impl Fingerprints {
    /// With a key of their own, see [`SecretKey::derive`].
    pub fn new(key: SecretKey) -> Self {
        Self(key)
    }

    /// The fingerprint of a request: `method` is the rpc's full name, `request` its bytes in a canonical encoding.
    pub fn of(&self, method: &str, request: &[u8]) -> [u8; 32] {
        self.0.mac("fingerprint", &[method.as_bytes(), request])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_key_method_and_body() {
        let prints = Fingerprints::new(SecretKey::from_bytes(&[1; 32]).unwrap());
        let others = Fingerprints::new(SecretKey::from_bytes(&[2; 32]).unwrap());
        assert_eq!(prints.of("a", b"body"), prints.of("a", b"body"));
        assert_ne!(prints.of("a", b"body"), prints.of("b", b"body"));
        assert_ne!(prints.of("a", b"body"), prints.of("a", b"other"));
        assert_ne!(prints.of("a", b"body"), others.of("a", b"body"));
    }
}
