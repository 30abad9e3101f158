//! What the file of a case has to hold before it closes, and what of it is there (16).

use duban_proto::routing::v1::TermState;
use regulation::{Archive, Filed, FiledDocument};

use super::Case;

/// A document that is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Its code in the regulation.
    pub code: &'static str,
    /// What it is, in Chinese.
    pub zh: String,
    /// What it is, in English.
    pub en: String,
    /// The article; empty for a house setting.
    pub article: String,
}

impl From<&FiledDocument> for Missing {
    fn from(document: &FiledDocument) -> Self {
        Self {
            code: document.code.code(),
            zh: document.text.zh.clone(),
            en: document.text.en.clone(),
            article: document.basis.article().unwrap_or_default().to_owned(),
        }
    }
}

/// The documents that the regulation asks for of this case at its home, in order, and whether each is there. What another
/// organ's casework holds stands in that organ's file: of it, the home's holds the acknowledgement and the result.
pub fn requirements<'r>(
    archive: Option<&'r Archive>,
    case: &Case,
    organ: &str,
) -> Vec<(&'r FiledDocument, bool)> {
    let documents = archive.map(|archive| archive.documents.as_slice()).unwrap_or_default();
    documents.iter().filter_map(|document| Some((document, there(document.code, case, organ)?))).collect()
}

/// Whether it is there; `None` where a case handled so has no such document.
fn there(code: Filed, case: &Case, organ: &str) -> Option<bool> {
    let facts = case.facts.as_ref();
    let current = case.current();
    let own = current.is_none_or(|tenure| tenure.organ == organ);
    let holds = |does: bool| (does == own).then_some(());
    match code {
        Filed::RecordForm => Some(facts.is_some_and(|facts| !facts.number.is_empty())),
        Filed::Acceptance => Some(facts.is_some_and(|facts| facts.accepted_at.is_some())),
        Filed::WorkingCopy => Some(case.is_ready()),
        Filed::Transfer => Some(current.is_some()),
        Filed::Reply => Some(case.replied),
        Filed::Acknowledgement => {
            holds(false).map(|()| current.is_some_and(|tenure| tenure.acknowledged_at.is_some()))
        }
        Filed::ReportBack => {
            holds(false).map(|()| current.is_some_and(|tenure| tenure.state() == TermState::Concluded))
        }
        Filed::Appointment => {
            holds(true).map(|()| current.is_some_and(|tenure| !tenure.investigators.is_empty()))
        }
        Filed::InvestigationRecord => {
            holds(true).map(|()| current.is_some_and(|tenure| !tenure.records.is_empty()))
        }
        Filed::InvestigationReport => {
            holds(true).map(|()| current.is_some_and(|tenure| !tenure.rounds.is_empty()))
        }
        Filed::DispositionForm => holds(true)
            .map(|()| current.is_some_and(|tenure| tenure.rounds.iter().any(|round| round.approved))),
    }
}
