//! How urgent a case is (house): said at intake, seen by whoever handles it, and first in the lists of the casework.

use duban_proto::common::v1::{Action, Urgency};
use duban_proto::intake::v1::{CaseFilter, GetCaseRequest, ListCasesRequest, SetUrgencyRequest};
use duban_proto::routing::v1::ListRoutedCasesRequest;
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};

fn set(journey: &Journey<'_>, urgency: Urgency, public_opinion: bool) -> SetUrgencyRequest {
    SetUrgencyRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        urgency: urgency.into(),
        public_opinion,
    }
}

async fn routed(officer: &Officer, urgent_only: bool) -> Vec<String> {
    let mut request = ListRoutedCasesRequest { urgent_only, page_size: 1, ..Default::default() };
    let mut cases = Vec::new();
    loop {
        let page = officer.routing().list_routed_cases(request.clone()).await.expect("a page").into_inner();
        cases.extend(page.cases.into_iter().map(|case| case.case_id));
        if page.next_page_token.is_empty() {
            return cases;
        }
        request.page_token = page.next_page_token;
    }
}

async fn found(officer: &Officer, filter: CaseFilter) -> Vec<String> {
    let request = ListCasesRequest { filter: Some(filter), ..ListCasesRequest::default() };
    let cases = officer.intake().list_cases(request).await.expect("a list").into_inner().cases;
    cases.into_iter().map(|case| case.case_id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn house_the_urgent_come_first_for_who_handles_them_and_it_is_on_the_time_line() {
    let world = World::new().await;
    let (urgent, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (watched, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (other, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let desk = world.desk(CENTRE);
    assert!(urgent.at_intake().await.allowed_actions().any(|action| action == Action::SetUrgency));
    let told = desk.urgency().set_urgency(set(&urgent, Urgency::MostUrgent, false)).await.expect("said");
    let told = told.into_inner().case.expect("the case");
    assert_eq!((told.urgency(), told.public_opinion), (Urgency::MostUrgent, false));
    desk.urgency().set_urgency(set(&watched, Urgency::Unspecified, true)).await.expect("said");

    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    let first = eventually("both at the sub-centre", async || {
        Some(routed(&handler, true).await).filter(|cases| cases.len() == 2)
    })
    .await;
    assert_eq!(first, [urgent.case_id(), watched.case_id()]);
    let all = routed(&handler, false).await;
    assert_eq!(all, [urgent.case_id(), watched.case_id(), other.case_id()]);
    let facts = urgent.at(SUB_CENTRE).await.facts.expect("facts");
    assert_eq!(facts.urgency(), Urgency::MostUrgent);

    let by_urgency = CaseFilter { urgencies: vec![Urgency::MostUrgent.into()], ..CaseFilter::default() };
    assert_eq!(found(&desk, by_urgency).await, [urgent.case_id()]);
    let watched_only = CaseFilter { public_opinion: true, ..CaseFilter::default() };
    assert_eq!(found(&desk, watched_only).await, [watched.case_id()]);
    let request = GetCaseRequest { case_id: urgent.case_id() };
    let case = desk.intake().get_case(request).await.expect("the case").into_inner();
    assert!(case.timeline.iter().any(|line| line.kind == "urgency_set"), "{:?}", case.timeline);

    let refused =
        rejection(world.desk(SUB_CENTRE).urgency().set_urgency(set(&urgent, Urgency::Urgent, false)).await);
    assert_eq!(refused.reason, "CASE_NOT_FOUND", "the organ that registered it says so");
    let refused = rejection(handler.urgency().set_urgency(set(&urgent, Urgency::Urgent, false)).await);
    assert_eq!(refused.reason, "ROLE_NOT_ALLOWED");
    crate::retention::projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_what_was_said_before_the_acceptance_goes_along_with_it() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let leader = world.leader(CENTRE);
    leader.urgency().set_urgency(set(&journey, Urgency::Urgent, true)).await.expect("said");
    journey.accept().await;
    journey.mask().await;
    journey.route().await;
    let told = journey.at_when(SUB_CENTRE, "the term", |case| case.current_term == 1).await;
    let facts = told.facts.expect("facts");
    assert_eq!((facts.urgency(), facts.public_opinion), (Urgency::Urgent, true));
}
