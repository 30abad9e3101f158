//! Routing's entries of the same organ: what bears on accountability of how a case is handled (21).

use duban_proto::common::v1::{CaseFacts, Weight};
use duban_proto::routing::v1::{self as routing, event::Kind};
use duban_proto::supervision::v1::{ConductKind, ConductNoted};
use ledger::{Incoming, TranslateError};

use super::{case_of, event, need};
use crate::domain::time::to_wire;
use crate::domain::{AccountabilityCommand, Command};

/// What of it an entry tells.
pub(super) fn commands(entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
    let own = entry.target.as_str();
    let at = Some(to_wire(entry.recorded_at));
    let noted = |kind: ConductKind| ConductNoted { kind: kind.into(), at, ..ConductNoted::default() };
    let all = match need(event::<routing::Event>(entry)?.kind, "event", entry)? {
        Kind::CaseOpened(opened) => weighs(&opened.facts.unwrap_or_default(), at, false),
        Kind::FactsCorrected(corrected) => weighs(&corrected.facts.unwrap_or_default(), at, true),
        // A case that its home handles from the first on needs no entry for it.
        Kind::TermBegun(term) if term.organ != own || term.term > 1 => {
            vec![ConductNoted { organ: term.organ, ..noted(ConductKind::Handled) }]
        }
        Kind::TransferReturned(returned) => vec![ConductNoted {
            organ: returned.organ,
            at: returned.returned_at.or(at),
            ..noted(ConductKind::Returned)
        }],
        Kind::InvestigatorsAppointed(appointed) => {
            vec![ConductNoted { persons: appointed.investigators, ..noted(ConductKind::Handled) }]
        }
        Kind::DispositionApproved(_) => {
            vec![ConductNoted { persons: vec![entry.actor.clone()], ..noted(ConductKind::Handled) }]
        }
        Kind::CaseConcluded(concluded) => vec![ConductNoted {
            organ: concluded.organ,
            finding: concluded.finding,
            at: concluded.approved_at.or(at),
            ..noted(ConductKind::OtherFinding)
        }],
        _ => return Ok(Vec::new()),
    };
    let case_id = case_of(entry)?;
    let command =
        |noted| Command::Accountability(case_id, Box::new(AccountabilityCommand::Note(Box::new(noted))));
    Ok(all.into_iter().map(command).collect())
}

/// What weighs on a case (14(3)) is the effect that it has; where its facts were corrected, also what does not any more.
fn weighs(facts: &CaseFacts, at: Option<prost_types::Timestamp>, corrected: bool) -> Vec<ConductNoted> {
    let kinds = [
        (Weight::AdverseImpact, ConductKind::AdverseImpact),
        (Weight::SeriousHarm, ConductKind::SeriousHarm),
    ];
    let noted = kinds.into_iter().filter_map(|(weight, kind)| {
        let weighs = facts.weights().any(|it| it == weight);
        let taken_back = !weighs;
        let noted = ConductNoted { kind: kind.into(), at, taken_back, ..ConductNoted::default() };
        (weighs || corrected).then_some(noted)
    });
    noted.collect()
}
