//! What organs tell each other: terms, acknowledgements, results, the move of a home (6, 14).

use duban_proto::routing::v1::event::Kind;
use ledger::{Incoming, Translate, TranslateError};

use super::{event, need, on_case};
use crate::domain::{Act, Command, Open, OutcomeTold, TermTold};
use crate::event::Event;
use crate::ledgers::Ledgers;

/// Translates what is addressed to another organ.
#[derive(Debug)]
pub(crate) struct Mailboxes;

impl Translate<Ledgers> for Mailboxes {
    const KINDS: &'static [&'static str] = &[
        "term_begun",
        "transfer_acknowledged",
        "result_reported",
        "reported_up",
        "home_assumed",
        "outcome_returned",
        "withdrawal_noted",
        "reply_noted",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let from = entry.source.to_string();
        let act = match need(event::<Event>(entry)?.0.kind, "event", entry)? {
            Kind::TermBegun(term) => {
                Act::ReceiveTerm(Box::new(TermTold { term, begun_at: entry.recorded_at }))
            }
            Kind::TransferAcknowledged(acknowledged) => {
                Act::NoteAcknowledgement { term: acknowledged.term, organ: from, at: entry.recorded_at }
            }
            Kind::ResultReported(result) => Act::NoteResult(OutcomeTold { organ: from, result }),
            Kind::ReportedUp(reported) => {
                Act::Open(Box::new(Open { facts: need(reported.facts, "facts", entry)?, came_from: from }))
            }
            Kind::HomeAssumed(_) => Act::MoveHome { home: from },
            Kind::OutcomeReturned(returned) => Act::NoteOutcome(need(returned.outcome, "outcome", entry)?),
            Kind::WithdrawalNoted(withdrawn) => Act::NoteWithdrawal { goes_on: withdrawn.goes_on },
            Kind::ReplyNoted(_) => Act::NoteReply { at: entry.recorded_at },
            _ => return Ok(Vec::new()),
        };
        on_case(entry, act)
    }
}
