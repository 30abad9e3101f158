//! The table `notice`.

use jiff::Timestamp;
use ledger::{from_micros, to_micros};
use postgres::row::{Damaged, Row};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Notice;
use crate::domain::time::from_wire;

/// Where a page of notices ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct NoticeKey {
    is_open: bool,
    issued_at: i64,
    notice_id: Uuid,
}

/// The notices whose answer is overdue, each with its organ and case, and when the next will be.
#[derive(Debug)]
pub(crate) struct Lapsing {
    pub(crate) due: Vec<(String, Uuid, Uuid)>,
    pub(crate) next: Option<Timestamp>,
}

impl NoticeKey {
    /// The key of a notice.
    pub(crate) fn of(notice: &Notice) -> Self {
        Self { is_open: notice.is_open(), issued_at: issued_at(notice), notice_id: notice.id() }
    }

    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin = |is_open| Self { is_open, issued_at: i64::MAX, notice_id: Uuid::max() };
        let last = after.unwrap_or(begin(true));
        if last.is_open && !open_only { vec![last, begin(false)] } else { vec![last] }
    }
}

fn issued_at(notice: &Notice) -> i64 {
    to_micros(from_wire(notice.told.issued_at.as_ref()))
}

fn read(bytes: &[u8]) -> Result<Notice, Damaged> {
    Row { table: "notice", key: Uuid::nil() }.need("notice", Notice::decode(bytes).ok())
}

/// The notices of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Notice>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_issued.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(read(row)?)).collect()
}

/// Saves notices.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, notices: &[&Notice]) -> Result<(), sqlx::Error> {
    if notices.is_empty() {
        return Ok(());
    }
    // The organ that issued it says when it is overdue.
    let next = |it: &Notice| it.next_at().filter(|_| it.told.issued_by == organ).map(to_micros);
    sqlx::query(include_str!("save_issued.sql"))
        .bind(organ)
        .bind(notices.iter().map(|it| it.id()).collect::<Vec<_>>())
        .bind(notices.iter().map(|it| it.case_id()).collect::<Vec<_>>())
        .bind(notices.iter().map(|it| it.told.issued_by.as_str()).collect::<Vec<_>>())
        .bind(notices.iter().map(|it| issued_at(it)).collect::<Vec<_>>())
        .bind(notices.iter().map(|it| it.is_open()).collect::<Vec<_>>())
        .bind(notices.iter().map(|it| next(it)).collect::<Vec<_>>())
        .bind(notices.iter().map(|it| it.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The notices of a case in these organs' ledgers, oldest first.
pub(crate) async fn issued_of_case(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
) -> Result<Vec<Notice>, sqlx::Error> {
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("issued_of_case.sql"))
        .bind(organs)
        .bind(case_id)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| Ok(read(row)?)).collect()
}

/// A notice of a case in these organs' ledgers: where it was issued, if that is among them.
pub(crate) async fn find_issued(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
    notice_id: Uuid,
) -> Result<Option<Notice>, sqlx::Error> {
    let all = issued_of_case(pool, organs, case_id).await?;
    Ok(all.into_iter().find(|notice| notice.id() == notice_id))
}

/// A page of these organs' notices: open ones first, newest first.
pub(crate) async fn list_issued(
    pool: &PgPool,
    organs: &[String],
    open_only: bool,
    after: Option<NoticeKey>,
    size: i64,
) -> Result<Vec<Notice>, sqlx::Error> {
    let keys = NoticeKey::each(open_only, after);
    let rows: Vec<Vec<u8>> = sqlx::query_scalar(include_str!("list_issued.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.issued_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.notice_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.iter().map(|row| Ok(read(row)?)).collect()
}

/// Up to `most` notices whose answer is overdue at `now`, and when the next will be.
pub(crate) async fn lapsing(pool: &PgPool, now: Timestamp, most: i64) -> Result<Lapsing, sqlx::Error> {
    let now = to_micros(now);
    let rows: Vec<(String, Uuid, Uuid, i64)> =
        sqlx::query_as(include_str!("due_issued.sql")).bind(now).bind(most).fetch_all(pool).await?;
    let (due, later): (Vec<_>, Vec<_>) = rows.into_iter().partition(|(.., at)| *at <= now);
    Ok(Lapsing {
        due: due.into_iter().map(|(organ, case_id, id, _)| (organ, case_id, id)).collect(),
        next: later.first().map(|(.., at)| from_micros(*at)),
    })
}
