//! Keys and ciphertexts: they open where they belong, and nowhere else.
#![allow(clippy::unwrap_used, clippy::similar_names, reason = "helpers of tests are tests")]

use std::sync::Arc;

use proptest::prelude::*;
use rand::{SeedableRng, rngs::StdRng};
use seal::{
    Algorithm, CaseRef, Identity, KeyFile, Keyring, SealError, Sealed, Sealer, SecretKey, WrappedKey,
};

const BOTH: [Algorithm; 2] = [Algorithm::Aes256GcmSiv, Algorithm::Sm4Gcm];
const CASE: [u8; 16] = [1; 16];

fn rng() -> StdRng {
    StdRng::seed_from_u64(42)
}

fn key_file(dir: &tempfile::TempDir, name: &str, algorithm: Algorithm, rng: &mut StdRng) -> KeyFile {
    KeyFile::open_or_create(&dir.path().join(name), algorithm, rng).unwrap()
}

fn sealer(algorithm: Algorithm, rng: &mut StdRng) -> Sealer {
    let dir = tempfile::tempdir().unwrap();
    Sealer::new(Keyring::new(Arc::new(key_file(&dir, "master", algorithm, rng))), algorithm)
}

fn case() -> CaseRef<'static> {
    CaseRef::new("310113", &CASE)
}

fn identity() -> Identity {
    let mut identity = Identity::default();
    identity.name = "欧阳建国".into();
    identity.phones = vec!["13812345678".into()];
    identity
}

#[test]
fn an_identity_comes_back_from_its_case() {
    for algorithm in BOTH {
        let mut rng = rng();
        let sealer = sealer(algorithm, &mut rng);
        let (key, wrapped) = sealer.new_case(case(), &mut rng).unwrap();
        let aad = case().aad("identity");
        let sealed = Sealed::seal(&identity(), &sealer, &key, &aad, &mut rng).unwrap();

        let stored = (WrappedKey::from_bytes(wrapped.as_bytes().to_vec()), sealed.as_bytes().to_vec());
        let key = sealer.case_key(&stored.0, case()).unwrap();
        assert!(Sealed::<Identity>::from_bytes(stored.1).open(&sealer, &key, &aad).unwrap() == identity());
    }
}

#[test]
fn a_ciphertext_does_not_open_in_another_place() {
    for algorithm in BOTH {
        let mut rng = rng();
        let sealer = sealer(algorithm, &mut rng);
        let (key, wrapped) = sealer.new_case(case(), &mut rng).unwrap();
        let sealed = sealer.seal(&key, &case().aad("identity"), b"text", &mut rng).unwrap();
        let elsewhere = [
            CaseRef::new("310114", &CASE).aad("identity"),
            CaseRef::new("310113", &[2; 16]).aad("identity"),
            case().aad("content/1"),
        ];
        for aad in elsewhere {
            assert!(matches!(sealer.open(&key, &aad, &sealed), Err(SealError::NotAuthentic)));
        }
        let other_case = CaseRef::new("310113", &[2; 16]);
        assert!(matches!(sealer.case_key(&wrapped, other_case), Err(SealError::NotAuthentic)));
        let (other_key, _) = sealer.new_case(case(), &mut rng).unwrap();
        let opened = sealer.open(&other_key, &case().aad("identity"), &sealed);
        assert!(matches!(opened, Err(SealError::NotAuthentic)));
    }
}

#[test]
fn equal_texts_have_different_ciphertexts() {
    let mut rng = rng();
    let sealer = sealer(Algorithm::default(), &mut rng);
    let (key, _) = sealer.new_case(case(), &mut rng).unwrap();
    let mut seal = || sealer.seal(&key, &case().aad("content/1"), b"same", &mut rng).unwrap();
    let (first, second) = (seal(), seal());
    assert_ne!(first, second);
    assert_eq!((first[0], first.len()), (1, 4 + 29));
}

#[test]
fn what_one_algorithm_sealed_opens_after_a_change_to_the_other() {
    let mut rng = rng();
    let dir = tempfile::tempdir().unwrap();
    let with = |algorithm, rng: &mut StdRng| {
        Sealer::new(Keyring::new(Arc::new(key_file(&dir, "master", algorithm, rng))), algorithm)
    };
    let (old, new) = (with(Algorithm::Aes256GcmSiv, &mut rng), with(Algorithm::Sm4Gcm, &mut rng));
    let (key, wrapped) = old.new_case(case(), &mut rng).unwrap();
    let sealed = old.seal(&key, &case().aad("content/1"), b"text", &mut rng).unwrap();
    let key = new.case_key(&wrapped, case()).unwrap();
    assert_eq!(*new.open(&key, &case().aad("content/1"), &sealed).unwrap(), b"text");
    assert_eq!(new.seal(&key, &case().aad("content/2"), b"text", &mut rng).unwrap()[0], 2);
}

#[test]
fn a_new_master_key_takes_over_from_a_retired_one() {
    let mut rng = rng();
    let dir = tempfile::tempdir().unwrap();
    let old = Arc::new(key_file(&dir, "old", Algorithm::default(), &mut rng));
    let new = Arc::new(key_file(&dir, "new", Algorithm::default(), &mut rng));
    let before = Sealer::new(Keyring::new(old.clone()), Algorithm::default());
    let both = Sealer::new(Keyring::new(new.clone()).with_retired(old), Algorithm::default());
    let after = Sealer::new(Keyring::new(new), Algorithm::default());

    let (key, wrapped) = before.new_case(case(), &mut rng).unwrap();
    assert!(matches!(after.case_key(&wrapped, case()), Err(SealError::UnknownMasterKey { .. })));
    let moved = CaseRef::new("310113001", &CASE);
    let rewrapped = both.rewrap(&wrapped, case(), moved, &mut rng).unwrap();
    assert_eq!(after.case_key(&rewrapped, moved).unwrap().expose(), key.expose());
    assert_ne!(rewrapped.master_key_id().unwrap(), wrapped.master_key_id().unwrap());
}

#[test]
fn what_is_cut_off_or_unknown_is_named() {
    let mut rng = rng();
    let sealer = sealer(Algorithm::default(), &mut rng);
    let (key, _) = sealer.new_case(case(), &mut rng).unwrap();
    let aad = case().aad("identity");
    assert!(matches!(sealer.open(&key, &aad, &[]), Err(SealError::CutOff)));
    assert!(matches!(sealer.open(&key, &aad, &[1; 12]), Err(SealError::CutOff)));
    assert!(matches!(sealer.open(&key, &aad, &[1; 20]), Err(SealError::NotAuthentic)));
    assert!(matches!(sealer.open(&key, &aad, &[9; 64]), Err(SealError::UnknownFormat(9))));
    for (bytes, cut_off) in [(vec![], true), (vec![1], true), (vec![1, 9, 0], true), (vec![7, 0], false)] {
        let error = sealer.case_key(&WrappedKey::from_bytes(bytes), case()).unwrap_err();
        assert_eq!(matches!(error, SealError::CutOff), cut_off, "{error}");
    }
}

#[test]
fn a_decoding_error_does_not_quote_the_plaintext() {
    let mut rng = rng();
    let sealer = sealer(Algorithm::default(), &mut rng);
    let (key, _) = sealer.new_case(case(), &mut rng).unwrap();
    let aad = case().aad("identity");
    let name = Sealed::seal(&"欧阳建国", &sealer, &key, &aad, &mut rng).unwrap();
    let error =
        Sealed::<Identity>::from_bytes(name.as_bytes().to_vec()).open(&sealer, &key, &aad).unwrap_err();
    assert!(matches!(error, SealError::Decode { .. }));
    assert!(!format!("{error} {error:?}").contains("欧阳"));
}

#[test]
fn nothing_prints_what_it_protects() {
    let mut rng = rng();
    let dir = tempfile::tempdir().unwrap();
    let file = key_file(&dir, "master", Algorithm::default(), &mut rng);
    let raw = std::fs::read(dir.path().join("master")).unwrap();
    let sealer = Sealer::new(Keyring::new(Arc::new(file.clone())), Algorithm::default());
    let (key, wrapped) = sealer.new_case(case(), &mut rng).unwrap();
    let sealed = Sealed::seal(&identity(), &sealer, &key, &case().aad("identity"), &mut rng).unwrap();
    let secret = SecretKey::from_bytes(&raw).unwrap();
    let codes = seal::TrackingCodes::new(secret.clone());
    let code = codes.of(case());
    let printed = format!(
        "{sealed} {sealed:?} {key:?} {wrapped:?} {secret:?} {file:?} {sealer:?} {codes:?} {code:?} {:?} {:?} {:?}",
        identity(),
        seal::BlindIndex::new(secret.clone()),
        seal::Fingerprints::new(secret.clone()),
    );
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let list = |bytes: &[u8]| format!("{bytes:?}").trim_matches(['[', ']']).to_owned();
    for bytes in [raw.as_slice(), key.expose(), &wrapped.as_bytes()[20..], sealed.as_bytes()] {
        assert!(!printed.contains(&hex(&bytes[..8])) && !printed.contains(&list(&bytes[..8])), "{printed}");
    }
    for plain in ["欧阳", "建国", "1381234", &code.expose()] {
        assert!(!printed.contains(plain), "{printed}");
    }
    assert!(printed.starts_with("Sealed(…) Sealed(…) CaseKey(…)"), "{printed}");
}

proptest! {
    #[test]
    fn any_change_to_any_byte_is_noticed(
        text in proptest::collection::vec(any::<u8>(), 0..64),
        at in any::<prop::sample::Index>(),
        flip in 1u8..,
        sm4 in any::<bool>(),
    ) {
        let mut rng = rng();
        let sealer = sealer(BOTH[usize::from(sm4)], &mut rng);
        let (key, _) = sealer.new_case(case(), &mut rng).unwrap();
        let aad = case().aad("content/1");
        let mut sealed = sealer.seal(&key, &aad, &text, &mut rng).unwrap();
        prop_assert_eq!(&*sealer.open(&key, &aad, &sealed).unwrap(), &text);
        prop_assert!(sealer.open(&key, &aad, &sealed[..at.index(sealed.len())]).is_err());
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(sealer.open(&key, &aad, &sealed).is_err());
    }
}
