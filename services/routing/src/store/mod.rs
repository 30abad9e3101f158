//! All SQL of routing, a file a table. Each table is read and written in one statement a batch.

mod case_entries;
mod organ;
mod routed_case;

pub(crate) use case_entries::{CaseEntry, case_entries};
pub use routed_case::Damaged;
pub(crate) use routed_case::{CaseKey, Known, find_case, find_known, list_cases};

use content::{Draft, Listed, NewKey};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Book, Changes, Command, Write};

/// Loads the book of these cases.
pub(crate) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
    commands: &[&Command],
) -> Result<Book, sqlx::Error> {
    let known = routed_case::load(tx, organ, cases).await?;
    let brought: Vec<Uuid> = commands.iter().filter_map(|command| command.brings_key()).collect();
    let keyed = routed_case::keyed(tx, organ, &brought).await?;
    Ok(Book::new(known, keyed).with_organs(organ::load(tx, organ, commands).await?))
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: Changes,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let Changes { cases, organs } = changes;
    routed_case::save(tx, organ, &cases).await?;
    directory::save(tx, organ, &organs).await?;
    let (mut keys, mut drafts) = (Vec::<NewKey>::new(), Vec::<Draft>::new());
    let mut erased = Vec::<Listed>::new();
    for write in writes {
        match write {
            Write::Key(key) => keys.push(key),
            Write::Text(draft) => drafts.push(draft),
            Write::Erase(listed) => erased.push(listed),
        }
    }
    content::save(tx, organ, &keys, &drafts).await?;
    content::erase(tx, &erased, true).await
}
