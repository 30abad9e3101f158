//! Another agency's system, from handing a complaint in to the result (9, 16, 17).

use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::intake::v1::{GetSubmissionRequest, RegisterCaseRequest, ReplyOccasion, WatchCasesRequest};
use e2e::{CENTRE, Journey, SUB_CENTRE, UNIT, World, complaints};

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_system_that_handed_a_complaint_in_follows_it_to_the_result() {
    let world = World::new().await;
    let system = world.agency(CENTRE);
    let mut watched =
        system.intake().watch_cases(WatchCasesRequest::default()).await.expect("a stream").into_inner();
    let request = complaints::submit(complaints::about_a_clerk(UNIT));
    let asked = GetSubmissionRequest { request_id: request.request_id.clone() };
    let before = system.intake().get_submission(asked.clone()).await.expect("an answer").into_inner();
    assert!(!before.arrived);
    let receipt = system.intake().submit_complaint(request).await.expect("received").into_inner();
    let after = system.intake().get_submission(asked).await.expect("an answer").into_inner();
    assert_eq!((after.arrived, after.receipt.as_ref()), (true, Some(&receipt)));

    let register =
        RegisterCaseRequest { request_id: complaints::request_id(), case_id: receipt.case_id.clone() };
    world.desk(CENTRE).intake().register_case(register).await.expect("registered");
    let journey = Journey { world: &world, organ: CENTRE.into(), receipt };
    journey.accept().await;
    journey.mask().await;
    journey.route().await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.reply_due(ReplyOccasion::Result).await;

    let mut kinds = Vec::new();
    let told = loop {
        let change = watched.message().await.expect("a stream").expect("a change");
        kinds.push(change.kind);
        if let Some(case) = change.case.filter(|case| case.state() == CaseState::Concluded) {
            break case;
        }
    };
    assert_eq!(told.finding(), Finding::Founded);
    assert_eq!(
        kinds[..5],
        ["", "complaint_received", "case_registered", "case_accepted", "masks_confirmed"],
        "{kinds:?}"
    );
}
