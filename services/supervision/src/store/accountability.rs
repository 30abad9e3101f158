//! The tables `conduct` and `accountability_file`.

use ledger::to_micros;
use postgres::row::{Damaged, Row};
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::time::from_wire;
use crate::domain::{Conduct, File};

/// A file of accountability, and the organ in whose ledger it stands.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) organ: String,
    pub(crate) file: File,
}

/// Where a page of files ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct FileKey {
    is_open: bool,
    begun_at: i64,
    file_id: Uuid,
}

impl FileKey {
    /// The key of a file.
    pub(crate) fn of(kept: &Kept) -> Self {
        let file = &kept.file;
        Self { is_open: file.is_open(), begun_at: begun_at(file), file_id: file.id() }
    }

    /// What open ones and closed ones come after, on the page after `after`: closed ones are the last.
    fn each(open_only: bool, after: Option<Self>) -> Vec<Self> {
        let begin = |is_open| Self { is_open, begun_at: i64::MAX, file_id: Uuid::max() };
        let last = after.unwrap_or(begin(true));
        if last.is_open && !open_only { vec![last, begin(false)] } else { vec![last] }
    }
}

fn begun_at(file: &File) -> i64 {
    to_micros(from_wire(file.told.begun_at.as_ref()))
}

fn read<T: Message + Default>(table: &'static str, bytes: &[u8]) -> Result<T, Damaged> {
    Row { table, key: Uuid::nil() }.need(table, T::decode(bytes).ok())
}

/// What is known of how these cases are handled, in an organ's ledger.
pub(super) async fn load_conducts(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Conduct>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_conduct.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(read("conduct", row)?)).collect()
}

/// Saves it.
pub(super) async fn save_conducts(
    tx: &mut PgConnection,
    organ: &str,
    conducts: &[&Conduct],
) -> Result<(), sqlx::Error> {
    if conducts.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_conduct.sql"))
        .bind(organ)
        .bind(conducts.iter().map(|it| it.case()).collect::<Vec<_>>())
        .bind(conducts.iter().map(|it| it.due).collect::<Vec<_>>())
        .bind(conducts.iter().map(|it| it.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// What is known of how a case is handled, in an organ's ledger.
pub(crate) async fn conduct_of(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Option<Conduct>, sqlx::Error> {
    let row: Option<Vec<u8>> = sqlx::query_scalar(include_str!("load_conduct.sql"))
        .bind(organ)
        .bind(vec![case_id])
        .fetch_optional(pool)
        .await?;
    Ok(row.map(|row| read("conduct", &row)).transpose()?)
}

/// Up to `most` cases of which something is to be told to the organ that may hold accountable, with their organs.
pub(crate) async fn due_conducts(pool: &PgPool, most: i64) -> Result<Vec<(String, Conduct)>, sqlx::Error> {
    let rows: Vec<(String, Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("due_conduct.sql")).bind(most).fetch_all(pool).await?;
    rows.into_iter().map(|(organ, _, bytes)| Ok((organ, read("conduct", &bytes)?))).collect()
}

/// The files of these cases in an organ's ledger.
pub(super) async fn load_files(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<File>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_files.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(read("accountability_file", row)?)).collect()
}

/// Saves files.
pub(super) async fn save_files(
    tx: &mut PgConnection,
    organ: &str,
    files: &[&File],
) -> Result<(), sqlx::Error> {
    if files.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_files.sql"))
        .bind(organ)
        .bind(files.iter().map(|it| it.id()).collect::<Vec<_>>())
        .bind(files.iter().map(|it| it.case_id()).collect::<Vec<_>>())
        .bind(files.iter().map(|it| it.told.authority.as_str()).collect::<Vec<_>>())
        .bind(files.iter().map(|it| it.is_listed()).collect::<Vec<_>>())
        .bind(files.iter().map(|it| it.is_open()).collect::<Vec<_>>())
        .bind(files.iter().map(|it| begun_at(it)).collect::<Vec<_>>())
        .bind(files.iter().map(|it| it.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// The file of this id and case in one of these organs' ledgers: itself rather than the copy of the organ concerned.
pub(crate) async fn find_file(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
    file_id: Uuid,
) -> Result<Option<Kept>, sqlx::Error> {
    let row: Option<(String, Vec<u8>)> = sqlx::query_as(include_str!("find_file.sql"))
        .bind(organs)
        .bind(file_id)
        .bind(case_id)
        .fetch_optional(pool)
        .await?;
    let kept = |(organ, bytes): (String, Vec<u8>)| {
        Ok::<_, Damaged>(Kept { organ, file: read("accountability_file", &bytes)? })
    };
    Ok(row.map(kept).transpose()?)
}

/// A page of these organs' files: open ones first, newest first.
pub(crate) async fn list_files(
    pool: &PgPool,
    organs: &[String],
    open_only: bool,
    after: Option<FileKey>,
    size: i64,
) -> Result<Vec<Kept>, sqlx::Error> {
    let keys = FileKey::each(open_only, after);
    let rows: Vec<(String, Vec<u8>)> = sqlx::query_as(include_str!("list_files.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.is_open).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.begun_at).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.file_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter()
        .map(|(organ, bytes)| Ok(Kept { organ, file: read("accountability_file", &bytes)? }))
        .collect()
}
