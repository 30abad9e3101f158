//! Running clocks are worked out again when the calendar changed, on record (17).

use duban_proto::supervision::v1::{ClockKind, ClockMoved, event::Kind};
use jiff::Timestamp;
use ledger::Context;

use crate::domain::decide::{Decision, Fact};
use crate::domain::rules::End;
use crate::domain::{Book, Clock, ClockKey, Rules, ladder};

/// Those worked out by this calendar already stay as they are.
pub(super) fn work_out(
    rules: &Rules<'_>,
    book: &Book,
    clocks: &[ClockKey],
    context: Context<'_>,
) -> Decision {
    let outdated = |clock: &&Clock| clock.runs() && clock.calendar != rules.calendar.version();
    let clocks = clocks.iter().filter_map(|key| book.clock(*key)).filter(outdated);
    let facts = clocks.filter_map(|clock| {
        let end = end(rules, clock, context.now)?;
        let moved = ladder::moved(rules, clock, &end, String::new(), context.now);
        Some(Fact::new(clock.key.case_id, Kind::ClockMoved(moved)))
    });
    Decision::of(facts.collect())
}

/// What a clock would become by these rules (17): nothing is written. `None` where it would stay as it is.
pub(crate) fn preview(rules: &Rules<'_>, clock: &Clock, now: Timestamp) -> Option<ClockMoved> {
    let end = end(rules, clock, now)?;
    (end.at != clock.due_at).then(|| ladder::moved(rules, clock, &end, String::new(), now))
}

/// The end by the calendar of now. One that would make the clock overdue after the fact leaves it where it was.
fn end(rules: &Rules<'_>, clock: &Clock, now: Timestamp) -> Option<End> {
    let kind = clock.kind();
    if kind == ClockKind::Part {
        // The home gave it a date, which no calendar moves.
        let provisional = rules.calendar.is_provisional(rules.last_date(clock.due_at));
        return Some(End { at: clock.due_at, length: clock.length, provisional });
    }
    let end = if clock.extended || !clock.pauses.is_empty() {
        let due = rules.due_of(clock, clock.start, clock.length);
        let cap = rules.longest(clock).filter(|cap| cap.at < due.at);
        let due = cap.unwrap_or(due);
        End { at: due.at, length: clock.length, provisional: due.provisional }
    } else {
        rules.first_end(kind, clock.start, clock.accepted_at)?
    };
    let too_late_to_shorten = end.at < clock.due_at && end.at <= now;
    Some(if too_late_to_shorten {
        End { at: clock.due_at, length: clock.length, provisional: clock.provisional }
    } else {
        end
    })
}
