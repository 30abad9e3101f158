//! The table `case_part`.

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::TermState;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::routed_case::decode;
use crate::domain::{Case, Part};

/// A part in a list, with its case and the organ in whose ledger it is known.
#[derive(Clone, Debug)]
pub(crate) struct ListedPart {
    pub(crate) organ: String,
    pub(crate) case_id: Uuid,
    pub(crate) part: u32,
    pub(crate) case: Case,
    due_at: i64,
}

/// Which parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    pub(crate) elsewhere: bool,
    pub(crate) closed: bool,
}

/// Where a page of parts ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PartKey {
    due_at: i64,
    case_id: Uuid,
    part: i32,
    organ: String,
}

impl PartKey {
    /// The first page comes after this.
    fn begin() -> Self {
        Self { due_at: i64::MIN, case_id: Uuid::nil(), part: 0, organ: String::new() }
    }

    /// The key of a row.
    pub(crate) fn of(listed: &ListedPart) -> Self {
        let ListedPart { organ, case_id, part, due_at, .. } = listed;
        Self { due_at: *due_at, case_id: *case_id, part: part.cast_signed(), organ: organ.clone() }
    }
}

/// Nobody waits for it in this ledger: it is answered or ended, the case is, or another organ leads now.
fn is_closed(organ: &str, case: &Case, part: &Part) -> bool {
    let leads =
        case.current().is_some_and(|tenure| tenure.organ == organ && tenure.state() != TermState::Superseded);
    let concerned = part.facts.organ == organ || case.is_home(organ) || leads;
    !part.is_open() || case.state() != CaseState::InHandling || !concerned
}

/// Saves the parts of cases.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[(Uuid, Case)],
) -> Result<(), sqlx::Error> {
    let parts: Vec<(Uuid, &Case, &Part)> =
        cases.iter().flat_map(|(id, case)| case.parts.iter().map(move |part| (*id, case, part))).collect();
    if parts.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_case_parts.sql"))
        .bind(organ)
        .bind(parts.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
        .bind(parts.iter().map(|(.., part)| part.facts.part.cast_signed()).collect::<Vec<_>>())
        .bind(parts.iter().map(|(.., part)| part.facts.organ != organ).collect::<Vec<_>>())
        .bind(parts.iter().map(|(_, case, part)| is_closed(organ, case, part)).collect::<Vec<_>>())
        .bind(parts.iter().map(|(.., part)| part.due_at().as_microsecond()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the parts that these organs know, the most urgent first.
pub(crate) async fn list_parts(
    pool: &PgPool,
    organs: &[String],
    wanted: Wanted,
    after: Option<PartKey>,
    size: i64,
) -> Result<Vec<ListedPart>, sqlx::Error> {
    let after = after.unwrap_or_else(PartKey::begin);
    let rows: Vec<(String, Uuid, i32, i64, Vec<u8>)> = sqlx::query_as(include_str!("list_parts.sql"))
        .bind(organs)
        .bind(wanted.elsewhere)
        .bind(wanted.closed)
        .bind(after.due_at)
        .bind(after.case_id)
        .bind(after.part)
        .bind(after.organ)
        .bind(size)
        .fetch_all(pool)
        .await?;
    let listed = |(organ, case_id, part, due_at, body): (String, Uuid, i32, i64, Vec<u8>)| {
        let case = decode(case_id, &body)?;
        Ok(ListedPart { organ, case_id, part: part.cast_unsigned(), case, due_at })
    };
    rows.into_iter().map(listed).collect()
}
