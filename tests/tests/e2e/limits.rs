//! Limits inside intake: supplements, anonymous complaints (10), referrals (14(4)).

use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::{
    AcceptCaseRequest, Complainant, Complaint, GetCaseRequest, ListReferralsRequest, ListRepliesRequest,
    ProvideSupplementRequest, RecordReferralAnswerRequest, ReferCaseRequest, Referral, ReferralOutcome,
    ReferralState, RegisterCaseRequest, ReplyOccasion, RequestSupplementRequest, SubmitComplaintResponse,
    TrackCaseRequest, Treatment,
};
use e2e::{CENTRE, Journey, OTHER_SUB_CENTRE, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use tonic::Code;

/// A complaint whose author can't be reached.
fn without_contact() -> Complaint {
    let mut complaint = complaints::about_a_clerk(UNIT);
    let known = complaints::complainant();
    complaint.complainant =
        Some(Complainant { phones: vec![], address: String::new(), email: String::new(), ..known });
    complaint
}

/// A complaint of nobody.
fn anonymous() -> Complaint {
    let text = "窗口工作人员多次让人空跑,态度恶劣,请你们查一查监控。".to_owned();
    Complaint { complainant: None, text, ..complaints::about_a_clerk(UNIT) }
}

/// A case of which the contact was asked for; until when.
async fn asked(world: &World) -> (Journey<'_>, prost_types::Timestamp) {
    let journey = Journey::registered(world, CENTRE, without_contact()).await;
    let ask = RequestSupplementRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        fields: vec![],
    };
    let asked = world.desk(CENTRE).intake().request_supplement(ask).await.expect("asked").into_inner();
    (journey, asked.due_at.expect("a limit"))
}

async fn supplies(journey: &Journey<'_>) -> CaseState {
    let supply = ProvideSupplementRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        complaint: Some(complaints::about_a_clerk(UNIT)),
    };
    let mut desk = journey.world.desk(CENTRE).intake();
    let answer = desk.provide_supplement(supply).await.expect("taken in").into_inner();
    answer.case.expect("a case").state()
}

async fn kinds(journey: &Journey<'_>) -> Vec<String> {
    let request = GetCaseRequest { case_id: journey.case_id() };
    let case = journey.world.desk(CENTRE).intake().get_case(request).await.expect("the case").into_inner();
    case.timeline.into_iter().map(|line| line.kind).collect()
}

async fn steps(world: &World, receipt: &SubmitComplaintResponse) -> Vec<String> {
    let number = if receipt.number.is_empty() { &receipt.case_id } else { &receipt.number };
    let track = TrackCaseRequest { number: number.clone(), tracking_code: receipt.tracking_code.clone() };
    let tracked = world.anybody().intake().track_case(track).await.expect("tracked").into_inner();
    tracked.steps.into_iter().filter_map(|step| Some(step.text?.zh)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_a_supplement_that_does_not_come_in_time_leaves_a_lead_and_the_complainant_is_told() {
    let world = World::new().await;
    let (journey, due) = asked(&world).await;
    assert_eq!(journey.at_intake().await.supplement_due_at, Some(due));
    let due = server::time::from_proto(&due).expect("a moment");
    world.clock().set(due - jiff::SignedDuration::from_secs(1));
    assert_eq!(journey.at_intake().await.state(), CaseState::SupplementRequested);
    world.clock().set(due);
    let case = journey.reaches(CaseState::Lead).await;
    assert_eq!((case.treatment(), case.supplement_due_at), (Treatment::Lead, None));
    let told = journey.reply_due(ReplyOccasion::Lead).await;
    assert!(told.proposed_text.contains("线索") && told.proposed_text.contains(&case.number), "{told:?}");
    assert_eq!(steps(&world, &journey.receipt).await.last().map(String::as_str), Some("作为线索留存"));

    world.turn(jiff::SignedDuration::from_hours(24));
    assert_eq!(supplies(&journey).await, CaseState::Registered, "late, kept, and decided on anew");
    journey.accept().await;
    let all = kinds(&journey).await;
    assert_eq!(all.iter().filter(|kind| *kind == "complaint_treated").count(), 1, "once: {all:?}");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_a_limit_that_ran_out_while_stopped_is_dealt_with_once_after_the_start() {
    let mut world = World::new().await;
    let (receipt, due) = {
        let (journey, due) = asked(&world).await;
        (journey.receipt, due)
    };
    let due = server::time::from_proto(&due).expect("a moment");
    world.instance.restart_at(due + jiff::SignedDuration::from_hours(50)).await.expect("started again");
    let journey = Journey { world: &world, organ: CENTRE.into(), receipt };
    journey.reaches(CaseState::Lead).await;
    world.turn(jiff::SignedDuration::from_hours(1));
    let treated = kinds(&journey).await.into_iter().filter(|kind| kind == "complaint_treated").count();
    assert_eq!(treated, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_a_supplement_in_time_leaves_the_limit_nothing_to_do() {
    let world = World::new().await;
    let (journey, due) = asked(&world).await;
    let due = server::time::from_proto(&due).expect("a moment");
    world.clock().set(due - jiff::SignedDuration::from_secs(1));
    assert_eq!(supplies(&journey).await, CaseState::Registered);
    // Another one runs out at the same moment: when the tick has come to that, it has passed by this one.
    let (other, other_due) = asked(&world).await;
    world.clock().set(server::time::from_proto(&other_due).expect("a moment"));
    other.reaches(CaseState::Lead).await;
    assert_eq!(journey.at_intake().await.state(), CaseState::Registered);
    assert!(!kinds(&journey).await.contains(&"complaint_treated".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_an_anonymous_complaint_is_kept_as_a_lead_and_tracked_and_nobody_is_told() {
    let world = World::new().await;
    let mut desk = world.desk(CENTRE).intake();
    let receipt = desk.submit_complaint(complaints::submit(anonymous())).await.expect("kept").into_inner();
    assert_eq!(receipt.state(), CaseState::Lead);
    let journey = Journey { world: &world, organ: CENTRE.into(), receipt };
    let case = journey.at_intake().await;
    assert!(case.anonymous);
    assert_eq!(case.treatment(), Treatment::Lead);
    assert_eq!(steps(&world, &journey.receipt).await, ["已收到", "已登记", "作为线索留存"]);

    assert!(case.allowed_actions().any(|action| action == Action::Accept), "a lead may be taken up");
    let accept = AcceptCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        despite_missing: true,
        ..AcceptCaseRequest::default()
    };
    desk.accept_case(accept).await.expect("taken up");
    let list = ListRepliesRequest { case_id: journey.case_id(), ..ListRepliesRequest::default() };
    let replies = desk.list_replies(list).await.expect("a list").into_inner().replies;
    assert_eq!(replies, [], "there is nobody to tell");
    assert_eq!(steps(&world, &journey.receipt).await.last().map(String::as_str), Some("已受理"));

    // Whoever handles it is not told that nobody stands behind it.
    journey.mask().await;
    journey.route().await;
    let mut handler = world.officer("handler", SUB_CENTRE, "wu.min").intake();
    let request = GetCaseRequest { case_id: journey.case_id() };
    let seen =
        eventually("the case", async || handler.get_case(request.clone()).await.ok()).await.into_inner();
    let summary = seen.case.expect("a case");
    assert!(!summary.anonymous && summary.treatment() == Treatment::Unspecified, "{summary:?}");
    assert!(seen.timeline.iter().all(|line| line.kind != "complaint_treated"), "{:?}", seen.timeline);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_a_system_hands_in_an_anonymous_complaint_on_purpose() {
    let world = World::new().await;
    let mut agency = world.agency(CENTRE).intake();
    let by_chance = rejection(agency.submit_complaint(complaints::submit(anonymous())).await);
    assert!(by_chance.fields.contains(&"complaint.complainant.name".to_owned()), "{by_chance:?}");
    let named = Complaint { anonymous: true, ..complaints::about_a_clerk(UNIT) };
    let contradicts = rejection(agency.submit_complaint(complaints::submit(named)).await);
    assert_eq!(contradicts.fields, ["complaint.anonymous"]);

    let on_purpose = Complaint { anonymous: true, ..anonymous() };
    let receipt = agency.submit_complaint(complaints::submit(on_purpose)).await.expect("taken").into_inner();
    assert_eq!(receipt.state(), CaseState::Received);
    assert_eq!(steps(&world, &receipt).await, ["已收到"]);
    let register =
        RegisterCaseRequest { request_id: complaints::request_id(), case_id: receipt.case_id.clone() };
    let case =
        world.desk(CENTRE).intake().register_case(register).await.expect("registered").into_inner().case;
    assert_eq!(case.expect("a case").state(), CaseState::Lead);
    let journey = Journey { world: &world, organ: CENTRE.into(), receipt };
    journey.reply_due(ReplyOccasion::Lead).await;
}

/// A case that was referred to a department outside the system.
async fn referred(world: &World) -> Journey<'_> {
    let journey = Journey::registered(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let refer = ReferCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        department: "letters_and_visits".into(),
        explanation: "属于信访事项".into(),
    };
    world.desk(CENTRE).intake().refer_case(refer).await.expect("referred");
    journey
}

fn answer(journey: &Journey<'_>, answered_on: &str) -> RecordReferralAnswerRequest {
    RecordReferralAnswerRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        answered_on: answered_on.into(),
        outcome: ReferralOutcome::Handled.into(),
        text: "已由我办受理并答复信访人。".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_4_a_referral_is_tracked_reminded_once_and_answered() {
    let world = World::new().await;
    let (first, second) = (referred(&world).await, referred(&world).await);
    let list = async |states: &[ReferralState]| {
        let mut all = Vec::new();
        let mut page_token = String::new();
        loop {
            let states = states.iter().map(|state| (*state).into()).collect();
            let request = ListReferralsRequest { states, organ: String::new(), page_size: 1, page_token };
            let page =
                world.desk(CENTRE).intake().list_referrals(request).await.expect("a page").into_inner();
            all.extend(page.referrals);
            page_token = page.next_page_token;
            if page_token.is_empty() {
                return all;
            }
        }
    };
    let open = list(&[]).await;
    assert_eq!(open.len(), 2, "{open:?}");
    assert!(
        open.iter().all(|one| one.state() == ReferralState::Open && one.department == "letters_and_visits")
    );

    let mut desk = world.desk(CENTRE).intake();
    let tomorrow = rejection(desk.record_referral_answer(answer(&first, "2026-02-11")).await);
    assert_eq!(tomorrow.fields, ["answered_on"]);
    let request = answer(&first, "2026-02-10");
    let answered = desk.record_referral_answer(request.clone()).await.expect("recorded").into_inner();
    assert_eq!(answered.referral.as_ref().expect("a referral").state(), ReferralState::Answered);
    let again = desk.record_referral_answer(request).await.expect("the same").into_inner();
    assert_eq!(again, answered);
    let twice = rejection(desk.record_referral_answer(answer(&first, "2026-02-10")).await);
    assert_eq!((twice.code, twice.reason.as_str()), (Code::FailedPrecondition, "NOTHING_TO_ACT_ON"));
    let mut elsewhere = world.desk(OTHER_SUB_CENTRE).intake();
    let refused = rejection(elsewhere.record_referral_answer(answer(&second, "2026-02-10")).await);
    assert_eq!(refused.reason, "CASE_NOT_FOUND");

    let due =
        open.iter().find(|one| one.case_id == second.case_id()).and_then(|one| one.due_at).expect("a limit");
    world.clock().set(server::time::from_proto(&due).expect("a moment"));
    let overdue = eventually("the overdue referral", async || {
        Some(list(&[ReferralState::Overdue]).await).filter(|list| !list.is_empty())
    })
    .await;
    assert_eq!(overdue.iter().map(|one| one.case_id.clone()).collect::<Vec<_>>(), [second.case_id()]);
    assert_eq!(overdue.first().and_then(|one| one.overdue_since), Some(due));
    let all = list(&[]).await;
    let states: Vec<_> = all.iter().map(Referral::state).collect();
    assert_eq!(states, [ReferralState::Overdue, ReferralState::Answered]);
    assert!(all.iter().any(|one| one.text.contains("已由我办受理")), "{all:?}");
    let supervised = ListReferralsRequest::default();
    let seen = world.supervisor(CENTRE).intake().list_referrals(supervised.clone()).await.expect("a list");
    assert_eq!(seen.into_inner().referrals.len(), 2);
    let elsewhere = world.desk(OTHER_SUB_CENTRE).intake().list_referrals(supervised).await.expect("a list");
    assert_eq!(elsewhere.into_inner().referrals, []);

    let late =
        desk.record_referral_answer(answer(&second, "2026-02-12")).await.expect("recorded").into_inner();
    assert_eq!(late.referral.expect("a referral").state(), ReferralState::Answered);
    world.turn(jiff::SignedDuration::from_hours(24 * 30));
    let reminded = kinds(&second).await.iter().filter(|kind| *kind == "referral_overdue").count();
    assert_eq!(reminded, 1, "reminded once");
    world.ledgers_verify().await;
}
