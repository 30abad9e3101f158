//! How long until the next attempt.

use std::time::Duration;

/// The longest that a receiver may ask to wait.
const LONGEST_ASKED: Duration = Duration::from_hours(24);

/// The waits between attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pace {
    pub(super) first: Duration,
    pub(super) longest: Duration,
}

impl Pace {
    /// The wait after so many failed attempts: twice as long each time, up to the longest; of that, between a half and all,
    /// by `chance`, so that what failed together does not come again together. Never shorter than the receiver asks.
    pub(super) fn wait(self, failed: u32, chance: u16, asked: Option<Duration>) -> Duration {
        let doubled = 1_u32.checked_shl(failed.saturating_sub(1)).unwrap_or(u32::MAX);
        let whole = self.first.saturating_mul(doubled).min(self.longest);
        let wait = whole / 2 + (whole / 2).mul_f64(f64::from(chance) / f64::from(u16::MAX));
        wait.max(asked.unwrap_or_default().min(LONGEST_ASKED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { first: Duration::from_secs(10), longest: Duration::from_mins(1) };

    #[test]
    fn waits_double_up_to_the_longest() {
        let waits = [1, 2, 3, 4, 40].map(|failed| PACE.wait(failed, u16::MAX, None).as_secs());
        assert_eq!(waits, [10, 20, 40, 60, 60]);
    }

    #[test]
    fn chance_takes_away_a_half_at_the_most() {
        assert_eq!(PACE.wait(2, 0, None), Duration::from_secs(10));
        let some = PACE.wait(2, u16::MAX / 2, None);
        assert!(some > Duration::from_secs(14) && some < Duration::from_secs(16), "{some:?}");
    }

    #[test]
    fn the_receivers_wish_counts_where_it_is_longer_and_not_beyond_a_day() {
        let asked = |s| PACE.wait(1, u16::MAX, Some(Duration::from_secs(s))).as_secs();
        assert_eq!([asked(3), asked(300), asked(1_000_000)], [10, 300, 86_400]);
    }
}
