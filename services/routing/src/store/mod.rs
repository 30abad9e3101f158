//! All SQL of routing, a file a table. Each table is read and written in one statement a batch.

mod case_home;
mod organ;
mod organ_change;
mod organ_version;
mod routed_case;

pub(crate) use case_home::{Place, TouchedKey, count_touched, held_by, homes_of, list_touched};
pub(crate) use organ_change::{ChangeKey, due_changes, find_change, list_changes};
pub(crate) use organ_version::list_versions;
pub use routed_case::Damaged;
pub(crate) use routed_case::{CaseKey, Known, find_case, find_cases, find_known, list_cases};

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
    let (organs, changes) = organ::load(tx, organ, commands).await?;
    Ok(Book::new(known, keyed).with_organs(organs).with_changes(changes))
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: Changes,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let Changes { cases, organs, versions, changes } = changes;
    routed_case::save(tx, organ, &cases).await?;
    case_home::save(tx, organ, &cases).await?;
    directory::save(tx, organ, &organs).await?;
    organ_version::save(tx, organ, &versions).await?;
    organ_change::save(tx, organ, &changes).await?;
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
