//! A reminder or a supervision notice, and what becomes of it (16, 20).

use duban_proto::common::v1::ContentRef;
use duban_proto::supervision::v1::{
    Instrument, Notice as Told, NoticeAnswer, NoticeAnswerAccepted, NoticeAnswerRejected, NoticeAnswered,
    NoticeIssued, NoticeSeen, NoticeState, RungFired, event::Kind,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::Book;
use super::evolve::Stamp;
use super::time::{opt_from_wire, to_wire};

/// A notice as it is kept: as it is told, and where its texts are.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Notice {
    /// Without texts, and without what depends on who reads it.
    #[prost(message, required, tag = "1")]
    pub told: Told,
    /// What it says, at the organ that issued it; absent where a rung did.
    #[prost(message, optional, tag = "2")]
    pub text: Option<ContentRef>,
    /// Why it was withdrawn by hand, likewise.
    #[prost(message, optional, tag = "3")]
    pub withdrawn: Option<ContentRef>,
    /// The texts of the answers, by their rounds, at the organ that answered.
    #[prost(message, repeated, tag = "4")]
    pub answers: Vec<ContentRef>,
    /// Why answers went back, by their rounds, at the organ that issued it; empty of one that did not.
    #[prost(message, repeated, tag = "5")]
    pub rejections: Vec<ContentRef>,
    /// The place on the ladder of the rung that issued it, from 0.
    #[prost(uint32, tag = "6")]
    pub index: u32,
}

impl Notice {
    /// Its id.
    pub fn id(&self) -> Uuid {
        self.told.notice_id.parse().unwrap_or_default()
    }

    /// The case.
    pub fn case_id(&self) -> Uuid {
        self.told.case_id.parse().unwrap_or_default()
    }

    /// Neither settled nor withdrawn.
    pub fn is_open(&self) -> bool {
        !matches!(self.told.state(), NoticeState::Settled | NoticeState::Withdrawn)
    }

    /// An answer is waited for.
    pub fn waits(&self) -> bool {
        let waits = matches!(
            self.told.state(),
            NoticeState::Issued | NoticeState::Seen | NoticeState::Returned | NoticeState::Overdue
        );
        waits && self.told.instrument() == Instrument::SupervisionNotice
    }

    /// When the answer will be overdue; `None` where it is already, or none is waited for.
    pub fn next_at(&self) -> Option<Timestamp> {
        let answer_by = self.told.answer_by.as_ref().and_then(opt_from_wire);
        answer_by.filter(|_| self.waits() && self.told.state() != NoticeState::Overdue)
    }

    /// The other of the two organs it is between; `None` where they are the same.
    pub(crate) fn other(&self, organ: &str) -> Option<&str> {
        [&self.told.issued_by, &self.told.organ].into_iter().map(String::as_str).find(|it| *it != organ)
    }

    /// What a rung issued, in the ledger where it fired.
    fn of_rung(case_id: Uuid, fired: &RungFired, at: Timestamp) -> Self {
        let told = Told {
            notice_id: fired.notice_id.clone(),
            case_id: case_id.to_string(),
            case_number: fired.number.clone(),
            instrument: fired.instrument,
            number: fired.instrument_number.clone(),
            issued_by: fired.issued_by.clone(),
            organ: fired.organ.clone(),
            rung: fired.rung.clone(),
            term: fired.term,
            state: NoticeState::Issued.into(),
            issued_at: Some(to_wire(at)),
            answer_by: fired.answer_by,
            citation: fired.citation.clone(),
            ..Told::default()
        };
        Self { told, index: fired.index, ..Self::default() }
    }

    fn issued(case_id: Uuid, issued: &NoticeIssued) -> Self {
        let told = Told {
            notice_id: issued.notice_id.clone(),
            case_id: case_id.to_string(),
            case_number: issued.case_number.clone(),
            instrument: issued.instrument,
            number: issued.number.clone(),
            issued_by: issued.issued_by.clone(),
            organ: issued.organ.clone(),
            signed_by: issued.signed_by.clone(),
            rung: issued.rung.clone(),
            term: issued.term,
            state: NoticeState::Issued.into(),
            issued_at: issued.issued_at,
            answer_by: issued.answer_by,
            citation: issued.citation.clone(),
            ..Told::default()
        };
        Self { told, text: issued.text.clone(), ..Self::default() }
    }

    /// What it is after this event, which is about it. One that comes late, or twice, changes nothing.
    #[must_use]
    pub(crate) fn after(mut self, kind: &Kind) -> Self {
        match kind {
            Kind::NoticeSeen(seen) => self.seen(seen),
            Kind::NoticeAnswered(answered) => self.answered(answered),
            Kind::NoticeAnswerAccepted(accepted) => self.accepted(accepted),
            Kind::NoticeAnswerRejected(rejected) => self.rejected(rejected),
            Kind::NoticeOverdue(overdue)
                if self.next_at().is_some() && overdue.answer_by == self.told.answer_by =>
            {
                self.told.set_state(NoticeState::Overdue);
                self.told.times_overdue += 1;
            }
            Kind::NoticeWithdrawn(withdrawn) if self.is_open() => {
                self.told.set_state(NoticeState::Withdrawn);
                self.told.withdrawal = withdrawn.reason;
                self.told.withdrawn_by.clone_from(&withdrawn.withdrawn_by);
                self.withdrawn.clone_from(&withdrawn.text);
            }
            _ => {}
        }
        self
    }

    fn seen(&mut self, seen: &NoticeSeen) {
        if !self.told.seen_by.is_empty() {
            return;
        }
        self.told.seen_by.clone_from(&seen.seen_by);
        self.told.seen_at = seen.seen_at;
        if self.told.state() == NoticeState::Issued {
            let settled = self.told.instrument() != Instrument::SupervisionNotice;
            self.told.set_state(if settled { NoticeState::Settled } else { NoticeState::Seen });
        }
    }

    /// In time is judged by when it was given: what was taken for overdue meanwhile was not.
    fn answered(&mut self, answered: &NoticeAnswered) {
        let next = u32::try_from(self.told.answers.len()).unwrap_or(u32::MAX).saturating_add(1);
        if answered.round != next || self.told.state() == NoticeState::Settled {
            return;
        }
        let at = |at: Option<&prost_types::Timestamp>| at.and_then(opt_from_wire);
        let answer_by = at(self.told.answer_by.as_ref());
        let on_time = answer_by.is_none_or(|by| at(answered.answered_at.as_ref()).is_some_and(|at| at <= by));
        if on_time && self.told.state() == NoticeState::Overdue {
            self.told.times_overdue = self.told.times_overdue.saturating_sub(1);
        }
        self.told.answers.push(NoticeAnswer {
            round: answered.round,
            answered_by: answered.answered_by.clone(),
            answered_at: answered.answered_at,
            on_time,
            measures: answered.measures.clone(),
            ..NoticeAnswer::default()
        });
        self.answers.push(answered.text.clone().unwrap_or_default());
        self.rejections.push(ContentRef::default());
        if self.told.state() != NoticeState::Withdrawn {
            self.told.set_state(NoticeState::Answered);
        }
    }

    fn accepted(&mut self, accepted: &NoticeAnswerAccepted) {
        if self.checked(accepted.round, &accepted.checked_by, true, None) {
            self.told.set_state(NoticeState::Settled);
        }
    }

    fn rejected(&mut self, rejected: &NoticeAnswerRejected) {
        if self.checked(rejected.round, &rejected.checked_by, false, rejected.reason.as_ref()) {
            self.told.set_state(NoticeState::Returned);
            self.told.answer_by = rejected.answer_by;
        }
    }

    /// Whether this answer waited to be checked; it is, with this.
    fn checked(&mut self, round: u32, by: &str, accepted: bool, reason: Option<&ContentRef>) -> bool {
        let waits = self.told.state() == NoticeState::Answered;
        let last = self.told.answers.last_mut().filter(|answer| waits && answer.round == round);
        let Some(answer) = last else { return false };
        by.clone_into(&mut answer.checked_by);
        answer.accepted = accepted;
        if let (Some(kept), Some(reason)) = (self.rejections.last_mut(), reason) {
            kept.clone_from(reason);
        }
        true
    }
}

/// The notice that an event is about; `None` where it is about none that is there already.
pub(crate) fn subject(kind: &Kind) -> Option<Uuid> {
    let id = match kind {
        Kind::NoticeIssued(it) => &it.notice_id,
        Kind::NoticeSeen(it) => &it.notice_id,
        Kind::NoticeAnswered(it) => &it.notice_id,
        Kind::NoticeAnswerAccepted(it) => &it.notice_id,
        Kind::NoticeAnswerRejected(it) => &it.notice_id,
        Kind::NoticeOverdue(it) => &it.notice_id,
        Kind::NoticeWithdrawn(it) => &it.notice_id,
        _ => return None,
    };
    id.parse().ok()
}

impl Book {
    /// Takes a notice's event into the book.
    pub(crate) fn notice(&mut self, case_id: Uuid, kind: &Kind, stamp: Stamp<'_>) {
        match kind {
            Kind::RungFired(fired) => {
                if let Ok(id) = fired.notice_id.parse() {
                    self.put_notice(id, Notice::of_rung(case_id, fired, stamp.recorded_at));
                }
            }
            Kind::NoticeIssued(issued) => {
                let Ok(id) = issued.notice_id.parse() else { return };
                self.put_notice(id, Notice::issued(case_id, issued));
                if issued.issued_by == self.organ && !issued.number.is_empty() {
                    let year = stamp.zone.to_datetime(stamp.recorded_at).year();
                    *self.notices.entry(year).or_default() += 1;
                    self.dirty.notices.insert(year);
                }
                self.keyed.insert(case_id);
            }
            _ => {
                let Some(id) = subject(kind) else { return };
                // Of one heard from another organ it is not so; then a new key is only brought once more.
                self.keyed.insert(case_id);
                let Some(notice) = self.issued.get(&id) else { return };
                let after = notice.clone().after(kind);
                self.put_notice(id, after);
            }
        }
    }

    fn put_notice(&mut self, id: Uuid, notice: Notice) {
        self.issued.insert(id, notice);
        self.dirty.issued.insert(id);
    }

    /// Puts in notices as loaded.
    pub fn with_issued(&mut self, notices: impl IntoIterator<Item = Notice>) {
        self.issued.extend(notices.into_iter().map(|notice| (notice.id(), notice)));
    }

    /// A reminder or supervision notice.
    pub fn issued(&self, id: Uuid) -> Option<&Notice> {
        self.issued.get(&id)
    }

    /// Those of a case in this ledger.
    pub fn issued_of(&self, case_id: Uuid) -> impl Iterator<Item = &Notice> {
        self.issued.values().filter(move |notice| notice.case_id() == case_id)
    }

    /// The notices that changed in this batch.
    pub fn changed_issued(&self) -> Vec<&Notice> {
        self.dirty.issued.iter().filter_map(|id| self.issued.get(id)).collect()
    }
}
