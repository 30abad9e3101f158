use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{
    DecideExtensionRequest, ExtensionState, GetClocksRequest, ListExtensionsRequest,
    ReadExtensionToldRequest, RequestExtensionRequest,
};
use supervision::domain::time::from_wire;
use uuid::Uuid;

use crate::harness::{CENTRE, OTHER, Running, TOWN, at, case, reason, start};

const TOLD: &str = "案情复杂,需要核实历史资料";
const REASON: &str = "案情复杂,需向区建管委调取原始档案。";

fn wanted(id: u128) -> RequestExtensionRequest {
    RequestExtensionRequest {
        request_id: Uuid::from_u128(id).to_string(),
        case_id: case(1).to_string(),
        term: 0,
        length: "20 workdays".into(),
        reason: REASON.into(),
    }
}

async fn asked() -> (Running, String) {
    let mut running = start().await;
    running.accepted(TOWN, 1).await;
    let request = running.by(Role::Handler, TOWN, wanted(100));
    let answer = running.client.request_extension(request).await.unwrap().into_inner();
    let extension = answer.extension.unwrap();
    assert_eq!((extension.reason.as_str(), extension.state()), (REASON, ExtensionState::Requested));
    (running, extension.extension_id)
}

fn decision(extension_id: &str, id: u128, granted: bool) -> DecideExtensionRequest {
    DecideExtensionRequest {
        request_id: Uuid::from_u128(id).to_string(),
        case_id: case(1).to_string(),
        extension_id: extension_id.into(),
        granted,
        told: if granted { TOLD.into() } else { String::new() },
        refusal: if granted { String::new() } else { "尚有时间,应先抓紧办理。".into() },
    }
}

#[tokio::test]
async fn art_17_the_head_grants_an_extension_and_the_end_moves() {
    let (mut running, id) = asked().await;
    let request = running.by(Role::Head, TOWN, GetClocksRequest { case_id: case(1).to_string() });
    let clocks = running.client.get_clocks(request).await.unwrap().into_inner().clocks;
    assert_eq!(clocks[0].allowed_actions, [i32::from(Action::DecideExtension)]);

    let request = running.by(Role::Head, TOWN, decision(&id, 101, true));
    let answer = running.client.decide_extension(request).await.unwrap().into_inner();
    let (extension, clock) = (answer.extension.unwrap(), answer.clock.unwrap());
    assert_eq!(extension.state(), ExtensionState::Granted);
    assert_eq!((extension.decided_by.as_str(), extension.reason.as_str()), ("head.baoshan.luodian", REASON));
    assert_eq!(from_wire(clock.due_at.as_ref()), at("2026-03-31 00:00"));

    let request = running.by(Role::Head, TOWN, decision(&id, 102, false));
    let status = running.client.decide_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "STATE_NOT_ALLOWED");
    running.stop().await;
}

#[tokio::test]
async fn art_17_the_superior_may_decide_the_requester_and_another_organ_may_not() {
    let (mut running, id) = asked().await;
    let request = running.as_person("handler.baoshan.luodian", Role::Head, TOWN, decision(&id, 101, true));
    let status = running.client.decide_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "PERSON_EXCLUDED");
    let request = running.by(Role::Head, OTHER, decision(&id, 101, true));
    let status = running.client.decide_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    let request = running.by(Role::Handler, TOWN, decision(&id, 101, true));
    let status = running.client.decide_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "ROLE_NOT_ALLOWED");
    let request = running.by(Role::Supervisor, CENTRE, decision(&id, 101, false));
    let answer = running.client.decide_extension(request).await.unwrap().into_inner();
    assert_eq!(answer.extension.unwrap().state(), ExtensionState::Refused);
    running.stop().await;
}

#[tokio::test]
async fn art_17_the_complainant_has_to_be_told_why_and_who_asked_why_it_was_refused() {
    let (mut running, id) = asked().await;
    for (granted, field) in [(true, "told"), (false, "refusal")] {
        let silent = DecideExtensionRequest {
            told: String::new(),
            refusal: String::new(),
            ..decision(&id, 101, granted)
        };
        let request = running.by(Role::Head, TOWN, silent);
        let status = running.client.decide_extension(request).await.unwrap_err();
        let details = tonic_types::StatusExt::get_details_bad_request(&status).unwrap();
        let fields: Vec<_> = details.field_violations.into_iter().map(|it| it.field).collect();
        assert_eq!(fields, [field]);
    }
    let request = running.by(Role::Head, TOWN, decision(&id, 101, false));
    let refused = running.client.decide_extension(request).await.unwrap().into_inner().extension.unwrap();
    assert_eq!(refused.refusal, "尚有时间,应先抓紧办理。");
    let request = running.by(Role::Handler, TOWN, ListExtensionsRequest::default());
    let listed = running.client.list_extensions(request).await.unwrap().into_inner().extensions;
    assert_eq!((listed[0].refusal.as_str(), listed[0].told.as_str()), (refused.refusal.as_str(), ""));

    let request = running.by(Role::Handler, TOWN, RequestExtensionRequest { ..wanted(110) });
    let again = running.client.request_extension(request).await.unwrap().into_inner().extension.unwrap();
    let read = || ReadExtensionToldRequest {
        case_id: case(1).to_string(),
        extension_id: again.extension_id.clone(),
        organ: TOWN.into(),
    };
    let request = running.by(Role::Service, "", read());
    assert_eq!(running.clocks.read_extension_told(request).await.unwrap().into_inner().told, "", "not yet");
    let request = running.by(Role::Head, TOWN, decision(&again.extension_id, 111, true));
    let granted = running.client.decide_extension(request).await.unwrap().into_inner().extension.unwrap();
    assert_eq!((granted.told.as_str(), granted.refusal.as_str()), (TOLD, ""));
    let request = running.by(Role::Service, "", read());
    assert_eq!(running.clocks.read_extension_told(request).await.unwrap().into_inner().told, TOLD);
    let refusal = ReadExtensionToldRequest { extension_id: id, ..read() };
    let request = running.by(Role::Service, "", refusal);
    assert_eq!(running.clocks.read_extension_told(request).await.unwrap().into_inner().told, "");
    let request = running.by(Role::Head, TOWN, read());
    let status = running.clocks.read_extension_told(request).await.unwrap_err();
    assert_eq!(reason(&status), "ROLE_NOT_ALLOWED");
    running.stop().await;
}

#[tokio::test]
async fn art_17_supervision_of_the_same_organ_is_no_superior_where_there_is_one_and_a_leader_is_no_head() {
    let (mut running, id) = asked().await;
    for (role, refused) in [(Role::Leader, "ROLE_NOT_ALLOWED"), (Role::Supervisor, "APPROVER_NOT_COMPETENT")]
    {
        let request = running.by(role, TOWN, decision(&id, 101, true));
        let status = running.client.decide_extension(request).await.unwrap_err();
        assert_eq!(reason(&status), refused);
        let request = running.by(role, TOWN, GetClocksRequest { case_id: case(1).to_string() });
        let clocks = running.client.get_clocks(request).await.unwrap().into_inner().clocks;
        assert!(!clocks[0].allowed_actions.contains(&i32::from(Action::DecideExtension)));
    }
    running.stop().await;
}

#[tokio::test]
async fn a_request_sent_again_is_answered_alike_and_another_under_its_id_is_refused() {
    let (mut running, id) = asked().await;
    let request = running.by(Role::Handler, TOWN, wanted(100));
    let again = running.client.request_extension(request).await.unwrap().into_inner().extension.unwrap();
    assert_eq!((again.extension_id, again.reason), (id, REASON.to_owned()));
    let other = RequestExtensionRequest { length: "25 workdays".into(), ..wanted(100) };
    let request = running.by(Role::Handler, TOWN, other);
    let status = running.client.request_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "REQUEST_ID_REUSED");
    let request = running.by(Role::Handler, TOWN, wanted(103));
    let status = running.client.request_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "EXTENSION_NOT_ALLOWED");
    running.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once_and_a_case_of_another_organ_is_not_found() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    let wrong = RequestExtensionRequest { length: "soon".into(), reason: " ".into(), ..wanted(100) };
    let request = running.by(Role::Handler, TOWN, wrong);
    let status = running.client.request_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "FIELD_VIOLATIONS");
    let fields: Vec<_> = tonic_types::StatusExt::get_details_bad_request(&status)
        .unwrap()
        .field_violations
        .into_iter()
        .map(|violation| violation.field)
        .collect();
    assert_eq!(fields, ["length", "reason"]);
    let request = running.by(Role::Handler, TOWN, wanted(100));
    let status = running.client.request_extension(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    running.stop().await;
}

#[tokio::test]
async fn open_extensions_come_first_and_in_pages() {
    let (mut running, first) = asked().await;
    let request = running.by(Role::Head, TOWN, decision(&first, 101, false));
    running.client.decide_extension(request).await.unwrap();
    running.accepted(CENTRE, 2).await;
    let request = RequestExtensionRequest { case_id: case(2).to_string(), ..wanted(102) };
    let request = running.by(Role::Leader, CENTRE, request);
    running.client.request_extension(request).await.unwrap();

    let list = ListExtensionsRequest { page_size: 1, ..ListExtensionsRequest::default() };
    let request = running.by(Role::Supervisor, CENTRE, list.clone());
    let page = running.client.list_extensions(request).await.unwrap().into_inner();
    assert_eq!(page.extensions[0].state(), ExtensionState::Requested);
    let list = ListExtensionsRequest { page_token: page.next_page_token, ..list };
    let request = running.by(Role::Supervisor, CENTRE, list);
    let page = running.client.list_extensions(request).await.unwrap().into_inner();
    assert_eq!(page.extensions[0].extension_id, first);
    assert_eq!(page.extensions[0].reason, REASON);
    let list = ListExtensionsRequest { open_only: true, ..ListExtensionsRequest::default() };
    let request = running.by(Role::Desk, TOWN, list);
    let page = running.client.list_extensions(request).await.unwrap().into_inner();
    assert!(page.extensions.is_empty());
    running.stop().await;
}
