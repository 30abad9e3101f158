//! The table `reply`.

use std::collections::{BTreeMap, HashMap};

use duban_proto::common::v1::Citation;
use duban_proto::intake::v1::DeliveryBegun;
use jiff::Timestamp;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Case, Delivery, Reply};
use postgres::row::{Damaged, Row, small};

/// A reply, and the organ in whose ledger it is.
#[derive(Clone, Debug)]
pub(crate) struct ReplyRow {
    pub(crate) organ: String,
    pub(crate) reply: Reply,
}

/// Where a page of replies ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ReplyKey {
    is_open: bool,
    urgency: i64,
    reply_id: Uuid,
}

/// Which replies are listed.
#[derive(Clone, Debug)]
pub(crate) enum Which {
    /// All.
    All,
    /// Open ones.
    Open,
    /// Open ones that a person has to see to.
    ForPerson {
        /// The ways by which the program sends.
        sent: Vec<String>,
    },
}

#[derive(sqlx::FromRow)]
pub(super) struct Columns {
    organ: String,
    reply_id: Uuid,
    case_id: Uuid,
    occasion: i16,
    since: i64,
    due_at: Option<i64>,
    citation: Option<Vec<u8>>,
    outcome: i16,
    attempts: i32,
    route: String,
    next_at: Option<i64>,
    begun: Option<Vec<u8>>,
    progress: i16,
    code: String,
    spent: i32,
    rated: bool,
}

impl ReplyKey {
    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin = |is_open| Self { is_open, urgency: i64::MIN, reply_id: Uuid::nil() };
        let last = after.unwrap_or(begin(true));
        match (last.is_open, open_only) {
            (true, false) => vec![last, begin(false)],
            _ => vec![last],
        }
    }

    /// The key of a reply.
    pub(crate) fn of(reply: &Reply) -> Self {
        Self { is_open: reply.is_open(), urgency: urgency(reply), reply_id: reply.reply_id }
    }
}

impl Which {
    fn open_only(&self) -> bool {
        !matches!(self, Self::All)
    }

    fn for_person(&self) -> bool {
        matches!(self, Self::ForPerson { .. })
    }

    fn sent(&self) -> &[String] {
        if let Self::ForPerson { sent } = self { sent } else { &[] }
    }
}

impl TryFrom<Columns> for ReplyRow {
    type Error = Damaged;

    fn try_from(row: Columns) -> Result<Self, Damaged> {
        let at = Row { table: "reply", key: row.reply_id };
        let citation = row.citation.map(|bytes| at.need("citation", Citation::decode(bytes.as_slice()).ok()));
        let begun = row.begun.map(|bytes| at.need("begun", DeliveryBegun::decode(bytes.as_slice()).ok()));
        let reply = Reply {
            reply_id: row.reply_id,
            case_id: row.case_id,
            occasion: at.value("occasion", row.occasion)?,
            since: at.moment("since", row.since)?,
            due_at: at.optional_moment("due_at", row.due_at)?,
            citation: citation.transpose()?,
            outcome: at.value("outcome", row.outcome)?,
            attempts: at.count("attempts", row.attempts)?,
            delivery: Delivery {
                route: row.route,
                next_at: at.optional_moment("next_at", row.next_at)?,
                begun: begun.transpose()?,
                progress: at.need("progress", row.progress.try_into().ok())?,
                code: row.code,
                spent: at.count("spent", row.spent)?,
            },
            rated: row.rated,
        };
        Ok(Self { organ: row.organ, reply })
    }
}

/// All replies of these cases.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Reply>, sqlx::Error> {
    let rows: Vec<Columns> =
        sqlx::query_as(include_str!("load_replies.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(ReplyRow::try_from(row)?.reply)).collect()
}

/// All replies of a case, for a handler.
pub(crate) async fn replies_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Reply>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    load(&mut connection, organ, &[case_id]).await
}

/// Saves replies.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, replies: &[Reply]) -> Result<(), sqlx::Error> {
    if replies.is_empty() {
        return Ok(());
    }
    let citation = |reply: &Reply| reply.citation.as_ref().map(prost::Message::encode_to_vec);
    let begun = |reply: &Reply| reply.delivery.begun.as_ref().map(prost::Message::encode_to_vec);
    let next_at = |reply: &Reply| reply.delivery.next_at.map(Timestamp::as_microsecond);
    sqlx::query(include_str!("save_replies.sql"))
        .bind(organ)
        .bind(replies.iter().map(|reply| reply.reply_id).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.case_id).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| small(reply.occasion.into())).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.since.as_microsecond()).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.due_at.map(Timestamp::as_microsecond)).collect::<Vec<_>>())
        .bind(replies.iter().map(citation).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| small(reply.outcome.into())).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.attempts.cast_signed()).collect::<Vec<_>>())
        .bind(replies.iter().map(Reply::is_open).collect::<Vec<_>>())
        .bind(replies.iter().map(urgency).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.delivery.route.as_str()).collect::<Vec<_>>())
        .bind(replies.iter().map(next_at).collect::<Vec<_>>())
        .bind(replies.iter().map(begun).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.delivery.progress as i16).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.delivery.code.as_str()).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.delivery.spent.cast_signed()).collect::<Vec<_>>())
        .bind(replies.iter().map(|reply| reply.rated).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// What an open list is sorted by: what has no limit comes last.
fn urgency(reply: &Reply) -> i64 {
    reply.due_at.map_or(i64::MAX, Timestamp::as_microsecond)
}

/// A page of the replies of these organs, open ones first, the most urgent first.
pub(crate) async fn list_replies(
    pool: &PgPool,
    organs: &[String],
    which: Which,
    after: Option<ReplyKey>,
    size: i64,
) -> Result<Vec<ReplyRow>, sqlx::Error> {
    let keys = ReplyKey::each(which.open_only(), after);
    let rows: Vec<Columns> = sqlx::query_as(include_str!("list_replies.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.urgency).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.reply_id).collect::<Vec<_>>())
        .bind(size)
        .bind(which.for_person())
        .bind(which.sent())
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(ReplyRow::try_from(row)?)).collect()
}

/// The same for one case.
pub(crate) async fn list_replies_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
    which: Which,
    after: Option<ReplyKey>,
    size: i64,
) -> Result<Vec<ReplyRow>, sqlx::Error> {
    let keys = ReplyKey::each(which.open_only(), after);
    let rows: Vec<Columns> = sqlx::query_as(include_str!("list_replies_of_case.sql"))
        .bind(organ)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.urgency).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.reply_id).collect::<Vec<_>>())
        .bind(size)
        .bind(case_id)
        .bind(which.for_person())
        .bind(which.sent())
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(ReplyRow::try_from(row)?)).collect()
}

/// The cases of these replies, by id.
pub(crate) async fn cases_of(pool: &PgPool, rows: &[ReplyRow]) -> Result<HashMap<Uuid, Case>, sqlx::Error> {
    let mut by_organ = BTreeMap::<&str, Vec<Uuid>>::new();
    for row in rows {
        by_organ.entry(&row.organ).or_default().push(row.reply.case_id);
    }
    let mut cases = HashMap::new();
    let mut connection = pool.acquire().await?;
    for (organ, mut ids) in by_organ {
        ids.sort_unstable();
        ids.dedup();
        let found = super::case_file::load(&mut connection, organ, &ids).await?;
        cases.extend(found.into_iter().map(|case| (case.case_id, case)));
    }
    Ok(cases)
}
