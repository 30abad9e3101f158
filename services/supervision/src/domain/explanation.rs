//! Why a clock's end came out (17).

use calendar::{ExplainedDay, Length};
use jiff::civil::Date;

use super::Clock;
use super::rules::Rules;

/// A day on the way to a clock's end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The day, as the calendar counts it.
    pub day: ExplainedDay,
    /// It is left out because the clock stood still (house).
    pub paused: bool,
}

/// Every day from a clock's start to its end, counted or skipped, and why; by the calendar of now.
pub fn explanation(rules: &regulation::Rules, organ: &str, clock: &Clock) -> Vec<Explained> {
    let rules = Rules::of(rules, organ);
    let last = rules.last_date(clock.due_at);
    let counting = rules.regulation.counting();
    let length = match clock.length {
        Length::Workdays(n) => Length::Workdays(n + rules.paused_workdays(clock)),
        other => other,
    };
    let mut days = rules.calendar.explain(clock.start, length, counting).days;
    // A length that was granted can reach past the longest time, which ends the clock before.
    days.retain(|day| day.date <= last);
    let pauses: Vec<(Date, Date)> = rules.paused_days(clock).collect();
    let mut left_out = 0;
    let told = days.into_iter().map(|mut day| {
        let stood = pauses.iter().any(|(from, to)| *from < day.date && day.date <= *to);
        let paused = stood && matches!(length, Length::Workdays(_)) && day.counted.is_some();
        left_out += u32::from(paused);
        day.counted = day.counted.filter(|_| !paused).map(|counted| counted.saturating_sub(left_out));
        Explained { day, paused }
    });
    told.collect()
}
