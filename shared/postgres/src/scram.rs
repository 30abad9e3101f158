//! The verifier that Postgres stores for a password (RFC 5802, SCRAM-SHA-256).
//!
//! Made here, so that the password itself is in no statement: the server would write a failing one into its log.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use crate::error::MigrationError;

const ITERATIONS: u32 = 4096;
type Block = [u8; 32];

/// `SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>` for `password`.
///
/// # Errors
/// [`MigrationError::Password`] for other than 1 to 256 printable ASCII characters.
pub(crate) fn verifier(password: &str, salt: [u8; 16]) -> Result<String, MigrationError> {
    let plain = password.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    if !plain || password.is_empty() || password.len() > 256 {
        return Err(MigrationError::Password);
    }
    let salted = stretch(password.as_bytes(), salt)?;
    let client_key = mac(&salted, b"Client Key")?;
    let stored_key = Sha256::digest(client_key);
    let server_key = mac(&salted, b"Server Key")?;
    Ok(format!(
        "SCRAM-SHA-256${ITERATIONS}:{}${}:{}",
        STANDARD.encode(salt),
        STANDARD.encode(stored_key),
        STANDARD.encode(server_key)
    ))
}

/// PBKDF2 with HMAC-SHA-256 and one block of output.
fn stretch(password: &[u8], salt: [u8; 16]) -> Result<Block, MigrationError> {
    let keyed = Hmac::<Sha256>::new_from_slice(password).map_err(|_| MigrationError::Password)?;
    let mut block: Block =
        keyed.clone().chain_update(salt).chain_update(1_u32.to_be_bytes()).finalize().into_bytes().into();
    let mut sum = block;
    for _ in 1..ITERATIONS {
        block = keyed.clone().chain_update(block).finalize().into_bytes().into();
        sum.iter_mut().zip(block).for_each(|(total, byte)| *total ^= byte);
    }
    Ok(sum)
}

fn mac(key: &Block, message: &[u8]) -> Result<Block, MigrationError> {
    let keyed = Hmac::<Sha256>::new_from_slice(key).map_err(|_| MigrationError::Password)?;
    Ok(keyed.chain_update(message).finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_rfc_7677_gives_its_signature() {
        // RFC 7677, section 3: user "user", password "pencil"; ServerSignature = HMAC(ServerKey, AuthMessage).
        let salt: [u8; 16] = STANDARD.decode("W22ZaJ0SNY7soEsUEjb6gQ==").unwrap().try_into().unwrap();
        let verifier = verifier("pencil", salt).unwrap();
        let server_key = STANDARD.decode(verifier.rsplit(':').next().unwrap()).unwrap();
        let message = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
                       s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,\
                       r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        let signature = mac(&server_key.try_into().unwrap(), message.as_bytes()).unwrap();
        assert_eq!(STANDARD.encode(signature), "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    #[test]
    fn a_password_that_clients_normalise_is_refused() {
        assert!(matches!(verifier("密码", [0; 16]), Err(MigrationError::Password)));
        assert!(matches!(verifier("", [0; 16]), Err(MigrationError::Password)));
    }
}
