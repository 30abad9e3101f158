//! The home of a case was closed (4): its next home starts the case's clock from the same acceptance, and what was granted
//! before counts there, in whichever order the two are heard.

use duban_proto::supervision::v1::{ExtensionDecided, ExtensionState, StopReason, event::Kind};
use ledger::{Context, Organ};

use super::extend::{citation, going_along, moved};
use super::{Decision, Fact, run};
use crate::domain::evolve::evolved;
use crate::domain::time::{from_wire, to_wire};
use crate::domain::{Book, Clock, ClockKey, HandOver, NoteExtension, Rules, StartClock};

/// The case's clock at the closed home tells the next of its end, where it was extended.
pub(super) fn hand_over(rules: &Rules<'_>, book: &Book, over: &HandOver) -> Decision {
    let key = ClockKey::case(over.case_id);
    let first = book.clock(key).filter(|clock| clock.runs());
    let Some(clock) = of_round(book, over).or(first).filter(|clock| clock.extended) else {
        return Decision::default();
    };
    let granted = |state: ExtensionState| state == ExtensionState::Granted;
    let extension = book.extensions.values().rfind(|it| it.clock == clock.key && granted(it.state));
    let decided = ExtensionDecided {
        // One that was granted for a term of another organ has no request here.
        extension_id: extension.map_or(over.case_id, |extension| extension.id).to_string(),
        // At the next home it is the case's, also where the case was opened again (3).
        clock: key.kind().into(),
        term: key.term,
        granted: true,
        length: clock.length.to_string(),
        citation: citation(rules, clock),
        // The complainant was told when it was granted: nobody is told again.
        registering_organ: String::new(),
        due_at: Some(to_wire(clock.due_at)),
        told: None,
        refusal: None,
    };
    let fact = Fact::new(over.case_id, Kind::ExtensionDecided(decided));
    Decision::of(vec![fact.addressed(Organ::new(&over.to).ok())])
}

/// The clock of a case that was opened again (3): it has stopped by the move of the home itself, and by nothing else.
fn of_round<'b>(book: &'b Book, over: &HandOver) -> Option<&'b Clock> {
    let goes_on = |clock: &&Clock| {
        clock.reopened && clock.stopped.is_none_or(|stop| stop.reason == StopReason::Superseded)
    };
    book.clocks_of(over.case_id).filter(goes_on).max_by_key(|clock| clock.key.term)
}

/// The home before tells what was granted: the clock goes along, or takes it into account when it starts.
pub(super) fn note(rules: &Rules<'_>, book: &Book, note: &NoteExtension, context: Context<'_>) -> Decision {
    let NoteExtension { case_id, decided } = note;
    let Some(clock) = book.clock(ClockKey::case(*case_id)) else {
        return Decision::of(vec![Fact::new(*case_id, Kind::ExtensionDecided(decided.clone()))]);
    };
    let end = going_along(rules, clock, from_wire(decided.due_at.as_ref())).filter(|_| clock.runs());
    let fact = end.map(|end| moved(rules, clock, &end, &decided.extension_id, context.now));
    Decision::of(fact.into_iter().collect())
}

/// What was granted may have been told before.
pub(super) fn start(rules: &Rules<'_>, book: &Book, start: &StartClock, context: Context<'_>) -> Decision {
    let mut decision = run::start(rules, book, start);
    let after = evolved(book, &decision.facts, context);
    let Some(clock) = after.clock(start.key).filter(|_| !decision.facts.is_empty()) else { return decision };
    let told =
        book.extensions.values().filter(|it| it.clock == start.key && it.state == ExtensionState::Granted);
    let latest = told.max_by_key(|extension| extension.due_at);
    let end = latest.and_then(|extension| Some((going_along(rules, clock, extension.due_at)?, extension)));
    if let Some((end, extension)) = end {
        decision.facts.push(moved(rules, clock, &end, &extension.id.to_string(), context.now));
    }
    decision
}
