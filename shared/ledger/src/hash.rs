//! The hash of an entry: see ARCHITECTURE.md, "The hash of an entry".

use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::{Hash, entry::Entry};

/// The hash function of a ledger, chosen when it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Algorithm {
    /// SHA-256.
    #[default]
    Sha256,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Algorithm {
    pub(crate) fn code(self) -> i16 {
        match self {
            Self::Sha256 => 1,
            Self::Sm3 => 2,
        }
    }

    pub(crate) fn from_code(code: i16) -> Option<Self> {
        [Self::Sha256, Self::Sm3].into_iter().find(|algorithm| algorithm.code() == code)
    }

    /// The hash of an entry over all its fields but `hash` itself.
    pub(crate) fn of(self, entry: &Entry) -> Hash {
        let private = self.private(entry);
        match self {
            Self::Sha256 => whole::<Sha256>(entry, private),
            Self::Sm3 => whole::<Sm3>(entry, private),
        }
    }

    /// The hash of what stays with the writer.
    pub(crate) fn private(self, entry: &Entry) -> Hash {
        match self {
            Self::Sha256 => private::<Sha256>(entry),
            Self::Sm3 => private::<Sm3>(entry),
        }
    }
}

/// Takes in fields, each after its length, so that no two different entries run together to the same bytes.
struct Fields<H>(H);

impl<H: Digest> Fields<H> {
    fn new(purpose: &[u8]) -> Self {
        let mut fields = Self(H::new());
        fields.bytes(purpose);
        fields
    }

    fn bytes(&mut self, field: &[u8]) {
        self.0.update((field.len() as u64).to_be_bytes());
        self.0.update(field);
    }

    fn number(&mut self, number: u64) {
        self.bytes(&number.to_be_bytes());
    }

    fn absent(&mut self, fields: usize) {
        for _ in 0..fields {
            self.bytes(&[]);
        }
    }

    fn end(self) -> Hash {
        let mut hash = Hash::ZERO;
        hash.0.copy_from_slice(&self.0.finalize());
        hash
    }
}

fn whole<H: Digest>(entry: &Entry, private: Hash) -> Hash {
    let mut fields = Fields::<H>::new(b"duban.entry.v1");
    fields.bytes(entry.organ.as_str().as_bytes());
    fields.number(entry.epoch.into());
    fields.number(entry.seq);
    fields.bytes(&entry.prev_hash.0);
    fields.bytes(&entry.recorded_at.to_be_bytes());
    match entry.case {
        Some(case) => fields.bytes(case.0.as_bytes()),
        None => fields.absent(1),
    }
    fields.bytes(entry.kind.as_bytes());
    fields.bytes(entry.actor.as_bytes());
    fields.bytes(&entry.body);
    match &entry.address {
        Some(address) => {
            fields.bytes(address.audience.as_str().as_bytes());
            fields.number(address.seq);
            fields.bytes(&address.prev_hash.0);
        }
        None => fields.absent(3),
    }
    match &entry.cause {
        Some(cause) => {
            fields.bytes(cause.service.name().as_bytes());
            fields.bytes(cause.organ.as_str().as_bytes());
            fields.number(cause.epoch.into());
            fields.number(cause.seq);
        }
        None => fields.absent(4),
    }
    fields.bytes(&private.0);
    fields.end()
}

fn private<H: Digest>(entry: &Entry) -> Hash {
    let mut fields = Fields::<H>::new(b"duban.private.v1");
    match &entry.request {
        Some(request) => {
            fields.bytes(request.id.as_bytes());
            fields.bytes(&request.fingerprint);
            fields.bytes(&request.answer);
        }
        None => fields.absent(3),
    }
    fields.end()
}
