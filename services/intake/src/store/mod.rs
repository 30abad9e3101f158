//! All SQL of intake, a file a table. Each table is read and written in one statement a batch.

mod case_entries;
mod case_file;
mod changes;
mod grant;
mod identity;
mod link;
mod number_register;
mod reading;
mod reply;
mod retention;

pub(crate) use case_entries::{CaseEntry, case_entries};
pub(crate) use case_file::{CaseKey, Filed, find_case, find_case_by_number, list_cases};
pub(crate) use changes::{Change, changes_after, find_submission, last_seq};
pub(crate) use grant::grants_of_case;
pub(crate) use identity::read_identity;
pub(crate) use link::{Candidate, LinkShown, find_repeats, links_of_case};
pub use postgres::row::Damaged;
pub(crate) use reading::list_readings;
pub(crate) use reply::{ReplyKey, ReplyRow, cases_of, list_replies, list_replies_of_case, replies_of_case};
pub(crate) use retention::{
    Pending, RetentionKey, Wanted, cases_of_list, forget_identities, list_retention, pending_erasures,
    retained,
};

use std::sync::Arc;

use content::{Draft, Listed};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Book, Case, Changes, Private, SealedIdentity, Write};

/// The cases of which more than the case itself is needed.
#[derive(Debug, Default)]
pub(crate) struct More {
    /// Their links.
    pub(crate) links: Vec<Uuid>,
    /// The grants of their identities.
    pub(crate) grants: Vec<Uuid>,
    /// How long they are kept.
    pub(crate) retained: Vec<Uuid>,
    /// Whether they are linked to an open case.
    pub(crate) held: Vec<Uuid>,
}

/// Loads the book of these cases.
pub(crate) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
    more: &More,
) -> Result<Book, sqlx::Error> {
    let registers = number_register::load(tx, organ).await?;
    if cases.is_empty() {
        return Ok(Book::new(Vec::new(), Vec::new(), registers));
    }
    let replies = reply::load(tx, organ, cases).await?;
    let cases = case_file::load(tx, organ, cases).await?;
    let links = link::load(tx, organ, &more.links).await?;
    let grants = grant::load(tx, organ, &more.grants).await?;
    let retained = retention::load(tx, organ, &more.retained).await?;
    let held = retention::held(tx, organ, &more.held).await?;
    let book = Book::new(cases, replies, registers).with_links(links).with_grants(grants);
    Ok(book.with_retained(retained, held))
}

/// These cases of an organ, for a reader.
pub(crate) async fn cases(pool: &PgPool, organ: &str, cases: &[Uuid]) -> Result<Vec<Case>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    case_file::load(&mut connection, organ, cases).await
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: Changes,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let Changes { cases, replies, registers, links, grants, retained, readings, organs } = changes;
    case_file::save(tx, organ, &cases).await?;
    reply::save(tx, organ, &replies).await?;
    number_register::save(tx, organ, &registers).await?;
    link::save(tx, organ, &links).await?;
    grant::save(tx, organ, &grants).await?;
    retention::save(tx, organ, &retained).await?;
    reading::save(tx, organ, &readings).await?;
    directory::save(tx, organ, &organs).await?;
    save_private(tx, organ, writes).await
}

async fn save_private(tx: &mut PgConnection, organ: &str, writes: Vec<Write>) -> Result<(), sqlx::Error> {
    let (mut privates, mut drafts) = (Vec::<Arc<Private>>::new(), Vec::<Draft>::new());
    let mut erased = Vec::<Listed>::new();
    for write in writes {
        match write {
            Write::Private(private) => {
                drafts.extend(private.drafts.iter().cloned());
                privates.push(private);
            }
            Write::Draft(draft) => drafts.push(draft),
            Write::Erase { listed } => erased.extend(listed.iter().cloned()),
        }
    }
    let keys: Vec<_> = privates.iter().filter_map(|private| private.key.clone()).collect();
    content::save(tx, organ, &keys, &drafts).await?;
    let identities: Vec<&SealedIdentity> =
        privates.iter().filter_map(|private| private.identity.as_ref()).collect();
    identity::save(tx, organ, &identities).await?;
    content::forget(tx, &erased, forget_identities()).await?;
    content::erase(tx, &erased, true).await
}
