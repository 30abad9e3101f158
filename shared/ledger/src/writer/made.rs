use std::collections::HashSet;

use jiff::Timestamp;

use super::outcome::Place;
use crate::{
    Position,
    clock::from_micros,
    entry::Entry,
    store::{
        cursor::{Cursors, Parked},
        head::Head,
        mailbox::Mailboxes,
    },
};

/// What a batch adds to a ledger.
pub(crate) struct Made {
    /// The head as it will be; its hash is known after [`Made::chain`].
    pub(crate) head: Head,
    /// Entries, not chained yet.
    pub(crate) entries: Vec<Entry>,
    /// How many bytes of events they hold.
    pub(crate) bytes: usize,
    /// Cursors that move.
    pub(crate) cursors: Cursors,
    /// What is put aside.
    pub(crate) parked: Vec<Parked>,
}

impl Made {
    pub(crate) fn new(head: Head) -> Self {
        Self { head, entries: Vec::new(), bytes: 0, cursors: Cursors::new(), parked: Vec::new() }
    }

    /// The organs that entries are addressed to.
    pub(crate) fn audiences(&self) -> HashSet<&str> {
        self.entries.iter().filter_map(|entry| Some(entry.address.as_ref()?.audience.as_str())).collect()
    }

    /// Chains the entries, and each mailbox, on to what was there.
    pub(crate) fn chain(&mut self, mailboxes: &mut Mailboxes) {
        let head = &mut self.head;
        for entry in &mut self.entries {
            entry.prev_hash = head.position.hash;
            if let Some(address) = &mut entry.address {
                let last = mailboxes.entry(address.audience.clone()).or_default();
                address.seq = last.0 + 1;
                address.prev_hash = last.1;
            }
            entry.hash = head.algorithm.of(entry);
            head.position.hash = entry.hash;
            if let Some(address) = &entry.address {
                mailboxes.insert(address.audience.clone(), (address.seq, entry.hash));
            }
        }
    }

    /// Where an outcome's entry stands.
    pub(crate) fn place(&self, place: Place) -> (Position, Timestamp) {
        let head = &self.head;
        match place {
            Place::Known(position, recorded_at) => (position, from_micros(recorded_at)),
            Place::Entry(index) => match self.entries.get(index) {
                Some(entry) => (entry.position(), from_micros(entry.recorded_at)),
                None => (head.position, from_micros(head.recorded_at)),
            },
            Place::Head => (head.position, from_micros(head.recorded_at)),
        }
    }
}
