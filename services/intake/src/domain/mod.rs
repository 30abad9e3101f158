//! The rules of intake: pure. No clock, no randomness, no I/O.

mod actions;
mod answer;
mod book;
mod case;
mod command;
mod decide;
mod grant;
mod link;
mod rejection;
mod reply;
mod retention;

pub use actions::allowed_actions;
pub use answer::{Answer, reply_message, summary};
pub use book::{Book, Changes, Entry, Reading};
pub use case::Case;
pub use command::{
    Accept, Act, Automatic, Close, Command, ConfirmMasks, DecideGrant, Disposal, Erase, LinkCases,
    NoteExtension, NoteHandling, Private, ProvideSupplement, Register, RequestGrant, RequestSupplement,
    SealedIdentity, SendReply, Submit, UnlinkCases, Way,
};
pub(crate) use decide::source_code;
pub use decide::{At, Outcome, Write, decide};
pub use grant::Grant;
pub use link::{Link, Other, is_certain, is_same_matter};
pub use rejection::Rejection;
pub use reply::Reply;
pub use retention::{Gone, Retained};
