//! What can happen, as the ledger keeps it.

use duban_proto::intake::v1::{self as wire, event::Kind};
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
    const TYPE_URL: &'static str = "type.googleapis.com/duban.intake.v1.Event";

    fn kind(&self) -> &'static str {
        match &self.0.kind {
            Some(Kind::ComplaintReceived(_)) => "complaint_received",
            Some(Kind::CaseRegistered(_)) => "case_registered",
            Some(Kind::SupplementRequested(_)) => "supplement_requested",
            Some(Kind::SupplementProvided(_)) => "supplement_provided",
            Some(Kind::CaseAccepted(_)) => "case_accepted",
            Some(Kind::CaseDeclined(_)) => "case_declined",
            Some(Kind::CaseReferred(_)) => "case_referred",
            Some(Kind::DirectedElsewhere(_)) => "directed_elsewhere",
            Some(Kind::MasksConfirmed(_)) => "masks_confirmed",
            Some(Kind::ComplaintWithdrawn(_)) => "complaint_withdrawn",
            Some(Kind::HandlingNoted(_)) => "handling_noted",
            Some(Kind::ReplyDue(_)) => "reply_due",
            Some(Kind::ReplyDelivered(_)) => "reply_delivered",
            Some(Kind::IdentityOpened(_)) => "identity_opened",
            Some(Kind::OrganNoted(_)) => "organ_noted",
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
