//! A case's instruments, and what follows a result: articles 3, 7 and 22.

use duban_proto::common::v1::{Action, CaseState, Finding};
use duban_proto::intake::v1::{DeliveryOutcome, ReplyOccasion};
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{
    AcceptInstrumentAnswerRequest, AppointInvestigatorsRequest, ApproveDispositionRequest,
    ArchiveCaseRequest, DraftInstrumentRequest, GetInstrumentRequest, Instrument, InstrumentAddressee,
    InstrumentDelivery, InstrumentKind, InstrumentState, IssueInstrumentRequest, ListInstrumentsRequest,
    RecordInstrumentAnswerRequest, RecordInstrumentDeliveryRequest, RecordInvestigationRequest,
    RejectInstrumentAnswerRequest, ReopenCaseRequest, ReopenCaseResponse,
};
use duban_proto::supervision::v1::{ClockKind, GetBoardRequest, StopReason};
use e2e::{CENTRE, INVESTIGATORS, Journey, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use tonic::Status;

use crate::archive;
use crate::retention::projections_hold;

const OTHERS: [&str; 2] = ["sun.li", "zhao.si"];

async fn at_the_centre(world: &World) -> Journey<'_> {
    let journey = Journey::routed(world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await.0;
    journey.appoint(CENTRE).await;
    journey
}

fn draft(journey: &Journey<'_>, kind: InstrumentKind, addressee: To) -> DraftInstrumentRequest {
    DraftInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        kind: kind.into(),
        addressee: Some(InstrumentAddressee { to: Some(addressee) }),
        title: "关于调取材料的通知".into(),
        text: "请提供二月四日办事大厅三号窗口的取号记录。".into(),
        ..DraftInstrumentRequest::default()
    }
}

async fn drafted(world: &World, request: DraftInstrumentRequest) -> Instrument {
    let [first, _] = INVESTIGATORS;
    let mut handler = world.officer("handler", CENTRE, first).instruments();
    handler.draft_instrument(request).await.expect("drafted").into_inner().instrument.expect("an instrument")
}

async fn issued(world: &World, instrument: &Instrument) -> Instrument {
    let request = IssueInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: instrument.case_id.clone(),
        instrument_id: instrument.instrument_id.clone(),
    };
    let answer = world.leader(CENTRE).instruments().issue_instrument(request).await.expect("issued");
    answer.into_inner().instrument.expect("an instrument")
}

fn answer(instrument: &Instrument, day: &str) -> RecordInstrumentAnswerRequest {
    RecordInstrumentAnswerRequest {
        request_id: complaints::request_id(),
        case_id: instrument.case_id.clone(),
        instrument_id: instrument.instrument_id.clone(),
        received_on: day.into(),
        text: "取号记录共三页,附后。".into(),
        ..RecordInstrumentAnswerRequest::default()
    }
}

async fn read(world: &World, instrument: &Instrument) -> Instrument {
    let request = GetInstrumentRequest {
        case_id: instrument.case_id.clone(),
        instrument_id: instrument.instrument_id.clone(),
    };
    let answer = world.leader(CENTRE).instruments().get_instrument(request).await.expect("an instrument");
    answer.into_inner().instrument.expect("an instrument")
}

/// The instrument, once it stands there.
async fn stands(world: &World, instrument: &Instrument, state: InstrumentState) -> Instrument {
    eventually(&format!("an instrument in {state:?}"), async || {
        Some(read(world, instrument).await).filter(|now| now.state() == state)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn art_7_documents_are_demanded_under_a_number_reminded_of_overdue_and_answered() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let paper = drafted(&world, draft(&journey, InstrumentKind::DemandDocuments, To::Respondent(0))).await;
    assert_eq!((paper.state(), paper.number.as_str()), (InstrumentState::Drafted, ""));
    let issue = IssueInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instrument_id: paper.instrument_id.clone(),
    };
    let [first, _] = INVESTIGATORS;
    let mut drafter = world.officer("leader", CENTRE, first).instruments();
    assert_eq!(rejection(drafter.issue_instrument(issue).await).reason, "PERSON_EXCLUDED");
    let paper = issued(&world, &paper).await;
    assert_eq!((paper.number.as_str(), paper.signed_by.as_str()), ("宝效调〔2026〕1号", "leader.baoshan"));
    assert_eq!(paper.citation.clone().expect("a citation").article, "7(1)");
    let second = drafted(&world, draft(&journey, InstrumentKind::DemandDocuments, To::Respondent(0))).await;
    assert_eq!(issued(&world, &second).await.number, "宝效调〔2026〕2号");

    let delivered = RecordInstrumentDeliveryRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instrument_id: paper.instrument_id.clone(),
        delivered_on: "2026-02-10".into(),
        way: InstrumentDelivery::InPerson.into(),
    };
    world.desk(CENTRE).instruments().record_instrument_delivery(delivered).await.expect("delivered");

    // Issued on 10 February: 11, 12, 13, 14 (made up), and after Spring Festival 24 are the five workdays.
    world.turn_to("2026-02-24 08:00");
    let reminded = eventually("a reminder", async || {
        Some(read(&world, &paper).await).filter(|now| now.reminded_at.is_some())
    })
    .await;
    assert_eq!(reminded.state(), InstrumentState::Delivered);
    world.turn_to("2026-02-25 08:00");
    stands(&world, &paper, InstrumentState::Overdue).await;
    let open = ListInstrumentsRequest {
        states: vec![InstrumentState::Overdue.into()],
        page_size: 1,
        ..ListInstrumentsRequest::default()
    };
    stands(&world, &second, InstrumentState::Overdue).await;
    let mut seen = Vec::new();
    let mut page = ListInstrumentsRequest { ..open };
    loop {
        let listed =
            world.supervisor(CENTRE).instruments().list_instruments(page.clone()).await.expect("a page");
        let listed = listed.into_inner();
        seen.extend(listed.instruments.into_iter().map(|one| one.number));
        if listed.next_page_token.is_empty() {
            break;
        }
        page.page_token = listed.next_page_token;
    }
    seen.sort();
    assert_eq!(seen, ["宝效调〔2026〕1号", "宝效调〔2026〕2号"]);

    let late = world.desk(CENTRE).instruments().record_instrument_answer(answer(&paper, "2026-02-25")).await;
    let late = late.expect("a late answer is taken").into_inner().instrument.expect("an instrument");
    assert_eq!(late.state(), InstrumentState::Answered);
    let accept = AcceptInstrumentAnswerRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instrument_id: paper.instrument_id.clone(),
    };
    world
        .officer("handler", CENTRE, first)
        .instruments()
        .accept_instrument_answer(accept)
        .await
        .expect("in order");
    let settled = read(&world, &paper).await;
    assert_eq!(settled.state(), InstrumentState::Settled);
    assert_eq!(settled.text, "请提供二月四日办事大厅三号窗口的取号记录。", "what is printed is all there");
    assert_eq!(settled.answers[0].text, "取号记录共三页,附后。");
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_7_all_that_is_not_well_formed_is_told_at_once() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let [first, _] = INVESTIGATORS;
    let mut handler = world.officer("handler", CENTRE, first).instruments();
    let mut request = draft(&journey, InstrumentKind::DemandDocuments, To::Respondent(0));
    request.addressee_name = "某单位".into();
    request.title.clear();
    request.measures = vec!["flogging".into()];
    request.answer_within = "soon".into();
    let refused = rejection(handler.draft_instrument(request).await);
    for field in ["addressee_name", "title", "measures[0]", "measures", "answer_within"] {
        assert!(refused.fields.iter().any(|name| name == field), "{field} in {refused:?}");
    }
    let nowhere = draft(&journey, InstrumentKind::RequestCooperation, To::Organ("baoshan.luodan".into()));
    assert_eq!(rejection(handler.draft_instrument(nowhere).await).reason, "ORGAN_NOT_FOUND");
    let refused =
        handler.draft_instrument(draft(&journey, InstrumentKind::Announcement, To::Respondent(0))).await;
    assert_eq!(rejection(refused).reason, "REGULATION_FORBIDS");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_22_the_centre_recommends_and_the_authority_decides_otherwise_and_reports_it_back() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    journey.record(CENTRE).await;
    journey.dispose(CENTRE).await;
    journey.approve(CENTRE).await;
    let mut request = draft(&journey, InstrumentKind::Recommendation, To::Authority(true));
    request.addressee_name = "中共宝山区委组织部".into();
    request.measures = vec!["circulated_criticism".into()];
    let paper = issued(&world, &drafted(&world, request).await).await;
    assert_eq!((paper.number.as_str(), paper.finding()), ("宝效建〔2026〕1号", Finding::Founded));
    let mut decided = answer(&paper, "2026-02-10");
    decided.measure = "formal_admonition".into();
    decided.decided_by = "区委组织部部务会".into();
    decided.decided_on = "2026-02-10".into();
    let mut undated = decided.clone();
    undated.decided_on.clear();
    let mut desk = world.desk(CENTRE).instruments();
    let refused = rejection(desk.record_instrument_answer(undated).await);
    assert!(refused.fields.contains(&"decided_on".to_owned()), "{refused:?}");
    desk.record_instrument_answer(decided).await.expect("recorded");
    let paper = read(&world, &paper).await;
    let [told] = paper.answers.as_slice() else { panic!("{paper:?}") };
    assert_eq!((told.measure.as_str(), told.decided_by.as_str()), ("formal_admonition", "区委组织部部务会"));
    assert_eq!(
        (paper.state(), paper.measures),
        (InstrumentState::Settled, vec!["circulated_criticism".into()])
    );
    assert_eq!(paper.addressee_name, "中共宝山区委组织部");

    let mut discipline = draft(&journey, InstrumentKind::DisciplineReferral, To::Authority(true));
    discipline.addressee_name = "区纪委监委".into();
    assert_eq!(issued(&world, &drafted(&world, discipline).await).await.number, "宝效移〔2026〕1号");

    let file = archive::volume(&world.supervisor(CENTRE), &journey).await.documents;
    let recommended = archive::one(&file, "instrument");
    assert_eq!(
        (recommended.number.as_str(), recommended.addressee.as_str()),
        ("宝效建〔2026〕1号", "中共宝山区委组织部")
    );
    let decided = archive::one(&file, "instrument_answer");
    assert_eq!(archive::says(decided, "决定单位"), "区委组织部部务会");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_22_a_respondent_who_is_cleared_is_told_and_nothing_is_recommended() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    journey.record(CENTRE).await;
    let mut unfounded = journey.disposition_request(1);
    unfounded.finding = Finding::Unfounded.into();
    unfounded.measures.clear();
    let [first, _] = INVESTIGATORS;
    world
        .officer("handler", CENTRE, first)
        .casework()
        .submit_disposition(unfounded)
        .await
        .expect("submitted");
    journey.approve(CENTRE).await;
    let case = journey.at(CENTRE).await;
    assert!(case.owes_announcement);
    let mut request = draft(&journey, InstrumentKind::Recommendation, To::Authority(true));
    (request.addressee_name, request.measures) = ("区委组织部".into(), vec!["circulated_criticism".into()]);
    let refused = world.officer("handler", CENTRE, first).instruments().draft_instrument(request).await;
    let refused = rejection(refused);
    assert_eq!(
        (refused.reason.as_str(), refused.articles.concat()),
        ("REGULATION_FORBIDS", "article 22".to_owned())
    );
    let paper = drafted(&world, draft(&journey, InstrumentKind::Announcement, To::Respondent(0))).await;
    let paper = issued(&world, &paper).await;
    let delivered = RecordInstrumentDeliveryRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instrument_id: paper.instrument_id.clone(),
        delivered_on: "2026-02-10".into(),
        way: InstrumentDelivery::Exchange.into(),
    };
    world.desk(CENTRE).instruments().record_instrument_delivery(delivered).await.expect("delivered");
    assert!(!journey.at(CENTRE).await.owes_announcement);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_3_a_rectification_is_asked_for_checked_and_goes_back_until_it_is_in_order() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    journey.record(CENTRE).await;
    journey.dispose(CENTRE).await;
    journey.approve(CENTRE).await;
    let paper =
        drafted(&world, draft(&journey, InstrumentKind::Rectification, To::Organ(SUB_CENTRE.into()))).await;
    let paper = issued(&world, &paper).await;
    let mut desk = world.desk(CENTRE).instruments();
    desk.record_instrument_answer(answer(&paper, "2026-02-10")).await.expect("recorded");
    let reject = RejectInstrumentAnswerRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instrument_id: paper.instrument_id.clone(),
        reason: "未说明窗口管理制度如何修改。".into(),
        answer_within: "3 workdays".into(),
    };
    world.leader(CENTRE).instruments().reject_instrument_answer(reject).await.expect("sent back");
    let back = read(&world, &paper).await;
    assert_eq!(back.answers[0].rejected_because, "未说明窗口管理制度如何修改。");
    assert_eq!(
        (back.state(), back.due_at.map(|at| at.seconds) < paper.due_at.map(|at| at.seconds)),
        (InstrumentState::Issued, true),
        "its own date"
    );
    desk.record_instrument_answer(answer(&paper, "2026-02-10")).await.expect("recorded");
    let now = read(&world, &paper).await;
    assert!(now.allowed_actions.contains(&Action::CheckInstrumentAnswer.into()), "{now:?}");
    let accept = AcceptInstrumentAnswerRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instrument_id: paper.instrument_id.clone(),
    };
    world.leader(CENTRE).instruments().accept_instrument_answer(accept).await.expect("in order");
    assert_eq!(read(&world, &paper).await.state(), InstrumentState::Settled);
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_transfer_nobody_acknowledges_is_noted_at_the_home_and_told_to_the_organ() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.at_when(SUB_CENTRE, "the term", |case| case.current_term == 1).await;
    world.turn_to("2026-02-13 08:00");
    let late = |case: &duban_proto::routing::v1::RoutedCase| {
        case.terms.iter().any(|term| term.acknowledgement_overdue_since.is_some())
    };
    journey.at_when(CENTRE, "overdue at the home", late).await;
    journey.at_when(SUB_CENTRE, "overdue at the organ", late).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.at_when(CENTRE, "acknowledged", |case| !late(case)).await;
}

async fn reopen(journey: &Journey<'_>, by: &e2e::Officer) -> Result<ReopenCaseResponse, Status> {
    let request = ReopenCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at(CENTRE).await.version,
        reason: "复查发现监控时间有误,原认定事实不清。".into(),
        ..ReopenCaseRequest::default()
    };
    by.instruments().reopen_case(request).await.map(tonic::Response::into_inner)
}

/// Everything from the appointment to the approval, by others than before.
async fn handle_again(world: &World, journey: &Journey<'_>, holder: &str, term: u32) {
    let [first, second] = OTHERS;
    let appoint = |names: [&str; 2]| AppointInvestigatorsRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term,
        investigators: names.map(String::from).to_vec(),
    };
    let mut leader = world.leader(holder).casework();
    let again = rejection(leader.appoint_investigators(appoint(INVESTIGATORS)).await);
    assert_eq!(again.reason, "PERSON_EXCLUDED", "who investigated before does not investigate again");
    leader.appoint_investigators(appoint([first, second])).await.expect("others");
    let mut handler = world.officer("handler", holder, first).casework();
    let record = RecordInvestigationRequest {
        investigators: OTHERS.map(String::from).to_vec(),
        ..journey.record_request(term)
    };
    handler.record_investigation(record).await.expect("recorded");
    let mut unfounded = journey.disposition_request(term);
    unfounded.finding = Finding::Unfounded.into();
    unfounded.measures.clear();
    handler.submit_disposition(unfounded).await.expect("submitted");
    let approve =
        ApproveDispositionRequest { request_id: complaints::request_id(), case_id: journey.case_id(), term };
    leader.approve_disposition(approve).await.expect("approved");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_3_an_archived_case_is_opened_again_handled_by_others_replied_to_and_archived_anew() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    journey.at_when(CENTRE, "the reply at routing", |case| case.replied).await;
    let archive = || ArchiveCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        retention_years: 10,
    };
    world.archivist(CENTRE).casework().archive_case(archive()).await.expect("archived");
    journey.reaches(CaseState::Archived).await;
    world.turn_to("2026-04-01 10:00");

    let by_a_handler = reopen(&journey, &world.officer("handler", CENTRE, "wu.min")).await;
    assert_eq!(rejection(by_a_handler).reason, "ROLE_NOT_ALLOWED");
    let reopened = reopen(&journey, &world.leader(CENTRE)).await.expect("opened again");
    let case = reopened.case.expect("a case");
    assert_eq!((case.state(), case.current_term, case.earlier_results.len()), (CaseState::InHandling, 2, 1));
    journey.reaches(CaseState::InHandling).await;
    journey.reply(ReplyOccasion::Reopened, DeliveryOutcome::Sent).await;

    let clocks =
        world.clocks_when(&journey, CENTRE, |clocks| clocks.iter().any(|clock| clock.reopened)).await;
    let first = clocks.iter().find(|clock| clock.term == 0).expect("the case's clock");
    assert_eq!(
        (first.on_time, first.stop_reason()),
        (true, StopReason::Concluded),
        "the first stays as judged"
    );
    let own =
        clocks.iter().find(|clock| clock.reopened && clock.organ == CENTRE).expect("the home's new clock");
    assert!(own.stopped_at.is_none() && own.start == case.reopened_at, "{own:?}");
    assert_eq!((own.kind(), own.term), (ClockKind::Case, 2));

    let open_at_home = async || {
        let request = GetBoardRequest::default();
        let board =
            world.supervisor(CENTRE).supervision().get_board(request).await.expect("a board").into_inner();
        let line = board.lines.into_iter().find(|line| line.organ == CENTRE).expect("the centre's line");
        (line.received, line.open)
    };
    assert_eq!(open_at_home().await, (1, 1), "received once, and open again");

    journey.at_when(SUB_CENTRE, "the second term", |case| case.current_term == 2).await;
    journey.acknowledge(SUB_CENTRE).await;
    handle_again(&world, &journey, SUB_CENTRE, 2).await;
    let concluded = journey.reaches(CaseState::Concluded).await;
    assert_eq!(concluded.finding(), Finding::Unfounded);
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    let home = journey.at_when(CENTRE, "the second reply", |case| case.replied).await;
    assert_eq!((home.finding(), home.earlier_results[0].finding()), (Finding::Unfounded, Finding::Founded));
    world.clocks_when(&journey, CENTRE, |clocks| clocks.iter().all(|clock| clock.stopped_at.is_some())).await;
    assert_eq!(open_at_home().await, (1, 0));
    world.archivist(CENTRE).casework().archive_case(archive()).await.expect("archived anew");
    journey.reaches(CaseState::Archived).await;
    let file = archive::volume(&world.supervisor(CENTRE), &journey).await.documents;
    assert_eq!(archive::codes(&file).iter().filter(|code| **code == "reopening").count(), 1);
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_3_a_result_that_was_not_told_yet_is_told_no_more() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    journey.record(CENTRE).await;
    journey.dispose(CENTRE).await;
    journey.approve(CENTRE).await;
    journey.reply_due(ReplyOccasion::Result).await;
    reopen(&journey, &world.supervisor(CENTRE)).await.expect("supervision opens it again");
    journey.reaches(CaseState::InHandling).await;
    let request = duban_proto::intake::v1::ListRepliesRequest {
        case_id: journey.case_id(),
        open_only: true,
        ..Default::default()
    };
    let open = world.desk(CENTRE).intake().list_replies(request).await.expect("replies").into_inner();
    assert!(open.replies.iter().all(|reply| reply.occasion() != ReplyOccasion::Result), "{open:?}");
}
