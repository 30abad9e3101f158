//! What supervision ordered about a result: a reinvestigation by others (20, 5(2)), and what came of an appeal (5(2)). Told once
//! more, or of what counts no more, nothing changes.

use std::collections::BTreeSet;

use competence::{Competent, competent};
use duban_proto::common::v1::{AppealOutcome, CaseState, Finding};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    AppealNoted, CaseConcluded, HomeTakeoverAsked, ReinvestigationNoted, RespondentFinding,
};
use duban_proto::supervision::v1::{AppealDecided, ReinvestigationOrdered};

use super::home::{departing, go};
use super::reopen::{may_be_reopened, tell_reopened};
use super::step::Step;
use super::{Outcome, begin, succession};
use crate::domain::{Ordered, Rejection, overall};

pub(super) fn decide(step: Step<'_>, ordered: &Ordered) -> Outcome {
    match ordered {
        Ordered::Reinvestigate(order) => reinvestigate(step, order),
        Ordered::Appeal(decided) => appeal(step, decided),
        Ordered::NoteAppeal(noted) => note_appeal(step, noted),
    }
}

/// The case is opened again, in a round and with a time of its own: at the organ that handled it, or at the authority itself, to
/// which its home moves where that was below.
fn reinvestigate(mut step: Step<'_>, order: &ReinvestigationOrdered) -> Outcome {
    let counts = step.case.current_term() == order.term;
    if !counts || !may_be_reopened(&step.case, step.at.organ) {
        return Outcome::default();
    }
    let above = order.directly && order.ordered_by != step.at.organ;
    let chosen = if above { None } else { handler(&step, order) };
    if !above && chosen.is_none() {
        return Outcome::default();
    }
    let citation = order.citation.clone().unwrap_or_else(|| step.cite_nothing());
    tell_reopened(&mut step, citation.clone(), None);
    step.happens(Kind::ReinvestigationNoted(ReinvestigationNoted {
        order_id: order.order_id.clone(),
        ordered_by: order.ordered_by.clone(),
        directly: order.directly,
        citation: Some(citation),
        term: order.term,
    }));
    if let Some(chosen) = chosen {
        go(&mut step, chosen, None);
    } else {
        let taken = taken_over(&step, order);
        succession::pass_home(&mut step, order.ordered_by.clone(), Some(taken));
    }
    step.done()
}

/// What the authority that handles it directly would have asked of the home, had it not been told of the case by the order.
fn taken_over(step: &Step<'_>, order: &ReinvestigationOrdered) -> HomeTakeoverAsked {
    HomeTakeoverAsked {
        organ: order.ordered_by.clone(),
        home: step.at.organ.to_owned(),
        citation: order.citation.clone(),
        asked_at: Some(server::time::to_proto(step.at.now)),
        ..HomeTakeoverAsked::default()
    }
}

/// Who handles it now. Where the organ that handled it can't any more, the one that is competent; else the home.
fn handler(step: &Step<'_>, order: &ReinvestigationOrdered) -> Option<Competent> {
    let facts = step.case.facts.clone().unwrap_or_default();
    let by_rule =
        || competent(step.regulation(), step.directory, step.at.organ, &facts).map_err(Rejection::from);
    let before = step.case.current().map(|tenure| tenure.organ.clone()).filter(|_| !order.directly);
    let same = before.and_then(|organ| departing(step, &organ, by_rule()).ok());
    let here = |chosen: &Competent| !chosen.up;
    let otherwise = || by_rule().ok().filter(|_| !order.directly).filter(here);
    same.filter(here).or_else(otherwise).or_else(|| begin::itself(step).ok())
}

/// In a reinvestigation that was ordered, whoever took part before or approved does not investigate (20, 5(2)).
pub(super) fn must_be_others<'p>(
    step: &Step<'_>,
    persons: impl IntoIterator<Item = &'p str>,
) -> Result<(), Rejection> {
    let excluded = persons.into_iter().find(|person| step.case.is_excluded_by_order(person));
    let (Some(person), Some(ordered)) = (excluded, &step.case.reinvestigation) else { return Ok(()) };
    Err(Rejection::PersonExcluded {
        person: person.to_owned(),
        zh: "要求重新调查处理的,由原调查人员和审批人员以外的人员调查。",
        en: "A reinvestigation that was ordered is carried out by others than who investigated or approved before.",
        article: ordered.citation.as_ref().map(|citation| citation.article.clone()).unwrap_or_default(),
    })
}

/// Who took part in the handling of a term up to its approval: investigators and their deputies, whoever recorded or submitted,
/// and who decided on an earlier submission.
pub(super) fn took_part(step: &Step<'_>, term: u32) -> Vec<String> {
    let Some(tenure) = step.case.terms.iter().find(|tenure| tenure.term == term) else { return Vec::new() };
    let recorded = tenure.records.iter().flat_map(|record| &record.investigators);
    let rounds = tenure.rounds.iter().flat_map(|round| [&round.submitted_by, &round.decided_by]);
    let all = tenure.investigators.iter().chain(&tenure.inquiry.ever).chain(recorded).chain(rounds);
    let all: BTreeSet<&String> = all.filter(|person| !person.is_empty()).collect();
    all.into_iter().cloned().collect()
}

/// The result as it is after an appeal, told to the organ that registered the case and to the one whose result it was.
fn appeal(mut step: Step<'_>, decided: &AppealDecided) -> Outcome {
    let known = step.case.appeals.iter().any(|noted| noted.appeal_id == decided.appeal_id);
    if known || !step.case.is_home(step.at.organ) {
        return Outcome::default();
    }
    let case = &step.case;
    let ended = matches!(case.state(), CaseState::Concluded | CaseState::Replied | CaseState::Archived);
    let counts = ended && case.concluded && case.current_term() == decided.term;
    let changes = counts && decided.outcome() == AppealOutcome::Changed;
    let findings = if changes { findings_after(&step, decided) } else { case.findings.clone() };
    let finding = match (changes, findings.is_empty()) {
        (false, _) => case.finding(),
        (true, true) => decided.finding(),
        (true, false) => overall(findings.iter().map(RespondentFinding::finding)),
    };
    let measures = if changes { &decided.measures } else { &case.measures };
    let noted = AppealNoted {
        appeal_id: decided.appeal_id.clone(),
        respondent: decided.respondent,
        outcome: decided.outcome,
        decided_by: decided.decided_by.clone(),
        decided_at: decided.decided_at,
        term: decided.term,
        was_finding: case.finding,
        was_measures: case.measures.clone(),
        finding: finding.into(),
        measures: measures.clone(),
        findings,
        citation: decided.citation.clone(),
        registering_organ: case.registering_organ().to_owned(),
    };
    let handled_by = case.current().map(|tenure| tenure.organ.clone());
    let told: BTreeSet<String> = step.below().into_iter().chain(handled_by).collect();
    let told: Vec<String> = told.into_iter().filter(|organ| organ != step.at.organ).collect();
    if told.is_empty() {
        step.happens(Kind::AppealNoted(noted.clone()));
    }
    for organ in told {
        step.tells(Kind::AppealNoted(noted.clone()), Some(organ));
    }
    step.done()
}

/// Each respondent's finding, with the one that the appeal gave; none where there is one respondent, of whom the case's is.
fn findings_after(step: &Step<'_>, decided: &AppealDecided) -> Vec<RespondentFinding> {
    let case = &step.case;
    let respondents = case.facts.as_ref().map_or(0, |facts| facts.respondents.len());
    let mut findings = case.findings.clone();
    if findings.is_empty() && respondents > 1 {
        let finding: Finding = case.finding();
        let of = |respondent| RespondentFinding { respondent, finding: finding.into(), part: 0 };
        findings = (0..u32::try_from(respondents).unwrap_or(u32::MAX)).map(of).collect();
    }
    for finding in findings.iter_mut().filter(|finding| finding.respondent == decided.respondent) {
        finding.finding = decided.finding;
    }
    findings
}

/// The home told what came of an appeal.
fn note_appeal(mut step: Step<'_>, noted: &AppealNoted) -> Outcome {
    let known = step.case.appeals.iter().any(|other| other.appeal_id == noted.appeal_id);
    if known || step.case.is_home(step.at.organ) {
        return Outcome::default();
    }
    step.happens(Kind::AppealNoted(noted.clone()));
    step.done()
}

impl Step<'_> {
    /// Whose result a conclusion is, for those who review it and decide on appeals (5(2), 20).
    pub(super) fn whose_result(&self) -> CaseConcluded {
        let facts = self.case.facts.clone().unwrap_or_default();
        CaseConcluded {
            home: self.at.organ.to_owned(),
            number: facts.number,
            grounds: facts.grounds,
            respondents: facts.respondents,
            accepted_at: facts.accepted_at,
            ..CaseConcluded::default()
        }
    }
}
