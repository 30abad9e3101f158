use access::Role;
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    DeliveryOutcome, ListRepliesRequest, ReplyOccasion, SendReplyRequest, TrackCaseRequest, TrackCaseResponse,
};
use duban_proto::routing::v1::CaseConcluded;
use duban_proto::routing::v1::event::Kind;
use tonic::{Code, Status};

use crate::complaint::{NAME, about_a_clerk, id, submission};
use crate::harness::{CENTRE, Running, reason, start, start_following};

async fn track(running: &mut Running, number: &str, code: &str) -> Result<TrackCaseResponse, Status> {
    let request = TrackCaseRequest { number: number.into(), tracking_code: code.into() };
    Ok(running.client.track_case(request).await?.into_inner())
}

#[tokio::test]
async fn art_16_whoever_has_number_and_code_sees_the_steps_and_nobodys_name() {
    let mut running = start().await;
    let receipt = running.accepted(1).await;
    let tracked = track(&mut running, &receipt.number, &receipt.tracking_code).await.unwrap();
    let steps: Vec<_> = tracked.steps.iter().map(|step| step.text.as_ref().unwrap().zh.as_str()).collect();
    assert_eq!((tracked.state(), steps), (CaseState::Accepted, vec!["已收到", "已登记", "已受理"]));
    let all = format!("{tracked:?}");
    assert!(!all.contains(NAME) && !all.contains("desk") && !all.contains("baoshan"), "{all}");

    let request = running.by_agency("12345", submission(2, about_a_clerk()));
    let waiting = running.client.submit_complaint(request).await.unwrap().into_inner();
    let tracked = track(&mut running, &waiting.case_id, &waiting.tracking_code).await.unwrap();
    assert_eq!((tracked.state(), tracked.number.as_str()), (CaseState::Received, ""));
    running.stop().await;
}

#[tokio::test]
async fn art_17_an_attempt_to_tell_the_result_that_failed_is_no_step() {
    let mut running = start_following().await;
    let receipt = running.accepted(1).await;
    let concluded = Kind::CaseConcluded(CaseConcluded::default());
    running.others().routing_says(Some(&receipt.case_id), concluded).await;
    running.until(&receipt.case_id, |case| case.state() == CaseState::Concluded).await;
    let request = running.by(Role::Desk, CENTRE, ListRepliesRequest::default());
    let replies = running.client.list_replies(request).await.unwrap().into_inner().replies;
    let result = replies.into_iter().find(|reply| reply.occasion() == ReplyOccasion::Result).unwrap();
    for (number, outcome, last) in
        [(2, DeliveryOutcome::Failed, "已办结"), (3, DeliveryOutcome::Sent, "已答复")]
    {
        let request = SendReplyRequest {
            request_id: id(number),
            case_id: receipt.case_id.clone(),
            reply_id: result.reply_id.clone(),
            form: "call".into(),
            outcome: outcome.into(),
            ..SendReplyRequest::default()
        };
        running.client.send_reply(running.by(Role::Desk, CENTRE, request)).await.unwrap();
        let tracked = track(&mut running, &receipt.number, &receipt.tracking_code).await.unwrap();
        assert_eq!(tracked.steps.last().unwrap().text.as_ref().unwrap().zh, last);
    }
    running.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_is_told_in_the_same_words() {
    let mut running = start().await;
    let first = running.registered(1, about_a_clerk()).await;
    let second = running.registered(2, about_a_clerk()).await;
    let mut told = Vec::new();
    for (number, code) in [
        (first.number.as_str(), second.tracking_code.as_str()),
        ("宝效投〔2026〕99号", &first.tracking_code),
        ("宝效投〔2026〕1号\0", &first.tracking_code),
        ("01890000-0000-7000-8000-000000000000", &first.tracking_code),
        ("", &first.tracking_code),
        (&first.number, "no code at all"),
    ] {
        let status = track(&mut running, number, code).await.unwrap_err();
        assert_eq!(
            (status.code(), reason(&status).as_str()),
            (Code::NotFound, "TRACKING_NOT_FOUND"),
            "{number:?}"
        );
        told.push(status.message().to_owned());
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
    running.stop().await;
}
