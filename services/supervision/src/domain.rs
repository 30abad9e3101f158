//! The rules of supervision (articles 16, 17, 20): pure, without clock, randomness or I/O.
//!
//! [`decide`](decide::decide) answers a [`Command`] with entries or a [`Rejection`]; [`evolve`](evolve::evolve) is the
//! only way the [`Book`] changes, live and in a rebuild: all that depends on the calendar or the regulation stands in the
//! entries.

mod actions;
pub(crate) mod answer;
mod board;
mod book;
mod clock;
mod command;
mod concern;
pub mod decide;
pub mod evolve;
mod explanation;
mod extension;
pub mod figures;
mod ladder;
mod rejection;
mod rules;
mod sealed;
pub mod time;

pub use actions::{Asker, allowed_actions};
pub use answer::Answer;
pub use board::Counts;
pub use book::{Book, Fired, Write};
pub use clock::{Clock, ClockKey, Stop};
pub use command::{
    Command, DecideExtension, FireRungs, HandOver, NoteConcern, NoteExtension, RequestExtension, StartClock,
    StopClocks, Which,
};
pub use concern::{Concern, ConcernKey};
pub use explanation::explanation;
pub use extension::Extension;
pub use rejection::{NotExtended, Rejection};
pub(crate) use rules::Rules;
pub use sealed::Sealed;
