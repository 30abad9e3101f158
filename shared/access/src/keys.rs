//! The keys that tokens are verified with.

use std::fmt;
use std::path::{Path, PathBuf};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind};

use crate::crypto;

/// The keys of the token issuer: public keys in PEM, or a JWKS file. Does not print key material.
#[derive(Clone, Default)]
pub struct Keys(Vec<Key>);

/// One key, and the only algorithms it may be used with: a token's header never chooses.
#[derive(Clone)]
pub(crate) struct Key {
    pub(crate) id: Option<String>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) decoding: DecodingKey,
}

/// Why a file of keys can't be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The file can't be read.
    #[error("cannot read the token keys in {path}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is JSON, but no key set.
    #[error("not a JSON Web Key Set (line {line}, column {column})", line = source.line(), column = source.column())]
    Jwks {
        /// Why.
        #[source]
        source: serde_json::Error,
    },
    /// A key of the set, or a PEM block, is of a kind that is not supported.
    #[error("key {which}: {why}")]
    Key {
        /// Its `kid`, or its place, from 1.
        which: String,
        /// What is wrong and what is expected.
        why: &'static str,
    },
    /// There is no key in it.
    #[error("no key found: expected public keys in PEM (RSA, P-256, P-384, Ed25519) or a JSON Web Key Set")]
    Empty,
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| (&key.id, &key.algorithms))).finish()
    }
}

impl Keys {
    /// Reads a file of keys, see [`Keys::parse`].
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| KeyError::Read { path: path.to_owned(), source })?;
        Self::parse(&text)
    }

    /// Reads keys: a JWKS (`{"keys": […]}`) or one or more PEM blocks `PUBLIC KEY` or `RSA PUBLIC KEY`.
    ///
    /// A shared secret (HMAC) is only taken from a JWKS (`kty` "oct"), never from a bare file, so that no other file
    /// can be mistaken for a secret.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        crypto::install();
        let keys =
            if text.trim_start().starts_with('{') { parse_jwks(text)? } else { parse_pem_blocks(text)? };
        if keys.is_empty() { Err(KeyError::Empty) } else { Ok(Self(keys)) }
    }

    /// No key: nobody gets in but by a development token.
    pub fn none() -> Self {
        Self::default()
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The keys a token with this header may be verified with: by `kid` where it has one, else by algorithm.
    pub(crate) fn matching<'a>(
        &'a self,
        kid: Option<&'a str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &'a Key> {
        self.0.iter().filter(move |key| {
            let named = kid.is_none_or(|kid| key.id.as_deref().is_none_or(|id| id == kid));
            named && key.algorithms.contains(&algorithm)
        })
    }
}

fn parse_jwks(text: &str) -> Result<Vec<Key>, KeyError> {
    let set: JwkSet = serde_json::from_str(text).map_err(|source| KeyError::Jwks { source })?;
    set.keys.iter().enumerate().map(|(index, jwk)| from_jwk(index, jwk)).collect()
}

fn from_jwk(index: usize, jwk: &Jwk) -> Result<Key, KeyError> {
    let id = jwk.common.key_id.clone();
    let which = id.clone().unwrap_or_else(|| (index + 1).to_string());
    let refuse = |why| KeyError::Key { which: which.clone(), why };
    let possible: &[Algorithm] = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => AlgorithmFamily::Rsa.algorithms(),
        AlgorithmParameters::EllipticCurve(key) => match key.curve {
            EllipticCurve::P256 => &[Algorithm::ES256],
            EllipticCurve::P384 => &[Algorithm::ES384],
            _ => return Err(refuse("only the curves P-256 and P-384 are supported")),
        },
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => &[Algorithm::EdDSA],
        AlgorithmParameters::OctetKey(_) => AlgorithmFamily::Hmac.algorithms(),
        _ => return Err(refuse("only RSA, EC, OKP (Ed25519) and oct keys are supported")),
    };
    let named = jwk.common.key_algorithm.map(|name| name.to_string());
    let algorithms = match named {
        None => possible.to_vec(),
        Some(name) => match name.parse::<Algorithm>() {
            Ok(algorithm) if possible.contains(&algorithm) => vec![algorithm],
            _ => return Err(refuse("its `alg` does not go with its `kty`")),
        },
    };
    let decoding = DecodingKey::from_jwk(jwk).map_err(|_| refuse("its numbers are not valid base64url"))?;
    if let (AlgorithmFamily::Hmac, DecodingKeyKind::SecretOrDer(secret)) =
        (decoding.family(), decoding.kind())
        && secret.len() < 32
    {
        return Err(refuse("a shared secret needs 32 bytes or more"));
    }
    Ok(Key { id, algorithms, decoding })
}

fn parse_pem_blocks(text: &str) -> Result<Vec<Key>, KeyError> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(begin) = rest.find("-----BEGIN ") {
        let from = rest.get(begin..).unwrap_or_default();
        let which = (keys.len() + 1).to_string();
        let cut = KeyError::Key { which: which.clone(), why: "the PEM block has no end" };
        let end = from.find("-----END ").ok_or(cut)?;
        let length =
            end + from.get(end..).and_then(|tail| tail.find('\n')).map_or(from.len() - end, |at| at + 1);
        let (block, tail) = from.split_at(length);
        keys.push(from_pem(which, block)?);
        rest = tail;
    }
    Ok(keys)
}

fn from_pem(which: String, block: &str) -> Result<Key, KeyError> {
    if block.contains("PRIVATE KEY") {
        let why = "a private key; the services need the public one only (openssl pkey -pubout)";
        return Err(KeyError::Key { which, why });
    }
    let pem = block.as_bytes();
    let decoding = DecodingKey::from_ed_pem(pem)
        .or_else(|_| DecodingKey::from_ec_pem(pem))
        .or_else(|_| DecodingKey::from_rsa_pem(pem))
        .map_err(|_| KeyError::Key {
            which: which.clone(),
            why: "not a public key (RSA, EC or Ed25519) in PEM",
        })?;
    let algorithms = match (decoding.family(), decoding.kind()) {
        // An uncompressed point: 0x04 and two coordinates.
        (AlgorithmFamily::Ec, DecodingKeyKind::SecretOrDer(point)) => match point.len() {
            65 => vec![Algorithm::ES256],
            97 => vec![Algorithm::ES384],
            _ => return Err(KeyError::Key { which, why: "only the curves P-256 and P-384 are supported" }),
        },
        (family, _) => family.algorithms().to_vec(),
    };
    Ok(Key { id: None, algorithms, decoding })
}
