//! What the respondent is given (15): written by who handles the case, decided on by another person of the organ that keeps the
//! identity. Nothing of what a check finds is known when one is sent in, so no answer can depend on it.

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    SummaryApproved, SummaryHandedOver, SummaryKind, SummaryReturned, SummaryReviewed, SummarySubmitted,
};
use regulation::{DespiteFindings, Permission};
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{
    ApproveSummary, Book, HandOverSummary, OnSummary, Rejection, SubmitSummary, Summary, summary_message,
};

/// Decides what is asked about one.
pub(super) fn decide(step: Step<'_>, book: &Book, act: &OnSummary) -> Result<Outcome, Rejection> {
    match act {
        OnSummary::Submit(submit) => self::submit(step, book, submit),
        OnSummary::Review { summary_id } => review(step, book, *summary_id),
        OnSummary::Approve(approve) => self::approve(step, book, approve),
        OnSummary::Return { summary_id, reason } => {
            let summary = to_decide(&step, book, *summary_id)?;
            let event =
                SummaryReturned { summary_id: summary_id.to_string(), reason: Some(reason.reference()) };
            Ok(happens(step, summary, Kind::SummaryReturned(event), [reason.clone()]))
        }
        OnSummary::HandOver(over) => hand_over(step, book, over),
    }
}

/// By the organ that is responsible now; every summary counts, whatever becomes of it, and no more are taken than the regulation
/// says. An original tells its writer nothing, and does not count.
fn submit(mut step: Step<'_>, book: &Book, submit: &SubmitSummary) -> Result<Outcome, Rejection> {
    if !step.case.is_under_way() {
        return Err(Rejection::State(step.case.state));
    }
    if step.case.responsible_organ != submit.organ {
        return Err(Rejection::NotResponsible { organ: submit.organ.clone() });
    }
    let attempt = match submit.kind {
        SummaryKind::Original => {
            if submit.working_copy_version != step.case.working_copy_version()
                || submit.working_copy_version == 0
            {
                return Err(Rejection::MasksNotConfirmed);
            }
            let asked =
                |one: &&Summary| one.kind() == SummaryKind::Original && one.held.writer == step.at.actor;
            let most = step.regulation.confidentiality().check.attempts;
            let before = book.summaries_of(step.case.case_id).filter(asked).count();
            if u32::try_from(before).unwrap_or(u32::MAX) >= most {
                return Err(Rejection::TooManyAttempts { most });
            }
            0
        }
        SummaryKind::Summary | SummaryKind::Unspecified => {
            let attempts = attempts(book, step.case.case_id, step.at.actor);
            let most = step.regulation.confidentiality().check.attempts;
            if attempts >= most {
                return Err(Rejection::TooManyAttempts { most });
            }
            attempts + 1
        }
    };
    let permission = permission(&step, submit.kind);
    let event = SummarySubmitted {
        summary_id: submit.summary_id.to_string(),
        kind: submit.kind.into(),
        organ: submit.organ.clone(),
        term: step.case.term,
        attempt,
        text: Some(submit.text.reference()),
        reason: submit.reason.as_ref().map(content::Draft::reference),
        working_copy_version: submit.working_copy_version,
        citation: Some(step.cite(&permission.basis, "", Some(&permission.text))),
    };
    let begun = Summary::begin(step.case.case_id, &event, step.at.now, step.at.actor);
    step.answer().summary = begun.map(|summary| summary_message(&summary, step.at.organ));
    step.happens(Kind::SummarySubmitted(event));
    for draft in [Some(&submit.text), submit.reason.as_ref()].into_iter().flatten() {
        step.keeps(Write::Draft(draft.clone()));
    }
    Ok(step.done())
}

/// How many summaries a person sent in on a case.
fn attempts(book: &Book, case_id: Uuid, writer: &str) -> u32 {
    let written = book.summaries_of(case_id).filter(|one| one.held.writer == writer);
    written.map(|one| one.submitted().attempt).max().unwrap_or(0)
}

/// In any state: what was handed over is looked at again. The reading is on record. Who wrote it does not see what was found.
fn review(step: Step<'_>, book: &Book, summary_id: Uuid) -> Result<Outcome, Rejection> {
    let summary = known(&step, book, summary_id)?;
    must_be_anothers(&step, &summary)?;
    let event = SummaryReviewed { summary_id: summary_id.to_string() };
    Ok(happens(step, summary, Kind::SummaryReviewed(event), []))
}

/// By another person than the writer, who looked at it; what leaves no doubt stands in the way.
fn approve(step: Step<'_>, book: &Book, approve: &ApproveSummary) -> Result<Outcome, Rejection> {
    let summary = to_decide(&step, book, approve.summary_id)?;
    let original = summary.kind() == SummaryKind::Original;
    if original && summary.submitted().working_copy_version != step.case.working_copy_version() {
        return Err(Rejection::MasksNotConfirmed);
    }
    let despite = step.regulation.confidentiality().check.despite_findings;
    let may_pass = !original && despite == DespiteFindings::WithReasons && approve.reasons.is_some();
    if approve.certain > 0 && !may_pass {
        return Err(Rejection::IdentityRevealed { findings: approve.certain });
    }
    let reasons = approve.reasons.clone().filter(|_| approve.certain > 0);
    let permission = permission(&step, summary.kind());
    let event = SummaryApproved {
        summary_id: approve.summary_id.to_string(),
        passed: approve.certain,
        reasons: reasons.as_ref().map(content::Draft::reference),
        citation: Some(step.cite(&permission.basis, "", Some(&permission.text))),
    };
    Ok(happens(step, summary, Kind::SummaryApproved(event), reasons))
}

/// What happened, by the organ that wrote it, whoever is responsible now.
fn hand_over(step: Step<'_>, book: &Book, over: &HandOverSummary) -> Result<Outcome, Rejection> {
    let summary = known(&step, book, over.summary_id)?;
    if summary.submitted().organ != over.organ {
        return Err(Rejection::NotResponsible { organ: over.organ.clone() });
    }
    let approved = summary.decided_at().filter(|_| summary.is_approved());
    if approved.is_none_or(|approved| over.at < approved) || over.at > step.at.now {
        return Err(nothing(over.summary_id));
    }
    let event = SummaryHandedOver {
        summary_id: over.summary_id.to_string(),
        way: over.way.into(),
        handed_over_at: Some(server::time::to_proto(over.at)),
        recipient: Some(over.recipient.reference()),
    };
    Ok(happens(step, summary, Kind::SummaryHandedOver(event), [over.recipient.clone()]))
}

/// It happens to this one; the answer tells how it stands then.
fn happens(
    mut step: Step<'_>,
    mut summary: Summary,
    kind: Kind,
    kept: impl IntoIterator<Item = content::Draft>,
) -> Outcome {
    summary.apply(&kind, step.at.now, step.at.actor);
    step.answer().summary = Some(summary_message(&summary, step.at.organ));
    step.happens(kind);
    for draft in kept {
        step.keeps(Write::Draft(draft));
    }
    step.done()
}

fn known(step: &Step<'_>, book: &Book, summary_id: Uuid) -> Result<Summary, Rejection> {
    book.summary(step.case.case_id, summary_id).cloned().ok_or_else(|| nothing(summary_id))
}

/// One in review, for somebody who did not write it and has looked at it.
fn to_decide(step: &Step<'_>, book: &Book, summary_id: Uuid) -> Result<Summary, Rejection> {
    let summary = known(step, book, summary_id)?;
    if !summary.is_in_review() {
        return Err(nothing(summary_id));
    }
    must_be_anothers(step, &summary)?;
    if !summary.held.reviewers.iter().any(|reviewer| reviewer == step.at.actor) {
        return Err(Rejection::NotReviewed);
    }
    Ok(summary)
}

fn must_be_anothers(step: &Step<'_>, summary: &Summary) -> Result<(), Rejection> {
    let person = step.at.actor;
    if summary.held.writer == person {
        return Err(Rejection::PersonExcluded { person: person.to_owned(), article: "15" });
    }
    Ok(())
}

fn permission<'a>(step: &Step<'a>, kind: SummaryKind) -> &'a Permission {
    let rules = step.regulation.confidentiality();
    if kind == SummaryKind::Original { &rules.original } else { &rules.summary }
}

fn nothing(id: Uuid) -> Rejection {
    Rejection::Nothing { what: "summary", id }
}
