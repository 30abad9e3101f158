use std::collections::HashMap;

use bytes::Bytes;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::row;
use crate::{Organ, Position, entry::Entry};

/// What was answered to a request, and where.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub(crate) fingerprint: [u8; 32],
    pub(crate) answer: Bytes,
    pub(crate) position: Position,
    pub(crate) recorded_at: i64,
}

/// The requests among these that were answered before.
pub(crate) async fn answered(
    tx: &mut PgConnection,
    organ: &Organ,
    requests: &[Uuid],
) -> Result<HashMap<Uuid, Known>, sqlx::Error> {
    if requests.is_empty() {
        return Ok(HashMap::new());
    }
    sqlx::query(include_str!("answered.sql"))
        .bind(organ.as_str())
        .bind(requests)
        .fetch_all(tx)
        .await?
        .iter()
        .map(|found| {
            let known = Known {
                fingerprint: row::fingerprint(found)?,
                answer: found.try_get::<Vec<u8>, _>("answer")?.into(),
                position: row::position(found)?,
                recorded_at: found.try_get("recorded_at")?,
            };
            Ok((found.try_get("id")?, known))
        })
        .collect()
}

/// Writes the entries of one batch, in one statement.
pub(crate) async fn insert(
    tx: &mut PgConnection,
    organ: &Organ,
    entries: &[Entry],
) -> Result<(), sqlx::Error> {
    fn each<'a, T: 'a>(entries: &'a [Entry], of: impl FnMut(&'a Entry) -> T) -> Vec<T> {
        entries.iter().map(of).collect()
    }
    if entries.is_empty() {
        return Ok(());
    }
    let address = |entry: &Entry| entry.address.as_ref().map(|address| address.seq.cast_signed());
    let cause = |entry: &Entry| entry.cause.as_ref().map(|cause| cause.seq.cast_signed());
    sqlx::query(include_str!("insert_entries.sql"))
        .bind(organ.as_str())
        .bind(each(entries, |entry| entry.seq.cast_signed()))
        .bind(each(entries, |entry| entry.epoch.cast_signed()))
        .bind(each(entries, |entry| entry.case.map(|case| case.0)))
        .bind(each(entries, |entry| entry.kind.as_ref()))
        .bind(each(entries, |entry| entry.body.as_ref()))
        .bind(each(entries, |entry| entry.recorded_at))
        .bind(each(entries, |entry| entry.actor.as_ref()))
        .bind(each(entries, |entry| entry.address.as_ref().map(|address| address.audience.as_str())))
        .bind(each(entries, address))
        .bind(each(entries, |entry| entry.address.as_ref().map(|address| address.prev_hash.0.as_slice())))
        .bind(each(entries, |entry| entry.cause.as_ref().map(|cause| cause.service.code())))
        .bind(each(entries, |entry| entry.cause.as_ref().map(|cause| cause.organ.as_str())))
        .bind(each(entries, |entry| entry.cause.as_ref().map(|cause| cause.epoch.cast_signed())))
        .bind(each(entries, cause))
        .bind(each(entries, |entry| entry.request.as_ref().map(|request| request.id)))
        .bind(each(entries, |entry| entry.request.as_ref().map(|request| request.fingerprint.as_slice())))
        .bind(each(entries, |entry| entry.request.as_ref().map(|request| request.answer.as_ref())))
        .bind(each(entries, |entry| entry.prev_hash.0.as_slice()))
        .bind(each(entries, |entry| entry.hash.0.as_slice()))
        .execute(tx)
        .await?;
    Ok(())
}

/// Which entries of a ledger to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range<'a> {
    /// Those after this number,
    pub(crate) after: u64,
    /// up to this one,
    pub(crate) upto: u64,
    /// of these kinds; all where there are none,
    pub(crate) kinds: &'a [String],
    /// and no more than so many.
    pub(crate) limit: u32,
}

/// A page of a ledger, in order.
pub(crate) async fn page(
    connection: &mut PgConnection,
    organ: &Organ,
    range: Range<'_>,
) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query(include_str!("page.sql"))
        .bind(organ.as_str())
        .bind(range.after.cast_signed())
        .bind(range.upto.cast_signed())
        .bind(range.kinds)
        .bind(i64::from(range.limit))
        .fetch_all(connection)
        .await?
        .iter()
        .map(row::entry)
        .collect()
}

/// A page of a mailbox, in order.
pub(crate) async fn mailbox_page(
    connection: &mut PgConnection,
    organ: &Organ,
    audience: &Organ,
    after: u64,
    limit: u32,
) -> Result<Vec<Entry>, sqlx::Error> {
    sqlx::query(include_str!("mailbox_page.sql"))
        .bind(organ.as_str())
        .bind(audience.as_str())
        .bind(after.cast_signed())
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await?
        .iter()
        .map(row::entry)
        .collect()
}
