//! The projections again, from nothing but the ledger.

use sqlx::{AssertSqlSafe, PgConnection, Row};

use crate::{
    CaseId, Domain, Organ, Recorded, Writer,
    clock::from_micros,
    store::{
        entry::{self, Range},
        head, row,
    },
};

/// Entries replayed at once.
const PAGE: u32 = 1_000;

/// A projection of one organ before and after it was made again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The organ.
    pub organ: Organ,
    /// The table.
    pub table: &'static str,
    /// Rows before.
    pub rows_before: i64,
    /// Rows after.
    pub rows_after: i64,
    /// Whether every row is as it was.
    pub same: bool,
}

/// What `rebuild` does with what it made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Compares, and leaves everything as it was.
    Check,
    /// Keeps it.
    Replace,
}

/// Makes the projections of an organ again, in one transaction under the head's lock.
pub async fn rebuild<D: Domain>(
    writer: &Writer<D>,
    organ: &Organ,
    mode: Mode,
) -> Result<Vec<Rebuilt>, RebuildError> {
    let mut connection = writer.pool().acquire().await?;
    sqlx::raw_sql("begin; set local statement_timeout = 0; set local lock_timeout = '30s'")
        .execute(&mut *connection)
        .await?;
    let rebuilt = replay(writer.domain().as_ref(), &mut connection, organ).await;
    let keep = mode == Mode::Replace && rebuilt.is_ok();
    sqlx::raw_sql(if keep { "commit" } else { "rollback" }).execute(&mut *connection).await?;
    rebuilt
}

/// All organs that have a ledger in the writer's schema.
pub async fn organs<D: Domain>(writer: &Writer<D>) -> Result<Vec<Organ>, sqlx::Error> {
    let mut connection = writer.pool().acquire().await?;
    Ok(head::all(&mut connection).await?.into_iter().map(|(organ, _)| organ).collect())
}

/// Why projections could not be made again. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum RebuildError {
    /// The database failed.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// There is no such ledger.
    #[error("{0} has no ledger here")]
    NoLedger(Organ),
    /// An entry's event can't be read.
    #[error("entry {seq} can't be read: is it of a later version of this program?")]
    Unreadable {
        /// The entry.
        seq: u64,
        /// What the decoder says.
        source: prost::DecodeError,
    },
}

async fn replay<D: Domain>(
    domain: &D,
    tx: &mut PgConnection,
    organ: &Organ,
) -> Result<Vec<Rebuilt>, RebuildError> {
    let head = head::read(tx, organ).await?.ok_or_else(|| RebuildError::NoLedger(organ.clone()))?;
    head::lock(tx, organ, head.algorithm).await?;
    let mut before = Vec::with_capacity(D::PROJECTIONS.len());
    for table in D::PROJECTIONS {
        before.push(digest(tx, table, organ).await?);
        // The table's name is a constant of the program.
        let clear = AssertSqlSafe(format!("delete from {table} where organ = $1"));
        sqlx::query(clear).bind(organ.as_str()).execute(&mut *tx).await?;
    }
    pages(domain, tx, organ).await?;
    let mut rebuilt = Vec::with_capacity(D::PROJECTIONS.len());
    for (table, before) in D::PROJECTIONS.iter().zip(before) {
        let after = digest(tx, table, organ).await?;
        rebuilt.push(Rebuilt {
            organ: organ.clone(),
            table,
            rows_before: before.0,
            rows_after: after.0,
            same: before == after,
        });
    }
    Ok(rebuilt)
}

async fn pages<D: Domain>(domain: &D, tx: &mut PgConnection, organ: &Organ) -> Result<(), RebuildError> {
    let mut after = 0;
    loop {
        let range = Range { after, upto: u64::MAX >> 1, kinds: &[], limit: PAGE };
        let page = entry::page(tx, organ, range).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        let mut cases: Vec<CaseId> = page.iter().filter_map(|entry| entry.case).collect();
        cases.sort_unstable();
        cases.dedup();
        let mut book = domain.load(tx, organ, &cases, &[]).await?;
        for entry in &page {
            let event: D::Event = prost::Message::decode(entry.body.clone())
                .map_err(|source| RebuildError::Unreadable { seq: entry.seq, source })?;
            let recorded = Recorded {
                organ,
                epoch: entry.epoch,
                seq: entry.seq,
                recorded_at: from_micros(entry.recorded_at),
                actor: &entry.actor,
                case: entry.case,
                event: &event,
                audience: entry.address.as_ref().map(|address| &address.audience),
                cause: entry.cause.as_ref(),
            };
            domain.evolve(&mut book, &recorded);
        }
        domain.save(tx, organ, book, Vec::new()).await?;
    }
}

/// How many rows a table has for an organ, and a number that any change of any row changes.
async fn digest(tx: &mut PgConnection, table: &str, organ: &Organ) -> Result<(i64, String), sqlx::Error> {
    // The table's name is a constant of the program.
    let query = AssertSqlSafe(format!(
        "select count(*) as rows, \
         coalesce(sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint), 0)::text as digest \
         from {table} as t where organ = $1"
    ));
    let found = sqlx::query(query).bind(organ.as_str()).fetch_one(tx).await?;
    Ok((found.try_get("rows")?, found.try_get("digest").map_err(row::decode)?))
}
