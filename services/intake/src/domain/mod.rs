//! The rules of intake: pure. No clock, no randomness, no I/O.

mod actions;
mod answer;
mod book;
mod case;
mod command;
mod decide;
mod delivery;
mod grant;
mod link;
mod rejection;
mod reply;

pub use actions::allowed_actions;
pub use answer::{Answer, reply_message, summary};
pub use book::{Book, Changes, Entry, Reading};
pub use case::Case;
pub use command::{
    Accept, Act, Automatic, BeginDelivery, Close, Command, ConfirmMasks, DecideDelivery, DecideGrant,
    EndDelivery, Ended, LinkCases, NoteExtension, NoteHandling, Private, ProvideSupplement, Register,
    RequestGrant, RequestSupplement, SealedIdentity, SendReply, Submit, UnlinkCases, Way,
};
pub(crate) use decide::source_code;
pub use decide::{At, Outcome, Write, decide};
pub use delivery::{Delivery, Progress, agency_route, channel_route, route};
pub use grant::Grant;
pub use link::{Link, Other, is_certain, is_same_matter};
pub use rejection::Rejection;
pub use reply::Reply;
