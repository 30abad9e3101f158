//! The tables `follow_up` and `case_handler`.

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::{FollowUp as Shown, FollowUpState};
use ledger::to_micros;
use postgres::row::{Damaged, Row};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::follow_up::{FollowUp, FollowUpId, FollowUps, Part, Took};
use crate::domain::time::from_wire;

/// A follow-up as it is listed.
#[derive(Clone, Debug)]
pub(crate) struct Followed {
    pub(crate) organ: String,
    pub(crate) follow_up: FollowUp,
    /// The case's number; empty where it has no clock in this ledger.
    pub(crate) number: String,
    /// Who asks took part in the handling of the case.
    pub(crate) took_part: bool,
}

/// Where a page of follow-ups ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct FollowUpKey {
    is_open: bool,
    due_at: i64,
    follow_up_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct FollowUpRow {
    case_id: Uuid,
    follow_up_id: Uuid,
    told_by: String,
    words: Option<Vec<u8>>,
    shown: Vec<u8>,
}

#[derive(sqlx::FromRow)]
struct FollowedRow {
    organ: String,
    number: String,
    took_part: bool,
    #[sqlx(flatten)]
    follow_up: FollowUpRow,
}

#[derive(sqlx::FromRow)]
struct PartRow {
    case_id: Uuid,
    handled_by: String,
    person: String,
    term: i32,
    approved: bool,
}

impl FollowUpKey {
    /// The key of a follow-up.
    pub(crate) fn of(followed: &Followed) -> Self {
        let follow_up = &followed.follow_up;
        Self { is_open: is_open(follow_up), due_at: due_at(follow_up), follow_up_id: follow_up.key.id }
    }

    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin = |is_open| Self { is_open, due_at: i64::MIN, follow_up_id: Uuid::nil() };
        let last = after.unwrap_or(begin(true));
        if last.is_open && !open_only { vec![last, begin(false)] } else { vec![last] }
    }
}

impl TryFrom<FollowUpRow> for FollowUp {
    type Error = Damaged;

    fn try_from(row: FollowUpRow) -> Result<Self, Damaged> {
        let FollowUpRow { case_id, follow_up_id, told_by, words, shown } = row;
        let at = Row { table: "follow_up", key: follow_up_id };
        let words =
            words.map(|words| at.need("words", ContentRef::decode(words.as_slice()).ok())).transpose()?;
        let shown = at.need("shown", Shown::decode(shown.as_slice()).ok())?;
        Ok(Self { key: FollowUpId { case_id, id: follow_up_id }, told_by, words, shown })
    }
}

/// The follow-ups of these cases in an organ's ledger, and who handled them.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<FollowUps, sqlx::Error> {
    let mut loaded = FollowUps::default();
    if cases.is_empty() {
        return Ok(loaded);
    }
    let rows: Vec<FollowUpRow> = sqlx::query_as(include_str!("load_follow_ups.sql"))
        .bind(organ)
        .bind(cases)
        .fetch_all(&mut *tx)
        .await?;
    for row in rows {
        let follow_up = FollowUp::try_from(row)?;
        loaded.all.insert(follow_up.key, follow_up);
    }
    let rows: Vec<PartRow> =
        sqlx::query_as(include_str!("load_handlers.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    for PartRow { case_id, handled_by, person, term, approved } in rows {
        let term = Row { table: "case_handler", key: case_id }.count("term", term)?;
        loaded.parts.insert(Part { case_id, handled_by, person }, Took { term, approved });
    }
    Ok(loaded)
}

/// Saves what changed.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    follow_ups: &FollowUps,
) -> Result<(), sqlx::Error> {
    let changed: Vec<&FollowUp> = follow_ups.dirty.iter().filter_map(|key| follow_ups.all.get(key)).collect();
    if !changed.is_empty() {
        sqlx::query(include_str!("save_follow_ups.sql"))
            .bind(organ)
            .bind(changed.iter().map(|it| it.key.case_id).collect::<Vec<_>>())
            .bind(changed.iter().map(|it| it.key.id).collect::<Vec<_>>())
            .bind(changed.iter().map(|it| is_open(it)).collect::<Vec<_>>())
            .bind(changed.iter().map(|it| due_at(it)).collect::<Vec<_>>())
            .bind(changed.iter().map(|it| it.told_by.as_str()).collect::<Vec<_>>())
            .bind(
                changed.iter().map(|it| it.words.as_ref().map(ContentRef::encode_to_vec)).collect::<Vec<_>>(),
            )
            .bind(changed.iter().map(|it| it.shown.encode_to_vec()).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    let parts = follow_ups.dirty_parts.iter().filter_map(|part| Some((part, follow_ups.parts.get(part)?)));
    let parts: Vec<(&Part, &Took)> = parts.collect();
    if !parts.is_empty() {
        sqlx::query(include_str!("save_handlers.sql"))
            .bind(organ)
            .bind(parts.iter().map(|(part, _)| part.case_id).collect::<Vec<_>>())
            .bind(parts.iter().map(|(part, _)| part.handled_by.as_str()).collect::<Vec<_>>())
            .bind(parts.iter().map(|(part, _)| part.person.as_str()).collect::<Vec<_>>())
            .bind(parts.iter().map(|(_, took)| took.term.cast_signed()).collect::<Vec<_>>())
            .bind(parts.iter().map(|(_, took)| took.approved).collect::<Vec<_>>())
            .execute(tx)
            .await?;
    }
    Ok(())
}

/// A page of these organs' follow-ups: open ones first, the one that is due first at the top.
pub(crate) async fn list_follow_ups(
    pool: &PgPool,
    organs: &[String],
    open_only: bool,
    after: Option<FollowUpKey>,
    size: i64,
    asker: &str,
) -> Result<Vec<Followed>, sqlx::Error> {
    let keys = FollowUpKey::each(open_only, after);
    let rows: Vec<FollowedRow> = sqlx::query_as(include_str!("list_follow_ups.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.due_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.follow_up_id).collect::<Vec<_>>())
        .bind(size)
        .bind(asker)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(followed).collect()
}

/// The follow-ups of a case in these organs' ledgers.
pub(crate) async fn follow_ups_of_case(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
    asker: &str,
) -> Result<Vec<Followed>, sqlx::Error> {
    let rows: Vec<FollowedRow> = sqlx::query_as(include_str!("follow_ups_of_case.sql"))
        .bind(organs)
        .bind(case_id)
        .bind(asker)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(followed).collect()
}

fn followed(row: FollowedRow) -> Result<Followed, sqlx::Error> {
    let FollowedRow { organ, number, took_part, follow_up } = row;
    Ok(Followed { organ, follow_up: follow_up.try_into()?, number, took_part })
}

fn is_open(follow_up: &FollowUp) -> bool {
    follow_up.state() == FollowUpState::Open
}

fn due_at(follow_up: &FollowUp) -> i64 {
    to_micros(from_wire(follow_up.shown.due_at.as_ref()))
}
