//! The casework of the organ that holds the term (17 to 19, 22).

use std::collections::BTreeSet;

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    DispositionApproved, DispositionReturned, DispositionSubmitted, InvestigationRecorded,
    InvestigatorsAppointed, ResultReported, TermState, TransferAcknowledged,
};

use super::step::{Conclusion, Step};
use super::{Outcome, reopen};
use crate::domain::{Appoint, File, Rejection, Sealed, Submit, Tenure};

/// A case handed over is taken note of, once.
pub(super) fn acknowledge(mut step: Step<'_>, term: u32) -> Result<Outcome, Rejection> {
    if step.held(term)?.state() != TermState::Begun {
        return Err(step.not_in_state());
    }
    let home = step.case.home.clone();
    step.tells(Kind::TransferAcknowledged(TransferAcknowledged { term }), Some(home));
    Ok(step.done())
}

/// Two or more of the staff (18).
pub(super) fn appoint(mut step: Step<'_>, appoint: &Appoint) -> Result<Outcome, Rejection> {
    let tenure = step.held(appoint.term)?;
    if !matches!(tenure.state(), TermState::Acknowledged | TermState::Investigating) {
        return Err(step.not_in_state());
    }
    let investigators = enough(&step, &appoint.investigators)?;
    reopen::must_be_others(&step, &investigators)?;
    let citation = step.cite(&step.regulation().investigation().basis, "least_investigators");
    step.happens(Kind::InvestigatorsAppointed(InvestigatorsAppointed {
        term: appoint.term,
        investigators,
        citation: Some(citation),
    }));
    Ok(step.done())
}

/// Different persons, and as many as the regulation asks for (18).
fn enough(step: &Step<'_>, named: &[String]) -> Result<Vec<String>, Rejection> {
    let rule = step.regulation().investigation();
    let least = usize::try_from(rule.least_investigators).unwrap_or(usize::MAX);
    let distinct: BTreeSet<&String> = named.iter().collect();
    if distinct.len() < least {
        let article = rule.basis.article().unwrap_or_default().to_owned();
        return Err(Rejection::TooFewInvestigators { given: distinct.len(), least, article });
    }
    Ok(distinct.into_iter().cloned().collect())
}

/// By an investigator, with as many present as have to be (18).
pub(super) fn file(mut step: Step<'_>, file: &File) -> Result<Outcome, Rejection> {
    let tenure = step.held(file.term)?.clone();
    must_investigate(&step, &tenure, step.at.actor)?;
    for present in &file.investigators {
        must_investigate(&step, &tenure, present)?;
    }
    let investigators = enough(&step, &file.investigators)?;
    must_be_under_way(&step, &tenure)?;
    let record = file.record.draft.reference();
    step.answer().record_id.clone_from(&record.item_id);
    step.happens(Kind::InvestigationRecorded(InvestigationRecorded {
        term: file.term,
        record_id: record.item_id.clone(),
        kind: file.kind.into(),
        taken_at: Some(server::time::to_proto(file.taken_at)),
        investigators,
        confirmed: file.confirmed,
        record: Some(record),
    }));
    step.keeps(&file.record);
    Ok(step.done())
}

/// By an investigator, on at least one record (18, 19).
pub(super) fn submit(mut step: Step<'_>, submit: &Submit) -> Result<Outcome, Rejection> {
    let tenure = step.held(submit.term)?.clone();
    must_investigate(&step, &tenure, step.at.actor)?;
    must_be_under_way(&step, &tenure)?;
    if tenure.records.is_empty() {
        return Err(Rejection::RecordMissing);
    }
    step.happens(Kind::DispositionSubmitted(DispositionSubmitted {
        term: submit.term,
        round: next_round(&tenure),
        finding: submit.finding.into(),
        measures: submit.measures.clone(),
        report: Some(submit.report.draft.reference()),
    }));
    step.keeps(&submit.report);
    Ok(step.done())
}

fn next_round(tenure: &Tenure) -> u32 {
    u32::try_from(tenure.rounds.len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// By the leader in charge, with a reason (house).
pub(super) fn send_back(mut step: Step<'_>, term: u32, reason: &Sealed) -> Result<Outcome, Rejection> {
    let submitted = before_the_leader(&step, term)?;
    step.happens(Kind::DispositionReturned(DispositionReturned {
        term,
        round: submitted.round,
        reason: Some(reason.draft.reference()),
    }));
    step.keeps(reason);
    Ok(step.done())
}

/// By the leader in charge, who is none of the investigators: the handling is concluded (17, 19).
pub(super) fn approve(mut step: Step<'_>, term: u32) -> Result<Outcome, Rejection> {
    let submitted = before_the_leader(&step, term)?;
    let citation = step.cite(&step.regulation().investigation().approval.basis, "approval");
    step.happens(Kind::DispositionApproved(DispositionApproved {
        term,
        round: submitted.round,
        finding: submitted.finding,
        measures: submitted.measures.clone(),
        citation: Some(citation),
        clears_respondent: step.clears(submitted.finding()),
    }));
    let (home, own) = (step.case.home.clone(), step.at.organ);
    if home == own {
        step.conclude(&Conclusion {
            term,
            organ: own,
            finding: submitted.finding(),
            measures: &submitted.measures,
            approved_at: step.at.now,
        });
    } else {
        let result = ResultReported {
            term,
            finding: submitted.finding,
            measures: submitted.measures,
            approved_at: Some(server::time::to_proto(step.at.now)),
        };
        step.tells(Kind::ResultReported(result), Some(home));
    }
    Ok(step.done())
}

/// What waits for the leader, who has to be somebody else than those who investigated.
fn before_the_leader(step: &Step<'_>, term: u32) -> Result<DispositionSubmitted, Rejection> {
    let tenure = step.held(term)?;
    let round = tenure.open_round().ok_or(Rejection::Nothing { what: "disposition", id: step.case_id })?;
    let approval = &step.regulation().investigation().approval;
    let actor = step.at.actor;
    if approval.not_investigator && tenure.took_part(actor) {
        return Err(Rejection::PersonExcluded {
            person: actor.to_owned(),
            zh: "参与调查的人员不得审批。",
            en: "Whoever investigated does not decide on the disposition.",
            article: approval.basis.article().unwrap_or_default().to_owned(),
        });
    }
    Ok(round.submitted.clone().unwrap_or_default())
}

fn must_investigate(step: &Step<'_>, tenure: &Tenure, person: &str) -> Result<(), Rejection> {
    if tenure.investigators.iter().any(|name| name == person) {
        return Ok(());
    }
    Err(Rejection::PersonExcluded {
        person: person.to_owned(),
        zh: "未被指派为该案的调查人员。",
        en: "Only an investigator who was appointed to the case may do this.",
        article: step.regulation().investigation().basis.article().unwrap_or_default().to_owned(),
    })
}

fn must_be_under_way(step: &Step<'_>, tenure: &Tenure) -> Result<(), Rejection> {
    if matches!(tenure.state(), TermState::Investigating | TermState::Returned) {
        Ok(())
    } else {
        Err(step.not_in_state())
    }
}
