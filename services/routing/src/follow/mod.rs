//! What routing does when ledgers move: intake's and supervision's of the same organ, and its own of other organs.

mod intake;
mod mailboxes;
mod supervision;

pub(crate) use intake::Intake;
pub(crate) use mailboxes::Mailboxes;
pub(crate) use supervision::Supervision;

use std::sync::Arc;

use content::{Erased, Erasure, ErasureList, Listed};
use directory::Live;
use duban_proto::common::v1::CaseFacts;
use ledger::{Incoming, TranslateError};
use prost::Message;
use uuid::Uuid;

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
fn on_case(entry: &Incoming, act: Act) -> Result<Vec<Command>, TranslateError> {
    let case = need(entry.case, "case", entry)?;
    Ok(vec![Command { case_id: Some(case.0), act }])
}

/// Has the directory in memory know the organs that a case may be routed by: another replica may have established them.
async fn know_organs(directory: &Live, facts: Option<&CaseFacts>) -> Result<(), TranslateError> {
    let respondents = facts.into_iter().flat_map(|facts| &facts.respondents);
    let codes = respondents.map(|respondent| respondent.organ.as_str());
    directory.knowing(codes).await.map(drop).map_err(|error| TranslateError::Later(Box::new(error)))
}

/// The erasure of a case that an entry tells of, once it is on this service's list: before anything is deleted by it.
async fn listed(
    list: &Arc<ErasureList>,
    entry: &Incoming,
    at: Option<&prost_types::Timestamp>,
    article: String,
) -> Result<Listed, TranslateError> {
    let case_id = need(entry.case, "case", entry)?.0;
    listed_under(list, entry, case_id, at, article).await
}

/// The same of what is kept under this key: a case's, or that of the answer to a question.
async fn listed_under(
    list: &Arc<ErasureList>,
    entry: &Incoming,
    case_id: Uuid,
    at: Option<&prost_types::Timestamp>,
    article: String,
) -> Result<Listed, TranslateError> {
    let erasure = Erasure {
        organ: entry.target.as_str().to_owned(),
        case_id,
        what: Erased::Case,
        at: need(at.and_then(server::time::from_proto), "erased_at", entry)?,
        article,
    };
    let listed = list.note(vec![erasure]).await.map_err(|error| TranslateError::Later(Box::new(error)))?;
    need(listed.into_iter().next(), "a line of the erasure list", entry)
}
