//! The ledger of an organ (台账): an append-only, hash-chained record per organ, and all that hangs on it.
//!
//! - [`Domain`]: what a service brings: its commands, events, rules and tables.
//! - [`Writer`]: all commands that wait for an organ, decided and written in one transaction.
//! - [`Feed`]: the ledger as other services follow it; [`follow_service`], [`follow_mailboxes`]: the following.
//! - [`verify`], [`checkpoint`], [`rebuild`], [`new_epoch`]: for operations and auditors.
//! - [`Clock`]: where time comes from.
//!
//! ```text
//! handler ─▶ Writer::submit ─▶ queue of the organ ─▶ begin · lock head · load · decide · evolve · write · commit
//!                                                                                              │
//!                                other services ◀── Feed ◀── entry table ◀─────────────────────┘
//! ```

pub mod checkpoint;
pub mod clock;
mod domain;
mod entry;
mod epoch;
mod error;
mod event;
mod feed;
mod follow;
mod hash;
mod heads;
mod ids;
pub mod rebuild;
mod store;
pub mod verify;
mod writer;

pub use clock::{Clock, SystemClock, TurnedClock, from_micros, to_micros};
pub use domain::{Context, Decision, Domain, Fact, Incoming, Recorded};
pub use epoch::new_epoch;
pub use error::{ApplyError, SubmitError};
pub use event::Event;
pub use feed::Feed;
pub use follow::{Translate, TranslateError, Translated, follow_mailboxes, follow_service};
pub use hash::Algorithm;
pub use heads::Heads;
pub use ids::{CaseId, Cause, Hash, InvalidOrgan, Organ, Position, Service};
pub use store::cursor::Source;
pub use writer::{Applied, Committed, Effect, Request, Submission, Writer, WriterSettings};

/// The ledger's tables, for the schema of a service. Versions 1 to 499.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
