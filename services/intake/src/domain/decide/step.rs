//! A case on its way through a decision: what was decided so far, and what the case has become by it.

use duban_proto::common::v1::{CaseState, Citation, LocalizedText};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{ReplyDue, ReplyOccasion};
use jiff::Timestamp;
use regulation::{Basis, Regulation, Rules, Text};
use uuid::Uuid;

use super::{At, Outcome, Write};
use crate::domain::{Answer, Case, Rejection, route, summary};

/// A decision under way. The case changes by the same `apply` as when the entries are replayed, so the answer can't
/// differ from what will be.
pub(super) struct Step<'a> {
    pub(super) rules: &'a Rules,
    pub(super) regulation: &'a Regulation,
    pub(super) at: At<'a>,
    pub(super) case: Case,
    outcome: Outcome,
}

impl<'a> Step<'a> {
    pub(super) fn new(rules: &'a Rules, regulation: &'a Regulation, at: At<'a>, case: Case) -> Self {
        Self { rules, regulation, at, case, outcome: Outcome::default() }
    }

    /// Something happens.
    pub(super) fn happens(&mut self, kind: Kind) {
        self.case.apply(&kind, self.at.now);
        self.outcome.facts.push(kind);
    }

    /// Something happens that `case` shows already.
    pub(super) fn happened(&mut self, kind: Kind) {
        self.outcome.facts.push(kind);
    }

    /// The complainant has to be told, where there is somebody who can be.
    pub(super) fn must_tell(
        &mut self,
        reply_id: Uuid,
        occasion: ReplyOccasion,
        citation: Citation,
        due_at: Option<Timestamp>,
    ) {
        if !self.case.can_be_told() {
            return;
        }
        self.happens(Kind::ReplyDue(ReplyDue {
            reply_id: reply_id.to_string(),
            occasion: occasion.into(),
            due_at: due_at.map(server::time::to_proto),
            citation: Some(citation),
            route: route(&self.case),
            send_from: Some(server::time::to_proto(self.regulation.reply_from(self.at.now))),
        }));
    }

    /// Something is kept beside the ledger.
    pub(super) fn keeps(&mut self, write: Write) {
        self.outcome.writes.push(write);
    }

    /// The answer, to add to.
    pub(super) fn answer(&mut self) -> &mut Answer {
        &mut self.outcome.answer
    }

    /// The outcome, with the case as it is now in the answer.
    pub(super) fn done(mut self) -> Outcome {
        self.outcome.answer.case = Some(summary(&self.case, self.at.organ));
        self.outcome
    }

    /// The officer must have seen the case as it is.
    pub(super) fn must_be_at(&self, version: u32) -> Result<(), Rejection> {
        let actual = self.case.version;
        if version == actual { Ok(()) } else { Err(Rejection::Version { expected: version, actual }) }
    }

    /// The case must be in one of these states.
    pub(super) fn must_be_in(&self, states: &[CaseState]) -> Result<(), Rejection> {
        if states.contains(&self.case.state) { Ok(()) } else { Err(Rejection::State(self.case.state)) }
    }

    /// The regulation, its version, an article and its words.
    pub(super) fn cite(&self, basis: &Basis, rule: &str, text: Option<&Text>) -> Citation {
        cite(self.regulation, basis.article().unwrap_or_default(), rule, text)
    }

    /// The same for a rule of the program itself, by its article.
    pub(super) fn cite_article(&self, article: &str) -> Citation {
        cite(self.regulation, article, "", None)
    }
}

/// A citation of a regulation; `article` is empty for a house setting.
pub(super) fn cite(regulation: &Regulation, article: &str, rule: &str, text: Option<&Text>) -> Citation {
    Citation {
        regulation: regulation.code().to_owned(),
        version: regulation.version().to_owned(),
        article: article.to_owned(),
        rule: rule.to_owned(),
        text: text.map(|text| LocalizedText { zh: text.zh.clone(), en: text.en.clone() }),
    }
}
