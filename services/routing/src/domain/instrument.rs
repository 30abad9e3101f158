//! A case's instruments, as the ledger of the organ that issues them knows them (3, 7, 22).

use duban_proto::common::v1::ContentRef;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{
    InstrumentAnswerRejected, InstrumentAnswered, InstrumentDelivered, InstrumentDrafted, InstrumentIssued,
    InstrumentKind, InstrumentState, InstrumentWithdrawn, TermState,
};
use jiff::Timestamp;

use super::{Case, Entry};

/// An instrument. Moments are microseconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Instrument {
    /// What was drafted.
    #[prost(message, optional, tag = "1")]
    pub drafted: Option<InstrumentDrafted>,
    /// By whom.
    #[prost(string, tag = "2")]
    pub drafted_by: String,
    /// When.
    #[prost(int64, tag = "3")]
    pub drafted_at: i64,
    /// How it was issued; absent before.
    #[prost(message, optional, tag = "4")]
    pub issued: Option<InstrumentIssued>,
    /// The signatory.
    #[prost(string, tag = "5")]
    pub signed_by: String,
    /// When it was issued.
    #[prost(int64, tag = "6")]
    pub issued_at: i64,
    /// By when the answer is looked for.
    #[prost(int64, optional, tag = "7")]
    pub due_at: Option<i64>,
    /// When there is a reminder.
    #[prost(int64, optional, tag = "8")]
    pub remind_at: Option<i64>,
    /// When there was one.
    #[prost(int64, optional, tag = "9")]
    pub reminded_at: Option<i64>,
    /// Since when it is overdue.
    #[prost(int64, optional, tag = "10")]
    pub overdue_since: Option<i64>,
    /// How it was delivered.
    #[prost(message, optional, tag = "11")]
    pub delivered: Option<InstrumentDelivered>,
    /// The answers, oldest first.
    #[prost(message, repeated, tag = "12")]
    pub answers: Vec<Answered>,
    /// Why it was withdrawn.
    #[prost(message, optional, tag = "13")]
    pub withdrawn: Option<InstrumentWithdrawn>,
    /// By whom.
    #[prost(string, tag = "14")]
    pub withdrawn_by: String,
    /// Nothing is to come any more.
    #[prost(bool, tag = "15")]
    pub settled: bool,
    /// The organ that it was sent to; empty where its way is recorded by hand.
    #[prost(string, tag = "16")]
    pub sent_to: String,
}

/// An answer, and what was said of it.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Answered {
    /// The answer.
    #[prost(message, optional, tag = "1")]
    pub answered: Option<InstrumentAnswered>,
    /// Who recorded it.
    #[prost(string, tag = "2")]
    pub recorded_by: String,
    /// Who checked it; empty before.
    #[prost(string, tag = "3")]
    pub checked_by: String,
    /// It is in order.
    #[prost(bool, tag = "4")]
    pub accepted: bool,
    /// Why it went back.
    #[prost(message, optional, tag = "5")]
    pub reason: Option<ContentRef>,
}

impl Instrument {
    /// Its id.
    pub fn id(&self) -> &str {
        self.drafted.as_ref().map_or("", |drafted| drafted.instrument_id.as_str())
    }

    /// The organ of the directory that it is addressed to.
    pub fn addressed_to(&self) -> Option<&str> {
        match self.drafted.as_ref()?.addressee.as_ref()?.to.as_ref()? {
            To::Organ(code) => Some(code),
            To::Respondent(_) | To::Authority(_) => None,
        }
    }

    /// What kind.
    pub fn kind(&self) -> InstrumentKind {
        self.drafted.as_ref().map_or(InstrumentKind::Unspecified, InstrumentDrafted::kind)
    }

    /// Where it stands.
    pub fn state(&self) -> InstrumentState {
        if self.withdrawn.is_some() {
            InstrumentState::Withdrawn
        } else if self.settled {
            InstrumentState::Settled
        } else if self.issued.is_none() {
            InstrumentState::Drafted
        } else if self.unchecked().is_some() {
            InstrumentState::Answered
        } else if self.overdue_since.is_some() {
            InstrumentState::Overdue
        } else if self.delivered.is_some() {
            InstrumentState::Delivered
        } else {
            InstrumentState::Issued
        }
    }

    /// Issued, and the answer, or the delivery where none is looked for, is to come.
    pub fn is_waiting(&self) -> bool {
        use InstrumentState::{Delivered, Issued, Overdue};
        matches!(self.state(), Issued | Delivered | Overdue)
    }

    /// The answer that is to be checked.
    pub fn unchecked(&self) -> Option<&Answered> {
        self.answers.last().filter(|answer| answer.checked_by.is_empty() && !answer.accepted)
    }

    /// An answer is looked for.
    pub fn is_answered_to(&self) -> bool {
        self.drafted.as_ref().is_some_and(|drafted| !drafted.answer_within.is_empty())
    }

    /// The next moment at which something has to happen: the reminder, or the end.
    pub fn next_at(&self) -> Option<i64> {
        let due_at = self.due_at.filter(|_| self.is_waiting() && self.overdue_since.is_none())?;
        let reminder = self.remind_at.filter(|_| self.reminded_at.is_none());
        Some(reminder.map_or(due_at, |remind_at| remind_at.min(due_at)))
    }

    /// By what a list is sorted in each state: what has no limit comes last.
    pub fn urgency(&self) -> i64 {
        self.due_at.unwrap_or(i64::MAX)
    }

    fn checked(&self) -> bool {
        self.drafted.as_ref().is_some_and(|drafted| drafted.checked)
    }

    fn issue(&mut self, event: &InstrumentIssued, signed_by: &str, at: i64) {
        self.issued = Some(event.clone());
        signed_by.clone_into(&mut self.signed_by);
        self.issued_at = at;
        self.runs_until(event.due_at, event.remind_at);
    }

    fn runs_until(
        &mut self,
        due_at: Option<prost_types::Timestamp>,
        remind_at: Option<prost_types::Timestamp>,
    ) {
        self.due_at = micros(due_at.as_ref());
        self.remind_at = micros(remind_at.as_ref());
        (self.reminded_at, self.overdue_since) = (None, None);
    }

    fn deliver(&mut self, event: &InstrumentDelivered) {
        self.delivered = Some(event.clone());
        if event.due_at.is_some() {
            self.runs_until(event.due_at, event.remind_at);
        }
        self.settled |= !self.is_answered_to();
    }

    fn answer(&mut self, event: &InstrumentAnswered, recorded_by: &str) {
        let accepted = !self.checked();
        self.answers.push(Answered {
            answered: Some(event.clone()),
            recorded_by: if event.answered_by.is_empty() { recorded_by } else { &event.answered_by }
                .to_owned(),
            accepted,
            ..Answered::default()
        });
        self.settled |= accepted;
    }

    fn accept(&mut self, checked_by: &str) {
        if let Some(answer) = self.answers.last_mut() {
            checked_by.clone_into(&mut answer.checked_by);
            answer.accepted = true;
        }
        self.settled = true;
    }

    fn reject(&mut self, event: &InstrumentAnswerRejected, checked_by: &str) {
        if let Some(answer) = self.answers.last_mut() {
            checked_by.clone_into(&mut answer.checked_by);
            answer.reason.clone_from(&event.reason);
        }
        self.runs_until(event.due_at, event.remind_at);
    }
}

impl Case {
    /// An instrument of this organ's ledger.
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments.iter().find(|one| one.id() == id)
    }

    /// The respondent was cleared by what this organ found, and has not been told yet (22, house).
    pub fn owes_announcement(&self, organ: &str) -> bool {
        let Some(tenure) = self.current().filter(|tenure| tenure.organ == organ) else { return false };
        let told = |one: &Instrument| {
            let term = one.drafted.as_ref().map(|drafted| drafted.term);
            one.kind() == InstrumentKind::Announcement && one.settled && term == Some(tenure.term)
        };
        let counts = self.cleared && tenure.reopenings == self.reopenings;
        counts && tenure.state() == TermState::Concluded && !self.instruments.iter().any(told)
    }

    /// What an entry says of an instrument.
    pub(super) fn apply_instrument(&mut self, entry: &Entry<'_>) {
        let (at, actor) = (entry.at.as_microsecond(), entry.actor);
        match entry.kind {
            Kind::InstrumentDrafted(event) => self.instruments.push(Instrument {
                drafted: Some(event.clone()),
                drafted_by: actor.to_owned(),
                drafted_at: at,
                ..Instrument::default()
            }),
            Kind::InstrumentIssued(event) => self.on(&event.instrument_id, |it| it.issue(event, actor, at)),
            Kind::InstrumentSent(event) => {
                let to = self.instrument(&event.instrument_id).and_then(Instrument::addressed_to);
                let to = to.unwrap_or_default().to_owned();
                self.on(&event.instrument_id, |it| it.sent_to = to);
            }
            Kind::InstrumentDelivered(event) => self.on(&event.instrument_id, |it| it.deliver(event)),
            Kind::InstrumentAnswered(event) => self.on(&event.instrument_id, |it| it.answer(event, actor)),
            Kind::InstrumentAnswerAccepted(event) => self.on(&event.instrument_id, |it| it.accept(actor)),
            Kind::InstrumentAnswerRejected(event) => {
                self.on(&event.instrument_id, |it| it.reject(event, actor));
            }
            Kind::InstrumentWithdrawn(event) => self.on(&event.instrument_id, |it| {
                it.withdrawn = Some(event.clone());
                actor.clone_into(&mut it.withdrawn_by);
            }),
            Kind::InstrumentReminded(event) => {
                self.on(&event.instrument_id, |it| it.reminded_at = Some(at));
            }
            Kind::InstrumentOverdue(event) => {
                self.on(&event.instrument_id, |it| it.overdue_since = Some(at));
            }
            _ => {}
        }
    }

    fn on(&mut self, id: &str, change: impl FnOnce(&mut Instrument)) {
        if let Some(instrument) = self.instruments.iter_mut().find(|one| one.id() == id) {
            change(instrument);
        }
    }
}

/// A moment of an entry.
pub(super) fn micros(at: Option<&prost_types::Timestamp>) -> Option<i64> {
    at.and_then(server::time::from_proto).map(Timestamp::as_microsecond)
}
