//! What an organ does with its part of another's case (18, 19; house).

use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    OpinionDecided, OpinionSubmitted, PartAcknowledged, PartReturnGround, PartReturned, PartState,
};

use super::super::Outcome;
use super::super::casework::enough;
use super::super::step::Step;
use super::{done, named, not_allowed, told};
use crate::domain::{OpinionTold, Part, PartNamed, PartRejection, Rejection, Sealed, SubmitOpinion};

/// A part handed over is taken note of, once.
pub(super) fn acknowledge(mut step: Step<'_>, named: PartNamed) -> Result<Outcome, Rejection> {
    let part = own(&step, named)?;
    if part.facts.state() != PartState::Begun {
        return Err(not_allowed(part, "该部分已经签收。", "The part is acknowledged already."));
    }
    let home = step.case.home.clone();
    let PartNamed { term, part } = named;
    step.tells(Kind::PartAcknowledged(PartAcknowledged { term, part }), Some(home));
    if let Some(facts) = at_home(&step, named) {
        let now = step.at.now;
        told::take_acknowledged(&mut step, facts, now);
    }
    Ok(done(step, &[named.part]))
}

/// Before an opinion is written, with a coded ground: the home decides what becomes of it.
pub(super) fn give_back(
    mut step: Step<'_>,
    named: PartNamed,
    ground: PartReturnGround,
    note: &Sealed,
) -> Result<Outcome, Rejection> {
    let part = own(&step, named)?;
    if !matches!(part.facts.state(), PartState::Begun | PartState::Acknowledged) {
        return Err(not_allowed(
            part,
            "已提出意见,不能再退回。",
            "An opinion was submitted; the part can't be returned.",
        ));
    }
    let home = step.case.home.clone();
    let PartNamed { term, part } = named;
    let returned = PartReturned { term, part, ground: ground.into(), note: Some(note.draft.reference()) };
    step.tells(Kind::PartReturned(returned.clone()), Some(home));
    step.keeps(note);
    if let Some(facts) = at_home(&step, named) {
        let own = step.at.organ;
        told::take_returned(&mut step, facts, own, &returned);
    }
    Ok(done(step, &[named.part]))
}

/// Where the part is about respondents, by one of as many investigators as a finding needs (18).
pub(super) fn submit(mut step: Step<'_>, submit: &SubmitOpinion) -> Result<Outcome, Rejection> {
    let part = own(&step, submit.named)?.clone();
    if !matches!(part.facts.state(), PartState::Acknowledged | PartState::Queried) {
        let (zh, en) =
            ("该部分尚未签收,或者意见已经提出。", "The part is not acknowledged, or its opinion is given.");
        return Err(not_allowed(&part, zh, en));
    }
    let needed = !part.facts.respondents.is_empty();
    if needed != (submit.finding != Finding::Unspecified) {
        return Err(PartRejection::Finding { part: part.name(), needed }.into());
    }
    let investigators = if needed {
        must_be_one_of(&step, &submit.investigators)?;
        enough(&step, &submit.investigators)?
    } else {
        submit.investigators.clone()
    };
    let round = u32::try_from(part.rounds.len()).unwrap_or(u32::MAX).saturating_add(1);
    step.happens(Kind::OpinionSubmitted(OpinionSubmitted {
        term: submit.named.term,
        part: submit.named.part,
        round,
        finding: submit.finding.into(),
        measures: submit.measures.clone(),
        investigators,
        opinion: Some(submit.opinion.draft.reference()),
    }));
    step.keeps(&submit.opinion);
    Ok(done(step, &[submit.named.part]))
}

fn must_be_one_of(step: &Step<'_>, investigators: &[String]) -> Result<(), Rejection> {
    let actor = step.at.actor;
    if investigators.iter().any(|name| name == actor) {
        return Ok(());
    }
    Err(Rejection::PersonExcluded {
        person: actor.to_owned(),
        zh: "提出意见的人员应当参与调查。",
        en: "Whoever submits the opinion is one of those who investigated.",
        article: step.regulation().investigation().basis.article().unwrap_or_default().to_owned(),
    })
}

/// By a leader who took no part in it (19): it goes up, or back to its writer.
pub(super) fn decide_opinion(
    mut step: Step<'_>,
    at: PartNamed,
    reason: Option<&Sealed>,
) -> Result<Outcome, Rejection> {
    let part = own(&step, at)?;
    let nothing = Rejection::Nothing { what: "opinion", id: step.case_id };
    let round = part.open_round().ok_or(nothing)?.clone();
    let approval = &step.regulation().investigation().approval;
    if round.took_part(step.at.actor) {
        return Err(Rejection::PersonExcluded {
            person: step.at.actor.to_owned(),
            zh: "提出意见的人员不得审批。",
            en: "Whoever wrote the opinion or investigated for it does not decide on it.",
            article: approval.basis.article().unwrap_or_default().to_owned(),
        });
    }
    let decided = OpinionDecided {
        opinion: Some(round.submitted.clone()),
        approved: reason.is_none(),
        reason: reason.map(|reason| reason.draft.reference()),
        citation: Some(step.cite(&approval.basis, "approval")),
    };
    let home = step.case.home.clone();
    step.tells(Kind::OpinionDecided(decided), reason.is_none().then_some(home));
    match reason {
        Some(reason) => step.keeps(reason),
        None => {
            if let Some(facts) = at_home(&step, at) {
                let (organ, approved_at) = (step.at.organ.to_owned(), step.at.now);
                let told = OpinionTold { organ, opinion: round.submitted, approved_at };
                told::take_opinion(&mut step, facts, &told);
            }
        }
    }
    Ok(done(step, &[at.part]))
}

/// The part has to be this organ's, and open.
fn own<'s>(step: &'s Step<'_>, at: PartNamed) -> Result<&'s Part, Rejection> {
    let PartNamed { term, part } = at;
    let found = named(step, at)?;
    if found.facts.organ != step.at.organ {
        return Err(PartRejection::NotHere { term, part }.into());
    }
    let open = found.is_open() && step.case.state() == CaseState::InHandling;
    if open {
        return Ok(found);
    }
    Err(not_allowed(found, "该部分已经答复或者终止。", "The part is answered, or has ended."))
}

/// The part as it is now, where this organ is the home as well and hears of itself at once.
fn at_home(step: &Step<'_>, at: PartNamed) -> Option<duban_proto::routing::v1::PartFacts> {
    let home = step.case.is_home(step.at.organ);
    step.case.part(at.part).filter(|_| home).map(|part| part.facts.clone())
}
