//! A case all the way: within one organ, handed down, reported up.

use access::Role;
use duban_proto::common::v1::{Action, CaseState, Finding, Rank, RespondentFacts, RespondentKind};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{ComplaintWithdrawn, DeliveryOutcome};
use duban_proto::routing::v1::{
    AcknowledgeTransferRequest, AppointInvestigatorsRequest, ApproveDispositionRequest, ArchiveCaseRequest,
    GetCaseworkRequest, GetCaseworkResponse, RecordInvestigationRequest, RecordKind,
    ReturnDispositionRequest, RouteCaseRequest, RouteCaseResponse, SubmitDispositionRequest, TermState,
};
use ledger::rebuild::{Mode, rebuild};
use ledger::{Clock as _, Organ};

use crate::harness::{
    CENTRE, INVESTIGATORS, OTHER, Running, TOWN, a_clerk, case, id, reason, respondent, start,
};

fn whole(organ: &str) -> RespondentFacts {
    respondent(organ, RespondentKind::Organ, Rank::Unspecified, false)
}

impl Running {
    pub(crate) async fn routes(&mut self, home: &str, organ: &str) -> RouteCaseResponse {
        let ready = self.until(home, 1, |case| case.working_copy_ready).await;
        let request = RouteCaseRequest {
            request_id: id(1),
            case_id: case(1).to_string(),
            version: ready.version,
            organ: organ.into(),
            reason: if organ.is_empty() { String::new() } else { "就近查办。".into() },
        };
        self.routing.route_case(self.by(Role::Leader, home, request)).await.unwrap().into_inner()
    }

    async fn acknowledges(&mut self, organ: &str) {
        let request = AcknowledgeTransferRequest { request_id: id(2), case_id: case(1).to_string(), term: 1 };
        self.routing.acknowledge_transfer(self.by(Role::Desk, organ, request)).await.unwrap();
    }

    async fn works(&mut self, organ: &str) {
        let case_id = case(1).to_string();
        let investigators = INVESTIGATORS.map(String::from).to_vec();
        let request = AppointInvestigatorsRequest {
            request_id: id(3),
            case_id: case_id.clone(),
            term: 1,
            investigators: investigators.clone(),
        };
        self.casework.appoint_investigators(self.by(Role::Leader, organ, request)).await.unwrap();
        let request = RecordInvestigationRequest {
            request_id: id(4),
            case_id,
            term: 1,
            kind: RecordKind::Interview.into(),
            taken_at: Some(server::time::to_proto(self.clock.now())),
            place: "办事大厅二楼".into(),
            investigators,
            text: "监控显示窗口三次退回材料。".into(),
            confirmed: true,
        };
        let request = self.as_person(INVESTIGATORS[0], Role::Handler, organ, request);
        self.casework.record_investigation(request).await.unwrap();
        self.submits(organ, 5).await;
    }

    async fn submits(&mut self, organ: &str, request: u128) {
        let request = SubmitDispositionRequest {
            request_id: id(request),
            case_id: case(1).to_string(),
            term: 1,
            finding: Finding::Founded.into(),
            measures: vec!["criticism_and_education".into()],
            report: "投诉属实。".into(),
            opinion: "建议批评教育。".into(),
            findings: Vec::new(),
        };
        let request = self.as_person(INVESTIGATORS[0], Role::Handler, organ, request);
        self.casework.submit_disposition(request).await.unwrap();
    }

    async fn approves(&mut self, organ: &str) {
        let request = ApproveDispositionRequest { request_id: id(6), case_id: case(1).to_string(), term: 1 };
        self.casework.approve_disposition(self.by(Role::Leader, organ, request)).await.unwrap();
    }

    async fn files(&mut self, organ: &str) {
        let request =
            ArchiveCaseRequest { request_id: id(7), case_id: case(1).to_string(), retention_years: 10 };
        self.casework.archive_case(self.by(Role::Archivist, organ, request)).await.unwrap();
    }

    async fn casework_seen(&mut self, role: Role, organ: &str) -> GetCaseworkResponse {
        let request = GetCaseworkRequest { case_id: case(1).to_string(), term: 0 };
        self.casework.get_casework(self.by(role, organ, request)).await.unwrap().into_inner()
    }

    /// What can be made again from the ledgers alone is as it was.
    pub(crate) async fn is_rebuilt_from_its_ledgers(&self, organs: &[&str]) {
        for organ in organs {
            let organ = Organ::new(organ).unwrap();
            for table in rebuild(self.service.writer(), &organ, Mode::Check).await.unwrap() {
                assert!(table.same, "{table:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_case_within_one_organ() {
    let mut running = start().await;
    running.accepted(CENTRE, 1, whole(OTHER)).await;
    let routed = running.routes(CENTRE, "").await;
    assert_eq!(routed.route.unwrap().organ, CENTRE);
    let told = routed.case.unwrap();
    let actions = [
        Action::AppointInvestigators,
        Action::AddCoHandlers,
        Action::DeclareInterest,
        Action::RecuseInvestigator,
    ];
    assert_eq!(
        (told.state(), told.allowed_actions),
        (CaseState::InHandling, actions.map(i32::from).to_vec()),
        "there is nobody above the centre who could lend officers"
    );
    running.works(CENTRE).await;
    let request = ReturnDispositionRequest {
        request_id: id(20),
        case_id: case(1).to_string(),
        term: 1,
        reason: "请补充取号记录。".into(),
    };
    let request = running.by(Role::Leader, CENTRE, request);
    running.casework.return_disposition(request).await.unwrap();
    running.submits(CENTRE, 21).await;
    running.approves(CENTRE).await;
    let seen = running.casework_seen(Role::Leader, CENTRE).await;
    assert_eq!(seen.investigators, INVESTIGATORS);
    assert_eq!(seen.records[0].text, "监控显示窗口三次退回材料。");
    assert_eq!(seen.records[0].place, "办事大厅二楼");
    let [returned, approved] = seen.dispositions.as_slice() else { panic!("{seen:?}") };
    assert_eq!(
        (returned.returned_because.as_str(), returned.report.as_str()),
        ("请补充取号记录。", "投诉属实。")
    );
    assert!(approved.approved && !returned.approved);
    running.replied(CENTRE, 1, DeliveryOutcome::Failed).await;
    running.replied(CENTRE, 1, DeliveryOutcome::Sent).await;
    running.until(CENTRE, 1, |case| case.state() == CaseState::Replied).await;
    running.files(CENTRE).await;
    running.is_rebuilt_from_its_ledgers(&[CENTRE]).await;
    running.stop().await;
}

#[tokio::test]
async fn art_6_2_a_case_handed_down_and_its_result_reported_back() {
    let mut running = start().await;
    running.accepted(CENTRE, 1, a_clerk()).await;
    assert_eq!(running.routes(CENTRE, "").await.route.unwrap().organ, TOWN);
    let held = running.until(TOWN, 1, |case| case.current_term == 1).await;
    assert_eq!((held.home.as_str(), held.terms[0].state()), (CENTRE, TermState::Begun));
    running.acknowledges(TOWN).await;
    running.until(CENTRE, 1, |case| case.terms[0].acknowledged_at.is_some()).await;
    running.works(TOWN).await;
    running.approves(TOWN).await;
    let home = running.until(CENTRE, 1, |case| case.state() == CaseState::Concluded).await;
    assert_eq!((home.finding(), home.measures.len()), (Finding::Founded, 1));
    let supervised = running.casework_seen(Role::Supervisor, CENTRE).await;
    assert_eq!(supervised.records[0].text, "监控显示窗口三次退回材料。", "supervision reads below");
    let sent = running.casework_seen(Role::Leader, CENTRE).await;
    assert!(sent.records.is_empty(), "the sender sees the term, not the casework of another organ");
    running.is_rebuilt_from_its_ledgers(&[CENTRE, TOWN]).await;
    running.stop().await;
}

#[tokio::test]
async fn house_a_case_reported_up_and_its_outcome_returned() {
    let mut running = start().await;
    running.accepted(TOWN, 1, respondent(TOWN, RespondentKind::Person, Rank::Section, true)).await;
    let up = running.routes(TOWN, "").await.route.unwrap();
    assert_eq!((up.organ.as_str(), up.up), (CENTRE, true));
    running.until(TOWN, 1, |case| case.home == CENTRE).await;
    running.routes(CENTRE, "").await;
    running.works(CENTRE).await;
    running.approves(CENTRE).await;
    running.until(TOWN, 1, |case| case.state() == CaseState::Concluded).await;
    running.replied(TOWN, 1, DeliveryOutcome::Acknowledged).await;
    running.until(CENTRE, 1, |case| case.state() == CaseState::Replied).await;
    running.files(CENTRE).await;
    running.until(TOWN, 1, |case| case.state() == CaseState::Archived).await;
    running.is_rebuilt_from_its_ledgers(&[CENTRE, TOWN]).await;
    running.stop().await;
}

#[tokio::test]
async fn house_an_automatic_case_is_with_its_organ_without_an_officer() {
    let mut running = start().await;
    running.accepts(CENTRE, 1, a_clerk(), true).await;
    running.until(CENTRE, 1, |case| case.state() == CaseState::Accepted).await;
    running.accepted(CENTRE, 1, a_clerk()).await;
    running.until(TOWN, 1, |case| case.current_term == 1).await;
    running.stop().await;
}

#[tokio::test]
async fn house_a_withdrawn_case_is_withdrawn_at_its_holder() {
    let mut running = start().await;
    running.accepted(CENTRE, 1, a_clerk()).await;
    running.routes(CENTRE, "").await;
    running.until(TOWN, 1, |case| case.current_term == 1).await;
    let withdrawn = ComplaintWithdrawn { goes_on: false };
    running.intake.says(CENTRE, case(1), Kind::ComplaintWithdrawn(withdrawn)).await;
    running.until(TOWN, 1, |case| case.state() == CaseState::Withdrawn).await;
    let request = AcknowledgeTransferRequest { request_id: id(2), case_id: case(1).to_string(), term: 1 };
    let request = running.by(Role::Desk, TOWN, request);
    let refused = running.routing.acknowledge_transfer(request).await.unwrap_err();
    assert_eq!(reason(&refused), "STATE_NOT_ALLOWED");
    running.stop().await;
}

#[tokio::test]
async fn a_request_that_comes_again_is_answered_as_before_and_done_once() {
    let mut running = start().await;
    running.accepted(CENTRE, 1, a_clerk()).await;
    let first = running.routes(CENTRE, CENTRE).await;
    let mut again = RouteCaseRequest {
        request_id: id(1),
        case_id: case(1).to_string(),
        version: 2,
        organ: CENTRE.into(),
        reason: "就近查办。".into(),
    };
    let request = running.by(Role::Leader, CENTRE, again.clone());
    let replayed = running.routing.route_case(request).await.unwrap().into_inner();
    assert_eq!(replayed, first);
    let request = running.by(Role::Desk, CENTRE, again.clone());
    let other_person = running.routing.route_case(request).await.unwrap_err();
    assert_eq!(reason(&other_person), "REQUEST_ID_REUSED");
    again.reason = "另有理由。".into();
    let request = running.by(Role::Leader, CENTRE, again);
    let other_body = running.routing.route_case(request).await.unwrap_err();
    assert_eq!(reason(&other_body), "REQUEST_ID_REUSED");
    running.stop().await;
}

#[tokio::test]
async fn art_15_prose_is_sealed() {
    let mut running = start().await;
    running.accepted(CENTRE, 1, whole(OTHER)).await;
    running.routes(CENTRE, "").await;
    running.works(CENTRE).await;
    let pool = running.db.pool("routing").await.unwrap();
    let found = async |words: &str, table: &str| -> i64 {
        let hex = "encode(convert_to($1, 'UTF8'), 'hex')";
        let statement = format!("select count(*) from {table} as t where position({hex} in t::text) > 0");
        sqlx::query_scalar(sqlx::AssertSqlSafe(statement)).bind(words).fetch_one(&pool).await.unwrap()
    };
    for table in ["entry", "routed_case", "content"] {
        assert_eq!(found("监控显示窗口", table).await, 0, "{table} has a record in the clear");
    }
    assert!(found(INVESTIGATORS[0], "entry").await > 0, "what is no secret is found so");
    let sealed: i64 = sqlx::query_scalar("select count(*) from content").fetch_one(&pool).await.unwrap();
    assert_eq!(sealed, 2, "the record and the report");
    running.stop().await;
}
