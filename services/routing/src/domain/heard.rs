//! What an entry that another organ addressed to this one asks of it (6, 14).

use duban_proto::routing::v1::event::Kind;
use jiff::Timestamp;

use super::{
    Act, After, Archive, Handshake, Inquire, Joint, OnInstrument, OnReceived, Open, Ordered, OutcomeTold,
    Succession, Takeover, TermTold, Told,
};

/// The entry lacks this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is missing")]
pub struct Lacks(&'static str);

impl Act {
    /// What `kind`, recorded by the organ `from` at `at`, asks of the organ it is addressed to; nothing where it is of a
    /// kind that is not addressed to anybody. Who was closed as the home of the case passes it on (4).
    pub fn heard(kind: Kind, from: &str, at: Timestamp) -> Result<Option<Self>, Lacks> {
        // A reply says of which result it is.
        let whole = Told::passes_on(&kind) || matches!(kind, Kind::ReplyNoted(_));
        let told_whole = whole.then(|| kind.clone());
        let act = Self::of_kind(kind, from, at)?;
        Ok(match (act, told_whole) {
            (Some(act), Some(kind)) => {
                Some(Self::from(Succession::Told(Box::new(Told { kind, from: from.to_owned(), at, act }))))
            }
            (act, _) => act,
        })
    }

    /// What `kind`, recorded by the organ `from` at `at`, asks of the organ it is addressed to; nothing where it is of a
    /// kind that is not addressed to anybody.
    fn of_kind(kind: Kind, from: &str, at: Timestamp) -> Result<Option<Self>, Lacks> {
        let organ = from.to_owned();
        Ok(Some(match kind {
            Kind::TermBegun(term) => Self::ReceiveTerm(Box::new(TermTold { term, begun_at: at })),
            Kind::TransferAcknowledged(event) => Self::NoteAcknowledgement { term: event.term, organ, at },
            Kind::ResultReported(result) => Self::NoteResult(OutcomeTold { organ, result }),
            Kind::ReportedUp(event) => {
                let facts = event.facts.ok_or(Lacks("facts"))?;
                Self::Open(Box::new(Open { facts, came_from: organ }))
            }
            Kind::HomeSucceeded(passed) => Self::from(Succession::Inherit(Box::new(passed))),
            Kind::HomeMoved(moved) if moved.homes > 0 => Self::from(Succession::NoteHome(moved)),
            Kind::WorkingCopyNoted(event) => {
                Self::NoteWorkingCopy(event.working_copy.ok_or(Lacks("working_copy"))?)
            }
            Kind::PassedOn(passed) => {
                let event = passed.event.and_then(|event| event.kind).ok_or(Lacks("event"))?;
                let told = passed.at.as_ref().and_then(server::time::from_proto);
                return Self::heard(event, &passed.organ, told.unwrap_or(at));
            }
            Kind::HomeNoted(noted) => Self::from(Succession::Greeted { organ, noted: Box::new(noted) }),
            Kind::HomeTakeoverAsked(_) | Kind::HomeTakeoverRefused(_) => {
                return Ok(Takeover::heard(&kind, from, at).map(|told| Self::Takeover(Box::new(told))));
            }
            Kind::HomeAssumed(_) => Self::MoveHome { home: organ },
            Kind::HomeMoved(event) => Self::FollowHome { home: event.home, from: organ },
            Kind::OutcomeReturned(event) => Self::NoteOutcome(event.outcome.ok_or(Lacks("outcome"))?),
            Kind::FactsCorrected(event) => {
                Self::CorrectFacts { facts: Box::new(event.facts.ok_or(Lacks("facts"))?), from: Some(organ) }
            }
            Kind::WithdrawalNoted(event) => Self::NoteWithdrawal { goes_on: event.goes_on },
            Kind::ReplyNoted(event) => {
                let told = event.at.as_ref().and_then(server::time::from_proto);
                Self::NoteReply { at: told.unwrap_or(at) }
            }
            Kind::CaseArchived(event) => {
                Self::NoteArchive(Archive { retention_years: event.retention_years })
            }
            Kind::AcknowledgementOverdue(event) => Self::After(After::NoteUnacknowledged(event)),
            Kind::CaseReopened(event) => Self::After(After::NoteReopened(Box::new(event))),
            Kind::AppealNoted(event) => Self::Ordered(Box::new(Ordered::NoteAppeal(event))),
            Kind::PartBegun(_)
            | Kind::PartAcknowledged(_)
            | Kind::PartReturned(_)
            | Kind::OpinionDecided(_)
            | Kind::OpinionQueried(_)
            | Kind::PartChanged(_) => return Ok(Joint::heard(kind, organ, at).map(Self::Joint)),
            Kind::LoanRequested(request) => {
                let request = Box::new(request);
                Self::Inquire(Box::new(Inquire::NoteLoanRequest { request, from: organ, at }))
            }
            Kind::LoanDecided(decision) => {
                Self::Inquire(Box::new(Inquire::NoteLoanDecision { decision, from: organ, at }))
            }
            Kind::UrgencyNoted(noted) => Self::NoteUrgency(noted),
            Kind::InstrumentAcknowledged(_) | Kind::InstrumentReplied(_) => {
                return Ok(OnInstrument::heard(kind, organ, at).map(After::from).map(Self::After));
            }
            Kind::InstrumentSent(_)
            | Kind::InstrumentDelivered(_)
            | Kind::InstrumentAnswerAccepted(_)
            | Kind::InstrumentAnswerRejected(_)
            | Kind::InstrumentWithdrawn(_)
            | Kind::InstrumentReminded(_)
            | Kind::InstrumentOverdue(_) => {
                return Ok(OnReceived::heard(kind, from, at).map(Self::Received));
            }
            other => return Ok(Handshake::heard(other, from).map(|told| Self::Transfer(Box::new(told)))),
        }))
    }
}
