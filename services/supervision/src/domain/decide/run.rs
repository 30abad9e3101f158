//! Clocks start and stop, as routing tells (17).

use duban_proto::supervision::v1::{ClockKind, ClockStarted, ClockStopped, ExternalLimitNoted, event::Kind};
use jiff::Timestamp;
use uuid::Uuid;

use crate::domain::decide::{Decision, Fact, pause};
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{Book, Clock, Rules, StartClock, StopClocks, Which, ladder};

/// A clock that is there already goes on: it never starts again.
pub(super) fn start(rules: &Rules<'_>, book: &Book, start: &StartClock) -> Decision {
    let kind = if start.reopened { ClockKind::Case } else { start.key.kind() };
    let accepted_at = from_wire(start.facts.accepted_at.as_ref());
    let (Some(limit), Some(end)) = (rules.limit(kind), rules.first_end(kind, start.start, accepted_at))
    else {
        return Decision::default();
    };
    let of_round = |clock: &Clock| clock.reopened && clock.runs();
    let runs = start.reopened && book.clocks_of(start.key.case_id).any(of_round);
    if runs || book.clock(start.key).is_some() {
        return Decision::default();
    }
    let started = ClockStarted {
        clock: kind.into(),
        term: start.key.term,
        start: Some(to_wire(start.start)),
        due_at: Some(to_wire(end.at)),
        length: end.length.to_string(),
        provisional: end.provisional,
        calendar: rules.calendar.version().to_owned(),
        citation: Some(rules.citation(&limit.basis, limit.stage.code(), &limit.text)),
        responsible_organ: start.responsible_organ.clone(),
        number: start.facts.number.clone(),
        home: start.home.clone(),
        external_due_at: start.facts.external_due_at,
        grounds: start.facts.grounds.clone(),
        channel: start.facts.channel.clone(),
        registering_organ: start.facts.registering_organ.clone(),
        accepted_at: Some(to_wire(accepted_at)),
        reopened: start.reopened,
        respondents: start.facts.respondents.clone(),
        part: 0,
        rung_times: ladder::times(rules, kind, end.at).into_iter().map(to_wire).collect(),
    };
    Decision::of(vec![Fact::new(start.key.case_id, Kind::ClockStarted(started))])
}

/// The limit that another system gave is shown beside ours; it moves no clock (house).
pub(super) fn note_limit(book: &Book, case_id: Uuid, due_at: Option<Timestamp>) -> Decision {
    let differs = book.clocks_of(case_id).any(|clock| clock.external_due_at != due_at);
    let noted = ExternalLimitNoted { external_due_at: due_at.map(to_wire) };
    let fact = differs.then(|| Fact::new(case_id, Kind::ExternalLimitNoted(noted)));
    Decision::of(fact.into_iter().collect())
}

/// Timeliness is judged by the time that counts (the approval), not by when it is noted.
pub(super) fn stop(rules: &Rules<'_>, book: &Book, stop: &StopClocks, now: Timestamp) -> Decision {
    // The clock of a case that was opened again goes on through the terms of that round, as the first one does (3, 17);
    // where its home is closed, it does not.
    let goes_on = |clock: &Clock, next: u32| clock.reopened && next != u32::MAX;
    let concerned = |clock: &Clock| match stop.which {
        Which::All => true,
        Which::Term(only) => clock.key.term == only,
        Which::TermsBefore(next) => {
            clock.key.kind() == ClockKind::Handling
                && (1..next).contains(&clock.key.term)
                && !goes_on(clock, next)
        }
    };
    let running = book.clocks_of(stop.case_id).filter(|clock| clock.runs() && concerned(clock));
    let running: Vec<&Clock> = running.collect();
    // A pause was for who held the case: it ends with the term, and who holds the case next has time that runs.
    let ends =
        matches!(stop.which, Which::TermsBefore(_)) || running.iter().any(|clock| clock.paused.is_some());
    let resumed = ends.then(|| pause::goes_on(rules, book, stop.case_id, (stop.at, now), false)).flatten();
    let facts = running.into_iter().map(|clock| {
        let stood = pause::as_of(clock, stop.at);
        let due_at = if clock.paused.is_some() { pause::end_of(rules, &stood).at } else { clock.due_at };
        let workdays = rules.workdays(clock.start, stop.at);
        let stopped = ClockStopped {
            clock: clock.kind().into(),
            term: clock.key.term,
            reason: stop.reason.into(),
            at: Some(to_wire(stop.at)),
            on_time: stop.at <= due_at,
            workdays: workdays.saturating_sub(rules.paused_workdays(&stood)),
        };
        Fact::new(stop.case_id, Kind::ClockStopped(stopped))
    });
    Decision::of(resumed.into_iter().chain(facts).collect())
}
