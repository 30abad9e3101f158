//! Competence, terms and transfers: articles 5, 6 and 14.

use duban_proto::common::v1::{CaseFacts, CaseState, Rank, RespondentFacts, RespondentKind, Weight};
use duban_proto::routing::v1::{
    AcknowledgeTransferRequest, GetRoutedCaseRequest, Handling, PreviewRouteRequest, Route, RouteCaseRequest,
    TermState, preview_route_request::Subject,
};
use e2e::{CENTRE, Journey, OTHER_SUB_CENTRE, SUB_CENTRE, UNIT, World, complaints, rejection};
use tonic::Code;

async fn preview(
    world: &World,
    home: &str,
    respondent: RespondentFacts,
    change: impl Fn(&mut CaseFacts),
) -> Route {
    let mut facts = CaseFacts {
        registering_organ: home.into(),
        channel: "online".into(),
        grounds: vec!["8.2".into()],
        respondents: vec![respondent],
        ..CaseFacts::default()
    };
    change(&mut facts);
    let request = PreviewRouteRequest { organ: home.into(), subject: Some(Subject::Facts(facts)) };
    let answer = world.leader(home).routing().preview_route(request).await.expect("a route").into_inner();
    answer.route.expect("a route")
}

fn organ(code: &str) -> RespondentFacts {
    RespondentFacts { organ: code.into(), kind: RespondentKind::Organ.into(), rank: 0, head: false }
}

fn person(code: &str, rank: Rank, head: bool) -> RespondentFacts {
    RespondentFacts { organ: code.into(), kind: RespondentKind::Person.into(), rank: rank.into(), head }
}

fn article(route: &Route) -> &str {
    route.citation.as_ref().map(|citation| citation.article.as_str()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_each_rule_names_its_organ_and_its_article() {
    let world = World::new().await;
    let plain = |_: &mut CaseFacts| {};

    let itself = preview(&world, CENTRE, organ(SUB_CENTRE), plain).await;
    assert_eq!((itself.organ.as_str(), article(&itself)), (CENTRE, "14(1)"));
    let division = preview(&world, CENTRE, person(SUB_CENTRE, Rank::Division, false), plain).await;
    assert_eq!((division.organ.as_str(), article(&division)), (CENTRE, "14(1)"));
    let instructed =
        preview(&world, CENTRE, person(UNIT, Rank::Unranked, false), |facts| facts.leader_instruction = true)
            .await;
    assert_eq!((instructed.organ.as_str(), article(&instructed)), (CENTRE, "14(1)"));
    let section = preview(&world, CENTRE, person(UNIT, Rank::Section, false), plain).await;
    assert_eq!((section.organ.as_str(), article(&section)), (SUB_CENTRE, "14(2)"));
    assert!(!section.facts_used.is_empty(), "a route says the facts it stood on");
    let unit =
        RespondentFacts { organ: UNIT.into(), kind: RespondentKind::Unit.into(), rank: 0, head: false };
    let unit = preview(&world, CENTRE, unit, plain).await;
    assert_eq!((unit.organ.as_str(), article(&unit)), (SUB_CENTRE, "6(1)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_5_the_highest_rank_among_several_decides() {
    let world = World::new().await;
    let route = preview(&world, CENTRE, person(UNIT, Rank::Unranked, false), |facts| {
        facts.respondents.push(person(SUB_CENTRE, Rank::Division, false));
    })
    .await;
    assert_eq!(route.organ, CENTRE);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_6_1_a_sub_centre_handles_its_own_staff_itself() {
    let world = World::new().await;
    let (_, route) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let route = route.route.expect("a route");
    assert_eq!((route.organ.as_str(), route.up), (SUB_CENTRE, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_case_against_a_sub_centres_own_head_goes_up() {
    let world = World::new().await;
    let route = preview(&world, SUB_CENTRE, person(SUB_CENTRE, Rank::Section, true), |_| {}).await;
    assert_eq!((route.organ.as_str(), route.up), (CENTRE, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_case_against_the_centre_has_no_competent_organ_in_this_instance() {
    let world = World::new().await;
    let request = PreviewRouteRequest {
        organ: CENTRE.into(),
        subject: Some(Subject::Facts(CaseFacts {
            registering_organ: CENTRE.into(),
            channel: "online".into(),
            grounds: vec!["8.2".into()],
            respondents: vec![person(CENTRE, Rank::Division, true)],
            ..CaseFacts::default()
        })),
    };
    let refused = rejection(world.leader(CENTRE).routing().preview_route(request).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "NO_COMPETENT_ORGAN"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_nothing_is_handed_on_before_the_masks_are_confirmed() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.accept().await;
    let case = journey.at(CENTRE).await;
    let request = RouteCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        ..RouteCaseRequest::default()
    };
    let refused = rejection(world.leader(CENTRE).routing().route_case(request).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "MASKS_NOT_CONFIRMED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_3_the_centre_may_depart_from_the_rule_with_a_reason() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.weights = vec![Weight::SeriousHarm.into()];
    let journey = Journey::accepted(&world, CENTRE, complaint).await;
    let case = journey.at_when(CENTRE, "the working copy", |case| case.working_copy_ready).await;
    let request = |organ: &str, reason: &str| RouteCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        organ: organ.into(),
        reason: reason.into(),
    };
    let mut leader = world.leader(CENTRE).routing();
    let no_reason = rejection(leader.route_case(request(CENTRE, "")).await);
    assert!(no_reason.fields.contains(&"reason".to_owned()), "{no_reason:?}");
    let nowhere = rejection(leader.route_case(request("baoshan.luodan", "理由")).await);
    assert!(
        nowhere.reason == "ORGAN_NOT_FOUND" || nowhere.fields.contains(&"organ".to_owned()),
        "{nowhere:?}"
    );
    let routed =
        leader.route_case(request(CENTRE, "严重损害群众利益,直接查办")).await.expect("routed").into_inner();
    let route = routed.route.expect("a route");
    assert_eq!((route.organ.as_str(), route.handling()), (CENTRE, Handling::Direct));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_6_2_one_organ_is_responsible_from_the_transfer_on_and_the_sender_goes_on_seeing_the_case() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let home = journey.at(CENTRE).await;
    let [term] = home.terms.as_slice() else { panic!("one term, got {:?}", home.terms) };
    assert_eq!((term.organ.as_str(), term.state(), home.current_term), (SUB_CENTRE, TermState::Begun, 1));
    assert!(term.acknowledge_by.is_some());
    journey.acknowledge(SUB_CENTRE).await;
    let home = journey
        .at_when(CENTRE, "the acknowledgement at home", |case| {
            case.terms.iter().any(|term| term.acknowledged_at.is_some())
        })
        .await;
    assert_eq!(home.state(), CaseState::InHandling);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_6_2_an_act_names_its_term() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.at(SUB_CENTRE).await;
    let request = AcknowledgeTransferRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 7,
    };
    let refused = rejection(world.desk(SUB_CENTRE).routing().acknowledge_transfer(request).await);
    assert_eq!(refused.reason, "TERM_SUPERSEDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_an_organ_that_has_nothing_to_do_with_a_case_does_not_see_it() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let look = |organ: &str| GetRoutedCaseRequest { case_id: journey.case_id(), organ: organ.into() };
    let mut other = world.desk(OTHER_SUB_CENTRE).routing();
    assert_eq!(rejection(other.get_routed_case(look("")).await).reason, "CASE_NOT_FOUND");
    assert_eq!(rejection(other.get_routed_case(look(CENTRE)).await).reason, "ORGAN_OUT_OF_SCOPE");
}
