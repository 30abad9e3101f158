//! The table `case_file`.

use duban_proto::common::v1::{CaseState, ContentRef};
use duban_proto::intake::v1::ComplaintReceived;
use jiff::Timestamp;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Case;
use postgres::row::{Damaged, Row, small};

/// A case, and the organ in whose ledger it is.
#[derive(Clone, Debug)]
pub(crate) struct Filed {
    pub(crate) organ: String,
    pub(crate) case: Case,
}

/// Where a page of cases ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct CaseKey {
    /// Microseconds since 1970.
    pub(crate) received_at: i64,
    pub(crate) case_id: Uuid,
}

/// A stretch of a list: newest first, after a key, and not received before a moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub(crate) after: CaseKey,
    /// Microseconds since 1970.
    pub(crate) from: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct CaseRow {
    organ: String,
    case_id: Uuid,
    state: i16,
    version: i32,
    number: String,
    received: Vec<u8>,
    received_at: i64,
    accepted_at: Option<i64>,
    supplement_due_at: Option<i64>,
    working_item: Option<Uuid>,
    working_version: Option<i32>,
    working_commitment: Option<Vec<u8>>,
    closing: String,
    responsible_organ: String,
    term: i32,
    finding: i16,
    withdrawn: bool,
    treatment: i16,
}

impl CaseKey {
    /// The first page comes after this.
    pub(crate) const BEGIN: Self = Self { received_at: i64::MAX, case_id: Uuid::max() };

    /// What was received before this moment comes after this.
    pub(crate) fn before(moment: Timestamp) -> Self {
        Self { received_at: moment.as_microsecond(), case_id: Uuid::nil() }
    }

    /// The key of a case.
    pub(crate) fn of(case: &Case) -> Self {
        Self { received_at: case.received_at.as_microsecond(), case_id: case.case_id }
    }
}

impl TryFrom<CaseRow> for Filed {
    type Error = Damaged;

    fn try_from(row: CaseRow) -> Result<Self, Damaged> {
        let at = Row { table: "case_file", key: row.case_id };
        let working_copy = match (row.working_item, row.working_version, row.working_commitment) {
            (Some(item), Some(version), Some(commitment)) => Some(ContentRef {
                item_id: item.to_string(),
                version: at.count("working_version", version)?,
                commitment: commitment.into(),
            }),
            _ => None,
        };
        let case = Case {
            case_id: row.case_id,
            state: at.value("state", row.state)?,
            version: at.count("version", row.version)?,
            number: row.number,
            received: at.need("received", ComplaintReceived::decode(row.received.as_slice()).ok())?,
            received_at: at.moment("received_at", row.received_at)?,
            accepted_at: at.optional_moment("accepted_at", row.accepted_at)?,
            supplement_due_at: at.optional_moment("supplement_due_at", row.supplement_due_at)?,
            working_copy,
            closing: row.closing,
            responsible_organ: row.responsible_organ,
            term: at.count("term", row.term)?,
            finding: at.value("finding", row.finding)?,
            withdrawn: row.withdrawn,
            treatment: at.value("treatment", row.treatment)?,
        };
        Ok(Self { organ: row.organ, case })
    }
}

/// These cases of an organ.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Case>, sqlx::Error> {
    let rows: Vec<CaseRow> =
        sqlx::query_as(include_str!("load_cases.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(Filed::try_from(row)?.case)).collect()
}

/// Saves cases.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, cases: &[Case]) -> Result<(), sqlx::Error> {
    if cases.is_empty() {
        return Ok(());
    }
    let copies: Vec<Option<&ContentRef>> = cases.iter().map(|case| case.working_copy.as_ref()).collect();
    let micros = |moment: Option<Timestamp>| moment.map(Timestamp::as_microsecond);
    let column = |of: fn(&Case) -> &str| -> Vec<&str> { cases.iter().map(of).collect() };
    sqlx::query(include_str!("save_cases.sql"))
        .bind(organ)
        .bind(cases.iter().map(|case| case.case_id).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| small(case.state.into())).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.version.cast_signed()).collect::<Vec<_>>())
        .bind(column(|case| &case.number))
        .bind(cases.iter().map(|case| case.received.encode_to_vec()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.received_at.as_microsecond()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| micros(case.accepted_at)).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| micros(case.supplement_due_at)).collect::<Vec<_>>())
        .bind(copies.iter().map(|copy| Uuid::try_parse(&copy.as_ref()?.item_id).ok()).collect::<Vec<_>>())
        .bind(copies.iter().map(|copy| copy.map(|copy| copy.version.cast_signed())).collect::<Vec<_>>())
        .bind(
            copies
                .iter()
                .map(|copy| copy.map(|copy| copy.commitment.as_ref()))
                .collect::<Vec<Option<&[u8]>>>(),
        )
        .bind(column(|case| &case.closing))
        .bind(column(|case| &case.responsible_organ))
        .bind(cases.iter().map(|case| case.term.cast_signed()).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| small(case.finding.into())).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| case.withdrawn).collect::<Vec<_>>())
        .bind(cases.iter().map(|case| small(case.treatment.into())).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The case of this id in one of these organs.
pub(crate) async fn find_case(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
) -> Result<Option<Filed>, sqlx::Error> {
    let row: Option<CaseRow> =
        sqlx::query_as(include_str!("find_case.sql")).bind(organs).bind(case_id).fetch_optional(pool).await?;
    Ok(row.map(Filed::try_from).transpose()?)
}

/// The case of this number in one of these organs.
pub(crate) async fn find_case_by_number(
    pool: &PgPool,
    organs: &[String],
    number: &str,
) -> Result<Option<Filed>, sqlx::Error> {
    let row: Option<CaseRow> = sqlx::query_as(include_str!("find_case_by_number.sql"))
        .bind(organs)
        .bind(number)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Filed::try_from).transpose()?)
}

/// The cases of these organs in these states, newest first.
pub(crate) async fn list_cases(
    pool: &PgPool,
    organs: &[String],
    states: &[CaseState],
    range: Range,
    most: i64,
) -> Result<Vec<Filed>, sqlx::Error> {
    let rows: Vec<CaseRow> = sqlx::query_as(include_str!("list_cases.sql"))
        .bind(organs)
        .bind(columns(states))
        .bind(range.after.received_at)
        .bind(range.after.case_id)
        .bind(most)
        .bind(range.from)
        .fetch_all(pool)
        .await?;
    filed(rows)
}

/// How many there are, up to `most`.
pub(crate) async fn count_cases(
    pool: &PgPool,
    organs: &[String],
    states: &[CaseState],
    range: Range,
    most: i64,
) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(include_str!("count_cases.sql"))
        .bind(organs)
        .bind(columns(states))
        .bind(range.after.received_at)
        .bind(range.from)
        .bind(most)
        .fetch_one(pool)
        .await
}

/// These cases, newest first.
pub(crate) async fn find_cases(
    pool: &PgPool,
    organs: &[&str],
    cases: &[Uuid],
) -> Result<Vec<Filed>, sqlx::Error> {
    let rows: Vec<CaseRow> =
        sqlx::query_as(include_str!("find_cases.sql")).bind(organs).bind(cases).fetch_all(pool).await?;
    filed(rows)
}

fn columns(states: &[CaseState]) -> Vec<i16> {
    states.iter().map(|state| small((*state).into())).collect()
}

pub(super) fn filed(rows: Vec<CaseRow>) -> Result<Vec<Filed>, sqlx::Error> {
    rows.into_iter().map(|row| Ok(Filed::try_from(row)?)).collect()
}
