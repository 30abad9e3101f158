//! Review of conclusions, reinvestigation by others, and handling by the authority itself: article 20.

use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::ReplyOccasion;
use duban_proto::routing::v1::{AppointInvestigatorsRequest, Handling};
use duban_proto::supervision::v1::{
    DecideReviewRequest, GetReviewsRequest, ListReviewsRequest, Review, ReviewList, ReviewOutcome,
    ReviewReason, ReviewState, TakeUpReviewRequest,
};
use e2e::{
    CENTRE, INVESTIGATORS, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use tonic::Status;

/// A case of the centre's that the sub-centre handled.
async fn handled_below(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    journey
}

/// The review of the latest result of the case in the ledger of `organ`, once it is there.
async fn review_at(journey: &Journey<'_>, by: &Officer, organ: &str) -> Review {
    eventually(&format!("the result at supervision of {organ}"), async || {
        let request = GetReviewsRequest { case_id: journey.case_id() };
        let reviews = by.reviews().get_reviews(request).await.ok()?.into_inner().reviews;
        reviews.into_iter().rfind(|review| review.organ == organ)
    })
    .await
}

async fn take_up(journey: &Journey<'_>, by: &Officer) -> Result<Review, Status> {
    let request = TakeUpReviewRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        organ: CENTRE.into(),
    };
    Ok(by.reviews().take_up_review(request).await?.into_inner().review.expect("a review"))
}

async fn decide(journey: &Journey<'_>, by: &Officer, outcome: ReviewOutcome) -> Result<Review, Status> {
    let request = DecideReviewRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        organ: CENTRE.into(),
        outcome: outcome.into(),
        reason: "主要事实未查清,三号窗口当日值班情况未核实。".into(),
    };
    Ok(by.reviews().decide_review(request).await?.into_inner().review.expect("a review"))
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_improper_handling_is_sent_back_and_investigated_again_by_others() {
    let world = World::new().await;
    let journey = handled_below(&world).await;
    let supervisor = world.supervisor(CENTRE);
    let listed = review_at(&journey, &supervisor, CENTRE).await;
    let conclusion = listed.conclusion.clone().expect("a result");
    assert_eq!((conclusion.organ.as_str(), conclusion.authority.as_str()), (SUB_CENTRE, CENTRE));
    let early = decide(&journey, &supervisor, ReviewOutcome::Endorsed).await;
    assert_eq!(rejection(early).reason, "REVIEW_NOT_ALLOWED", "nobody took it up");
    let taken = take_up(&journey, &supervisor).await.expect("taken up");
    assert_eq!(taken.state(), ReviewState::TakenUp);
    assert_eq!(taken.allowed_actions, [i32::from(Action::DecideReview)]);
    let other = decide(&journey, &world.leader(CENTRE), ReviewOutcome::Endorsed).await;
    assert_eq!(rejection(other).reason, "PERSON_EXCLUDED", "who took it up decides");

    let decided = decide(&journey, &supervisor, ReviewOutcome::SentBack).await.expect("sent back");
    assert_eq!(decided.state(), ReviewState::SentBack);
    assert!(!decided.order_id.is_empty() && decided.reason.contains("未查清"), "{decided:?}");
    let case = journey.at_when(CENTRE, "the reinvestigation", |case| case.current_term == 2).await;
    let ordered = case.reinvestigation.clone().expect("an order");
    assert_eq!((ordered.order_id, ordered.ordered_by.as_str()), (decided.order_id, CENTRE));
    assert_eq!((case.terms[1].organ.as_str(), case.state()), (SUB_CENTRE, CaseState::InHandling));
    journey.reply_due(ReplyOccasion::Reopened).await;
    let clocks =
        world.clocks_when(&journey, CENTRE, |clocks| clocks.iter().any(|clock| clock.reopened)).await;
    assert!(clocks.iter().any(|clock| clock.reopened && clock.stopped_at.is_none()), "a time of its own");

    journey.at_when(SUB_CENTRE, "the second term", |case| case.current_term == 2).await;
    journey.acknowledge(SUB_CENTRE).await;
    let leader = format!("leader.{SUB_CENTRE}");
    let appoint = |names: [&str; 2]| AppointInvestigatorsRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 2,
        investigators: names.map(String::from).to_vec(),
    };
    for excluded in [INVESTIGATORS[0], leader.as_str()] {
        let request = appoint(["sun.li", excluded]);
        let refused = rejection(world.leader(SUB_CENTRE).casework().appoint_investigators(request).await);
        assert_eq!(refused.reason, "PERSON_EXCLUDED", "{excluded}");
        assert!(refused.articles.iter().any(|article| article.contains("20")), "{refused:?}");
    }
    let others = appoint(["sun.li", "zhao.si"]);
    world.leader(SUB_CENTRE).casework().appoint_investigators(others).await.expect("others");
    let overturned = take_up(&journey, &world.leader(CENTRE)).await;
    assert_eq!(rejection(overturned).reason, "REVIEW_NOT_ALLOWED", "that result counts no more");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_a_sub_centres_own_case_is_told_to_the_centre_without_who_handled_it_and_sent_back() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    let supervisor = world.supervisor(CENTRE);
    let told = review_at(&journey, &supervisor, CENTRE).await;
    let conclusion = told.conclusion.clone().expect("a result");
    assert_eq!((conclusion.home.as_str(), conclusion.respondents.len()), (SUB_CENTRE, 1));
    assert!(!format!("{told:?}").contains(INVESTIGATORS[0]), "who investigated is not told upward");
    let own = TakeUpReviewRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        organ: String::new(),
    };
    let own = world.leader(SUB_CENTRE).reviews().take_up_review(own).await;
    assert_eq!(rejection(own).reason, "REVIEW_NOT_ALLOWED", "nobody reviews their own organ's result");

    take_up(&journey, &supervisor).await.expect("taken up");
    decide(&journey, &supervisor, ReviewOutcome::SentBack).await.expect("sent back");
    let case = journey.at_when(SUB_CENTRE, "the reinvestigation", |case| case.current_term == 2).await;
    assert_eq!(case.reinvestigation.expect("an order").ordered_by, CENTRE);
    let refused = AppointInvestigatorsRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 2,
        investigators: INVESTIGATORS.map(String::from).to_vec(),
    };
    let refused = rejection(world.leader(SUB_CENTRE).casework().appoint_investigators(refused).await);
    assert_eq!(refused.reason, "PERSON_EXCLUDED");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_where_necessary_the_authority_handles_it_itself() {
    let world = World::new().await;
    let journey = handled_below(&world).await;
    let leader = world.leader(CENTRE);
    review_at(&journey, &leader, CENTRE).await;
    take_up(&journey, &leader).await.expect("taken up");
    decide(&journey, &leader, ReviewOutcome::TakenOver).await.expect("taken over");
    let case = journey.at_when(CENTRE, "the takeover", |case| case.current_term == 2).await;
    assert_eq!((case.terms[1].organ.as_str(), case.terms[1].handling()), (CENTRE, Handling::Direct));
    journey.appoint(CENTRE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_a_sub_centres_own_case_goes_to_the_centre_that_handles_it_itself() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.handle(SUB_CENTRE).await;
    let leader = world.leader(CENTRE);
    review_at(&journey, &leader, CENTRE).await;
    take_up(&journey, &leader).await.expect("taken up");
    decide(&journey, &leader, ReviewOutcome::TakenOver).await.expect("taken over");
    let case = journey.at_when(CENTRE, "the takeover", |case| case.home == CENTRE).await;
    assert!(case.reinvestigation.is_some_and(|order| order.directly));
    journey.at_when(SUB_CENTRE, "that it went", |case| case.home == CENTRE).await;
    journey.reply_due(ReplyOccasion::Reopened).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_what_a_rule_chooses_waits_for_its_review_the_oldest_first_and_is_endorsed() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    world.turn_to("2026-03-12 09:00");
    journey.handle(SUB_CENTRE).await;
    let leader = world.leader(CENTRE);
    let late = review_at(&journey, &leader, CENTRE).await;
    assert!(late.reasons.contains(&ReviewReason::Late.into()), "{late:?}");
    assert!(late.review_by.is_some());
    let list = async |list: ReviewList| {
        let request = ListReviewsRequest { list: list.into(), ..ListReviewsRequest::default() };
        leader.reviews().list_reviews(request).await.expect("a list").into_inner().reviews
    };
    assert_eq!(list(ReviewList::Unspecified).await.len(), 1);
    take_up(&journey, &leader).await.expect("taken up");
    let supervisor = world.supervisor(CENTRE);
    take_up(&journey, &supervisor).await.expect("somebody else takes it up in turn");
    decide(&journey, &supervisor, ReviewOutcome::Endorsed).await.expect("endorsed");
    assert!(list(ReviewList::Unspecified).await.is_empty());
    assert_eq!(list(ReviewList::Decided).await[0].decided_by, format!("supervisor.{CENTRE}"));
    world.ledgers_verify().await;
}
