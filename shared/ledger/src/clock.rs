//! Where the time comes from: never from anywhere else, so that tests and the demo can turn it.

use std::sync::Mutex;
use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// Tells the time.
pub trait Clock: Send + Sync + 'static {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Told each time the clock is turned; never for a clock that only goes on.
    fn turned(&self) -> watch::Receiver<u64>;
}

/// The machine's clock.
#[derive(Debug)]
pub struct SystemClock(watch::Sender<u64>);

impl Default for SystemClock {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)] // the one place that asks the machine
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn turned(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}

/// A clock that is turned by hand: it stands still, or goes on from where it was put.
#[derive(Debug)]
pub struct TurnedClock {
    hand: Mutex<Hand>,
    turned: watch::Sender<u64>,
}

#[derive(Clone, Copy, Debug)]
struct Hand {
    at: Timestamp,
    since: Option<Instant>,
}

impl Hand {
    fn now(self) -> Timestamp {
        let gone = self.since.map_or(SignedDuration::ZERO, |since| {
            SignedDuration::try_from(since.elapsed()).unwrap_or(SignedDuration::ZERO)
        });
        self.at.checked_add(gone).unwrap_or(self.at)
    }
}

impl TurnedClock {
    /// Stands still at `at`.
    pub fn standing(at: Timestamp) -> Self {
        Self { hand: Mutex::new(Hand { at, since: None }), turned: watch::Sender::new(0) }
    }

    /// Goes on from `at` at the pace of the machine's clock.
    pub fn going(at: Timestamp) -> Self {
        Self { hand: Mutex::new(Hand { at, since: Some(Instant::now()) }), turned: watch::Sender::new(0) }
    }

    /// Puts it to `at`; forward only in use, back only to test what then happens.
    pub fn set(&self, at: Timestamp) {
        self.turn(|hand| hand.at = at);
    }

    /// Puts it forward.
    pub fn advance(&self, by: SignedDuration) {
        self.turn(|hand| hand.at = hand.now().checked_add(by).unwrap_or(hand.at));
    }

    /// From here on it goes by itself.
    pub fn go(&self) {
        self.turn(|hand| hand.at = hand.now());
        self.turn(|hand| hand.since = Some(Instant::now()));
    }

    fn turn(&self, change: impl FnOnce(&mut Hand)) {
        let mut hand = self.hand.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut hand);
        hand.since = hand.since.map(|_| Instant::now());
        drop(hand);
        self.turned.send_modify(|times| *times += 1);
    }
}

impl Clock for TurnedClock {
    fn now(&self) -> Timestamp {
        self.hand.lock().unwrap_or_else(std::sync::PoisonError::into_inner).now()
    }

    fn turned(&self) -> watch::Receiver<u64> {
        self.turned.subscribe()
    }
}

/// Microseconds since 1970: how moments stand in tables and in the hash.
pub fn to_micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// The moment of so many microseconds since 1970; the nearest one there is, where it lies beyond.
pub fn from_micros(micros: i64) -> Timestamp {
    let beyond = if micros < 0 { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::from_microsecond(micros).unwrap_or(beyond)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_turned() {
        let clock = TurnedClock::standing("2026-03-02T01:00:00Z".parse().unwrap());
        let told = clock.turned();
        assert_eq!(clock.now().to_string(), "2026-03-02T01:00:00Z");
        clock.advance(SignedDuration::from_hours(25));
        assert_eq!(clock.now().to_string(), "2026-03-03T02:00:00Z");
        assert!(told.has_changed().unwrap());
        clock.set("2026-01-01T00:00:00Z".parse().unwrap());
        assert_eq!(clock.now().to_string(), "2026-01-01T00:00:00Z");
    }

    #[test]
    fn a_going_clock_never_goes_back_by_being_advanced() {
        let clock = TurnedClock::going("2026-03-02T01:00:00Z".parse().unwrap());
        let before = clock.now();
        clock.advance(SignedDuration::from_secs(60));
        assert!(clock.now() >= before.checked_add(SignedDuration::from_secs(60)).unwrap());
    }
}
