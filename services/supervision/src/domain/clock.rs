use calendar::Length;
use duban_proto::common::v1::{Citation, Light};
use duban_proto::supervision::v1::{ClockKind, StopReason};
use jiff::Timestamp;
use uuid::Uuid;

/// Which clock of an organ's ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClockKey {
    /// The case.
    pub case_id: Uuid,
    /// The term; 0 for the case's own clock.
    pub term: u32,
}

/// A clock (17): the case's at its home, or a term's at the organ that holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    /// Which.
    pub key: ClockKey,
    /// The case's number.
    pub number: String,
    /// The organ whose time it is.
    pub responsible_organ: String,
    /// The home of the case.
    pub home: String,
    /// The organ that registered the case.
    pub registering_organ: String,
    /// From when it counts.
    pub start: Timestamp,
    /// When the case was accepted.
    pub accepted_at: Timestamp,
    /// Its end.
    pub due_at: Timestamp,
    /// The whole length.
    pub length: Length,
    /// An extension moved it.
    pub extended: bool,
    /// A year it reaches into has no announced arrangement yet.
    pub provisional: bool,
    /// The version of the calendar it was worked out by.
    pub calendar: String,
    /// The other system's limit.
    pub external_due_at: Option<Timestamp>,
    /// What it rests on.
    pub citation: Citation,
    /// When the rungs of the ladder fire, in order.
    pub rung_times: Vec<Timestamp>,
    /// How many of them have fired and stand.
    pub fired: usize,
    /// The light.
    pub light: Light,
    /// How it stopped; `None` while it runs.
    pub stopped: Option<Stop>,
    /// It is the home's clock of a round after the case was opened again (3), under the number of that round's term.
    pub reopened: bool,
    /// The pauses that ended, each from and to, in order (house).
    pub pauses: Vec<(Timestamp, Timestamp)>,
    /// The pause that lasts; `None` where it does not stand still.
    pub paused: Option<Paused>,
}

/// A clock that stands still (house): no rung fires, and its end moves when it goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paused {
    /// The cause, by its code in the regulation.
    pub cause: String,
    /// Since when.
    pub at: Timestamp,
    /// It goes on by itself then.
    pub until: Timestamp,
}

/// An extension that waits for its decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who asked.
    pub by: String,
    /// The whole length asked for.
    pub length: Length,
}

/// How a clock stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// When, by the time that counts.
    pub at: Timestamp,
    /// Why.
    pub reason: StopReason,
    /// In time.
    pub on_time: bool,
    /// Workdays used.
    pub workdays: u32,
}

/// Where the numbers of parts begin, in the place of a term's.
const PARTS: u32 = 1_000_000;
/// Where those of parts begin whose opinion was sent back.
const PARTS_AGAIN: u32 = 1_500_000;

impl ClockKey {
    /// The clock of a part (house); `again` after its opinion was sent back.
    pub const fn part(case_id: Uuid, part: u32, again: bool) -> Self {
        let from = if again { PARTS_AGAIN } else { PARTS };
        Self { case_id, term: from.saturating_add(part) }
    }

    /// The part that it is the clock of; 0 where it is none's.
    pub const fn part_number(self) -> u32 {
        match self.term {
            0..PARTS => 0,
            PARTS..PARTS_AGAIN => self.term - PARTS,
            PARTS_AGAIN.. => self.term - PARTS_AGAIN,
        }
    }

    /// The case's clock.
    pub const fn case(case_id: Uuid) -> Self {
        Self { case_id, term: 0 }
    }

    /// The clock of a term.
    pub const fn term(case_id: Uuid, term: u32) -> Self {
        Self { case_id, term }
    }

    /// The case's, a term's, or a part's.
    pub const fn kind(self) -> ClockKind {
        match self.term {
            0 => ClockKind::Case,
            1..PARTS => ClockKind::Handling,
            PARTS.. => ClockKind::Part,
        }
    }
}

impl Clock {
    /// The case's own, also of a later round, or a term's.
    pub const fn kind(&self) -> ClockKind {
        if self.reopened { ClockKind::Case } else { self.key.kind() }
    }

    /// Whether it runs.
    pub fn runs(&self) -> bool {
        self.stopped.is_none()
    }

    /// The moment of the next rung, or at which it goes on by itself; `None` where it is stopped or at the top of its ladder.
    pub fn next_at(&self) -> Option<Timestamp> {
        if let Some(paused) = &self.paused {
            return Some(paused.until).filter(|_| self.runs());
        }
        self.rung_times.get(self.fired).copied().filter(|_| self.runs())
    }

    /// Whether it counts on the board of the organ in whose ledger it runs: a home that handles its own case has two clocks
    /// on it, and one case. Of a case that was opened again the clock of the new round counts in its place.
    pub fn counts(&self, organ: &str) -> bool {
        self.key.term == 0 || self.home != organ || self.reopened
    }
}
