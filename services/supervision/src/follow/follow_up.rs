//! What follow-ups follow from: who handled a case, and that its complainant was told the result (16, house).

use duban_proto::intake::v1::{DeliveryOutcome, HandlingRated, ReplyDelivered, ReplyOccasion};
use duban_proto::routing::v1::event::Kind as Routed;
use duban_proto::supervision::v1::{DropGround, HandlersNoted};
use ledger::{Incoming, TranslateError};

use super::{case_of, need};
use crate::domain::follow_up::{FollowUpAct, OnFollowUp, RecordFollowUp, TRACKING};
use crate::domain::{Command, Sealed};

/// Whoever is no person tells under such a name.
const PROGRAM: &str = "service:";

/// Who took part, by an entry of routing.
pub(super) fn handled(entry: &Incoming, kind: &Routed) -> Result<Vec<Command>, TranslateError> {
    let noted = |term: u32, persons: Vec<String>, approved: bool| {
        let organ = entry.target.as_str().to_owned();
        on(entry, FollowUpAct::NoteHandlers(HandlersNoted { organ, term, persons, approved }))
    };
    match kind {
        Routed::InvestigatorsAppointed(appointed) => {
            Ok(vec![noted(appointed.term, appointed.investigators.clone(), false)?])
        }
        Routed::InvestigatorReplaced(replaced) => {
            Ok(vec![noted(replaced.term, vec![replaced.successor.clone()], false)?])
        }
        Routed::DispositionApproved(decided) => {
            let approvers = std::iter::once(entry.actor.clone()).chain(decided.deputy_for.iter().cloned());
            Ok(vec![
                noted(decided.term, decided.took_part.clone(), false)?,
                noted(decided.term, approvers.collect(), true)?,
            ])
        }
        _ => Ok(Vec::new()),
    }
}

/// The same, told by another organ's supervision.
pub(super) fn noted(entry: &Incoming, noted: HandlersNoted) -> Result<Command, TranslateError> {
    on(entry, FollowUpAct::NoteHandlers(noted))
}

/// The complainant knows the result: somebody told it, or the program did.
pub(super) fn result_told(entry: &Incoming, reply: &ReplyDelivered) -> Result<Vec<Command>, TranslateError> {
    let told = matches!(reply.outcome(), DeliveryOutcome::Sent | DeliveryOutcome::Acknowledged);
    if !told || reply.occasion() != ReplyOccasion::Result {
        return Ok(Vec::new());
    }
    let follow_up_id = need(reply.reply_id.parse().ok(), "reply_id", entry)?;
    let told_by = if entry.actor.starts_with(PROGRAM) { String::new() } else { entry.actor.clone() };
    Ok(vec![on(entry, FollowUpAct::ResultTold { follow_up_id, told_by, at: entry.recorded_at })?])
}

/// The complainant rated the result of their own accord; the words stay at intake.
pub(super) fn rated(entry: &Incoming, rated: HandlingRated) -> Result<Vec<Command>, TranslateError> {
    let HandlingRated { reply_id, attitude, result, words: _, look_asked } = rated;
    let follow_up_id = need(reply_id.parse().ok(), "reply_id", entry)?;
    let (form, words) = (TRACKING.to_owned(), Sealed::default());
    let rated = RecordFollowUp { follow_up_id, form, attitude, result, words, look_asked };
    Ok(vec![on(entry, FollowUpAct::Rated(rated))?])
}

/// Nobody is asked any more what they think of the result.
pub(super) fn dropped(entry: &Incoming, ground: DropGround) -> Result<Vec<Command>, TranslateError> {
    Ok(vec![on(entry, FollowUpAct::Drop(ground))?])
}

fn on(entry: &Incoming, act: FollowUpAct) -> Result<Command, TranslateError> {
    Ok(Command::FollowUp(Box::new(OnFollowUp { case_id: case_of(entry)?, act })))
}
