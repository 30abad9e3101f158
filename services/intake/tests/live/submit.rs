use access::{Principal, Role};
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    Complaint, ListCasesRequest, RegisterCaseRequest, SubmitComplaintRequest, WithdrawComplaintRequest,
};
use tonic::Code;

use crate::complaint::{about_a_clerk, id, submission, without_contact};
use crate::harness::{CENTRE, TOWN, UNIT, article, fields, reason, start, start_automatic};

#[tokio::test]
async fn the_same_request_gives_the_first_answer_and_another_body_is_refused() {
    let mut running = start().await;
    let first = running.registered(1, about_a_clerk()).await;
    let again = running.registered(1, about_a_clerk()).await;
    assert_eq!(first, again);
    assert!(!first.tracking_code.is_empty());

    let other = Complaint { title: "另一件事".into(), ..about_a_clerk() };
    let request = running.by(Role::Desk, CENTRE, submission(1, other));
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    let request = running.by(Role::Desk, TOWN, submission(1, about_a_clerk()));
    let elsewhere = running.client.submit_complaint(request).await.unwrap().into_inner();
    assert_eq!(elsewhere.number, "罗效投〔2026〕1号", "another organ has a ledger of its own");
    running.stop().await;
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_nothing_is_written() {
    let mut running = start().await;
    let mut complaint = about_a_clerk();
    complaint.channel = "pigeon".into();
    complaint.title = "长".repeat(201);
    complaint.text = "有\0字符".into();
    complaint.grounds = vec!["8.2".into(), "9.9".into()];
    complaint.respondents[0].organ = "baoshan.luodain".into();
    complaint.occurred_on = "2026-13-01".into();
    let request = running.by(Role::Desk, CENTRE, submission(1, complaint));
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, "FIELD_VIOLATIONS"));
    let mut wrong = fields(&status);
    wrong.sort();
    let expected = ["channel", "grounds[1]", "occurred_on", "respondents[0].organ", "text", "title"];
    assert_eq!(wrong, expected.map(|field| format!("complaint.{field}")));

    let list = running.by(Role::Desk, CENTRE, ListCasesRequest::default());
    assert!(running.client.list_cases(list).await.unwrap().into_inner().cases.is_empty());
    running.stop().await;
}

#[tokio::test]
async fn art_10_a_system_has_to_be_complete_and_a_desk_may_register_what_is_not() {
    let mut running = start().await;
    let request = running.by_agency("12345", submission(1, without_contact()));
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!(fields(&status), ["complaint.complainant.contact"]);
    assert_eq!(article(&status), "10");

    let receipt = running.registered(2, without_contact()).await;
    assert_eq!(
        (receipt.state(), receipt.missing.as_slice()),
        (CaseState::Registered, &["complainant.contact".to_owned()][..])
    );
    running.stop().await;
}

#[tokio::test]
async fn art_13_a_system_hands_in_to_the_desks_queue_and_knows_of_its_own_alone() {
    let mut running = start().await;
    let request = running.by_agency("12345", submission(1, about_a_clerk()));
    let receipt = running.client.submit_complaint(request).await.unwrap().into_inner();
    assert_eq!((receipt.state(), receipt.number.as_str()), (CaseState::Received, ""));

    let withdraw = |number| WithdrawComplaintRequest {
        request_id: id(number),
        case_id: receipt.case_id.clone(),
        goes_on: false,
    };
    let request = running.by_agency("hotline", withdraw(2));
    let status = running.client.withdraw_complaint(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");

    let register = RegisterCaseRequest { request_id: id(3), case_id: receipt.case_id.clone() };
    let request = running.by(Role::Desk, CENTRE, register);
    let case = running.client.register_case(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!(case.number, "宝效投〔2026〕1号");

    let request = running.by_agency("12345", withdraw(4));
    let case = running.client.withdraw_complaint(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!(case.state(), CaseState::Withdrawn);
    running.stop().await;
}

#[tokio::test]
async fn a_system_whose_token_names_no_agency_is_a_system_all_the_same() {
    let mut running = start().await;
    let nameless = Principal::new("system.x", CENTRE, [Role::Agency]);
    let request = running.calls(&nameless, submission(1, about_a_clerk()));
    let receipt = running.client.submit_complaint(request).await.unwrap().into_inner();
    assert_eq!(receipt.state(), CaseState::Received, "it is no desk: it waits in the queue");

    let others = running.registered(2, about_a_clerk()).await;
    let withdraw =
        WithdrawComplaintRequest { request_id: id(3), case_id: others.case_id.clone(), goes_on: false };
    let request = running.calls(&nameless, withdraw);
    let status = running.client.withdraw_complaint(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND", "another's complaint");
    running.stop().await;
}

#[tokio::test]
async fn art_4_a_complaint_is_handed_in_where_one_is_received() {
    let mut running = start().await;
    let request = running.by(Role::Desk, UNIT, submission(1, about_a_clerk()));
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "REGULATION_FORBIDS"));

    let at_the_town = SubmitComplaintRequest { organ: TOWN.into(), ..submission(2, about_a_clerk()) };
    let request = running.by(Role::Desk, CENTRE, at_the_town);
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!(reason(&status), "ORGAN_OUT_OF_SCOPE");
    running.stop().await;
}

#[tokio::test]
async fn house_what_has_everything_is_accepted_at_once_where_the_rules_say_so() {
    let mut running = start_automatic().await;
    let request = running.by_agency("12345", submission(1, about_a_clerk()));
    let receipt = running.client.submit_complaint(request).await.unwrap().into_inner();
    assert_eq!((receipt.state(), receipt.number.as_str()), (CaseState::Accepted, "宝效投〔2026〕1号"));
    assert!(running.seen(&receipt.case_id).await.masks_confirmed);

    let without_ground = Complaint { grounds: Vec::new(), ..about_a_clerk() };
    let request = running.by_agency("12345", submission(2, without_ground));
    let receipt = running.client.submit_complaint(request).await.unwrap().into_inner();
    assert_eq!(receipt.state(), CaseState::Received, "an officer settles the ground");
    running.stop().await;
}
