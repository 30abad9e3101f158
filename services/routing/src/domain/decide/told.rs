//! What other organs tell: a term that begins here, acknowledgements, results, the move of a home. What was told before
//! changes nothing; an act of a superseded term is kept, and void.

use directory::Directory;
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    ActVoided, CaseArchived, CaseConcluded, HomeMoved, TermReceived, TermState, TransferNoted, VoidAct,
    WithdrawalNoted,
};
use jiff::Timestamp;
use regulation::Rules;
use uuid::Uuid;

use super::step::{Conclusion, Step};
use super::{At, Outcome};
use crate::domain::{Archive, Case, OutcomeTold, Tenure, TermTold};

/// A term begins here.
pub(super) fn receive_term(
    rules: &Rules,
    directory: &Directory,
    at: At<'_>,
    case_id: Uuid,
    case: Option<&Case>,
    told: &TermTold,
) -> Outcome {
    let received =
        TermReceived { term: Some(told.term.clone()), begun_at: Some(server::time::to_proto(told.begun_at)) };
    let kind = Kind::TermReceived(received);
    let Some(case) = case else {
        return Step::begun(rules, directory, at, case_id, kind).map_or_else(Outcome::default, Step::done);
    };
    if case.current_term() >= told.term.term {
        return Outcome::default();
    }
    let withdrawn = case.state() == CaseState::Withdrawn;
    let mut step = Step::new(rules, directory, at, case_id, case.clone());
    step.happens(kind);
    if step.case.homes > told.term.homes {
        super::greet::greet(&mut step);
    }
    if withdrawn {
        // It crossed the withdrawal, which the home may not pass on to whoever holds no term by then; or which came to the home
        // when it had a result, before it opened the case again (3).
        let home = step.case.home.clone();
        step.tells(Kind::WithdrawalNoted(WithdrawalNoted { goes_on: false }), Some(home));
    }
    step.done()
}

/// The holder of a term acknowledged it.
pub(super) fn note_acknowledgement(mut step: Step<'_>, term: u32, organ: &str, at: Timestamp) -> Outcome {
    // Passed on by a home that was closed, it may come after the result.
    let known = |tenure: &Tenure| tenure.acknowledged_at.is_some() || tenure.state() == TermState::Concluded;
    if held_by(&step, term, organ).is_some_and(known) {
        return Outcome::default();
    }
    if !is_current(&step, term, organ) {
        return void(step, term, organ, "transfer_acknowledged");
    }
    step.happens(Kind::TransferNoted(TransferNoted {
        term,
        organ: organ.to_owned(),
        acknowledged_at: Some(server::time::to_proto(at)),
    }));
    step.done()
}

/// The holder of a term concluded it: the home concludes the case, if the term is current (6(2)).
pub(super) fn note_result(mut step: Step<'_>, told: &OutcomeTold) -> Outcome {
    let OutcomeTold { organ, result } = told;
    let known = held_by(&step, result.term, organ);
    // Who became the home of what it had concluded for another hears its own result.
    // So is one that is told again after the case was opened again (3).
    let told = |tenure: &Tenure| {
        tenure.state() == TermState::Concluded
            && (step.case.concluded || tenure.reopenings < step.case.reopenings)
    };
    if known.is_some_and(told) {
        return Outcome::default();
    }
    if !is_current(&step, result.term, organ) {
        return void(step, result.term, organ, "result_reported");
    }
    let approved_at = result.approved_at.as_ref().and_then(server::time::from_proto);
    step.conclude(&Conclusion {
        term: result.term,
        organ,
        finding: result.finding(),
        measures: &result.measures,
        findings: &result.findings,
        approved_at: approved_at.unwrap_or(step.at.now),
    });
    step.done()
}

/// The term of this number, if this organ holds or held it.
pub(super) fn held_by<'s>(step: &'s Step<'_>, term: u32, organ: &str) -> Option<&'s Tenure> {
    step.case.terms.iter().find(|tenure| tenure.term == term && tenure.organ == organ)
}

pub(super) fn is_current(step: &Step<'_>, term: u32, organ: &str) -> bool {
    let holds = step.case.current().is_some_and(|tenure| tenure.term == term && tenure.organ == organ);
    holds && step.case.state() == CaseState::InHandling && step.case.is_home(step.at.organ)
}

pub(super) fn void(mut step: Step<'_>, term: u32, organ: &str, act: &str) -> Outcome {
    let voided = |void: &VoidAct| void.term == term && void.organ == organ && void.act == act;
    if step.case.void_acts.iter().any(voided) {
        return Outcome::default();
    }
    let current_term = step.case.current_term();
    step.happens(Kind::ActVoided(ActVoided {
        term,
        organ: organ.to_owned(),
        act: act.to_owned(),
        current_term,
        part: 0,
    }));
    step.done()
}

/// The parent took the case over: the home moves, acknowledged by both.
pub(super) fn move_home(mut step: Step<'_>, home: &str) -> Outcome {
    if !step.case.is_home(step.at.organ) || step.case.reported_to != home {
        return Outcome::default();
    }
    if step.case.passed {
        let moved = HomeMoved { home: home.to_owned(), ..HomeMoved::default() };
        return super::succession::tell_of_home(step, moved);
    }
    pass_on_home(&mut step, home);
    step.done()
}

/// The home of a case that was reported up from here moved on, as the home before says.
pub(super) fn follow_home(mut step: Step<'_>, home: &str, from: &str) -> Outcome {
    if step.case.reported_to.is_empty() || step.case.home != from || home == step.at.organ {
        return Outcome::default();
    }
    pass_on_home(&mut step, home);
    step.done()
}

/// The organ that reported the case up to this one has to know, too, and the one that was its home before.
fn pass_on_home(step: &mut Step<'_>, home: &str) {
    let moved = HomeMoved { home: home.to_owned(), ..HomeMoved::default() };
    let (came_from, before) = (step.case.came_from.clone(), step.case.inherited_from.clone());
    if before != came_from && before != home && !before.is_empty() {
        step.tells(Kind::HomeMoved(moved.clone()), Some(before));
    }
    step.tells(Kind::HomeMoved(moved), Some(came_from));
}

/// The home concluded a case that was registered here: intake tells the complainant.
pub(super) fn note_outcome(mut step: Step<'_>, outcome: &CaseConcluded) -> Outcome {
    let ended = matches!(step.case.state(), CaseState::Withdrawn | CaseState::Archived);
    // Told twice, or later than that the case was opened again (3).
    let earlier = step.case.results.iter().any(|result| result.term >= outcome.term)
        || step.case.current_term() > outcome.term;
    if ended || earlier || step.case.concluded || step.case.is_home(step.at.organ) {
        return Outcome::default();
    }
    step.happens(Kind::CaseConcluded(outcome.clone()));
    step.done()
}

/// The home filed a case that was registered here: intake closes it, too (16).
pub(super) fn note_archive(mut step: Step<'_>, archive: Archive) -> Outcome {
    if step.case.is_home(step.at.organ) || step.case.state() == CaseState::Archived {
        return Outcome::default();
    }
    step.happens(Kind::CaseArchived(CaseArchived { retention_years: archive.retention_years }));
    step.done()
}
