//! The table `case_link`, and the search for repeated complaints (21).

use duban_proto::intake::v1::{CaseLinked, ComplaintReceived};
use jiff::Timestamp;
use postgres::row::{Damaged, Row};
use prost::Message as _;
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Link, Other};

/// How many cases are looked at for one identifier: a name that thousands have says little.
const LOOKED_AT: i64 = 50;

#[derive(sqlx::FromRow)]
struct LinkRow {
    case_id: Uuid,
    other_organ: String,
    other_case_id: Uuid,
    linked: Vec<u8>,
    at: i64,
    stands: bool,
}

/// A link as a case shows it: with the other case, whichever of the two ledgers it stands in.
#[derive(Debug)]
pub(crate) struct LinkShown {
    pub(crate) other: Other,
    pub(crate) linked: CaseLinked,
    pub(crate) number: String,
    /// When the other was received, in microseconds.
    pub(crate) received_at: i64,
}

/// A case with an identifier in common with another.
#[derive(Debug)]
pub(crate) struct Candidate {
    pub(crate) case_id: Uuid,
    pub(crate) other: Other,
    /// A bit for each kind of identifier, as numbered in `blind_index`.
    pub(crate) matched: i32,
    pub(crate) received: ComplaintReceived,
    pub(crate) received_at: i64,
    /// Of the same organ: whether it stands before the case in the ledger.
    pub(crate) came_before: bool,
}

/// A case with one of the identifiers that were looked for.
#[derive(Debug)]
pub(crate) struct Same {
    pub(crate) other: Other,
    /// A bit for each kind of identifier, as numbered in `blind_index`.
    pub(crate) matched: i32,
    pub(crate) number: String,
    pub(crate) received: ComplaintReceived,
    pub(crate) received_at: i64,
}

#[derive(sqlx::FromRow)]
struct CandidateRow {
    case_id: Uuid,
    other_organ: String,
    other_case_id: Uuid,
    matched: i32,
    received: Vec<u8>,
    received_at: i64,
    came_before: bool,
}

impl TryFrom<CandidateRow> for Candidate {
    type Error = Damaged;

    fn try_from(row: CandidateRow) -> Result<Self, Damaged> {
        Ok(Self {
            case_id: row.case_id,
            received: decode("case_file", row.other_case_id, "received", &row.received)?,
            other: Other { organ: row.other_organ, case_id: row.other_case_id },
            matched: row.matched,
            received_at: row.received_at,
            came_before: row.came_before,
        })
    }
}

fn decode<M: prost::Message + Default>(
    table: &'static str,
    key: Uuid,
    column: &'static str,
    bytes: &[u8],
) -> Result<M, Damaged> {
    Row { table, key }.need(column, M::decode(bytes).ok())
}

impl TryFrom<LinkRow> for Link {
    type Error = Damaged;

    fn try_from(row: LinkRow) -> Result<Self, Damaged> {
        Ok(Self {
            case_id: row.case_id,
            other: Other { organ: row.other_organ, case_id: row.other_case_id },
            linked: decode("case_link", row.case_id, "linked", &row.linked)?,
            at: Row { table: "case_link", key: row.case_id }.moment("at", row.at)?,
            stands: row.stands,
        })
    }
}

/// All links in the ledger of an organ that these cases have, those taken back included.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Link>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<LinkRow> =
        sqlx::query_as(include_str!("load_links.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(Link::try_from(row)?)).collect()
}

/// Saves links.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, links: &[Link]) -> Result<(), sqlx::Error> {
    if links.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_links.sql"))
        .bind(organ)
        .bind(links.iter().map(|link| link.case_id).collect::<Vec<_>>())
        .bind(links.iter().map(|link| link.other.organ.as_str()).collect::<Vec<_>>())
        .bind(links.iter().map(|link| link.other.case_id).collect::<Vec<_>>())
        .bind(links.iter().map(|link| link.linked.encode_to_vec()).collect::<Vec<_>>())
        .bind(links.iter().map(|link| Timestamp::as_microsecond(link.at)).collect::<Vec<_>>())
        .bind(links.iter().map(|link| link.stands).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The links of a case that stand, those of others to it included; the earliest case first.
pub(crate) async fn links_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<LinkShown>, sqlx::Error> {
    let rows: Vec<(String, Vec<u8>, Uuid, String, i64)> =
        sqlx::query_as(include_str!("links_of_case.sql")).bind(organ).bind(case_id).fetch_all(pool).await?;
    let linked = |(organ, linked, case_id, number, received_at): (String, Vec<u8>, Uuid, String, i64)| {
        let linked = decode("case_link", case_id, "linked", &linked)?;
        Ok(LinkShown { other: Other { organ, case_id }, linked, number, received_at })
    };
    rows.into_iter().map(linked).collect()
}

/// The other complaints of the same person, links that were taken back left out.
pub(crate) async fn repeats_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<ComplaintReceived>, sqlx::Error> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("repeats_of_case.sql"))
        .bind(organ)
        .bind(case_id)
        .bind(LOOKED_AT)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| Ok(decode("case_file", case_id, "received", row)?)).collect()
}

/// The cases, in any organ, with one of these identifiers.
pub(crate) async fn find_same(pool: &PgPool, indexes: &[(i16, [u8; 32])]) -> Result<Vec<Same>, sqlx::Error> {
    let (kinds, hashes): (Vec<i16>, Vec<&[u8]>) =
        indexes.iter().map(|(kind, hash)| (*kind, hash.as_slice())).unzip();
    let rows: Vec<(String, Uuid, i32, String, Vec<u8>, i64)> = sqlx::query_as(include_str!("find_same.sql"))
        .bind(kinds)
        .bind(hashes)
        .bind(LOOKED_AT)
        .fetch_all(pool)
        .await?;
    let same = |(organ, case_id, matched, number, received, received_at): (_, _, _, _, Vec<u8>, _)| {
        let received = decode("case_file", case_id, "received", &received)?;
        Ok(Same { other: Other { organ, case_id }, matched, number, received, received_at })
    };
    rows.into_iter().map(same).collect()
}

/// The cases, in any organ, that have an identifier in common with these.
pub(crate) async fn find_repeats(
    pool: &PgPool,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Candidate>, sqlx::Error> {
    let rows: Vec<CandidateRow> = sqlx::query_as(include_str!("find_repeats.sql"))
        .bind(organ)
        .bind(cases)
        .bind(LOOKED_AT)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(Candidate::try_from(row)?)).collect()
}
