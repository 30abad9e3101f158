use std::collections::HashMap;

use sqlx::{PgConnection, Row, postgres::PgRow};

use super::row::{decode, hash, unsigned};
use crate::{Algorithm, Hash, Organ, Position};

/// How far a ledger has got.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Head {
    pub(crate) position: Position,
    pub(crate) recorded_at: i64,
    pub(crate) algorithm: Algorithm,
}

const LOCK: &str = "select epoch, seq, hash, recorded_at, algorithm from head where organ = $1 for update";

/// Locks the head of an organ, in a statement of its own: what is read afterwards is what the lock protects. A ledger
/// that is not there begins.
pub(crate) async fn lock(
    tx: &mut PgConnection,
    organ: &Organ,
    algorithm: Algorithm,
) -> Result<Head, sqlx::Error> {
    loop {
        if let Some(row) = sqlx::query(LOCK).bind(organ.as_str()).fetch_optional(&mut *tx).await? {
            return Head::from_row(&row);
        }
        sqlx::query(
            "insert into head (organ, epoch, seq, hash, recorded_at, algorithm) values ($1, $2, 0, $3, 0, $4) \
             on conflict on constraint head_pk do nothing",
        )
        .bind(organ.as_str())
        .bind(Position::START.epoch.cast_signed())
        .bind(Position::START.hash.0.as_slice())
        .bind(algorithm.code())
        .execute(&mut *tx)
        .await?;
    }
}

/// Reads the head of an organ without locking it.
pub(crate) async fn read(connection: &mut PgConnection, organ: &Organ) -> Result<Option<Head>, sqlx::Error> {
    sqlx::query("select epoch, seq, hash, recorded_at, algorithm from head where organ = $1")
        .bind(organ.as_str())
        .fetch_optional(connection)
        .await?
        .map(|row| Head::from_row(&row))
        .transpose()
}

/// All heads.
pub(crate) async fn all(connection: &mut PgConnection) -> Result<Vec<(Organ, Head)>, sqlx::Error> {
    sqlx::query("select organ, epoch, seq, hash, recorded_at, algorithm from head order by organ")
        .fetch_all(connection)
        .await?
        .iter()
        .map(|row| Ok((Organ::new(row.try_get("organ")?).map_err(decode)?, Head::from_row(row)?)))
        .collect()
}

/// Moves a head that is locked.
pub(crate) async fn save(tx: &mut PgConnection, organ: &Organ, head: &Head) -> Result<(), sqlx::Error> {
    sqlx::query("update head set epoch = $2, seq = $3, hash = $4, recorded_at = $5 where organ = $1")
        .bind(organ.as_str())
        .bind(head.position.epoch.cast_signed())
        .bind(head.position.seq.cast_signed())
        .bind(head.position.hash.0.as_slice())
        .bind(head.recorded_at)
        .execute(tx)
        .await?;
    Ok(())
}

impl Head {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        let code: i16 = row.try_get("algorithm")?;
        let algorithm = Algorithm::from_code(code)
            .ok_or_else(|| decode(format!("hash function {code} is not known to this version")))?;
        Ok(Self { position: super::row::position(row)?, recorded_at: row.try_get("recorded_at")?, algorithm })
    }
}

/// The hash of the entry at this number, where there is one.
pub(crate) async fn hash_at(
    connection: &mut PgConnection,
    organ: &Organ,
    seq: u64,
) -> Result<Option<Position>, sqlx::Error> {
    sqlx::query("select epoch, seq, hash from entry where organ = $1 and seq = $2")
        .bind(organ.as_str())
        .bind(seq.cast_signed())
        .fetch_optional(connection)
        .await?
        .map(|row| {
            Ok(Position { epoch: unsigned(row.try_get("epoch")?)?, seq, hash: hash(row.try_get("hash")?)? })
        })
        .transpose()
}

/// What a ledger knows of a place a reader names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    head: Position,
    entry: Option<Hash>,
}

impl Known {
    /// Whether the reader can go on from there: the entry is here; or the head stands there, after numbers were left
    /// out; or it was lost in a restore, and a later epoch has passed its number.
    pub(crate) fn holds(&self, at: Position) -> bool {
        match self.entry {
            Some(hash) => hash == at.hash,
            None => at == self.head || at.epoch < self.head.epoch && at.seq <= self.head.seq,
        }
    }
}

/// What is known of these places; nothing of an organ that has no ledger.
pub(crate) async fn known(
    connection: &mut PgConnection,
    positions: &HashMap<Organ, Position>,
) -> Result<HashMap<Organ, Known>, sqlx::Error> {
    let organs: Vec<&str> = positions.keys().map(Organ::as_str).collect();
    let seqs: Vec<i64> = positions.values().map(|at| at.seq.cast_signed()).collect();
    let rows =
        sqlx::query(include_str!("hashes_at.sql")).bind(organs).bind(seqs).fetch_all(connection).await?;
    let mut known = HashMap::with_capacity(rows.len());
    for found in &rows {
        if found.try_get::<Option<i64>, _>("seq")?.is_some() {
            let entry = found.try_get::<Option<&[u8]>, _>("entry_hash")?.map(hash).transpose()?;
            let head = super::row::position(found)?;
            known.insert(super::row::organ(found.try_get("organ")?)?, Known { head, entry });
        }
    }
    Ok(known)
}
