//! Who investigates, and how: articles 18 and 19.

use duban::instance::Running;
use duban::place::Service;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::GetCaseRequest;
use duban_proto::routing::v1::{
    AddEvidenceRequest, AppointInvestigatorsRequest, ApproveDispositionRequest, ConfirmRecordRequest,
    CorrectRecordRequest, DecideLoanRequest, DeclareInterestRequest, EndDeputyRequest, GetCaseworkRequest,
    GetCaseworkResponse, GetRoutedCaseRequest, HandOverObstacle, HandOverRequest, ListDeputiesRequest,
    ListEvidenceRequest, ListLoansRequest, Loan, LoanGround, LoanRefusal, LoanState, PreviewHandOverRequest,
    RecordKind, RecusalGround, RecuseInvestigatorRequest, RemoveEvidenceRequest, ReplaceInvestigatorRequest,
    ReplacementGround, RequestLoanRequest, SetDeputyRequest, SetPlanRequest,
};
use e2e::{
    CENTRE, INVESTIGATORS, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use jiff::SignedDuration;
use ledger::Clock as _;
use ledger::rebuild::{self, Mode};
use tonic::Code;

use crate::archive;

async fn at_the_sub_centre(world: &World) -> Journey<'_> {
    Journey::routed(world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await.0
}

async fn casework(officer: &Officer, journey: &Journey<'_>) -> GetCaseworkResponse {
    let request = GetCaseworkRequest { case_id: journey.case_id(), term: 0 };
    officer.casework().get_casework(request).await.expect("casework").into_inner()
}

fn handler(world: &World, name: &str) -> Officer {
    world.officer("handler", SUB_CENTRE, name)
}

fn appoint(journey: &Journey<'_>, investigators: &[&str]) -> AppointInvestigatorsRequest {
    AppointInvestigatorsRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        investigators: investigators.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn evidence(journey: &Journey<'_>) -> AddEvidenceRequest {
    AddEvidenceRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        kind: "audiovisual".into(),
        collected_at: Some(journey.world.timestamp()),
        collected_by: INVESTIGATORS.map(String::from).to_vec(),
        attachment_id: complaints::request_id(),
        record_id: String::new(),
        text: "二楼大厅监控录像,显示三次退回材料。".into(),
        source: "罗店镇办事大厅".into(),
    }
}

fn declare(journey: &Journey<'_>) -> DeclareInterestRequest {
    DeclareInterestRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        ground: RecusalGround::Kin.into(),
        reason: "窗口工作人员是我的表弟。".into(),
    }
}

fn replace(journey: &Journey<'_>, former: &str, successor: &str) -> ReplaceInvestigatorRequest {
    ReplaceInvestigatorRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        former: former.into(),
        successor: successor.into(),
        ground: ReplacementGround::Recused.into(),
        reason: "原调查人员回避。".into(),
    }
}

/// The projections of routing are what its ledgers say.
async fn projections_hold(world: &World) {
    let running = world.instance.instance().and_then(|instance| instance.running(Service::Routing));
    let Some(Running::Routing(routing)) = running else { panic!("routing runs") };
    for organ in rebuild::organs(routing.writer()).await.expect("organs") {
        for table in rebuild::rebuild(routing.writer(), &organ, Mode::Check).await.expect("rebuilt") {
            assert!(table.same, "{table:?}");
        }
    }
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_whoever_has_an_interest_withdraws_and_is_replaced_with_a_reason() {
    let world = World::new().await;
    let journey = at_the_sub_centre(&world).await;
    journey.appoint(SUB_CENTRE).await;
    let mut wu = handler(&world, "wu.min").investigation();
    let told = wu.declare_interest(declare(&journey)).await.expect("withdrawn").into_inner();
    assert!(told.case.expect("a case").allowed_actions.is_empty(), "nothing is left to do");
    let refused =
        rejection(handler(&world, "wu.min").casework().record_investigation(journey.record_request(1)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "PERSON_EXCLUDED"));
    let leader = world.leader(SUB_CENTRE);
    let instead =
        rejection(leader.casework().appoint_investigators(appoint(&journey, &["zhao.si", "sun.li"])).await);
    assert_eq!(instead.reason, "REPLACEMENT_NEEDS_REASON");
    let mut without = replace(&journey, "wu.min", "zhao.si");
    without.reason.clear();
    assert_eq!(rejection(leader.investigation().replace_investigator(without).await).fields, ["reason"]);
    let replaced = leader.investigation().replace_investigator(replace(&journey, "wu.min", "zhao.si")).await;
    replaced.expect("replaced");
    let order = RecuseInvestigatorRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        person: "sun.li".into(),
        ground: RecusalGround::Subordinate.into(),
        reason: "系被投诉人下属。".into(),
    };
    leader.investigation().recuse_investigator(order).await.expect("ordered");
    let seen = casework(&leader, &journey).await;
    assert_eq!(seen.investigators, ["he.jun", "zhao.si"]);
    let [declared, ordered] = seen.recusals.as_slice() else { panic!("{seen:?}") };
    assert_eq!(
        (declared.person.as_str(), declared.by.as_str(), declared.ordered),
        ("wu.min", "wu.min", false)
    );
    assert_eq!(declared.reason, "窗口工作人员是我的表弟。");
    assert!(ordered.ordered && ordered.ground() == RecusalGround::Subordinate);
    assert_eq!(seen.replacements[0].reason, "原调查人员回避。");
    assert!(seen.took_part.contains(&"wu.min".to_owned()));
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_19_a_former_investigator_does_not_approve() {
    let world = World::new().await;
    let journey = at_the_sub_centre(&world).await;
    journey.appoint(SUB_CENTRE).await;
    let leader = world.leader(SUB_CENTRE);
    let replaced = leader.investigation().replace_investigator(replace(&journey, "he.jun", "zhao.si")).await;
    replaced.expect("replaced");
    let mut record = journey.record_request(1);
    record.investigators = vec!["wu.min".into(), "zhao.si".into()];
    handler(&world, "wu.min").casework().record_investigation(record).await.expect("recorded");
    journey.dispose(SUB_CENTRE).await;
    let approve = ApproveDispositionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
    };
    let former = world.officer("leader", SUB_CENTRE, "he.jun");
    let refused = rejection(former.casework().approve_disposition(approve).await);
    assert_eq!(refused.reason, "PERSON_EXCLUDED");
    assert!(refused.articles.iter().any(|article| article.contains("19")), "{refused:?}");
    journey.approve(SUB_CENTRE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_plan_records_and_evidence_are_kept_in_all_their_versions() {
    let world = World::new().await;
    let journey = at_the_sub_centre(&world).await;
    journey.appoint(SUB_CENTRE).await;
    let wu = handler(&world, "wu.min");
    let plan = |version: u32, text: &str| SetPlanRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        version,
        text: text.into(),
    };
    let mut investigation = wu.investigation();
    investigation.set_plan(plan(0, "先调监控。")).await.expect("planned");
    let stale = rejection(investigation.set_plan(plan(0, "再询问窗口。")).await);
    assert_eq!((stale.code, stale.reason.as_str()), (Code::Aborted, "VERSION_MISMATCH"));
    let planned = investigation.set_plan(plan(1, "再询问窗口。")).await.expect("planned anew").into_inner();
    assert_eq!(planned.version, 2);

    let mut interview = journey.record_request(1);
    (interview.kind, interview.confirmed) = (RecordKind::Interview.into(), false);
    let filed = wu.casework().record_investigation(interview).await.expect("recorded").into_inner();
    let case = filed.case.expect("a case");
    assert!(!case.allowed_actions().any(|action| action == Action::SubmitDisposition));
    assert!(case.allowed_actions().any(|action| action == Action::ConfirmRecord));
    let early = rejection(wu.casework().submit_disposition(journey.disposition_request(1)).await);
    assert_eq!((early.code, early.reason.as_str()), (Code::FailedPrecondition, "RECORD_MISSING"));
    let confirm = |version: u32, reason: &str| ConfirmRecordRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        record_id: filed.record_id.clone(),
        version,
        refused: !reason.is_empty(),
        reason: reason.into(),
    };
    investigation.confirm_record(confirm(1, "认为第三段与所述不符。")).await.expect("refused, and noted");
    let correct = CorrectRecordRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        record_id: filed.record_id.clone(),
        version: 1,
        taken_at: Some(world.timestamp()),
        place: "罗店镇办事大厅".into(),
        investigators: INVESTIGATORS.map(String::from).to_vec(),
        text: "更正第三段:系统故障为上午十时。".into(),
        confirmed: false,
    };
    let corrected = investigation.correct_record(correct).await.expect("corrected").into_inner();
    assert_eq!(corrected.version, 2);
    investigation.confirm_record(confirm(2, "")).await.expect("confirmed");

    let unknown = AddEvidenceRequest { kind: "rumour".into(), ..evidence(&journey) };
    assert_eq!(rejection(investigation.add_evidence(unknown).await).fields, ["kind"]);
    for number in [1, 2] {
        let added = investigation.add_evidence(evidence(&journey)).await.expect("listed").into_inner();
        assert_eq!(added.number, number);
    }
    let remove = RemoveEvidenceRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        number: 1,
        reason: "重复。".into(),
    };
    investigation.remove_evidence(remove).await.expect("taken off");

    let seen = casework(&world.leader(SUB_CENTRE), &journey).await;
    let plans: Vec<_> = seen.plans.iter().map(|plan| (plan.version, plan.text.as_str())).collect();
    assert_eq!(plans, [(1, "先调监控。"), (2, "再询问窗口。")]);
    let ([now], [earlier]) = (seen.records.as_slice(), seen.earlier_records.as_slice()) else {
        panic!("{seen:?}")
    };
    assert_eq!((now.version, now.confirmed, now.counts), (2, true, true));
    assert_eq!(now.text, "更正第三段:系统故障为上午十时。");
    assert_eq!((earlier.version, earlier.confirmed, earlier.counts), (1, false, false));
    assert_eq!((earlier.refused, earlier.refusal_reason.as_str()), (true, "认为第三段与所述不符。"));
    assert!(earlier.text.starts_with("经查看监控"));
    let list = ListEvidenceRequest { case_id: journey.case_id(), term: 0 };
    let listed = investigation.list_evidence(list).await.expect("the list").into_inner().evidence;
    assert_eq!(listed, seen.evidence);
    let [first, second] = listed.as_slice() else { panic!("{listed:?}") };
    assert_eq!((first.removal_reason.as_str(), second.removed_by.as_str()), ("重复。", ""));
    assert_eq!(second.source, "罗店镇办事大厅");
    let file = archive::volume(&world.supervisor(CENTRE), &journey).await.documents;
    assert!(archive::codes(&file).contains(&"plan"));
    assert_eq!(archive::says(archive::one(&file, "evidence"), "来源"), "罗店镇办事大厅");
    journey.dispose(SUB_CENTRE).await;
    journey.approve(SUB_CENTRE).await;
    projections_hold(&world).await;
}

/// The loan that the leader of the sub-centre asks for, once the centre has it.
async fn asked_for(world: &World, journey: &Journey<'_>) -> Loan {
    let request = RequestLoanRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        ground: LoanGround::TooFewStaff.into(),
        wanted: 1,
        approver: false,
    };
    lent_by_the_centre(world, request).await
}

/// What the leader of the sub-centre asks for, once the centre has it.
async fn lent_by_the_centre(world: &World, request: RequestLoanRequest) -> Loan {
    let asked =
        world.leader(SUB_CENTRE).investigation().request_loan(request).await.expect("asked").into_inner();
    assert_eq!(asked.lender, CENTRE);
    eventually("the request at the centre", async || {
        let request =
            ListLoansRequest { states: vec![LoanState::Open.into()], ..ListLoansRequest::default() };
        let loans = world.leader(CENTRE).investigation().list_loans(request).await.ok()?.into_inner().loans;
        loans.into_iter().find(|loan| loan.loan_id == asked.loan_id)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_an_officer_lent_by_the_parent_works_on_that_case_and_on_nothing_else() {
    let world = World::new().await;
    let (journey, other) = (at_the_sub_centre(&world).await, at_the_sub_centre(&world).await);
    let loan = asked_for(&world, &journey).await;
    assert_eq!((loan.borrower.as_str(), loan.case_id.as_str()), (SUB_CENTRE, journey.case_id().as_str()));
    let decide = DecideLoanRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        loan_id: loan.loan_id.clone(),
        officers: vec!["li.hua".into()],
        refusal: 0,
    };
    let lent = world.leader(CENTRE).investigation().decide_loan(decide).await.expect("lent").into_inner();
    assert_eq!(lent.loan.expect("a loan").state(), LoanState::Granted);
    let leader = world.leader(SUB_CENTRE);
    eventually("the loan at the sub-centre", async || {
        let seen = casework(&leader, &journey).await;
        seen.loans.first().filter(|loan| loan.state() == LoanState::Granted).map(drop)
    })
    .await;
    let li = world.officer("handler", CENTRE, "li.hua");
    let mine = li.investigation().list_loans(ListLoansRequest::default()).await.expect("a list").into_inner();
    assert_eq!(mine.loans.iter().map(|loan| &loan.case_id).collect::<Vec<_>>(), [&journey.case_id()]);
    let mut nobodys = world.officer("handler", CENTRE, "wu.min").investigation();
    let others = nobodys.list_loans(ListLoansRequest::default()).await.expect("a list").into_inner();
    assert!(others.loans.is_empty(), "lent nowhere");
    let look = |journey: &Journey<'_>| GetCaseworkRequest { case_id: journey.case_id(), term: 0 };
    let early = rejection(li.casework().get_casework(look(&journey)).await);
    assert_eq!(early.reason, "CASE_NOT_FOUND", "lent, and not appointed yet");
    let pair = ["li.hua", "wu.min"];
    for case in [&journey, &other] {
        leader.casework().appoint_investigators(appoint(case, &pair)).await.expect("appointed");
    }
    let request = GetRoutedCaseRequest { case_id: journey.case_id(), organ: String::new() };
    let case =
        li.routing().get_routed_case(request).await.expect("the case").into_inner().case.expect("a case");
    assert_eq!(case.organ, SUB_CENTRE);
    assert!(case.allowed_actions().any(|action| action == Action::RecordInvestigation), "{case:?}");
    let record = |journey: &Journey<'_>| {
        let mut record = journey.record_request(1);
        record.investigators = pair.map(String::from).to_vec();
        record
    };
    li.casework().record_investigation(record(&journey)).await.expect("recorded");
    li.investigation()
        .add_evidence(AddEvidenceRequest { collected_by: vec!["li.hua".into()], ..evidence(&journey) })
        .await
        .expect("listed");
    assert_eq!(casework(&li, &journey).await.evidence.len(), 1);
    li.casework().submit_disposition(journey.disposition_request(1)).await.expect("submitted");

    // Nothing else: not another case of that organ, even where the same name was appointed; no other rpc; no other officer.
    let elsewhere = [
        rejection(li.casework().get_casework(look(&other)).await),
        rejection(li.casework().record_investigation(record(&other)).await),
        rejection(world.officer("handler", CENTRE, "wu.min").casework().get_casework(look(&journey)).await),
        rejection(
            world
                .officer("leader", CENTRE, "li.hua")
                .casework()
                .approve_disposition(ApproveDispositionRequest {
                    request_id: complaints::request_id(),
                    case_id: journey.case_id(),
                    term: 1,
                })
                .await,
        ),
    ];
    assert!(elsewhere.iter().all(|refused| refused.reason == "CASE_NOT_FOUND"), "{elsewhere:?}");
    journey.approve(SUB_CENTRE).await;
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_an_officer_lent_who_withdraws_is_out() {
    let world = World::new().await;
    let journey = at_the_sub_centre(&world).await;
    let loan = asked_for(&world, &journey).await;
    let mut decide = DecideLoanRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        loan_id: loan.loan_id,
        officers: Vec::new(),
        refusal: 0,
    };
    let mut centre = world.leader(CENTRE).investigation();
    assert_eq!(rejection(centre.decide_loan(decide.clone()).await).fields, ["refusal"]);
    decide.officers.push("li.hua".into());
    centre.decide_loan(decide.clone()).await.expect("lent");
    decide.request_id = complaints::request_id();
    let again = rejection(centre.decide_loan(decide).await);
    assert_eq!(again.reason, "NOTHING_TO_ACT_ON");
    let leader = world.leader(SUB_CENTRE);
    let appointed = leader.casework().appoint_investigators(appoint(&journey, &["li.hua", "wu.min"])).await;
    appointed.expect("appointed");
    let li = world.officer("handler", CENTRE, "li.hua");
    eventually("the loan at the sub-centre", async || {
        li.investigation().declare_interest(declare(&journey)).await.ok().map(drop)
    })
    .await;
    let look = GetCaseworkRequest { case_id: journey.case_id(), term: 0 };
    assert_eq!(rejection(li.casework().get_casework(look).await).reason, "CASE_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_deputy_acts_for_who_is_away_and_both_names_are_kept() {
    let world = World::new().await;
    let journey = at_the_sub_centre(&world).await;
    journey.appoint(SUB_CENTRE).await;
    let leader = world.leader(SUB_CENTRE);
    let after = |hours| server::time::to_proto(world.clock().now() + SignedDuration::from_hours(hours));
    let mut set = SetDeputyRequest {
        request_id: complaints::request_id(),
        person: "wu.min".into(),
        deputy: "zhao.si".into(),
        begins_at: Some(after(1)),
        until: Some(after(0)),
    };
    let mut investigation = leader.investigation();
    assert_eq!(rejection(investigation.set_deputy(set.clone()).await).fields, ["until"]);
    set.until = Some(after(48));
    let deputy = investigation.set_deputy(set).await.expect("set").into_inner().deputy.expect("a deputyship");
    let zhao = handler(&world, "zhao.si");
    let record = || {
        let mut record = journey.record_request(1);
        record.investigators = vec!["he.jun".into(), "zhao.si".into()];
        record
    };
    let early = rejection(zhao.casework().record_investigation(record()).await);
    assert_eq!(early.reason, "PERSON_EXCLUDED");
    world.turn(SignedDuration::from_hours(2));
    let told = zhao.casework().record_investigation(record()).await.expect("recorded").into_inner();
    let case = told.case.expect("a case");
    assert!(case.allowed_actions().any(|action| action == Action::SubmitDisposition), "{case:?}");
    let seen = casework(&leader, &journey).await;
    assert_eq!(seen.records[0].investigators, ["he.jun", "zhao.si"]);
    assert_eq!(seen.records[0].on_behalf_of, ["wu.min"]);
    let end = EndDeputyRequest { request_id: complaints::request_id(), deputy_id: deputy.deputy_id.clone() };
    investigation.end_deputy(end).await.expect("ended");
    let listed =
        investigation.list_deputies(ListDeputiesRequest::default()).await.expect("a list").into_inner();
    assert_eq!(listed.deputies.len(), 1);
    assert!(
        listed.deputies[0].ended_at.is_some() && listed.deputies[0].set_by == format!("leader.{SUB_CENTRE}")
    );
    let late = rejection(zhao.casework().submit_disposition(journey.disposition_request(1)).await);
    assert_eq!(late.reason, "PERSON_EXCLUDED");
    journey.dispose(SUB_CENTRE).await;
    let approve = ApproveDispositionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
    };
    let deputy = world.officer("leader", SUB_CENTRE, "zhao.si");
    let refused = rejection(deputy.casework().approve_disposition(approve).await);
    assert_eq!(refused.reason, "PERSON_EXCLUDED", "acted as a deputy, and took part by it");
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_all_cases_of_an_officer_who_leaves_go_to_others_and_those_that_can_not_are_listed() {
    let world = World::new().await;
    let journeys =
        [at_the_sub_centre(&world).await, at_the_sub_centre(&world).await, at_the_sub_centre(&world).await];
    for journey in &journeys {
        journey.appoint(SUB_CENTRE).await;
    }
    let [first, _, concluded] = &journeys;
    concluded.record(SUB_CENTRE).await;
    concluded.dispose(SUB_CENTRE).await;
    concluded.approve(SUB_CENTRE).await;
    handler(&world, "zhao.si").investigation().declare_interest(declare(first)).await.expect("withdrawn");
    let mut leader = world.leader(SUB_CENTRE).investigation();
    let successors = vec!["zhao.si".to_owned()];
    let preview = PreviewHandOverRequest { officer: "wu.min".into(), successors: successors.clone() };
    let preview = leader.preview_hand_over(preview).await.expect("a preview").into_inner();
    let hand_over = HandOverRequest {
        request_id: complaints::request_id(),
        officer: "wu.min".into(),
        successors,
        ground: ReplacementGround::Left.into(),
    };
    let handed = leader.hand_over(hand_over.clone()).await.expect("handed over").into_inner();
    assert_eq!(handed.cases, preview.cases, "as it was previewed");
    assert_eq!((handed.cases.len(), handed.more), (2, false), "open ones alone");
    for case in &handed.cases {
        let expected = if case.case_id == first.case_id() {
            ("", HandOverObstacle::NobodyFree)
        } else {
            ("zhao.si", HandOverObstacle::Unspecified)
        };
        assert_eq!((case.successor.as_str(), case.obstacle()), expected);
        assert!(!case.number.is_empty());
    }
    let again = leader.hand_over(hand_over).await.expect("the same request").into_inner();
    assert_eq!(again, handed);
    let seen = casework(&world.leader(SUB_CENTRE), &journeys[1]).await;
    assert_eq!(seen.investigators, ["he.jun", "zhao.si"]);
    assert_eq!(seen.replacements[0].hand_over_id, handed.hand_over_id);
    let stays = casework(&world.leader(SUB_CENTRE), first).await;
    assert_eq!(stays.investigators, ["he.jun", "wu.min"]);
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_deputies_and_loans_are_listed_page_by_page() {
    let world = World::new().await;
    let mut leader = world.leader(SUB_CENTRE).investigation();
    let now = world.clock().now();
    let after = |hours| server::time::to_proto(now + SignedDuration::from_hours(hours));
    for hours in [24, 72, 48] {
        let set = SetDeputyRequest {
            request_id: complaints::request_id(),
            person: "wu.min".into(),
            deputy: format!("deputy.{hours}"),
            begins_at: Some(after(0)),
            until: Some(after(hours)),
        };
        leader.set_deputy(set).await.expect("set");
    }
    let (mut request, mut deputies) =
        (ListDeputiesRequest { page_size: 2, ..Default::default() }, Vec::new());
    loop {
        let page = leader.list_deputies(request.clone()).await.expect("a page").into_inner();
        deputies.extend(page.deputies.into_iter().map(|deputy| deputy.deputy));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(deputies, ["deputy.72", "deputy.48", "deputy.24"]);

    let mut asked = Vec::new();
    for _ in 0..3 {
        let journey = at_the_sub_centre(&world).await;
        asked.push(asked_for(&world, &journey).await);
        world.turn(SignedDuration::from_mins(1));
    }
    let mut centre = world.leader(CENTRE).investigation();
    let refuse = DecideLoanRequest {
        request_id: complaints::request_id(),
        case_id: asked[0].case_id.clone(),
        loan_id: asked[0].loan_id.clone(),
        officers: Vec::new(),
        refusal: LoanRefusal::NobodyFree.into(),
    };
    centre.decide_loan(refuse).await.expect("refused");
    let (mut request, mut loans) = (ListLoansRequest { page_size: 1, ..Default::default() }, Vec::new());
    loop {
        let page = centre.list_loans(request.clone()).await.expect("a page").into_inner();
        loans.extend(page.loans.into_iter().map(|loan| loan.loan_id));
        request.page_token = page.next_page_token;
        if request.page_token.is_empty() {
            break;
        }
    }
    let order = [&asked[1], &asked[2], &asked[0]].map(|loan| loan.loan_id.clone());
    assert_eq!(loans, order, "open ones first, the longest waiting first");
    let nobody = world.leader(SUB_CENTRE).investigation().list_loans(ListLoansRequest::default()).await;
    assert!(nobody.expect("a list").into_inner().loans.is_empty(), "nobody asked the sub-centre");
}

fn decides(journey: &Journey<'_>, loan: &Loan, officer: &str) -> DecideLoanRequest {
    DecideLoanRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        loan_id: loan.loan_id.clone(),
        officers: vec![officer.into()],
        refusal: 0,
    }
}

async fn granted(world: &World, journey: &Journey<'_>) {
    eventually("the loan at the sub-centre", async || {
        let seen = casework(&world.leader(SUB_CENTRE), journey).await;
        seen.loans.first().filter(|loan| loan.state() == LoanState::Granted).map(drop)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_19_a_leader_lent_by_the_parent_decides_on_that_case_and_on_nothing_else() {
    let world = World::new().await;
    let (journey, other) = (at_the_sub_centre(&world).await, at_the_sub_centre(&world).await);
    for case in [&journey, &other] {
        case.appoint(SUB_CENTRE).await;
        case.record(SUB_CENTRE).await;
        case.dispose(SUB_CENTRE).await;
    }
    let mut request = RequestLoanRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        ground: LoanGround::TooFewStaff.into(),
        wanted: 2,
        approver: true,
    };
    let refused = rejection(world.leader(SUB_CENTRE).investigation().request_loan(request.clone()).await);
    assert_eq!(refused.fields, ["wanted"]);
    request.wanted = 1;
    let loan = lent_by_the_centre(&world, request).await;
    assert!(loan.approves);
    let li = world.officer("leader", CENTRE, "li.hua");
    let approve = |case: &Journey<'_>| ApproveDispositionRequest {
        request_id: complaints::request_id(),
        case_id: case.case_id(),
        term: 1,
    };
    let early = rejection(li.casework().approve_disposition(approve(&journey)).await);
    assert_eq!(early.reason, "CASE_NOT_FOUND", "not lent yet");
    let decide = decides(&journey, &loan, "li.hua");
    world.leader(CENTRE).investigation().decide_loan(decide).await.expect("lent");
    granted(&world, &journey).await;
    let request = GetRoutedCaseRequest { case_id: journey.case_id(), organ: String::new() };
    let case = li.routing().get_routed_case(request).await.expect("the case").into_inner().case.expect("one");
    let may: Vec<Action> = case.allowed_actions().collect();
    assert_eq!(may, [Action::ReturnDisposition, Action::ApproveDisposition], "and nothing else");
    assert_eq!(casework(&li, &journey).await.dispositions.len(), 1, "and reads what to decide on");
    let elsewhere = rejection(li.casework().approve_disposition(approve(&other)).await);
    assert_eq!(elsewhere.reason, "CASE_NOT_FOUND");
    let another = world.officer("leader", CENTRE, "he.bin");
    let refused = rejection(another.casework().approve_disposition(approve(&journey)).await);
    assert_eq!(refused.reason, "CASE_NOT_FOUND", "who was not lent");
    li.casework().approve_disposition(approve(&journey)).await.expect("approved");
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_an_officer_on_loan_reads_the_working_copy_while_the_organ_handles_the_case() {
    let world = World::new().await;
    let journey = at_the_sub_centre(&world).await;
    let li = world.officer("handler", CENTRE, "li.hua");
    let look = || GetCaseRequest { case_id: journey.case_id() };
    assert_eq!(rejection(li.intake().get_case(look()).await).reason, "CASE_NOT_FOUND", "not lent yet");
    let loan = asked_for(&world, &journey).await;
    let decide = decides(&journey, &loan, "li.hua");
    world.leader(CENTRE).investigation().decide_loan(decide).await.expect("lent");
    let seen = eventually("the loan at intake", async || {
        Some(li.intake().get_case(look()).await.ok()?.into_inner())
    })
    .await;
    assert!(!seen.working_copy.is_empty());
    assert!(!seen.working_copy.contains(complaints::NAME), "who complains stays masked");
    assert_eq!(seen.case.expect("the case").allowed_actions, [0; 0]);
    let other = rejection(world.officer("handler", CENTRE, "wu.min").intake().get_case(look()).await);
    assert_eq!(other.reason, "CASE_NOT_FOUND", "who was not lent");
    granted(&world, &journey).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    let over = rejection(li.intake().get_case(look()).await);
    assert_eq!(over.reason, "CASE_NOT_FOUND", "the loan is over with the handling");
    crate::retention::projections_hold(&world).await;
}
