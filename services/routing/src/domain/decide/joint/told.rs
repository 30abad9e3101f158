//! What organs tell each other of parts. What was told before changes nothing; what comes to a part that ended is kept, and
//! void.

use directory::Directory;
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    ActVoided, OpinionQueried, PartBegun, PartChange, PartChanged, PartFacts, PartNoted, PartReceived,
    PartReturned, PartState, PartText,
};
use jiff::Timestamp;
use regulation::Rules;
use uuid::Uuid;

use super::super::step::Step;
use super::super::{At, Outcome};
use super::{Change, change, home};
use crate::domain::joint::Answered as _;
use crate::domain::{Case, OpinionTold, Part, PartNamed};

/// A part begins here.
pub(in super::super) fn receive(
    rules: &Rules,
    directory: &Directory,
    at: At<'_>,
    case_id: Uuid,
    case: Option<&Case>,
    begun: &PartBegun,
) -> Outcome {
    let number = begun.part.as_ref().map_or(0, |part| part.part);
    let kind = Kind::PartReceived(PartReceived { part: Some(begun.clone()) });
    let Some(case) = case else {
        return Step::begun(rules, directory, at, case_id, kind).map_or_else(Outcome::default, Step::done);
    };
    if case.part(number).is_some() {
        return Outcome::default();
    }
    let mut step = Step::new(rules, directory, at, case_id, case.clone());
    step.happens(kind);
    step.done()
}

/// At the lead, and at the organ that handles the part: what the home told.
pub(super) fn note(mut step: Step<'_>, changed: &PartChanged) -> Outcome {
    let Some(facts) = &changed.part else { return Outcome::default() };
    let known = step.case.part(facts.part).map_or(0, |part| part.facts.version);
    if known >= facts.version {
        return Outcome::default();
    }
    step.happens(Kind::PartNoted(PartNoted { change: Some(changed.clone()) }));
    step.done()
}

/// The organ acknowledged its part.
pub(super) fn acknowledged(mut step: Step<'_>, named: PartNamed, organ: &str, at: Timestamp) -> Outcome {
    let Some(part) = handled_by(&step, named.part, organ) else {
        return void(step, named, organ, "part_acknowledged");
    };
    if part.facts.acknowledged_at.is_some() {
        return Outcome::default();
    }
    if !part.is_open() {
        return void(step, named, organ, "part_acknowledged");
    }
    let facts = part.facts.clone();
    take_acknowledged(&mut step, facts, at);
    step.done()
}

pub(super) fn take_acknowledged(step: &mut Step<'_>, mut facts: PartFacts, at: Timestamp) {
    facts.acknowledged_at = Some(server::time::to_proto(at));
    facts.state = PartState::Acknowledged.into();
    took(step, facts, PartChange::Acknowledged, None);
}

/// The organ gave its part back.
pub(super) fn returned(mut step: Step<'_>, organ: &str, returned: &PartReturned) -> Outcome {
    let named = PartNamed { term: returned.term, part: returned.part };
    let Some(part) = handled_by(&step, named.part, organ) else {
        return void(step, named, organ, "part_returned");
    };
    if part.facts.ground == returned.ground {
        return Outcome::default();
    }
    if !part.is_open() {
        return void(step, named, organ, "part_returned");
    }
    let facts = part.facts.clone();
    take_returned(&mut step, facts, organ, returned);
    step.done()
}

pub(super) fn take_returned(step: &mut Step<'_>, mut facts: PartFacts, organ: &str, returned: &PartReturned) {
    facts.ground = returned.ground;
    facts.state = PartState::Returned.into();
    let note = PartText { organ: organ.to_owned(), text: returned.note.clone() };
    took(step, facts, PartChange::Returned, Some(note));
}

/// The organ gave its opinion. One that was given under the term before counts, too: the part is the same.
pub(super) fn opinion(mut step: Step<'_>, told: &OpinionTold) -> Outcome {
    let named = PartNamed { term: told.opinion.term, part: told.opinion.part };
    let Some(part) = handled_by(&step, named.part, &told.organ) else {
        return void(step, named, &told.organ, "opinion_decided");
    };
    if part.facts.round >= told.opinion.round {
        return Outcome::default();
    }
    if !part.is_open() {
        return void(step, named, &told.organ, "opinion_decided");
    }
    let facts = part.facts.clone();
    take_opinion(&mut step, facts, told);
    step.done()
}

pub(super) fn take_opinion(step: &mut Step<'_>, mut facts: PartFacts, told: &OpinionTold) {
    facts.answer(&told.opinion, &told.organ, server::time::to_proto(told.approved_at));
    took(step, facts, PartChange::Answered, None);
}

fn took(step: &mut Step<'_>, facts: PartFacts, happened: PartChange, reason: Option<PartText>) {
    let by = step.at.actor;
    change(step, facts, Change { what: happened, reason, tells_handler: false, by });
}

/// The lead asks that an opinion be sent back; where the home did so itself, or the part ended, the lead hears of that.
pub(super) fn query(mut step: Step<'_>, organ: &str, queried: &OpinionQueried) -> Outcome {
    let named = PartNamed { term: queried.term, part: queried.part };
    let current = step.case.current();
    let leads = current.is_some_and(|tenure| tenure.organ == organ && tenure.term == named.term)
        && step.case.state() == CaseState::InHandling;
    let Some(part) = step.case.part(named.part).filter(|part| leads && !part.has_ended()) else {
        return void(step, named, organ, "opinion_queried");
    };
    if part.facts.state() != PartState::Answered || part.facts.queried {
        return Outcome::default();
    }
    let facts = part.facts.clone();
    let reason = PartText { organ: organ.to_owned(), text: queried.reason.clone() };
    let by = step.at.actor;
    home::send_back(&mut step, facts, queried.due_at, Some(reason), by);
    step.done()
}

fn handled_by<'s>(step: &'s Step<'_>, number: u32, organ: &str) -> Option<&'s Part> {
    let home = step.case.is_home(step.at.organ);
    step.case.part(number).filter(|part| home && part.facts.organ == organ)
}

fn void(mut step: Step<'_>, named: PartNamed, organ: &str, act: &str) -> Outcome {
    let PartNamed { term, part } = named;
    let known = step
        .case
        .void_acts
        .iter()
        .any(|void| void.term == term && void.part == part && void.organ == organ && void.act == act);
    if known {
        return Outcome::default();
    }
    let current_term = step.case.current_term();
    step.happens(Kind::ActVoided(ActVoided {
        term,
        organ: organ.to_owned(),
        act: act.to_owned(),
        current_term,
        part,
    }));
    step.done()
}
