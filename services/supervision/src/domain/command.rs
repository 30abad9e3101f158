use calendar::Length;
use content::Listed;
use duban_proto::common::v1::{CaseFacts, Organ};
use duban_proto::supervision::v1::{ExtensionDecided, RungTold, StopReason, event::Kind};
use jiff::Timestamp;
use regulation::Approver;
use uuid::Uuid;

use super::concern;
use super::figures::FiguresCommand;
use super::follow_up::OnFollowUp;
use super::review::OnResult;
use super::{AccountabilityCommand, ClockKey, NotePart, NoticeCommand, Pausing, Sealed};

/// What can be asked of an organ's supervision.
#[derive(Clone, Debug)]
pub enum Command {
    /// A clock starts, as routing told.
    StartClock(Box<StartClock>),
    /// The case's clock starts at its next home, with the time it was granted at a home that was closed (4).
    InheritClock(Box<StartClock>),
    /// The organ was closed as the home: what was granted goes to the next (4).
    HandOver(HandOver),
    /// Clocks stop, as routing told.
    StopClocks(StopClocks),
    /// The tick found rungs that are due.
    FireRungs(FireRungs),
    /// Somebody asks for more time.
    RequestExtension(Box<RequestExtension>),
    /// Somebody grants or refuses it.
    DecideExtension(Box<DecideExtension>),
    /// Another organ's supervision granted time for a term of a case that has its home here, or was registered here.
    NoteExtension(Box<NoteExtension>),
    /// The calendar changed: these clocks are worked out again.
    WorkOutAgain(Vec<ClockKey>),
    /// The directory changed, as routing told.
    NoteOrgan(Box<Organ>),
    /// Routing told that facts of a case were corrected; what clocks show of them is the other system's limit.
    NoteExternalLimit {
        /// The case.
        case_id: Uuid,
        /// As it is now.
        due_at: Option<Timestamp>,
    },
    /// Intake told of a repeated complaint or of a report (12, 21).
    Concern(Box<NoteConcern>),
    /// Who handled a case, and what its complainant thinks of the result (house).
    FollowUp(Box<OnFollowUp>),
    /// Something is counted, or asked of the figures (5(3), 6(3), 24).
    Figures(Box<FiguresCommand>),
    /// Routing told of a part that this organ handles (house).
    Part(Box<NotePart>),
    /// Another organ's rung is told to this one (house).
    NoteRung {
        /// The case.
        case_id: Uuid,
        /// As it was told.
        told: Box<RungTold>,
    },
    /// The time of a case stands still, or goes on (house).
    Pausing(Box<Pausing>),
    /// About a reminder or supervision notice (16, 20).
    Notice(Box<NoticeCommand>),
    /// About accountability for how a case was handled (21).
    Accountability(Uuid, Box<AccountabilityCommand>),
    /// Routing told that the case was erased (16).
    Erase(Box<Listed>),
    /// About the result of a case: its review, and appeals against it (5(2), 20).
    OnResult(OnResult),
}

/// A clock starts (17). One that is there already goes on.
#[derive(Clone, Debug)]
pub struct StartClock {
    /// Which.
    pub key: ClockKey,
    /// From when it counts: the acceptance, or the start of the term.
    pub start: Timestamp,
    /// The home of the case.
    pub home: String,
    /// The organ whose time it is.
    pub responsible_organ: String,
    /// What is known of the case.
    pub facts: CaseFacts,
    /// The case was opened again, and this is the home's clock of the new round (3).
    pub reopened: bool,
}

/// What was granted for a case goes to its next home.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The case.
    pub case_id: Uuid,
    /// The next home.
    pub to: String,
}

/// Clocks stop. Those that are stopped or not there stay as they are.
#[derive(Clone, Debug)]
pub struct StopClocks {
    /// The case.
    pub case_id: Uuid,
    /// Which of its clocks.
    pub which: Which,
    /// Why.
    pub reason: StopReason,
    /// When, by the time that counts.
    pub at: Timestamp,
}

/// Which clocks of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All.
    All,
    /// The one of this term; 0 for the case's own.
    Term(u32),
    /// Those of terms before this one; not the case's own.
    TermsBefore(u32),
}

/// Rungs that are due at `at` fire: once, in order.
#[derive(Clone, Debug)]
pub struct FireRungs {
    /// What the tick's clock showed.
    pub at: Timestamp,
    /// The prefix of the organ's numbers, "宝效投".
    pub number_prefix: String,
    /// The centre above the organ, or the organ itself; empty where the directory has none.
    pub centre: String,
    /// The clocks.
    pub clocks: Vec<ClockKey>,
}

/// Somebody asks for more time (17).
#[derive(Clone, Debug)]
pub struct RequestExtension {
    /// The new extension's id.
    pub extension_id: Uuid,
    /// The clock.
    pub clock: ClockKey,
    /// The whole length asked for, counted from the clock's start.
    pub length: Length,
    /// The reason.
    pub reason: Sealed,
}

/// Somebody grants or refuses more time (17).
#[derive(Clone, Debug)]
pub struct DecideExtension {
    /// The case.
    pub case_id: Uuid,
    /// The extension.
    pub extension_id: Uuid,
    /// Granted or refused.
    pub granted: bool,
    /// As whom the caller may approve.
    pub approves: Vec<Approver>,
    /// `told` where it is granted: what the complainant is told for a reason. `refusal` where it is not.
    pub words: Sealed,
}

/// Another organ's decision, from its mailbox.
#[derive(Clone, Debug)]
pub struct NoteExtension {
    /// The case.
    pub case_id: Uuid,
    /// The decision.
    pub decided: ExtensionDecided,
}

/// What intake told of a case, or of a report in its place.
#[derive(Clone, Debug)]
pub struct NoteConcern {
    /// The case, or the report's own id.
    pub case_id: Uuid,
    /// What was told: one of the events of concerns.
    pub told: Kind,
}

impl Command {
    /// The case it is about; `None` where it is about none, or about many.
    pub fn case_id(&self) -> Option<Uuid> {
        match self {
            Self::StartClock(start) | Self::InheritClock(start) => Some(start.key.case_id),
            Self::HandOver(over) => Some(over.case_id),
            Self::StopClocks(stop) => Some(stop.case_id),
            Self::RequestExtension(request) => Some(request.clock.case_id),
            Self::DecideExtension(decide) => Some(decide.case_id),
            Self::NoteExtension(note) => Some(note.case_id),
            Self::NoteExternalLimit { case_id, .. }
            | Self::NoteRung { case_id, .. }
            | Self::Accountability(case_id, _) => Some(*case_id),
            Self::Concern(note) => Some(note.case_id),
            Self::FollowUp(on) => Some(on.case_id),
            Self::Figures(command) => command.case_id(),
            Self::Part(note) => Some(note.case_id),
            Self::Pausing(pausing) => Some(pausing.case_id()),
            Self::Erase(listed) => Some(listed.erasure.case_id),
            Self::OnResult(result) => Some(result.case_id),
            Self::Notice(notice) => notice.case_id(),
            Self::FireRungs(_) | Self::WorkOutAgain(_) | Self::NoteOrgan(_) => None,
        }
    }

    /// The clocks of a command about many cases.
    pub(crate) fn many(&self) -> &[ClockKey] {
        match self {
            Self::FireRungs(fire) => &fire.clocks,
            Self::WorkOutAgain(clocks) => clocks,
            _ => &[],
        }
    }

    /// Whether it needs the extensions of its case.
    pub(crate) fn needs_extensions(&self) -> bool {
        matches!(
            self,
            Self::RequestExtension(_)
                | Self::DecideExtension(_)
                | Self::NoteExtension(_)
                | Self::InheritClock(_)
                | Self::HandOver(_)
        )
    }

    /// The case that it erases.
    pub(crate) fn erases(&self) -> Option<Uuid> {
        match self {
            Self::Erase(listed) => Some(listed.erasure.case_id),
            _ => None,
        }
    }

    /// The case that it brings a new data key for.
    pub(crate) fn brings_key(&self) -> Option<Uuid> {
        match self {
            Self::RequestExtension(request) => request.reason.brings_key(),
            Self::OnResult(result) => result.act.sealed()?.brings_key(),
            Self::FollowUp(on) => on.brings_key(),
            Self::Figures(command) => command.brings_key(),
            Self::DecideExtension(decide) => decide.words.brings_key(),
            Self::Pausing(pausing) => pausing.brings_key(),
            Self::Notice(notice) => notice.sealed().and_then(Sealed::brings_key),
            Self::Accountability(_, command) => command.sealed().and_then(Sealed::brings_key),
            _ => None,
        }
    }

    /// Whether it needs the concerns of its case.
    pub(crate) fn needs_concerns(&self) -> bool {
        matches!(self, Self::Concern(_) | Self::OnResult(_))
    }

    /// Whether it needs the results of its case, with their reviews and appeals.
    pub(crate) fn needs_docket(&self) -> bool {
        matches!(self, Self::OnResult(_) | Self::FollowUp(_))
    }

    /// Whether it needs the follow-ups of its case, and who handled it.
    pub(crate) fn needs_follow_ups(&self) -> bool {
        matches!(self, Self::FollowUp(_))
    }

    /// Whether it may give out numbers.
    pub(crate) fn needs_notices(&self) -> bool {
        matches!(self, Self::FireRungs(_) | Self::Notice(_))
    }

    /// The cases of which it needs the notices, what bears on accountability, and its files.
    pub(crate) fn needs_watched(&self) -> Vec<Uuid> {
        match self {
            Self::StartClock(_)
            | Self::NoteOrgan(_)
            | Self::NoteExternalLimit { .. }
            | Self::RequestExtension(_) => Vec::new(),
            Self::Notice(notice) => notice.many().chain(notice.case_id()).collect(),
            Self::Concern(note) => concern::key(note.case_id, &note.told)
                .map_or_else(Vec::new, |key| vec![key.case_id, key.other_id]),
            _ => self.many().iter().map(|key| key.case_id).chain(self.case_id()).collect(),
        }
    }
}
