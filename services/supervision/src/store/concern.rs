//! The table `concern`.

use duban_proto::supervision::v1::ConcernKind;
use ledger::to_micros;
use postgres::row::{Damaged, Row, small};
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Concern, ConcernKey};

/// A concern as it is listed.
#[derive(Clone, Debug)]
pub(crate) struct Noted {
    pub(crate) organ: String,
    pub(crate) concern: Concern,
    /// The case's number; empty where it has no clock in this ledger.
    pub(crate) number: String,
}

/// Where a page of concerns ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct NotedKey {
    is_open: bool,
    noted_at: i64,
    case_id: Uuid,
    other_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct ConcernRow {
    case_id: Uuid,
    other_id: Uuid,
    kind: i16,
    about: Option<Uuid>,
    other_organ: String,
    noted_at: i64,
    is_open: bool,
}

#[derive(sqlx::FromRow)]
struct NotedRow {
    organ: String,
    number: String,
    #[sqlx(flatten)]
    concern: ConcernRow,
}

impl NotedKey {
    /// The key of a concern.
    pub(crate) fn of(noted: &Noted) -> Self {
        let Concern { key, noted_at, is_open, .. } = &noted.concern;
        let ConcernKey { case_id, other_id } = *key;
        Self { is_open: *is_open, noted_at: to_micros(*noted_at), case_id, other_id }
    }

    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin =
            |is_open| Self { is_open, noted_at: i64::MAX, case_id: Uuid::max(), other_id: Uuid::max() };
        let last = after.unwrap_or(begin(true));
        if last.is_open && !open_only { vec![last, begin(false)] } else { vec![last] }
    }
}

impl TryFrom<ConcernRow> for Concern {
    type Error = Damaged;

    fn try_from(row: ConcernRow) -> Result<Self, Damaged> {
        let ConcernRow { case_id, other_id, kind, about, other_organ, noted_at, is_open } = row;
        let at = Row { table: "concern", key: case_id };
        let kind: ConcernKind = at.value("kind", kind)?;
        let noted_at = at.moment("noted_at", noted_at)?;
        Ok(Self { key: ConcernKey { case_id, other_id }, kind, about, other_organ, noted_at, is_open })
    }
}

/// The concerns of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Concern>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ConcernRow> =
        sqlx::query_as(include_str!("load_concerns.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

/// Saves concerns.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    concerns: &[&Concern],
) -> Result<(), sqlx::Error> {
    if concerns.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_concerns.sql"))
        .bind(organ)
        .bind(concerns.iter().map(|it| it.key.case_id).collect::<Vec<_>>())
        .bind(concerns.iter().map(|it| it.key.other_id).collect::<Vec<_>>())
        .bind(concerns.iter().map(|it| small(it.kind.into())).collect::<Vec<_>>())
        .bind(concerns.iter().map(|it| it.about).collect::<Vec<_>>())
        .bind(concerns.iter().map(|it| it.other_organ.as_str()).collect::<Vec<_>>())
        .bind(concerns.iter().map(|it| to_micros(it.noted_at)).collect::<Vec<_>>())
        .bind(concerns.iter().map(|it| it.is_open).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of these organs' concerns: open ones first, newest first.
pub(crate) async fn list_concerns(
    pool: &PgPool,
    organs: &[String],
    open_only: bool,
    after: Option<NotedKey>,
    size: i64,
) -> Result<Vec<Noted>, sqlx::Error> {
    let keys = NotedKey::each(open_only, after);
    let rows: Vec<NotedRow> = sqlx::query_as(include_str!("list_concerns.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.noted_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.case_id).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.other_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|NotedRow { organ, number, concern }| Ok(Noted { organ, number, concern: concern.try_into()? }))
        .collect()
}
