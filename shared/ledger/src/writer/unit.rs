use jiff::Timestamp;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::{ApplyError, Cause, Domain, Position, Source, SubmitError};

/// A command, as a handler hands it over.
#[derive(Clone, Debug)]
pub struct Submission<C> {
    /// What is asked.
    pub command: C,
    /// Who asks: the subject of the token.
    pub actor: String,
    /// The request it comes from; absent for what a service does by itself.
    pub request: Option<Request>,
    /// What it follows from, in another service's ledger.
    pub cause: Option<Cause>,
}

/// A request that may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// A keyed hash over who asked, for what method, with which content.
    pub fingerprint: [u8; 32],
}

/// A command that is in the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Committed<A> {
    /// The answer; the first one again for a request that was sent again.
    pub answer: A,
    /// Its first entry; the head where it made none.
    pub position: Position,
    /// When that was recorded.
    pub recorded_at: Timestamp,
    /// Whether the request had been answered before.
    pub replayed: bool,
}

/// What an entry of another ledger becomes here: one unit with the move of the cursor.
#[derive(Clone, Debug)]
pub struct Effect<C> {
    /// Where it leaves the cursor.
    pub at: Position,
    /// The entry itself, in the ledger it stands in; absent where only the cursor moves.
    pub cause: Option<Cause>,
    /// What the entry follows from: this waits until that has been passed.
    pub after: Option<Cause>,
    /// The commands, or why the entry is put aside.
    pub commands: Result<Vec<C>, String>,
}

/// How far effects were applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Where the cursor stands.
    pub upto: Position,
    /// What the next one waits for.
    pub waits_for: Option<Cause>,
}

/// What one effect came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It was applied now or before; the cursor stands here.
    Passed(Position),
    /// It waits for this.
    Waits(Position, Cause),
    /// The cursor stands here, before what the effect begins from.
    Behind(Position),
}

pub(crate) type Answer<D> = Result<Committed<<D as Domain>::Answer>, SubmitError<<D as Domain>::Rejection>>;

/// What waits for an organ, with the one who waits for the answer.
pub(crate) enum Item<D: Domain> {
    /// A command.
    Command { submission: Submission<D::Command>, arrived: Timestamp, reply: oneshot::Sender<Answer<D>> },
    /// An effect; it begins where the cursor stands at `from`.
    Effect {
        source: Source,
        from: Position,
        effect: Effect<D::Command>,
        arrived: Timestamp,
        reply: oneshot::Sender<Result<Progress, ApplyError>>,
    },
}

impl<D: Domain> Item<D> {
    /// Its commands, in order.
    pub(crate) fn commands(&self) -> &[D::Command] {
        match self {
            Self::Command { submission, .. } => std::slice::from_ref(&submission.command),
            Self::Effect { effect, .. } => effect.commands.as_deref().unwrap_or_default(),
        }
    }
}
