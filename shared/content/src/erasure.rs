//! What was erased: deleted in the transaction of the entry that tells of it, and once more after a backup brought it back.

use jiff::Timestamp;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

/// What is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Erased {
    /// A case: data key, texts, and whatever else the service keeps of it beside the ledger (16).
    Case,
    /// Who complains, and every text that may say so (15).
    Identity,
}

/// One erasure. Facts only: it tells nothing of whom it was about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erasure {
    /// The organ whose data key or identity it is.
    pub organ: String,
    /// The case.
    pub case_id: Uuid,
    /// What.
    pub what: Erased,
    /// Since when, in whole microseconds.
    pub at: Timestamp,
    /// The article.
    pub article: String,
}

/// Where an erasure stands in the erasure list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The line's number, from 1.
    pub number: u64,
    /// Its keyed hash, over all lines before it too.
    pub mac: [u8; 32],
}

/// An erasure with its line: to be deleted by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What was erased.
    pub erasure: Erasure,
    /// Where it is listed.
    pub line: Line,
}

impl Erased {
    /// The number in tables.
    pub(crate) const fn column(self) -> i16 {
        match self {
            Self::Case => 1,
            Self::Identity => 2,
        }
    }

    pub(crate) const fn of_column(column: i16) -> Self {
        if column == 2 { Self::Identity } else { Self::Case }
    }

    /// The code in lists and errors: "case", "identity".
    pub const fn code(self) -> &'static str {
        match self {
            Self::Case => "case",
            Self::Identity => "identity",
        }
    }
}

/// Deletes data keys and texts of erased cases, and notes what was erased. Runs in the writer's transaction, or before
/// serving. Identities are the service's own to delete.
pub async fn erase(tx: &mut PgConnection, listed: &[Listed], told: bool) -> Result<(), sqlx::Error> {
    forget_cases(tx, listed).await?;
    note(tx, listed, told).await
}

/// Deletes data keys and texts of erased cases.
pub(crate) async fn forget_cases(tx: &mut PgConnection, listed: &[Listed]) -> Result<(), sqlx::Error> {
    let cases: Vec<&Erasure> =
        listed.iter().map(|one| &one.erasure).filter(|erasure| erasure.what == Erased::Case).collect();
    if cases.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("forget_cases.sql"))
        .bind(cases.iter().map(|erasure| erasure.organ.as_str()).collect::<Vec<_>>())
        .bind(cases.iter().map(|erasure| erasure.case_id).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes what was erased.
pub(crate) async fn note(tx: &mut PgConnection, listed: &[Listed], told: bool) -> Result<(), sqlx::Error> {
    if listed.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_erasures.sql"))
        .bind(listed.iter().map(|one| one.erasure.organ.as_str()).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.erasure.case_id).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.erasure.what.column()).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.erasure.at.as_microsecond()).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.erasure.article.as_str()).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.line.number.cast_signed()).collect::<Vec<_>>())
        .bind(listed.iter().map(|one| one.line.mac.as_slice()).collect::<Vec<_>>())
        .bind(vec![told; listed.len()])
        .execute(tx)
        .await?;
    Ok(())
}

/// Those of these cases whose erasure the ledger of this organ tells of.
pub async fn told(tx: &mut PgConnection, organ: &str, cases: &[Uuid]) -> Result<Vec<Uuid>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(include_str!("told_erasures.sql")).bind(organ).bind(cases).fetch_all(tx).await
}

type Row = (String, Uuid, i16, i64, String, i64, Vec<u8>);

/// Erasures that the list brought back and no entry tells of yet; so many at the most.
pub async fn untold(pool: &PgPool, most: i64) -> Result<Vec<Listed>, sqlx::Error> {
    let rows: Vec<Row> =
        sqlx::query_as(include_str!("untold_erasures.sql")).bind(most).fetch_all(pool).await?;
    let listed = |(organ, case_id, kind, at, article, number, mac): Row| Listed {
        erasure: Erasure { organ, case_id, what: Erased::of_column(kind), at: moment(at), article },
        line: Line { number: number.cast_unsigned(), mac: mac.try_into().unwrap_or_default() },
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// What was erased of a case: the case before the identity.
pub(crate) async fn of_case(pool: &PgPool, organ: &str, case_id: Uuid) -> Result<Vec<Erasure>, sqlx::Error> {
    let rows: Vec<(i16, i64, String)> =
        sqlx::query_as(include_str!("read_erasures.sql")).bind(organ).bind(case_id).fetch_all(pool).await?;
    let erasure = |(kind, at, article)| Erasure {
        organ: organ.to_owned(),
        case_id,
        what: Erased::of_column(kind),
        at: moment(at),
        article,
    };
    Ok(rows.into_iter().map(erasure).collect())
}

fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or_default()
}
