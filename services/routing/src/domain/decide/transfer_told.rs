//! What home and holder tell each other about a term. It may come late, twice, and crossing others: what was told before
//! changes nothing, and an act of a superseded term is kept, and void.

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    ActVoided, Designated, DesignationAsked, RecallAnswered, RecallRequested, ReturnDecided, SupersededBy,
    TermLeft, TermSuperseded, TransferReturned, VoidAct,
};

use super::Outcome;
use super::begin::{self, Later};
use super::step::Step;
use super::told::{held_by, is_current, void};
use crate::domain::{Handshake, Recalled, Tenure};

/// Notes it; what an officer asks is nothing that was told.
pub(super) fn note(step: Step<'_>, told: &Handshake) -> Outcome {
    match told {
        Handshake::NoteReturn(returned) => returned_here(step, returned),
        Handshake::NoteReturnDecision(decided) => return_decided(step, decided),
        Handshake::NoteRecall(asked) => recalled(step, asked),
        Handshake::NoteRecallAnswer(answered) => recall_answered(step, answered),
        Handshake::NoteSuperseded(superseded) => superseded_here(step, superseded),
        Handshake::NoteLeft { organ, left } => left_here(step, organ, left),
        Handshake::NoteDispute(asked) => disputed(step, asked),
        Handshake::NoteDesignation(designated) => designated_here(step, designated),
        _ => Outcome::default(),
    }
}

/// At the home.
fn returned_here(mut step: Step<'_>, returned: &TransferReturned) -> Outcome {
    let TransferReturned { term, organ, .. } = returned;
    if held_by(&step, *term, organ).is_some_and(|tenure| tenure.returned.is_some()) {
        return Outcome::default();
    }
    if !is_current(&step, *term, organ) {
        return void(step, *term, organ, "transfer_returned");
    }
    step.happens(Kind::TransferReturned(returned.clone()));
    step.done()
}

/// At the holder.
fn return_decided(mut step: Step<'_>, decided: &ReturnDecided) -> Outcome {
    let waits = own(&step, decided.term).is_some_and(|tenure| tenure.open_return().is_some());
    if waits {
        step.happens(Kind::ReturnDecided(decided.clone()));
        return step.done();
    }
    Outcome::default()
}

/// At the holder.
fn recalled(mut step: Step<'_>, asked: &RecallRequested) -> Outcome {
    let is_new = own(&step, asked.term).is_some_and(|tenure| recall(tenure, asked.recall).is_none());
    if is_new {
        step.happens(Kind::RecallRequested(asked.clone()));
        return step.done();
    }
    Outcome::default()
}

/// At the home: a new term begins where the holder gave the case back. Where the organ that was to have it can't have it any
/// more, the home has it; where that can't either, the holder stays responsible, and the home may ask again.
fn recall_answered(mut step: Step<'_>, answered: &RecallAnswered) -> Outcome {
    let RecallAnswered { term, organ, agreed, .. } = answered;
    let known = held_by(&step, *term, organ).and_then(|tenure| recall(tenure, answered.recall)).cloned();
    if known.as_ref().is_some_and(|recalled| recalled.answered.is_some()) {
        return Outcome::default();
    }
    let asked = known.and_then(|recalled| recalled.asked).filter(|_| is_current(&step, *term, organ));
    let Some(asked) = asked else { return void(step, *term, organ, "recall_answered") };
    step.happens(Kind::RecallAnswered(answered.clone()));
    let chosen = begin::chosen(&step, Some(&asked.organ), organ);
    if let Ok(competent) = chosen.or_else(|_| begin::chosen(&step, Some(step.at.organ), organ))
        && *agreed
    {
        let why = SupersededBy::Recall;
        begin::later_term(&mut step, Later { competent, reason: asked.reason, compulsory: false, why });
    }
    step.done()
}

/// At the former holder, which tells what it did meanwhile.
fn superseded_here(mut step: Step<'_>, superseded: &TermSuperseded) -> Outcome {
    let TermSuperseded { term, by, at, .. } = *superseded;
    let Some(tenure) = own(&step, term).filter(|tenure| !tenure.left) else { return Outcome::default() };
    let since = at.as_ref().and_then(server::time::from_proto).unwrap_or(step.at.now).as_microsecond();
    let late = tenure.own_acts.iter().filter(|act| act.at > since).map(|act| act.act.clone());
    let left = TermLeft { term, by, at, late_acts: late.collect(), why: superseded.why };
    let home = step.case.home.clone();
    step.tells(Kind::TermLeft(left), Some(home));
    step.done()
}

/// At the home: all that was done under a term after it had ended is listed. An organ that told it to the home before, and is
/// the home itself by now, has noted it already, and lists it.
fn left_here(mut step: Step<'_>, organ: &str, left: &TermLeft) -> Outcome {
    let Some(tenure) = held_by(&step, left.term, organ).filter(|tenure| tenure.superseded_by > 0) else {
        return Outcome::default();
    };
    let late =
        |void: &VoidAct| void.term == left.term && void.organ == organ && left.late_acts.contains(&void.act);
    let noted = tenure.left;
    if noted && (organ != step.at.organ || step.case.void_acts.iter().any(late)) {
        return Outcome::default();
    }
    if !noted {
        step.happens(Kind::TermLeft(left.clone()));
    }
    let current_term = step.case.current_term();
    for act in &left.late_acts {
        let (term, organ, act) = (left.term, organ.to_owned(), act.clone());
        step.happens(Kind::ActVoided(ActVoided { term, organ, act, current_term, part: 0 }));
    }
    step.done()
}

/// At the organ that designates: about the term that its holder has, or a case that came up with the question.
fn disputed(mut step: Step<'_>, asked: &DesignationAsked) -> Outcome {
    if step.case.disputes.iter().any(|known| known.asked.as_ref() == Some(asked)) {
        return Outcome::default();
    }
    if asked.term > 0 && !is_current(&step, asked.term, &asked.organ) {
        return void(step, asked.term, &asked.organ, "designation_asked");
    }
    step.happens(Kind::DesignationAsked(asked.clone()));
    step.done()
}

/// At the organ that asked.
fn designated_here(mut step: Step<'_>, designated: &Designated) -> Outcome {
    if step.case.settled_by(designated).is_some() {
        step.happens(Kind::Designated(designated.clone()));
        return step.done();
    }
    Outcome::default()
}

/// The term of this number that this organ holds or held.
fn own<'s>(step: &'s Step<'_>, term: u32) -> Option<&'s Tenure> {
    held_by(step, term, step.at.organ)
}

fn recall(tenure: &Tenure, number: u32) -> Option<&Recalled> {
    let is = |recalled: &&Recalled| recalled.asked.as_ref().is_some_and(|asked| asked.recall == number);
    tenure.recalls.iter().find(is)
}
