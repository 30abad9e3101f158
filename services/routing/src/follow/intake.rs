//! Intake's entries of the same organ: accepted cases, working copies, withdrawals, replies, what was erased (13, 15, 16, 17).

use std::sync::Arc;

use content::ErasureList;
use directory::Live;
use duban_proto::common::v1::CaseFacts;
use duban_proto::intake::v1::{
    self as intake, ComplaintReceived, DeliveryOutcome, ErasureKind, ReplyOccasion, UrgencySet, event::Kind,
};
use duban_proto::routing::v1::UrgencyNoted;
use ledger::{Incoming, Translate, TranslateError};

use super::{event, know_organs, listed, need, on_case};
use crate::domain::{Act, Command, Open};
use crate::ledgers::Ledgers;

/// Translates intake's entries.
#[derive(Debug)]
pub(crate) struct Intake {
    pub(crate) directory: Live,
    pub(crate) erasures: Arc<ErasureList>,
}

impl Translate<Ledgers> for Intake {
    const KINDS: &'static [&'static str] = &[
        "case_accepted",
        "case_corrected",
        "masks_confirmed",
        "complaint_withdrawn",
        "reply_delivered",
        "case_erased",
        "urgency_set",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        match need(event::<intake::Event>(entry)?.kind, "event", entry)? {
            Kind::CaseAccepted(accepted) => {
                let facts = need(accepted.facts, "facts", entry)?;
                know_organs(&self.directory, Some(&facts)).await?;
                on_case(entry, Act::Open(Box::new(Open { facts, came_from: String::new() })))
            }
            Kind::CaseCorrected(corrected) => {
                let facts = facts(need(corrected.received, "received", entry)?);
                know_organs(&self.directory, Some(&facts)).await?;
                on_case(entry, Act::CorrectFacts { facts: Box::new(facts), from: None })
            }
            Kind::MasksConfirmed(confirmed) => {
                on_case(entry, Act::NoteWorkingCopy(need(confirmed.working_copy, "working_copy", entry)?))
            }
            Kind::ComplaintWithdrawn(withdrawn) => {
                on_case(entry, Act::NoteWithdrawal { goes_on: withdrawn.goes_on })
            }
            Kind::ReplyDelivered(reply) => {
                let told = matches!(reply.outcome(), DeliveryOutcome::Sent | DeliveryOutcome::Acknowledged);
                if told && reply.occasion() == ReplyOccasion::Result {
                    on_case(entry, Act::NoteReply { at: entry.recorded_at })
                } else {
                    Ok(Vec::new())
                }
            }
            Kind::UrgencySet(set) => {
                let UrgencySet { urgency, public_opinion } = set;
                on_case(entry, Act::NoteUrgency(UrgencyNoted { urgency, public_opinion }))
            }
            // Who complains was never here.
            Kind::CaseErased(erased) if erased.kind() == ErasureKind::Case => {
                let listed =
                    listed(&self.erasures, entry, erased.erased_at.as_ref(), erased.article.clone()).await?;
                on_case(entry, Act::Erase(listed))
            }
            _ => Ok(Vec::new()),
        }
    }
}

/// What a correction tells of the facts; the rest stays as it was.
fn facts(received: ComplaintReceived) -> CaseFacts {
    CaseFacts {
        channel: received.channel,
        source: received.source,
        grounds: received.grounds,
        respondents: received.respondents,
        weights: received.weights,
        leader_instruction: received.leader_instruction,
        external_due_at: received.external_due_at,
        ..CaseFacts::default()
    }
}
