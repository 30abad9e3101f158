//! Appeals of respondents against a result: article 5(2).

use duban_proto::common::v1::{Action, AppealOutcome, CaseState, Finding};
use duban_proto::intake::v1::{DeliveryOutcome, ReplyOccasion};
use duban_proto::supervision::v1::{
    AdmitAppealRequest, Appeal, AppealState, DecideAppealRequest, GetAppealRequest, GetReviewsRequest,
    ListAppealsRequest, RegisterAppealRequest, WithdrawAppealRequest,
};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use tonic::Status;

/// A case of the centre's that the sub-centre handled; its result is known at supervision of both.
async fn handled_below(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    known(world, &journey, &[CENTRE, SUB_CENTRE]).await;
    journey
}

async fn known(world: &World, journey: &Journey<'_>, organs: &[&str]) {
    for organ in organs {
        eventually("the result at supervision", async || {
            let request = GetReviewsRequest { case_id: journey.case_id() };
            let found = world.desk(organ).reviews().get_reviews(request).await.ok()?.into_inner().reviews;
            found.into_iter().find(|review| review.organ == *organ)
        })
        .await;
    }
}

fn appeal(journey: &Journey<'_>, told_on: &str, filed_on: &str) -> RegisterAppealRequest {
    RegisterAppealRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        respondent: 0,
        told_on: told_on.into(),
        filed_on: filed_on.into(),
        words: "本人当日不在三号窗口值班,认定事实有误。".into(),
        late_reason: String::new(),
    }
}

async fn registered(by: &Officer, request: RegisterAppealRequest) -> Result<Appeal, Status> {
    Ok(by.appeals().register_appeal(request).await?.into_inner().appeal.expect("an appeal"))
}

fn id(appeal: &Appeal) -> String {
    appeal.registered.as_ref().expect("registered").appeal_id.clone()
}

/// Waits until the appeal is at the centre.
async fn at_the_centre(world: &World, journey: &Journey<'_>, appeal_id: &str) -> Appeal {
    eventually("the appeal at the authority", async || {
        let request = GetAppealRequest {
            case_id: journey.case_id(),
            appeal_id: appeal_id.into(),
            organ: CENTRE.into(),
        };
        world.head(CENTRE).appeals().get_appeal(request).await.ok()?.into_inner().appeal
    })
    .await
}

async fn decide(
    journey: &Journey<'_>,
    by: &Officer,
    appeal_id: &str,
    outcome: AppealOutcome,
) -> Result<Appeal, Status> {
    let changed = outcome == AppealOutcome::Changed;
    let request = DecideAppealRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        appeal_id: appeal_id.into(),
        organ: CENTRE.into(),
        outcome: outcome.into(),
        finding: if changed { Finding::Unfounded } else { Finding::Unspecified }.into(),
        measures: Vec::new(),
        reason: "经复核值班表,申诉人当日确不在岗。".into(),
    };
    Ok(by.appeals().decide_appeal(request).await?.into_inner().appeal.expect("an appeal"))
}

#[tokio::test(flavor = "multi_thread")]
async fn art_5_2_an_appeal_changes_the_result_both_stay_visible_and_the_complainant_is_told() {
    let world = World::new().await;
    let journey = handled_below(&world).await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    let desk = world.desk(SUB_CENTRE);
    let made = registered(&desk, appeal(&journey, "2026-02-10", "2026-02-10")).await.expect("registered");
    let told = made.registered.clone().expect("registered");
    assert_eq!(
        (made.state(), told.authority.as_str(), told.due_on.as_str()),
        (AppealState::Open, CENTRE, "2026-03-12")
    );
    assert_eq!(made.allowed_actions, [i32::from(Action::WithdrawAppeal)]);
    let again = registered(&desk, appeal(&journey, "2026-02-10", "2026-02-10")).await;
    assert_eq!(rejection(again).reason, "APPEAL_NOT_ALLOWED", "once for each result");
    let at_authority = at_the_centre(&world, &journey, &id(&made)).await;
    assert!(at_authority.words.contains("不在三号窗口"), "who decides reads it: {at_authority:?}");
    assert_eq!(at_authority.allowed_actions, [i32::from(Action::DecideAppeal)]);
    assert_eq!(journey.at_intake().await.finding(), Finding::Founded, "carried out meanwhile");

    let decided =
        decide(&journey, &world.head(CENTRE), &id(&made), AppealOutcome::Changed).await.expect("decided");
    assert_eq!(decided.state(), AppealState::Decided);
    let home = journey.at_when(CENTRE, "the changed result", |case| !case.appeals.is_empty()).await;
    let [effect] = home.appeals.as_slice() else { panic!("{home:?}") };
    assert_eq!(
        (home.finding(), effect.was_finding(), effect.finding()),
        (Finding::Unfounded, Finding::Founded, Finding::Unfounded)
    );
    assert!(home.measures.is_empty() && !effect.was_measures.is_empty());
    let holder =
        journey.at_when(SUB_CENTRE, "the change at the holder", |case| !case.appeals.is_empty()).await;
    assert_eq!(holder.finding(), Finding::Unfounded);
    journey.reply_due(ReplyOccasion::Result).await;
    assert_eq!(journey.at_intake().await.finding(), Finding::Unfounded);
    eventually("the decision at the organ that registered it", async || {
        let request = ListAppealsRequest { case_id: journey.case_id(), ..ListAppealsRequest::default() };
        let appeals = desk.appeals().list_appeals(request).await.ok()?.into_inner().appeals;
        appeals.into_iter().find(|appeal| appeal.state() == AppealState::Decided)
    })
    .await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_5_2_a_result_is_revoked_and_investigated_again() {
    let world = World::new().await;
    let journey = handled_below(&world).await;
    let made = registered(&world.desk(CENTRE), appeal(&journey, "2026-02-10", "2026-02-10"))
        .await
        .expect("registered");
    decide(&journey, &world.leader(CENTRE), &id(&made), AppealOutcome::Revoked).await.expect("revoked");
    let case = journey.at_when(CENTRE, "the reinvestigation", |case| case.current_term == 2).await;
    let ordered = case.reinvestigation.expect("an order").citation.expect("an article");
    assert_eq!((ordered.article.as_str(), case.earlier_results.len()), ("5(2)", 1));
    journey.reply_due(ReplyOccasion::Reopened).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_5_2_who_approved_the_result_does_not_decide_on_the_appeal() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    journey.handle(CENTRE).await;
    known(&world, &journey, &[CENTRE]).await;
    let made = registered(&world.desk(CENTRE), appeal(&journey, "2026-02-10", "2026-02-10"))
        .await
        .expect("registered");
    let approver = world.leader(CENTRE);
    let refused = rejection(decide(&journey, &approver, &id(&made), AppealOutcome::Upheld).await);
    assert_eq!(refused.reason, "PERSON_EXCLUDED");
    assert!(refused.articles.iter().any(|article| article.contains('5')), "{refused:?}");
    let request = GetAppealRequest { case_id: journey.case_id(), appeal_id: id(&made), organ: String::new() };
    let seen =
        approver.appeals().get_appeal(request).await.expect("read").into_inner().appeal.expect("an appeal");
    assert!(!seen.allowed_actions.contains(&Action::DecideAppeal.into()), "{seen:?}");
    let upheld =
        decide(&journey, &world.head(CENTRE), &id(&made), AppealOutcome::Upheld).await.expect("upheld");
    assert_eq!(upheld.decided_by, format!("head.{CENTRE}"));
    let case = journey.at_when(CENTRE, "the decision", |case| !case.appeals.is_empty()).await;
    assert_eq!((case.finding(), case.state()), (Finding::Founded, CaseState::Concluded));
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_late_appeal_is_refused_with_the_date_unless_its_reason_is_good() {
    let world = World::new().await;
    let journey = handled_below(&world).await;
    world.turn_to("2026-03-20 10:00");
    let desk = world.desk(CENTRE);
    let late = rejection(registered(&desk, appeal(&journey, "2026-02-10", "2026-03-13")).await);
    assert_eq!(late.reason, "APPEAL_TOO_LATE");
    assert!(late.metadata.contains(&("due_on".into(), "2026-03-12".into())), "{late:?}");
    let excused = RegisterAppealRequest {
        late_reason: "申诉人住院至三月十日。".into(),
        ..appeal(&journey, "2026-02-10", "2026-03-13")
    };
    let waits = registered(&desk, excused).await.expect("registered");
    assert_eq!(waits.state(), AppealState::Late);
    let early = decide(&journey, &world.head(CENTRE), &id(&waits), AppealOutcome::Upheld).await;
    assert_eq!(rejection(early).reason, "APPEAL_NOT_ALLOWED", "it has to be admitted first");
    let admit = AdmitAppealRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        appeal_id: id(&waits),
        organ: String::new(),
        admitted: true,
        reason: "住院属正当理由。".into(),
    };
    let admitted =
        world.head(CENTRE).appeals().admit_appeal(admit).await.expect("admitted").into_inner().appeal;
    assert_eq!(admitted.expect("an appeal").state(), AppealState::Open);
    let back = WithdrawAppealRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        appeal_id: id(&waits),
    };
    let back = desk.appeals().withdraw_appeal(back).await.expect("withdrawn").into_inner().appeal;
    assert_eq!(back.expect("an appeal").state(), AppealState::Withdrawn);
}
