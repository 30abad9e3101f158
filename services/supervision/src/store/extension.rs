//! The table `extension`.

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::ExtensionState;
use ledger::to_micros;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{ClockKey, Extension};
use postgres::row::{Damaged, Row, small};

/// An extension, and the organ in whose ledger it was asked for.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) organ: String,
    pub(crate) extension: Extension,
}

/// Where a page of extensions ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ExtensionKey {
    is_open: bool,
    requested_at: i64,
    extension_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct ExtensionRow {
    organ: String,
    extension_id: Uuid,
    case_id: Uuid,
    term: i32,
    number: String,
    length: String,
    due_at: i64,
    requested_by: String,
    requested_at: i64,
    reason: Vec<u8>,
    state: i16,
    decided_by: String,
    words: Vec<u8>,
}

impl ExtensionKey {
    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin = |is_open| Self { is_open, requested_at: i64::MAX, extension_id: Uuid::max() };
        let last = after.unwrap_or(begin(true));
        match (last.is_open, open_only) {
            (true, false) => vec![last, begin(false)],
            _ => vec![last],
        }
    }

    /// The key of an extension.
    pub(crate) fn of(extension: &Extension) -> Self {
        Self {
            is_open: is_open(extension),
            requested_at: to_micros(extension.requested_at),
            extension_id: extension.id,
        }
    }
}

impl TryFrom<ExtensionRow> for Asked {
    type Error = Damaged;

    fn try_from(row: ExtensionRow) -> Result<Self, Damaged> {
        let at = Row { table: "extension", key: row.extension_id };
        let extension = Extension {
            id: row.extension_id,
            clock: ClockKey::term(row.case_id, at.count("term", row.term)?),
            number: row.number,
            length: at.need("length", row.length.parse().ok())?,
            due_at: at.moment("due_at", row.due_at)?,
            requested_by: row.requested_by,
            requested_at: at.moment("requested_at", row.requested_at)?,
            reason: at.need("reason", ContentRef::decode(row.reason.as_slice()).ok())?,
            state: at.value("state", row.state)?,
            decided_by: row.decided_by,
            words: at.need("words", ContentRef::decode(row.words.as_slice()).ok())?,
        };
        Ok(Self { organ: row.organ, extension })
    }
}

/// The extensions of these cases in an organ's ledger.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Extension>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<ExtensionRow> =
        sqlx::query_as(include_str!("load_extensions.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(Asked::try_from(row)?.extension)).collect()
}

/// Saves extensions.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    extensions: &[&Extension],
) -> Result<(), sqlx::Error> {
    if extensions.is_empty() {
        return Ok(());
    }
    let text = |of: fn(&Extension) -> &str| -> Vec<&str> { extensions.iter().map(|it| of(it)).collect() };
    sqlx::query(include_str!("save_extensions.sql"))
        .bind(organ)
        .bind(extensions.iter().map(|it| it.id).collect::<Vec<_>>())
        .bind(extensions.iter().map(|it| it.clock.case_id).collect::<Vec<_>>())
        .bind(extensions.iter().map(|it| it.clock.term.cast_signed()).collect::<Vec<_>>())
        .bind(text(|it| &it.number))
        .bind(extensions.iter().map(|it| it.length.to_string()).collect::<Vec<_>>())
        .bind(extensions.iter().map(|it| to_micros(it.due_at)).collect::<Vec<_>>())
        .bind(text(|it| &it.requested_by))
        .bind(extensions.iter().map(|it| to_micros(it.requested_at)).collect::<Vec<_>>())
        .bind(extensions.iter().map(|it| it.reason.encode_to_vec()).collect::<Vec<_>>())
        .bind(extensions.iter().map(|it| small(it.state.into())).collect::<Vec<_>>())
        .bind(text(|it| &it.decided_by))
        .bind(extensions.iter().map(|it| is_open(it)).collect::<Vec<_>>())
        .bind(extensions.iter().map(|it| it.words.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Those of these cases that have a data key in an organ's ledger.
pub(super) async fn keyed_cases(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Uuid>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    sqlx::query_scalar(include_str!("keyed_cases.sql")).bind(organ).bind(cases).fetch_all(tx).await
}

/// The extension of this id and case in one of these organs' ledgers.
pub(crate) async fn find_extension(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
    extension_id: Uuid,
) -> Result<Option<Asked>, sqlx::Error> {
    let row: Option<ExtensionRow> = sqlx::query_as(include_str!("find_extension.sql"))
        .bind(organs)
        .bind(extension_id)
        .bind(case_id)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(Asked::try_from).transpose()?)
}

/// A page of these organs' extensions: open ones first, newest first.
pub(crate) async fn list_extensions(
    pool: &PgPool,
    organs: &[String],
    open_only: bool,
    after: Option<ExtensionKey>,
    size: i64,
) -> Result<Vec<Asked>, sqlx::Error> {
    let keys = ExtensionKey::each(open_only, after);
    let rows: Vec<ExtensionRow> = sqlx::query_as(include_str!("list_extensions.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.requested_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.extension_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}

fn is_open(extension: &Extension) -> bool {
    extension.state == ExtensionState::Requested
}
