//! What can happen, as the ledger keeps it.

use duban_proto::routing::v1::{self as wire, event::Kind};
use prost::{
    DecodeError, Message,
    bytes::{Buf, BufMut},
    encoding::{DecodeContext, WireType},
};

/// An event of the contract; a type of this crate, so that it can be an event of the ledger's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event(pub wire::Event);

impl Event {
    /// That this happened.
    pub fn new(kind: Kind) -> Self {
        Self(wire::Event { kind: Some(kind) })
    }
}

impl ledger::Event for Event {
    const TYPE_URL: &'static str = "type.googleapis.com/duban.routing.v1.Event";

    fn kind(&self) -> &'static str {
        match &self.0.kind {
            Some(Kind::OrganEstablished(_)) => "organ_established",
            Some(Kind::CaseOpened(_)) => "case_opened",
            Some(Kind::TermBegun(_)) => "term_begun",
            Some(Kind::TermReceived(_)) => "term_received",
            Some(Kind::TransferAcknowledged(_)) => "transfer_acknowledged",
            Some(Kind::InvestigatorsAppointed(_)) => "investigators_appointed",
            Some(Kind::InvestigationRecorded(_)) => "investigation_recorded",
            Some(Kind::DispositionSubmitted(_)) => "disposition_submitted",
            Some(Kind::DispositionReturned(_)) => "disposition_returned",
            Some(Kind::DispositionApproved(_)) => "disposition_approved",
            Some(Kind::ResultReported(_)) => "result_reported",
            Some(Kind::TransferNoted(_)) => "transfer_noted",
            Some(Kind::CaseConcluded(_)) => "case_concluded",
            Some(Kind::ReportedUp(_)) => "reported_up",
            Some(Kind::HomeAssumed(_)) => "home_assumed",
            Some(Kind::HomeMoved(_)) => "home_moved",
            Some(Kind::ActVoided(_)) => "act_voided",
            Some(Kind::CaseArchived(_)) => "case_archived",
            Some(Kind::WithdrawalNoted(_)) => "withdrawal_noted",
            Some(Kind::ReplyNoted(_)) => "reply_noted",
            Some(Kind::OutcomeReturned(_)) => "outcome_returned",
            Some(Kind::WorkingCopyNoted(_)) => "working_copy_noted",
            // Only of a kind that a later version added.
            None => "unknown",
        }
    }
}

impl Message for Event {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        self.0.encode_raw(buffer);
    }

    fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        self.0.merge_field(tag, wire_type, buffer, context)
    }

    fn encoded_len(&self) -> usize {
        self.0.encoded_len()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}
