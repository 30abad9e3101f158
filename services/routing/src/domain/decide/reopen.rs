//! A concluded case is opened again ex officio (3): a new term begins, and the earlier result stays on record.

use std::collections::BTreeSet;

use competence::competent;
use duban_proto::common::v1::{CaseState, Citation, ContentRef};
use duban_proto::routing::v1::CaseReopened;
use duban_proto::routing::v1::event::Kind;

use super::Outcome;
use super::home::{departing, go};
use super::step::Step;
use crate::domain::{Case, Rejection, Reopen};

/// Concluded at its home, told or not, filed or not; and not going on elsewhere.
pub(crate) fn may_be_reopened(case: &Case, organ: &str) -> bool {
    let ended = match case.state() {
        CaseState::Concluded => case.concluded,
        CaseState::Replied | CaseState::Archived => true,
        _ => false,
    };
    ended && case.numbers_terms(organ)
}

/// By the home, to the organ that is competent, or with the reason to another. The organs that the case came up from and the
/// one whose result it was are told; a new time begins with the term.
pub(super) fn reopen(mut step: Step<'_>, reopen: &Reopen) -> Result<Outcome, Rejection> {
    let actual = step.case.version;
    if reopen.version != actual {
        return Err(Rejection::Version { expected: reopen.version, actual });
    }
    if !may_be_reopened(&step.case, step.at.organ) {
        return Err(step.not_in_state());
    }
    let Some(rule) = step.regulation().reopening() else {
        return Err(Rejection::NotByRegulation {
            zh: "所适用的办法不允许重新办理。",
            en: "The regulation does not let a case be opened again.",
            article: String::new(),
        });
    };
    let facts = step.case.facts.clone().unwrap_or_default();
    let by_rule =
        competent(step.regulation(), step.directory, step.at.organ, &facts).map_err(Rejection::from);
    let competent = match &reopen.departure {
        None => by_rule?,
        Some(departure) => departing(&step, &departure.organ, by_rule)?,
    };
    if competent.up {
        // Terms are numbered at the home: they do not begin anew.
        return Err(Rejection::NotAHandler { organ: competent.organ });
    }
    let reason = reopen.reason.draft.reference();
    step.keeps(&reopen.reason);
    let citation = step.cite(&rule.basis, "reopening");
    tell_reopened(&mut step, citation, Some(reason.clone()));
    let departs = reopen.departure.is_some();
    go(&mut step, competent, departs.then_some(reason));
    Ok(step.done())
}

/// The case is opened again; the organ that registered it and the one whose result it was are told.
pub(super) fn tell_reopened(step: &mut Step<'_>, citation: Citation, reason: Option<ContentRef>) {
    let last = step.case.current().map(|tenure| (tenure.term, tenure.organ.clone())).unwrap_or_default();
    let reopened = CaseReopened {
        reopening: step.case.reopenings.saturating_add(1),
        term: last.0,
        organ: last.1.clone(),
        finding: step.case.finding,
        home: step.at.organ.to_owned(),
        registering_organ: step.case.registering_organ().to_owned(),
        reopened_at: Some(server::time::to_proto(step.at.now)),
        citation: Some(citation),
        reason,
    };
    let others = step.below().into_iter().chain([last.1]);
    let told: BTreeSet<String> = others.filter(|organ| organ != step.at.organ && !organ.is_empty()).collect();
    if told.is_empty() {
        step.happens(Kind::CaseReopened(reopened.clone()));
    }
    for organ in told {
        step.tells(Kind::CaseReopened(reopened.clone()), Some(organ));
    }
}

/// The home told that it opened the case again; told once more, or of a case that goes on here, nothing changes.
pub(super) fn note(mut step: Step<'_>, reopened: &CaseReopened) -> Outcome {
    let known = step.case.reopenings >= reopened.reopening || step.case.is_home(step.at.organ);
    if known || step.case.state() == CaseState::Withdrawn {
        return Outcome::default();
    }
    // The reason is in the home's ledger, under its key.
    step.happens(Kind::CaseReopened(CaseReopened { reason: None, ..reopened.clone() }));
    step.done()
}

/// Whoever investigated before the case was opened again does not investigate again, where the regulation says so (house).
pub(super) fn must_be_others(step: &Step<'_>, investigators: &[String]) -> Result<(), Rejection> {
    let others = step.regulation().reopening().is_some_and(|rule| rule.other_investigators);
    let before = investigators.iter().find(|person| step.case.investigated_before(person));
    match before.filter(|_| others) {
        None => Ok(()),
        Some(person) => Err(Rejection::PersonExcluded {
            person: person.clone(),
            zh: "重新办理的,由原调查人员以外的人员调查。",
            en: "A case that was opened again is investigated by others than before.",
            article: String::new(),
        }),
    }
}
