use crate::SecretKey;

/// The random key of one commitment: kept with the content, under the case's key, and gone with it.
pub type ItemKey = SecretKey;

const LABEL: &str = "commitment";

/// What a ledger entry holds instead of prose or a file: HMAC-SHA-256 of the content under its item's key.
///
/// Without the key it says nothing about the content, not even whether two are equal; with both it proves that the
/// content is the one meant.
pub fn commit(content: &[u8], item_key: &ItemKey) -> [u8; 32] {
    item_key.mac(LABEL, &[content])
}

/// Whether `content` is what was committed to, in constant time.
pub fn verify_commitment(commitment: &[u8; 32], content: &[u8], item_key: &ItemKey) -> bool {
    item_key.verify(LABEL, &[content], commitment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_for_its_content_and_key_only() {
        let key = ItemKey::from_bytes(&[1; 32]).unwrap();
        let other = ItemKey::from_bytes(&[2; 32]).unwrap();
        let commitment = commit("窗口无人".as_bytes(), &key);
        assert!(verify_commitment(&commitment, "窗口无人".as_bytes(), &key));
        assert!(!verify_commitment(&commitment, "窗口有人".as_bytes(), &key));
        assert!(!verify_commitment(&commitment, "窗口无人".as_bytes(), &other));
    }
}
