//! The demo: the 45 days before now, played through the public API on a turned clock.
//!
//! Desk officers, handlers, leaders, heads and archivists are played by the program, each with a token of their own, each
//! only with what their role may call. Nothing is written past the services.

mod acts;
mod case;
mod cast;
mod hours;
mod script;
mod stage;

use std::sync::Arc;

use calendar::Calendar;
use directory::Directory;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use ledger::TurnedClock;

pub use cast::Cast;
pub use stage::{Played, Refused};

use crate::samples::{self, Line, LineError};
use case::Case;
use hours::Hours;
use stage::Stage;

/// How many days are played.
const DAYS: i64 = 45;
/// Day 0 of the samples, a Monday.
const SAMPLE_START: Date = Date::constant(2026, 3, 2);

/// Why the demo can't be played.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A sample is not usable.
    #[error("the samples are not usable")]
    Line(#[from] LineError),
    /// A sample that belongs to another is not usable.
    #[error("supplements.jsonl, line {line}")]
    Supplement {
        /// From 1.
        line: usize,
        /// What is wrong.
        source: serde_json::Error,
    },
    /// A token can't be made.
    #[error(transparent)]
    Token(#[from] access::DevKeyError),
    /// A token is no header.
    #[error(transparent)]
    Header(#[from] crate::client::ConnectError),
    /// The services did not do in time what follows from what was done.
    #[error("the services did not get as far as: {what}")]
    Waited {
        /// What was waited for.
        what: &'static str,
    },
}

/// The period that is played.
#[derive(Clone, Copy, Debug)]
pub struct Period {
    /// 0:00 of its first day, a Monday as in the samples, so that offices are open when people come.
    pub start: Timestamp,
    /// Its end: now.
    pub end: Timestamp,
    /// The days by which the samples' dates move.
    shift: i64,
}

impl Period {
    /// The 45 days before `now`, from the Monday on which or after which they begin.
    pub fn before(now: Timestamp, hours: &Hours) -> Self {
        let today = hours.date(now);
        let first = today.checked_sub(SignedDuration::from_hours(24 * DAYS)).unwrap_or(today);
        let past_monday = i64::from(first.weekday().to_monday_zero_offset());
        let monday = first.checked_sub(SignedDuration::from_hours(24 * past_monday)).unwrap_or(first);
        let shift = SAMPLE_START.duration_until(monday).as_hours() / 24;
        Self { start: hours.begin_of(monday), end: now, shift }
    }
}

/// Where in the period the play is, for a progress bar.
pub type Progress<'a> = &'a (dyn Fn(Timestamp) + Sync);

/// Plays the period on `clock`, which stands at its start, and leaves it at its end.
pub async fn play(
    cast: Cast,
    clock: Arc<TurnedClock>,
    directory: &Directory,
    calendar: Arc<Calendar>,
    period: Period,
    progress: Progress<'_>,
) -> Result<Played, DemoError> {
    let hours = Hours::new(calendar);
    let cases = cases(directory, &hours, period)?;
    let mut stage = Stage::new(cast, clock, hours, cases);
    stage.play(period.end, progress).await
}

/// When the period begins, before there is an instance: what the clock is put to.
pub fn period(now: Timestamp, calendar: Arc<Calendar>) -> Period {
    Period::before(now, &Hours::new(calendar))
}

fn cases(directory: &Directory, hours: &Hours, period: Period) -> Result<Vec<Case>, DemoError> {
    let supplements =
        samples::supplements().map_err(|(line, source)| DemoError::Supplement { line, source })?;
    let mut cases = Vec::new();
    for (index, text) in samples::COMPLAINTS.lines().enumerate() {
        let mut line = Line::parse(text, index + 1)?;
        line.move_dates(period.shift);
        let at = hours.arrival(period.start, &line);
        let supplement = line.request_id.as_ref().and_then(|id| supplements.get(id));
        cases.push(Case::new(index, line, supplement.cloned(), at, directory));
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours() -> Hours {
        Hours::new(Arc::new(Calendar::bundled().unwrap()))
    }

    #[test]
    fn the_period_begins_on_a_monday_45_to_51_days_before_now() {
        for day in 1..=14_i8 {
            let now = hours().begin_of(Date::constant(2026, 5, day));
            let period = Period::before(now, &hours());
            let days = now.duration_since(period.start).as_hours() / 24;
            assert!((DAYS..DAYS + 7).contains(&days), "{days}");
            assert_eq!(period.shift % 7, 0);
        }
    }
}
