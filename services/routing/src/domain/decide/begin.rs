//! A term that takes over from another (4, 5(4), 6(2), 14, 20): numbered by the home, and told to the organ that held the one
//! before.

use competence::{Competent, competent, judges_itself};
use duban_proto::common::v1::{CaseState, Citation, ContentRef};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{Handling, Route as WireRoute, SupersededBy, TermSuperseded};
use prost_types::Timestamp as WireTime;
use regulation::Stage;

use super::home;
use super::step::Step;
use crate::domain::{Rejection, Tenure};

/// A later term, and why it begins.
pub(super) struct Later {
    /// Where it begins.
    pub(super) competent: Competent,
    /// In words.
    pub(super) reason: Option<ContentRef>,
    /// It can't be returned.
    pub(super) compulsory: bool,
    /// Why the one before ended.
    pub(super) why: SupersededBy,
}

/// From the commit of these entries on the organ of the later term is responsible, and nobody else; whoever held the one before
/// hears it, and what it does meanwhile is void.
pub(super) fn later_term(step: &mut Step<'_>, later: Later) {
    let Later { competent, reason, compulsory, why } = later;
    let former = step.case.current().map(|tenure| (tenure.term, tenure.organ.clone()));
    home::go_as(step, competent, reason, compulsory);
    if let Some((term, organ)) = former {
        let by = step.case.current_term();
        let at = Some(server::time::to_proto(step.at.now));
        step.tells(Kind::TermSuperseded(TermSuperseded { term, by, why: why.into(), at }), Some(organ));
    }
}

/// The organ that is to have the case: at or below this one, other than `not`, and never one that would judge itself.
pub(super) fn chosen(step: &Step<'_>, organ: Option<&str>, not: &str) -> Result<Competent, Rejection> {
    let facts = step.case.facts.clone().unwrap_or_default();
    let by_rule =
        competent(step.regulation(), step.directory, step.at.organ, &facts).map_err(Rejection::from);
    let chosen = match organ {
        Some(organ) => home::departing(step, organ, by_rule)?,
        None => by_rule?,
    };
    if chosen.up || chosen.organ == not {
        return Err(Rejection::NotAHandler { organ: chosen.organ });
    }
    Ok(chosen)
}

/// This organ itself, which takes over what weighs (14(3)), or where necessary (20).
pub(super) fn itself(step: &Step<'_>) -> Result<Competent, Rejection> {
    let own = step.at.organ;
    let facts = step.case.facts.clone().unwrap_or_default();
    if !step.directory.receives(own) || judges_itself(&facts, own) {
        return Err(Rejection::NotAHandler { organ: own.to_owned() });
    }
    let rule = competent(step.regulation(), step.directory, own, &facts).ok();
    let permitted = rule.iter().flat_map(|rule| &rule.alternatives).find(|(organ, _)| organ == own);
    let is_centre = competence::centre(step.directory, own).is_some_and(|centre| centre.code == own);
    let citation = match permitted {
        Some((_, citation)) => citation.clone(),
        None if is_centre => power(step, "take_over"),
        None => step.cite_nothing(),
    };
    Ok(Competent {
        organ: own.to_owned(),
        handling: Handling::Direct,
        up: false,
        citation,
        facts_used: rule.map(|rule| rule.facts_used).unwrap_or_default(),
        alternatives: Vec::new(),
    })
}

/// A citation of one of the regulation's powers.
pub(super) fn power(step: &Step<'_>, code: &str) -> Citation {
    let power = step.regulation().power(code);
    power.map_or_else(|| step.cite_nothing(), |power| step.cite(&power.basis, code))
}

/// Whether the regulation lets no further return follow: the next transfer is a compulsory assignment.
pub(super) fn is_last(step: &Step<'_>) -> bool {
    step.case.returns >= step.regulation().transfers().most_returns
}

/// Until when the organ may return the term that begins now.
pub(super) fn return_by(step: &Step<'_>, organ: &str, compulsory: bool) -> Option<WireTime> {
    let own = step.at.organ;
    let limit = step.regulation().limit(Stage::Return).filter(|_| organ != own && !compulsory);
    limit.map(|limit| server::time::to_proto(step.rules.due(own, step.at.now, limit.length).at))
}

/// The term has to be the current one, at the home, and under way at another organ.
pub(super) fn handed_on<'s>(step: &'s Step<'_>, term: u32) -> Result<&'s Tenure, Rejection> {
    if !step.case.numbers_terms(step.at.organ) || step.case.state() != CaseState::InHandling {
        return Err(step.not_in_state());
    }
    let current = step.case.current_term();
    let tenure = step.case.current().filter(|tenure| tenure.term == term);
    let tenure = tenure.ok_or(Rejection::Term { named: term, current })?;
    if tenure.organ == step.at.organ { Err(step.not_in_state()) } else { Ok(tenure) }
}

/// A route as it is told.
pub(super) fn told(competent: &Competent) -> WireRoute {
    WireRoute {
        organ: competent.organ.clone(),
        handling: competent.handling.into(),
        up: competent.up,
        citation: Some(competent.citation.clone()),
        facts_used: competent.facts_used.clone(),
    }
}
