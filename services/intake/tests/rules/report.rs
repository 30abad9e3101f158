//! Reports of obstruction and retaliation in the centre's ledger (12).

use duban_proto::common::v1::Finding;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{DemandState, ReportKind, ReportReceived, ReportState};
use intake::domain::{Act, DemandAnswer, OnReport, Outcome, Rejection, Report};
use uuid::Uuid;

use crate::support::{CASE, Ledger, at, draft, kept, ledger, names};

const DEMAND: Uuid = Uuid::from_u128(50);
const TOWN: &str = "baoshan.luodian";
const NO_REPORT: Rejection = Rejection::Nothing { what: "report", id: CASE };
const NO_DEMAND: Rejection = Rejection::Nothing { what: "demand", id: DEMAND };

fn does(ledger: &mut Ledger, act: OnReport) -> Result<Outcome, Rejection> {
    ledger.acts(Act::OnReport(Box::new(act)))
}

fn submits(ledger: &mut Ledger) -> Result<Outcome, Rejection> {
    let received = ReportReceived {
        kind: ReportKind::Suppression.into(),
        organ: TOWN.into(),
        ..ReportReceived::default()
    };
    does(ledger, OnReport::Submit { received: Box::new(received), private: kept(Vec::new()) })
}

fn demands(ledger: &mut Ledger) -> Result<Outcome, Rejection> {
    let text = draft(Uuid::from_u128(51), 1).reference();
    let demand = DemandAnswer { demand_id: DEMAND, organ: TOWN.into(), text, private: kept(Vec::new()) };
    does(ledger, OnReport::Demand(demand))
}

fn answers(ledger: &mut Ledger, organ: &str) -> Result<Outcome, Rejection> {
    let text = draft(Uuid::from_u128(52), 1);
    does(ledger, OnReport::Answer { demand_id: DEMAND, organ: organ.into(), text })
}

fn closes(ledger: &mut Ledger) -> Result<Outcome, Rejection> {
    does(ledger, OnReport::Close { finding: Finding::Founded, text: draft(Uuid::from_u128(53), 1) })
}

fn ticks(ledger: &mut Ledger) -> Outcome {
    let at = ledger.now;
    does(ledger, OnReport::Overdue { demand_id: DEMAND, at }).unwrap()
}

fn report(ledger: &Ledger) -> &Report {
    ledger.book.report(CASE).unwrap()
}

fn demanded() -> Ledger {
    let mut ledger = ledger();
    submits(&mut ledger).unwrap();
    demands(&mut ledger).unwrap();
    ledger
}

#[test]
fn art_12_what_is_demanded_is_answered_by_that_organ_once() {
    let mut ledger = demanded();
    assert_eq!(report(&ledger).state(), ReportState::Demanded);
    assert_eq!(answers(&mut ledger, "baoshan.dachang").unwrap_err(), NO_DEMAND);
    let outcome = answers(&mut ledger, TOWN).unwrap();
    assert!(outcome.answer.report.is_none(), "who answers is told nothing of the report");
    let answered = outcome.answer.demand.unwrap();
    assert_eq!((answered.state(), answered.late), (DemandState::Answered, false));
    assert_eq!(report(&ledger).state(), ReportState::Answered);
    assert_eq!(answers(&mut ledger, TOWN).unwrap_err(), NO_DEMAND);
    ledger.now = at("2026-04-30 00:00");
    assert!(ticks(&mut ledger).facts.is_empty());
}

#[test]
fn art_12_a_demand_runs_out_once_and_a_late_answer_says_so() {
    let mut ledger = demanded();
    ledger.now = at("2026-03-09 23:59");
    assert!(ticks(&mut ledger).facts.is_empty(), "five workdays");
    ledger.now = at("2026-03-10 00:00");
    assert_eq!(names(&ticks(&mut ledger)), ["demand overdue"]);
    assert!(ticks(&mut ledger).facts.is_empty(), "once");
    assert_eq!(report(&ledger).demand(DEMAND).unwrap().state(), DemandState::Overdue);
    assert!(answers(&mut ledger, TOWN).unwrap().answer.demand.unwrap().late);
}

#[test]
fn art_12_a_report_is_closed_once_and_what_was_demanded_is_answered_all_the_same() {
    let mut ledger = demanded();
    let closed = closes(&mut ledger).unwrap().answer.report.unwrap();
    assert_eq!((closed.state(), closed.finding()), (ReportState::Closed, Finding::Founded));
    assert_eq!(closes(&mut ledger).unwrap_err(), NO_REPORT);
    assert_eq!(demands(&mut ledger).unwrap_err(), NO_REPORT);
    answers(&mut ledger, TOWN).unwrap();
    assert_eq!(report(&ledger).state(), ReportState::Closed);
}

#[test]
fn art_12_the_demand_says_nothing_of_the_report() {
    let mut ledger = ledger();
    assert_eq!(demands(&mut ledger).unwrap_err(), NO_REPORT);
    submits(&mut ledger).unwrap();
    assert_eq!(submits(&mut ledger).unwrap_err(), NO_REPORT);
    let outcome = demands(&mut ledger).unwrap();
    let Some(Kind::AnswerDemanded(demanded)) = outcome.facts.first() else { panic!("{outcome:?}") };
    assert!(!format!("{demanded:?}").contains(&CASE.to_string()));
    assert_eq!(demanded.citation.as_ref().unwrap().rule, "report_answer");
    assert_eq!(demanded.due_at, Some(server::time::to_proto(at("2026-03-10 00:00"))));
}
