//! What intake does when ledgers move: it notes how a case goes on, and what has to be told; in its own, it finds what was
//! complained about before.

mod repeats;
mod routing;
mod supervision;

pub(crate) use repeats::Repeats;
pub(crate) use routing::Routing;
pub(crate) use supervision::Supervision;

use ledger::{Incoming, TranslateError};
use prost::Message;

use crate::domain::{Act, Command};

/// The event of an entry, of this type.
fn event<E: Message + Default>(entry: &Incoming) -> Result<E, TranslateError> {
    E::decode(entry.body.clone())
        .map_err(|error| TranslateError::Malformed(format!("{} does not decode: {error}", entry.kind)))
}

/// What has to be there, or the entry is malformed.
fn need<T>(value: Option<T>, what: &str, entry: &Incoming) -> Result<T, TranslateError> {
    value.ok_or_else(|| TranslateError::Malformed(format!("{} without {what}", entry.kind)))
}

/// A command about the entry's case.
fn on_case(entry: &Incoming, act: Act) -> Result<Command, TranslateError> {
    let case = need(entry.case, "case", entry)?;
    Ok(Command { case_id: Some(case.0), agency: None, act })
}
