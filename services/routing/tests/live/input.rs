//! What is not well-formed is refused, all of it at once, before anything is decided.

use access::Role;
use duban_proto::common::v1::{CaseFacts, Finding, RespondentFacts};
use duban_proto::routing::v1::{
    AppointInvestigatorsRequest, ArchiveCaseRequest, PreviewRouteRequest, RecordInvestigationRequest,
    ReturnDispositionRequest, RouteCaseRequest, SubmitDispositionRequest, preview_route_request::Subject,
};
use jiff::SignedDuration;
use ledger::Clock as _;

use crate::harness::{CENTRE, case, fields, id, reason, start};

#[tokio::test]
async fn a_record_that_is_not_well_formed() {
    let mut running = start().await;
    let tomorrow = running.clock.now() + SignedDuration::from_hours(24);
    let record = RecordInvestigationRequest {
        request_id: "x".into(),
        case_id: "y".into(),
        term: 1,
        kind: 9,
        taken_at: Some(server::time::to_proto(tomorrow)),
        place: "字".repeat(501),
        investigators: vec!["wu.min".into(), String::new()],
        text: "含有\0的笔录".into(),
        confirmed: true,
    };
    let request = running.by(Role::Handler, CENTRE, record);
    let refused = running.casework.record_investigation(request).await.unwrap_err();
    let expected = ["request_id", "case_id", "kind", "place", "investigators[1]", "text", "taken_at"];
    assert_eq!(fields(&refused), expected);
    running.stop().await;
}

#[tokio::test]
async fn art_22_measures_are_the_regulations_and_go_with_what_was_found() {
    let mut running = start().await;
    let disposition = |finding: Finding, measure: &str| SubmitDispositionRequest {
        request_id: id(1),
        case_id: case(1).to_string(),
        term: 1,
        finding: finding.into(),
        measures: vec![measure.into()],
        report: "报告".into(),
        opinion: "意见".into(),
        findings: Vec::new(),
    };
    let wrong = [
        (disposition(Finding::Founded, "flogging"), vec!["measures[0]"]),
        (disposition(Finding::Unfounded, "criticism_and_education"), vec!["measures"]),
        (disposition(Finding::Unspecified, "criticism_and_education"), vec!["finding", "measures"]),
    ];
    let twice = SubmitDispositionRequest {
        measures: vec!["criticism_and_education".into(); 2],
        ..disposition(Finding::PartlyFounded, "")
    };
    for (request, expected) in wrong.into_iter().chain([(twice, vec!["measures[1]"])]) {
        let request = running.by(Role::Handler, CENTRE, request);
        let refused = running.casework.submit_disposition(request).await.unwrap_err();
        assert_eq!(fields(&refused), expected);
    }
    running.stop().await;
}

#[tokio::test]
async fn other_requests_that_are_not_well_formed() {
    let mut running = start().await;
    let case_id = case(1).to_string();
    let request = ReturnDispositionRequest {
        request_id: id(1),
        case_id: case_id.clone(),
        term: 1,
        reason: "由".repeat(2001),
    };
    let request = running.by(Role::Leader, CENTRE, request);
    assert_eq!(fields(&running.casework.return_disposition(request).await.unwrap_err()), ["reason"]);
    let request = ArchiveCaseRequest { request_id: id(2), case_id: case_id.clone(), retention_years: 7 };
    let request = running.by(Role::Archivist, CENTRE, request);
    assert_eq!(fields(&running.casework.archive_case(request).await.unwrap_err()), ["retention_years"]);
    let investigators = vec!["wu.min".to_owned(); 21];
    let request =
        AppointInvestigatorsRequest { request_id: id(3), case_id: case_id.clone(), term: 1, investigators };
    let request = running.by(Role::Leader, CENTRE, request);
    assert_eq!(
        fields(&running.casework.appoint_investigators(request).await.unwrap_err()),
        ["investigators"]
    );
    let route = |organ: &str, reason: &str| RouteCaseRequest {
        request_id: id(4),
        case_id: case_id.clone(),
        version: 1,
        organ: organ.into(),
        reason: reason.into(),
    };
    for (organ, why) in [(CENTRE, ""), ("", "理由")] {
        let request = running.by(Role::Leader, CENTRE, route(organ, why));
        assert_eq!(fields(&running.routing.route_case(request).await.unwrap_err()), ["reason"]);
    }
    let request = running.by(Role::Leader, CENTRE, route("baoshan.luodan", "理由"));
    assert_eq!(reason(&running.routing.route_case(request).await.unwrap_err()), "ORGAN_NOT_FOUND");
    running.stop().await;
}

#[tokio::test]
async fn a_preview_of_facts_names_an_organ_that_is_not_there() {
    let mut running = start().await;
    let nobody = PreviewRouteRequest::default();
    let request = running.by(Role::Desk, CENTRE, nobody);
    assert_eq!(fields(&running.routing.preview_route(request).await.unwrap_err()), ["subject"]);
    let respondents = vec![RespondentFacts { organ: "baoshan.luodan".into(), ..RespondentFacts::default() }];
    let facts = CaseFacts { channel: "online".into(), respondents, ..CaseFacts::default() };
    let preview = PreviewRouteRequest { organ: String::new(), subject: Some(Subject::Facts(facts)) };
    let request = running.by(Role::Desk, CENTRE, preview);
    assert_eq!(reason(&running.routing.preview_route(request).await.unwrap_err()), "ORGAN_NOT_FOUND");
    running.stop().await;
}
