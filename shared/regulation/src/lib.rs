//! Regulations as data.
//!
//! What a regulation says (grounds, channels, who is competent, how long, who approves, which rungs the ladder has)
//! is a TOML file. It is checked when it is loaded, all faults at once, each with line, column and what is expected;
//! its conditions are CEL over the facts of [`ComplaintFacts`] and [`RouteFacts`]; its own examples are its tests.
//! The format is described in this crate's `README.md`.
//!
//! ```
//! use regulation::{ComplaintFacts, Regulation, Stage};
//!
//! # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../deploy/regulations/baoshan-2009-5.toml");
//! let regulation = Regulation::load(path.as_ref())?;
//! let mut complaint = ComplaintFacts::complete("call", "citizen");
//! complaint.has_contact = false;
//! complaint.grounds = vec!["8.4".to_owned()];
//! let admission = regulation.admit(&complaint);
//! assert_eq!(admission.violations[0].article, Some("10"));
//! assert_eq!(regulation.limit(Stage::Case).map(|limit| limit.length.to_string()).as_deref(), Some("10 workdays"));
//! # Ok::<(), regulation::Faults>(())
//! ```
//!
//! No clock, no randomness and no I/O is used to decide anything; only [`Regulation::load`] and [`Shelf::load`] read
//! files.

mod accountability;
mod admission;
mod amount;
mod appraisal;
mod archive;
mod bounds;
mod casework;
mod choice;
mod claim;
mod clause;
mod clauses;
mod condition;
mod diff;
mod example;
mod explain;
mod facts;
mod fault;
mod flow;
mod follow_up;
mod given;
mod identity;
mod in_force;
mod instrument;
mod jurisdiction;
mod ladder;
mod limit;
mod lineage;
mod nearest;
mod notices;
mod outline;
mod overlay;
mod quiet;
mod read;
mod regulation;
mod remedy;
mod reply;
mod retention;
mod review;
mod rounds;
mod sanction;
mod shelf;
mod statistic;
mod subject;
mod template;
mod tighten;
mod transfer;
mod tree;
mod trial;
mod version;
mod vocabulary;

pub use accountability::{Accountability, Effect, Sign};
pub use admission::{
    Admission, LateSupplement, ReferTarget, Refusal, RefusalKind, RequiredAt, Requirement, Treatment,
    TreatmentRule, Violation,
};
pub use amount::AmountError;
pub use appraisal::{Appraisal, AppraisalCriterion, AppraisalMeasure};
pub use archive::{Archive, Filed, FiledDocument};
pub use casework::{
    Approval, Confidentiality, DespiteFindings, EvidenceKind, EvidenceRule, Form, FormAt, Holder,
    Investigation, Layout, Measure, Missing, Outcome, Permission, Power, Record, RecordPart, Recusal,
    RecusalRule, SummaryCheck,
};
pub use claim::{ClaimFact, ClaimFacts, ClaimKind, ClaimType, ClaimValue, yuan};
pub use clause::{Basis, Language, Text};
pub use clauses::Parties;
pub use diff::{Change, Concerned};
pub use example::{Example, ExampleResult};
pub use facts::{
    CaseFacts, ComplainantKind, ComplaintFacts, HomeFacts, HomeLevel, Rank, RespondentFacts, RespondentKind,
    RouteFacts,
};
pub use fault::{Fault, Faults};
pub use follow_up::{FollowUpAnswer, FollowUps};
pub use identity::{Identity, Settings, Transition};
pub use in_force::Rules;
pub use instrument::{AnswerFrom, InstrumentAt, InstrumentKind, InstrumentRule, InstrumentTo, Reopening};
pub use jurisdiction::{Handling, NoRoute, Route, RouteRule, Target};
pub use ladder::{LadderRule, Sends};
pub use limit::{
    Approver, Colour, Extension, Instrument, Limit, Offset, Pause, Recipient, Rung, Stage, Start,
};
pub use lineage::Ancestor;
pub use notices::{NoticeMeasure, Notices};
pub use overlay::Adaptation;
pub use quiet::{NoQuietHours, QuietHours, ReplyHours};
pub use regulation::Regulation;
pub use remedy::{Exclusion, Owed, Part, Remedy};
pub use reply::{Addressee, Event, Numbered, NumberingRule, Reply, ReplyForm};
pub use retention::{Ending, Period, Retention, RetentionRule};
pub use review::{Appeal, AppealLimit, Review, ReviewRule, ReviewWhen};
pub use rounds::{Again, RoundRule, Rounds};
pub use sanction::{Breach, BreachOf, Imposed, Repeat, Sanction, Unit};
pub use shelf::{Shelf, ShelfError};
pub use statistic::{Dimension, Every, Statistic};
pub use subject::{Subject, Units};
pub use template::{FormNumber, MissingPlace, Numbering, Template};
pub use tighten::Way;
pub use transfer::{ReturnGround, Transfers};
pub use trial::{Step, Trial};
pub use version::{Governing, Moved, Versions, VersionsError};
pub use vocabulary::{Ground, Medium, Term};
