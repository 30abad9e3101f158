//! What has to be told to a complainant.

use duban_proto::common::v1::Citation;
use duban_proto::intake::v1::{
    DeliveryBegun, DeliveryDecided, DeliveryDeferred, DeliveryFailed, DeliveryOutcome, DeliveryState,
    ReplyDelivered, ReplyDue, ReplyOccasion,
};
use jiff::Timestamp;
use server::time::from_proto;
use uuid::Uuid;

use super::Delivery;

/// A reply that is due or was made: the row of `reply` (16, 17).
#[derive(Clone, Debug, PartialEq)]
pub struct Reply {
    /// Its id, stable over all attempts.
    pub reply_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What it is about.
    pub occasion: ReplyOccasion,
    /// When it became due.
    pub since: Timestamp,
    /// By when; absent where the regulation sets no limit.
    pub due_at: Option<Timestamp>,
    /// What it rests on.
    pub citation: Option<Citation>,
    /// How the last attempt went; unspecified before the first.
    pub outcome: DeliveryOutcome,
    /// How often it was tried.
    pub attempts: u32,
    /// How it goes out by the program.
    pub delivery: Delivery,
    /// The complainant rated the result that it told.
    pub rated: bool,
}

/// Of the replies of a case the one that told its latest result, where it is told and not rated yet.
pub fn to_rate<'a>(replies: impl IntoIterator<Item = &'a Reply>) -> Option<&'a Reply> {
    let results = replies.into_iter().filter(|reply| reply.occasion == ReplyOccasion::Result);
    let told =
        |reply: &&Reply| matches!(reply.outcome, DeliveryOutcome::Sent | DeliveryOutcome::Acknowledged);
    results.max_by_key(|reply| reply.since).filter(told).filter(|reply| !reply.rated)
}

impl Reply {
    /// The reply that this entry makes due; `None` where its id is none.
    pub fn due(case_id: Uuid, event: &ReplyDue, at: Timestamp) -> Option<Self> {
        Some(Self {
            reply_id: Uuid::try_parse(&event.reply_id).ok()?,
            case_id,
            occasion: event.occasion(),
            since: at,
            due_at: event.due_at.as_ref().and_then(server::time::from_proto),
            citation: event.citation.clone(),
            outcome: DeliveryOutcome::Unspecified,
            attempts: 0,
            delivery: Delivery::due(event),
            rated: false,
        })
    }

    /// Notes an attempt. One by the program was counted when it began.
    pub fn apply(&mut self, event: &ReplyDelivered) {
        self.outcome = event.outcome();
        if event.attempt == 0 {
            self.attempts += 1;
        }
        self.delivery.ends();
    }

    /// The program begins an attempt.
    pub fn begins(&mut self, event: &DeliveryBegun) {
        self.attempts = event.attempt;
        self.delivery.begins(event);
    }

    /// It failed, or may have.
    pub fn fails(&mut self, event: &DeliveryFailed) {
        if !event.unknown {
            self.outcome = DeliveryOutcome::Failed;
        }
        self.delivery.fails(event);
    }

    /// It is put off.
    pub fn defers(&mut self, event: &DeliveryDeferred) {
        self.delivery.ends();
        self.delivery.next_at = event.next_attempt_at.as_ref().and_then(from_proto);
    }

    /// A person decided how it goes on: all attempts of the program are left again.
    pub fn decided(&mut self, event: &DeliveryDecided) {
        self.delivery.ends();
        self.delivery.next_at = event.next_attempt_at.as_ref().and_then(from_proto);
        self.delivery.spent = self.attempts;
    }

    /// Nobody is told it any more. True where it was open.
    pub fn obsolete(&mut self) -> bool {
        let open = self.is_open();
        if open {
            self.outcome = DeliveryOutcome::Obsolete;
            self.delivery.ends();
            self.delivery.next_at = None;
        }
        open
    }

    /// Where its delivery stands.
    pub fn delivery_state(&self, now: Timestamp) -> DeliveryState {
        if self.outcome == DeliveryOutcome::Erased {
            return DeliveryState::Erased;
        }
        if !self.is_open() {
            return DeliveryState::Told;
        }
        self.delivery.state(self.outcome == DeliveryOutcome::Failed, now)
    }

    /// Nobody was told yet: never sent, or failed.
    pub fn is_open(&self) -> bool {
        matches!(self.outcome, DeliveryOutcome::Unspecified | DeliveryOutcome::Failed)
    }

    /// Whether this outcome may follow: an open reply takes any, a sent one can still be acknowledged.
    pub fn may_become(&self, outcome: DeliveryOutcome) -> bool {
        self.is_open() || (self.outcome == DeliveryOutcome::Sent && outcome == DeliveryOutcome::Acknowledged)
    }
}
