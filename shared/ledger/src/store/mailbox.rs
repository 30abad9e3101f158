use std::collections::BTreeMap;

use sqlx::{PgConnection, Row};

use super::row;
use crate::{Hash, Organ, Position};

/// The last number and hash of mailboxes, by the organ addressed.
pub(crate) type Mailboxes = BTreeMap<Organ, (u64, Hash)>;

/// A mailbox that is not read to its end, and how far it is read.
#[derive(Clone, Debug)]
pub(crate) struct Behind {
    pub(crate) organ: Organ,
    pub(crate) audience: Organ,
    pub(crate) read: Position,
}

/// The last entries in the mailboxes of these organs.
pub(crate) async fn heads(
    tx: &mut PgConnection,
    organ: &Organ,
    audiences: &[&str],
) -> Result<Mailboxes, sqlx::Error> {
    if audiences.is_empty() {
        return Ok(Mailboxes::new());
    }
    sqlx::query(include_str!("mailbox_heads.sql"))
        .bind(organ.as_str())
        .bind(audiences)
        .fetch_all(tx)
        .await?
        .iter()
        .map(|found| {
            let head = (row::long(found.try_get("seq")?)?, row::hash(found.try_get("hash")?)?);
            Ok((row::organ(found.try_get("audience")?)?, head))
        })
        .collect()
}

/// Saves the last entries of mailboxes.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &Organ,
    mailboxes: &Mailboxes,
) -> Result<(), sqlx::Error> {
    if mailboxes.is_empty() {
        return Ok(());
    }
    let audiences: Vec<&str> = mailboxes.keys().map(Organ::as_str).collect();
    let seqs: Vec<i64> = mailboxes.values().map(|(seq, _)| seq.cast_signed()).collect();
    let hashes: Vec<&[u8]> = mailboxes.values().map(|(_, hash)| hash.0.as_slice()).collect();
    sqlx::query(include_str!("save_mailboxes.sql"))
        .bind(organ.as_str())
        .bind(audiences)
        .bind(seqs)
        .bind(hashes)
        .execute(tx)
        .await?;
    Ok(())
}

/// The mailboxes of this service that are not read to their end.
pub(crate) async fn behind(connection: &mut PgConnection, service: i16) -> Result<Vec<Behind>, sqlx::Error> {
    sqlx::query(include_str!("mailboxes_behind.sql"))
        .bind(service)
        .fetch_all(connection)
        .await?
        .iter()
        .map(|found| {
            let read = match found.try_get::<Option<i64>, _>("seq")? {
                Some(_) => row::position(found)?,
                None => Position::START,
            };
            Ok(Behind {
                organ: row::organ(found.try_get("organ")?)?,
                audience: row::organ(found.try_get("audience")?)?,
                read,
            })
        })
        .collect()
}
