//! A case that was opened again ex officio (3): what was found before stays on record, and does not count any more.

use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::routing::v1::{CaseReopened, EarlierResult, TermBegun};

use super::instrument::micros;
use super::{Case, Tenure};

impl Case {
    /// It was opened again. Told once more, nothing changes.
    ///
    /// At the home a term begins next. At the organs that it came up from, it is handled again. An organ that is none of them,
    /// and whose result it was, keeps its term as it is.
    pub(super) fn reopen(&mut self, event: &CaseReopened, organ: &str) {
        if event.reopening <= self.reopenings {
            return;
        }
        self.results.push(EarlierResult {
            term: event.term,
            organ: event.organ.clone(),
            finding: event.finding,
            measures: self.measures.clone(),
            reopened_at: event.reopened_at,
        });
        self.reopenings = event.reopening;
        // One that was ordered is noted after this.
        self.reinvestigation = None;
        self.reopened_at = micros(event.reopened_at.as_ref());
        let state = if self.is_home(organ) {
            CaseState::Accepted
        } else if self.registering_organ() == organ || !self.reported_to.is_empty() {
            CaseState::InHandling
        } else {
            return;
        };
        self.state = state.into();
        self.forget_result();
    }

    /// A term of a case that was opened again begins: also at an organ that knew of none before.
    pub(super) fn begin_again(&mut self, term: &TermBegun) {
        let before = self.current().map_or(0, |tenure| tenure.reopenings);
        if term.reopenings > before {
            self.reopenings = self.reopenings.max(term.reopenings);
            self.reopened_at = micros(term.reopened_at.as_ref());
            self.forget_result();
        }
    }

    fn forget_result(&mut self) {
        (self.concluded, self.replied, self.cleared) = (false, false, false);
        self.finding = Finding::Unspecified.into();
        self.measures.clear();
        self.findings.clear();
    }

    /// It was opened again, and is not concluded since: what comes of a reply is of an earlier result.
    pub fn is_handled_again(&self) -> bool {
        self.reopenings > 0 && !self.concluded
    }

    /// Who approved before it was opened again, as far as it is known here.
    pub fn approved_before(&self, person: &str) -> bool {
        let earlier = |tenure: &&Tenure| tenure.reopenings < self.reopenings;
        let mut rounds = self.terms.iter().filter(earlier).flat_map(|tenure| &tenure.rounds);
        rounds.any(|round| round.approved && round.decided_by == person)
    }

    /// Who investigated before it was opened again, as far as it is known here.
    pub fn investigated_before(&self, person: &str) -> bool {
        let earlier = |tenure: &&Tenure| tenure.reopenings < self.reopenings;
        self.terms.iter().filter(earlier).any(|tenure| tenure.took_part(person))
    }
}
