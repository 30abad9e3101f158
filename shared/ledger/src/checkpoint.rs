//! Heads, signed and kept outside the database: what was cut off a ledger's end shows against them.

use std::collections::HashMap;

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;

use crate::{
    Clock, Organ, Service,
    store::head,
    verify::{Fault, Wrong},
};

/// A head at a moment, signed: one line of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The service: "routing".
    pub service: String,
    /// The organ.
    pub organ: String,
    /// The epoch.
    pub epoch: u32,
    /// The number of the last entry.
    pub seq: u64,
    /// Its hash, in hexadecimal.
    pub hash: String,
    /// When, RFC 3339.
    pub at: String,
    /// Ed25519 over the fields above, in Base64.
    #[serde(default)]
    pub signature: String,
}

/// Why a line is no checkpoint of ours.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// It is not JSON, or a field is missing.
    #[error("line {line}: not a checkpoint")]
    Malformed {
        /// The line, from 1.
        line: usize,
        /// What the parser says.
        source: serde_json::Error,
    },
    /// The signature does not come out.
    #[error("line {line}: the signature is not that of the key given")]
    Signature {
        /// The line, from 1.
        line: usize,
    },
    /// The database failed.
    #[error("the ledger can't be read")]
    Database(#[from] sqlx::Error),
}

impl Checkpoint {
    fn signed(&self) -> Vec<u8> {
        let Self { service, organ, epoch, seq, hash, at, .. } = self;
        format!("duban.checkpoint.v1\n{service}\n{organ}\n{epoch}\n{seq}\n{hash}\n{at}").into_bytes()
    }

    fn sign(mut self, key: &SigningKey) -> Self {
        self.signature = BASE64.encode(key.sign(&self.signed()).to_bytes());
        self
    }

    fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        BASE64
            .decode(&self.signature)
            .ok()
            .and_then(|bytes| Signature::from_slice(&bytes).ok())
            .is_some_and(|signature| key.verify(&self.signed(), &signature).is_ok())
    }
}

/// Signs all heads of the pool's schema.
pub async fn checkpoint(
    pool: &PgPool,
    service: Service,
    clock: &dyn Clock,
    key: &SigningKey,
) -> Result<Vec<Checkpoint>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let heads = head::all(&mut connection).await?;
    let at = clock.now().to_string();
    let sign = |(organ, head): (Organ, head::Head)| {
        let unsigned = Checkpoint {
            service: service.name().to_owned(),
            organ: organ.to_string(),
            epoch: head.position.epoch,
            seq: head.position.seq,
            hash: head.position.hash.to_string(),
            at: at.clone(),
            signature: String::new(),
        };
        unsigned.sign(key)
    };
    Ok(heads.into_iter().map(sign).collect())
}

/// Reads checkpoints, a line each, and checks their signatures.
pub fn read(lines: &str, key: &VerifyingKey) -> Result<Vec<Checkpoint>, CheckpointError> {
    let read = |(index, text): (usize, &str)| {
        let line = index + 1;
        let checkpoint: Checkpoint =
            serde_json::from_str(text).map_err(|source| CheckpointError::Malformed { line, source })?;
        if checkpoint.is_signed_by(key) { Ok(checkpoint) } else { Err(CheckpointError::Signature { line }) }
    };
    lines.lines().enumerate().filter(|(_, text)| !text.trim().is_empty()).map(read).collect()
}

/// Looks for the entries that were signed: one that is not there, or is another, is a fault of that organ's ledger.
pub async fn compare(
    pool: &PgPool,
    service: Service,
    checkpoints: &[Checkpoint],
) -> Result<Vec<(Organ, Fault)>, CheckpointError> {
    let mut connection = pool.acquire().await?;
    let mut latest: HashMap<&str, &Checkpoint> = HashMap::new();
    for checkpoint in checkpoints.iter().filter(|checkpoint| checkpoint.service == service.name()) {
        let kept = latest.entry(checkpoint.organ.as_str()).or_insert(checkpoint);
        if checkpoint.seq > kept.seq {
            *kept = checkpoint;
        }
    }
    let mut faults = Vec::new();
    for checkpoint in latest.into_values().filter(|checkpoint| checkpoint.seq > 0) {
        let Ok(organ) = Organ::new(&checkpoint.organ) else { continue };
        let here = head::hash_at(&mut connection, &organ, checkpoint.seq).await?;
        let what = match here {
            None => Wrong::Missing,
            Some(here) if here.hash.to_string() != checkpoint.hash => Wrong::Checkpoint,
            Some(_) => continue,
        };
        faults.push((organ, Fault { seq: checkpoint.seq, what }));
    }
    faults.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsigned() -> Checkpoint {
        Checkpoint {
            service: "routing".to_owned(),
            organ: "baoshan".to_owned(),
            epoch: 1,
            seq: 7,
            hash: "ab".repeat(32),
            at: "2026-03-02T01:00:00Z".to_owned(),
            signature: String::new(),
        }
    }

    #[test]
    fn a_changed_line_is_refused() {
        let key = SigningKey::from_bytes(&[7; 32]);
        let signed = unsigned().sign(&key);
        let line = serde_json::to_string(&signed).unwrap();
        assert_eq!(read(&line, &key.verifying_key()).unwrap(), [signed]);
        let changed = line.replace("\"seq\":7", "\"seq\":6");
        assert!(matches!(read(&changed, &key.verifying_key()), Err(CheckpointError::Signature { line: 1 })));
        let other = SigningKey::from_bytes(&[8; 32]).verifying_key();
        assert!(read(&line, &other).is_err());
        assert!(matches!(read("\n{", &other), Err(CheckpointError::Malformed { line: 2, .. })));
    }
}
