//! The table `told_rung`.

use duban_proto::supervision::v1::{ClockKind, Recipient, RungFired};
use jiff::Timestamp;
use ledger::to_micros;
use postgres::row::{Damaged, Row, small};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Annulled, Told};

/// A line of the digest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// 20261124.
    pub(crate) day: i32,
    pub(crate) recipient: Recipient,
    pub(crate) clock: ClockKind,
    pub(crate) rung: String,
    pub(crate) count: u64,
    pub(crate) late: u64,
}

/// A rung that somebody was told of.
#[derive(Clone, Debug)]
pub(crate) struct ToldRow {
    pub(crate) seq: i64,
    pub(crate) case_id: Uuid,
    pub(crate) number: String,
    pub(crate) released_at: Timestamp,
    pub(crate) rung: RungFired,
}

/// Where a page of them ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ToldKey {
    released_at: i64,
    seq: i64,
}

impl ToldKey {
    /// The key of a row.
    pub(crate) fn of(row: &ToldRow) -> Self {
        Self { released_at: to_micros(row.released_at), seq: row.seq }
    }
}

/// Adds what was told, a row a recipient.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, told: &[Told]) -> Result<(), sqlx::Error> {
    if told.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_told.sql"))
        .bind(organ)
        .bind(told.iter().map(|it| it.seq.cast_signed()).collect::<Vec<_>>())
        .bind(told.iter().map(|it| small(it.recipient.into())).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.day).collect::<Vec<_>>())
        .bind(told.iter().map(|it| to_micros(it.released_at)).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.case_id).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.number.as_str()).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.rung.term.cast_signed()).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.rung.index.cast_signed()).collect::<Vec<_>>())
        .bind(told.iter().map(|it| small(it.rung.clock)).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.rung.rung.as_str()).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.rung.late).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.annulled).collect::<Vec<_>>())
        .bind(told.iter().map(|it| it.rung.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Takes out of the digest what fired on dates that are withdrawn.
pub(super) async fn annul(
    tx: &mut PgConnection,
    organ: &str,
    annulled: &[Annulled],
) -> Result<(), sqlx::Error> {
    if annulled.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("annul_told.sql"))
        .bind(organ)
        .bind(annulled.iter().map(|it| it.clock.case_id).collect::<Vec<_>>())
        .bind(annulled.iter().map(|it| it.clock.term.cast_signed()).collect::<Vec<_>>())
        .bind(annulled.iter().map(|it| it.standing.cast_signed()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// What was told these recipients of an organ between two days, released by `now`: a line a day, recipient and rung.
pub(crate) async fn read_digest(
    pool: &PgPool,
    organ: &str,
    recipients: &[Recipient],
    (from, to): (i32, i32),
    now: Timestamp,
) -> Result<Vec<Line>, sqlx::Error> {
    let rows: Vec<(i32, i16, i16, String, i64, i64)> = sqlx::query_as(include_str!("read_digest.sql"))
        .bind(organ)
        .bind(recipients.iter().map(|it| small((*it).into())).collect::<Vec<_>>())
        .bind(from)
        .bind(to)
        .bind(to_micros(now))
        .fetch_all(pool)
        .await?;
    let line = |(day, recipient, clock, rung, count, late): (i32, i16, i16, String, i64, i64)| {
        let at = Row { table: "told_rung", key: Uuid::nil() };
        Ok::<_, Damaged>(Line {
            day,
            recipient: at.value("recipient", recipient)?,
            clock: at.value("clock", clock)?,
            rung,
            count: count.cast_unsigned(),
            late: late.cast_unsigned(),
        })
    };
    rows.into_iter().map(|row| Ok(line(row)?)).collect()
}

/// A page of what a recipient of an organ was told on a day, newest first. An empty `rung` is all.
pub(crate) async fn list_told(
    pool: &PgPool,
    organ: &str,
    (recipient, day, rung): (Recipient, i32, &str),
    after: Option<ToldKey>,
    now: Timestamp,
    size: i64,
) -> Result<Vec<ToldRow>, sqlx::Error> {
    let after = after.unwrap_or(ToldKey { released_at: i64::MAX, seq: i64::MAX });
    let rows: Vec<(i64, Uuid, String, i64, Vec<u8>)> = sqlx::query_as(include_str!("list_told.sql"))
        .bind(organ)
        .bind(small(recipient.into()))
        .bind(day)
        .bind(rung)
        .bind(after.released_at)
        .bind(after.seq)
        .bind(to_micros(now))
        .bind(size)
        .fetch_all(pool)
        .await?;
    let told = |(seq, case_id, number, released_at, rung): (i64, Uuid, String, i64, Vec<u8>)| {
        let at = Row { table: "told_rung", key: case_id };
        Ok::<_, Damaged>(ToldRow {
            seq,
            case_id,
            number,
            released_at: at.moment("released_at", released_at)?,
            rung: at.need("rung", RungFired::decode(rung.as_slice()).ok())?,
        })
    };
    rows.into_iter().map(|row| Ok(told(row)?)).collect()
}
