use std::{borrow::Cow, sync::Arc};

use bytes::Bytes;
use duban_proto::feed::v1 as feed;
use prost_types::{Any, Timestamp as WireTime};
use uuid::Uuid;

use crate::{CaseId, Cause, Hash, Organ, Position};

/// One entry of a ledger, as it stands in the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The organ whose ledger it is.
    pub(crate) organ: Organ,
    /// The epoch.
    pub(crate) epoch: u32,
    /// The number.
    pub(crate) seq: u64,
    /// The hash of the entry before.
    pub(crate) prev_hash: Hash,
    /// When, in microseconds since 1970.
    pub(crate) recorded_at: i64,
    /// The case.
    pub(crate) case: Option<CaseId>,
    /// What happened, by name.
    pub(crate) kind: Cow<'static, str>,
    /// Who.
    pub(crate) actor: Arc<str>,
    /// The encoded event.
    pub(crate) body: Bytes,
    /// The mailbox.
    pub(crate) address: Option<Address>,
    /// What it follows from.
    pub(crate) cause: Option<Cause>,
    /// The request it answers.
    pub(crate) request: Option<Answered>,
    /// Its hash.
    pub(crate) hash: Hash,
}

/// The place of an entry in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    /// The organ addressed.
    pub(crate) audience: Organ,
    /// The number in the mailbox, gapless from 1.
    pub(crate) seq: u64,
    /// The hash of the entry before in the mailbox.
    pub(crate) prev_hash: Hash,
}

/// A request, with the answer it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    /// The request id.
    pub(crate) id: Uuid,
    /// The keyed hash of the request.
    pub(crate) fingerprint: [u8; 32],
    /// The encoded answer.
    pub(crate) answer: Bytes,
}

impl Entry {
    /// Where it stands.
    pub(crate) fn position(&self) -> Position {
        Position { epoch: self.epoch, seq: self.seq, hash: self.hash }
    }

    /// As in the contracts; `private_hash` by the ledger's own hash function.
    pub(crate) fn to_wire(&self, type_url: &str, private_hash: Hash) -> feed::Entry {
        feed::Entry {
            position: Some(self.position().to_wire(&self.organ)),
            prev_hash: self.prev_hash.0.to_vec().into(),
            recorded_at: Some(wire_time(self.recorded_at)),
            case_id: self.case.map(|case| case.to_string()).unwrap_or_default(),
            actor: self.actor.to_string(),
            kind: self.kind.to_string(),
            event: Some(Any { type_url: type_url.to_owned(), value: self.body.to_vec() }),
            address: self.address.as_ref().map(|address| feed::Address {
                audience: address.audience.to_string(),
                seq: address.seq,
                prev_hash: if address.seq == 1 { Vec::new() } else { address.prev_hash.0.to_vec() }.into(),
            }),
            caused_by: self.cause.as_ref().map(Cause::to_wire),
            private_hash: private_hash.0.to_vec().into(),
        }
    }
}

fn wire_time(micros: i64) -> WireTime {
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or_default();
    WireTime { seconds: micros.div_euclid(1_000_000), nanos }
}
