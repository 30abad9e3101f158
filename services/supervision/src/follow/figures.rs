//! What figures count of routing's entries (5(3), 6(3), 24).

use duban_proto::common::v1::{CaseFacts, Finding};
use duban_proto::routing::v1 as routing;
use duban_proto::supervision::v1::{FigureFacets, ReopeningNoted, ReturnNoted};
use jiff::Timestamp;
use ledger::{Incoming, TranslateError};

use super::case_of;
use crate::domain::Command;
use crate::domain::figures::{FiguresCommand, NoteOutcome, Told};

/// The result of a term, at the organ that held it.
pub(super) fn approved(
    entry: &Incoming,
    approved: &routing::DispositionApproved,
) -> Result<Command, TranslateError> {
    let (term, finding, at) = (Some(approved.term), approved.finding(), entry.recorded_at);
    told(entry, Told::Outcome(NoteOutcome { term, finding, findings: findings(&approved.findings), at }))
}

/// The result of the case, at its home.
pub(super) fn concluded(
    entry: &Incoming,
    concluded: &routing::CaseConcluded,
    at: Timestamp,
) -> Result<Command, TranslateError> {
    let (finding, findings) = (concluded.finding(), findings(&concluded.findings));
    told(entry, Told::Outcome(NoteOutcome { term: None, finding, findings, at }))
}

/// What the case is told apart by was corrected.
pub(super) fn corrected(entry: &Incoming, facts: CaseFacts) -> Result<Command, TranslateError> {
    let CaseFacts { channel, grounds, respondents, .. } = facts;
    told(entry, Told::Facets(FigureFacets { channel, grounds, respondents }))
}

/// The case was opened again: at its home, and at the organ whose result it was.
pub(super) fn reopened(entry: &Incoming, reopened: routing::CaseReopened) -> Result<Command, TranslateError> {
    let own = entry.target.as_str();
    let routing::CaseReopened { term, organ, home, reopened_at, .. } = reopened;
    let noted = ReopeningNoted { term, home: home == own, holder: organ == own, at: reopened_at };
    told(entry, Told::Reopening(noted))
}

/// The organ gave the term back, or it was taken from it: only the first is counted.
pub(super) fn returned(
    entry: &Incoming,
    left: &routing::TermLeft,
) -> Result<Option<Command>, TranslateError> {
    let back = left.why() == routing::SupersededBy::Return;
    let noted = ReturnNoted { term: left.term, at: left.at };
    back.then(|| told(entry, Told::Return(noted))).transpose()
}

/// In the order of the case's respondents.
fn findings(of: &[routing::RespondentFinding]) -> Vec<Finding> {
    let mut of: Vec<_> = of.iter().collect();
    of.sort_by_key(|it| it.respondent);
    of.into_iter().map(routing::RespondentFinding::finding).collect()
}

fn told(entry: &Incoming, told: Told) -> Result<Command, TranslateError> {
    let case_id = case_of(entry)?;
    Ok(Command::Figures(Box::new(FiguresCommand::Told { case_id, told })))
}
