//! What can happen, as the ledger keeps it.

use duban_proto::supervision::v1::{self as wire, event::Kind};
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
    const TYPE_URL: &'static str = "type.googleapis.com/duban.supervision.v1.Event";

    fn kind(&self) -> &'static str {
        match &self.0.kind {
            Some(Kind::ClockStarted(_)) => "clock_started",
            Some(Kind::ClockStopped(_)) => "clock_stopped",
            Some(Kind::ExtensionRequested(_)) => "extension_requested",
            Some(Kind::ExtensionDecided(_)) => "extension_decided",
            Some(Kind::ClockMoved(_)) => "clock_moved",
            Some(Kind::RungFired(_)) => "rung_fired",
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
