//! The handshake between home and holder over gRPC: articles 5(4), 6(2), 14, 20 and 23.

use duban_proto::common::v1::{Action, CaseState};
use duban_proto::routing::v1::{
    AnswerRecallRequest, AskDesignationRequest, AskGuidanceRequest, DecideDepartureRequest,
    DecideReturnRequest, DecideSecondReturnRequest, DesignateRequest, GetRoutedCaseRequest,
    GetTransfersRequest, GetTransfersResponse, GiveGuidanceRequest, Guidance, ListGuidanceRequest,
    RequestRecallRequest, ReturnTransferRequest, RouteCaseRequest, RoutedCase, SupersededBy,
    TakeOverCaseRequest, TakeOverRequest, TermState,
};
use duban_proto::supervision::v1::StopReason;
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use jiff::SignedDuration;

fn return_of(journey: &Journey<'_>, term: u32) -> ReturnTransferRequest {
    ReturnTransferRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term,
        ground: "not_managed".into(),
        reason: "该人员编制已划转大场镇。".into(),
    }
}

fn agreement(journey: &Journey<'_>, term: u32, organ: &str) -> DecideReturnRequest {
    DecideReturnRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term,
        agree: true,
        organ: organ.into(),
        compulsory: false,
        reason: "情况属实,改交大场镇。".into(),
    }
}

async fn transfers(officer: &Officer, journey: &Journey<'_>) -> GetTransfersResponse {
    let request = GetTransfersRequest { case_id: journey.case_id(), organ: String::new() };
    officer.transfers().get_transfers(request).await.expect("the transfers").into_inner()
}

fn may(case: &RoutedCase, action: Action) -> bool {
    case.allowed_actions.contains(&action.into())
}

/// The case is at the sub-centre that the rule names.
async fn handed_over(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.at_when(SUB_CENTRE, "the term", |case| case.current_term == 1).await;
    journey
}

#[tokio::test(flavor = "multi_thread")]
async fn art_6_2_a_return_is_decided_by_the_home_and_no_clock_of_the_case_moves() {
    let world = World::new().await;
    let journey = handed_over(&world).await;
    let before = world.clocks_when(&journey, CENTRE, |clocks| clocks.len() == 2).await;
    world.turn(SignedDuration::from_hours(24));

    let mut unknown = return_of(&journey, 1);
    unknown.ground = "too_much_work".into();
    let refused = rejection(world.desk(SUB_CENTRE).transfers().return_transfer(unknown).await);
    assert_eq!(refused.fields, ["ground"]);
    let returned = world.desk(SUB_CENTRE).transfers().return_transfer(return_of(&journey, 1)).await;
    assert!(!returned.expect("returned").into_inner().awaits_approval, "the first is free");
    let home = eventually("the return at the home", async || {
        let told = transfers(&world.leader(CENTRE), &journey).await;
        told.transfers[0].returned.is_some().then_some(told)
    })
    .await;
    let given_back = home.transfers[0].returned.clone().expect("a return");
    assert_eq!(
        (given_back.ground.as_str(), given_back.reason.as_str()),
        ("not_managed", "该人员编制已划转大场镇。")
    );
    let case = journey.at(CENTRE).await;
    assert_eq!(case.terms[0].organ, SUB_CENTRE, "it stays responsible until the home has decided");

    let mut leader = world.leader(CENTRE).transfers();
    let itself = rejection(leader.decide_return(agreement(&journey, 1, SUB_CENTRE)).await);
    assert_eq!(itself.reason, "NO_COMPETENT_ORGAN");
    let decided = leader.decide_return(agreement(&journey, 1, OTHER_SUB_CENTRE)).await;
    let case = decided.expect("agreed").into_inner().case.expect("a case");
    assert_eq!((case.current_term, case.terms[1].organ.as_str()), (2, OTHER_SUB_CENTRE));
    journey.at_when(OTHER_SUB_CENTRE, "the later term", |case| case.current_term == 2).await;
    let former =
        journey.at_when(SUB_CENTRE, "that it is superseded", |case| case.terms[0].superseded_by == 2).await;
    assert_eq!((former.terms[0].state(), former.current_term), (TermState::Superseded, 2));

    let clocks = world
        .clocks_when(&journey, CENTRE, |clocks| {
            clocks.len() == 3 && clocks.iter().any(|c| c.stopped_at.is_some())
        })
        .await;
    let of = |term: u32| clocks.iter().find(|clock| clock.term == term).expect("a clock");
    let case_clock = before.iter().find(|clock| clock.term == 0).expect("the case's clock");
    assert_eq!((of(0).start, of(0).due_at), (case_clock.start, case_clock.due_at), "it never starts again");
    assert!(of(0).stopped_at.is_none() && of(2).stopped_at.is_none());
    assert_eq!(of(1).stop_reason(), StopReason::Superseded);
    assert_eq!(of(2).organ, OTHER_SUB_CENTRE);

    let told = transfers(&world.leader(SUB_CENTRE), &journey).await;
    let given_back = told.transfers[0].returned.clone().expect("a return");
    assert!(given_back.agreed);
    assert_eq!(given_back.decided_because, "情况属实,改交大场镇。", "who returned it reads why");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_second_return_needs_approval_and_what_the_home_insists_on_is_final() {
    let world = World::new().await;
    let journey = handed_over(&world).await;
    world.desk(SUB_CENTRE).transfers().return_transfer(return_of(&journey, 1)).await.expect("returned");
    eventually("the decision", async || {
        let request = agreement(&journey, 1, OTHER_SUB_CENTRE);
        world.leader(CENTRE).transfers().decide_return(request).await.ok()
    })
    .await;
    journey.at_when(OTHER_SUB_CENTRE, "the later term", |case| case.current_term == 2).await;
    let asked = world.desk(OTHER_SUB_CENTRE).transfers().return_transfer(return_of(&journey, 2)).await;
    assert!(asked.expect("asked for").into_inner().awaits_approval);
    let approval = DecideSecondReturnRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 2,
        approved: true,
        reason: String::new(),
    };
    let approved = world.leader(OTHER_SUB_CENTRE).transfers().decide_second_return(approval).await;
    approved.expect("approved by another person");
    let insists = || DecideReturnRequest {
        request_id: complaints::request_id(),
        agree: false,
        organ: String::new(),
        reason: "经协调,仍由大场镇办理。".into(),
        ..agreement(&journey, 2, "")
    };
    eventually("the decision", async || world.leader(CENTRE).transfers().decide_return(insists()).await.ok())
        .await;
    let stays = journey
        .at_when(OTHER_SUB_CENTRE, "the decision at the holder", |case| {
            case.terms.iter().any(|term| term.compulsory)
        })
        .await;
    assert_eq!(stays.current_term, 2);
    let again = world.leader(OTHER_SUB_CENTRE).transfers().return_transfer(return_of(&journey, 2)).await;
    assert_eq!(rejection(again).reason, "RETURN_NOT_ALLOWED");
    journey.acknowledge(OTHER_SUB_CENTRE).await;
    journey.handle(OTHER_SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_return_after_its_limit_is_refused_and_an_overdue_acknowledgement_is_told() {
    let world = World::new().await;
    let journey = handed_over(&world).await;
    assert!(!transfers(&world.desk(CENTRE), &journey).await.transfers[0].acknowledgement_overdue);
    world.turn_to("2026-03-02 10:00");
    assert!(transfers(&world.desk(CENTRE), &journey).await.transfers[0].acknowledgement_overdue);
    let late = rejection(world.desk(SUB_CENTRE).transfers().return_transfer(return_of(&journey, 1)).await);
    assert_eq!(late.reason, "RETURN_NOT_ALLOWED");
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_recall_is_answered_by_the_holder() {
    let world = World::new().await;
    let journey = handed_over(&world).await;
    let recall = || RequestRecallRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        organ: OTHER_SUB_CENTRE.into(),
        reason: "事项与大场镇在办件相同。".into(),
    };
    world.leader(CENTRE).transfers().request_recall(recall()).await.expect("asked");
    let answer = |agree: bool| AnswerRecallRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        agree,
        reason: if agree { String::new() } else { "已经约谈,宜继续办理。".into() },
    };
    let answers = async |agree: bool| {
        eventually("the answer", async || {
            world.leader(SUB_CENTRE).transfers().answer_recall(answer(agree)).await.ok()
        })
        .await
    };
    answers(false).await;
    eventually("the second recall", async || {
        world.leader(CENTRE).transfers().request_recall(recall()).await.ok()
    })
    .await;
    answers(true).await;
    let home = journey.at_when(CENTRE, "the later term", |case| case.current_term == 2).await;
    assert_eq!(home.terms[1].organ, OTHER_SUB_CENTRE);
    let told = transfers(&world.leader(CENTRE), &journey).await;
    let [kept, given] = told.transfers[0].recalls.as_slice() else { panic!("{told:?}") };
    assert_eq!((kept.agreed, kept.kept_because.as_str()), (false, "已经约谈,宜继续办理。"));
    assert!(given.agreed);
    assert_eq!(told.transfers[0].superseded_because(), SupersededBy::Recall);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_the_centre_takes_over_a_case_whose_home_is_a_sub_centre() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.at_when(SUB_CENTRE, "its own term", |case| case.current_term == 1).await;
    let before = world.clocks_when(&journey, SUB_CENTRE, |clocks| clocks.len() == 2).await;
    world.turn(SignedDuration::from_hours(24));
    let request = GetRoutedCaseRequest { case_id: journey.case_id(), organ: SUB_CENTRE.into() };
    let seen = world.supervisor(CENTRE).routing().get_routed_case(request).await.expect("seen from above");
    let seen = seen.into_inner().case.expect("a case");
    assert!(may(&seen, Action::TakeOverCase));

    let take_over = || TakeOverCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        home: String::new(),
        assign_to: OTHER_SUB_CENTRE.into(),
        reason: "情况复杂,由区中心统筹。".into(),
    };
    let refused = rejection(world.desk(CENTRE).transfers().take_over_case(take_over()).await);
    assert_eq!(refused.reason, "ROLE_NOT_ALLOWED");
    let sideways = TakeOverCaseRequest { home: SUB_CENTRE.into(), ..take_over() };
    let refused = rejection(world.leader(OTHER_SUB_CENTRE).transfers().take_over_case(sideways).await);
    assert_eq!(refused.fields, ["home"]);
    let asked = world.leader(CENTRE).transfers().take_over_case(take_over()).await.expect("asked");
    assert_eq!(asked.into_inner().home, SUB_CENTRE);

    let home = journey.at_when(CENTRE, "the home", |case| case.current_term == 2).await;
    assert_eq!((home.home.as_str(), home.terms[1].organ.as_str()), (CENTRE, OTHER_SUB_CENTRE));
    let door = journey.at_when(SUB_CENTRE, "the move", |case| case.terms[0].superseded_by == 2).await;
    assert_eq!(door.home, CENTRE);
    let told = transfers(&world.leader(CENTRE), &journey).await;
    assert_eq!(told.transfers[0].superseded_because(), SupersededBy::Takeover);
    let clocks = world
        .clocks_when(&journey, CENTRE, |clocks| {
            let runs = |term| clocks.iter().any(|it| it.term == term && it.stopped_at.is_none());
            runs(0) && runs(2)
        })
        .await;
    let case_clock = |clocks: &[duban_proto::supervision::v1::Clock]| {
        let clock = clocks.iter().find(|clock| clock.term == 0 && clock.stopped_at.is_none());
        clock.map(|clock| (clock.start, clock.due_at)).expect("the case's clock")
    };
    assert_eq!(case_clock(&clocks), case_clock(&before), "it goes on as it began");

    let over = rejection(world.leader(CENTRE).transfers().take_over_case(take_over()).await);
    assert_eq!(over.reason, "STATE_NOT_ALLOWED", "it is its own by now");
    journey.acknowledge(OTHER_SUB_CENTRE).await;
    journey.handle(OTHER_SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_the_centre_takes_a_case_over_at_once_and_the_sender_goes_on_seeing_it() {
    let world = World::new().await;
    let journey = handed_over(&world).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.appoint(SUB_CENTRE).await;
    let case = journey.at(CENTRE).await;
    assert!(!may(&case, Action::TakeOver), "the desk does not");
    let take_over = |term: u32| TakeOverRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term,
        reason: "处理不力,直接调查。".into(),
    };
    let refused = rejection(world.leader(SUB_CENTRE).transfers().take_over(take_over(1)).await);
    assert_eq!(refused.reason, "STATE_NOT_ALLOWED", "only the home does");
    let taken = world.leader(CENTRE).transfers().take_over(take_over(1)).await;
    let case = taken.expect("taken over").into_inner().case.expect("a case");
    assert_eq!((case.current_term, case.terms[1].organ.as_str()), (2, CENTRE));
    assert_eq!(case.terms[1].citation.as_ref().expect("a citation").article, "20");
    let former = journey.at_when(SUB_CENTRE, "the takeover", |case| case.current_term == 2).await;
    assert!(former.allowed_actions.is_empty(), "{:?}", former.allowed_actions);
    let request = journey.record_request(1);
    let investigator = world.officer("handler", SUB_CENTRE, "wu.min");
    let late = investigator.casework().record_investigation(request).await;
    assert_eq!(rejection(late).reason, "TERM_SUPERSEDED");
    let clocks = world
        .clocks_when(&journey, CENTRE, |clocks| {
            clocks.iter().any(|clock| clock.term == 1 && clock.stopped_at.is_some())
        })
        .await;
    assert_eq!(clocks.iter().filter(|clock| clock.stopped_at.is_none()).count(), 2, "case and term 2");
    journey.handle(CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_a_desk_officers_departure_from_the_rule_waits_for_a_leader() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let case = journey.at_when(CENTRE, "the working copy", |case| case.working_copy_ready).await;
    let request = RouteCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        organ: OTHER_SUB_CENTRE.into(),
        reason: "罗店镇与本事项有利害关系。".into(),
    };
    let asked = world.desk(CENTRE).routing().route_case(request).await.expect("asked").into_inner();
    let case = asked.case.expect("a case");
    assert_eq!((case.state(), case.terms.len()), (CaseState::Accepted, 0), "it waits");
    assert_eq!(asked.route.expect("a route").organ, OTHER_SUB_CENTRE);
    let told = transfers(&world.desk(CENTRE), &journey).await;
    assert_eq!(told.departures[0].reason, "罗店镇与本事项有利害关系。");
    let decision = DecideDepartureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        approved: true,
        reason: String::new(),
    };
    let refused = rejection(world.desk(CENTRE).transfers().decide_departure(decision.clone()).await);
    assert_eq!(refused.reason, "ROLE_NOT_ALLOWED");
    let routed = world.leader(CENTRE).transfers().decide_departure(decision).await.expect("approved");
    let case = routed.into_inner().case.expect("a case");
    assert_eq!((case.current_term, case.terms[0].organ.as_str()), (1, OTHER_SUB_CENTRE));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_5_4_the_centre_designates_who_handles_a_case_in_dispute() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let case = journey.at_when(SUB_CENTRE, "the working copy", |case| case.working_copy_ready).await;
    assert!(may(&case, Action::AskDesignation));
    let request = AskDesignationRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        reason: "与大场镇就管辖存在争议。".into(),
    };
    world.desk(SUB_CENTRE).transfers().ask_designation(request).await.expect("asked");
    journey.at(CENTRE).await;
    let told = eventually("the dispute at the centre", async || {
        let told = transfers(&world.leader(CENTRE), &journey).await;
        Some(told).filter(|told| !told.disputes.is_empty())
    })
    .await;
    let case = journey.at(CENTRE).await;
    assert_eq!(told.disputes[0].reason, "与大场镇就管辖存在争议。");
    let request = DesignateRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        organ: OTHER_SUB_CENTRE.into(),
        reason: "由大场镇办理。".into(),
    };
    let designated = world.leader(CENTRE).transfers().designate(request).await.expect("designated");
    let case = designated.into_inner().case.expect("a case");
    assert_eq!((case.terms[0].organ.as_str(), case.terms[0].compulsory), (OTHER_SUB_CENTRE, true));
    assert_eq!(case.terms[0].citation.as_ref().expect("a citation").article, "5(4)");
    eventually("the designation at the organ that asked", async || {
        let told = transfers(&world.leader(SUB_CENTRE), &journey).await;
        told.disputes.into_iter().find(|dispute| dispute.designated == OTHER_SUB_CENTRE)
    })
    .await;
    journey.acknowledge(OTHER_SUB_CENTRE).await;
    journey.handle(OTHER_SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
}

async fn guidance(officer: &Officer, open_only: bool) -> Vec<Guidance> {
    let request = ListGuidanceRequest { open_only, ..ListGuidanceRequest::default() };
    officer.transfers().list_guidance(request).await.expect("a list").into_inner().guidance
}

#[tokio::test(flavor = "multi_thread")]
async fn art_23_a_sub_centre_asks_and_the_centres_guidance_is_on_record_at_both() {
    let world = World::new().await;
    let journey = handed_over(&world).await;
    let ask = |case_id: String| AskGuidanceRequest {
        request_id: complaints::request_id(),
        case_id,
        question: "劳务派遣人员是否属于被投诉人?".into(),
    };
    let mut desk = world.desk(SUB_CENTRE).transfers();
    let on_case = desk.ask_guidance(ask(journey.case_id())).await.expect("asked").into_inner().guidance_id;
    let in_general = desk.ask_guidance(ask(String::new())).await.expect("asked").into_inner().guidance_id;
    assert_eq!(
        rejection(world.desk(CENTRE).transfers().ask_guidance(ask(String::new())).await).reason,
        "NOTHING_TO_ACT_ON"
    );
    let open = eventually("both questions at the centre", async || {
        Some(guidance(&world.leader(CENTRE), true).await).filter(|open| open.len() == 2)
    })
    .await;
    assert!(
        open.iter()
            .all(|it| it.question == "劳务派遣人员是否属于被投诉人?" && it.asked_by_organ == SUB_CENTRE)
    );
    let give = |guidance_id: &str| GiveGuidanceRequest {
        request_id: complaints::request_id(),
        guidance_id: guidance_id.into(),
        answer: "受委托行使管理职能的,属于。".into(),
    };
    let refused = rejection(world.leader(SUB_CENTRE).transfers().give_guidance(give(&on_case)).await);
    assert_eq!(refused.reason, "NOTHING_TO_ACT_ON", "who asked does not answer");
    for id in [&on_case, &in_general] {
        world.leader(CENTRE).transfers().give_guidance(give(id)).await.expect("given");
    }
    assert!(guidance(&world.leader(CENTRE), true).await.is_empty());
    let known = eventually("the guidance at the sub-centre", async || {
        let known = guidance(&world.desk(SUB_CENTRE), false).await;
        Some(known).filter(|known| known.iter().all(|it| it.given_at.is_some()))
    })
    .await;
    assert!(known.iter().all(|it| it.answer == "受委托行使管理职能的,属于。"));
    assert_eq!(known.iter().filter(|it| it.case_id == journey.case_id()).count(), 1);
    assert!(guidance(&world.desk(OTHER_SUB_CENTRE), false).await.is_empty());
    let again = rejection(world.leader(CENTRE).transfers().give_guidance(give(&on_case)).await);
    assert_eq!(again.reason, "NOTHING_TO_ACT_ON");
    world.ledgers_verify().await;
}
