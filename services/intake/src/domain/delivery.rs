//! How a reply goes out by the program: by which way, when next, and what became of the last attempt (17).

use duban_proto::intake::v1::{DeliveryBegun, DeliveryFailed, DeliveryState, ReplyDue};
use jiff::Timestamp;
use server::time::from_proto;

use super::Case;

/// The delivery of a reply; all of it follows from the ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// By which way: "agency/12345", "channel/online"; empty where the program can't send it.
    pub route: String,
    /// When the program sends it; while it is being sent, until when; absent where a person sees to it.
    pub next_at: Option<Timestamp>,
    /// How the last attempt began; absent before the first.
    pub begun: Option<DeliveryBegun>,
    /// What became of it.
    pub progress: Progress,
    /// Why the last attempt failed; empty where none did.
    pub code: String,
    /// How many attempts had been made when the present series began: a person can have it tried again.
    pub spent: u32,
}

/// What became of the last attempt; the numbers are those of the column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// None was made, or it is settled.
    #[default]
    Settled = 0,
    /// It is being made.
    Running = 1,
    /// It may have arrived, and must not be made again.
    Unknown = 2,
}

impl Delivery {
    /// The delivery of a reply that becomes due.
    pub(super) fn due(event: &ReplyDue) -> Self {
        let next_at = event.send_from.as_ref().and_then(from_proto);
        Self { route: event.route.clone(), next_at, ..Self::default() }
    }

    /// An attempt begins.
    pub(super) fn begins(&mut self, event: &DeliveryBegun) {
        self.next_at = event.until.as_ref().and_then(from_proto);
        self.begun = Some(event.clone());
        self.progress = Progress::Running;
    }

    /// It failed.
    pub(super) fn fails(&mut self, event: &DeliveryFailed) {
        self.next_at = event.next_attempt_at.as_ref().and_then(from_proto);
        self.progress = if event.unknown { Progress::Unknown } else { Progress::Settled };
        self.code.clone_from(&event.code);
    }

    /// The program has nothing more to do with it, until a person says so.
    pub(super) fn ends(&mut self) {
        self.next_at = None;
        self.progress = Progress::Settled;
    }

    /// An attempt is being made at this moment: nobody else may.
    pub fn is_running(&self, now: Timestamp) -> bool {
        self.progress == Progress::Running && self.next_at.is_some_and(|until| now < until)
    }

    /// Whoever made the last attempt did not live to say how it went.
    pub fn has_lapsed(&self, now: Timestamp) -> bool {
        self.progress == Progress::Running && !self.is_running(now)
    }

    /// The last attempt may be made again without harm.
    pub fn is_repeatable(&self) -> bool {
        self.begun.as_ref().is_none_or(|begun| begun.repeatable)
    }

    /// Where an open reply stands; `failed`: its last attempt, whoever made it.
    pub(super) fn state(&self, failed: bool, now: Timestamp) -> DeliveryState {
        let unsure = self.has_lapsed(now) && !self.is_repeatable();
        match self.progress {
            Progress::Unknown => DeliveryState::Unknown,
            _ if unsure => DeliveryState::Unknown,
            Progress::Running if self.is_running(now) => DeliveryState::Sending,
            _ if self.next_at.is_some() => DeliveryState::Waiting,
            _ if failed => DeliveryState::Failed,
            _ => DeliveryState::Desk,
        }
    }
}

impl TryFrom<i16> for Progress {
    type Error = ();

    fn try_from(number: i16) -> Result<Self, ()> {
        [Self::Settled, Self::Running, Self::Unknown].into_iter().find(|one| *one as i16 == number).ok_or(())
    }
}

/// The way back to whoever complained: to the system that submitted the case, or else by the channel it came by.
pub fn route(case: &Case) -> String {
    let received = &case.received;
    match received.agency.as_str() {
        "" => channel_route(&received.channel),
        agency => agency_route(agency),
    }
}

/// The way to an agency's system.
pub fn agency_route(agency: &str) -> String {
    format!("agency/{agency}")
}

/// The way to who complained by a channel.
pub fn channel_route(channel: &str) -> String {
    format!("channel/{channel}")
}
