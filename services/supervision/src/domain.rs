//! The rules of supervision (articles 16, 17, 20): pure, without clock, randomness or I/O.
//!
//! [`decide`](decide::decide) answers a [`Command`] with entries or a [`Rejection`]; [`evolve`](evolve::evolve) is the
//! only way the [`Book`] changes, live and in a rebuild: all that depends on the calendar or the regulation stands in the
//! entries.

pub(crate) mod accountability_command;
mod actions;
pub(crate) mod answer;
mod board;
mod book;
mod clock;
mod command;
mod concern;
pub(crate) mod conduct;
pub mod decide;
pub mod docket;
pub mod evolve;
mod explanation;
mod extension;
pub mod figures;
pub(crate) mod file;
pub mod follow_up;
mod ladder;
pub(crate) mod notice;
pub(crate) mod notice_actions;
mod notice_command;
mod part;
mod pausing;
mod rejection;
mod result_actions;
pub mod review;
mod rules;
mod sealed;
pub mod time;
pub(crate) mod told;

pub use accountability_command::{AccountabilityCommand, OpenFile};
pub use actions::{Asker, allowed_actions};
pub use answer::Answer;
pub use board::Counts;
pub use book::{Book, Fired, Write};
pub use clock::{Clock, ClockKey, Paused, Stop, Waiting};
pub use command::{
    Command, DecideExtension, FireRungs, HandOver, NoteConcern, NoteExtension, RequestExtension, StartClock,
    StopClocks, Which,
};
pub use concern::{Concern, ConcernKey};
pub use conduct::{Conduct, Noted as NotedConduct};
pub use explanation::{Explained, explanation};
pub use extension::Extension;
pub use file::File;
pub use notice::Notice;
pub use notice_command::{IssueNotice, NoticeAct, NoticeCommand, NoticeRejection, OnNotice};
pub use part::{NotePart, PartTold};
pub use pausing::{NotPaused, PauseTime, Pausing};
pub use rejection::{NotExtended, Rejection};
pub use result_actions::{appeal_actions, review_actions};
pub(crate) use rules::Rules;
pub use sealed::Sealed;
pub use told::{Annulled, Told};
