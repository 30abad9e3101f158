//! The rules of routing and casework: pure. No clock, no randomness, no I/O.

mod actions;
mod answer;
mod book;
mod case;
mod change;
mod command;
mod decide;
mod due;
mod evolve;
mod evolve_directory;
mod guidance;
mod heard;
mod inquire;
mod inquiry;
mod inquiry_actions;
mod instrument;
mod instrument_command;
mod joint;
mod loan;
mod ordered;
mod paper;
mod received;
mod rejection;
mod reopening;
mod staff;
mod succession;
mod takeover;
mod transfer;
mod urgency;
mod volume;

pub use actions::{
    Asker, Standing, allowed_actions, allowed_from_above, next_actions, taken_over_from_above,
};
pub use answer::{Answer, Inquired, routed_case, wire_term};
pub use book::{Book, Changes};
pub use case::{Case, Round, Tenure};
pub use change::{Fault, Why, after_change};
pub use command::{
    Act, Appoint, Archive, Command, Departure, File, Open, OutcomeTold, Route, Sealed, Submit, TermTold,
    Write,
};
pub use decide::{At, Fact, Outcome, decide, hand_over_plan, lender};
pub use evolve::Entry;
pub use guidance::{AnyGuidance, Guidance, Question, guidance_id};
pub use heard::Lacks;
pub use inquire::{HandOver, Inquire};
pub use inquiry::{Exhibit, Inquiry, Planned, Recused, Refusal, Replaced, counts, version};
pub use instrument::{Answered, Instrument};
pub use instrument_command::{
    After, AnswerInstrument, DraftInstrument, OnInstrument, RejectAnswer, Reopen, WithdrawInstrument,
};
pub use joint::{
    AddParts, DecidePart, Joint, OpinionRound, OpinionTold, Part, PartNamed, PartRejection, Query, Reassign,
    Step, SubmitOpinion, actions_on, overall, wire_part,
};
pub use ordered::Ordered;
pub use paper::{instrument_actions, instrument_kind, wire_instrument};
pub use received::{OnReceived, Received, Replied, received_actions, wire_received};
pub use rejection::Rejection;
pub use staff::{Staff, StaffChanges, ends_at, represented};
pub use succession::{Succession, Told};
pub use takeover::Takeover;
pub use transfer::{Departed, Disputed, GiveBack, Handshake, OnReturn, OwnAct, Proposed, Recalled, Returned};
pub use volume::{Missing, requirements};
