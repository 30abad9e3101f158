//! Routing's entries on parts that this organ handles for another (house).

use duban_proto::routing::v1::{OpinionDecided, PartBegun, PartChange, PartFacts, PartState, event::Kind};
use duban_proto::supervision::v1::StopReason;
use ledger::{Incoming, TranslateError};

use super::{case_of, need};
use crate::domain::time::opt_from_wire;
use crate::domain::{Command, NotePart, PartTold};

/// What an entry on a part comes to. The lead notes parts of others as well, which are none of its time.
pub(super) fn commands(entry: &Incoming, kind: Kind) -> Result<Vec<Command>, TranslateError> {
    match kind {
        Kind::PartReceived(received) => {
            let PartBegun { part, facts, home } = need(received.part, "part", entry)?;
            let part = need(part, "part", entry)?;
            let told = PartTold::Runs {
                since: part.begun_at.as_ref().and_then(opt_from_wire),
                home,
                facts: facts.map(Box::new),
            };
            Ok(vec![note(entry, &part, told)?])
        }
        Kind::PartNoted(noted) => {
            let changed = need(noted.change, "change", entry)?;
            let part = need(changed.part, "part", entry)?;
            if part.organ != entry.target.as_str() {
                return Ok(Vec::new());
            }
            noted_part(entry, &part)
        }
        Kind::OpinionDecided(OpinionDecided { opinion, approved: true, .. }) => {
            let opinion = need(opinion, "opinion", entry)?;
            // Of both rounds the one that runs.
            let over = |again| over(entry, opinion.part, again, StopReason::Concluded);
            Ok(vec![over(false)?, over(true)?])
        }
        _ => Ok(Vec::new()),
    }
}

fn noted_part(entry: &Incoming, part: &PartFacts) -> Result<Vec<Command>, TranslateError> {
    let runs = || PartTold::Runs { since: None, home: String::new(), facts: None };
    match part.state() {
        PartState::Begun | PartState::Acknowledged | PartState::Submitted | PartState::Queried => {
            Ok(vec![note(entry, part, runs())?])
        }
        PartState::Ended => {
            let reason = match part.ended_by() {
                PartChange::Withdrawn => StopReason::Withdrawn,
                PartChange::Leads => StopReason::Superseded,
                _ => StopReason::Released,
            };
            [false, true].into_iter().map(|again| over(entry, part.part, again, reason)).collect()
        }
        // Returned, it goes on until the home has decided; answered, it stopped with the approval.
        PartState::Returned | PartState::Answered | PartState::Unspecified => Ok(Vec::new()),
    }
}

fn note(entry: &Incoming, part: &PartFacts, told: PartTold) -> Result<Command, TranslateError> {
    let due_at = need(part.due_at.as_ref().and_then(opt_from_wire), "due_at", entry)?;
    let note = NotePart { case_id: case_of(entry)?, part: part.part, again: part.queried, due_at, told };
    Ok(Command::Part(Box::new(note)))
}

fn over(entry: &Incoming, part: u32, again: bool, reason: StopReason) -> Result<Command, TranslateError> {
    let at = entry.recorded_at;
    let told = PartTold::Over { at, reason };
    Ok(Command::Part(Box::new(NotePart { case_id: case_of(entry)?, part, again, due_at: at, told })))
}
