//! The time of a case stands still, for a cause that the regulation knows, and goes on (house). At the organ that handles it; its
//! home, where that is another, is told.

use duban_proto::supervision::v1::{ClockKind, ClockMoved, ClockPaused, ClockResumed, event::Kind};
use jiff::Timestamp;
use ledger::{Context, Organ};
use regulation::Stage;
use uuid::Uuid;

use super::{Decision, Fact};
use crate::domain::evolve::evolved;
use crate::domain::rules::End;
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{Book, Clock, NotPaused, PauseTime, Pausing, Rejection, Rules, answer, ladder};

/// The causes that the regulation knows.
pub(crate) fn causes<'a>(rules: &Rules<'a>) -> &'a [regulation::Pause] {
    rules.regulation.limit(Stage::Case).map_or(&[], |limit| &limit.pauses)
}

pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    pausing: &Pausing,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    match pausing {
        Pausing::Pause(pause) => begin(rules, book, pause, context),
        Pausing::Resume { case_id } => resume(rules, book, *case_id, context),
        Pausing::NotePaused { case_id, paused } => Ok(note_paused(book, *case_id, paused)),
        Pausing::NoteResumed { case_id, resumed } => {
            Ok(note_resumed(rules, book, *case_id, resumed, context.now))
        }
    }
}

/// By the organ that holds the case, before its end, for one of the causes.
fn begin(
    rules: &Rules<'_>,
    book: &Book,
    pause: &PauseTime,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let case_id = pause.case_id;
    let clock = held(rules, book, case_id)?;
    let cause = causes(rules).iter().find(|cause| cause.code == pause.cause);
    let cause = cause.ok_or_else(|| refused(rules, NotPaused::NoSuchCause))?;
    if clock.paused.is_some() {
        return Err(refused(rules, NotPaused::Stands));
    }
    if context.now >= clock.due_at {
        return Err(refused(rules, NotPaused::AfterTheEnd));
    }
    pause.reason.fits(book)?;
    let paused = ClockPaused {
        cause: cause.code.clone(),
        at: Some(to_wire(context.now)),
        until: Some(to_wire(rules.due(context.now, cause.most).at)),
        citation: Some(rules.citation(&cause.basis, &cause.code, &cause.text)),
        reason: pause.reason.reference("reason"),
        terms: terms(book, case_id),
    };
    let fact = Fact::new(case_id, Kind::ClockPaused(paused)).addressed(home(book, clock));
    let mut decision = answered(book, clock, vec![fact], context);
    decision.writes = pause.reason.writes();
    Ok(decision)
}

fn resume(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let clock = held(rules, book, case_id)?;
    if clock.paused.is_none() {
        return Err(refused(rules, NotPaused::Runs));
    }
    let fact = goes_on(rules, book, case_id, (context.now, context.now), false);
    Ok(answered(book, clock, fact.into_iter().collect(), context))
}

/// The paused clocks of a case go on, as of `at`, and the home is told; `None` where none stands still.
pub(super) fn goes_on(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    (at, now): (Timestamp, Timestamp),
    by_itself: bool,
) -> Option<Fact> {
    let running = || book.clocks_of(case_id).filter(|clock| clock.runs());
    let since = running().find_map(|clock| Some(clock.paused.as_ref()?.at))?;
    let clocks: Vec<ClockMoved> = running().filter_map(|clock| going_on(rules, clock, at, now)).collect();
    let resumed = ClockResumed { at: Some(to_wire(at)), clocks, by_itself, since: Some(to_wire(since)) };
    let audience = holds(book, case_id).and_then(|clock| home(book, clock));
    Some(Fact::new(case_id, Kind::ClockResumed(resumed)).addressed(audience))
}

/// The clock as it stood still until `at`.
pub(super) fn as_of(clock: &Clock, at: Timestamp) -> std::borrow::Cow<'_, Clock> {
    let Some(paused) = &clock.paused else { return std::borrow::Cow::Borrowed(clock) };
    let mut went_on = clock.clone();
    went_on.pauses.push((paused.at, at.clamp(paused.at, paused.until.max(paused.at))));
    went_on.paused = None;
    std::borrow::Cow::Owned(went_on)
}

/// Where a clock that was paused ends: its length, and the pauses on top.
pub(super) fn end_of(rules: &Rules<'_>, clock: &Clock) -> End {
    let due = rules.due_of(clock, clock.start, clock.length);
    End { at: due.at, length: clock.length, provisional: due.provisional }
}

fn going_on(rules: &Rules<'_>, clock: &Clock, at: Timestamp, now: Timestamp) -> Option<ClockMoved> {
    clock.paused.as_ref()?;
    let went_on = as_of(clock, at);
    let end = end_of(rules, &went_on);
    Some(ladder::moved(rules, &went_on, &end, String::new(), now))
}

/// The organ that holds the case paused it: the home's clocks stand still as long. What was told before changes nothing.
fn note_paused(book: &Book, case_id: Uuid, paused: &ClockPaused) -> Decision {
    let at = from_wire(paused.at.as_ref());
    let known = |clock: &Clock| {
        clock.paused.is_some() || clock.pauses.iter().any(|(from, to)| *from == at || *to > at)
    };
    let terms = terms(book, case_id);
    if terms.is_empty() || book.clocks_of(case_id).any(known) {
        return Decision::default();
    }
    // The words stay where they were written.
    let noted = ClockPaused { terms, reason: None, ..paused.clone() };
    Decision::of(vec![Fact::new(case_id, Kind::ClockPaused(noted))])
}

/// It went on there: here, too, also where the time here went on by itself meanwhile.
fn note_resumed(
    rules: &Rules<'_>,
    book: &Book,
    case_id: Uuid,
    resumed: &ClockResumed,
    now: Timestamp,
) -> Decision {
    let (since, at) = (from_wire(resumed.since.as_ref()), from_wire(resumed.at.as_ref()));
    let running = book.clocks_of(case_id).filter(|clock| clock.runs());
    let clocks = running.filter_map(|clock| {
        if clock.paused.as_ref().is_some_and(|paused| paused.at == since) {
            return going_on(rules, clock, at, now);
        }
        let last = clock.pauses.last().filter(|(from, to)| *from == since && at < *to)?;
        let mut shorter = clock.clone();
        shorter.pauses.pop();
        shorter.pauses.push((last.0, at));
        let end = end_of(rules, &shorter);
        // Never overdue after the fact.
        (end.at > now).then(|| ladder::moved(rules, &shorter, &end, String::new(), now))
    });
    let clocks: Vec<ClockMoved> = clocks.collect();
    if clocks.is_empty() {
        return Decision::default();
    }
    Decision::of(vec![Fact::new(case_id, Kind::ClockResumed(ClockResumed { clocks, ..resumed.clone() }))])
}

fn answered(book: &Book, clock: &Clock, facts: Vec<Fact>, context: Context<'_>) -> Decision {
    let after = evolved(book, &facts, context);
    let mut decision = Decision::of(facts);
    decision.answer.clock = after.clock(clock.key).map(|it| answer::clock(&book.organ, it));
    decision
}

/// The clock of the term that this organ holds, running.
fn held<'a>(rules: &Rules<'_>, book: &'a Book, case_id: Uuid) -> Result<&'a Clock, Rejection> {
    if book.clocks_of(case_id).next().is_none() {
        return Err(Rejection::NoSuchCase(case_id));
    }
    holds(book, case_id).ok_or_else(|| refused(rules, NotPaused::NotHeld))
}

fn holds(book: &Book, case_id: Uuid) -> Option<&Clock> {
    book.clocks_of(case_id).find(|clock| {
        clock.runs() && clock.key.kind() == ClockKind::Handling && clock.responsible_organ == book.organ
    })
}

/// The running clocks of a case but those of parts, whose dates the home gives.
fn terms(book: &Book, case_id: Uuid) -> Vec<u32> {
    let running = book.clocks_of(case_id).filter(|clock| clock.runs());
    running.filter(|clock| clock.key.part_number() == 0).map(|clock| clock.key.term).collect()
}

fn home(book: &Book, clock: &Clock) -> Option<Organ> {
    Organ::new(&clock.home).ok().filter(|_| clock.home != book.organ)
}

fn refused(rules: &Rules<'_>, why: NotPaused) -> Rejection {
    let limit = rules.regulation.limit(Stage::Case);
    let cited = limit.map(|limit| rules.citation(&limit.basis, limit.stage.code(), &limit.text));
    Rejection::PauseNotAllowed {
        why,
        causes: causes(rules).iter().map(|cause| cause.code.as_str()).collect::<Vec<_>>().join(","),
        article: cited.map(|citation| citation.article).unwrap_or_default(),
    }
}
