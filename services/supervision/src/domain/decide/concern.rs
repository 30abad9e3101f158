//! What intake told of: repeated complaints, and reports (12, 21).

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{ConductKind, ConductNoted, event::Kind};
use ledger::Context;

use super::notice::to;
use super::{Decision, Fact};
use crate::domain::time::to_wire;
use crate::domain::{Book, Concern, NoteConcern, concern};

/// What stands already, or does not stand any more, changes nothing.
pub(super) fn note(book: &Book, note: &NoteConcern, context: Context<'_>) -> Decision {
    let known = concern::key(note.case_id, &note.told).and_then(|key| book.concerns.get(&key));
    let stands = known.is_some_and(|concern| concern.is_open);
    if stands == concern::opens(&note.told) {
        return Decision::default();
    }
    // The organ of the complaint before has to know that it came again (21).
    let before = match (&note.told, known) {
        (Kind::RepeatNoted(noted), _) => noted.other_organ.as_str(),
        (Kind::RepeatTakenBack(_), Some(known)) => known.other_organ.as_str(),
        _ => "",
    };
    let fact = Fact::new(note.case_id, note.told.clone()).addressed(to(book, before));
    Decision::of(std::iter::once(fact).chain(conduct(book, note, known, context)).collect())
}

/// What it says of how another case of this ledger is handled: of the complaint before, and of the one a report is about.
fn conduct(book: &Book, note: &NoteConcern, known: Option<&Concern>, context: Context<'_>) -> Option<Fact> {
    let at = Some(to_wire(context.now));
    let (case_id, noted) = match &note.told {
        Kind::RepeatNoted(noted) if noted.other_organ == book.organ => {
            (noted.other_case_id.parse().ok()?, repeated(note, at, false))
        }
        Kind::RepeatTakenBack(back) if known.is_some_and(|it| it.other_organ == book.organ) => {
            (back.other_case_id.parse().ok()?, repeated(note, at, true))
        }
        Kind::ReportSettled(settled) if settled.finding() == Finding::Founded => {
            let kind = ConductKind::Retaliation.into();
            (known?.about?, ConductNoted { kind, at, ..ConductNoted::default() })
        }
        _ => return None,
    };
    Some(Fact::new(case_id, Kind::ConductNoted(noted)))
}

fn repeated(note: &NoteConcern, at: Option<prost_types::Timestamp>, taken_back: bool) -> ConductNoted {
    ConductNoted {
        kind: ConductKind::Repeated.into(),
        at,
        other_id: note.case_id.to_string(),
        taken_back,
        ..ConductNoted::default()
    }
}
