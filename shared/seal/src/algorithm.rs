use aes_gcm::{
    AesGcm,
    aead::{Aead, Nonce, Payload, consts::U12},
};
use aes_gcm_siv::Aes256GcmSiv;
use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sm3::Sm3;
use sm4::Sm4;

use crate::{Aad, SealError, SecretKey};

type Sm4Gcm = AesGcm<Sm4, U12>;

const NONCE: usize = 12;

/// Which cipher seals what is new. What is sealed says itself how it is opened, so both can always be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Algorithm {
    /// AES-256-GCM-SIV (RFC 8452); a repeated nonce reveals only that two messages are equal.
    #[default]
    Aes256GcmSiv,
    /// SM4-GCM (GB/T 32907, RFC 8998), where 国密 is required. Its 16-byte key is drawn from the case key by HMAC-SM3.
    Sm4Gcm,
}

impl Algorithm {
    /// The first byte of a ciphertext. Never reuse one.
    fn format(self) -> u8 {
        match self {
            Self::Aes256GcmSiv => 1,
            Self::Sm4Gcm => 2,
        }
    }

    fn from_format(format: u8) -> Result<Self, SealError> {
        match format {
            1 => Ok(Self::Aes256GcmSiv),
            2 => Ok(Self::Sm4Gcm),
            other => Err(SealError::UnknownFormat(other)),
        }
    }
}

/// `format (1 byte) | nonce (12, random) | ciphertext | tag (16)`.
pub(crate) fn seal(
    algorithm: Algorithm,
    key: &SecretKey,
    aad: &Aad<'_>,
    plaintext: &[u8],
    rng: &mut dyn CryptoRng,
) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0; NONCE];
    rng.fill_bytes(&mut nonce);
    let aad = aad.encode(algorithm.format());
    let payload = Payload { msg: plaintext, aad: &aad };
    let body = match algorithm {
        Algorithm::Aes256GcmSiv => aes(key).encrypt(&nonce.into(), payload),
        Algorithm::Sm4Gcm => sm4(key).encrypt(&nonce.into(), payload),
    }
    .map_err(|_| SealError::TooLong)?;
    let mut sealed = Vec::with_capacity(1 + NONCE + body.len());
    sealed.push(algorithm.format());
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    Ok(sealed)
}

pub(crate) fn open(key: &SecretKey, aad: &Aad<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (&format, rest) = sealed.split_first().ok_or(SealError::CutOff)?;
    let algorithm = Algorithm::from_format(format)?;
    let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(SealError::CutOff)?;
    let aad = aad.encode(format);
    let payload = Payload { msg: body, aad: &aad };
    match algorithm {
        Algorithm::Aes256GcmSiv => aes(key).decrypt(&(*nonce).into(), payload),
        Algorithm::Sm4Gcm => sm4(key).decrypt(&Nonce::<Sm4Gcm>::from(*nonce), payload),
    }
    .map_err(|_| SealError::NotAuthentic)
}

fn aes(key: &SecretKey) -> Aes256GcmSiv {
    Aes256GcmSiv::new(key.expose().into())
}

fn sm4(key: &SecretKey) -> Sm4Gcm {
    let mut block = hmac::digest::Key::<Hmac<Sm3>>::default();
    block.iter_mut().zip(key.expose()).for_each(|(to, from)| *to = *from);
    let derived = Hmac::<Sm3>::new(&block).chain_update(b"duban.seal sm4-gcm").finalize().into_bytes();
    let mut half = aes_gcm::Key::<Sm4Gcm>::default();
    half.iter_mut().zip(&derived).for_each(|(to, from)| *to = *from);
    Sm4Gcm::new(&half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sm4_gcm_matches_rfc_8998_a_1() {
        let key: [u8; 16] = unhex("0123456789ABCDEFFEDCBA9876543210").try_into().unwrap();
        let nonce: [u8; 12] = unhex("00001234567800000000ABCD").try_into().unwrap();
        let aad = unhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
        let msg = unhex(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD\
             EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
        );
        let expected = unhex(
            "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735\
             D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D\
             83DE3541E4C2B58177E065A9BF7B62EC",
        );
        let cipher = Sm4Gcm::new(&key.into());
        let sealed = cipher.encrypt(&nonce.into(), Payload { msg: &msg, aad: &aad }).unwrap();
        assert_eq!(sealed, expected);
    }

    #[test]
    fn configuration_names_are_kebab_case() {
        assert_eq!(serde_json::from_str::<Algorithm>(r#""sm4-gcm""#).unwrap(), Algorithm::Sm4Gcm);
        assert_eq!(serde_json::to_string(&Algorithm::Aes256GcmSiv).unwrap(), r#""aes256-gcm-siv""#);
    }

    fn unhex(text: &str) -> Vec<u8> {
        (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
    }
}
