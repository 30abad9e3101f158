//! What the home decides: which organ is competent, and when the file is closed (5, 6, 14, 16).

use competence::{Competent, as_they_are_now, centre, competent, judges_itself};
use directory::Directory;
use duban_proto::common::v1::{CaseFacts, CaseState, ContentRef};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    CaseArchived, CaseOpened, FactsCorrected, Handling, HomeAssumed, ReplyNoted, ReportedUp, TermBegun,
    WithdrawalNoted, WorkingCopyNoted,
};
use jiff::Timestamp;
use regulation::{Rules, Stage};
use uuid::Uuid;

use super::step::Step;
use super::{At, Outcome, begin, transfer};
use crate::domain::{Archive, Case, Missing, Open, Rejection, Route, requirements};

/// An accepted case, from intake or from below; one that is here already stays as it is.
pub(super) fn open(
    rules: &Rules,
    directory: &Directory,
    at: At<'_>,
    case_id: Uuid,
    case: Option<&Case>,
    open: &Open,
) -> Outcome {
    let opened = CaseOpened {
        facts: Some(open.facts.clone()),
        came_from: open.came_from.clone(),
        centre: centre_above(directory, at.organ),
        inherited: None,
    };
    let step =
        Step::begun(rules, directory, at, case_id, Kind::CaseOpened(opened)).filter(|_| case.is_none());
    let Some(mut step) = step else { return Outcome::default() };
    if !open.came_from.is_empty() {
        let came_from = open.came_from.clone();
        step.tells(Kind::HomeAssumed(HomeAssumed { came_from: came_from.clone() }), Some(came_from));
    }
    route_at_once(&mut step);
    step.done()
}

/// The centre that settles disputes of competence for this organ (5(4)); empty at a centre.
pub(super) fn centre_above(directory: &Directory, organ: &str) -> String {
    let above = centre(directory, organ).filter(|centre| centre.code != organ);
    above.map(|centre| centre.code.clone()).unwrap_or_default()
}

/// Masking again makes a new working copy; the same one again changes nothing.
pub(super) fn note_working_copy(mut step: Step<'_>, copy: &ContentRef) -> Outcome {
    if step.case.working_copy.as_ref() == Some(copy) {
        return Outcome::default();
    }
    // Of a case that came here with its working copy, there is nothing to tell the parent.
    let next = Some(step.case.reported_to.clone()).filter(|_| step.case.passed);
    step.tells(Kind::WorkingCopyNoted(WorkingCopyNoted { working_copy: Some(copy.clone()) }), next);
    route_at_once(&mut step);
    step.done()
}

/// Where the regulation says so and a rule is clear; all else is for an officer (house setting).
pub(super) fn route_at_once(step: &mut Step<'_>) {
    let case = &step.case;
    let waits = case.state() == CaseState::Accepted && case.is_ready() && case.reported_to.is_empty();
    let Some(facts) = case.facts.as_ref().filter(|facts| waits && facts.automatic) else { return };
    if let Ok(competent) = competent(step.regulation(), step.directory, step.at.organ, facts) {
        go(step, competent, None);
    }
}

/// By the rules; or, with a reason, to another organ (14).
pub(super) fn route(mut step: Step<'_>, route: &Route) -> Result<Outcome, Rejection> {
    let actual = step.case.version;
    if route.version != actual {
        return Err(Rejection::Version { expected: route.version, actual });
    }
    let routable = step.case.is_home(step.at.organ) && step.case.reported_to.is_empty();
    if !routable || step.case.state() != CaseState::Accepted {
        return Err(step.not_in_state());
    }
    if !step.case.is_ready() {
        return Err(Rejection::MasksNotConfirmed);
    }
    let facts = step.case.facts.clone().unwrap_or_default();
    let by_rule =
        competent(step.regulation(), step.directory, step.at.organ, &facts).map_err(Rejection::from);
    match &route.departure {
        None => go(&mut step, by_rule?, None),
        Some(departure) => {
            let rules_own = by_rule.as_ref().is_ok_and(|rule| rule.organ == departure.organ);
            let chosen = departing(&step, &departure.organ, by_rule)?;
            step.keeps(&departure.reason);
            if departure.stands || rules_own {
                go(&mut step, chosen, Some(departure.reason.draft.reference()));
            } else {
                transfer::propose_departure(&mut step, &chosen, departure);
            }
        }
    }
    Ok(step.done())
}

/// The organ an officer chose: itself, below or above, and never one that would judge itself.
pub(super) fn departing(
    step: &Step<'_>,
    organ: &str,
    by_rule: Result<Competent, Rejection>,
) -> Result<Competent, Rejection> {
    let (own, tree) = (step.at.organ, step.directory.tree());
    let facts = step.case.facts.clone().unwrap_or_default();
    let facts = as_they_are_now(step.directory, &facts);
    let near = tree.is_under(organ, own) || tree.is_under(own, organ);
    if !step.directory.receives(organ) || !near || judges_itself(&facts, organ) {
        return Err(Rejection::NotAHandler { organ: organ.to_owned() });
    }
    let (alternatives, facts_used, citation) = match by_rule {
        Ok(rule) if rule.organ == organ => return Ok(rule),
        Ok(rule) => (rule.alternatives, rule.facts_used, rule.citation),
        Err(_) => (Vec::new(), Vec::new(), step.cite_nothing()),
    };
    let permitted =
        alternatives.iter().find(|(permitted, _)| permitted == organ).map(|(_, citation)| citation.clone());
    let handling = match (organ == own, permitted.is_some()) {
        (true, true) => Handling::Direct,
        (true, false) => Handling::Own,
        (false, _) => Handling::Assigned,
    };
    Ok(Competent {
        organ: organ.to_owned(),
        handling,
        up: organ != own && tree.is_under(own, organ),
        citation: permitted.unwrap_or(citation),
        facts_used,
        alternatives,
    })
}

/// A term begins; or, where the organ is above, the case is reported up and its home moves.
pub(super) fn go(step: &mut Step<'_>, competent: Competent, departure_reason: Option<ContentRef>) {
    go_as(step, competent, departure_reason, false);
}

/// The same, also as a compulsory assignment: that can't be returned, nor can what was returned too often (house).
pub(super) fn go_as(
    step: &mut Step<'_>,
    competent: Competent,
    departure_reason: Option<ContentRef>,
    compulsory: bool,
) {
    step.answer().route = Some(begin::told(&competent));
    let Competent { organ, handling, up, citation, facts_used, .. } = competent;
    let facts = step.case.facts.clone();
    if up {
        let reported = ReportedUp { facts, parent: organ.clone(), citation: Some(citation), facts_used };
        step.tells(Kind::ReportedUp(reported), Some(organ));
        return;
    }
    let own = step.at.organ;
    let compulsory = organ != own && (compulsory || begin::is_last(step));
    let limit = step.regulation().limit(Stage::Acknowledge).filter(|_| organ != own);
    let acknowledge_by = limit.map(|limit| step.rules.due(own, step.at.now, limit.length).at);
    let begun = TermBegun {
        term: step.case.current_term() + 1,
        organ: organ.clone(),
        handling: handling.into(),
        citation: Some(citation),
        facts_used,
        departure_reason,
        acknowledge_by: acknowledge_by.map(server::time::to_proto),
        facts,
        home: own.to_owned(),
        return_by: begin::return_by(step, &organ, compulsory),
        compulsory,
        returns_before: step.case.returns,
        reopenings: step.case.reopenings,
        reopened_at: step.case.reopened_at.map(|at| server::time::to_proto(ledger::from_micros(at))),
        reinvestigation: step.case.reinvestigation.clone(),
        homes: step.case.homes,
    };
    step.tells(Kind::TermBegun(begun), Some(organ));
}

/// The home and the holder of the term have to know, whoever was told first. Who heard that the matter goes on may yet
/// hear that it does not.
///
/// A holder that approved its disposition while the withdrawal was on its way goes by the home, where the result is void.
pub(super) fn note_withdrawal(mut step: Step<'_>, goes_on: bool) -> Outcome {
    let open = match step.case.state() {
        CaseState::Accepted | CaseState::InHandling => true,
        CaseState::Concluded => !step.case.concluded,
        _ => false,
    };
    if !open || (step.case.withdrawn && goes_on) {
        return Outcome::default();
    }
    let next = next_to_tell(&step);
    step.tells(Kind::WithdrawalNoted(WithdrawalNoted { goes_on }), next);
    step.done()
}

/// The organ that has to be told next: the one the case was reported up to, or from the home the holder of the term.
pub(super) fn next_to_tell(step: &Step<'_>) -> Option<String> {
    if !step.case.reported_to.is_empty() {
        Some(step.case.reported_to.clone())
    } else if step.case.is_home(step.at.organ) {
        step.case.current().map(|tenure| tenure.organ.clone())
    } else {
        None
    }
}

/// Home and holder go by the facts as they are now; a route that was taken stays until it is changed (house).
///
/// The organ that registered the case has them from its own intake alone, and nobody tells back what it was told: two
/// corrections that cross on their way would chase each other for ever.
pub(super) fn correct_facts(mut step: Step<'_>, facts: &CaseFacts, from: Option<&str>) -> Outcome {
    if from.is_some() && step.case.registering_organ() == step.at.organ {
        return Outcome::default();
    }
    let facts = step.case.facts.as_ref().map(|before| corrected(before, facts));
    if facts == step.case.facts {
        return Outcome::default();
    }
    let next = next_to_tell(&step).filter(|next| Some(next.as_str()) != from);
    step.tells(Kind::FactsCorrected(FactsCorrected { facts }), next);
    step.done()
}

/// What a correction changes; where it was registered, when it was accepted and under which number it does not.
fn corrected(before: &CaseFacts, now: &CaseFacts) -> CaseFacts {
    CaseFacts {
        registering_organ: before.registering_organ.clone(),
        number: before.number.clone(),
        accepted_at: before.accepted_at,
        citation: before.citation.clone(),
        automatic: before.automatic,
        urgency: before.urgency,
        public_opinion: before.public_opinion,
        ..now.clone()
    }
}

/// The home has to know before it files the case.
pub(super) fn note_reply(mut step: Step<'_>, at: Timestamp) -> Outcome {
    // What was told before the case was opened again is of an earlier result (3).
    if step.case.replied || step.case.is_handled_again() {
        return Outcome::default();
    }
    let passed = Some(&step.case.reported_to).filter(|_| step.case.passed);
    let home = passed.unwrap_or(&step.case.home).clone();
    let round = step.case.reopenings.saturating_add(1);
    step.tells(Kind::ReplyNoted(ReplyNoted { at: Some(server::time::to_proto(at)), round }), Some(home));
    step.done()
}

/// With a complete file, after the complainant has the result (16). The organ that registered the case is told where it is
/// another.
pub(super) fn archive(mut step: Step<'_>, archive: Archive) -> Result<Outcome, Rejection> {
    let ended = matches!(step.case.state(), CaseState::Withdrawn | CaseState::Archived);
    if ended || !step.case.is_kept_by(step.at.organ) {
        return Err(step.not_in_state());
    }
    volume_is_complete(&step)?;
    if step.case.state() != CaseState::Replied {
        return Err(step.not_in_state());
    }
    let archived = CaseArchived { retention_years: archive.retention_years };
    let below = step.below();
    if below.is_empty() {
        step.happens(Kind::CaseArchived(archived));
    }
    for organ in below {
        step.tells(Kind::CaseArchived(archived), Some(organ));
    }
    Ok(step.done())
}

/// All that is missing, at once.
fn volume_is_complete(step: &Step<'_>) -> Result<(), Rejection> {
    let rule = step.regulation().archive();
    let missing: Vec<Missing> = requirements(rule, &step.case, step.at.organ)
        .into_iter()
        .filter(|(_, there)| !there)
        .map(|(document, _)| document.into())
        .collect();
    let article = rule.and_then(|rule| rule.basis.article()).unwrap_or_default().to_owned();
    if missing.is_empty() { Ok(()) } else { Err(Rejection::VolumeIncomplete { missing, article }) }
}
