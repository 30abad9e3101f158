//! Extensions (17): asked before the end with a reason, decided by somebody else, never past the longest time.

use calendar::{Due, Length};
use duban_proto::supervision::v1::{
    ExtensionDecided, ExtensionRequested, ExtensionState, KeptText, StopReason, event::Kind,
};
use jiff::Timestamp;
use ledger::{Context, Organ};
use regulation::Approver;

use crate::domain::answer;
use crate::domain::decide::{Decision, Fact, pause};
use crate::domain::evolve::evolved;
use crate::domain::rules::End;
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{
    Book, Clock, ClockKey, DecideExtension, Extension, NotExtended, NoteExtension, Rejection,
    RequestExtension, Rules, ladder,
};

/// Asked before the end, for a whole length from the start that is longer than the one there is and within the longest.
pub(super) fn request(
    rules: &Rules<'_>,
    book: &Book,
    request: &RequestExtension,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let ClockKey { case_id, term } = request.clock;
    let clock = clock_of(book, request.clock)?;
    running(clock)?;
    let stood = pause::as_of(clock, context.now);
    let due_at = if clock.paused.is_some() { pause::end_of(rules, &stood).at } else { clock.due_at };
    if context.now >= due_at {
        return Err(refused(rules, clock, NotExtended::AfterTheEnd));
    }
    let waits = |other: &Extension| other.clock == clock.key && other.state == ExtensionState::Requested;
    if book.extensions.values().any(waits) {
        return Err(refused(rules, clock, NotExtended::AlreadyAsked));
    }
    let due = extended(rules, clock, request.length)?;
    request.reason.fits(book)?;
    let requested = ExtensionRequested {
        extension_id: request.extension_id.to_string(),
        clock: clock.kind().into(),
        term,
        length: request.length.to_string(),
        due_at: Some(to_wire(due.at)),
        reason: request.reason.reference("reason"),
        number: clock.number.clone(),
    };
    let fact = Fact::new(case_id, Kind::ExtensionRequested(requested));
    let after = evolved(book, std::slice::from_ref(&fact), context);
    let mut decision = Decision::of(vec![fact]);
    decision.answer.extension =
        after.extension(request.extension_id).map(|it| answer::extension(&book.organ, it));
    decision.writes = request.reason.writes();
    Ok(decision)
}

/// Decided once, by somebody other than who asked. Granted, it moves every running clock of the case in this ledger.
pub(super) fn decide(
    rules: &Rules<'_>,
    book: &Book,
    decide: &DecideExtension,
    context: Context<'_>,
) -> Result<Decision, Rejection> {
    let DecideExtension { case_id, extension_id, granted, ref approves, ref words } = *decide;
    let missing = Rejection::NoSuchExtension { case_id, extension_id };
    let extension = book.extension(extension_id).filter(|it| it.clock.case_id == case_id).ok_or(missing)?;
    let clock = clock_of(book, extension.clock)?;
    if extension.state != ExtensionState::Requested {
        return Err(Rejection::Decided(answer::state_name(extension.state)));
    }
    if extension.requested_by == context.actor {
        return Err(Rejection::OwnRequest {
            person: context.actor.to_owned(),
            article: article(rules, clock),
        });
    }
    may_approve(rules, clock, extension.length, approves)?;
    words.fits(book)?;
    let mut decided = ExtensionDecided {
        told: words.reference("told").map(|text| KeptText { organ: book.organ.clone(), text: Some(text) }),
        refusal: words.reference("refusal"),
        extension_id: extension_id.to_string(),
        clock: clock.kind().into(),
        term: clock.key.term,
        granted,
        length: extension.length.to_string(),
        citation: citation(rules, clock),
        registering_organ: clock.registering_organ.clone(),
        due_at: None,
    };
    let mut facts = Vec::new();
    if granted {
        running(clock)?;
        // The calendar may have changed since it was asked; the length is what is granted, and never past the longest.
        let due = rules.due_of(clock, clock.start, extension.length);
        let due = rules.longest(clock).filter(|cap| cap.at < due.at).unwrap_or(due);
        decided.due_at = Some(to_wire(due.at.max(clock.due_at)));
        facts = moves(rules, book, clock.key, due, extension.length, &decided.extension_id, context.now);
    }
    let audience = granted.then(|| audience(book, &clock.home, &clock.registering_organ)).flatten();
    facts.insert(0, Fact::new(case_id, Kind::ExtensionDecided(decided)).addressed(audience));
    let after = evolved(book, &facts, context);
    let mut decision = Decision::of(facts);
    decision.answer.extension = after.extension(extension_id).map(|it| answer::extension(&book.organ, it));
    decision.answer.clock = after.clock(clock.key).map(|it| answer::clock(&book.organ, it));
    decision.writes = words.writes();
    Ok(decision)
}

/// The regulation says who approves which length: the unit's principal head, or the competent superior (17).
fn may_approve(
    rules: &Rules<'_>,
    clock: &Clock,
    length: Length,
    approves: &[Approver],
) -> Result<(), Rejection> {
    let extension = rules.limit(clock.kind()).and_then(|limit| limit.extension.as_ref());
    let Some(extension) = extension else { return Err(refused(rules, clock, NotExtended::NotProvided)) };
    if approves.iter().any(|approver| extension.may_approve(*approver, length)) {
        return Ok(());
    }
    let may = extension.approvers.iter().filter(|approver| extension.may_approve(**approver, length));
    let approvers = may.map(|approver| approver.code()).collect::<Vec<_>>().join(",");
    Err(Rejection::NotApprover { approvers, article: article(rules, clock) })
}

/// The home's clock goes along, and its ledger tells the registering organ of the case's new end; that one's ledger says so
/// for its intake. Where nothing moves, or the case is concluded, there is nothing to tell.
pub(super) fn note(rules: &Rules<'_>, book: &Book, note: &NoteExtension, context: Context<'_>) -> Decision {
    let NoteExtension { case_id, decided } = note;
    let own = decided.extension_id.parse().is_ok_and(|id| book.extension(id).is_some());
    if own || !decided.granted {
        return Decision::default();
    }
    if decided.registering_organ.is_empty() {
        return super::inherit::note(rules, book, note, context);
    }
    let clock = book.clock(ClockKey::case(*case_id));
    // Of a case that was opened again, the home's own clock is the one of the new round.
    let again = book.clocks_of(*case_id).find(|clock| clock.reopened && clock.runs());
    if let Some(clock) = [clock, again].into_iter().flatten().find(|clock| clock.runs()) {
        return at_home(rules, book, clock, decided, context.now);
    }
    let home_elsewhere =
        clock.and_then(|clock| clock.stopped).is_none_or(|stop| stop.reason == StopReason::HomeMoved);
    if home_elsewhere && decided.registering_organ == book.organ {
        return Decision::of(vec![Fact::new(*case_id, Kind::ExtensionDecided(decided.clone()))]);
    }
    Decision::default()
}

fn at_home(
    rules: &Rules<'_>,
    book: &Book,
    clock: &Clock,
    decided: &ExtensionDecided,
    now: Timestamp,
) -> Decision {
    let at = from_wire(decided.due_at.as_ref());
    let Some(end) = going_along(rules, clock, at) else { return Decision::default() };
    let told = ExtensionDecided {
        clock: clock.kind().into(),
        term: clock.key.term,
        length: end.length.to_string(),
        due_at: Some(to_wire(end.at)),
        registering_organ: clock.registering_organ.clone(),
        ..decided.clone()
    };
    let audience = audience(book, &clock.home, &clock.registering_organ);
    let told = Fact::new(clock.key.case_id, Kind::ExtensionDecided(told)).addressed(audience);
    Decision::of(vec![told, moved(rules, clock, &end, &decided.extension_id, now)])
}

/// The clock itself, and the case's other running clocks in this ledger up to the same end.
fn moves(
    rules: &Rules<'_>,
    book: &Book,
    key: ClockKey,
    due: Due,
    length: Length,
    extension_id: &str,
    now: Timestamp,
) -> Vec<Fact> {
    let running = book.clocks_of(key.case_id).filter(|clock| clock.runs());
    let moved = running.filter_map(|clock| {
        let end = if clock.key == key {
            Some(End { at: due.at, length, provisional: due.provisional }).filter(|end| end.at > clock.due_at)
        } else {
            going_along(rules, clock, due.at)
        };
        Some(moved(rules, clock, &end?, extension_id, now))
    });
    moved.collect()
}

/// Where a clock goes along to an end given elsewhere, no further than the longest it can have itself. Never back.
pub(super) fn going_along(rules: &Rules<'_>, clock: &Clock, at: Timestamp) -> Option<End> {
    let longest = rules.longest(clock)?;
    let date = rules.last_date(at);
    let due = if longest.at < at {
        longest
    } else {
        Due { at, date, provisional: rules.calendar.is_provisional(date) }
    };
    (due.at > clock.due_at).then(|| rules.ending_of(clock, due))
}

pub(super) fn moved(rules: &Rules<'_>, clock: &Clock, end: &End, extension_id: &str, now: Timestamp) -> Fact {
    let moved = ladder::moved(rules, clock, end, extension_id.to_owned(), now);
    Fact::new(clock.key.case_id, Kind::ClockMoved(moved))
}

/// The end that this whole length gives, if the regulation allows it.
fn extended(rules: &Rules<'_>, clock: &Clock, length: Length) -> Result<Due, Rejection> {
    let kind = clock.kind();
    let extension = rules.limit(kind).and_then(|limit| limit.extension.as_ref());
    let most = extension.ok_or_else(|| refused(rules, clock, NotExtended::NotProvided))?.most;
    if std::mem::discriminant(&most) != std::mem::discriminant(&length) {
        return Err(refused(rules, clock, NotExtended::OtherUnit));
    }
    let due = rules.due_of(clock, clock.start, length);
    let longest = rules.longest(clock);
    if longest.is_none_or(|longest| due.at > longest.at) {
        return Err(refused(rules, clock, NotExtended::TooLong));
    }
    if due.at <= clock.due_at {
        return Err(refused(rules, clock, NotExtended::NotLonger));
    }
    Ok(due)
}

fn clock_of(book: &Book, key: ClockKey) -> Result<&Clock, Rejection> {
    let ClockKey { case_id, term } = key;
    let known = book.clocks_of(case_id).next().is_some();
    let missing =
        if known { Rejection::NoSuchClock { case_id, term } } else { Rejection::NoSuchCase(case_id) };
    book.clock(key).ok_or(missing)
}

fn running(clock: &Clock) -> Result<(), Rejection> {
    clock.stopped.map_or(Ok(()), |stop| Err(Rejection::Stopped(answer::reason_name(stop.reason))))
}

/// To the home, where the clock is another organ's; from the home to the organ that registered the case.
fn audience(book: &Book, home: &str, registering_organ: &str) -> Option<Organ> {
    let to = if home == book.organ { registering_organ } else { home };
    // Codes come from the entries of other ledgers: they are organs.
    Organ::new(to).ok().filter(|_| to != book.organ)
}

fn refused(rules: &Rules<'_>, clock: &Clock, why: NotExtended) -> Rejection {
    let extension = rules.limit(clock.kind()).and_then(|limit| limit.extension.as_ref());
    let most = extension.map(|extension| extension.most.to_string()).unwrap_or_default();
    Rejection::ExtensionNotAllowed { why, most, article: article(rules, clock) }
}

fn article(rules: &Rules<'_>, clock: &Clock) -> String {
    citation(rules, clock).map(|citation| citation.article).unwrap_or_default()
}

/// What the extension rests on; the limit itself where nothing is said of one.
pub(super) fn citation(rules: &Rules<'_>, clock: &Clock) -> Option<duban_proto::common::v1::Citation> {
    let limit = rules.limit(clock.kind())?;
    Some(match &limit.extension {
        Some(extension) => rules.citation(&extension.basis, "extension", &extension.text),
        None => rules.citation(&limit.basis, limit.stage.code(), &limit.text),
    })
}
