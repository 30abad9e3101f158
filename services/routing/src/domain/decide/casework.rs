//! The casework of the organ that holds the term (17 to 19, 22).

use std::collections::BTreeSet;

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    DispositionApproved, DispositionReturned, DispositionSubmitted, InvestigationRecorded,
    InvestigatorsAppointed, ResultReported, TermState, TransferAcknowledged,
};

use super::step::{Conclusion, Step};
use super::{Outcome, inquiry, joint, ordered, reopen};
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

/// Two or more of the staff, none of whom withdrew (18). Others may join; nobody drops out by it without a reason.
pub(super) fn appoint(mut step: Step<'_>, appoint: &Appoint) -> Result<Outcome, Rejection> {
    let tenure = step.held(appoint.term)?;
    if !matches!(tenure.state(), TermState::Acknowledged | TermState::Investigating) {
        return Err(step.not_in_state());
    }
    let investigators = enough(&step, &appoint.investigators)?;
    inquiry::may_appoint(&step, tenure, &investigators)?;
    ordered::must_be_others(&step, investigators.iter().map(String::as_str))?;
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
pub(super) fn enough(step: &Step<'_>, named: &[String]) -> Result<Vec<String>, Rejection> {
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
    let recorded = recorded(&step, &tenure, file)?;
    must_be_under_way(&step, &tenure)?;
    step.answer().record_id.clone_from(&recorded.record_id);
    step.happens(Kind::InvestigationRecorded(recorded));
    step.keeps(&file.record);
    Ok(step.done())
}

/// A record as it is filed: by an investigator or a deputy, as many of them present as have to be.
pub(super) fn recorded(
    step: &Step<'_>,
    tenure: &Tenure,
    file: &File,
) -> Result<InvestigationRecorded, Rejection> {
    let actor = step.at.actor;
    let seat = inquiry::seat(step, tenure, actor)?;
    let (investigators, mut on_behalf_of) = inquiry::present(step, tenure, &file.investigators)?;
    if seat != actor && !on_behalf_of.contains(&seat) {
        on_behalf_of.push(seat);
    }
    let record = file.record.draft.reference();
    Ok(InvestigationRecorded {
        term: file.term,
        record_id: record.item_id.clone(),
        kind: file.kind.into(),
        taken_at: Some(server::time::to_proto(file.taken_at)),
        investigators,
        confirmed: file.confirmed,
        record: Some(record),
        on_behalf_of,
    })
}

/// By an investigator, on the records and evidence that the regulation asks for (18, 19).
pub(super) fn submit(mut step: Step<'_>, submit: &Submit) -> Result<Outcome, Rejection> {
    let tenure = step.held(submit.term)?.clone();
    let seat = inquiry::seat(&step, &tenure, step.at.actor)?;
    must_be_under_way(&step, &tenure)?;
    inquiry::must_be_complete(&step, &tenure)?;
    let findings = joint::join(&step, submit.finding, &submit.findings)?;
    step.happens(Kind::DispositionSubmitted(DispositionSubmitted {
        term: submit.term,
        round: next_round(&tenure),
        finding: submit.finding.into(),
        measures: submit.measures.clone(),
        report: Some(submit.report.draft.reference()),
        findings,
        on_behalf_of: inquiry::on_behalf(&seat, step.at.actor),
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
        deputy_for: step.represents(step.at.actor),
    }));
    step.keeps(reason);
    Ok(step.done())
}

/// By the leader in charge, who is none of the investigators: the handling is concluded (17, 19).
pub(super) fn approve(mut step: Step<'_>, term: u32) -> Result<Outcome, Rejection> {
    let submitted = before_the_leader(&step, term)?;
    joint::must_still_join(&step, &submitted)?;
    inquiry::must_be_complete(&step, step.held(term)?)?;
    let citation = step.cite(&step.regulation().investigation().approval.basis, "approval");
    step.happens(Kind::DispositionApproved(DispositionApproved {
        term,
        round: submitted.round,
        finding: submitted.finding,
        measures: submitted.measures.clone(),
        citation: Some(citation),
        findings: submitted.findings.clone(),
        deputy_for: step.represents(step.at.actor),
        clears_respondent: step.clears(submitted.finding()),
        took_part: ordered::took_part(&step, term),
        home: step.case.home.clone(),
        number: step.case.facts.as_ref().map(|facts| facts.number.clone()).unwrap_or_default(),
        respondents: step.case.facts.as_ref().map(|facts| facts.respondents.clone()).unwrap_or_default(),
    }));
    let (home, own) = (step.case.home.clone(), step.at.organ);
    if home == own {
        step.conclude(&Conclusion {
            term,
            organ: own,
            finding: submitted.finding(),
            measures: &submitted.measures,
            findings: &submitted.findings,
            approved_at: step.at.now,
        });
    } else {
        let result = ResultReported {
            term,
            finding: submitted.finding,
            measures: submitted.measures,
            approved_at: Some(server::time::to_proto(step.at.now)),
            findings: submitted.findings,
        };
        step.tells(Kind::ResultReported(result), Some(home));
    }
    Ok(step.done())
}

/// What waits for the leader, who has to be somebody else than those who investigated or withdrew, and no deputy of one.
fn before_the_leader(step: &Step<'_>, term: u32) -> Result<DispositionSubmitted, Rejection> {
    let tenure = step.held(term)?;
    let round = tenure.open_round().ok_or(Rejection::Nothing { what: "disposition", id: step.case_id })?;
    let approval = &step.regulation().investigation().approval;
    let actor = step.at.actor;
    let stands_for = step.represents(actor);
    for person in std::iter::once(actor).chain(stands_for.iter().map(String::as_str)) {
        inquiry::must_not_be_recused(step, person)?;
        if !approval.not_investigator || !tenure.took_part(person) {
            continue;
        }
        return Err(Rejection::PersonExcluded {
            person: actor.to_owned(),
            zh: "参与调查的人员不得审批。",
            en: "Whoever investigated does not decide on the disposition.",
            article: approval.basis.article().unwrap_or_default().to_owned(),
        });
    }
    Ok(round.submitted.clone().unwrap_or_default())
}

/// Only an investigator, or the deputy of one, may do it.
pub(super) fn not_appointed(step: &Step<'_>, person: &str) -> Rejection {
    Rejection::PersonExcluded {
        person: person.to_owned(),
        zh: "未被指派为该案的调查人员。",
        en: "Only an investigator who was appointed to the case may do this.",
        article: step.regulation().investigation().basis.article().unwrap_or_default().to_owned(),
    }
}

pub(super) fn must_be_under_way(step: &Step<'_>, tenure: &Tenure) -> Result<(), Rejection> {
    if matches!(tenure.state(), TermState::Investigating | TermState::Returned) {
        Ok(())
    } else {
        Err(step.not_in_state())
    }
}
