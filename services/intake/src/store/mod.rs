//! All SQL of intake, a file a table. Each table is read and written in one statement a batch.

mod case_entries;
mod case_facet;
mod case_file;
mod case_text;
mod identity;
mod number_register;
mod reading;
mod reply;

pub(crate) use case_entries::{CaseEntry, case_entries};
pub(crate) use case_facet::{count_cases_by_facet, find_numbered_cases, list_cases_by_facet};
pub(crate) use case_file::{
    CaseKey, Filed, Range, count_cases, find_case, find_case_by_number, find_cases, list_cases,
};
pub(crate) use case_text::{Found, Span, Words, find_newest_texts, find_spans, find_texts};
pub(crate) use identity::read_identity;
pub use postgres::row::Damaged;
pub(crate) use reading::list_readings;
pub(crate) use reply::{ReplyKey, ReplyRow, cases_of, list_replies, list_replies_of_case, replies_of_case};

use std::sync::Arc;

use content::Draft;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Book, Changes, Private, SealedIdentity, Searchable, Write};

/// Loads the book of these cases.
pub(crate) async fn load(tx: &mut PgConnection, organ: &str, cases: &[Uuid]) -> Result<Book, sqlx::Error> {
    let registers = number_register::load(tx, organ).await?;
    if cases.is_empty() {
        return Ok(Book::new(Vec::new(), Vec::new(), registers));
    }
    let replies = reply::load(tx, organ, cases).await?;
    let cases = case_file::load(tx, organ, cases).await?;
    Ok(Book::new(cases, replies, registers))
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: Changes,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let Changes { cases, replies, registers, readings, organs, facets } = changes;
    case_file::save(tx, organ, &cases).await?;
    case_facet::save(tx, organ, &facets).await?;
    reply::save(tx, organ, &replies).await?;
    number_register::save(tx, organ, &registers).await?;
    reading::save(tx, organ, &readings).await?;
    directory::save(tx, organ, &organs).await?;
    save_private(tx, organ, writes).await
}

async fn save_private(tx: &mut PgConnection, organ: &str, writes: Vec<Write>) -> Result<(), sqlx::Error> {
    let (mut privates, mut drafts) = (Vec::<Arc<Private>>::new(), Vec::<Draft>::new());
    let mut copies = Vec::<Arc<Searchable>>::new();
    for write in writes {
        match write {
            Write::Private(private) => {
                drafts.extend(private.drafts.iter().cloned());
                privates.push(private);
            }
            Write::Draft(draft) => drafts.push(draft),
            Write::Searchable(searchable) => copies.push(searchable),
        }
    }
    let keys: Vec<_> = privates.iter().filter_map(|private| private.key.clone()).collect();
    content::save(tx, organ, &keys, &drafts).await?;
    let identities: Vec<&SealedIdentity> =
        privates.iter().filter_map(|private| private.identity.as_ref()).collect();
    identity::save(tx, organ, &identities).await?;
    let first = privates.iter().filter_map(|private| private.searchable.as_ref());
    case_text::save(tx, organ, first.chain(copies.iter().map(Arc::as_ref))).await
}
