//! Why a clock's end came out (17).

use calendar::ExplainedDay;

use super::Clock;
use super::rules::Rules;

/// Every day from a clock's start to its end, counted or skipped, and why; by the calendar of now.
pub fn explanation(rules: &regulation::Rules, organ: &str, clock: &Clock) -> Vec<ExplainedDay> {
    let rules = Rules::of(rules, organ);
    let last = rules.last_date(clock.due_at);
    let counting = rules.regulation.counting();
    let mut days = rules.calendar.explain(clock.start, clock.length, counting).days;
    // A length that was granted can reach past the longest time, which ends the clock before.
    days.retain(|day| day.date <= last);
    days
}
