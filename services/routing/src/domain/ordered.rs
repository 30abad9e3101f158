//! What supervision ordered about the result of a case (5(2), 20).

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::AppealNoted;
use duban_proto::supervision::v1::{AppealDecided, ReinvestigationOrdered};

use super::Case;

/// What supervision ordered, or the home told of it.
#[derive(Clone, Debug)]
pub enum Ordered {
    /// The case is investigated again, by others (20, 5(2)).
    Reinvestigate(ReinvestigationOrdered),
    /// A respondent's appeal was decided (5(2)).
    Appeal(AppealDecided),
    /// The home told that a respondent's appeal was decided.
    NoteAppeal(AppealNoted),
}

impl Case {
    /// Takes no part in the reinvestigation that was ordered: investigated or approved before, as far as it is known here.
    pub fn is_excluded_by_order(&self, person: &str) -> bool {
        self.reinvestigation.is_some() && (self.investigated_before(person) || self.approved_before(person))
    }

    /// An appeal was decided: what is found now counts, what was found stays on record with it. Of a case that was opened again
    /// since, or has another result by now, it is record alone.
    pub(super) fn appealed(&mut self, event: &AppealNoted) {
        // Told to several organs, it is an entry for each.
        if self.appeals.iter().any(|known| known.appeal_id == event.appeal_id) {
            return;
        }
        self.appeals.push(event.clone());
        let ended = matches!(self.state(), CaseState::Concluded | CaseState::Replied | CaseState::Archived);
        // Where the case was registered for another home, no term need be known.
        let counts = self.terms.is_empty() || self.current_term() == event.term;
        if ended && counts {
            self.finding = event.finding;
            self.measures.clone_from(&event.measures);
            self.findings.clone_from(&event.findings);
        }
    }
}
