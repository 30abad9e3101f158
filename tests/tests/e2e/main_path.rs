//! A complaint all the way through: down to a sub-centre, at the centre itself, and up.

use duban_proto::common::v1::{CaseState, Finding, Rank};
use duban_proto::intake::v1::{DeliveryOutcome, ReplyOccasion, TrackCaseRequest};
use duban_proto::routing::v1::{ArchiveCaseRequest, Handling};
use duban_proto::supervision::v1::{ClockKind, StopReason};
use e2e::{CENTRE, Journey, SUB_CENTRE, UNIT, World, complaints};

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_complaint_goes_down_to_a_sub_centre_and_its_result_comes_back_to_the_archive() {
    let world = World::new().await;
    let (journey, route) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let route = route.route.expect("a route");
    assert_eq!(
        (route.organ.as_str(), route.handling(), route.up),
        (SUB_CENTRE, Handling::Transferred, false)
    );
    assert_eq!(route.citation.expect("a citation").article, "14(2)");

    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;

    let home =
        journey.at_when(CENTRE, "the conclusion at home", |case| case.state() == CaseState::Concluded).await;
    assert_eq!(
        (home.finding(), home.measures),
        (Finding::Founded, vec!["criticism_and_education".to_owned()])
    );
    let concluded = journey.reaches(CaseState::Concluded).await;
    assert_eq!(concluded.responsible_organ, SUB_CENTRE);

    let replied = journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    assert_eq!(replied.state(), CaseState::Replied);
    let home = journey.at_when(CENTRE, "the reply at routing", |case| case.replied).await;
    let archived = world
        .archivist(CENTRE)
        .casework()
        .archive_case(ArchiveCaseRequest {
            request_id: complaints::request_id(),
            case_id: home.case_id,
            retention_years: 30,
        })
        .await
        .expect("archived")
        .into_inner();
    assert_eq!(archived.case.expect("a case").state(), CaseState::Archived);
    journey.reaches(CaseState::Archived).await;

    let clocks = world.clocks(&journey, CENTRE).await;
    let case_clock = clocks.iter().find(|clock| clock.kind() == ClockKind::Case).expect("the case's clock");
    assert!(case_clock.on_time);
    assert_eq!(case_clock.stop_reason(), StopReason::Concluded);
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_1_a_complaint_about_an_organ_itself_stays_with_the_centre() {
    let world = World::new().await;
    let (journey, route) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let route = route.route.expect("a route");
    assert_eq!((route.organ.as_str(), route.up), (CENTRE, false));
    assert_eq!(route.citation.expect("a citation").article, "14(1)");
    journey.handle(CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    let case = journey.reply(ReplyOccasion::Result, DeliveryOutcome::Acknowledged).await;
    assert_eq!(case.state(), CaseState::Replied);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_1_a_division_level_person_reported_at_a_sub_centre_goes_up_and_the_home_moves() {
    let world = World::new().await;
    let complaint = complaints::about_a_person(SUB_CENTRE, Rank::Division, true);
    let (journey, route) = Journey::routed(&world, SUB_CENTRE, complaint).await;
    let route = route.route.expect("a route");
    assert_eq!((route.organ.as_str(), route.up), (CENTRE, true));

    let there = journey.at(CENTRE).await;
    assert_eq!(there.home, CENTRE);
    let accepted_below = journey.at_intake().await.accepted_at;
    assert_eq!(
        there.facts.expect("facts").accepted_at,
        accepted_below,
        "the case's clock never starts again"
    );
    journey.at_when(SUB_CENTRE, "the home moved", |case| case.home == CENTRE).await;

    let routed = journey.route_at(CENTRE).await;
    assert_eq!(routed.route.expect("a route").organ, CENTRE);
    journey.handle(CENTRE).await;

    journey.reaches(CaseState::Concluded).await;
    let case = journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    assert_eq!(case.state(), CaseState::Replied, "the organ that registered it tells the complainant");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_tracking_by_number_and_code_shows_the_progress_and_nothing_else() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.reaches(CaseState::InHandling).await;
    let track =
        |number: &str, code: &str| TrackCaseRequest { number: number.into(), tracking_code: code.into() };
    let mut anybody = world.anybody().intake();
    let code = &journey.receipt.tracking_code;
    let shown = anybody.track_case(track(&journey.receipt.number, code)).await.expect("tracked").into_inner();
    assert_eq!(shown.state(), CaseState::InHandling);
    let text = format!("{shown:?}");
    for secret in [complaints::NAME, complaints::PHONE, "三号窗口", SUB_CENTRE] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    let wrong_code =
        e2e::rejection(anybody.track_case(track(&journey.receipt.number, "ZZZZ-ZZZZ-ZZZZ")).await);
    let wrong_number = e2e::rejection(anybody.track_case(track("宝效投〔2026〕999号", code)).await);
    assert_eq!(wrong_code.reason, "TRACKING_NOT_FOUND");
    assert_eq!(format!("{wrong_code:?}"), format!("{wrong_number:?}"), "which of both is wrong is not told");
}
