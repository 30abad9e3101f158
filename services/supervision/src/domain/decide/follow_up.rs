//! Follow-ups (16, house): due after the result was told, done by somebody who took no part, answered once.

use duban_proto::supervision::v1::{
    FollowUpAttempted, FollowUpDropped, FollowUpDue, FollowUpRecorded, FollowUpState, HandlersNoted,
    LookAsked, ReviewReason, event::Kind,
};
use jiff::Timestamp;
use ledger::{Context, Organ};
use regulation::FollowUps as Rule;
use uuid::Uuid;

use super::{Decision, Fact, review};
use crate::domain::evolve::Stamp;
use crate::domain::follow_up::{
    FollowUp, FollowUpAct, NotFollowedUp, OnFollowUp, RecordFollowUp, Took, state_name,
};
use crate::domain::time::{from_wire, opt_from_wire, to_wire};
use crate::domain::{Book, Rejection, Rules};

/// Of so many cases a share is given.
const WHOLE: u128 = 100;

/// Where the regulation asks nobody, nothing is noted, and nothing can be done.
pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    on: &OnFollowUp,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let OnFollowUp { case_id, act } = on;
    let Some(rule) = rules.regulation.follow_ups() else {
        return match act {
            FollowUpAct::Attempt { follow_up_id, .. }
            | FollowUpAct::Record(RecordFollowUp { follow_up_id, .. }) => {
                Err(NotFollowedUp::Unknown(*follow_up_id).into())
            }
            _ => Ok(Decision::default()),
        };
    };
    match act {
        FollowUpAct::NoteHandlers(noted) => Ok(note_handlers(book, *case_id, noted)),
        FollowUpAct::ResultTold { follow_up_id, told_by, at } => {
            let known = book.follow_ups.get(*case_id, *follow_up_id).is_some();
            if known || !is_chosen(rule, *case_id) {
                return Ok(Decision::default());
            }
            Ok(Decision::of(vec![due(rules, rule, (*case_id, *follow_up_id), told_by, *at)]))
        }
        FollowUpAct::Rated(rated) => Ok(self::rated(rules, rule, book, *case_id, rated, context)),
        FollowUpAct::Drop(ground) => {
            let undone = |it: &&FollowUp| {
                it.state() != FollowUpState::Answered && it.state() != FollowUpState::Dropped
            };
            let dropped = book.follow_ups.of_case(*case_id).filter(undone).map(|it| {
                let follow_up_id = it.key.id.to_string();
                let dropped = FollowUpDropped { follow_up_id, ground: (*ground).into() };
                Fact::new(*case_id, Kind::FollowUpDropped(dropped))
            });
            Ok(Decision::of(dropped.collect()))
        }
        FollowUpAct::Attempt { follow_up_id, form } => {
            attempt(rules, rule, book, (*case_id, *follow_up_id), form, context)
        }
        FollowUpAct::Record(record) => self::record(rules, rule, book, *case_id, record, context),
    }
}

/// Whether a case is one of the share that is asked: it follows from its id, so that it comes out the same each time.
fn is_chosen(rule: &Rule, case_id: Uuid) -> bool {
    case_id.as_u128() % WHOLE < u128::from(rule.share)
}

/// What was told before changes nothing. The organ that registered the case is told by the one that handles it.
fn note_handlers(book: &Book, case_id: Uuid, noted: &HandlersNoted) -> Decision {
    let known = |person: &String| {
        let mut parts = book.follow_ups.parts_of(case_id);
        let same = |took: &Took| took.term >= noted.term && (took.approved || !noted.approved);
        parts.any(|(part, took)| part.handled_by == noted.organ && part.person == *person && same(took))
    };
    if noted.persons.iter().all(known) {
        return Decision::default();
    }
    let registering = book.clocks_of(case_id).map(|clock| clock.registering_organ.as_str()).next();
    let audience = registering.filter(|organ| noted.organ == book.organ && *organ != book.organ);
    let fact = Fact::new(case_id, Kind::HandlersNoted(noted.clone()));
    Decision::of(vec![fact.addressed(audience.and_then(|organ| Organ::new(organ).ok()))])
}

fn attempt(
    rules: &Rules<'_>,
    rule: &Rule,
    book: &Book,
    (case_id, id): (Uuid, Uuid),
    form: &str,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let follow_up = find(book, case_id, id)?;
    let state = state_name(follow_up.state());
    let again_from = follow_up.shown.again_from.as_ref().and_then(opt_from_wire);
    let again_from = again_from.filter(|from| context.now < *from);
    if follow_up.state() != FollowUpState::Open || again_from.is_some() {
        let again_from = again_from.filter(|_| follow_up.state() == FollowUpState::Open);
        return Err(NotFollowedUp::State { state, again_from }.into());
    }
    by_another(book, follow_up, context)?;
    let attempt = u32::try_from(follow_up.shown.attempts.len()).unwrap_or(u32::MAX).saturating_add(1);
    let last = attempt >= rule.attempts;
    let attempted = FollowUpAttempted {
        follow_up_id: id.to_string(),
        attempt,
        form: form.to_owned(),
        again_from: (!last).then(|| to_wire(rules.due(context.now, rule.wait).at)),
        last,
    };
    let facts = vec![Fact::new(case_id, Kind::FollowUpAttempted(attempted))];
    Ok(answered(follow_up, facts, context))
}

/// Whoever was not reached may call back.
fn record(
    rules: &Rules<'_>,
    rule: &Rule,
    book: &Book,
    case_id: Uuid,
    record: &RecordFollowUp,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let follow_up = find(book, case_id, record.follow_up_id)?;
    if !matches!(follow_up.state(), FollowUpState::Open | FollowUpState::NotReached) {
        let state = state_name(follow_up.state());
        return Err(NotFollowedUp::State { state, again_from: None }.into());
    }
    by_another(book, follow_up, context)?;
    let satisfied = |code: &str| rule.answer(code).is_some_and(|answer| answer.satisfied);
    if record.look_asked && satisfied(&record.result) {
        return Err(NotFollowedUp::NotDissatisfied.into());
    }
    if record.look_asked && next_look(book, case_id) > rule.looks {
        return Err(NotFollowedUp::NoLooksLeft { most: rule.looks }.into());
    }
    record.words.fits(book)?;
    let due_at = from_wire(follow_up.shown.due_at.as_ref());
    let facts = answers(rules, rule, book, case_id, record, (due_at, context.now));
    Ok(Decision { writes: record.words.writes(), ..answered(follow_up, facts, context) })
}

/// The complainant said so of their own accord: also of a case that is not chosen; what is answered already stays so. A look
/// is asked for where the regulation allows it.
fn rated(
    rules: &Rules<'_>,
    rule: &Rule,
    book: &Book,
    case_id: Uuid,
    rated: &RecordFollowUp,
    context: Context<'_>,
) -> Decision {
    let known = book.follow_ups.get(case_id, rated.follow_up_id);
    let over = |it: &FollowUp| matches!(it.state(), FollowUpState::Answered | FollowUpState::Dropped);
    if known.is_some_and(over) {
        return Decision::default();
    }
    let satisfied = rule.answer(&rated.result).is_some_and(|answer| answer.satisfied);
    let look_asked = rated.look_asked && !satisfied && next_look(book, case_id) <= rule.looks;
    let rated = RecordFollowUp { look_asked, ..rated.clone() };
    let begins = due(rules, rule, (case_id, rated.follow_up_id), "", context.now);
    let due_at = known.map_or(context.now, |it| from_wire(it.shown.due_at.as_ref()));
    let begins = known.is_none().then_some(begins);
    let facts = answers(rules, rule, book, case_id, &rated, (due_at, context.now));
    Decision::of(begins.into_iter().chain(facts).collect())
}

fn due(rules: &Rules<'_>, rule: &Rule, (case_id, id): (Uuid, Uuid), told_by: &str, at: Timestamp) -> Fact {
    let due = FollowUpDue {
        follow_up_id: id.to_string(),
        due_at: Some(to_wire(rules.due(at, rule.within).at)),
        told_by: told_by.to_owned(),
        citation: Some(rules.citation(&rule.basis, "follow_up", &rule.text)),
    };
    Fact::new(case_id, Kind::FollowUpDue(due))
}

/// How often a look at the result was asked for, with the next.
fn next_look(book: &Book, case_id: Uuid) -> u32 {
    let looks = book.follow_ups.of_case(case_id).filter(|it| it.shown.look_asked).count();
    u32::try_from(looks).unwrap_or(u32::MAX).saturating_add(1)
}

/// What was answered, and that a look is asked for.
fn answers(
    rules: &Rules<'_>,
    rule: &Rule,
    book: &Book,
    case_id: Uuid,
    record: &RecordFollowUp,
    (due_at, now): (Timestamp, Timestamp),
) -> Vec<Fact> {
    let satisfied = |code: &str| rule.answer(code).is_some_and(|answer| answer.satisfied);
    let (follow_up_id, handled_by) = (record.follow_up_id.to_string(), book.follow_ups.handled_by(case_id));
    let citation = Some(rules.citation(&rule.basis, "follow_up", &rule.text));
    let recorded = FollowUpRecorded {
        follow_up_id: follow_up_id.clone(),
        form: record.form.clone(),
        attitude: record.attitude.clone(),
        result: record.result.clone(),
        words: record.words.reference("words"),
        attitude_satisfied: satisfied(&record.attitude),
        result_satisfied: satisfied(&record.result),
        handled_by: handled_by.clone(),
        on_time: now <= due_at,
        citation: citation.clone(),
    };
    let mut facts = vec![Fact::new(case_id, Kind::FollowUpRecorded(recorded))];
    if record.look_asked {
        let look = next_look(book, case_id);
        let asked = LookAsked { follow_up_id, look, most: rule.looks, handled_by, citation };
        facts.push(Fact::new(case_id, Kind::LookAsked(asked)));
        facts.extend(review::listed(rules, book, case_id, ReviewReason::Dissatisfied, now));
    }
    facts
}

fn find(book: &Book, case_id: Uuid, id: Uuid) -> Result<&FollowUp, Rejection> {
    Ok(book.follow_ups.get(case_id, id).ok_or(NotFollowedUp::Unknown(id))?)
}

/// Nobody asks what the complainant thinks of their own work.
fn by_another(book: &Book, follow_up: &FollowUp, context: Context<'_>) -> Result<(), Rejection> {
    let mut parts = book.follow_ups.parts_of(follow_up.key.case_id);
    let took_part = follow_up.told_by == context.actor || parts.any(|(part, _)| part.person == context.actor);
    let person = context.actor.to_owned();
    if took_part { Err(NotFollowedUp::TookPart { person }.into()) } else { Ok(()) }
}

/// The entries, and the follow-up after them as the answer.
fn answered(follow_up: &FollowUp, facts: Vec<Fact>, context: Context<'_>) -> Decision {
    let mut after = follow_up.clone();
    let stamp =
        Stamp { seq: 0, recorded_at: context.now, actor: context.actor, zone: &jiff::tz::TimeZone::UTC };
    for fact in &facts {
        after.apply(&fact.kind, stamp);
    }
    let mut decision = Decision::of(facts);
    decision.answer.follow_up = Some(after.shown);
    decision
}
