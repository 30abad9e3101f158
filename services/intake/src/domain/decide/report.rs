//! Reports of obstruction, suppression and retaliation (12): received, read, answered and closed in the centre's ledger.

use std::sync::Arc;

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    AnswerDemanded, DemandAnswered, DemandOverdue, DemandState, ReportClosed, ReportOpened, ReportState,
};
use jiff::Timestamp;
use regulation::{Rules, Stage};
use uuid::Uuid;

use super::step::cite;
use super::{At, Outcome, Write};
use crate::domain::{
    Answer, Book, DemandAnswer, OnReport, Rejection, Report, demand_message, report_message,
};

/// Decides what is asked about a report.
pub(super) fn decide(
    rules: &Rules,
    book: &Book,
    report_id: Uuid,
    act: &OnReport,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let nothing = Rejection::Nothing { what: "report", id: report_id };
    if let OnReport::Submit { received, private } = act {
        let (kind, report) = match book.report(report_id) {
            Some(_) => return Err(nothing),
            None => (
                Kind::ReportReceived(received.as_ref().clone()),
                Report::begin(report_id, received.as_ref().clone(), at.now),
            ),
        };
        let write = Write::Private(Arc::clone(private));
        return Ok(outcome(kind, &report, vec![write]));
    }
    let report = book.report(report_id).ok_or(nothing)?;
    match act {
        OnReport::Submit { .. } => Err(Rejection::Nothing { what: "report", id: report_id }),
        OnReport::Open { purpose } => {
            Ok(outcome(Kind::ReportOpened(ReportOpened { purpose: purpose.clone() }), report, Vec::new()))
        }
        OnReport::Demand(demand) => self::demand(rules, report, demand, at),
        OnReport::Answer { demand_id, organ, text } => {
            let late = report.demand(*demand_id).is_some_and(|demand| demand.due_at() <= at.now);
            let text = Some(text.reference());
            let event = DemandAnswered { demand_id: demand_id.to_string(), late, text };
            answer(report, *demand_id, organ, event, at)
        }
        OnReport::Overdue { demand_id, at: by } => Ok(overdue(report, *demand_id, *by)),
        OnReport::Close { finding, text } => {
            must_be_open(report)?;
            let event = ReportClosed { finding: (*finding).into(), text: Some(text.reference()) };
            let closed = Report { closed: Some(event.clone()), closed_at: Some(at.now), ..report.clone() };
            Ok(outcome(Kind::ReportClosed(event), &closed, Vec::new()))
        }
    }
    .map(|outcome| with_draft(outcome, act))
}

/// Within the regulation's limit.
fn demand(rules: &Rules, report: &Report, demand: &DemandAnswer, at: At<'_>) -> Result<Outcome, Rejection> {
    must_be_open(report)?;
    let regulation = rules.for_organ(at.organ);
    let limit = regulation.limit(Stage::ReportAnswer).ok_or(Rejection::NoLimit("report_answer"))?;
    let due_at = rules.due(at.organ, at.now, limit.length).at;
    let article = limit.basis.article().unwrap_or_default();
    let event = AnswerDemanded {
        demand_id: demand.demand_id.to_string(),
        organ: demand.organ.clone(),
        due_at: Some(server::time::to_proto(due_at)),
        text: Some(demand.text.clone()),
        citation: Some(cite(regulation, article, limit.stage.code(), Some(&limit.text))),
    };
    let mut report = report.clone();
    report.demands.extend(crate::domain::Demand::of(report.report_id, &event, at.now));
    let write = Write::Private(Arc::clone(&demand.private));
    Ok(outcome(Kind::AnswerDemanded(event), &report, vec![write]))
}

/// By the organ of which it was demanded, once; in time or late. To any other organ, there is no such demand.
fn answer(
    report: &Report,
    demand_id: Uuid,
    organ: &str,
    event: DemandAnswered,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let demand = report.demand(demand_id).filter(|demand| demand.demanded.organ == organ);
    let open = demand.filter(|demand| demand.state() != DemandState::Answered);
    let mut demand = open.ok_or(Rejection::Nothing { what: "demand", id: demand_id })?.clone();
    (demand.answered, demand.answered_at) = (Some(event.clone()), Some(at.now));
    Ok(Outcome {
        facts: vec![Kind::DemandAnswered(event)],
        answer: Answer { demand: Some(demand_message(&demand)), ..Answer::default() },
        ..Outcome::default()
    })
}

/// Its limit ran out, as the tick found; nothing where it was answered, or that is on record already.
fn overdue(report: &Report, demand_id: Uuid, now: Timestamp) -> Outcome {
    let demand = report.demand(demand_id).filter(|demand| demand.next_at().is_some_and(|due| due <= now));
    let Some(demand) = demand else { return Outcome::default() };
    let event = DemandOverdue {
        demand_id: demand_id.to_string(),
        organ: demand.demanded.organ.clone(),
        due_at: demand.demanded.due_at,
    };
    Outcome { facts: vec![Kind::DemandOverdue(event)], ..Outcome::default() }
}

fn must_be_open(report: &Report) -> Result<(), Rejection> {
    if report.state() == ReportState::Closed {
        return Err(Rejection::Nothing { what: "report", id: report.report_id });
    }
    Ok(())
}

fn outcome(kind: Kind, report: &Report, writes: Vec<Write>) -> Outcome {
    let answer = Answer { report: Some(report_message(report)), ..Answer::default() };
    Outcome { facts: vec![kind], answer, writes, ..Outcome::default() }
}

/// What was written is kept with the entry that commits to it.
fn with_draft(mut outcome: Outcome, act: &OnReport) -> Outcome {
    if let OnReport::Answer { text, .. } | OnReport::Close { text, .. } = act {
        outcome.writes.push(Write::Draft(text.clone()));
    }
    outcome
}
