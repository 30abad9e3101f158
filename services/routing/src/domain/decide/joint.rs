//! Joint handling (会办; house): one organ leads, others handle parts beside it, and the result joins them.

mod follow;
mod home;
mod join;
mod part;
mod told;

pub(super) use follow::{Follows, follow};
pub(super) use join::{join, must_still_join};
pub(super) use told::receive;

use duban_proto::common::v1::{CaseState, ContentRef};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{PartChange, PartChanged, PartFacts, PartText};
use jiff::Timestamp;
use regulation::Stage;

use super::Outcome;
use super::step::Step;
use crate::domain::{Joint, Part, PartNamed, PartRejection, Rejection, wire_part};

/// What is asked about parts, or told of them.
pub(super) fn decide(step: Step<'_>, joint: &Joint) -> Result<Outcome, Rejection> {
    match joint {
        Joint::Add(add) => home::add(step, add),
        Joint::Decide(decide) => home::decide(step, decide),
        Joint::Query(query) => home::query(step, query),
        Joint::Excuse { named, reason } => home::excuse(step, *named, reason),
        Joint::Acknowledge(named) => part::acknowledge(step, *named),
        Joint::Return { named, ground, note } => part::give_back(step, *named, *ground, note),
        Joint::Submit(submit) => part::submit(step, submit),
        Joint::DecideOpinion { named, reason } => part::decide_opinion(step, *named, reason.as_ref()),
        Joint::Note(changed) => Ok(told::note(step, changed)),
        Joint::NoteAcknowledged { named, organ, at } => Ok(told::acknowledged(step, *named, organ, *at)),
        Joint::NoteReturned { organ, returned } => Ok(told::returned(step, organ, returned)),
        Joint::NoteOpinion(told) => Ok(told::opinion(step, told)),
        Joint::NoteQuery { organ, queried } => Ok(told::query(step, organ, queried)),
        Joint::Receive(_) => Err(Rejection::CaseNotFound(step.case_id)),
    }
}

/// A change of a part at its home, and why.
struct Change<'c> {
    what: PartChange,
    /// Where the words are; absent where nothing was said.
    reason: Option<PartText>,
    /// The organ that handles it has to know.
    tells_handler: bool,
    /// Who did it.
    by: &'c str,
}

/// The home takes in what a part has become: the organ that handles it is told where it has to know, and the lead always.
fn change(step: &mut Step<'_>, facts: PartFacts, change: Change<'_>) {
    let own = step.at.organ;
    let lead = step.case.current().map(|tenure| tenure.organ.clone());
    let handler = Some(facts.organ.clone()).filter(|_| change.tells_handler);
    let mut audiences: Vec<String> = handler.into_iter().chain(lead).filter(|organ| organ != own).collect();
    audiences.dedup();
    let version = facts.version + 1;
    let changed = PartChanged {
        part: Some(PartFacts { version, ..facts }),
        change: change.what.into(),
        reason: change.reason,
        by: change.by.to_owned(),
    };
    if audiences.is_empty() {
        step.happens(Kind::PartChanged(changed.clone()));
    }
    for organ in audiences {
        step.tells(Kind::PartChanged(changed.clone()), Some(organ));
    }
}

/// The part named has to be here, and of this term.
fn named<'s>(step: &'s Step<'_>, PartNamed { term, part }: PartNamed) -> Result<&'s Part, Rejection> {
    if step.case.state() != CaseState::InHandling {
        return Err(step.not_in_state());
    }
    let found = step.case.part(part).filter(|found| found.facts.term == term);
    Ok(found.ok_or(PartRejection::NotHere { term, part })?)
}

/// The part does not let it be done, in these words.
fn not_allowed(part: &Part, zh: &'static str, en: &'static str) -> Rejection {
    PartRejection::NotAllowed { part: part.name(), state: part.facts.state(), zh, en }.into()
}

/// Until when an opinion is due: as asked, or by the regulation's limit; never later than the case's longest end (17).
fn due_at(step: &Step<'_>, asked: Option<Timestamp>) -> Timestamp {
    let (regulation, own, now) = (step.regulation(), step.at.organ, step.at.now);
    let limit = |stage| regulation.limit(stage);
    let usual = limit(Stage::Joint).or_else(|| limit(Stage::Handling));
    let due = asked.or_else(|| usual.map(|limit| step.rules.due(own, now, limit.length).at));
    let facts = step.case.facts.as_ref();
    let accepted_at = facts.and_then(|facts| facts.accepted_at.as_ref()).and_then(server::time::from_proto);
    let reopened_at = step.case.reopened_at.and_then(|at| Timestamp::from_microsecond(at).ok());
    let accepted_at = reopened_at.or(accepted_at);
    let end = accepted_at.zip(limit(Stage::Case)).map(|(accepted_at, case)| {
        let longest = case.extension.as_ref().map_or(case.length, |extension| extension.most);
        step.rules.due(own, accepted_at, longest).at
    });
    match (due, end) {
        (Some(due), Some(end)) => due.min(end),
        (Some(at), None) | (None, Some(at)) => at,
        (None, None) => now,
    }
}

/// Where a text of this organ is.
fn kept(step: &Step<'_>, text: ContentRef) -> PartText {
    PartText { organ: step.at.organ.to_owned(), text: Some(text) }
}

/// The outcome, with these parts as they are now in the answer.
fn done(mut step: Step<'_>, parts: &[u32]) -> Outcome {
    let told = parts.iter().filter_map(|number| {
        let part = step.case.part(*number)?;
        Some(wire_part(step.case_id, step.at.organ, &step.case, part, step.at.now))
    });
    let told: Vec<_> = told.collect();
    step.answer().parts = told;
    step.done()
}
