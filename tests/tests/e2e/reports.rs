//! Reports of obstruction, suppression and retaliation, straight to the centre (12).

use duban_proto::common::v1::Finding;
use duban_proto::intake::v1::{
    AnswerDemandRequest, CloseReportRequest, Complainant, DemandAnswerRequest, DemandState, GetCaseRequest,
    ListCasesRequest, ListDemandsRequest, ListReportsRequest, OpenReportRequest, OpenReportResponse, Report,
    ReportKind, ReportState, ReportWay, SubmitReportRequest, SubmitTrackedReportRequest,
};
use duban_proto::supervision::v1::{ConcernKind, ListConcernsRequest};
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use tonic::Code;

/// Who reports; found nowhere but in sealed places.
const REPORTER: &str = "陶望舒";
/// What happened.
const TEXT: &str = "投诉以后,窗口负责人打电话威胁我撤诉,还停了我的临时岗位。";
/// What the centre asks.
const DEMAND: &str = "请就你单位对待投诉人的情况向中心书面说明。";

fn before_a_case() -> SubmitReportRequest {
    SubmitReportRequest {
        request_id: complaints::request_id(),
        case_id: String::new(),
        kind: ReportKind::Retaliation.into(),
        organ: SUB_CENTRE.into(),
        text: TEXT.into(),
        reporter: Some(Complainant {
            name: REPORTER.into(),
            phones: vec!["13800001234".into()],
            ..Complainant::default()
        }),
    }
}

fn tracked(journey: &Journey<'_>) -> SubmitTrackedReportRequest {
    SubmitTrackedReportRequest {
        request_id: complaints::request_id(),
        number: journey.receipt.number.clone(),
        tracking_code: journey.receipt.tracking_code.clone(),
        kind: ReportKind::Obstruction.into(),
        organ: SUB_CENTRE.into(),
        text: TEXT.into(),
    }
}

async fn listed(officer: &Officer) -> Vec<Report> {
    let answer = officer.reports().list_reports(ListReportsRequest::default()).await.expect("a list");
    answer.into_inner().reports
}

async fn open(officer: &Officer, report: &Report) -> OpenReportResponse {
    let request = opening(&report.report_id);
    officer.reports().open_report(request).await.expect("opened").into_inner()
}

fn opening(report_id: &str) -> OpenReportRequest {
    OpenReportRequest {
        request_id: complaints::request_id(),
        report_id: report_id.into(),
        purpose: "assess".into(),
    }
}

fn demand(report: &Report, organ: &str) -> DemandAnswerRequest {
    DemandAnswerRequest {
        request_id: complaints::request_id(),
        report_id: report.report_id.clone(),
        organ: organ.into(),
        text: DEMAND.into(),
    }
}

fn answer(demand_id: &str) -> AnswerDemandRequest {
    AnswerDemandRequest {
        request_id: complaints::request_id(),
        demand_id: demand_id.into(),
        text: "经查,负责人确有不当言语,已责令停止并道歉。".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_12_a_report_before_any_case_is_received_answered_and_closed_at_the_centre() {
    let world = World::new().await;
    let request = before_a_case();
    let mut town = world.desk(SUB_CENTRE).reports();
    let receipt = town.submit_report(request.clone()).await.expect("received").into_inner();
    assert!(receipt.received_at.is_some());
    assert_eq!(town.submit_report(request).await.expect("the same").into_inner(), receipt);

    let leader = world.leader(CENTRE);
    let reports = listed(&leader).await;
    assert_eq!(reports.len(), 1, "once: {reports:?}");
    let [report] = reports.as_slice() else { panic!("one report") };
    assert_eq!((report.state(), report.way()), (ReportState::Received, ReportWay::Desk));
    assert_eq!((report.kind(), report.organ.as_str()), (ReportKind::Retaliation, SUB_CENTRE));
    let opened = open(&leader, report).await;
    assert_eq!(opened.text, TEXT);
    assert_eq!(opened.reporter.expect("a reporter").name, REPORTER);

    let told = eventually("the centre's supervision is told", async || {
        let supervisor = world.supervisor(CENTRE);
        let answer = supervisor.supervision().list_concerns(ListConcernsRequest::default()).await.ok()?;
        answer.into_inner().concerns.into_iter().next()
    })
    .await;
    assert_eq!((told.kind(), &told.other_id), (ConcernKind::Report, &report.report_id));

    let naming =
        DemandAnswerRequest { text: format!("请说明{REPORTER}的情况。"), ..demand(report, "") };
    let naming = rejection(leader.reports().demand_answer(naming).await);
    assert_eq!(naming.fields, ["text"]);
    let demanded = leader.reports().demand_answer(demand(report, "")).await.expect("demanded").into_inner();
    assert_eq!(demanded.report.expect("a report").state(), ReportState::Demanded);
    let head = world.head(SUB_CENTRE);
    let demands = head.reports().list_demands(ListDemandsRequest::default()).await.expect("a list");
    let demands = demands.into_inner().demands;
    let [asked] = demands.as_slice() else { panic!("one demand: {demands:?}") };
    assert_eq!((asked.state(), asked.text.as_str()), (DemandState::Open, DEMAND));
    let told = format!("{asked:?}");
    assert!(!told.contains(REPORTER) && !told.contains(TEXT) && !told.contains(&report.report_id), "{told}");

    // It runs out, visibly at both ends, and is answered all the same.
    let due = server::time::from_proto(&asked.due_at.expect("a limit")).expect("a moment");
    world.clock().set(due);
    eventually("the overdue demand", async || {
        let at_centre = listed(&world.supervisor(CENTRE)).await;
        let demand = at_centre.first()?.demands.first()?.state();
        let theirs =
            world.leader(SUB_CENTRE).reports().list_demands(ListDemandsRequest::default()).await.ok()?;
        let there = theirs.into_inner().demands.first()?.state();
        (demand == DemandState::Overdue && there == DemandState::Overdue).then_some(())
    })
    .await;
    let request = answer(&asked.demand_id);
    let head = world.head(SUB_CENTRE);
    let answered = head.reports().answer_demand(request.clone()).await.expect("answered").into_inner();
    assert!(answered.demand.as_ref().expect("a demand").late);
    assert_eq!(head.reports().answer_demand(request).await.expect("the same").into_inner(), answered);
    let twice = rejection(head.reports().answer_demand(answer(&asked.demand_id)).await);
    assert_eq!(twice.reason, "NOTHING_TO_ACT_ON");

    let supervisor = world.supervisor(CENTRE);
    let close = CloseReportRequest {
        request_id: complaints::request_id(),
        report_id: report.report_id.clone(),
        finding: Finding::Founded.into(),
        text: "责令改正,恢复岗位,对负责人诫勉谈话。".into(),
    };
    let closed = supervisor.reports().close_report(close).await.expect("closed").into_inner();
    assert_eq!(closed.report.as_ref().expect("a report").state(), ReportState::Closed);
    let opened = open(&supervisor, report).await;
    assert!(opened.outcome.contains("恢复岗位"));
    let words = opened.report.expect("a report").demands.first().map(|demand| demand.answer.clone());
    assert!(words.is_some_and(|answer| answer.contains("道歉")));
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_12_whoever_has_number_and_code_reports_past_every_desk() {
    let world = World::new().await;
    let journey = Journey::registered(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let mut anybody = world.anybody().reports();
    let wrong = SubmitTrackedReportRequest { tracking_code: "WRONG-CODE".into(), ..tracked(&journey) };
    let refused = rejection(anybody.submit_tracked_report(wrong).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "TRACKING_NOT_FOUND"));
    anybody.submit_tracked_report(tracked(&journey)).await.expect("received");

    let reports = listed(&world.supervisor(CENTRE)).await;
    let [report] = reports.as_slice() else { panic!("one report: {reports:?}") };
    assert_eq!(
        (report.way(), report.case_id.as_str()),
        (ReportWay::Tracking, journey.receipt.case_id.as_str())
    );
    assert_eq!(report.case_organ, SUB_CENTRE);
    assert_eq!(open(&world.desk(CENTRE), report).await.text, TEXT);
    for _ in 1..10 {
        anybody.submit_tracked_report(tracked(&journey)).await.expect("received");
    }
    let eleventh = rejection(anybody.submit_tracked_report(tracked(&journey)).await);
    assert_eq!((eleventh.code, eleventh.reason.as_str()), (Code::ResourceExhausted, "OVERLOADED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_12_the_organ_concerned_learns_nothing_of_a_report() {
    let world = World::new().await;
    let journey = Journey::registered(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let before = GetCaseRequest { case_id: journey.case_id() };
    let before = world.head(SUB_CENTRE).intake().get_case(before).await.expect("the case").into_inner();
    world.anybody().reports().submit_tracked_report(tracked(&journey)).await.expect("received");
    let reports = listed(&world.leader(CENTRE)).await;
    let report = reports.first().expect("a report");
    let unknown = "01890000-0000-7000-8000-000000000000";

    for role in ["desk", "leader", "head", "supervisor", "handler", "archivist", "auditor"] {
        let officer = world.officer(role, SUB_CENTRE, &format!("{role}.of.town"));
        let refused = rejection(officer.reports().list_reports(ListReportsRequest::default()).await);
        assert_eq!(refused.code, Code::PermissionDenied, "{role}: {refused:?}");
        let there = rejection(officer.reports().open_report(opening(&report.report_id)).await);
        let nowhere = rejection(officer.reports().open_report(opening(unknown)).await);
        let told = |refused: &e2e::Rejected| (refused.code, refused.reason.clone(), refused.fields.clone());
        assert_eq!(told(&there), told(&nowhere), "{role}: whether there is a report makes no difference");
        let case = GetCaseRequest { case_id: report.report_id.clone() };
        let case = rejection(officer.intake().get_case(case).await);
        assert_eq!(case.reason, "CASE_NOT_FOUND", "{role}");
    }
    let head = world.head(SUB_CENTRE);
    let after = GetCaseRequest { case_id: journey.case_id() };
    assert_eq!(head.intake().get_case(after).await.expect("the case").into_inner(), before);
    let demands = head.reports().list_demands(ListDemandsRequest::default()).await.expect("a list");
    assert_eq!(demands.into_inner().demands, []);
    let cases = world.desk(CENTRE).intake().list_cases(ListCasesRequest::default()).await.expect("a list");
    assert!(cases.into_inner().cases.is_empty(), "a report is no case");

    // What is demanded of one organ is not there for another.
    let leader = world.leader(CENTRE);
    leader.reports().demand_answer(demand(report, OTHER_SUB_CENTRE)).await.expect("demanded");
    let theirs = world.leader(OTHER_SUB_CENTRE);
    let theirs =
        theirs.reports().list_demands(ListDemandsRequest::default()).await.expect("a list").into_inner();
    let demand_id = theirs.demands.first().expect("a demand").demand_id.clone();
    let there = rejection(head.reports().answer_demand(answer(&demand_id)).await);
    let nowhere = rejection(head.reports().answer_demand(answer(unknown)).await);
    assert_eq!((there.code, there.reason.as_str()), (nowhere.code, nowhere.reason.as_str()));
    // Not even the ledger of the organ has an entry of it, and no table of anything in clear.
    let pool = world.instance.db().admin_pool().await.expect("a pool");
    let entries: Vec<(String, String)> = sqlx::query_as(
        "select distinct organ, kind from intake.entry where kind like '%report%' or kind like '%demand%'",
    )
    .fetch_all(&pool)
    .await
    .expect("entries");
    assert!(!entries.is_empty() && entries.iter().all(|(organ, _)| organ == CENTRE), "{entries:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_12_a_report_about_the_centre_is_for_its_supervision_alone() {
    let world = World::new().await;
    let request = SubmitReportRequest { organ: CENTRE.into(), ..before_a_case() };
    world.desk(SUB_CENTRE).reports().submit_report(request).await.expect("received");
    let reports = listed(&world.supervisor(CENTRE)).await;
    let report = reports.first().expect("a report");
    assert_eq!(listed(&world.leader(CENTRE)).await, []);
    let there = rejection(world.leader(CENTRE).reports().open_report(opening(&report.report_id)).await);
    assert_eq!(there.reason, "NOTHING_TO_ACT_ON");
    assert_eq!(open(&world.supervisor(CENTRE), report).await.text, TEXT);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_12_what_is_wrong_with_a_report_is_told_at_once_and_a_foreign_case_is_not_there() {
    let world = World::new().await;
    let journey = Journey::registered(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let mut elsewhere = world.desk(OTHER_SUB_CENTRE).reports();
    let wrong = SubmitReportRequest {
        kind: 0,
        organ: "baoshan.nowhere".into(),
        text: String::new(),
        ..before_a_case()
    };
    let refused = rejection(elsewhere.submit_report(wrong).await);
    assert_eq!(refused.fields, ["kind", "organ", "text"]);
    assert!(refused.chinese);
    let foreign = SubmitReportRequest { case_id: journey.case_id(), ..before_a_case() };
    assert_eq!(rejection(elsewhere.submit_report(foreign).await).reason, "CASE_NOT_FOUND");
    let own = SubmitReportRequest { case_id: journey.case_id(), reporter: None, ..before_a_case() };
    world.desk(SUB_CENTRE).reports().submit_report(own).await.expect("on an own case");
    assert_eq!(listed(&world.supervisor(CENTRE)).await.len(), 1);
}
