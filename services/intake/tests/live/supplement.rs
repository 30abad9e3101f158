use access::Role;
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    OpenIdentityRequest, ProposeMasksRequest, ProvideSupplementRequest, RequestSupplementRequest,
};

use crate::complaint::{PHONE, about_a_clerk, id, without_contact};
use crate::harness::{CENTRE, at, fields, start};

#[tokio::test]
async fn art_10_a_supplement_replaces_the_sealed_original_and_the_identity() {
    let mut running = start().await;
    let case_id = running.registered(1, without_contact()).await.case_id;
    let ask = |number, fields: &[&str]| RequestSupplementRequest {
        request_id: id(number),
        case_id: case_id.clone(),
        version: 2,
        fields: fields.iter().map(ToString::to_string).collect(),
    };
    let request = running.by(Role::Desk, CENTRE, ask(2, &["complainant.name", "shoe_size"]));
    assert_eq!(fields(&running.client.request_supplement(request).await.unwrap_err()), ["fields[1]"]);
    let request = running.by(Role::Desk, CENTRE, ask(3, &[]));
    let asked = running.client.request_supplement(request).await.unwrap().into_inner();
    assert_eq!(asked.case.unwrap().state(), CaseState::SupplementRequested);
    assert_eq!(asked.due_at, Some(server::time::to_proto(at("2026-03-10 00:00"))));

    let supply = || ProvideSupplementRequest {
        request_id: id(4),
        case_id: case_id.clone(),
        complaint: Some(about_a_clerk()),
    };
    let request = running.by(Role::Desk, CENTRE, supply());
    let supplied = running.client.provide_supplement(request).await.unwrap().into_inner();
    assert!(supplied.missing.is_empty());
    assert_eq!(supplied.case.as_ref().unwrap().state(), CaseState::Registered);
    let request = running.by(Role::Desk, CENTRE, supply());
    assert_eq!(running.client.provide_supplement(request).await.unwrap().into_inner(), supplied);

    let request = running.by(Role::Desk, CENTRE, ProposeMasksRequest { case_id: case_id.clone() });
    assert_eq!(running.client.propose_masks(request).await.unwrap().into_inner().content_version, 2);
    let open = OpenIdentityRequest { request_id: id(5), case_id: case_id.clone(), purpose: "contact".into() };
    let request = running.by(Role::Desk, CENTRE, open);
    let opened = running.identity.open_identity(request).await.unwrap().into_inner();
    assert_eq!(opened.complainant.unwrap().phones, [PHONE]);
    running.stop().await;
}
