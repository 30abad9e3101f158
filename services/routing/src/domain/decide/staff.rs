//! Deputies (AB 角), and the hand-over of an officer's cases (house): what is about an organ's people rather than one case.

use duban_proto::common::v1::{CaseState, Citation};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    Deputy, DeputySet, HandOverObstacle, HandOverResponse, HandedOver, InvestigatorReplaced, TermState,
};
use regulation::Rules;
use uuid::Uuid;

use super::{At, Fact, Outcome, loan};
use crate::domain::{Book, Case, HandOver, Inquire, Inquired, Rejection, Tenure, ends_at};

/// What needs no case that this organ knows.
pub(super) fn decide(
    rules: &Rules,
    book: &Book,
    case_id: Uuid,
    inquire: &Inquire,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    match inquire {
        Inquire::NoteLoanRequest { request, from, at } => Ok(loan::note_request(book, request, from, *at)),
        Inquire::DecideLoan { loan_id, officers, refusal } => {
            loan::decide(book, case_id, *loan_id, officers, *refusal, at)
        }
        Inquire::SetDeputy(deputy) => Ok(deputy_set(deputy)),
        Inquire::EndDeputy { deputy_id } => end_deputy(book, *deputy_id, at),
        Inquire::HandOver(hand_over) => Ok(hand_over_all(rules, book, hand_over, at)),
        _ => Err(Rejection::CaseNotFound(case_id)),
    }
}

fn deputy_set(deputy: &Deputy) -> Outcome {
    let event = DeputySet {
        deputy_id: deputy.deputy_id.clone(),
        person: deputy.person.clone(),
        deputy: deputy.deputy.clone(),
        begins_at: deputy.begins_at,
        until: deputy.until,
        ended_at: deputy.ended_at,
        set_by: deputy.set_by.clone(),
    };
    let mut outcome = Outcome::default();
    outcome.facts.push(Fact { kind: Kind::DeputySet(event), audience: None });
    outcome.answer.inquiry = Some(Inquired { deputy: Some(deputy.clone()), ..Inquired::default() });
    outcome
}

fn end_deputy(book: &Book, deputy_id: Uuid, at: At<'_>) -> Result<Outcome, Rejection> {
    let deputy = book.staff().deputy(&deputy_id.to_string());
    let runs = |deputy: &&Deputy| ends_at(deputy).is_some_and(|ends_at| at.now < ends_at);
    let deputy = deputy.filter(runs).ok_or(Rejection::Nothing { what: "deputy", id: deputy_id })?;
    Ok(deputy_set(&Deputy { ended_at: Some(server::time::to_proto(at.now)), ..deputy.clone() }))
}

/// All that can be, in one step; the others are listed with the reason.
fn hand_over_all(rules: &Rules, book: &Book, hand_over: &HandOver, at: At<'_>) -> Outcome {
    let hand_over_id = hand_over.hand_over_id.to_string();
    let regulation = rules.for_organ(at.organ);
    let citation = Citation {
        regulation: regulation.code().to_owned(),
        version: regulation.version().to_owned(),
        article: regulation.investigation().recusal.basis.article().unwrap_or_default().to_owned(),
        rule: "replacement".to_owned(),
        text: None,
    };
    let cases = hand_over.cases.iter().map(|case_id| (*case_id, book.case(*case_id)));
    let plan = hand_over_plan(cases, &hand_over.officer, &hand_over.successors, (at.organ, at.actor));
    let mut outcome = Outcome::default();
    for (case_id, term, handed) in &plan {
        if handed.successor.is_empty() {
            continue;
        }
        let replaced = InvestigatorReplaced {
            term: *term,
            former: hand_over.officer.clone(),
            successor: handed.successor.clone(),
            ground: hand_over.ground.into(),
            reason: None,
            hand_over_id: hand_over_id.clone(),
            citation: Some(citation.clone()),
        };
        outcome.on_others.push((*case_id, Kind::InvestigatorReplaced(replaced)));
    }
    let cases = plan.into_iter().map(|(_, _, handed)| handed).collect();
    let handed_over = HandOverResponse { hand_over_id, cases, more: hand_over.more };
    outcome.answer.inquiry = Some(Inquired { hand_over: Some(handed_over), ..Inquired::default() });
    outcome
}

/// What a hand-over does with each of these cases, and the term of each: the successors in turn, each skipped where it may
/// not take the case. `at` is the organ and the person who hands over.
pub fn hand_over_plan<'c>(
    cases: impl IntoIterator<Item = (Uuid, Option<&'c Case>)>,
    officer: &str,
    successors: &[String],
    (organ, caller): (&str, &str),
) -> Vec<(Uuid, u32, HandedOver)> {
    let mut turn = 0;
    let mut plan = Vec::new();
    for (case_id, case) in cases {
        let number = case.and_then(|case| case.facts.as_ref()).map(|facts| facts.number.clone());
        let mut handed = HandedOver {
            case_id: case_id.to_string(),
            number: number.unwrap_or_default(),
            ..HandedOver::default()
        };
        let mut term = 0;
        match case.and_then(|case| Some((case, open_term(case, organ, officer)?))) {
            None => handed.obstacle = HandOverObstacle::MovedOn.into(),
            Some((case, _)) if case.is_recused(caller) => {
                handed.obstacle = HandOverObstacle::CallerRecused.into();
            }
            Some((case, tenure)) => {
                let barred = |name: &str| case.is_recused(name) || case.is_excluded_by_order(name);
                let free = |name: &&String| !barred(name) && !tenure.investigates(name);
                let in_turn = successors.iter().cycle().skip(turn).take(successors.len());
                match in_turn.enumerate().find(|(_, name)| free(name)) {
                    Some((skipped, name)) => {
                        term = tenure.term;
                        handed.successor.clone_from(name);
                        turn = (turn + skipped + 1) % successors.len();
                    }
                    None => handed.obstacle = HandOverObstacle::NobodyFree.into(),
                }
            }
        }
        plan.push((case_id, term, handed));
    }
    plan
}

/// The term that this organ holds and the officer investigates.
fn open_term<'c>(case: &'c Case, organ: &str, officer: &str) -> Option<&'c Tenure> {
    let open = case.state() == CaseState::InHandling && case.erased_at.is_none();
    case.current().filter(|tenure| {
        let under_way =
            matches!(tenure.state(), TermState::Investigating | TermState::Submitted | TermState::Returned);
        open && under_way && tenure.organ == organ && tenure.investigates(officer)
    })
}
