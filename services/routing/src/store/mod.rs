//! All SQL of routing, a file a table. Each table is read and written in one statement a batch.

mod case_entries;
mod case_home;
mod case_officer;
mod case_part;
mod deputy;
mod due;
mod guidance;
mod instrument;
mod loan;
mod organ;
mod organ_change;
mod organ_version;
mod received;
mod routed_case;
mod unplaced;

pub(crate) use case_entries::{CaseEntry, case_entries};
pub(crate) use case_home::{Place, TouchedKey, count_touched, held_by, homes_of, list_touched};
pub(crate) use case_officer::cases_of_officer;
pub(crate) use case_part::{ListedPart, PartKey, Wanted, list_parts};
pub(crate) use deputy::{DeputyKey, deputies, list_deputies};
pub(crate) use guidance::{GuidanceKey, list_guidance};
pub(crate) use loan::{LoanKey, list_loans, loans_of_case};
pub(crate) use organ_change::{ChangeKey, due_changes, find_change, list_changes};
pub(crate) use organ_version::list_versions;
pub(crate) use received::{ReceivedKey, find_received, list_received};
pub use routed_case::Damaged;
pub(crate) use routed_case::{CaseKey, Known, find_case, find_cases, find_known, list_cases};

pub(crate) use due::due_cases;
pub(crate) use instrument::{InstrumentKey, Listed as ListedInstrument, list_instruments};
pub(crate) use unplaced::place_cases;

use content::{Draft, Listed, NewKey};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Act, Book, Changes, Command, Inquire, Staff, StaffChanges, Write};

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
    let staff = load_staff(tx, organ, cases, commands).await?;
    let guidance = guidance::load(tx, organ, commands, &known).await?;
    let received = received::load(tx, organ, cases, commands).await?;
    let registers = instrument::load_registers(tx, organ, commands).await?;
    let (organs, changes) = organ::load(tx, organ, commands).await?;
    Ok(Book::new(known, keyed)
        .with_organs(organs)
        .with_changes(changes)
        .with_staff(staff)
        .with_guidance(guidance)
        .with_received(received)
        .with_registers(registers))
}

/// The deputyships and loans that these commands need; in a rebuild, without commands, what its entries may change.
async fn load_staff(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
    commands: &[&Command],
) -> Result<Staff, sqlx::Error> {
    let inquires: Vec<&Inquire> = commands
        .iter()
        .filter_map(|command| match &command.act {
            Act::Inquire(inquire) => Some(inquire.as_ref()),
            _ => None,
        })
        .collect();
    let ended: Vec<Uuid> = inquires
        .iter()
        .filter_map(|inquire| match inquire {
            Inquire::EndDeputy { deputy_id } => Some(*deputy_id),
            _ => None,
        })
        .collect();
    let rebuilds = commands.is_empty();
    let deputies = if rebuilds || commands.iter().any(|command| command.act.needs_deputies()) {
        deputy::load(tx, organ, &ended).await?
    } else {
        Vec::new()
    };
    let lends = rebuilds || inquires.iter().any(|inquire| inquire.is_about_lending());
    let loans = if lends { loan::load(tx, organ, cases).await? } else { Vec::new() };
    Ok(Staff::new(deputies, loans))
}

/// Saves what changed and what is kept beside the ledger.
pub(crate) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    changes: Changes,
    writes: Vec<Write>,
) -> Result<(), sqlx::Error> {
    let Changes { cases, organs, staff, guidance, received, registers, versions, changes } = changes;
    let StaffChanges { deputies, loans } = staff;
    guidance::save(tx, organ, &guidance).await?;
    received::save(tx, organ, &received).await?;
    routed_case::save(tx, organ, &cases).await?;
    case_part::save(tx, organ, &cases).await?;
    case_officer::save(tx, organ, &cases).await?;
    deputy::save(tx, organ, &deputies).await?;
    loan::save(tx, organ, &loans).await?;
    instrument::save(tx, organ, &cases).await?;
    instrument::save_registers(tx, organ, &registers).await?;
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
