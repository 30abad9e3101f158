//! What complainants think of the result (16, house): asked after they were told, by somebody else than who handled the case.

use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::{
    DeliveryOutcome, GetRatingRequest, ListReadingsRequest, OpenIdentityRequest, RateHandlingRequest,
    ReplyOccasion, TrackCaseRequest,
};
use duban_proto::routing::v1::ReopenCaseRequest;
use duban_proto::supervision::v1::{
    FollowUp, FollowUpState, GetFollowUpRequest, ListFollowUpsRequest, RecordAttemptRequest,
    RecordFollowUpRequest,
};
use e2e::{
    CENTRE, INVESTIGATORS, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use jiff::SignedDuration;

use crate::retention::projections_hold;

/// The complainant's words, found nowhere but in sealed places.
const WORDS: &str = "态度还可以,就是拖得太久,问题还是没有解决。";

/// A case that the sub-centre handled, and whose complainant was told the result by the centre's desk.
async fn told(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    journey
}

/// Somebody of the desk who had nothing to do with the case.
fn another(world: &World) -> Officer {
    world.officer("desk", CENTRE, "fang.lin")
}

/// The follow-up as `by` sees it, once `is` holds.
async fn follow_up(journey: &Journey<'_>, by: &Officer, is: impl Fn(&FollowUp) -> bool) -> FollowUp {
    eventually("the follow-up", async || {
        let request = ListFollowUpsRequest { case_id: journey.case_id(), ..ListFollowUpsRequest::default() };
        let listed = by.follow_ups().list_follow_ups(request).await.ok()?.into_inner().follow_ups;
        listed.into_iter().find(&is)
    })
    .await
}

fn attempt(follow_up: &FollowUp) -> RecordAttemptRequest {
    RecordAttemptRequest {
        request_id: complaints::request_id(),
        case_id: follow_up.case_id.clone(),
        follow_up_id: follow_up.follow_up_id.clone(),
        form: "call".into(),
    }
}

fn record(follow_up: &FollowUp) -> RecordFollowUpRequest {
    RecordFollowUpRequest {
        request_id: complaints::request_id(),
        case_id: follow_up.case_id.clone(),
        follow_up_id: follow_up.follow_up_id.clone(),
        form: "call".into(),
        attitude: "satisfied".into(),
        result: "dissatisfied".into(),
        words: WORDS.into(),
        look_asked: true,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_after_the_result_the_complainant_is_asked_by_somebody_who_did_not_handle_the_case() {
    let world = World::new().await;
    let journey = told(&world).await;
    let by = another(&world);
    let due = follow_up(&journey, &by, |_| true).await;
    assert_eq!((due.state(), due.organ.as_str()), (FollowUpState::Open, CENTRE));
    assert_eq!(due.number, journey.receipt.number);
    assert!(due.allowed_actions.contains(&Action::RecordFollowUp.into()), "{due:?}");

    let [investigator, _] = INVESTIGATORS;
    let investigator = world.officer("desk", CENTRE, investigator);
    let teller = world.desk(CENTRE);
    follow_up(&journey, &investigator, |it| it.allowed_actions.is_empty()).await;
    for person in [&investigator, &teller] {
        let refused = rejection(person.follow_ups().record_follow_up(record(&due)).await);
        assert_eq!(refused.reason, "PERSON_EXCLUDED");
        let refused = rejection(person.follow_ups().record_attempt(attempt(&due)).await);
        assert_eq!(refused.reason, "PERSON_EXCLUDED");
    }
    let refused = rejection(world.desk(SUB_CENTRE).follow_ups().record_follow_up(record(&due)).await);
    assert_eq!(refused.reason, "NOTHING_TO_ACT_ON", "nor does the organ that handled it");

    // The contact stays at intake, and its reading is on record.
    let open = OpenIdentityRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        purpose: "follow_up".into(),
    };
    let who = by.identity().open_identity(open).await.expect("opened").into_inner().complainant;
    assert_eq!(who.expect("who complains").name, complaints::NAME);
    let readings = ListReadingsRequest { case_id: journey.case_id() };
    let readings =
        world.leader(CENTRE).identity().list_readings(readings).await.expect("readings").into_inner();
    assert!(readings.readings.iter().any(|one| one.reader == "fang.lin" && one.purpose == "follow_up"));

    let told = by.follow_ups().record_follow_up(record(&due)).await.expect("recorded").into_inner();
    let told = told.follow_up.expect("a follow-up");
    assert_eq!((told.state(), told.look_asked), (FollowUpState::Answered, true));
    assert_eq!((told.attitude.as_str(), told.result.as_str()), ("satisfied", "dissatisfied"));
    let again = rejection(by.follow_ups().record_follow_up(record(&due)).await);
    assert_eq!(again.reason, "FOLLOW_UP_STATE");
    let get = GetFollowUpRequest { case_id: due.case_id.clone(), follow_up_id: due.follow_up_id.clone() };
    let read = world.supervisor(CENTRE).follow_ups().get_follow_up(get).await.expect("read").into_inner();
    assert_eq!(read.follow_up.expect("a follow-up").words, WORDS);

    let pool = world.instance.db().pool("supervision").await.expect("a pool");
    for text in [WORDS, complaints::NAME, complaints::PHONE] {
        let statement = "select count(*) from entry where position($1::bytea in body) > 0 or position($1::bytea in answer) > 0";
        let leaks: i64 =
            sqlx::query_scalar(statement).bind(text.as_bytes()).fetch_one(&pool).await.expect("counted");
        assert_eq!(leaks, 0, "{text} stands in the ledger");
    }
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_three_attempts_apart_and_whoever_calls_back_is_heard() {
    let world = World::new().await;
    let journey = told(&world).await;
    let by = another(&world);
    let due = follow_up(&journey, &by, |_| true).await;
    by.follow_ups().record_attempt(attempt(&due)).await.expect("a first");
    let early = rejection(by.follow_ups().record_attempt(attempt(&due)).await);
    assert_eq!(early.reason, "FOLLOW_UP_STATE");
    assert!(early.metadata.iter().any(|(key, _)| key == "again_from"), "{early:?}");
    for _ in 0..2 {
        world.turn(SignedDuration::from_hours(13));
        // A token that lasts.
        another(&world).follow_ups().record_attempt(attempt(&due)).await.expect("the next");
    }
    let by = another(&world);
    let over = follow_up(&journey, &by, |it| it.state() == FollowUpState::NotReached).await;
    assert_eq!(over.attempts.len(), 3);
    assert_eq!(over.allowed_actions, [i32::from(Action::RecordFollowUp)]);
    let content = RecordFollowUpRequest { result: "basically_satisfied".into(), ..record(&due) };
    let refused = rejection(by.follow_ups().record_follow_up(content.clone()).await);
    assert_eq!(refused.reason, "LOOK_NOT_ALLOWED");
    let content = RecordFollowUpRequest { look_asked: false, ..content };
    let told = by.follow_ups().record_follow_up(content).await.expect("recorded").into_inner();
    assert_eq!(told.follow_up.expect("a follow-up").state(), FollowUpState::Answered);
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_complainant_rates_with_number_and_code_once_and_who_guesses_learns_nothing() {
    let world = World::new().await;
    let journey = told(&world).await;
    let by = another(&world);
    follow_up(&journey, &by, |_| true).await;
    let rate = || RateHandlingRequest {
        request_id: complaints::request_id(),
        number: journey.receipt.number.clone(),
        tracking_code: journey.receipt.tracking_code.clone(),
        attitude: "satisfied".into(),
        result: "dissatisfied".into(),
        words: WORDS.into(),
        look_asked: false,
    };
    let track = async || {
        let RateHandlingRequest { number, tracking_code, .. } = rate();
        let request = TrackCaseRequest { number, tracking_code };
        world.anybody().intake().track_case(request).await.expect("tracked").into_inner().may_rate
    };
    let mut anybody = world.anybody().ratings();
    let wrong_code = RateHandlingRequest { tracking_code: "2222222222".into(), ..rate() };
    let wrong_number = RateHandlingRequest { number: "宝效投〔2026〕999号".into(), ..rate() };
    let [one, other] = [
        rejection(anybody.rate_handling(wrong_code).await),
        rejection(anybody.rate_handling(wrong_number).await),
    ];
    assert_eq!((one.code, &one.reason, &one.metadata), (other.code, &other.reason, &other.metadata));
    assert_eq!(one.reason, "TRACKING_NOT_FOUND");
    let unknown = RateHandlingRequest { result: "great".into(), ..rate() };
    assert_eq!(rejection(anybody.rate_handling(unknown).await).fields, ["result"]);

    assert!(track().await);
    anybody.rate_handling(rate()).await.expect("rated");
    assert!(!track().await);
    assert_eq!(rejection(anybody.rate_handling(rate()).await).reason, "NOTHING_TO_ACT_ON", "once");
    let answered = follow_up(&journey, &by, |it| it.state() == FollowUpState::Answered).await;
    assert_eq!((answered.form.as_str(), answered.asked_by.as_str()), ("tracking", ""));
    let get = GetRatingRequest { case_id: journey.case_id() };
    let rating = by.ratings().get_rating(get.clone()).await.expect("read").into_inner();
    assert_eq!((rating.words.as_str(), rating.reply_id), (WORDS, answered.follow_up_id));
    assert_eq!(rejection(world.desk(SUB_CENTRE).ratings().get_rating(get).await).reason, "CASE_NOT_FOUND");
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_3_of_a_case_that_is_opened_again_nobody_is_asked_about_the_result_before() {
    let world = World::new().await;
    let journey = told(&world).await;
    let by = another(&world);
    follow_up(&journey, &by, |_| true).await;
    journey.at_when(CENTRE, "the reply at routing", |case| case.replied).await;
    let reopen = ReopenCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at(CENTRE).await.version,
        reason: "复查发现原认定事实不清。".into(),
        ..ReopenCaseRequest::default()
    };
    world.leader(CENTRE).instruments().reopen_case(reopen).await.expect("opened again");
    let dropped = follow_up(&journey, &by, |it| it.state() == FollowUpState::Dropped).await;
    assert!(dropped.allowed_actions.is_empty(), "{dropped:?}");
    projections_hold(&world).await;
}
