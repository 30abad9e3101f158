//! Other agencies' systems: did it arrive, what became of it, and not too much at once (9, 16).

use access::Role;
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    AcceptCaseRequest, GetSubmissionRequest, GetSubmissionResponse, ListCasesRequest, RegisterCaseRequest,
    WatchCasesRequest, WatchCasesResponse,
};
use tonic::{Code, Request, Streaming};
use tonic_types::StatusExt as _;

use crate::complaint::{about_a_clerk, id, submission};
use crate::harness::{CENTRE, NARROW, Running, reason, start};

/// What became of the first submission, as this caller is told.
async fn arrived(
    running: &mut Running,
    ask: impl Fn(&Running, GetSubmissionRequest) -> Request<GetSubmissionRequest>,
) -> GetSubmissionResponse {
    let request = ask(running, GetSubmissionRequest { request_id: id(1) });
    running.client.get_submission(request).await.unwrap().into_inner()
}

async fn watch(running: &mut Running, agency: &str, resume_token: &str) -> Streaming<WatchCasesResponse> {
    let request = WatchCasesRequest { resume_token: resume_token.into() };
    let request = running.by_agency(agency, request);
    running.client.watch_cases(request).await.unwrap().into_inner()
}

/// The next change: what, and the token.
async fn next(stream: &mut Streaming<WatchCasesResponse>) -> WatchCasesResponse {
    stream.message().await.unwrap().expect("a change")
}

#[tokio::test]
async fn art_9_a_system_learns_whether_its_submission_arrived() {
    let mut running = start().await;
    let agency = |running: &Running, message| running.by_agency("12345", message);
    assert_eq!(arrived(&mut running, agency).await, GetSubmissionResponse::default());

    let request = running.by_agency("12345", submission(1, about_a_clerk()));
    let receipt = running.client.submit_complaint(request).await.unwrap().into_inner();
    let answer = arrived(&mut running, agency).await;
    assert!(answer.arrived);
    assert_eq!(answer.receipt.unwrap(), receipt);

    let register = RegisterCaseRequest { request_id: id(2), case_id: receipt.case_id.clone() };
    running.client.register_case(running.by(Role::Desk, CENTRE, register)).await.unwrap();
    let now = arrived(&mut running, agency).await.receipt.unwrap();
    assert_eq!((now.number.as_str(), now.state()), ("宝效投〔2026〕1号", CaseState::Registered));
    assert_eq!(now.tracking_code, receipt.tracking_code);

    let others = [
        arrived(&mut running, |running, message| running.by_agency("12329", message)).await,
        arrived(&mut running, |running, message| running.by(Role::Desk, CENTRE, message)).await,
    ];
    assert_eq!(others, [GetSubmissionResponse::default(), GetSubmissionResponse::default()]);
    // What was registered under an id is no submission.
    let asks = GetSubmissionRequest { request_id: id(2) };
    let answer = running.client.get_submission(running.by(Role::Desk, CENTRE, asks)).await.unwrap();
    assert!(!answer.into_inner().arrived);
    running.stop().await;
}

#[tokio::test]
async fn art_9_beyond_its_quota_a_system_is_told_when_to_come_again_and_nothing_is_written() {
    let mut running = start().await;
    for number in 1..=2 {
        let request = running.by_agency(NARROW, submission(number, about_a_clerk()));
        running.client.submit_complaint(request).await.unwrap();
    }
    let request = running.by_agency(NARROW, submission(3, about_a_clerk()));
    let refused = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::ResourceExhausted, "OVERLOADED".to_owned()));
    let retry = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(!retry.is_zero() && retry.as_secs() <= 30, "{retry:?}");

    // Others are not concerned: neither another system nor a desk.
    let request = running.by_agency("12345", submission(4, about_a_clerk()));
    running.client.submit_complaint(request).await.unwrap();
    running.registered(5, about_a_clerk()).await;
    let list = running.by(Role::Desk, CENTRE, ListCasesRequest::default());
    assert_eq!(running.client.list_cases(list).await.unwrap().into_inner().cases.len(), 4);
    running.stop().await;
}

#[tokio::test]
async fn art_16_a_system_watches_its_own_cases_and_goes_on_where_its_stream_broke() {
    let mut running = start().await;
    let mut stream = watch(&mut running, "12345", "").await;
    let first = next(&mut stream).await;
    assert!(first.case.is_none() && !first.resume_token.is_empty(), "{first:?}");

    let request = running.by_agency("12329", submission(1, about_a_clerk()));
    running.client.submit_complaint(request).await.unwrap();
    let request = running.by_agency("12345", submission(2, about_a_clerk()));
    let case_id = running.client.submit_complaint(request).await.unwrap().into_inner().case_id;
    let change = next(&mut stream).await;
    assert_eq!(change.kind, "complaint_received", "another system's is not told");
    assert_eq!(change.case.unwrap().case_id, case_id);
    drop(stream);

    let register = RegisterCaseRequest { request_id: id(3), case_id: case_id.clone() };
    running.client.register_case(running.by(Role::Desk, CENTRE, register)).await.unwrap();
    let accept = AcceptCaseRequest { request_id: id(4), case_id, version: 2, ..AcceptCaseRequest::default() };
    running.client.accept_case(running.by(Role::Desk, CENTRE, accept)).await.unwrap();
    let mut stream = watch(&mut running, "12345", &change.resume_token).await;
    let here = next(&mut stream).await;
    assert_eq!((here.case, &here.resume_token), (None, &change.resume_token));
    let told = [next(&mut stream).await, next(&mut stream).await];
    assert_eq!(told.each_ref().map(|change| change.kind.as_str()), ["case_registered", "case_accepted"]);
    assert_eq!(told[1].case.as_ref().unwrap().state(), CaseState::Accepted);

    let foreign = WatchCasesRequest { resume_token: change.resume_token };
    let request = running.by_agency("12329", foreign);
    let refused = running.client.watch_cases(request).await.unwrap_err();
    assert_eq!(reason(&refused), "PAGE_TOKEN_INVALID");
    drop(stream);
    running.stop().await;
}

#[tokio::test]
async fn art_16_a_desk_watches_all_that_its_organ_registered_until_the_service_stops() {
    let mut running = start().await;
    let request = running.by(Role::Desk, CENTRE, WatchCasesRequest::default());
    let mut stream = running.client.watch_cases(request).await.unwrap().into_inner();
    assert!(next(&mut stream).await.case.is_none());
    let request = running.by_agency("12345", submission(1, about_a_clerk()));
    running.client.submit_complaint(request).await.unwrap();
    running.accepted(2).await;
    let mut kinds = Vec::new();
    for _ in 0..4 {
        kinds.push(next(&mut stream).await.kind);
    }
    assert_eq!(kinds, ["complaint_received", "complaint_received", "case_registered", "case_accepted"]);
    let ended = tokio::join!(running.stop(), stream.message()).1;
    assert_eq!(ended.unwrap_err().code(), Code::Unavailable, "the service stops, and says so");
}
