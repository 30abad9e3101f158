//! Follow-ups (16, house): what complainants think of the result, asked by somebody who did not handle the case.

use std::collections::{BTreeMap, BTreeSet};

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::{
    DropGround, FollowUp as Shown, FollowUpAttempt, FollowUpState, HandlersNoted, event::Kind,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::Sealed;
use super::evolve::Stamp;
use super::time::to_wire;

/// How a complainant answers of their own accord.
pub const TRACKING: &str = "tracking";

/// Something about the follow-ups of a case.
#[derive(Clone, Debug)]
pub struct OnFollowUp {
    /// The case.
    pub case_id: Uuid,
    /// What.
    pub act: FollowUpAct,
}

/// What can be done about follow-ups.
#[derive(Clone, Debug)]
pub enum FollowUpAct {
    /// Routing, or another organ's supervision, told who took part in the handling.
    NoteHandlers(HandlersNoted),
    /// Intake told that the complainant knows the result.
    ResultTold {
        /// The reply, whose id the follow-up has.
        follow_up_id: Uuid,
        /// Who told it; empty where the program did.
        told_by: String,
        /// When.
        at: Timestamp,
    },
    /// Intake told that the complainant rated the result of their own accord: `form` says so, and `words` are there.
    Rated(RecordFollowUp),
    /// Intake told that the result does not count any more, or that nobody can be asked.
    Drop(DropGround),
    /// Nobody was reached.
    Attempt {
        /// The follow-up.
        follow_up_id: Uuid,
        /// How it was tried.
        form: String,
    },
    /// The complainant answered.
    Record(RecordFollowUp),
}

/// The complainant answered.
#[derive(Clone, Debug)]
pub struct RecordFollowUp {
    /// The follow-up.
    pub follow_up_id: Uuid,
    /// How the complainant was asked.
    pub form: String,
    /// The code of how they were treated.
    pub attitude: String,
    /// The code of what came of it.
    pub result: String,
    /// In their words.
    pub words: Sealed,
    /// They ask that the result be looked at again.
    pub look_asked: bool,
}

/// Why a follow-up does not let something be done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotFollowedUp {
    /// The case has no such follow-up here.
    #[error("the case has no follow-up {0} here")]
    Unknown(Uuid),
    /// It is answered or dropped; or nobody was reached, and it is no time for another attempt.
    #[error("the follow-up is {state}")]
    State {
        /// Where it stands, "ANSWERED".
        state: &'static str,
        /// When the next attempt counts; none where it is not the wait.
        again_from: Option<Timestamp>,
    },
    /// The person handled the case, or told its result.
    #[error("who handled the case or told its result does not ask what the complainant thinks of it")]
    TookPart {
        /// The subject.
        person: String,
    },
    /// The complainant is content with the result.
    #[error("who is not dissatisfied with the result does not have it looked at again")]
    NotDissatisfied,
    /// The result was looked at as often as the regulation allows.
    #[error("the result was looked at {most} times, as often as the regulation allows")]
    NoLooksLeft {
        /// How often it may be.
        most: u32,
    },
}

/// Which follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FollowUpId {
    /// The case.
    pub case_id: Uuid,
    /// The reply that told the result.
    pub id: Uuid,
}

/// A follow-up.
#[derive(Clone, Debug, PartialEq)]
pub struct FollowUp {
    /// Which.
    pub key: FollowUpId,
    /// Who told the result; empty where the program did.
    pub told_by: String,
    /// The complainant's words, kept beside the ledger.
    pub words: Option<ContentRef>,
    /// As it is told, without number, organ, words, and what depends on who reads it.
    pub shown: Shown,
}

/// Who took part in the handling of a case, at which organ.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// The case.
    pub case_id: Uuid,
    /// The organ that handles it.
    pub handled_by: String,
    /// The officer.
    pub person: String,
}

/// In what an officer took part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Took {
    /// The latest term.
    pub term: u32,
    /// The officer approved its result.
    pub approved: bool,
}

/// The follow-ups of the cases that a batch is about, and who handled these.
#[derive(Debug, Default)]
pub struct FollowUps {
    pub(crate) all: BTreeMap<FollowUpId, FollowUp>,
    pub(crate) parts: BTreeMap<Part, Took>,
    pub(crate) dirty: BTreeSet<FollowUpId>,
    pub(crate) dirty_parts: BTreeSet<Part>,
}

impl OnFollowUp {
    /// The case that it brings a new data key for.
    pub(crate) fn brings_key(&self) -> Option<Uuid> {
        match &self.act {
            FollowUpAct::Record(record) => record.words.brings_key(),
            _ => None,
        }
    }
}

impl FollowUp {
    /// Where it stands.
    pub fn state(&self) -> FollowUpState {
        self.shown.state()
    }

    /// The same after an event of its own.
    pub(crate) fn apply(&mut self, kind: &Kind, stamp: Stamp<'_>) {
        let shown = &mut self.shown;
        match kind {
            Kind::FollowUpAttempted(attempted) => {
                shown.attempts.push(FollowUpAttempt {
                    at: Some(to_wire(stamp.recorded_at)),
                    by: stamp.actor.to_owned(),
                    form: attempted.form.clone(),
                });
                shown.again_from = attempted.again_from;
                if attempted.last {
                    shown.set_state(FollowUpState::NotReached);
                }
            }
            Kind::FollowUpRecorded(recorded) => {
                shown.set_state(FollowUpState::Answered);
                shown.attitude.clone_from(&recorded.attitude);
                shown.result.clone_from(&recorded.result);
                shown.form.clone_from(&recorded.form);
                if recorded.form != TRACKING {
                    stamp.actor.clone_into(&mut shown.asked_by);
                }
                shown.answered_at = Some(to_wire(stamp.recorded_at));
                self.words.clone_from(&recorded.words);
            }
            Kind::LookAsked(_) => shown.look_asked = true,
            Kind::FollowUpDropped(_) => shown.set_state(FollowUpState::Dropped),
            _ => {}
        }
    }
}

impl FollowUps {
    /// One of a case.
    pub fn get(&self, case_id: Uuid, id: Uuid) -> Option<&FollowUp> {
        self.all.get(&FollowUpId { case_id, id })
    }

    /// Those of a case.
    pub(crate) fn of_case(&self, case_id: Uuid) -> impl Iterator<Item = &FollowUp> {
        let all = FollowUpId { case_id, id: Uuid::nil() }..=FollowUpId { case_id, id: Uuid::max() };
        self.all.range(all).map(|(_, follow_up)| follow_up)
    }

    /// Who took part in the handling of a case.
    pub(crate) fn parts_of(&self, case_id: Uuid) -> impl Iterator<Item = (&Part, &Took)> {
        let first = Part { case_id, handled_by: String::new(), person: String::new() };
        self.parts.range(first..).take_while(move |(part, _)| part.case_id == case_id)
    }

    /// The organ whose result it is, as far as it was told.
    pub(crate) fn handled_by(&self, case_id: Uuid) -> String {
        let approved = self.parts_of(case_id).filter(|(_, took)| took.approved);
        approved
            .max_by_key(|(_, took)| took.term)
            .map(|(part, _)| part.handled_by.clone())
            .unwrap_or_default()
    }

    /// Applies an event of follow-ups. What it says of one that is not there changes nothing.
    pub(crate) fn apply(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        let id = match kind {
            Kind::HandlersNoted(noted) => return self.handlers_noted(case_id, noted),
            Kind::FollowUpDue(due) => &due.follow_up_id,
            Kind::FollowUpAttempted(attempted) => &attempted.follow_up_id,
            Kind::FollowUpRecorded(recorded) => &recorded.follow_up_id,
            Kind::LookAsked(asked) => &asked.follow_up_id,
            Kind::FollowUpDropped(dropped) => &dropped.follow_up_id,
            _ => return,
        };
        let Ok(id) = id.parse() else { return };
        let key = FollowUpId { case_id, id };
        if let Kind::FollowUpDue(due) = kind {
            let shown = Shown {
                follow_up_id: due.follow_up_id.clone(),
                case_id: case_id.to_string(),
                state: FollowUpState::Open.into(),
                due_at: due.due_at,
                citation: due.citation.clone(),
                ..Shown::default()
            };
            self.all.insert(key, FollowUp { key, told_by: due.told_by.clone(), words: None, shown });
        }
        let Some(follow_up) = self.all.get_mut(&key) else { return };
        follow_up.apply(kind, stamp);
        self.dirty.insert(key);
    }

    fn handlers_noted(&mut self, case_id: Uuid, noted: &HandlersNoted) {
        for person in &noted.persons {
            let part = Part { case_id, handled_by: noted.organ.clone(), person: person.clone() };
            let took = self.parts.entry(part.clone()).or_default();
            took.term = took.term.max(noted.term);
            took.approved |= noted.approved;
            self.dirty_parts.insert(part);
        }
    }
}

/// Whether the case has a data key here after this event.
pub(crate) fn keyed(kind: &Kind) -> bool {
    matches!(kind, Kind::FollowUpRecorded(recorded) if recorded.words.is_some())
}

/// `ANSWERED`
pub(crate) fn state_name(state: FollowUpState) -> &'static str {
    state.as_str_name().trim_start_matches("FOLLOW_UP_STATE_")
}
