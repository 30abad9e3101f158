use std::{error::Error, future::Future};

use bytes::Bytes;
use jiff::Timestamp;
use sqlx::PgConnection;

use crate::{CaseId, Cause, Event, Organ, Position, Service};

/// The rules and tables of a service, as its ledgers see them.
///
/// `decide` and `evolve` are pure; `load` and `save` hold all the SQL a batch needs, a statement a table.
pub trait Domain: Send + Sync + Sized + 'static {
    /// The service whose ledgers these are.
    const SERVICE: Service;
    /// The services it follows: an effect waits until what caused it in one of these ledgers has been passed.
    const FOLLOWS: &'static [Service];
    /// The tables, each with a column `organ`, that a rebuild clears and fills again from the ledger.
    const PROJECTIONS: &'static [&'static str];
    /// What can be asked.
    type Command: Send + Sync + 'static;
    /// What can happen.
    type Event: Event;
    /// What the one who asked is told; kept with the entry, so that a retry is told the same.
    type Answer: prost::Message + Default + Clone + Send + Sync + 'static;
    /// Why not.
    type Rejection: Error + Send + Sync + 'static;
    /// Primary data that goes with an entry and can't be rebuilt from it: sealed texts, keys, blind indexes.
    type Write: Send + Sync + 'static;
    /// What one batch works on, for one organ.
    type Book: Send;

    /// The case a command is about.
    fn case_of(&self, command: &Self::Command) -> Option<CaseId>;

    /// Loads what `commands` need, and the rows of `cases` (those of the commands; in a rebuild those of a page of
    /// entries, with no commands). Runs under the head's lock. What is not there yet is not in the book.
    fn load(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        cases: &[CaseId],
        commands: &[&Self::Command],
    ) -> impl Future<Output = Result<Self::Book, sqlx::Error>> + Send;

    /// What a command comes to. Pure: no clock, no randomness, no I/O.
    fn decide(
        &self,
        book: &Self::Book,
        command: &Self::Command,
        context: &Context<'_>,
    ) -> Result<Decision<Self>, Self::Rejection>;

    /// Takes an entry into the book. Pure, and the only way anything changes, in a batch as in a rebuild.
    fn evolve(&self, book: &mut Self::Book, entry: &Recorded<'_, Self::Event>);

    /// Saves what changed, each table in one statement; `writes` are those of the batch's decisions, in order.
    fn save(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        book: Self::Book,
        writes: Vec<Self::Write>,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}

/// What a decision knows beside the book.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The organ whose ledger it is.
    pub organ: &'a Organ,
    /// Now: never before the entry before, in microseconds.
    pub now: Timestamp,
    /// Who: the subject of the token, or "service:routing".
    pub actor: &'a str,
    /// What the command follows from, in another service's ledger.
    pub cause: Option<&'a Cause>,
    /// The number the first entry of this decision gets.
    pub next_seq: u64,
}

/// What a command comes to: entries, an answer, primary data. Without facts nothing changes.
#[derive(Clone, Debug)]
pub struct Decision<D: Domain> {
    /// The entries, in order.
    pub facts: Vec<Fact<D::Event>>,
    /// The answer.
    pub answer: D::Answer,
    /// Primary data.
    pub writes: Vec<D::Write>,
}

/// An entry to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact<E> {
    /// The case it is about.
    pub case: Option<CaseId>,
    /// What happened.
    pub event: E,
    /// The organ it is addressed to: it goes into that organ's mailbox.
    pub audience: Option<Organ>,
}

/// An entry, as the projections see it.
#[derive(Clone, Debug)]
pub struct Recorded<'a, E> {
    /// The organ whose ledger it is.
    pub organ: &'a Organ,
    /// The epoch.
    pub epoch: u32,
    /// The number.
    pub seq: u64,
    /// When.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: &'a str,
    /// The case.
    pub case: Option<CaseId>,
    /// What happened.
    pub event: &'a E,
    /// The organ it is addressed to.
    pub audience: Option<&'a Organ>,
    /// What it follows from.
    pub cause: Option<&'a Cause>,
}

/// An entry of another ledger (another service's of the same organ, or the own service's of another organ), as a follower gets it.
#[derive(Clone, Debug)]
pub struct Incoming {
    /// The organ whose ledger it stands in.
    pub source: Organ,
    /// The organ in whose ledger the effect is to stand: the same, or the one addressed.
    pub target: Organ,
    /// Where it stands in the source's ledger.
    pub position: Position,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The case.
    pub case: Option<CaseId>,
    /// Who did it.
    pub actor: String,
    /// What happened, by name.
    pub kind: String,
    /// What happened: an encoded event of the source's service.
    pub body: Bytes,
}
