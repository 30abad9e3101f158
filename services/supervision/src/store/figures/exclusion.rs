//! The table `exclusion`.

use std::collections::BTreeSet;

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::ExclusionState;
use ledger::to_micros;
use postgres::row::{Damaged, Row, small};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::figures::{Exclusion, FiguresBook};

/// An exclusion, and the organ in whose ledger it is.
#[derive(Clone, Debug)]
pub(crate) struct Proposed {
    pub(crate) organ: String,
    pub(crate) exclusion: Exclusion,
}

/// Where a page of exclusions ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ExclusionKey {
    is_open: bool,
    proposed_at: i64,
    exclusion_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct ExclusionRow {
    organ: String,
    exclusion_id: Uuid,
    case_id: Uuid,
    number: String,
    reason: Vec<u8>,
    state: i16,
    proposed_by: String,
    proposed_at: i64,
    decided_by: String,
}

impl ExclusionKey {
    /// The key of an exclusion.
    pub(crate) fn of(proposed: &Proposed) -> Self {
        let Exclusion { id, state, proposed_at, .. } = proposed.exclusion;
        let is_open = state == ExclusionState::Proposed;
        Self { is_open, proposed_at: to_micros(proposed_at), exclusion_id: id }
    }

    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin = |is_open| Self { is_open, proposed_at: i64::MAX, exclusion_id: Uuid::max() };
        let last = after.unwrap_or(begin(true));
        if last.is_open && !open_only { vec![last, begin(false)] } else { vec![last] }
    }
}

impl TryFrom<ExclusionRow> for Proposed {
    type Error = Damaged;

    fn try_from(row: ExclusionRow) -> Result<Self, Damaged> {
        let at = Row { table: "exclusion", key: row.exclusion_id };
        let exclusion = Exclusion {
            id: row.exclusion_id,
            case_id: row.case_id,
            number: row.number,
            reason: at.need("reason", ContentRef::decode(row.reason.as_slice()).ok())?,
            state: at.value("state", row.state)?,
            proposed_by: row.proposed_by,
            proposed_at: at.moment("proposed_at", row.proposed_at)?,
            decided_by: row.decided_by,
        };
        Ok(Self { organ: row.organ, exclusion })
    }
}

/// The exclusions of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    book: &mut FiguresBook,
    cases: &[Uuid],
) -> Result<(), sqlx::Error> {
    let rows: Vec<ExclusionRow> =
        sqlx::query_as(include_str!("../load_exclusions.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    for row in rows {
        let exclusion = Proposed::try_from(row)?.exclusion;
        book.exclusions.insert(exclusion.id, exclusion);
    }
    Ok(())
}

/// Saves exclusions.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changed: &[&Exclusion],
) -> Result<(), sqlx::Error> {
    if changed.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("../save_exclusions.sql"))
        .bind(organ)
        .bind(changed.iter().map(|it| it.id).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.case_id).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.number.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.reason.encode_to_vec()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| small(it.state.into())).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.proposed_by.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| to_micros(it.proposed_at)).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.decided_by.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|it| it.state == ExclusionState::Proposed).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// An exclusion in one of these organs' ledgers.
pub(crate) async fn find_exclusion(
    pool: &PgPool,
    organs: &[String],
    id: Uuid,
) -> Result<Option<Proposed>, sqlx::Error> {
    let row: Option<ExclusionRow> = sqlx::query_as(include_str!("../find_exclusion.sql"))
        .bind(organs)
        .bind(id)
        .fetch_optional(pool)
        .await?;
    row.map(|row| Ok(row.try_into()?)).transpose()
}

/// Of these cases, each in its organ's ledger, those of which an exclusion is proposed or approved.
pub(crate) async fn excluded_cases(
    pool: &PgPool,
    organs: &[&str],
    cases: &[Uuid],
) -> Result<BTreeSet<(String, Uuid)>, sqlx::Error> {
    let query = sqlx::query_as(include_str!("../excluded_cases.sql")).bind(organs).bind(cases);
    Ok(query.fetch_all(pool).await?.into_iter().collect())
}

/// A page of these organs' exclusions: open ones first, newest first.
pub(crate) async fn list_exclusions(
    pool: &PgPool,
    organs: &[String],
    open_only: bool,
    after: Option<ExclusionKey>,
    size: i64,
) -> Result<Vec<Proposed>, sqlx::Error> {
    let keys = ExclusionKey::each(open_only, after);
    let rows: Vec<ExclusionRow> = sqlx::query_as(include_str!("../list_exclusions.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.proposed_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.exclusion_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}
