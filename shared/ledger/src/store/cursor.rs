use std::collections::HashMap;

use sqlx::{PgConnection, Row};

use super::row::{self, decode};
use crate::{Organ, Position, Service};

/// A ledger, or the mailbox in it, that an organ follows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The service whose ledger it is.
    pub service: Service,
    /// The organ whose ledger it is.
    pub organ: Organ,
    /// Only the entries addressed to the follower's organ.
    pub mailbox: bool,
}

/// How far an organ has followed each source.
pub(crate) type Cursors = HashMap<Source, Position>;

/// An entry that could not be applied.
#[derive(Clone, Debug)]
pub(crate) struct Parked {
    pub(crate) source: Source,
    pub(crate) at: Position,
    pub(crate) error: String,
}

/// All cursors of an organ.
pub(crate) async fn of_organ(tx: &mut PgConnection, organ: &Organ) -> Result<Cursors, sqlx::Error> {
    sqlx::query("select source_service, source_organ, mailbox, epoch, seq, hash from cursor where organ = $1")
        .bind(organ.as_str())
        .fetch_all(tx)
        .await?
        .iter()
        .map(|found| {
            let code: i16 = found.try_get("source_service")?;
            let source = Source {
                service: Service::from_code(code)
                    .ok_or_else(|| decode(format!("no service has number {code}")))?,
                organ: row::organ(found.try_get("source_organ")?)?,
                mailbox: found.try_get("mailbox")?,
            };
            Ok((source, row::position(found)?))
        })
        .collect()
}

/// How far each organ has followed the ledger of the same organ in another service.
pub(crate) async fn of_service(
    connection: &mut PgConnection,
    service: Service,
) -> Result<HashMap<Organ, Position>, sqlx::Error> {
    sqlx::query(
        "select organ, epoch, seq, hash from cursor \
         where source_service = $1 and not mailbox and organ = source_organ",
    )
    .bind(service.code())
    .fetch_all(connection)
    .await?
    .iter()
    .map(|found| Ok((row::organ(found.try_get("organ")?)?, row::position(found)?)))
    .collect()
}

/// Saves cursors.
pub(crate) async fn save(tx: &mut PgConnection, organ: &Organ, cursors: &Cursors) -> Result<(), sqlx::Error> {
    if cursors.is_empty() {
        return Ok(());
    }
    let services: Vec<i16> = cursors.keys().map(|source| source.service.code()).collect();
    let organs: Vec<&str> = cursors.keys().map(|source| source.organ.as_str()).collect();
    let mailboxes: Vec<bool> = cursors.keys().map(|source| source.mailbox).collect();
    let epochs: Vec<i32> = cursors.values().map(|at| at.epoch.cast_signed()).collect();
    let seqs: Vec<i64> = cursors.values().map(|at| at.seq.cast_signed()).collect();
    let hashes: Vec<&[u8]> = cursors.values().map(|at| at.hash.0.as_slice()).collect();
    sqlx::query(include_str!("save_cursors.sql"))
        .bind(organ.as_str())
        .bind(services)
        .bind(organs)
        .bind(mailboxes)
        .bind(epochs)
        .bind(seqs)
        .bind(hashes)
        .execute(tx)
        .await?;
    Ok(())
}

/// Puts entries aside.
pub(crate) async fn park(
    tx: &mut PgConnection,
    organ: &Organ,
    parked: &[Parked],
    at: i64,
) -> Result<(), sqlx::Error> {
    if parked.is_empty() {
        return Ok(());
    }
    let services: Vec<i16> = parked.iter().map(|entry| entry.source.service.code()).collect();
    let organs: Vec<&str> = parked.iter().map(|entry| entry.source.organ.as_str()).collect();
    let mailboxes: Vec<bool> = parked.iter().map(|entry| entry.source.mailbox).collect();
    let epochs: Vec<i32> = parked.iter().map(|entry| entry.at.epoch.cast_signed()).collect();
    let seqs: Vec<i64> = parked.iter().map(|entry| entry.at.seq.cast_signed()).collect();
    let errors: Vec<&str> = parked.iter().map(|entry| entry.error.as_str()).collect();
    sqlx::query(include_str!("save_parked.sql"))
        .bind(organ.as_str())
        .bind(services)
        .bind(organs)
        .bind(mailboxes)
        .bind(epochs)
        .bind(seqs)
        .bind(errors)
        .bind(vec![at; parked.len()])
        .execute(tx)
        .await?;
    Ok(())
}
