//! What is wrong with a request is told at once, by field, and nothing is half-written.

use std::time::Duration;

use access::{Principal, Role};
use duban_proto::intake::v1::{
    AcceptCaseRequest, Complainant, Complaint, ConfirmMasksRequest, ListCasesRequest, Mask, MaskKind,
    RegisterCaseRequest, SubmitComplaintRequest,
};
use e2e::{CENTRE, Journey, SUB_CENTRE, UNIT, World, complaints, rejection};
use ledger::Clock as _;
use tonic::Code;

async fn nothing_was_written(world: &World) {
    let listed = world.desk(CENTRE).intake().list_cases(ListCasesRequest::default()).await.expect("a list");
    assert!(listed.into_inner().cases.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_is_wrong_with_a_complaint_is_named_at_once() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk("baoshan.luodain");
    complaint.channel = "pigeon".into();
    complaint.source = 99;
    complaint.title = "题".repeat(201);
    complaint.text = "有\0空字符".into();
    complaint.grounds = vec!["8.2".into(), "8.99".into()];
    complaint.weights = vec![0];
    complaint.occurred_on = "2026-02-30".into();
    if let Some(complainant) = complaint.complainant.as_mut() {
        complainant.kind = 7;
        complainant.phones = vec!["1".repeat(41)];
    }
    let refused =
        rejection(world.desk(CENTRE).intake().submit_complaint(complaints::submit(complaint)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "FIELD_VIOLATIONS"));
    for field in [
        "complaint.channel",
        "complaint.source",
        "complaint.title",
        "complaint.text",
        "complaint.grounds[1]",
        "complaint.weights[0]",
        "complaint.occurred_on",
        "complaint.respondents[0].organ",
        "complaint.complainant.kind",
        "complaint.complainant.phones[0]",
    ] {
        assert!(refused.fields.iter().any(|named| named == field), "{field} not in {:?}", refused.fields);
    }
    assert!(!refused.fields.contains(&"complaint.grounds[0]".to_owned()));
    nothing_was_written(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_without_its_id_or_its_complaint_is_refused() {
    let world = World::new().await;
    let mut desk = world.desk(CENTRE).intake();
    let no_id = SubmitComplaintRequest {
        request_id: "1".into(),
        ..complaints::submit(complaints::about_a_clerk(UNIT))
    };
    assert_eq!(rejection(desk.submit_complaint(no_id).await).fields, ["request_id"]);
    let empty =
        SubmitComplaintRequest { complaint: None, ..complaints::submit(complaints::about_a_clerk(UNIT)) };
    assert_eq!(rejection(desk.submit_complaint(empty).await).fields, ["complaint"]);
    nothing_was_written(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_a_masked_value_never_comes_back_in_as_data() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let copy = journey.mask().await;
    let about = || complaints::about_a_clerk(UNIT);
    let from = |change: fn(&mut Complainant)| {
        let mut complainant = complaints::complainant();
        change(&mut complainant);
        Complaint { complainant: Some(complainant), ..about() }
    };
    let mut named = about();
    named.respondents.iter_mut().for_each(|respondent| respondent.name = "〔姓名〕".into());
    let detail = [("caller_number".to_owned(), "〔电话〕".to_owned())];
    for (field, complaint) in [
        ("text", Complaint { text: copy, ..about() }),
        ("place", Complaint { place: "〔住址〕门口".into(), ..about() }),
        ("respondents.name", named),
        ("channel_details", Complaint { channel_details: detail.into(), ..about() }),
        ("complainant.name", from(|who| who.name = "章**".into())),
        ("complainant.phones", from(|who| who.phones = vec!["138****9421".into()])),
        ("complainant.id_number", from(|who| who.id_number = "310113＊＊＊＊＊＊＊＊1234".into())),
    ] {
        let refused =
            rejection(world.desk(CENTRE).intake().submit_complaint(complaints::submit(complaint)).await);
        assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "MASKED_VALUE"));
        assert!(refused.metadata.contains(&("field".into(), format!("complaint.{field}"))), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn masks_outside_the_text_or_over_each_other_are_refused() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.accept().await;
    let mask = |start, end| Mask { start, end, kind: MaskKind::Name.into() };
    let confirm = |masks| ConfirmMasksRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        content_version: 1,
        masks,
    };
    let mut desk = world.desk(CENTRE).intake();
    let outside = rejection(desk.confirm_masks(confirm(vec![mask(0, 2), mask(5, 100_000)])).await);
    assert_eq!(outside.fields, ["masks[1]"]);
    let overlapping = rejection(desk.confirm_masks(confirm(vec![mask(0, 4), mask(2, 6)])).await);
    assert_eq!(overlapping.fields, ["masks"]);
    let stale = ConfirmMasksRequest { content_version: 7, ..confirm(vec![]) };
    assert_eq!(rejection(desk.confirm_masks(stale).await).reason, "VERSION_MISMATCH");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_wrong_or_over_are_told_as_such() {
    let world = World::new().await;
    let list = ListCasesRequest::default;
    for caller in [world.anybody(), world.holder_of("not.a.token")] {
        let refused = rejection(caller.intake().list_cases(list()).await);
        assert!(matches!(refused.code, Code::Unauthenticated), "{refused:?}");
    }
    let principal = Principal::new("desk", CENTRE, [Role::Desk]);
    let earlier = world.clock().now().checked_sub(jiff::SignedDuration::from_hours(48)).expect("a moment");
    let over = world.instance.key().mint(&principal, earlier, Duration::from_hours(1)).expect("a token");
    let refused = rejection(world.holder_of(&over).intake().list_cases(list()).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::Unauthenticated, "TOKEN_INVALID"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_goes_with_its_list_and_lists_are_whole() {
    let world = World::new().await;
    let mut desk = world.desk(CENTRE).intake();
    for _ in 0..7 {
        world.turn(jiff::SignedDuration::from_secs(60));
        desk.submit_complaint(complaints::submit(complaints::about_a_clerk(UNIT))).await.expect("registered");
    }
    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListCasesRequest { page_size: 3, page_token, ..ListCasesRequest::default() };
        let page = desk.list_cases(request).await.expect("a page").into_inner();
        seen.extend(page.cases.into_iter().map(|case| case.number));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
        let other =
            ListCasesRequest { page_token: page_token.clone(), organ: CENTRE.into(), ..Default::default() };
        assert_eq!(rejection(desk.list_cases(other).await).reason, "PAGE_TOKEN_INVALID");
    }
    let expected: Vec<String> = (1..=7).rev().map(|number| format!("宝效投〔2026〕{number}号")).collect();
    assert_eq!(seen, expected, "newest first, each once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_of_another_organ_is_not_found_and_cannot_be_acted_on() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let accept = AcceptCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: 2,
        ..AcceptCaseRequest::default()
    };
    let refused = rejection(world.desk(SUB_CENTRE).intake().accept_case(accept).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
    let register = RegisterCaseRequest { request_id: complaints::request_id(), case_id: journey.case_id() };
    let twice = rejection(world.desk(CENTRE).intake().register_case(register).await);
    assert_eq!(twice.reason, "STATE_NOT_ALLOWED");
}
