//! From a bearer token to a principal.

use jiff::Timestamp;
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::{Deserialize, Serialize};

use crate::dev::{DEV_KID, DevKey, DevKeyError};
use crate::keys::{Key, Keys};
use crate::principal::{Principal, Role};

/// The issuer of development tokens.
pub(crate) const DEV_ISSUER: &str = "duban-dev";
/// The audience, where the settings name no other.
pub(crate) const AUDIENCE: &str = "duban";
/// How far the issuer's clock and ours may differ, in seconds.
const LEEWAY_S: i64 = 60;
/// Longer tokens are not looked at.
const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// What tokens have to say beside a valid signature.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSettings {
    /// The `iss` claim; not checked where absent.
    pub issuer: Option<String>,
    /// A value the `aud` claim has to have.
    pub audience: String,
}

/// Verifies tokens: signature, issuer, audience, validity at the moment given. Keeps no state.
#[derive(Clone, Debug)]
pub struct Authenticator {
    keys: Keys,
    settings: TokenSettings,
    dev: Option<Dev>,
}

/// Why a token is refused. Never holds a part of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a JWT, or claims missing or of the wrong type.
    #[error("malformed")]
    Malformed,
    /// No key of ours goes with its `kid` and algorithm.
    #[error("unknown key")]
    UnknownKey,
    /// The signature is not by the key.
    #[error("bad signature")]
    BadSignature,
    /// Its time is over.
    #[error("expired")]
    Expired,
    /// Its time has not come.
    #[error("not valid yet")]
    NotYetValid,
    /// It was made for somebody else.
    #[error("wrong audience")]
    WrongAudience,
    /// It was made by somebody else.
    #[error("wrong issuer")]
    WrongIssuer,
}

/// The claims of a token; what else it has is not looked at.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    #[serde(default)]
    pub(crate) organ: String,
    #[serde(default)]
    pub(crate) roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) agency: Option<String>,
    pub(crate) iss: Option<String>,
    pub(crate) aud: Audience,
    pub(crate) exp: i64,
    #[serde(default)]
    pub(crate) nbf: Option<i64>,
}

/// One audience, or several.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    One(String),
    Many(Vec<String>),
}

/// The development key, ready to verify.
#[derive(Clone)]
struct Dev(Key);

impl std::fmt::Debug for Dev {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Dev(…)")
    }
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self { issuer: None, audience: AUDIENCE.to_owned() }
    }
}

impl Claims {
    /// What a development token says of this principal.
    pub(crate) fn of(principal: &Principal, nbf: i64, exp: i64) -> Self {
        Self {
            sub: principal.subject.clone(),
            organ: principal.organ.clone(),
            roles: principal.roles.iter().map(ToString::to_string).collect(),
            agency: principal.agency.clone(),
            iss: Some(DEV_ISSUER.to_owned()),
            aud: Audience::One(AUDIENCE.to_owned()),
            exp,
            nbf: Some(nbf),
        }
    }

    /// Roles of other systems in the same token are passed over: they open nothing here.
    fn into_principal(self) -> Principal {
        let roles = self.roles.iter().filter_map(|name| name.parse::<Role>().ok());
        let principal = Principal::new(self.sub, self.organ, roles);
        Principal { agency: self.agency.filter(|agency| !agency.is_empty()), ..principal }
    }
}

impl Audience {
    fn includes(&self, wanted: &str) -> bool {
        match self {
            Self::One(one) => one == wanted,
            Self::Many(many) => many.iter().any(|one| one == wanted),
        }
    }
}

impl Authenticator {
    /// Verifies tokens signed by one of `keys`.
    pub fn new(keys: Keys, settings: TokenSettings) -> Self {
        crate::crypto::install();
        Self { keys, settings, dev: None }
    }

    /// The same, which also accepts development tokens. Refused where the listener is not on `loopback`.
    pub fn with_dev_key(mut self, key: &DevKey, loopback: bool) -> Result<Self, DevKeyError> {
        if !loopback {
            return Err(DevKeyError::NotLoopback);
        }
        self.dev = Some(Dev(key.verifying()));
        Ok(self)
    }

    /// Whether development tokens are accepted: then the listener must be on loopback.
    pub fn accepts_dev_tokens(&self) -> bool {
        self.dev.is_some()
    }

    /// Who calls, by the token (without "Bearer "), at the moment `now` with a leeway of 60 s.
    pub fn authenticate(&self, token: &str, now: Timestamp) -> Result<Principal, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::Malformed);
        }
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        // An extension marked critical has to be understood, and none is.
        if header.crit.is_some() {
            return Err(TokenError::Malformed);
        }
        let kid = header.kid.as_deref();
        if let Some(Dev(key)) = self.dev.as_ref().filter(|_| kid == Some(DEV_KID)) {
            let claims = verified(token, header.alg, std::iter::once(key))?;
            return admitted(claims, Some(DEV_ISSUER), AUDIENCE, now);
        }
        let claims = verified(token, header.alg, self.keys.matching(kid, header.alg))?;
        admitted(claims, self.settings.issuer.as_deref(), &self.settings.audience, now)
    }
}

/// The claims, by the first key whose signature it is.
fn verified<'a>(
    token: &str,
    algorithm: Algorithm,
    keys: impl Iterator<Item = &'a Key>,
) -> Result<Claims, TokenError> {
    let mut validation = Validation::new(algorithm);
    // Time and audience are judged below, by the clock that is passed in: the library would ask the system's.
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let mut refusal = TokenError::UnknownKey;
    for key in keys.filter(|key| key.algorithms.contains(&algorithm)) {
        match decode::<Claims>(token, &key.decoding, &validation) {
            Ok(data) => return Ok(data.claims),
            Err(error) if matches!(error.kind(), ErrorKind::InvalidSignature) => {
                refusal = TokenError::BadSignature;
            }
            Err(_) => return Err(TokenError::Malformed),
        }
    }
    Err(refusal)
}

fn admitted(
    claims: Claims,
    issuer: Option<&str>,
    audience: &str,
    now: Timestamp,
) -> Result<Principal, TokenError> {
    let now = now.as_second();
    if claims.sub.is_empty() {
        return Err(TokenError::Malformed);
    }
    if issuer.is_some_and(|wanted| claims.iss.as_deref() != Some(wanted)) {
        return Err(TokenError::WrongIssuer);
    }
    if !claims.aud.includes(audience) {
        return Err(TokenError::WrongAudience);
    }
    if now >= claims.exp.saturating_add(LEEWAY_S) {
        return Err(TokenError::Expired);
    }
    if claims.nbf.is_some_and(|nbf| now < nbf.saturating_sub(LEEWAY_S)) {
        return Err(TokenError::NotYetValid);
    }
    Ok(claims.into_principal())
}
