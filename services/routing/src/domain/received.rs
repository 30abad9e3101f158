//! Instruments that other organs sent to this one (7, 22), as its ledger knows them.

use access::Role;
use duban_proto::common::v1::{Action, ContentRef};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::instrument_noted::Told;
use duban_proto::routing::v1::{
    self as wire, InstrumentKind, InstrumentNoted, InstrumentReplied, InstrumentSent, InstrumentState,
    ReceivedInstrumentState,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::instrument::micros;
use super::{Asker, Book, Entry, Sealed};

/// What can be asked about a received instrument, and what the organ that issued it tells.
#[derive(Clone, Debug)]
pub enum OnReceived {
    /// Sign for it.
    Acknowledge {
        /// The instrument.
        id: String,
    },
    /// Answer it.
    Reply {
        /// The instrument.
        id: String,
        /// What was decided, and the day.
        decided: Option<(String, String)>,
        /// The answer, and who decided.
        text: Box<Sealed>,
    },
    /// The organ that issued it told something of it.
    Note(Box<InstrumentNoted>),
}

/// A received instrument: the row of `received_instrument`. Moments are microseconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Received {
    /// The case.
    #[prost(string, tag = "1")]
    pub case_id: String,
    /// The organ that issued it.
    #[prost(string, tag = "2")]
    pub from: String,
    /// What it sent.
    #[prost(message, required, tag = "3")]
    pub sent: InstrumentSent,
    /// When it came.
    #[prost(int64, tag = "4")]
    pub received_at: i64,
    /// When it was signed for.
    #[prost(int64, optional, tag = "5")]
    pub acknowledged_at: Option<i64>,
    /// By whom.
    #[prost(string, tag = "6")]
    pub acknowledged_by: String,
    /// By when an answer is looked for.
    #[prost(int64, optional, tag = "7")]
    pub due_at: Option<i64>,
    /// Since when it is overdue.
    #[prost(int64, optional, tag = "8")]
    pub overdue_since: Option<i64>,
    /// When there was a reminder.
    #[prost(int64, optional, tag = "9")]
    pub reminded_at: Option<i64>,
    /// The answers, oldest first.
    #[prost(message, repeated, tag = "10")]
    pub replies: Vec<Replied>,
    /// Nothing is to come any more.
    #[prost(bool, tag = "11")]
    pub settled: bool,
    /// It was taken back, or lapsed.
    #[prost(bool, tag = "12")]
    pub withdrawn: bool,
    /// Since when its case is erased.
    #[prost(int64, optional, tag = "13")]
    pub erased_at: Option<i64>,
}

/// An answer, and whether it came back.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Replied {
    /// The answer.
    #[prost(message, required, tag = "1")]
    pub replied: InstrumentReplied,
    /// When.
    #[prost(int64, tag = "2")]
    pub at: i64,
    /// It came back.
    #[prost(bool, tag = "3")]
    pub rejected: bool,
    /// Why, under the key of the organ that issued the instrument.
    #[prost(message, optional, tag = "4")]
    pub reason: Option<ContentRef>,
}

impl OnReceived {
    /// What `kind`, recorded by the organ `from` at `at`, tells of an instrument; nothing where it is about something else.
    pub(super) fn heard(kind: Kind, from: &str, at: Timestamp) -> Option<Self> {
        let told = match kind {
            Kind::InstrumentSent(event) => Told::Sent(event),
            Kind::InstrumentDelivered(event) => Told::Delivered(event),
            Kind::InstrumentAnswerAccepted(event) => Told::Accepted(event),
            Kind::InstrumentAnswerRejected(event) => Told::Rejected(event),
            Kind::InstrumentWithdrawn(event) => Told::Withdrawn(event),
            Kind::InstrumentReminded(event) => Told::Reminded(event),
            Kind::InstrumentOverdue(event) => Told::Overdue(event),
            _ => return None,
        };
        let at = Some(server::time::to_proto(at));
        Some(Self::Note(Box::new(InstrumentNoted { organ: from.to_owned(), at, told: Some(told) })))
    }

    /// What the organ that issues an instrument and the one that it is addressed to tell each other: it is of these two, whoever is
    /// the home of the case.
    pub(super) fn is_of_an_instrument(kind: &Kind) -> bool {
        matches!(
            kind,
            Kind::InstrumentSent(_)
                | Kind::InstrumentAcknowledged(_)
                | Kind::InstrumentReplied(_)
                | Kind::InstrumentDelivered(_)
                | Kind::InstrumentAnswerAccepted(_)
                | Kind::InstrumentAnswerRejected(_)
                | Kind::InstrumentWithdrawn(_)
                | Kind::InstrumentReminded(_)
                | Kind::InstrumentOverdue(_)
        )
    }

    /// Asked for over the contracts, not told by a ledger.
    pub(crate) fn is_asked_by_a_person(&self) -> bool {
        !matches!(self, Self::Note(_))
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Reply { text, .. } => Some(text),
            Self::Acknowledge { .. } | Self::Note(_) => None,
        }
    }
}

/// The instrument that an organ told of.
pub(super) fn told_of(noted: &InstrumentNoted) -> Option<&str> {
    Some(match noted.told.as_ref()? {
        Told::Sent(event) => &event.instrument_id,
        Told::Delivered(event) => &event.instrument_id,
        Told::Accepted(event) => &event.instrument_id,
        Told::Rejected(event) => &event.instrument_id,
        Told::Withdrawn(event) => &event.instrument_id,
        Told::Reminded(event) => &event.instrument_id,
        Told::Overdue(event) => &event.instrument_id,
    })
}

impl Received {
    /// Its id.
    pub fn id(&self) -> &str {
        &self.sent.instrument_id
    }

    /// Where it stands.
    pub fn state(&self) -> ReceivedInstrumentState {
        use ReceivedInstrumentState as State;
        if self.withdrawn {
            State::Withdrawn
        } else if self.settled {
            State::Settled
        } else if self.replies.last().is_some_and(|reply| !reply.rejected) {
            State::Answered
        } else if self.overdue_since.is_some() {
            State::Overdue
        } else if self.acknowledged_at.is_some() {
            State::Acknowledged
        } else {
            State::Received
        }
    }

    /// The same in the words of the organ that issued it.
    pub(super) fn as_issued(&self) -> InstrumentState {
        use ReceivedInstrumentState as State;
        match self.state() {
            State::Overdue => InstrumentState::Overdue,
            State::Answered => InstrumentState::Answered,
            State::Acknowledged => InstrumentState::Delivered,
            State::Settled => InstrumentState::Settled,
            State::Withdrawn => InstrumentState::Withdrawn,
            State::Received | State::Unspecified => InstrumentState::Issued,
        }
    }

    /// It waits for its signature, its answer, or both.
    pub fn is_waiting(&self) -> bool {
        use ReceivedInstrumentState as State;
        matches!(self.state(), State::Overdue | State::Received | State::Acknowledged)
    }

    /// An answer is looked for.
    pub fn is_answered_to(&self) -> bool {
        !self.sent.answer_within.is_empty()
    }

    /// An authority decides on it (22).
    pub fn is_decided_on(&self) -> bool {
        matches!(self.sent.kind(), InstrumentKind::Recommendation | InstrumentKind::DisciplineReferral)
    }

    /// By what a list is sorted in each state: what has no limit comes last.
    pub fn urgency(&self) -> i64 {
        self.due_at.unwrap_or(i64::MAX)
    }

    fn note(&mut self, told: &Told, at: i64) {
        match told {
            Told::Sent(_) => {}
            Told::Delivered(event) => self.due_at = micros(event.due_at.as_ref()).or(self.due_at),
            Told::Accepted(_) => self.settled = true,
            Told::Rejected(event) => {
                if let Some(reply) = self.replies.last_mut() {
                    reply.rejected = true;
                    reply.reason.clone_from(&event.reason);
                }
                self.due_at = micros(event.due_at.as_ref());
                (self.overdue_since, self.reminded_at) = (None, None);
            }
            Told::Withdrawn(_) => self.withdrawn = true,
            Told::Reminded(_) => self.reminded_at = Some(at),
            Told::Overdue(_) => self.overdue_since = Some(at),
        }
    }

    fn sign(&mut self, at: i64, by: &str) {
        self.acknowledged_at = Some(at);
        by.clone_into(&mut self.acknowledged_by);
        self.settled |= !self.is_answered_to();
    }

    fn reply(&mut self, event: &InstrumentReplied, at: i64) {
        self.replies.push(Replied { replied: event.clone(), at, ..Replied::default() });
        self.settled |= !self.sent.checked;
    }
}

impl Book {
    /// With the instruments that other organs sent, on the cases of the batch.
    #[must_use]
    pub fn with_received(mut self, received: Vec<Received>) -> Self {
        self.received = received.into_iter().map(|one| (one.id().to_owned(), one)).collect();
        self
    }

    /// An instrument that another organ sent.
    pub fn received(&self, case_id: Uuid, id: &str) -> Option<&Received> {
        self.received.get(id).filter(|one| one.case_id == case_id.to_string())
    }

    /// Those on a case.
    pub(super) fn received_on(&self, case_id: Uuid) -> impl Iterator<Item = &Received> {
        self.received.values().filter(move |one| one.case_id == case_id.to_string())
    }

    pub(super) fn evolve_received(&mut self, entry: &Entry<'_>) {
        let Some(case_id) = entry.case_id else { return };
        let at = entry.at.as_microsecond();
        match entry.kind {
            Kind::InstrumentNoted(noted) => self.note_received(case_id, noted, at),
            Kind::InstrumentAcknowledged(event) => {
                self.on_received(&event.instrument_id, |one| one.sign(at, &event.by));
            }
            Kind::InstrumentReplied(event) => {
                self.on_received(&event.instrument_id, |one| one.reply(event, at));
            }
            Kind::ContentErased(event) => {
                let erased_at = micros(event.erased_at.as_ref());
                let on_case: Vec<String> = self.received_on(case_id).map(|one| one.id().to_owned()).collect();
                for id in on_case {
                    self.on_received(&id, |one| one.erased_at = erased_at);
                }
            }
            _ => {}
        }
    }

    fn note_received(&mut self, case_id: Uuid, noted: &InstrumentNoted, at: i64) {
        let (Some(id), Some(told)) = (told_of(noted), noted.told.as_ref()) else { return };
        if let Told::Sent(sent) = told {
            let one = Received {
                case_id: case_id.to_string(),
                from: noted.organ.clone(),
                sent: sent.clone(),
                received_at: at,
                due_at: micros(sent.due_at.as_ref()),
                ..Received::default()
            };
            self.received.insert(id.to_owned(), one);
        }
        self.on_received(id, |one| one.note(told, at));
    }

    fn on_received(&mut self, id: &str, change: impl FnOnce(&mut Received)) {
        if let Some(one) = self.received.get_mut(id) {
            change(one);
            self.received_changed.insert(id.to_owned());
        }
    }
}

/// A received instrument as it is told, without its words and without what depends on who asks.
pub fn wire_received(organ: &str, one: &Received) -> wire::ReceivedInstrument {
    let at = |micros: i64| server::time::to_proto(ledger::from_micros(micros));
    let answer = |reply: &Replied| wire::ReceivedInstrumentAnswer {
        text: String::new(),
        measure: reply.replied.measure.clone(),
        decided_by: String::new(),
        decided_on: reply.replied.decided_on.clone(),
        answered_by: reply.replied.by.clone(),
        answered_at: Some(at(reply.at)),
        rejected: reply.rejected,
        rejected_because: String::new(),
    };
    wire::ReceivedInstrument {
        instrument_id: one.id().to_owned(),
        case_id: one.case_id.clone(),
        organ: organ.to_owned(),
        issued_by: one.from.clone(),
        kind: one.sent.kind,
        state: one.state().into(),
        number: one.sent.number.clone(),
        title: String::new(),
        text: String::new(),
        measures: one.sent.measures.clone(),
        signed_by: one.sent.signed_by.clone(),
        issued_at: one.sent.issued_at,
        received_at: Some(at(one.received_at)),
        acknowledged_at: one.acknowledged_at.map(at),
        acknowledged_by: one.acknowledged_by.clone(),
        due_at: one.due_at.map(at),
        answer_within: one.sent.answer_within.clone(),
        overdue_since: one.overdue_since.map(at),
        reminded_at: one.reminded_at.map(at),
        answers: one.replies.iter().map(answer).collect(),
        citation: one.sent.citation.clone(),
        erased_at: one.erased_at.map(at),
        allowed_actions: Vec::new(),
    }
}

/// What the asker may do next with an instrument that its own organ received.
pub fn received_actions(one: &Received, asker: &Asker<'_>) -> Vec<Action> {
    let waits = one.is_waiting() && one.erased_at.is_none();
    let answers = (asker.has)(Role::Handler) || (asker.has)(Role::Leader);
    let signs = answers || (asker.has)(Role::Desk);
    [
        (Action::AcknowledgeInstrument, signs && waits && one.acknowledged_at.is_none()),
        (Action::AnswerInstrument, answers && waits && one.is_answered_to()),
    ]
    .into_iter()
    .filter_map(|(action, allowed)| allowed.then_some(action))
    .collect()
}
