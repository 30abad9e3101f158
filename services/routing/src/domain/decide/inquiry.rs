//! Who investigates, and how (18): withdrawal, replacement, plan, confirmation and correction of records, evidence.

use std::collections::BTreeSet;

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    EvidenceListed, InvestigationRecorded, InvestigatorRecused, InvestigatorReplaced, PlanSet,
    RecordConfirmed, RecordCorrected, RecusalGround, ReplacementGround, TermState,
};
use regulation::Missing;
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, casework, loan, ordered};
use crate::domain::{File, Inquire, Inquired, Rejection, Sealed, Tenure, version};

/// What is asked of an investigation that this organ knows of.
pub(super) fn decide(step: Step<'_>, inquire: &Inquire) -> Result<Outcome, Rejection> {
    match inquire {
        Inquire::Recuse { term, person, ground, reason } => {
            recuse(step, *term, person.as_deref(), *ground, reason)
        }
        Inquire::Replace { term, former, successor, ground, reason } => {
            replace(step, *term, (former, successor), *ground, reason.as_ref())
        }
        Inquire::RequestLoan { term, loan_id, ground, wanted, approves } => {
            loan::request(step, *term, *loan_id, (*ground, *wanted, *approves))
        }
        Inquire::NoteLoanDecision { decision, from, at } => {
            Ok(loan::note_decision(step, decision, from, *at))
        }
        Inquire::SetPlan { term, version, plan } => set_plan(step, *term, *version, plan),
        Inquire::Confirm { term, record_id, version, refusal } => {
            confirm(step, *term, *record_id, *version, refusal.as_ref())
        }
        Inquire::Correct { record_id, version, file } => correct(step, *record_id, *version, file),
        Inquire::AddEvidence { evidence, description } => add_evidence(step, evidence, description),
        Inquire::RemoveEvidence { term, number, reason } => remove_evidence(step, *term, *number, reason),
        Inquire::NoteLoanRequest { .. }
        | Inquire::DecideLoan { .. }
        | Inquire::SetDeputy(_)
        | Inquire::EndDeputy { .. }
        | Inquire::HandOver(_) => Err(Rejection::CaseNotFound(step.case_id)),
    }
}

/// Whoever withdrew settles nothing of the case any more (18, house).
pub(super) fn must_not_be_recused(step: &Step<'_>, person: &str) -> Result<(), Rejection> {
    if !step.case.is_recused(person) {
        return Ok(());
    }
    Err(excluded(step, person, "已回避的人员不得参与该案。", "Whoever withdrew takes no part in the case."))
}

fn excluded(step: &Step<'_>, person: &str, zh: &'static str, en: &'static str) -> Rejection {
    let article = step.regulation().investigation().recusal.basis.article().unwrap_or_default().to_owned();
    Rejection::PersonExcluded { person: person.to_owned(), zh, en, article }
}

/// The investigator as whom a person acts: itself, or the one whose deputy it is now; never one who withdrew, nor in a
/// reinvestigation that was ordered one who took part before.
pub(super) fn seat(step: &Step<'_>, tenure: &Tenure, person: &str) -> Result<String, Rejection> {
    must_not_be_recused(step, person)?;
    ordered::must_be_others(step, [person])?;
    let seat = tenure.seat(person, &step.represents(person)).map(str::to_owned);
    seat.ok_or_else(|| casework::not_appointed(step, person))
}

/// For whom a deputy acts; nobody where it is the investigator.
pub(super) fn on_behalf(seat: &str, person: &str) -> String {
    if seat == person { String::new() } else { seat.to_owned() }
}

/// Those present, as many different investigators as have to be: a deputy and the one represented are one. With those who
/// were represented.
pub(super) fn present(
    step: &Step<'_>,
    tenure: &Tenure,
    named: &[String],
) -> Result<(Vec<String>, Vec<String>), Rejection> {
    let persons: BTreeSet<&String> = named.iter().collect();
    let mut seats = BTreeSet::new();
    let mut represented = BTreeSet::new();
    for person in &persons {
        let seat = seat(step, tenure, person)?;
        if seat != **person {
            represented.insert(seat.clone());
        }
        seats.insert(seat);
    }
    casework::enough(step, &seats.into_iter().collect::<Vec<_>>())?;
    Ok((persons.into_iter().cloned().collect(), represented.into_iter().collect()))
}

/// Records, evidence and investigators, as the regulation asks before a report (18).
pub(super) fn must_be_complete(step: &Step<'_>, tenure: &Tenure) -> Result<(), Rejection> {
    let rule = step.regulation().investigation();
    let (evidence, investigators) = (tenure.evidence(), tenure.investigators.len());
    match rule.missing(tenure.counted(&rule.record), evidence, investigators) {
        None => Ok(()),
        Some(Missing::Records) => Err(Rejection::RecordMissing),
        Some(Missing::Evidence) => Err(Rejection::EvidenceMissing {
            given: evidence,
            least: usize::try_from(rule.evidence.least).unwrap_or(usize::MAX),
            article: rule.evidence.basis.article().unwrap_or_default().to_owned(),
        }),
        Some(Missing::Investigators) => casework::enough(step, &tenure.investigators).map(drop),
    }
}

/// Others may be appointed as well; who drops out is replaced with a reason, where the regulation asks for one.
pub(super) fn may_appoint(step: &Step<'_>, tenure: &Tenure, named: &[String]) -> Result<(), Rejection> {
    must_not_be_recused(step, step.at.actor)?;
    for person in named {
        must_not_be_recused(step, person)?;
    }
    let needs_reason = step.regulation().investigation().recusal.replacement_needs_reason;
    match tenure.investigators.iter().find(|name| needs_reason && !named.contains(name)) {
        Some(person) => Err(Rejection::ReplacementNeedsReason { person: person.clone() }),
        None => Ok(()),
    }
}

fn recuse(
    mut step: Step<'_>,
    term: u32,
    person: Option<&str>,
    ground: RecusalGround,
    reason: &Sealed,
) -> Result<Outcome, Rejection> {
    step.held(term)?;
    let actor = step.at.actor;
    must_not_be_recused(&step, actor)?;
    if person == Some(actor) {
        let (zh, en) = ("本人回避应当自行申报。", "Whoever withdraws declares it.");
        return Err(excluded(&step, actor, zh, en));
    }
    let person = person.unwrap_or(actor).to_owned();
    must_not_be_recused(&step, &person)?;
    let citation = step.cite(&step.regulation().investigation().recusal.basis, "recusal");
    step.happens(Kind::InvestigatorRecused(InvestigatorRecused {
        term,
        ordered: person != actor,
        person,
        ground: ground.into(),
        reason: Some(reason.draft.reference()),
        citation: Some(citation),
    }));
    step.keeps(reason);
    Ok(step.done())
}

fn replace(
    mut step: Step<'_>,
    term: u32,
    (former, successor): (&str, &str),
    ground: ReplacementGround,
    reason: Option<&Sealed>,
) -> Result<Outcome, Rejection> {
    let tenure = step.held(term)?.clone();
    if !matches!(tenure.state(), TermState::Investigating | TermState::Submitted | TermState::Returned) {
        return Err(step.not_in_state());
    }
    must_not_be_recused(&step, step.at.actor)?;
    let withdrew = step.case.is_recused(former) && tenure.inquiry.ever.iter().any(|name| name == former);
    if !tenure.investigates(former) && !withdrew {
        return Err(casework::not_appointed(&step, former));
    }
    must_not_be_recused(&step, successor)?;
    ordered::must_be_others(&step, [successor])?;
    if tenure.investigates(successor) {
        let (zh, en) = ("该人员已是本案调查人员。", "The officer investigates the case already.");
        return Err(excluded(&step, successor, zh, en));
    }
    let rule = &step.regulation().investigation().recusal;
    if rule.replacement_needs_reason && reason.is_none() {
        return Err(Rejection::ReplacementNeedsReason { person: former.to_owned() });
    }
    let citation = step.cite(&rule.basis, "replacement");
    step.happens(Kind::InvestigatorReplaced(InvestigatorReplaced {
        term,
        former: former.to_owned(),
        successor: successor.to_owned(),
        ground: ground.into(),
        reason: reason.map(|reason| reason.draft.reference()),
        hand_over_id: String::new(),
        citation: Some(citation),
    }));
    if let Some(reason) = reason {
        step.keeps(reason);
    }
    Ok(step.done())
}

/// The term, where the actor may work on it, and for whom it acts.
fn working(step: &Step<'_>, term: u32) -> Result<(Tenure, String), Rejection> {
    let tenure = step.held(term)?.clone();
    let seat = seat(step, &tenure, step.at.actor)?;
    casework::must_be_under_way(step, &tenure)?;
    Ok((tenure, on_behalf(&seat, step.at.actor)))
}

fn told(step: &mut Step<'_>, number: u32) {
    step.answer().inquiry = Some(Inquired { number, ..Inquired::default() });
}

fn set_plan(mut step: Step<'_>, term: u32, seen: u32, plan: &Sealed) -> Result<Outcome, Rejection> {
    let (tenure, on_behalf_of) = working(&step, term)?;
    let before = tenure.inquiry.plans.last().and_then(|planned| planned.event.plan.as_ref());
    let actual = before.map_or(0, |plan| plan.version);
    let reference = plan.draft.reference();
    if seen != actual || reference.version != actual + 1 {
        return Err(Rejection::Version { expected: seen, actual });
    }
    told(&mut step, reference.version);
    step.happens(Kind::PlanSet(PlanSet { term, plan: Some(reference), on_behalf_of }));
    step.keeps(plan);
    Ok(step.done())
}

/// The record, in the version that the caller saw.
fn seen<'t>(
    step: &Step<'_>,
    tenure: &'t Tenure,
    record_id: Uuid,
    seen: u32,
) -> Result<&'t InvestigationRecorded, Rejection> {
    let record = tenure.record(&record_id.to_string());
    let record = record.ok_or(Rejection::Nothing { what: "record", id: step.case_id })?;
    let actual = version(record);
    if seen == actual { Ok(record) } else { Err(Rejection::Version { expected: seen, actual }) }
}

fn confirm(
    mut step: Step<'_>,
    term: u32,
    record_id: Uuid,
    version: u32,
    refusal: Option<&Sealed>,
) -> Result<Outcome, Rejection> {
    let (tenure, on_behalf_of) = working(&step, term)?;
    let record = seen(&step, &tenure, record_id, version)?;
    let settled = record.confirmed || (refusal.is_some() && tenure.refusal(record).is_some());
    if settled {
        return Err(Rejection::Nothing { what: "unconfirmed_record", id: record_id });
    }
    step.happens(Kind::RecordConfirmed(RecordConfirmed {
        term,
        record_id: record_id.to_string(),
        version,
        refused: refusal.is_some(),
        reason: refusal.map(|reason| reason.draft.reference()),
        on_behalf_of,
    }));
    if let Some(reason) = refusal {
        step.keeps(reason);
    }
    Ok(step.done())
}

/// The old version stays; the new one has to be confirmed anew.
fn correct(mut step: Step<'_>, record_id: Uuid, version: u32, file: &File) -> Result<Outcome, Rejection> {
    let (tenure, _) = working(&step, file.term)?;
    let kind = seen(&step, &tenure, record_id, version)?.kind;
    let reference = file.record.draft.reference();
    if reference.version != version + 1 {
        return Err(Rejection::Version { expected: version, actual: reference.version });
    }
    let mut recorded = casework::recorded(&step, &tenure, file)?;
    recorded.kind = kind;
    told(&mut step, reference.version);
    step.happens(Kind::RecordCorrected(RecordCorrected { record: Some(recorded) }));
    step.keeps(&file.record);
    Ok(step.done())
}

fn add_evidence(
    mut step: Step<'_>,
    evidence: &EvidenceListed,
    description: &Sealed,
) -> Result<Outcome, Rejection> {
    let (tenure, on_behalf_of) = working(&step, evidence.term)?;
    for person in &evidence.collected_by {
        must_not_be_recused(&step, person)?;
        if !tenure.took_part(person) {
            seat(&step, &tenure, person)?;
        }
    }
    if !evidence.record_id.is_empty() && tenure.record(&evidence.record_id).is_none() {
        return Err(Rejection::Nothing { what: "record", id: step.case_id });
    }
    let number = u32::try_from(tenure.inquiry.exhibits.len()).unwrap_or(u32::MAX).saturating_add(1);
    told(&mut step, number);
    step.happens(Kind::EvidenceListed(EvidenceListed {
        number,
        description: Some(description.draft.reference()),
        on_behalf_of,
        ..evidence.clone()
    }));
    step.keeps(description);
    Ok(step.done())
}

fn remove_evidence(
    mut step: Step<'_>,
    term: u32,
    number: u32,
    reason: &Sealed,
) -> Result<Outcome, Rejection> {
    let (tenure, on_behalf_of) = working(&step, term)?;
    let listed = tenure.inquiry.exhibits.iter().find(|exhibit| exhibit.event.number == number);
    let listed = listed.filter(|exhibit| exhibit.removed_at.is_none());
    let listed = listed.ok_or(Rejection::Nothing { what: "evidence", id: step.case_id })?;
    step.happens(Kind::EvidenceListed(EvidenceListed {
        removed: true,
        removal_reason: Some(reason.draft.reference()),
        on_behalf_of,
        ..listed.event.clone()
    }));
    step.keeps(reason);
    Ok(step.done())
}
