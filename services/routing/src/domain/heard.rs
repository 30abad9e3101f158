//! What an entry that another organ addressed to this one asks of it (6, 14).

use duban_proto::routing::v1::event::Kind;
use jiff::Timestamp;

use super::{Act, Archive, Inquire, Open, OutcomeTold, TermTold};

/// The entry lacks this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is missing")]
pub struct Lacks(&'static str);

impl Act {
    /// What `kind`, recorded by the organ `from` at `at`, asks of the organ it is addressed to; nothing where it is of a
    /// kind that is not addressed to anybody.
    pub fn heard(kind: Kind, from: &str, at: Timestamp) -> Result<Option<Self>, Lacks> {
        let organ = from.to_owned();
        Ok(Some(match kind {
            Kind::TermBegun(term) => Self::ReceiveTerm(Box::new(TermTold { term, begun_at: at })),
            Kind::TransferAcknowledged(event) => Self::NoteAcknowledgement { term: event.term, organ, at },
            Kind::ResultReported(result) => Self::NoteResult(OutcomeTold { organ, result }),
            Kind::ReportedUp(event) => {
                let facts = event.facts.ok_or(Lacks("facts"))?;
                Self::Open(Box::new(Open { facts, came_from: organ }))
            }
            Kind::HomeAssumed(_) => Self::MoveHome { home: organ },
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
            Kind::LoanRequested(request) => {
                let request = Box::new(request);
                Self::Inquire(Box::new(Inquire::NoteLoanRequest { request, from: organ, at }))
            }
            Kind::LoanDecided(decision) => {
                Self::Inquire(Box::new(Inquire::NoteLoanDecision { decision, from: organ, at }))
            }
            _ => return Ok(None),
        }))
    }
}
