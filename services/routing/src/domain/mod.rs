//! The rules of routing and casework: pure. No clock, no randomness, no I/O.

mod actions;
mod answer;
mod book;
mod case;
mod command;
mod decide;
mod due;
mod evolve;
mod heard;
mod instrument;
mod instrument_command;
mod paper;
mod rejection;
mod reopening;

pub use actions::{Asker, allowed_actions, allowed_from_above};
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
pub use instrument::{Answered, Instrument};
pub use instrument_command::{
    After, AnswerInstrument, DraftInstrument, OnInstrument, RejectAnswer, Reopen, WithdrawInstrument,
};
pub use paper::{instrument_actions, instrument_kind, wire_instrument};
pub use rejection::Rejection;
