//! What the home decides on parts: who handles which, and what becomes of one that is returned, late or not good enough.

use competence::{CoHandler, NoCompetentOrgan, co_handlers, judges_itself};
use duban_proto::common::v1::{CaseFacts, CaseState};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    OpinionQueried, PartBegun, PartChange, PartFacts, PartState, PartText, TermState,
};

use super::super::Outcome;
use super::super::step::Step;
use super::{Change, change, done, due_at, kept, named, not_allowed};
use crate::domain::{AddParts, DecidePart, Part, PartNamed, PartRejection, Query, Rejection, Sealed, Tenure};

/// Other organs get their parts while the lead works, and not once its disposition is submitted here.
pub(super) fn add(mut step: Step<'_>, add: &AddParts) -> Result<Outcome, Rejection> {
    must_be_home(&step)?;
    let current = step.case.current_term();
    let lead = step.case.current().filter(|tenure| tenure.term == add.term);
    let lead = lead.ok_or(Rejection::Term { named: add.term, current })?;
    if matches!(lead.state(), TermState::Submitted | TermState::Concluded | TermState::Superseded) {
        return Err(step.not_in_state());
    }
    let facts = step.case.facts.clone().unwrap_or_default();
    must_have(&facts, &add.respondents)?;
    let lead = lead.organ.clone();
    let parts = match &add.organ {
        Some(organ) => vec![by_hand(&step, organ, &lead, &add.respondents)?],
        None => by_rule(&step, &facts, &lead, &add.respondents)?,
    };
    if let Some(words) = &add.words {
        step.keeps(words);
    }
    let words = add.words.as_ref().map(|words| kept(&step, words.draft.reference()));
    let due_at = Some(server::time::to_proto(due_at(&step, add.due_at)));
    let numbers: Vec<u32> = parts
        .into_iter()
        .map(|part| begin(&mut step, PartFacts { words: words.clone(), due_at, ..part }))
        .collect();
    Ok(done(step, &numbers))
}

/// The organs that the rules name for the respondents that neither the lead nor a part covers.
fn by_rule(
    step: &Step<'_>,
    facts: &CaseFacts,
    lead: &str,
    wanted: &[u32],
) -> Result<Vec<PartFacts>, Rejection> {
    let all = co_handlers(step.regulation(), step.directory, step.at.organ, facts, lead);
    let mut parts = Vec::new();
    for CoHandler { organ, respondents, citation, facts_used } in all {
        let free = respondents.into_iter().filter(|respondent| {
            let asked = wanted.is_empty() || wanted.contains(respondent);
            asked && covering(step, *respondent).is_none()
        });
        let respondents: Vec<u32> = free.collect();
        let Some(organ) = organ.filter(|_| !respondents.is_empty()) else { continue };
        must_handle_parts(step, &organ)?;
        parts.push(PartFacts { organ, respondents, citation, facts_used, ..PartFacts::default() });
    }
    if parts.is_empty() {
        return Err(
            NoCompetentOrgan("no other organ is competent for a respondent that is not covered").into()
        );
    }
    Ok(parts)
}

/// An organ that an officer chose, for respondents or for a question.
fn by_hand(step: &Step<'_>, organ: &str, lead: &str, respondents: &[u32]) -> Result<PartFacts, Rejection> {
    let covered = respondents.iter().find_map(|respondent| covering(step, *respondent));
    if let Some(part) = covered {
        return Err(PartRejection::Covered { part: part.name() }.into());
    }
    if organ == lead {
        return Err(PartRejection::NotACoHandler { organ: organ.to_owned() }.into());
    }
    must_handle(step, organ, respondents)?;
    Ok(PartFacts {
        organ: organ.to_owned(),
        respondents: respondents.to_vec(),
        by_hand: true,
        citation: Some(step.cite_nothing()),
        ..PartFacts::default()
    })
}

/// A part begins: its organ is told, and the lead.
fn begin(step: &mut Step<'_>, part: PartFacts) -> u32 {
    let own = step.at.organ.to_owned();
    let number = u32::try_from(step.case.parts.len()).unwrap_or(u32::MAX).saturating_add(1);
    let part = PartFacts {
        part: number,
        term: step.case.current_term(),
        version: 1,
        begun_at: Some(server::time::to_proto(step.at.now)),
        state: PartState::Begun.into(),
        ..part
    };
    let begun = PartBegun { part: Some(part.clone()), facts: step.case.facts.clone(), home: own.clone() };
    step.tells(Kind::PartBegun(begun), Some(part.organ.clone()));
    if step.case.current().is_some_and(|tenure| tenure.organ != own) {
        let by = step.at.actor;
        change(step, part, Change { what: PartChange::Begun, reason: None, tells_handler: false, by });
    }
    number
}

/// A part goes to another organ, or is dropped: on return, or of the home's own accord.
pub(super) fn decide(mut step: Step<'_>, decide: &DecidePart) -> Result<Outcome, Rejection> {
    let DecidePart { named, next, reason } = decide;
    let part = open_at_home(&step, *named)?;
    if let Some(next) = next {
        let same = next.organ == part.facts.organ;
        let leads = step.case.current().is_some_and(|tenure| tenure.organ == next.organ);
        if same || leads {
            return Err(PartRejection::NotACoHandler { organ: next.organ.clone() }.into());
        }
        must_handle(&step, &next.organ, &part.facts.respondents)?;
    }
    let ended = if next.is_some() { PartChange::Moved } else { PartChange::Dropped };
    let facts = part.facts;
    let taken_over = (facts.respondents.clone(), facts.words.clone());
    end(&mut step, facts, ended, reason);
    let mut numbers = vec![named.part];
    if let Some(next) = next {
        let (respondents, words) = taken_over;
        let part = PartFacts {
            organ: next.organ.clone(),
            respondents,
            words,
            by_hand: true,
            citation: Some(step.cite_nothing()),
            due_at: Some(server::time::to_proto(due_at(&step, next.due_at))),
            ..PartFacts::default()
        };
        numbers.push(begin(&mut step, part));
    }
    Ok(done(step, &numbers))
}

/// The home goes on without a part whose date has passed.
pub(super) fn excuse(mut step: Step<'_>, named: PartNamed, reason: &Sealed) -> Result<Outcome, Rejection> {
    let part = open_at_home(&step, named)?;
    if !part.is_overdue(step.at.now) {
        return Err(not_allowed(&part, "该部分尚未逾期。", "The part is not overdue."));
    }
    end(&mut step, part.facts, PartChange::Excused, reason);
    Ok(done(step, &[named.part]))
}

fn end(step: &mut Step<'_>, facts: PartFacts, ended: PartChange, reason: &Sealed) {
    step.keeps(reason);
    let by = step.at.actor;
    let reason = Some(kept(step, reason.draft.reference()));
    let facts = PartFacts { state: PartState::Ended.into(), ended_by: ended.into(), ..facts };
    change(step, facts, Change { what: ended, reason, tells_handler: true, by });
}

/// An opinion goes back once, with a new date; the lead asks the home, which carries it out.
pub(super) fn query(mut step: Step<'_>, query: &Query) -> Result<Outcome, Rejection> {
    let part = named(&step, query.named)?.clone();
    let own = step.at.organ;
    let leads = |tenure: &Tenure| tenure.organ == own && tenure.term == query.named.term;
    let home = step.case.is_home(own);
    if !home && !step.case.current().is_some_and(leads) {
        let PartNamed { term, part } = query.named;
        return Err(PartRejection::NotHere { term, part }.into());
    }
    if part.facts.state() != PartState::Answered || part.facts.queried {
        let (zh, en) = (
            "没有可退回的意见,或者已退回过一次。",
            "There is no opinion to return, or it was returned once.",
        );
        return Err(not_allowed(&part, zh, en));
    }
    step.keeps(&query.reason);
    let due_at = Some(server::time::to_proto(due_at(&step, query.due_at)));
    let reason = query.reason.draft.reference();
    if home {
        let by = step.at.actor;
        let reason = Some(kept(&step, reason));
        send_back(&mut step, part.facts, due_at, reason, by);
    } else {
        let PartNamed { term, part } = query.named;
        let home = step.case.home.clone();
        let queried = OpinionQueried { term, part, due_at, reason: Some(reason) };
        step.tells(Kind::OpinionQueried(queried), Some(home));
    }
    Ok(done(step, &[query.named.part]))
}

/// The opinion counts no more.
pub(super) fn send_back(
    step: &mut Step<'_>,
    facts: PartFacts,
    due_at: Option<prost_types::Timestamp>,
    reason: Option<PartText>,
    by: &str,
) {
    let facts = PartFacts { state: PartState::Queried.into(), queried: true, due_at, ..facts };
    change(step, facts, Change { what: PartChange::Queried, reason, tells_handler: true, by });
}

fn must_be_home(step: &Step<'_>) -> Result<(), Rejection> {
    if step.case.numbers_terms(step.at.organ) && step.case.state() == CaseState::InHandling {
        Ok(())
    } else {
        Err(step.not_in_state())
    }
}

fn open_at_home(step: &Step<'_>, at: PartNamed) -> Result<Part, Rejection> {
    must_be_home(step)?;
    let part = named(step, at)?.clone();
    if part.is_open() {
        return Ok(part);
    }
    Err(not_allowed(&part, "该部分已经答复或者终止。", "The part is answered, or has ended."))
}

/// The part that covers a respondent: one that did not end.
fn covering<'s>(step: &'s Step<'_>, respondent: u32) -> Option<&'s Part> {
    step.case.parts.iter().find(|part| !part.has_ended() && part.facts.respondents.contains(&respondent))
}

/// Different respondents that the case has.
fn must_have(facts: &CaseFacts, respondents: &[u32]) -> Result<(), Rejection> {
    let known = u32::try_from(facts.respondents.len()).unwrap_or(u32::MAX);
    match respondents.iter().find(|respondent| **respondent >= known) {
        Some(unknown) => Err(PartRejection::NoRespondent(*unknown).into()),
        None => Ok(()),
    }
}

/// A centre or sub-centre that is not above the home: what is above is not asked, the case is reported up.
fn must_handle_parts(step: &Step<'_>, organ: &str) -> Result<(), Rejection> {
    let above = organ != step.at.organ && step.directory.tree().is_under(step.at.organ, organ);
    if step.directory.receives(organ) && !above {
        return Ok(());
    }
    Err(PartRejection::NotACoHandler { organ: organ.to_owned() }.into())
}

/// Nobody gives an opinion on itself or its head; nor on a question in a case that is about it (house).
fn must_handle(step: &Step<'_>, organ: &str, respondents: &[u32]) -> Result<(), Rejection> {
    must_handle_parts(step, organ)?;
    let mut facts = step.case.facts.clone().unwrap_or_default();
    if !respondents.is_empty() {
        let all = (0..).zip(std::mem::take(&mut facts.respondents));
        facts.respondents = all
            .filter_map(|(index, respondent)| respondents.contains(&index).then_some(respondent))
            .collect();
    }
    if judges_itself(&facts, organ) {
        return Err(PartRejection::NotACoHandler { organ: organ.to_owned() }.into());
    }
    Ok(())
}
