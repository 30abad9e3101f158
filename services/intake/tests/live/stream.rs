use access::Role;
use duban_proto::intake::v1::submit_complaints_response::Result as Answer;
use duban_proto::intake::v1::{Complaint, SubmitComplaintsRequest};
use futures::StreamExt as _;
use futures::stream;

use crate::complaint::{about_a_clerk, id, submission};
use crate::harness::{CENTRE, start};

#[tokio::test]
async fn of_many_each_has_its_answer_and_a_bad_one_concerns_itself_alone() {
    let mut running = start().await;
    let items = (1..=40).map(|number| {
        let channel = if number == 7 { "pigeon" } else { "online" };
        let complaint = Complaint { channel: channel.into(), ..about_a_clerk() };
        SubmitComplaintsRequest { item: Some(submission(number, complaint)) }
    });
    let request = running.by(Role::Desk, CENTRE, stream::iter(items.collect::<Vec<_>>()));
    let mut answers = running.client.submit_complaints(request).await.unwrap().into_inner();
    let (mut numbers, mut rejected) = (Vec::new(), Vec::new());
    while let Some(answer) = answers.next().await {
        let answer = answer.unwrap();
        match answer.result.unwrap() {
            Answer::Receipt(receipt) => numbers.push(receipt.number),
            Answer::Rejection(rejection) => rejected.push((answer.request_id, rejection)),
        }
    }
    numbers.sort();
    let mut expected: Vec<_> = (1..=39).map(|number| format!("宝效投〔2026〕{number}号")).collect();
    expected.sort();
    assert_eq!(numbers, expected, "without a gap");
    let [(request_id, rejection)] = rejected.as_slice() else { panic!("{rejected:?}") };
    assert_eq!((request_id, rejection.reason.as_str()), (&id(7), "FIELD_VIOLATIONS"));
    assert_eq!(rejection.violations[0].field, "complaint.channel");
    running.stop().await;
}
