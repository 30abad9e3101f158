//! What supervision does when others' ledgers move.

mod conduct;
mod figures;
mod follow_up;
mod intake;
mod mailboxes;
mod parts;
mod result;
mod routing;

pub(crate) use intake::Intake;
pub(crate) use mailboxes::Mailboxes;
pub(crate) use routing::Routing;

use ledger::{Incoming, TranslateError};
use prost::Message;
use uuid::Uuid;

/// The event of an entry, of this type.
fn event<E: Message + Default>(entry: &Incoming) -> Result<E, TranslateError> {
    E::decode(entry.body.clone())
        .map_err(|error| TranslateError::Malformed(format!("{} does not decode: {error}", entry.kind)))
}

/// What has to be there, or the entry is malformed.
fn need<T>(value: Option<T>, what: &str, entry: &Incoming) -> Result<T, TranslateError> {
    value.ok_or_else(|| TranslateError::Malformed(format!("{} without {what}", entry.kind)))
}

/// The case of an entry that is about one.
fn case_of(entry: &Incoming) -> Result<Uuid, TranslateError> {
    need(entry.case.map(|case| case.0), "case", entry)
}
