//! What the tick does, and that the tables come out the same when they are rebuilt.

use access::Role;
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    DemandAnswerRequest, ListReferralsRequest, ListReportsRequest, ReferCaseRequest, ReferralState,
    ReportKind, ReportState, RequestSupplementRequest, SubmitReportRequest,
};
use ledger::Organ;
use ledger::rebuild::{Mode, rebuild};

use crate::complaint::{about_a_clerk, id, without_contact};
use crate::harness::{CENTRE, Running, TOWN, at, start};

async fn asked(running: &mut Running) -> String {
    let case_id = running.registered(1, without_contact()).await.case_id;
    let ask = RequestSupplementRequest {
        request_id: id(2),
        case_id: case_id.clone(),
        version: 2,
        fields: Vec::new(),
    };
    let request = running.by(Role::Desk, CENTRE, ask);
    running.client.request_supplement(request).await.unwrap();
    case_id
}

async fn referred(running: &mut Running) {
    let case_id = running.registered(3, about_a_clerk()).await.case_id;
    let refer = ReferCaseRequest {
        request_id: id(4),
        case_id,
        version: 2,
        department: "letters_and_visits".into(),
        explanation: String::new(),
    };
    let request = running.by(Role::Desk, CENTRE, refer);
    running.client.refer_case(request).await.unwrap();
}

async fn demanded(running: &mut Running) {
    let submit = SubmitReportRequest {
        request_id: id(5),
        kind: ReportKind::Suppression.into(),
        organ: TOWN.into(),
        text: "不让我投诉。".into(),
        ..SubmitReportRequest::default()
    };
    let request = running.by(Role::Desk, TOWN, submit);
    running.reports.submit_report(request).await.unwrap();
    let request = running.by(Role::Leader, CENTRE, ListReportsRequest::default());
    let report = running.reports.list_reports(request).await.unwrap().into_inner().reports.remove(0);
    let demand = DemandAnswerRequest {
        request_id: id(6),
        report_id: report.report_id,
        organ: String::new(),
        text: "请说明。".into(),
    };
    let request = running.by(Role::Leader, CENTRE, demand);
    running.reports.demand_answer(request).await.unwrap();
}

#[tokio::test]
async fn limits_of_all_kinds_run_out_and_the_tables_can_be_rebuilt() {
    let mut running = start().await;
    let case_id = asked(&mut running).await;
    referred(&mut running).await;
    demanded(&mut running).await;
    running.clock.set(at("2026-04-30 10:00"));
    let case = running.until(&case_id, |case| case.state() == CaseState::Lead).await;
    assert!(!case.anonymous);
    let mut heads = running.service.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let list = ListReferralsRequest { states: vec![ReferralState::Overdue.into()], ..Default::default() };
        let request = running.by(Role::Desk, CENTRE, list);
        let referrals = running.client.list_referrals(request).await.unwrap().into_inner().referrals;
        let request = running.by(Role::Leader, CENTRE, ListReportsRequest::default());
        let reports = running.reports.list_reports(request).await.unwrap().into_inner().reports;
        let demand = reports[0].demands[0].state();
        if referrals.len() == 1 && demand == duban_proto::intake::v1::DemandState::Overdue {
            assert_eq!(reports[0].state(), ReportState::Demanded);
            break;
        }
        tokio::time::timeout(std::time::Duration::from_secs(20), heads.changed()).await.unwrap().unwrap();
    }
    let writer = running.service.writer();
    let rebuilt = rebuild(writer, &Organ::new(CENTRE).unwrap(), Mode::Check).await.unwrap();
    for table in &rebuilt {
        assert!(table.same, "{table:?}");
    }
    for name in ["case_file", "reply", "referral", "report", "report_demand"] {
        assert!(
            rebuilt.iter().any(|table| table.table == name && table.rows_before > 0),
            "{name}: {rebuilt:?}"
        );
    }
    running.stop().await;
}
