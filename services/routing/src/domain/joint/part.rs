//! A part of a case as one organ's ledger knows it.

use duban_proto::common::v1::{ContentRef, Finding};
use duban_proto::routing::v1::{OpinionSubmitted, PartChange, PartFacts, PartOverdue, PartState, PartText};
use jiff::Timestamp;

use super::super::Case;
use super::super::instrument::micros;

/// A part, at the home, the lead or the organ that handles it. Moments are microseconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Part {
    /// As the home told it last, and as its organ has gone on since.
    #[prost(message, required, tag = "1")]
    pub facts: PartFacts,
    /// The opinions, oldest first; at the organ that handles it.
    #[prost(message, repeated, tag = "2")]
    pub rounds: Vec<OpinionRound>,
    /// What happened to it, oldest first.
    #[prost(message, repeated, tag = "3")]
    pub steps: Vec<Step>,
    /// The date that was noted as missed, in microseconds; another one runs anew.
    #[prost(int64, optional, tag = "240")]
    pub missed: Option<i64>,
}

/// An opinion, and what the leader of its organ said.
#[derive(Clone, PartialEq, prost::Message)]
pub struct OpinionRound {
    /// What was submitted.
    #[prost(message, required, tag = "1")]
    pub submitted: OpinionSubmitted,
    /// By whom.
    #[prost(string, tag = "2")]
    pub submitted_by: String,
    /// Who decided; empty before.
    #[prost(string, tag = "3")]
    pub decided_by: String,
    /// It was approved.
    #[prost(bool, tag = "4")]
    pub approved: bool,
    /// Why it was not.
    #[prost(message, optional, tag = "5")]
    pub reason: Option<ContentRef>,
}

/// Something that happened to a part.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Step {
    /// What.
    #[prost(enumeration = "PartChange", tag = "1")]
    pub change: i32,
    /// When, as this ledger knows it.
    #[prost(int64, tag = "2")]
    pub at: i64,
    /// Who did it.
    #[prost(string, tag = "3")]
    pub by: String,
    /// Why in words, where it is kept.
    #[prost(message, optional, tag = "4")]
    pub reason: Option<PartText>,
}

impl Part {
    /// It waits for an opinion, or for a decision of the home.
    pub fn is_open(&self) -> bool {
        !matches!(self.facts.state(), PartState::Answered | PartState::Ended)
    }

    /// It ended without an opinion that counts.
    pub fn has_ended(&self) -> bool {
        self.facts.state() == PartState::Ended
    }

    /// Until when its opinion is due.
    pub fn due_at(&self) -> Timestamp {
        self.facts.due_at.as_ref().and_then(server::time::from_proto).unwrap_or_default()
    }

    /// It is open, and its date has passed.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.is_open() && self.due_at() < now
    }

    /// Its date, in microseconds; none where there is none, or where it was noted as missed.
    fn runs_until(&self) -> Option<i64> {
        micros(self.facts.due_at.as_ref()).filter(|due_at| self.missed != Some(*due_at))
    }

    /// "1.2": the term and the part.
    pub fn name(&self) -> String {
        format!("{}.{}", self.facts.term, self.facts.part)
    }

    /// The opinion that waits for the leader of its organ.
    pub fn open_round(&self) -> Option<&OpinionRound> {
        self.rounds.last().filter(|round| round.decided_by.is_empty())
    }
}

impl OpinionRound {
    /// Whether this person wrote it or investigated for it: who did does not decide on it (19).
    pub fn took_part(&self, person: &str) -> bool {
        self.submitted_by == person || self.submitted.investigators.iter().any(|name| name == person)
    }
}

impl Case {
    /// The part of this number.
    pub fn part(&self, number: u32) -> Option<&Part> {
        self.parts.iter().find(|part| part.facts.part == number)
    }

    /// The parts that are open.
    pub fn open_parts(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.is_open())
    }

    /// When the next opinion on a part is due here, in microseconds since 1970: at the home, the lead and the organ that
    /// handles it.
    pub fn next_part_due(&self) -> Option<i64> {
        self.open_parts().filter_map(Part::runs_until).min()
    }

    /// The part whose date is this moment.
    pub(crate) fn part_due_at(&self, at: i64) -> Option<&Part> {
        self.open_parts().find(|part| part.runs_until() == Some(at))
    }

    /// Takes note of a date that passed.
    pub(in crate::domain) fn miss(&mut self, event: &PartOverdue) {
        if let Some(part) = self.part_mut(event.part) {
            part.missed = micros(event.due_at.as_ref());
        }
    }

    pub(super) fn part_mut(&mut self, number: u32) -> Option<&mut Part> {
        self.parts.iter_mut().find(|part| part.facts.part == number)
    }
}

/// What follows of several findings (house): what they agree on; where they differ, partly founded if anything is founded or
/// partly founded, otherwise not established.
pub fn overall(findings: impl IntoIterator<Item = Finding>) -> Finding {
    let findings: Vec<Finding> = findings.into_iter().collect();
    let first = findings.first().copied().unwrap_or(Finding::Unspecified);
    if findings.iter().all(|finding| *finding == first) {
        return first;
    }
    let any = findings.iter().any(|finding| matches!(finding, Finding::Founded | Finding::PartlyFounded));
    if any { Finding::PartlyFounded } else { Finding::NotEstablished }
}
