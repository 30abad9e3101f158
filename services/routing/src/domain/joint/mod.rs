//! Joint handling (会办): parts of a case that other organs handle beside the lead.

mod actions;
mod answer;
mod apply;
mod command;
mod part;
mod rejection;

pub use actions::actions_on;
pub(super) use actions::add_actions;
pub use answer::wire_part;
pub(super) use apply::{Answered, brings_text, opened};
pub use command::{AddParts, DecidePart, Joint, OpinionTold, PartNamed, Query, Reassign, SubmitOpinion};
pub use part::{OpinionRound, Part, Step, overall};
pub use rejection::PartRejection;
