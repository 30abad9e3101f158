//! What a command answers with: kept with its first entry, and given again when the request comes again. Clocks and
//! extensions are told without prose, and without what depends on who reads it.

use duban_proto::supervision::v1::{self as wire, ExtensionState, StopReason};

use uuid::Uuid;

use super::docket::{Appeal, Review};
use super::time::to_wire;
use super::{Clock, Extension};

/// The answer to any of supervision's commands; each fills what its rpc tells.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Answer {
    /// The extension as it is after the command.
    #[prost(message, optional, tag = "1")]
    pub extension: Option<wire::Extension>,
    /// The clock as it is after the command.
    #[prost(message, optional, tag = "2")]
    pub clock: Option<wire::Clock>,
    /// The review as it is after the command.
    #[prost(message, optional, tag = "30")]
    pub review: Option<wire::Review>,
    /// The appeal as it is after the command.
    #[prost(message, optional, tag = "31")]
    pub appeal: Option<wire::Appeal>,
    /// The follow-up as it is after the command.
    #[prost(message, optional, tag = "40")]
    pub follow_up: Option<wire::FollowUp>,
    /// The exclusion as it is after the command.
    #[prost(message, optional, tag = "50")]
    pub exclusion: Option<wire::Exclusion>,
    /// The analysis as it is after the command.
    #[prost(message, optional, tag = "51")]
    pub analysis: Option<wire::Analysis>,
    /// What was frozen.
    #[prost(message, optional, tag = "52")]
    pub frozen: Option<wire::Frozen>,
    /// The notice as it is after the command.
    #[prost(message, optional, tag = "20")]
    pub notice: Option<wire::Notice>,
    /// The file of accountability as it is after the command.
    #[prost(message, optional, tag = "21")]
    pub file: Option<wire::AccountabilityFile>,
}

/// A clock of this organ's ledger. `allowed_actions` is for the edge.
pub(crate) fn clock(organ: &str, clock: &Clock) -> wire::Clock {
    wire::Clock {
        case_id: clock.key.case_id.to_string(),
        number: clock.number.clone(),
        organ: organ.to_owned(),
        kind: clock.kind().into(),
        term: clock.key.term,
        responsible_organ: clock.responsible_organ.clone(),
        start: Some(to_wire(clock.start)),
        due_at: Some(to_wire(clock.due_at)),
        length: clock.length.to_string(),
        provisional: clock.provisional,
        calendar: clock.calendar.clone(),
        light: clock.light.into(),
        stopped_at: clock.stopped.map(|stop| to_wire(stop.at)),
        stop_reason: clock.stopped.map_or(StopReason::Unspecified, |stop| stop.reason).into(),
        on_time: clock.stopped.is_some_and(|stop| stop.on_time),
        rungs_fired: u32::try_from(clock.fired).unwrap_or(u32::MAX),
        next_rung_at: clock.next_at().map(to_wire),
        external_due_at: clock.external_due_at.map(to_wire),
        citation: Some(clock.citation.clone()),
        allowed_actions: Vec::new(),
        reopened: clock.reopened,
        part: clock.key.part_number(),
        paused: clock.paused.is_some(),
        paused_by: clock.paused.as_ref().map(|paused| paused.cause.clone()).unwrap_or_default(),
        paused_until: clock.paused.as_ref().map(|paused| to_wire(paused.until)),
        paused_workdays: 0,
    }
}

/// An extension of this organ's ledger. `reason` is for the edge: no prose in an answer that the ledger keeps.
pub(crate) fn extension(organ: &str, extension: &Extension) -> wire::Extension {
    wire::Extension {
        extension_id: extension.id.to_string(),
        case_id: extension.clock.case_id.to_string(),
        number: extension.number.clone(),
        organ: organ.to_owned(),
        term: extension.clock.term,
        length: extension.length.to_string(),
        due_at: Some(to_wire(extension.due_at)),
        requested_by: extension.requested_by.clone(),
        state: extension.state.into(),
        decided_by: extension.decided_by.clone(),
        reason: String::new(),
        told: String::new(),
        refusal: String::new(),
    }
}

/// A result of this organ's ledger, with its review. `reason` and `allowed_actions` are for the edge.
pub(crate) fn review(organ: &str, case_id: Uuid, review: &Review) -> wire::Review {
    wire::Review {
        case_id: case_id.to_string(),
        organ: organ.to_owned(),
        conclusion: review.conclusion.clone(),
        reasons: review.reasons.clone(),
        state: review.state,
        since: Some(to_wire(ledger::from_micros(review.since))),
        review_by: review.review_by,
        taken_up_by: review.taken_up_by.clone(),
        decided_by: review.decided_by.clone(),
        reason: String::new(),
        order_id: review.order_id.clone(),
        allowed_actions: Vec::new(),
    }
}

/// An appeal of this organ's ledger. Words and `allowed_actions` are for the edge.
pub(crate) fn appeal(organ: &str, case_id: Uuid, appeal: &Appeal) -> wire::Appeal {
    wire::Appeal {
        case_id: case_id.to_string(),
        organ: organ.to_owned(),
        registered: appeal.registered.clone(),
        registered_at: Some(to_wire(appeal.registered_at())),
        state: appeal.state,
        admitted_by: appeal.admitted_by.clone(),
        decided: appeal.decided.clone(),
        decided_by: appeal.decided_by.clone(),
        words: String::new(),
        admission_reason: String::new(),
        reason: String::new(),
        allowed_actions: Vec::new(),
    }
}

/// `CONCLUDED`
pub(crate) fn reason_name(reason: StopReason) -> &'static str {
    reason.as_str_name().trim_start_matches("STOP_REASON_")
}

/// `GRANTED`
pub(crate) fn state_name(state: ExtensionState) -> &'static str {
    state.as_str_name().trim_start_matches("EXTENSION_STATE_")
}
