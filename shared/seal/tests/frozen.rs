//! What is stored must open for as long as cases are kept: formats, keys derived and spellings never change.
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests")]

use std::{fs, os::unix::fs::PermissionsExt, sync::Arc};

use seal::{
    Algorithm, BlindIndex, CaseRef, Fingerprints, Identifier, KeyFile, Keyring, Sealer, SecretKey,
    TrackingCodes, WrappedKey, commit,
};

const CASE: [u8; 16] = *b"0123456789abcdef";

/// The wrapped key of [`CASE`], and a text of its, as each algorithm sealed them once.
const STORED: [(&str, &str); 2] = [
    (
        "011033626666666634353566313766356537013a475f40192686bfeb5718863ea3a381064203699e7d02a9c23360d8e8ad8aac88a4b6775aca5161a619a825c1be6c0322644960923b722cd3d4b9ff",
        "0112bc925d2019915736c7eb2e26d46db4a38a6f5756347adf7e5198036e23e4b22552c04bf1115427",
    ),
    (
        "011033626666666634353566313766356537027865646a2c11c2c7701e8a72832ab05a16b018e36202853462e7ba4b80d783007fe6853a35009003967166a45dbb44bba9d2de9409d4983cc73be4ec",
        "02929bd6b98d971357556379de1688ebee371af51b520452b24b836b0a97150babdb5c819d087ba566",
    ),
];

fn case() -> CaseRef<'static> {
    CaseRef::new("310113", &CASE)
}

fn key(byte: u8) -> SecretKey {
    SecretKey::from_bytes(&[byte; 32]).unwrap()
}

#[test]
fn what_was_sealed_opens() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("master");
    fs::write(&path, [7; 32]).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let master = KeyFile::open(&path, Algorithm::default()).unwrap();
    let sealer = Sealer::new(Keyring::new(Arc::new(master)), Algorithm::default());
    for (wrapped, sealed) in STORED {
        let key = sealer.case_key(&WrappedKey::from_bytes(unhex(wrapped)), case()).unwrap();
        let opened = sealer.open(&key, &case().aad("content/1"), &unhex(sealed)).unwrap();
        assert_eq!(String::from_utf8_lossy(&opened), "窗口无人");
    }
}

#[test]
fn what_was_derived_is_derived_again() {
    assert_eq!(
        hex(&commit("窗口无人".as_bytes(), &key(1))),
        "3336a418034718c4f82d1462566a7f915be25e9ebf025acf2ddfabc17e3621ae"
    );
    assert_eq!(
        hex(&Fingerprints::new(key(1)).of("submit", b"body")),
        "d4d36afdb76423455e4bc4e056fcbcc6ee0ce595b7c62107526c8c28946b8808"
    );
    assert_eq!(
        hex(&BlindIndex::new(key(1)).index(Identifier::Phone, "138-1234-5678").unwrap()),
        "07a907dd059b459f3d40c3dc17408c64a8b0d521fd60a3b948a703dbc9a5bbfc"
    );
    assert_eq!(TrackingCodes::new(key(1)).of(case()).expose(), "P5DJ-CW1D-5PSV");
    assert_eq!(
        hex(key(1).derive("blind-index").expose()),
        "4b0637f0f6149237859f9a90ba3e2f4b1378b9f4ac0f4ad8c85687a1cab546b6"
    );
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2).unwrap(), 16).unwrap())
        .collect()
}
