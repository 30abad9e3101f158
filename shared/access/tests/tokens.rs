//! Tokens: whose are believed, when, and what a refusal says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use std::path::Path;
use std::time::Duration;

use access::{
    Authenticator, DevKey, DevKeyError, KeyError, Keys, Principal, Role, TokenError, TokenSettings,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

const FROM: i64 = 2_000_000_000;
const UNTIL: i64 = FROM + 3600;

fn data(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    std::fs::read_to_string(path).unwrap().trim().to_owned()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn settings() -> TokenSettings {
    TokenSettings { issuer: Some("https://id.example.gov.cn".into()), audience: "duban".into() }
}

fn authenticator(keys: &str) -> Authenticator {
    Authenticator::new(Keys::parse(keys).unwrap(), settings())
}

fn dev() -> (DevKey, Authenticator) {
    let key = DevKey::from_secret([7; 32]);
    let authenticator = Authenticator::new(Keys::none(), settings()).with_dev_key(&key, true).unwrap();
    (key, authenticator)
}

/// The token with its claims changed and its signature kept.
fn with_claims(token: &str, claims: &str) -> String {
    let parts: Vec<&str> = token.split('.').collect();
    format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(claims), parts[2])
}

#[test]
fn each_kind_of_key_verifies_its_token_from_pem_and_from_jwks() {
    let expected = Principal::new("li.na", "baoshan", [Role::Desk, Role::Leader]);
    for kind in ["rsa", "ec", "ed"] {
        let token = data(&format!("{kind}.token"));
        for keys in [data(&format!("{kind}.pem")), data("jwks.json")] {
            assert_eq!(authenticator(&keys).authenticate(&token, at(FROM)), Ok(expected.clone()), "{kind}");
        }
    }
}

#[test]
fn several_pem_blocks_in_one_file_are_all_keys() {
    let all = [data("rsa.pem"), data("ec.pem"), data("ed.pem")].join("\n");
    assert_eq!(Keys::parse(&all).unwrap().len(), 3);
    assert!(authenticator(&all).authenticate(&data("ec.token"), at(FROM)).is_ok());
}

#[test]
fn a_token_is_believed_from_its_beginning_to_its_end_and_a_minute_around() {
    let authenticator = authenticator(&data("ed.pem"));
    let token = data("ed.token");
    let verdict = |second| authenticator.authenticate(&token, at(second)).err();
    assert_eq!(verdict(FROM - 61), Some(TokenError::NotYetValid));
    assert_eq!(verdict(FROM - 60), None);
    assert_eq!(verdict(UNTIL + 59), None);
    assert_eq!(verdict(UNTIL + 60), Some(TokenError::Expired));
}

#[test]
fn a_token_for_somebody_else_or_by_somebody_else_is_refused() {
    let keys = || Keys::parse(&data("ed.pem")).unwrap();
    let token = data("ed.token");
    let elsewhere = TokenSettings { audience: "elsewhere".into(), ..settings() };
    let others = TokenSettings { issuer: Some("https://other.example".into()), ..settings() };
    let verdict = |settings| Authenticator::new(keys(), settings).authenticate(&token, at(FROM)).unwrap_err();
    assert_eq!(verdict(elsewhere), TokenError::WrongAudience);
    assert_eq!(verdict(others), TokenError::WrongIssuer);
}

#[test]
fn changed_claims_or_another_key_are_a_bad_signature() {
    let forged = with_claims(
        &data("ed.token"),
        r#"{"sub":"root","organ":"baoshan","roles":["head"],"aud":"duban","exp":2000003600}"#,
    );
    assert_eq!(authenticator(&data("ed.pem")).authenticate(&forged, at(FROM)), Err(TokenError::BadSignature));
}

#[test]
fn a_key_is_used_with_its_own_algorithms_only() {
    // The classic: a token signed by HMAC with the public key's text as the secret.
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let none = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
    let payload = data("rsa.token").split('.').nth(1).unwrap().to_owned();
    let authenticator = authenticator(&data("rsa.pem"));
    let confused = format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([0; 32]));
    assert_eq!(authenticator.authenticate(&confused, at(FROM)), Err(TokenError::UnknownKey));
    assert_eq!(
        authenticator.authenticate(&format!("{none}.{payload}."), at(FROM)),
        Err(TokenError::Malformed)
    );
}

#[test]
fn what_is_no_token_is_malformed_and_is_not_repeated() {
    let authenticator = authenticator(&data("ed.pem"));
    for text in ["", "secret", "a.b.c", "..", &"x".repeat(100_000)] {
        let error = authenticator.authenticate(text, at(FROM)).unwrap_err();
        assert_eq!(error, TokenError::Malformed);
        assert_eq!(error.to_string(), "malformed");
    }
}

#[test]
fn development_tokens_carry_a_principal_there_and_back() {
    let (key, authenticator) = dev();
    let principal = Principal::new("12345", "baoshan", [Role::Agency]).of_agency("hotline-12345");
    let token = key.mint(&principal, at(FROM), Duration::from_mins(1)).unwrap();
    assert_eq!(authenticator.authenticate(&token, at(FROM)), Ok(principal));
    assert_eq!(authenticator.authenticate(&token, at(FROM + 120)), Err(TokenError::Expired));
}

#[test]
fn development_tokens_of_another_key_are_refused_and_without_a_key_unknown() {
    let (_, authenticator) = dev();
    let principal = Principal::new("a", "b", [Role::Desk]);
    let token = DevKey::from_secret([8; 32]).mint(&principal, at(FROM), Duration::from_mins(1)).unwrap();
    assert_eq!(authenticator.authenticate(&token, at(FROM)), Err(TokenError::BadSignature));
    let without = Authenticator::new(Keys::none(), settings());
    assert_eq!(without.authenticate(&token, at(FROM)), Err(TokenError::UnknownKey));
}

#[test]
fn the_development_key_is_for_loopback_only() {
    let refused =
        Authenticator::new(Keys::none(), settings()).with_dev_key(&DevKey::from_secret([7; 32]), false);
    assert!(matches!(refused, Err(DevKeyError::NotLoopback)));
}

#[test]
fn the_development_key_is_made_once_private_and_read_again() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let first = DevKey::open(directory.path(), || [1; 32]).unwrap();
    let second = DevKey::open(directory.path(), || [2; 32]).unwrap();
    let principal = Principal::new("a", "b", [Role::Desk]);
    let mint = |key: &DevKey| key.mint(&principal, at(FROM), Duration::from_mins(1)).unwrap();
    assert_eq!(mint(&first), mint(&second));
    let file = directory.path().join(DevKey::FILE);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = DevKey::open(directory.path(), || [3; 32]).unwrap_err();
    assert!(refused.to_string().contains("chmod 600"), "{refused}");
}

#[test]
fn files_that_hold_no_usable_key_say_what_is_expected() {
    let message = |text: &str| Keys::parse(text).unwrap_err().to_string();
    assert!(matches!(Keys::parse(""), Err(KeyError::Empty)));
    assert!(message("{\"keys\": [").contains("line 1"));
    assert!(
        message("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").contains("public one only")
    );
    assert!(message("-----BEGIN PUBLIC KEY-----\nAAAA").contains("no end"));
    assert!(
        message(r#"{"keys":[{"kty":"oct","kid":"short","k":"AAAA"}]}"#)
            .contains("key short: a shared secret")
    );
    assert!(message(r#"{"keys":[{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}]}"#).contains("P-256"));
    assert!(Keys::load(Path::new("/nowhere/keys")).unwrap_err().to_string().contains("/nowhere/keys"));
}

#[test]
fn neither_keys_nor_authenticator_print_what_they_hold() {
    let secret = URL_SAFE_NO_PAD.encode([0x5a; 32]);
    let keys = Keys::parse(&format!(r#"{{"keys":[{{"kty":"oct","kid":"k","k":"{secret}"}}]}}"#)).unwrap();
    let (key, authenticator) = dev();
    let printed = format!("{keys:?} {key:?} {authenticator:?}");
    assert!(
        !printed.contains(&secret) && !printed.contains("90, 90") && !printed.contains("7, 7"),
        "{printed}"
    );
}
