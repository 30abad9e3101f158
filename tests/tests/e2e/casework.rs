//! Investigation, disposition, approval: articles 18, 19 and 22.

use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::routing::v1::{
    AppointInvestigatorsRequest, ApproveDispositionRequest, ArchiveCaseRequest, GetCaseworkRequest,
    ReturnDispositionRequest,
};
use e2e::{CENTRE, INVESTIGATORS, Journey, SUB_CENTRE, World, complaints, rejection};
use tonic::Code;

async fn at_the_centre(world: &World) -> Journey<'_> {
    Journey::routed(world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await.0
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_one_investigator_is_refused_also_when_named_twice() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let term = journey.at(CENTRE).await.current_term;
    let appoint = |investigators: &[&str]| AppointInvestigatorsRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term,
        investigators: investigators.iter().map(|name| (*name).to_owned()).collect(),
    };
    let mut leader = world.leader(CENTRE).casework();
    for too_few in [&["wu.min"][..], &["wu.min", "wu.min"][..]] {
        let refused = rejection(leader.appoint_investigators(appoint(too_few)).await);
        assert_eq!(
            (refused.code, refused.reason.as_str()),
            (Code::FailedPrecondition, "TOO_FEW_INVESTIGATORS")
        );
        assert!(refused.articles.iter().any(|article| article.contains("18")), "{refused:?}");
    }
    leader.appoint_investigators(appoint(&INVESTIGATORS)).await.expect("two are enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_no_disposition_without_an_investigation_record() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let term = journey.appoint(CENTRE).await;
    let mut handler = world.officer("handler", CENTRE, "wu.min").casework();
    let refused = rejection(handler.submit_disposition(journey.disposition_request(term)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "RECORD_MISSING"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_only_an_appointed_investigator_records() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let term = journey.appoint(CENTRE).await;
    let mut stranger = world.officer("handler", CENTRE, "zhao.si").casework();
    let refused = rejection(stranger.record_investigation(journey.record_request(term)).await);
    assert_eq!(refused.reason, "PERSON_EXCLUDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_19_an_investigator_who_is_also_leader_does_not_approve() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    journey.appoint(CENTRE).await;
    journey.record(CENTRE).await;
    journey.dispose(CENTRE).await;
    let approve = ApproveDispositionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: journey.at(CENTRE).await.current_term,
    };
    let mut investigator = world.officer("leader", CENTRE, "wu.min").casework();
    let refused = rejection(investigator.approve_disposition(approve).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "PERSON_EXCLUDED"));
    let mut handler = world.officer("handler", CENTRE, "he.jun").casework();
    let by_role = rejection(
        handler
            .approve_disposition(ApproveDispositionRequest {
                request_id: complaints::request_id(),
                case_id: journey.case_id(),
                term: 1,
            })
            .await,
    );
    assert_eq!((by_role.code, by_role.reason.as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_returned_disposition_comes_back_with_the_reason_and_is_submitted_again() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let term = journey.appoint(CENTRE).await;
    journey.record(CENTRE).await;
    journey.dispose(CENTRE).await;
    let send_back = ReturnDispositionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term,
        reason: "证据不足,请补充监控材料。".into(),
    };
    world.leader(CENTRE).casework().return_disposition(send_back).await.expect("returned");
    journey.dispose(CENTRE).await;
    journey.approve(CENTRE).await;
    let look = GetCaseworkRequest { case_id: journey.case_id(), term };
    let casework = world.leader(CENTRE).casework().get_casework(look).await.expect("casework").into_inner();
    let [first, second] = casework.dispositions.as_slice() else { panic!("two rounds: {casework:?}") };
    assert_eq!((first.approved, first.returned_because.as_str()), (false, "证据不足,请补充监控材料。"));
    assert!(second.approved);
    assert_eq!(casework.records.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_22_measures_are_the_regulations_and_unfounded_is_an_outcome() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let term = journey.appoint(CENTRE).await;
    journey.record(CENTRE).await;
    let mut handler = world.officer("handler", CENTRE, "wu.min").casework();
    let mut unknown = journey.disposition_request(term);
    unknown.measures = vec!["flogging".into()];
    let refused = rejection(handler.submit_disposition(unknown).await);
    assert!(refused.fields.iter().any(|field| field.starts_with("measures")), "{refused:?}");
    let mut unfounded = journey.disposition_request(term);
    unfounded.finding = Finding::Unfounded.into();
    unfounded.measures.clear();
    handler.submit_disposition(unfounded).await.expect("submitted");
    journey.approve(CENTRE).await;
    let concluded = journey.reaches(CaseState::Concluded).await;
    assert_eq!(concluded.finding(), Finding::Unfounded);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_case_is_archived_only_after_the_complainant_has_the_result() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    journey.handle(CENTRE).await;
    let archive = ArchiveCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        retention_years: 10,
    };
    let refused = rejection(world.archivist(CENTRE).casework().archive_case(archive).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "VOLUME_INCOMPLETE"));
    assert!(refused.metadata.contains(&("missing".to_owned(), "reply".to_owned())), "{refused:?}");
}
