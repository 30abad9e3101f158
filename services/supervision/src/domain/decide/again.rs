//! Running clocks are worked out again when the calendar changed, on record (17).

use duban_proto::supervision::v1::event::Kind;
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

/// The end by the calendar of now. One that would make the clock overdue after the fact leaves it where it was.
fn end(rules: &Rules<'_>, clock: &Clock, now: Timestamp) -> Option<End> {
    let kind = clock.kind();
    let end = if clock.extended {
        let due = rules.due(clock.start, clock.length);
        let cap = rules.longest(kind, clock.start, clock.accepted_at).filter(|cap| cap.at < due.at);
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
