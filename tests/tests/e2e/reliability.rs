//! What was acknowledged is there once, whatever happens in between.

use std::collections::BTreeSet;

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::submit_complaints_response::Result as ItemResult;
use duban_proto::intake::v1::{
    ListCasesRequest, SubmitComplaintRequest, SubmitComplaintResponse, SubmitComplaintsRequest,
};
use duban_proto::supervision::v1::GetBoardRequest;
use e2e::{CENTRE, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use tonic::Code;

fn many(count: usize) -> Vec<SubmitComplaintRequest> {
    (0..count).map(|_| complaints::submit(complaints::about_a_clerk(UNIT))).collect()
}

/// Hands in by the stream, and gives back the receipts.
async fn hand_in(world: &World, items: Vec<SubmitComplaintRequest>) -> Vec<SubmitComplaintResponse> {
    let items = items.into_iter().map(|item| SubmitComplaintsRequest { item: Some(item) });
    let mut intake = world.desk(CENTRE).intake();
    let Ok(answers) = intake.submit_complaints(tokio_stream::iter(items)).await else { return Vec::new() };
    let mut answers = answers.into_inner();
    let mut receipts = Vec::new();
    while let Ok(Some(answer)) = answers.message().await {
        if let Some(ItemResult::Receipt(receipt)) = answer.result {
            receipts.push(receipt);
        }
    }
    receipts
}

/// All cases of the centre, by number.
async fn numbers(world: &World) -> Vec<String> {
    let mut desk = world.desk(CENTRE).intake();
    let (mut numbers, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListCasesRequest { page_size: 500, page_token, ..ListCasesRequest::default() };
        let page = desk.list_cases(request).await.expect("a page").into_inner();
        numbers.extend(page.cases.into_iter().map(|case| case.number));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return numbers;
        }
    }
}

/// Waits until every case of the centre has its clock and is with the sub-centre.
async fn pipeline_completes(world: &World, count: usize) {
    let count = u64::try_from(count).expect("a count");
    for organ in [CENTRE, SUB_CENTRE] {
        eventually(&format!("{count} clocks at {organ}"), async || {
            let request = GetBoardRequest { organ: organ.into() };
            let board = world.supervisor(CENTRE).supervision().get_board(request).await.ok()?.into_inner();
            let line = board.lines.into_iter().find(|line| line.organ == organ)?;
            let handled = if organ == CENTRE { line.received } else { line.held };
            (handled == count).then_some(())
        })
        .await;
    }
    eventually("all in handling at intake", async || {
        let request = ListCasesRequest {
            states: vec![
                CaseState::Accepted.into(),
                CaseState::Registered.into(),
                CaseState::Received.into(),
            ],
            ..ListCasesRequest::default()
        };
        let rest = world.desk(CENTRE).intake().list_cases(request).await.ok()?.into_inner().cases;
        rest.is_empty().then_some(())
    })
    .await;
}

fn gapless(count: usize) -> BTreeSet<String> {
    (1..=count).map(|number| format!("宝效投〔2026〕{number}号")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_at_once_with_one_request_id_are_one_case_and_one_answer() {
    let world = World::new().await;
    let request = complaints::submit(complaints::about_a_clerk(UNIT));
    let desk = world.desk(CENTRE);
    let calls = (0..50).map(|_| {
        let (mut intake, request) = (desk.intake(), request.clone());
        tokio::spawn(async move { intake.submit_complaint(request).await.expect("received").into_inner() })
    });
    let mut answers = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        answers.push(call.await.expect("an answer"));
    }
    assert!(answers.iter().all(|answer| Some(answer) == answers.first()), "one answer for all");
    assert_eq!(numbers(&world).await.len(), 1);

    let mut other = request.clone();
    other.complaint = Some(complaints::about_an_organ(SUB_CENTRE));
    let refused = rejection(desk.intake().submit_complaint(other).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    let somebody =
        rejection(world.officer("desk", CENTRE, "somebody").intake().submit_complaint(request).await);
    assert_eq!(somebody.reason, "REQUEST_ID_REUSED", "nor does another person get the first answer");
    assert_eq!(numbers(&world).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_with_many_details_is_known_again_however_they_were_sent() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    let detail = |number: usize| (format!("detail_{number}"), format!("value {number}"));
    complaint.channel_details = (0..20).map(detail).collect();
    let request = complaints::submit(complaint);
    let mut intake = world.desk(CENTRE).intake();
    let first = intake.submit_complaint(request.clone()).await.expect("received").into_inner();
    for _ in 0..20 {
        let again = intake.submit_complaint(request.clone()).await.expect("known again").into_inner();
        assert_eq!(again, first);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_at_once_get_gapless_numbers_and_arrive_everywhere_once() {
    let world = World::automatic().await;
    let receipts = hand_in(&world, many(300)).await;
    assert!(receipts.iter().all(|receipt| receipt.state() == CaseState::Accepted));
    let given: BTreeSet<String> = receipts.into_iter().map(|receipt| receipt.number).collect();
    assert_eq!(given, gapless(300));
    pipeline_completes(&world, 300).await;
    assert_eq!(numbers(&world).await.len(), 300);
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_the_pipeline_goes_on_where_it_was() {
    let mut world = World::automatic().await;
    let receipts = hand_in(&world, many(100)).await;
    assert_eq!(receipts.len(), 100);
    world.instance.restart().await.expect("started again");
    pipeline_completes(&world, 100).await;
    let more = hand_in(&world, many(20)).await;
    assert_eq!(more.len(), 20);
    pipeline_completes(&world, 120).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_are_cut_under_load_lose_nothing_that_was_acknowledged() {
    let world = World::automatic().await;
    let admin = world.instance.db().admin_pool().await.expect("a pool");
    let requests = many(400);
    let mut acknowledged = BTreeSet::new();
    for chunk in requests.chunks(50) {
        let cut = async {
            sqlx::query(
                "select pg_terminate_backend(pid) from pg_stat_activity \
                 where datname = current_database() and pid <> pg_backend_pid() and usename like 'duban%'",
            )
            .execute(&admin)
            .await
            .expect("cut");
        };
        let (receipts, ()) = tokio::join!(hand_in(&world, chunk.to_vec()), cut);
        acknowledged.extend(receipts.into_iter().map(|receipt| receipt.number));
    }
    // What was not acknowledged is sent again under its request id; what was, gets its first answer.
    let all = eventually("all are in", async || {
        let receipts = hand_in(&world, requests.clone()).await;
        (receipts.len() == requests.len()).then_some(receipts)
    })
    .await;
    let numbers_given: BTreeSet<String> = all.into_iter().map(|receipt| receipt.number).collect();
    assert_eq!(numbers_given, gapless(400), "each once, and no number left out");
    assert!(acknowledged.is_subset(&numbers_given));
    pipeline_completes(&world, 400).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_dropped_is_done_or_not_done_and_a_retry_tells() {
    let world = World::new().await;
    let requests = many(40);
    for (index, request) in requests.iter().enumerate() {
        let mut intake = world.desk(CENTRE).intake();
        let call = intake.submit_complaint(request.clone());
        let patience = std::time::Duration::from_micros(u64::try_from(index).expect("small") * 150);
        drop(tokio::time::timeout(patience, call).await);
    }
    let mut numbers_given = BTreeSet::new();
    for request in requests {
        let receipt =
            world.desk(CENTRE).intake().submit_complaint(request).await.expect("received").into_inner();
        numbers_given.insert(receipt.number);
    }
    assert_eq!(numbers_given, gapless(40));
    assert_eq!(numbers(&world).await.len(), 40);
    world.ledgers_verify().await;
}
