use access::Role;
use duban_proto::intake::v1::{ListReadingsRequest, OpenIdentityRequest};
use jiff::SignedDuration;
use tonic::Code;

use crate::complaint::{about_a_clerk, complainant, id};
use crate::harness::{CENTRE, Running, TOWN, fields, reason, start};

fn open(number: u128, case_id: &str, purpose: &str) -> OpenIdentityRequest {
    OpenIdentityRequest { request_id: id(number), case_id: case_id.into(), purpose: purpose.into() }
}

async fn readings(running: &mut Running, case_id: &str) -> Vec<(String, String)> {
    let request = running.by(Role::Auditor, CENTRE, ListReadingsRequest { case_id: case_id.into() });
    let readings = running.identity.list_readings(request).await.unwrap().into_inner().readings;
    readings.into_iter().map(|reading| (reading.reader, reading.purpose)).collect()
}

#[tokio::test]
async fn art_15_each_reading_is_on_record_with_its_reader_and_purpose() {
    let mut running = start().await;
    let case_id = running.registered(1, about_a_clerk()).await.case_id;
    let request = running.by(Role::Desk, CENTRE, open(2, &case_id, "curiosity"));
    assert_eq!(fields(&running.identity.open_identity(request).await.unwrap_err()), ["purpose"]);
    assert!(readings(&mut running, &case_id).await.is_empty());

    let request = running.by(Role::Desk, CENTRE, open(3, &case_id, "contact"));
    let opened = running.identity.open_identity(request).await.unwrap().into_inner();
    assert_eq!(opened.complainant, Some(complainant()));
    let request = running.by(Role::Leader, CENTRE, open(4, &case_id, "verify"));
    running.identity.open_identity(request).await.unwrap();
    let expected = [("desk.baoshan", "contact"), ("leader.baoshan", "verify")];
    let expected = expected.map(|(reader, purpose)| (reader.to_owned(), purpose.to_owned()));
    assert_eq!(readings(&mut running, &case_id).await, expected);
    running.stop().await;
}

#[tokio::test]
async fn art_15_only_an_officer_of_the_registering_organ_opens_it() {
    let mut running = start().await;
    let case_id = running.registered(1, about_a_clerk()).await.case_id;
    let request = running.by(Role::Desk, TOWN, open(2, &case_id, "contact"));
    let status = running.identity.open_identity(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    let request = running.by(Role::Handler, CENTRE, open(3, &case_id, "contact"));
    let status = running.identity.open_identity(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    let request = running.by(Role::Leader, TOWN, ListReadingsRequest { case_id: case_id.clone() });
    let status = running.identity.list_readings(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    assert!(readings(&mut running, &case_id).await.is_empty());
    running.stop().await;
}

#[tokio::test]
async fn art_15_an_old_request_opens_nothing_off_the_record() {
    let mut running = start().await;
    let case_id = running.registered(1, about_a_clerk()).await.case_id;
    for _ in 0..2 {
        let request = running.by(Role::Desk, CENTRE, open(2, &case_id, "contact"));
        running.identity.open_identity(request).await.unwrap();
    }
    assert_eq!(
        readings(&mut running, &case_id).await.len(),
        1,
        "an answer that was lost is the same reading"
    );

    running.clock.advance(SignedDuration::from_hours(1));
    let request = running.by(Role::Desk, CENTRE, open(2, &case_id, "contact"));
    let status = running.identity.open_identity(request).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "REQUEST_ID_REUSED"));
    running.stop().await;
}
