use std::{collections::HashMap, ops::Range, panic::AssertUnwindSafe, sync::Arc};

use futures::FutureExt;
use sqlx::PgConnection;

use super::{
    Shared,
    batch::{Batch, Begin},
    connections::Lent,
    made::Made,
    outcome::{Mark, Outcome},
    resolve::{Resolved, resolve},
    unit::Item,
};
use crate::{
    CaseId, Domain, Organ, Position,
    store::{cursor, entry, head, mailbox},
};

/// What one transaction came to.
pub(crate) enum Attempt {
    /// Committed and answered, up to this unit.
    Committed { upto: usize },
    /// Nothing was written: to be made again, with this unit marked.
    Again(usize, Mark),
    /// Something of it was refused by the database, or panicked; nothing was written.
    Refused(Mark),
    /// The database could not be asked; nothing was written.
    Disconnected(sqlx::Error),
    /// It may have been written, and nobody can be asked.
    Unknown,
}

/// A batch as written and not yet committed.
struct Written<D: Domain> {
    made: Made,
    outcomes: Vec<Outcome<D>>,
    begun_at: Position,
}

enum Failure {
    Again(usize, Mark),
    Database(sqlx::Error),
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

/// Decides and writes the units of a range in one transaction, and answers those that are committed.
pub(crate) async fn attempt<D: Domain>(
    shared: &Shared<D>,
    organ: &Organ,
    lent: &mut Lent<'_>,
    items: &mut [Option<Item<D>>],
    range: Range<usize>,
    marks: &HashMap<usize, Mark>,
) -> Attempt {
    let connection = match lent.get().await {
        Ok(connection) => connection,
        Err(error) => return Attempt::Disconnected(error),
    };
    let units: Vec<&Item<D>> = items.get(range.clone()).unwrap_or_default().iter().flatten().collect();
    let writing = write(shared, organ, connection, &units, range.start, marks);
    let written = match AssertUnwindSafe(writing).catch_unwind().await {
        Ok(Ok(written)) => written,
        Ok(Err(failure)) => {
            roll_back(lent).await;
            return match failure {
                Failure::Again(index, mark) => Attempt::Again(index, mark),
                Failure::Database(error) => failed(error),
            };
        }
        Err(_) => {
            // A bug in loading or saving. Nobody knows what the connection was in the middle of.
            lent.discard();
            return Attempt::Refused(Mark::Panicked);
        }
    };
    match commit(shared, organ, lent, &written).await {
        Resolved::Committed => {}
        Resolved::NotCommitted(error) => return failed(error),
        Resolved::Unknown => return Attempt::Unknown,
    }
    let Written { made, outcomes, begun_at } = written;
    if made.head.position.seq > begun_at.seq {
        shared.heads.moved(organ, made.head, !made.audiences().is_empty());
    }
    let parked = made.parked.len();
    metrics::counter!("duban_ledger_parked_total").increment(parked as u64);
    let upto = range.start + outcomes.len();
    let settled = items.get_mut(range).unwrap_or_default().iter_mut();
    for (item, outcome) in settled.zip(outcomes) {
        if let Some(item) = item.take() {
            item.settle(outcome, |place| made.place(place));
        }
    }
    Attempt::Committed { upto }
}

/// What an error comes to where nothing was written.
fn failed(error: sqlx::Error) -> Attempt {
    if is_disconnected(&error) {
        Attempt::Disconnected(error)
    } else {
        Attempt::Refused(Mark::Refused(Arc::new(error)))
    }
}

/// Begins, locks the head, reads, decides, writes.
async fn write<D: Domain>(
    shared: &Shared<D>,
    organ: &Organ,
    tx: &mut PgConnection,
    units: &[&Item<D>],
    first: usize,
    marks: &HashMap<usize, Mark>,
) -> Result<Written<D>, Failure> {
    sqlx::raw_sql("begin").execute(&mut *tx).await?;
    let head = head::lock(tx, organ, shared.settings.algorithm).await?;
    let begun_at = head.position;
    let begin = begin(shared, organ, tx, units, head).await?;
    let commands: Vec<&D::Command> = units.iter().flat_map(|unit| unit.commands()).collect();
    let mut cases: Vec<CaseId> =
        commands.iter().filter_map(|command| shared.domain.case_of(command)).collect();
    cases.sort_unstable();
    cases.dedup();
    let book = shared.domain.load(tx, organ, &cases, &commands).await?;
    let mut batch = Batch::new(shared.domain.as_ref(), organ, begin, book);
    let mut outcomes = Vec::with_capacity(units.len());
    for (index, unit) in (first..).zip(units) {
        if batch.made.bytes >= shared.settings.batch_bytes {
            break;
        }
        let outcome = batch.take(unit, marks.get(&index)).map_err(|mark| Failure::Again(index, mark))?;
        outcomes.push(outcome);
    }
    let made = save(shared, organ, tx, batch).await?;
    Ok(Written { made, outcomes, begun_at })
}

async fn begin<D: Domain>(
    shared: &Shared<D>,
    organ: &Organ,
    tx: &mut PgConnection,
    units: &[&Item<D>],
    head: head::Head,
) -> Result<Begin, sqlx::Error> {
    let mut requests = Vec::new();
    let mut effects = false;
    for unit in units {
        match unit {
            Item::Command { submission, .. } => requests.extend(submission.request.map(|request| request.id)),
            Item::Effect { .. } => effects = true,
        }
    }
    let known = entry::answered(tx, organ, &requests).await?;
    let cursors = if effects { cursor::of_organ(tx, organ).await? } else { cursor::Cursors::new() };
    let passed = D::FOLLOWS.iter().map(|service| (*service, shared.passed(organ, *service))).collect();
    Ok(Begin { head, known, cursors, passed })
}

/// Writes what a batch came to: each table in one statement, the head last.
async fn save<D: Domain>(
    shared: &Shared<D>,
    organ: &Organ,
    tx: &mut PgConnection,
    batch: Batch<'_, D>,
) -> Result<Made, sqlx::Error> {
    let Batch { book, writes, mut made, .. } = batch;
    let audiences: Vec<&str> = made.audiences().into_iter().collect();
    let mut mailboxes = mailbox::heads(tx, organ, &audiences).await?;
    made.chain(&mut mailboxes);
    entry::insert(tx, organ, &made.entries).await?;
    mailbox::save(tx, organ, &mailboxes).await?;
    cursor::save(tx, organ, &made.cursors).await?;
    cursor::park(tx, organ, &made.parked, made.head.recorded_at).await?;
    if !(made.entries.is_empty() && writes.is_empty()) {
        shared.domain.save(tx, organ, book, writes).await?;
        head::save(tx, organ, &made.head).await?;
    }
    Ok(made)
}

/// Commits within the deadline; where that is not certain, finds out on another connection.
async fn commit<D: Domain>(
    shared: &Shared<D>,
    organ: &Organ,
    lent: &mut Lent<'_>,
    written: &Written<D>,
) -> Resolved {
    let deadline = shared.settings.commit_deadline;
    let connection = match lent.get().await {
        Ok(connection) => connection,
        Err(error) => return Resolved::NotCommitted(error),
    };
    let committed = tokio::time::timeout(deadline, sqlx::raw_sql("commit").execute(&mut **connection)).await;
    let error = match committed {
        Ok(Ok(_)) => return Resolved::Committed,
        Ok(Err(error)) => error,
        Err(_) => sqlx::Error::PoolTimedOut,
    };
    lent.discard();
    tracing::warn!(%organ, %error, "a commit's outcome is unknown: asking");
    resolve(shared, organ, &written.made, error).await
}

async fn roll_back(lent: &mut Lent<'_>) {
    let rolled_back = match lent.get().await {
        Ok(connection) => sqlx::raw_sql("rollback").execute(&mut **connection).await.is_ok(),
        Err(_) => false,
    };
    if !rolled_back {
        lent.discard();
    }
}

/// Whether the database could not be asked, as against refusing what it was asked.
fn is_disconnected(error: &sqlx::Error) -> bool {
    postgres::is_unavailable(error) || matches!(error, sqlx::Error::Protocol(_))
}
