//! The rules of intake: pure. No clock, no randomness, no I/O.

mod actions;
mod answer;
mod attach;
mod attachment;
mod book;
mod case;
mod command;
mod decide;
mod delivery;
mod facet;
mod filter;
mod grant;
mod instruction;
mod lent;
mod link;
mod referral;
mod rejection;
mod reply;
mod report;
mod retention;
mod summary;
mod urgency;

pub use actions::{allowed_actions, handler_actions};
pub use answer::{Answer, reply_message, summary};
pub use attach::{Attach, BeginUpload, PassedCopy};
pub use attachment::{Attachment, Held, shows_complainant};
pub use book::{Book, Changes, Entry, Reading};
pub use case::Case;
pub use command::{
    Accept, Act, Automatic, BeginDelivery, Close, Command, ConfirmMasks, Correct, DecideDelivery,
    DecideGrant, DemandAnswer, Disposal, EndDelivery, Ended, Erase, ExpireSupplement, Import, LinkCases,
    NoteChanged, NoteExtension, NoteHandling, NoteReopened, OnReport, Private, ProvideSupplement, Rate,
    RecordReferralAnswer, Register, RequestGrant, RequestSupplement, SealedIdentity, SendReply, Submit,
    UnlinkCases, WORKING_COPY, Way,
};
pub use decide::{At, Outcome, Write, decide};
pub(crate) use decide::{facts, source_code};
pub use delivery::{Delivery, Progress, agency_route, channel_route, route};
pub use facet::{Facet, FacetRow, FacetRows};
pub(crate) use filter::Filter;
pub use grant::Grant;
pub use instruction::{
    HeldInstruction, Instruction, OnInstruction, RecordInstruction, instruction_actions, instruction_message,
};
pub use lent::Lent;
pub(crate) use link::identifiers;
pub use link::{Link, Other, is_certain, is_same_matter};
pub use referral::{Referral, referral_message};
pub use rejection::Rejection;
pub use reply::{Reply, to_rate};
pub use report::{Demand, Report, demand_message, report_message};
pub use retention::{Gone, Retained};
pub use summary::{
    ApproveSummary, HandOverSummary, HeldHandOver, HeldSummary, OnSummary, SubmitSummary, Summary,
    summary_message,
};
pub(crate) use urgency::{PUBLIC_OPINION, urgency_code};
