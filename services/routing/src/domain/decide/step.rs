//! A case on its way through a decision: what was decided so far, and what the case has become by it.

use content::Listed;
use directory::Directory;
use duban_proto::common::v1::{CaseState, Citation, Finding};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{CaseConcluded, OutcomeReturned, RespondentFinding, TermState};
use jiff::Timestamp;
use regulation::{Basis, Regulation, Rules};
use uuid::Uuid;

use super::{At, Fact, Outcome, instruments, joint};
use crate::domain::evolve::Entry;
use crate::domain::{Answer, Case, Rejection, Sealed, Staff, Tenure, Write, routed_case};

/// A decision under way. The case changes by the same `apply` as when the entries are replayed, so the answer can't
/// differ from what will be.
pub(super) struct Step<'a> {
    pub(super) rules: &'a Rules,
    pub(super) directory: &'a Directory,
    pub(super) at: At<'a>,
    pub(super) case_id: Uuid,
    pub(super) case: Case,
    staff: Option<&'a Staff>,
    outcome: Outcome,
}

/// What an investigation came to.
pub(super) struct Conclusion<'r> {
    pub(super) term: u32,
    pub(super) organ: &'r str,
    pub(super) finding: Finding,
    pub(super) measures: &'r [String],
    pub(super) findings: &'r [RespondentFinding],
    pub(super) approved_at: Timestamp,
}

impl<'a> Step<'a> {
    pub(super) fn new(
        rules: &'a Rules,
        directory: &'a Directory,
        at: At<'a>,
        case_id: Uuid,
        case: Case,
    ) -> Self {
        Self { rules, directory, at, case_id, case, staff: None, outcome: Outcome::default() }
    }

    /// With who acts for whom.
    pub(super) fn with_staff(self, staff: &'a Staff) -> Self {
        Self { staff: Some(staff), ..self }
    }

    /// Whose deputy a person is now.
    pub(super) fn represents(&self, person: &str) -> Vec<String> {
        self.staff.map_or_else(Vec::new, |staff| staff.represents(person, self.at.now))
    }

    /// A case that begins with this entry; none where the entry begins no case.
    pub(super) fn begun(
        rules: &'a Rules,
        directory: &'a Directory,
        at: At<'a>,
        case_id: Uuid,
        kind: Kind,
    ) -> Option<Self> {
        let entry =
            Entry { organ: at.organ, at: at.now, actor: at.actor, case_id: Some(case_id), kind: &kind };
        let mut step = Self::new(rules, directory, at, case_id, Case::opened_by(&entry)?);
        step.outcome.facts.push(Fact { kind, audience: None });
        Some(step)
    }

    pub(super) fn regulation(&self) -> &'a Regulation {
        self.rules.for_organ(self.at.organ)
    }

    /// Something happens.
    pub(super) fn happens(&mut self, kind: Kind) {
        self.tells(kind, None);
    }

    /// Something happens that another organ has to know; nobody where it is this one. What follows of it for the parts and
    /// instruments of the case happens with it.
    pub(super) fn tells(&mut self, kind: Kind, audience: Option<String>) {
        let follows = joint::Follows::of(&kind);
        self.enters(kind, audience);
        if let Some(follows) = follows {
            joint::follow(self, follows);
        }
        instruments::lapse(self);
    }

    /// The same, with nothing that follows.
    pub(super) fn enters(&mut self, kind: Kind, audience: Option<String>) {
        let Self { at, case_id, .. } = *self;
        let entry =
            Entry { organ: at.organ, at: at.now, actor: at.actor, case_id: Some(case_id), kind: &kind };
        self.case.version += 1;
        self.case.apply(&entry);
        let audience = audience.filter(|audience| audience != at.organ && !audience.is_empty());
        self.outcome.facts.push(Fact { kind, audience });
    }

    /// A text is kept beside the ledger.
    pub(super) fn keeps(&mut self, sealed: &Sealed) {
        self.outcome.writes.extend(sealed.key.clone().map(Write::Key));
        self.outcome.writes.push(Write::Text(sealed.draft.clone()));
    }

    /// What is listed as erased is deleted.
    pub(super) fn erases(&mut self, listed: &Listed) {
        self.outcome.writes.push(Write::Erase(listed.clone()));
    }

    /// The answer, to add to.
    pub(super) fn answer(&mut self) -> &mut Answer {
        &mut self.outcome.answer
    }

    /// The outcome, with the case as it is now in the answer.
    pub(super) fn done(mut self) -> Outcome {
        self.outcome.answer.case = Some(routed_case(self.case_id, self.at.organ, &self.case));
        self.outcome
    }

    /// This organ has to hold the term, and the term to be the current one.
    pub(super) fn held(&self, term: u32) -> Result<&Tenure, Rejection> {
        let named = |tenure: &&Tenure| tenure.term == term && tenure.organ == self.at.organ;
        let superseded = Rejection::Term { named: term, current: self.case.known_term() };
        let Some(tenure) = self.case.current().filter(named) else { return Err(superseded) };
        if tenure.superseded_by > 0 {
            Err(superseded)
        } else if self.case.state() != CaseState::InHandling {
            Err(self.not_in_state())
        } else if tenure.state() == TermState::Superseded {
            Err(superseded)
        } else {
            Ok(tenure)
        }
    }

    /// The state the case is in does not let it be done.
    pub(super) fn not_in_state(&self) -> Rejection {
        Rejection::State(self.case.state())
    }

    /// A citation of the regulation's clause.
    pub(super) fn cite(&self, basis: &Basis, rule: &str) -> Citation {
        Citation {
            article: basis.article().unwrap_or_default().to_owned(),
            rule: rule.to_owned(),
            ..self.cite_nothing()
        }
    }

    /// The regulation in force, where none of its clauses decides.
    pub(super) fn cite_nothing(&self) -> Citation {
        let regulation = self.regulation();
        Citation {
            regulation: regulation.code().to_owned(),
            version: regulation.version().to_owned(),
            ..Citation::default()
        }
    }

    /// Whether this finding clears the respondent, who is told so (22, house).
    pub(super) fn clears(&self, finding: Finding) -> bool {
        let code = finding.as_str_name().trim_start_matches("FINDING_").to_ascii_lowercase();
        self.regulation().investigation().outcome(&code).is_some_and(|outcome| outcome.clears_respondent)
    }

    /// An article of the measures that no clause of the regulation stands for.
    pub(super) fn cite_article(&self, article: &str, rule: &str) -> Citation {
        Citation { article: article.to_owned(), rule: rule.to_owned(), ..self.cite_nothing() }
    }

    /// The case is concluded at its home; the organs that it came up from are told.
    pub(super) fn conclude(&mut self, result: &Conclusion<'_>) {
        let registering_organ = self.case.registering_organ().to_owned();
        let concluded = CaseConcluded {
            term: result.term,
            organ: result.organ.to_owned(),
            finding: result.finding.into(),
            measures: result.measures.to_vec(),
            approved_at: Some(server::time::to_proto(result.approved_at)),
            registering_organ,
            findings: result.findings.to_vec(),
            ..self.whose_result()
        };
        self.happens(Kind::CaseConcluded(concluded.clone()));
        for organ in self.below() {
            let returned = OutcomeReturned { outcome: Some(concluded.clone()) };
            self.tells(Kind::OutcomeReturned(returned), Some(organ));
        }
    }

    /// The organs that the case came from: where it was registered, the one that reported it up here last, and the home before.
    pub(super) fn below(&self) -> Vec<String> {
        let case = &self.case;
        let mut organs = Vec::new();
        for organ in [case.registering_organ(), &case.came_from, &case.inherited_from] {
            if !organ.is_empty() && organ != self.at.organ && !organs.iter().any(|known| known == organ) {
                organs.push(organ.to_owned());
            }
        }
        organs
    }
}
