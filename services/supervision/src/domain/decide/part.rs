//! A co-handling organ's time for its part: until the date that the home gave it (house). What was told before changes nothing.

use calendar::Due;
use duban_proto::common::v1::CaseFacts;
use duban_proto::supervision::v1::{ClockKind, ClockStarted, event::Kind};
use jiff::Timestamp;

use super::{Decision, Fact, run};
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{Book, Clock, ClockKey, NotePart, PartTold, Rules, StopClocks, Which, ladder};

pub(super) fn note(rules: &Rules<'_>, book: &Book, note: &NotePart, now: Timestamp) -> Decision {
    let key = ClockKey::part(note.case_id, note.part, note.again);
    match &note.told {
        PartTold::Over { at, reason } => {
            let which = Which::Term(key.term);
            run::stop(
                rules,
                book,
                &StopClocks { case_id: note.case_id, which, reason: *reason, at: *at },
                now,
            )
        }
        PartTold::Runs { since, home, facts } => match book.clock(key) {
            Some(clock) if clock.runs() => moves(rules, clock, note.due_at, now),
            Some(_) => Decision::default(),
            None => {
                let known = first_round(book, note);
                let (home, since) = (home.as_str(), since.unwrap_or(now));
                let facts = facts.as_deref().map(|facts| start(rules, book, key, home, facts, since, note));
                facts.or_else(|| Some(again(rules, key, known?, since, note))).unwrap_or_default()
            }
        },
    }
}

/// The clock of the same part before its opinion was sent back.
fn first_round<'a>(book: &'a Book, note: &NotePart) -> Option<&'a Clock> {
    book.clock(ClockKey::part(note.case_id, note.part, false)).filter(|_| note.again)
}

/// The home gave it another date.
fn moves(rules: &Rules<'_>, clock: &Clock, due_at: Timestamp, now: Timestamp) -> Decision {
    if due_at == clock.due_at {
        return Decision::default();
    }
    let end = rules.ending_of(clock, due(rules, due_at));
    let moved = ladder::moved(rules, clock, &end, String::new(), now);
    Decision::of(vec![Fact::new(clock.key.case_id, Kind::ClockMoved(moved))])
}

fn start(
    rules: &Rules<'_>,
    book: &Book,
    key: ClockKey,
    home: &str,
    facts: &CaseFacts,
    since: Timestamp,
    note: &NotePart,
) -> Decision {
    let started = ClockStarted {
        responsible_organ: book.organ.clone(),
        number: facts.number.clone(),
        home: home.to_owned(),
        external_due_at: facts.external_due_at,
        grounds: facts.grounds.clone(),
        channel: facts.channel.clone(),
        registering_organ: facts.registering_organ.clone(),
        accepted_at: Some(to_wire(from_wire(facts.accepted_at.as_ref()))),
        ..ClockStarted::default()
    };
    begins(rules, key, started, since, note)
}

/// The opinion was sent back: what is known of the case stands with the clock that stopped.
fn again(rules: &Rules<'_>, key: ClockKey, before: &Clock, since: Timestamp, note: &NotePart) -> Decision {
    let started = ClockStarted {
        responsible_organ: before.responsible_organ.clone(),
        number: before.number.clone(),
        home: before.home.clone(),
        external_due_at: before.external_due_at.map(to_wire),
        registering_organ: before.registering_organ.clone(),
        accepted_at: Some(to_wire(before.accepted_at)),
        ..ClockStarted::default()
    };
    begins(rules, key, started, since, note)
}

/// A regulation without a limit for parts has no clock for them.
fn begins(
    rules: &Rules<'_>,
    key: ClockKey,
    started: ClockStarted,
    since: Timestamp,
    note: &NotePart,
) -> Decision {
    let Some(limit) = rules.limit(ClockKind::Part) else { return Decision::default() };
    let end = rules.ending(since, due(rules, note.due_at));
    let started = ClockStarted {
        clock: ClockKind::Part.into(),
        term: key.term,
        part: note.part,
        start: Some(to_wire(since)),
        due_at: Some(to_wire(end.at)),
        length: end.length.to_string(),
        provisional: end.provisional,
        calendar: rules.calendar.version().to_owned(),
        citation: Some(rules.citation(&limit.basis, limit.stage.code(), &limit.text)),
        rung_times: ladder::times(rules, ClockKind::Part, end.at).into_iter().map(to_wire).collect(),
        ..started
    };
    Decision::of(vec![Fact::new(key.case_id, Kind::ClockStarted(started))])
}

fn due(rules: &Rules<'_>, at: Timestamp) -> Due {
    let date = rules.last_date(at);
    Due { at, date, provisional: rules.calendar.is_provisional(date) }
}
