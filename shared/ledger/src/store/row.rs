//! From rows to values; a value out of its range is an error and never a guess.

use std::error::Error;

use bytes::Bytes;
use sqlx::{Row, postgres::PgRow};
use uuid::Uuid;

use crate::{
    CaseId, Cause, Hash, Organ, Position, Service,
    entry::{Address, Answered, Entry},
};

pub(crate) fn decode(error: impl Into<Box<dyn Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}

pub(crate) fn unsigned(number: i32) -> Result<u32, sqlx::Error> {
    u32::try_from(number).map_err(decode)
}

pub(crate) fn long(number: i64) -> Result<u64, sqlx::Error> {
    u64::try_from(number).map_err(decode)
}

pub(crate) fn hash(bytes: &[u8]) -> Result<Hash, sqlx::Error> {
    Hash::from_bytes(bytes).ok_or_else(|| decode("a hash of another length than 32"))
}

pub(crate) fn organ(code: &str) -> Result<Organ, sqlx::Error> {
    Organ::new(code).map_err(decode)
}

pub(crate) fn position(row: &PgRow) -> Result<Position, sqlx::Error> {
    Ok(Position {
        epoch: unsigned(row.try_get("epoch")?)?,
        seq: long(row.try_get("seq")?)?,
        hash: hash(row.try_get("hash")?)?,
    })
}

pub(crate) fn entry(row: &PgRow) -> Result<Entry, sqlx::Error> {
    let position = position(row)?;
    Ok(Entry {
        organ: organ(row.try_get("organ")?)?,
        epoch: position.epoch,
        seq: position.seq,
        prev_hash: hash(row.try_get("prev_hash")?)?,
        recorded_at: row.try_get("recorded_at")?,
        case: row.try_get::<Option<Uuid>, _>("case_id")?.map(CaseId),
        kind: row.try_get::<String, _>("kind")?.into(),
        actor: row.try_get::<&str, _>("actor")?.into(),
        body: bytes(row, "body")?,
        address: address(row)?,
        cause: cause(row)?,
        request: request(row)?,
        hash: position.hash,
    })
}

fn bytes(row: &PgRow, column: &str) -> Result<Bytes, sqlx::Error> {
    row.try_get::<Vec<u8>, _>(column).map(Bytes::from)
}

fn address(row: &PgRow) -> Result<Option<Address>, sqlx::Error> {
    let Some(audience) = row.try_get::<Option<&str>, _>("audience")? else { return Ok(None) };
    Ok(Some(Address {
        audience: organ(audience)?,
        seq: long(row.try_get("audience_seq")?)?,
        prev_hash: hash(row.try_get("audience_prev_hash")?)?,
    }))
}

fn cause(row: &PgRow) -> Result<Option<Cause>, sqlx::Error> {
    let Some(code) = row.try_get::<Option<i16>, _>("cause_service")? else { return Ok(None) };
    Ok(Some(Cause {
        service: Service::from_code(code).ok_or_else(|| decode(format!("no service has number {code}")))?,
        organ: organ(row.try_get("cause_organ")?)?,
        epoch: unsigned(row.try_get("cause_epoch")?)?,
        seq: long(row.try_get("cause_seq")?)?,
    }))
}

fn request(row: &PgRow) -> Result<Option<Answered>, sqlx::Error> {
    let Some(id) = row.try_get::<Option<Uuid>, _>("request_id")? else { return Ok(None) };
    Ok(Some(Answered { id, fingerprint: fingerprint(row)?, answer: bytes(row, "answer")? }))
}

pub(crate) fn fingerprint(row: &PgRow) -> Result<[u8; 32], sqlx::Error> {
    row.try_get::<&[u8], _>("fingerprint")?.try_into().map_err(decode)
}
