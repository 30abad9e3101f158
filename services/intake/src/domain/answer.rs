//! What a command answers with: kept with its first entry, and given again when the request comes again.

use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1::{self as wire, CaseSummary, DeliveryState};
use jiff::Timestamp;

use super::{Case, Reply};

/// The answer to any of intake's commands; each fills what its rpc tells.
///
/// Without what depends on who asks (`allowed_actions`) and what is never stored (tracking code, texts): the handler
/// adds these.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Answer {
    /// The case as it is after the command.
    #[prost(message, optional, tag = "1")]
    pub case: Option<CaseSummary>,
    /// Until when the complainant may supply what is missing.
    #[prost(message, optional, tag = "2")]
    pub due_at: Option<prost_types::Timestamp>,
    /// The reply that was sent.
    #[prost(message, optional, tag = "3")]
    pub reply: Option<wire::Reply>,
    /// The working copy that was made.
    #[prost(message, optional, tag = "4")]
    pub working_copy: Option<ContentRef>,
    /// The grant that was asked for or decided on.
    #[prost(message, optional, tag = "5")]
    pub grant: Option<wire::IdentityGrant>,
    /// The file of a case as it is after the command.
    #[prost(message, optional, tag = "60")]
    pub attachment: Option<wire::Attachment>,
    /// The referral that was answered.
    #[prost(message, optional, tag = "20")]
    pub referral: Option<wire::Referral>,
    /// The report, for the centre (12).
    #[prost(message, optional, tag = "21")]
    pub report: Option<wire::Report>,
    /// The demand that was answered (12).
    #[prost(message, optional, tag = "22")]
    pub demand: Option<wire::Demand>,
    /// The fields that were corrected, by name.
    #[prost(string, repeated, tag = "23")]
    pub corrected: Vec<String>,
    /// The summary for the respondent as it is after the command (15).
    #[prost(message, optional, tag = "80")]
    pub summary: Option<wire::Summary>,
    /// The leader's instruction as it is after the command (14(1)).
    #[prost(message, optional, tag = "81")]
    pub instruction: Option<wire::Instruction>,
    /// The disposal list that was proposed.
    #[prost(message, optional, tag = "70")]
    pub proposed: Option<wire::ProposeDisposalResponse>,
    /// What became of a disposal list.
    #[prost(message, optional, tag = "71")]
    pub disposal: Option<wire::DecideDisposalResponse>,
    /// How long the case is kept, with the demand to erase its identity.
    #[prost(message, optional, tag = "72")]
    pub retention: Option<wire::Retention>,
}

/// A case as lists show it, without what depends on who asks.
pub fn summary(case: &Case, organ: &str) -> CaseSummary {
    let received = &case.received;
    CaseSummary {
        case_id: case.case_id.to_string(),
        organ: organ.to_owned(),
        number: case.number.clone(),
        state: case.state.into(),
        version: case.version,
        channel: received.channel.clone(),
        source: received.source,
        grounds: received.grounds.clone(),
        respondents: received.respondents.clone(),
        received_at: Some(server::time::to_proto(case.received_at)),
        accepted_at: case.accepted_at.map(server::time::to_proto),
        missing: received.missing.clone(),
        responsible_organ: case.responsible_organ.clone(),
        masks_confirmed: case.working_copy.is_some(),
        finding: case.finding.into(),
        external_due_at: received.external_due_at,
        allowed_actions: Vec::new(),
        received_on: received.received_on.clone(),
        anonymous: received.anonymous,
        treatment: case.treatment.into(),
        supplement_due_at: case.supplement_due_at.map(server::time::to_proto),
        urgency: received.urgency,
        public_opinion: received.public_opinion,
    }
}

/// A reply as lists show it, without its text.
pub fn reply_message(reply: &Reply, organ: &str, number: &str, now: Timestamp) -> wire::Reply {
    let delivery = &reply.delivery;
    let state = reply.delivery_state(now);
    let waits = state == DeliveryState::Waiting;
    wire::Reply {
        reply_id: reply.reply_id.to_string(),
        case_id: reply.case_id.to_string(),
        number: number.to_owned(),
        organ: organ.to_owned(),
        occasion: reply.occasion.into(),
        since: Some(server::time::to_proto(reply.since)),
        due_at: reply.due_at.map(server::time::to_proto),
        outcome: reply.outcome.into(),
        attempts: reply.attempts,
        proposed_text: String::new(),
        delivery_state: state.into(),
        next_attempt_at: delivery.next_at.filter(|_| waits).map(server::time::to_proto),
        last_code: delivery.code.clone(),
        port: delivery.begun.as_ref().map(|begun| begun.port.clone()).unwrap_or_default(),
    }
}
