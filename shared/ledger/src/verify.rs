//! Whether a ledger is what it was: every entry's hash, the chain, the mailboxes, the head.

use std::{collections::HashMap, fmt};

use sqlx::PgPool;

use crate::{
    Hash, Organ, Position,
    entry::Entry,
    store::{
        entry::{self, Range},
        head::{self, Head},
    },
};

/// Entries read at once.
const PAGE: u32 = 1_000;

/// What a ledger was found to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The organ.
    pub organ: Organ,
    /// The last entry, as it was found.
    pub upto: Position,
    /// The first fault, where there is one.
    pub fault: Option<Fault>,
}

/// What is wrong with a ledger, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The number of the entry.
    pub seq: u64,
    /// What is wrong with it.
    pub what: Wrong,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is not there, though later ones, or the head, are.
    Missing,
    /// What it says is not what was written: its hash does not come out.
    Edited,
    /// It does not follow on the entry before it.
    Unchained,
    /// Its place in the mailbox does not follow on the one before.
    Mailbox,
    /// It was recorded before the entry before it.
    Time,
    /// The head does not stand where the entries end.
    Head,
    /// It is not the entry that was signed in a checkpoint.
    Checkpoint,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, what } = self;
        match what {
            Wrong::Missing => write!(f, "entry {seq} is missing"),
            Wrong::Edited => write!(f, "entry {seq} was edited: its hash does not come out"),
            Wrong::Unchained => write!(f, "entry {seq} does not follow on the entry before it"),
            Wrong::Mailbox => write!(f, "entry {seq} does not follow on the one before it in its mailbox"),
            Wrong::Time => write!(f, "entry {seq} was recorded before the entry before it"),
            Wrong::Head => write!(f, "the head does not stand at entry {seq}, where the entries end"),
            Wrong::Checkpoint => write!(f, "entry {seq} is not the one that was signed in the checkpoint"),
        }
    }
}

/// Verifies the ledger of one organ, or, without one, all ledgers of the pool's schema.
pub async fn verify(pool: &PgPool, organ: Option<&Organ>) -> Result<Vec<Verified>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let heads = head::all(&mut connection).await?;
    let mut verified = Vec::new();
    for (of, head) in heads {
        if organ.is_none_or(|organ| *organ == of) {
            let mut walk = Walk::new(head);
            loop {
                let range = Range { after: walk.at.seq, upto: u64::MAX >> 1, kinds: &[], limit: PAGE };
                let page = entry::page(&mut connection, &of, range).await?;
                if page.is_empty() || page.iter().any(|entry| walk.step(entry).is_err()) {
                    break;
                }
            }
            // Entries past the head: it moved meanwhile, or it was put back.
            let now = head::read(&mut connection, &of).await?;
            verified.push(walk.end(of, now.map_or(0, |head| head.position.seq)));
        }
    }
    Ok(verified)
}

/// A walk along a ledger.
struct Walk {
    head: Head,
    at: Position,
    recorded_at: i64,
    mailboxes: HashMap<Organ, (u64, Hash)>,
    fault: Option<Fault>,
}

impl Walk {
    fn new(head: Head) -> Self {
        let at = Position { seq: 0, hash: Hash::ZERO, ..head.position };
        Self { head, at, recorded_at: i64::MIN, mailboxes: HashMap::new(), fault: None }
    }

    fn step(&mut self, entry: &Entry) -> Result<(), ()> {
        if let Some(what) = self.wrong(entry) {
            let seq = if what == Wrong::Missing { self.at.seq + 1 } else { entry.seq };
            self.fault = Some(Fault { seq, what });
            return Err(());
        }
        self.at = entry.position();
        self.recorded_at = entry.recorded_at;
        if let Some(address) = &entry.address {
            self.mailboxes.insert(address.audience.clone(), (address.seq, entry.hash));
        }
        Ok(())
    }

    fn wrong(&self, entry: &Entry) -> Option<Wrong> {
        if entry.seq != self.at.seq + 1 && !self.begins_epoch(entry) {
            return Some(Wrong::Missing);
        }
        if self.head.algorithm.of(entry) != entry.hash {
            return Some(Wrong::Edited);
        }
        if entry.prev_hash != self.at.hash {
            return Some(Wrong::Unchained);
        }
        if entry.recorded_at < self.recorded_at {
            return Some(Wrong::Time);
        }
        let address = entry.address.as_ref()?;
        let last = self.mailboxes.get(&address.audience).copied().unwrap_or_default();
        ((address.seq, address.prev_hash) != (last.0 + 1, last.1)).then_some(Wrong::Mailbox)
    }

    /// After a restore, numbers that others may have seen are passed over: a gap, but only where the epoch changes.
    fn begins_epoch(&self, entry: &Entry) -> bool {
        self.at.seq > 0 && entry.epoch > self.at.epoch && entry.seq > self.at.seq
    }

    /// `now` is where the head stands when all entries have been read.
    fn end(self, organ: Organ, now: u64) -> Verified {
        let Self { head, at, fault, .. } = self;
        let stands = if at.seq >= head.position.seq
            || at.epoch < head.position.epoch && at.hash == head.position.hash
        {
            None
        } else {
            Some(Fault { seq: at.seq + 1, what: Wrong::Missing })
        };
        let other = at.seq == head.position.seq && at.seq > 0 && at.hash != head.position.hash;
        let put_back = at.seq > now;
        let head = (other || put_back).then_some(Fault { seq: at.seq, what: Wrong::Head });
        Verified { organ, upto: at, fault: fault.or(stands).or(head) }
    }
}
