//! What has to be told to a complainant.

use duban_proto::common::v1::Citation;
use duban_proto::intake::v1::{DeliveryOutcome, ReplyDelivered, ReplyDue, ReplyOccasion};
use jiff::Timestamp;
use uuid::Uuid;

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
        })
    }

    /// Notes an attempt.
    pub fn apply(&mut self, event: &ReplyDelivered) {
        self.outcome = event.outcome();
        self.attempts += 1;
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
