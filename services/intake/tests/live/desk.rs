use access::Role;
use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::{
    AcceptCaseRequest, DeclineCaseRequest, DirectElsewhereRequest, GetCaseRequest, ReferCaseRequest,
};
use tonic::Code;

use crate::complaint::{about_a_clerk, id};
use crate::harness::{CENTRE, TOWN, fields, reason, start};

fn accept(number: u128, case_id: &str, version: u32) -> AcceptCaseRequest {
    AcceptCaseRequest {
        request_id: id(number),
        case_id: case_id.into(),
        version,
        ..AcceptCaseRequest::default()
    }
}

#[tokio::test]
async fn art_13_a_desk_takes_a_complaint_from_submission_to_acceptance() {
    let mut running = start().await;
    let receipt = running.registered(1, about_a_clerk()).await;
    let seen = running.seen(&receipt.case_id).await;
    assert!(seen.allowed_actions.contains(&Action::Accept.into()), "{seen:?}");

    let request = running.by(Role::Desk, CENTRE, accept(2, &receipt.case_id, seen.version));
    let case = running.client.accept_case(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!((case.state(), case.number.as_str()), (CaseState::Accepted, "宝效投〔2026〕1号"));
    assert_eq!(case.accepted_at, Some(server::time::to_proto(ledger::Clock::now(running.clock.as_ref()))));
    assert!(case.allowed_actions.contains(&Action::ConfirmMasks.into()), "{case:?}");

    let request = running.by(Role::Desk, CENTRE, GetCaseRequest { case_id: receipt.case_id });
    let timeline = running.client.get_case(request).await.unwrap().into_inner().timeline;
    let kinds: Vec<_> = timeline.iter().map(|line| line.kind.as_str()).collect();
    assert_eq!(kinds, ["complaint_received", "case_registered", "case_accepted", "reply_due"]);
    assert!(timeline.iter().all(|line| line.actor == "desk.baoshan"), "{timeline:?}");
    running.stop().await;
}

#[tokio::test]
async fn an_acceptance_is_once_whoever_asks_again() {
    let mut running = start().await;
    let receipt = running.registered(1, about_a_clerk()).await;
    let request = running.by(Role::Desk, CENTRE, accept(2, &receipt.case_id, 2));
    let first = running.client.accept_case(request).await.unwrap().into_inner();
    let request = running.by(Role::Desk, CENTRE, accept(2, &receipt.case_id, 2));
    assert_eq!(running.client.accept_case(request).await.unwrap().into_inner(), first);

    let request = running.by(Role::Desk, CENTRE, accept(3, &receipt.case_id, 2));
    let status = running.client.accept_case(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "VERSION_MISMATCH"));
    let request = running.by(Role::Desk, CENTRE, accept(4, &receipt.case_id, 3));
    let status = running.client.accept_case(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::FailedPrecondition, "STATE_NOT_ALLOWED"));
    let request = running.by(Role::Desk, TOWN, accept(5, &receipt.case_id, 2));
    let status = running.client.accept_case(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "CASE_NOT_FOUND"));
    running.stop().await;
}

#[tokio::test]
async fn art_2_and_14_4_a_case_is_declined_referred_or_directed_by_the_codes_of_the_measures() {
    let mut running = start().await;
    let cases = [
        running.registered(1, about_a_clerk()).await.case_id,
        running.registered(2, about_a_clerk()).await.case_id,
        running.registered(3, about_a_clerk()).await.case_id,
    ];
    let decline = |number, ground: &str| DeclineCaseRequest {
        request_id: id(number),
        case_id: cases[0].clone(),
        version: 2,
        ground: ground.into(),
        explanation: "《信访工作条例》".into(),
    };
    let request = running.by(Role::Desk, CENTRE, decline(11, "too_much_work"));
    assert_eq!(fields(&running.client.decline_case(request).await.unwrap_err()), ["ground"]);
    let request = running.by(Role::Desk, CENTRE, decline(12, "special_law"));
    let case = running.client.decline_case(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!(case.state(), CaseState::Declined);

    let refer = |number, department: &str| ReferCaseRequest {
        request_id: id(number),
        case_id: cases[1].clone(),
        version: 2,
        department: department.into(),
        explanation: String::new(),
    };
    let request = running.by(Role::Desk, CENTRE, refer(13, "nowhere"));
    assert_eq!(fields(&running.client.refer_case(request).await.unwrap_err()), ["department"]);
    let request = running.by(Role::Desk, CENTRE, refer(14, "market_regulation"));
    let case = running.client.refer_case(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!(case.state(), CaseState::Referred);

    let direct = DirectElsewhereRequest {
        request_id: id(15),
        case_id: cases[2].clone(),
        version: 2,
        way: "court".into(),
        explanation: "宝山区人民法院".into(),
    };
    let request = running.by(Role::Desk, CENTRE, direct);
    let case = running.client.direct_elsewhere(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!(case.state(), CaseState::DirectedElsewhere);
    running.stop().await;
}
