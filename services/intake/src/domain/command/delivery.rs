//! How replies are sent (17).

use content::Draft;
use duban_proto::intake::v1::{DeliveryDecision, DeliveryOutcome};
use jiff::Timestamp;
use uuid::Uuid;

/// How a reply went.
#[derive(Clone, Debug)]
pub struct SendReply {
    /// The reply.
    pub reply_id: Uuid,
    /// The form.
    pub form: String,
    /// How it went.
    pub outcome: DeliveryOutcome,
    /// The text as told.
    pub text: Draft,
}

/// Begins to send a reply.
#[derive(Clone, Debug)]
pub struct BeginDelivery {
    /// The reply.
    pub reply_id: Uuid,
    /// Which attempt, from 1: the next one, or somebody else was first.
    pub attempt: u32,
    /// The port.
    pub port: String,
    /// The form it has there.
    pub form: String,
    /// It may come twice there.
    pub repeatable: bool,
    /// Until when nobody else sends it.
    pub until: Timestamp,
    /// The text, where this is the first attempt that has one.
    pub text: Option<Draft>,
    /// The port needs to know who complains.
    pub opens_identity: bool,
}

/// How an attempt to send went.
#[derive(Clone, Debug)]
pub struct EndDelivery {
    /// The reply.
    pub reply_id: Uuid,
    /// Which attempt.
    pub attempt: u32,
    /// How it went.
    pub how: Ended,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The receiver took it.
    Sent,
    /// It did not arrive, or may not have.
    Failed {
        /// Why.
        code: String,
        /// When it is tried again, quiet hours apart; absent: not by the program.
        again_at: Option<Timestamp>,
        /// It may have arrived, and must not be sent twice.
        unknown: bool,
    },
}

/// Decides how a delivery goes on.
#[derive(Clone, Debug)]
pub struct DecideDelivery {
    /// The reply.
    pub reply_id: Uuid,
    /// What is decided.
    pub decision: DeliveryDecision,
    /// Why.
    pub reason: Draft,
    /// How the complainant was told; empty unless by other means.
    pub form: String,
    /// What the complainant was told, by other means.
    pub text: Option<Draft>,
}
