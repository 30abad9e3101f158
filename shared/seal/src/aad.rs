/// The case that something belongs to: organ and case id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseRef<'a> {
    organ: &'a str,
    case: &'a [u8],
}

/// Where a ciphertext belongs: organ, case and field. Authenticated with it, never stored in it.
///
/// Opened anywhere else, the ciphertext fails with [`SealError::NotAuthentic`](crate::SealError::NotAuthentic).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aad<'a> {
    case: CaseRef<'a>,
    purpose: &'a str,
}

impl<'a> CaseRef<'a> {
    /// `case` is the case's id as bytes (of a UUID: its 16 bytes, not its text).
    pub fn new(organ: &'a str, case: &'a [u8]) -> Self {
        Self { organ, case }
    }

    /// A field of this case, e.g. `identity`, `content/3`, `attachment/<id>`.
    pub fn aad(self, purpose: &'a str) -> Aad<'a> {
        Aad { case: self, purpose }
    }

    /// The organ's code.
    pub fn organ(self) -> &'a str {
        self.organ
    }

    /// The case's id.
    pub fn case(self) -> &'a [u8] {
        self.case
    }
}

impl Aad<'_> {
    /// The bytes that are authenticated: a domain, the format byte, then each part after its length.
    pub(crate) fn encode(&self, format: u8) -> Vec<u8> {
        let mut bytes = b"duban.seal".to_vec();
        bytes.push(format);
        for part in [self.case.organ.as_bytes(), self.case.case, self.purpose.as_bytes()] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_never_share_an_encoding() {
        let a = CaseRef::new("310113", b"c1").aad("identity").encode(1);
        assert_ne!(a, CaseRef::new("310113c", b"1").aad("identity").encode(1));
        assert_ne!(a, CaseRef::new("310113", b"c1").aad("content").encode(1));
        assert_ne!(a, CaseRef::new("310113", b"c1").aad("identity").encode(2));
    }
}
