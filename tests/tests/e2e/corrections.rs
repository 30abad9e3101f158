//! What was registered wrong is put right, and both stay on record.

use duban_proto::common::v1::{CaseState, Rank};
use duban_proto::intake::v1::{
    CaseFilter, Complainant, Complaint, CorrectCaseRequest, CorrectCaseResponse, GetCaseRequest,
    ListCasesRequest, PreviewComplaintRequest,
};
use e2e::{CENTRE, Journey, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use tonic::{Code, Status};

async fn correct(journey: &Journey<'_>, complaint: Complaint) -> Result<CorrectCaseResponse, Status> {
    let request = CorrectCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        complaint: Some(complaint),
        reason: "录入时选错".into(),
    };
    let answer = journey.world.desk(&journey.organ).intake().correct_case(request).await?;
    Ok(answer.into_inner())
}

async fn found_by_ground(world: &World, ground: &str) -> usize {
    let filter = CaseFilter { grounds: vec![ground.into()], ..CaseFilter::default() };
    let list = ListCasesRequest { filter: Some(filter), ..ListCasesRequest::default() };
    world.desk(CENTRE).intake().list_cases(list).await.expect("a list").into_inner().cases.len()
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_case_is_routed_and_found_by_what_was_corrected() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let mut right = complaints::about_a_person(UNIT, Rank::Division, false);
    right.grounds = vec!["8.4".into()];
    let corrected = correct(&journey, right.clone()).await.expect("corrected");
    assert_eq!(corrected.fields, ["grounds", "respondents"]);
    assert_eq!(corrected.case.expect("a case").grounds, ["8.4"]);
    assert_eq!((found_by_ground(&world, "8.4").await, found_by_ground(&world, "8.2").await), (1, 0));

    let at_home = |case: &duban_proto::routing::v1::RoutedCase| {
        case.facts.as_ref().is_some_and(|facts| facts.grounds == ["8.4"])
    };
    let case = journey.at_when(CENTRE, "the correction", at_home).await;
    let facts = case.facts.expect("facts");
    assert_eq!(facts.number, journey.at_intake().await.number, "what is not corrected stays");
    assert!(facts.accepted_at.is_some());
    let route = journey.route().await.route.expect("a route");
    assert_eq!(route.organ, CENTRE, "a division-level person is the centre's (14(1))");

    let request = GetCaseRequest { case_id: journey.case_id() };
    let timeline = world.desk(CENTRE).intake().get_case(request).await.expect("it").into_inner().timeline;
    let kinds: Vec<&str> = timeline.iter().map(|line| line.kind.as_str()).collect();
    assert!(kinds.contains(&"complaint_received") && kinds.contains(&"case_corrected"), "{kinds:?}");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_who_handles_a_case_is_told_of_a_correction() {
    let world = World::new().await;
    let (journey, route) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    assert_eq!(route.route.expect("a route").organ, SUB_CENTRE);
    journey.reaches(CaseState::InHandling).await;
    let by_call = Complaint { channel: "call".into(), ..complaints::about_a_clerk(UNIT) };
    let request = CorrectCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        complaint: Some(by_call),
        reason: "渠道录错".into(),
    };
    let mut desk = world.desk(CENTRE).intake();
    let first = desk.correct_case(request.clone()).await.expect("corrected").into_inner();
    let again = desk.correct_case(request).await.expect("the first answer").into_inner();
    assert_eq!((first.fields.as_slice(), &again.fields), (["channel".to_owned()].as_slice(), &first.fields));
    let told = |case: &duban_proto::routing::v1::RoutedCase| {
        case.facts.as_ref().is_some_and(|facts| facts.channel == "call")
    };
    journey.at_when(SUB_CENTRE, "the correction", told).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_person_registered_by_mistake_is_not_found_any_more() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let preview =
        PreviewComplaintRequest { organ: String::new(), complaint: Some(complaints::about_a_clerk(UNIT)) };
    let mut desk = world.desk(CENTRE).intake();
    let repeats = desk.preview_complaint(preview.clone()).await.expect("a preview").into_inner().repeats;
    assert_eq!(repeats.len(), 1);
    let somebody_else = Complainant {
        name: "沈闻舟".into(),
        phones: vec!["13911110000".into()],
        id_number: String::new(),
        ..complaints::complainant()
    };
    let right = Complaint { complainant: Some(somebody_else), ..complaints::about_a_clerk(UNIT) };
    assert_eq!(correct(&journey, right).await.expect("corrected").fields, ["complainant"]);
    let repeats = desk.preview_complaint(preview).await.expect("a preview").into_inner().repeats;
    assert!(repeats.is_empty(), "{repeats:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_a_corrected_narrative_is_shown_only_when_it_was_masked_again() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let shown = || async {
        let request = GetCaseRequest { case_id: journey.case_id() };
        world.desk(CENTRE).intake().get_case(request).await.expect("it").into_inner().working_copy
    };
    assert!(!shown().await.is_empty());
    let right = Complaint {
        text: "窗口人员把沈闻舟的材料退了三次。".into(),
        ..complaints::about_a_clerk(UNIT)
    };
    let corrected = correct(&journey, right).await.expect("corrected").case.expect("a case");
    assert!(!corrected.masks_confirmed);
    assert_eq!(shown().await, "");
    journey.mask().await;
    assert!(shown().await.contains("退了三次"));
    let filter = CaseFilter { text: "退了三次".into(), ..CaseFilter::default() };
    let list = ListCasesRequest { filter: Some(filter), ..ListCasesRequest::default() };
    eventually("the new text in the index", async || {
        let found = world.desk(CENTRE).intake().list_cases(list.clone()).await.expect("a list").into_inner();
        (found.cases.len() == 1).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_correction_has_to_correct_something_on_the_case_as_it_is() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let same = correct(&journey, complaints::about_a_clerk(UNIT)).await;
    assert_eq!(rejection(same).fields, ["complaint"]);
    let groundless = Complaint { grounds: Vec::new(), ..complaints::about_a_clerk(UNIT) };
    assert_eq!(rejection(correct(&journey, groundless).await).fields, ["complaint.grounds"]);
    let by_call = Complaint { channel: "call".into(), ..complaints::about_a_clerk(UNIT) };
    let request = CorrectCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: 1,
        complaint: Some(by_call),
        reason: String::new(),
    };
    let mut desk = world.desk(CENTRE).intake();
    assert_eq!(rejection(desk.correct_case(request.clone()).await).fields, ["reason"]);
    let request = CorrectCaseRequest { reason: "渠道录错".into(), ..request };
    assert_eq!(rejection(desk.correct_case(request.clone()).await).reason, "VERSION_MISMATCH");
    let elsewhere = world.desk(SUB_CENTRE).intake().correct_case(request.clone()).await;
    assert_eq!(rejection(elsewhere).reason, "CASE_NOT_FOUND");
    let status = world.agency(CENTRE).intake().correct_case(request).await.expect_err("not the desk");
    assert_eq!(status.code(), Code::PermissionDenied);
}
