//! The rules of routing and casework: pure. No clock, no randomness, no I/O.

mod actions;
mod answer;
mod book;
mod case;
mod command;
mod decide;
mod evolve;
mod heard;
mod rejection;
mod volume;

pub use actions::{Asker, allowed_actions};
pub use answer::{Answer, routed_case, wire_term};
pub use book::{Book, Changes};
pub use case::{Case, Round, Tenure};
pub use command::{
    Act, Appoint, Archive, Command, Departure, File, Open, OutcomeTold, Route, Sealed, Submit, TermTold,
    Write,
};
pub use decide::{At, Fact, Outcome, decide};
pub use evolve::Entry;
pub use heard::Lacks;
pub use rejection::Rejection;
pub use volume::{Missing, requirements};
