//! What the respondent is given: a summary checked against the sealed identity, or the original with it blacked out (15).

use duban_proto::common::v1::{Action, CaseState};
use duban_proto::intake::v1::{
    ApproveOriginalRequest, ApproveSummaryRequest, DecideErasureRequest, ErasureGround, FindingForm,
    FindingKind, GetCaseRequest, GetSummaryRequest, HandOverWay, ListReadingsRequest, ListSummariesRequest,
    RecordHandedOverRequest, RequestErasureRequest, RequestOriginalRequest, ReturnSummaryRequest,
    ReviewSummaryRequest, ReviewSummaryResponse, SubmitSummaryRequest, Summary, SummaryState,
};
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use tonic::Code;

/// Tells nothing of anybody.
const CLEAN: &str = "有群众反映你单位窗口未一次性告知所需材料,要求其多次往返,请核实并书面说明。";
/// Tells who complains: by a title, a blanked name, a phone in numerals, a part of the address.
const LEAKY: &str =
    "群众章女士(章×序)反映,电话一三八零零零零九四二一,住友谊支路9999弄77号,2月4日在3号窗口未予办理。";

fn summary(journey: &Journey<'_>, text: &str) -> SubmitSummaryRequest {
    SubmitSummaryRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        text: text.into(),
    }
}

/// A summary by a handler of the sub-centre, once intake knows that the case is there.
async fn sent(journey: &Journey<'_>, handler: &Officer, text: &str) -> Summary {
    let answer = eventually("the case at the sub-centre", async || {
        handler.summaries().submit_summary(summary(journey, text)).await.ok()
    });
    answer.await.into_inner().summary.expect("a summary")
}

fn review(summary: &Summary) -> ReviewSummaryRequest {
    ReviewSummaryRequest {
        request_id: complaints::request_id(),
        case_id: summary.case_id.clone(),
        summary_id: summary.summary_id.clone(),
    }
}

async fn reviewed(leader: &Officer, summary: &Summary) -> ReviewSummaryResponse {
    leader.summaries().review_summary(review(summary)).await.expect("reviewed").into_inner()
}

fn approve(summary: &Summary) -> ApproveSummaryRequest {
    ApproveSummaryRequest {
        request_id: complaints::request_id(),
        case_id: summary.case_id.clone(),
        summary_id: summary.summary_id.clone(),
        passed: Vec::new(),
    }
}

fn give_back(summary: &Summary, reason: &str) -> ReturnSummaryRequest {
    ReturnSummaryRequest {
        request_id: complaints::request_id(),
        case_id: summary.case_id.clone(),
        summary_id: summary.summary_id.clone(),
        reason: reason.into(),
    }
}

fn hand_over(world: &World, summary: &Summary) -> RecordHandedOverRequest {
    RecordHandedOverRequest {
        request_id: complaints::request_id(),
        case_id: summary.case_id.clone(),
        summary_id: summary.summary_id.clone(),
        recipient: "罗店镇社区事务受理服务中心办公室".into(),
        way: HandOverWay::InPerson.into(),
        handed_over_at: Some(world.timestamp()),
    }
}

async fn got(officer: &Officer, summary: &Summary) -> Summary {
    let request =
        GetSummaryRequest { case_id: summary.case_id.clone(), summary_id: summary.summary_id.clone() };
    officer.summaries().get_summary(request).await.expect("it").into_inner().summary.expect("a summary")
}

async fn listed(officer: &Officer, case_id: &str) -> Vec<Summary> {
    let request = ListSummariesRequest { case_id: case_id.into(), ..ListSummariesRequest::default() };
    officer.summaries().list_summaries(request).await.expect("a list").into_inner().summaries
}

/// What does not differ from one summary to the next.
fn alike(summary: &Summary) -> Summary {
    Summary { summary_id: String::new(), submitted_at: None, attempt: 0, ..summary.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_the_writer_learns_nothing_and_the_approver_sees_what_was_found() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    let other = world.officer("handler", SUB_CENTRE, "he.jun");
    let leaky = sent(&journey, &handler, LEAKY).await;
    let clean = sent(&journey, &other, CLEAN).await;
    assert_eq!((leaky.state(), leaky.attempt), (SummaryState::InReview, 1));
    let as_other = |summary: &Summary| Summary { writer: "he.jun".into(), ..alike(summary) };
    assert_eq!(as_other(&leaky), alike(&clean), "the answer tells nothing");

    let leader = world.leader(CENTRE);
    let waiting = listed(&leader, "").await;
    assert_eq!(waiting.len(), 2, "the work list: {waiting:?}");
    let mut request =
        ListSummariesRequest { case_id: journey.case_id(), page_size: 1, ..ListSummariesRequest::default() };
    let first = leader.summaries().list_summaries(request.clone()).await.expect("a page").into_inner();
    request.page_token = first.next_page_token;
    let second = leader.summaries().list_summaries(request).await.expect("a page").into_inner();
    let ids = [&first.summaries, &second.summaries]
        .map(|page| page.iter().map(|one| one.summary_id.as_str()).collect::<Vec<_>>());
    assert_eq!(ids, [[leaky.summary_id.as_str()], [clean.summary_id.as_str()]], "a case's, page by page");
    assert_eq!(second.next_page_token, "");
    assert_eq!(waiting[0].allowed_actions().collect::<Vec<_>>(), [Action::DecideSummary]);
    let unseen = rejection(leader.summaries().approve_summary(approve(&leaky)).await);
    assert_eq!(unseen.reason, "SUMMARY_NOT_REVIEWED");

    let seen = reviewed(&leader, &leaky).await;
    assert_eq!((seen.text.as_str(), seen.attempts, seen.most_attempts), (LEAKY, 1, 5));
    assert_eq!(seen.attempts_on_case, 2, "by two persons");
    let certain: Vec<_> =
        seen.findings.iter().filter(|one| one.certain).map(|one| (one.kind(), one.form())).collect();
    assert_eq!(
        certain,
        [
            (FindingKind::Name, FindingForm::Titled),
            (FindingKind::Name, FindingForm::Blanked),
            (FindingKind::Phone, FindingForm::Whole),
            (FindingKind::Address, FindingForm::Part),
        ]
    );
    let warned = seen.findings.iter().any(|one| !one.certain && one.kind() == FindingKind::Occasion);
    assert!(warned, "day and window: {:?}", seen.findings);
    assert!(reviewed(&leader, &clean).await.findings.is_empty());

    // Looking changes nothing that the writer can see.
    assert_eq!(
        Summary { writer: "he.jun".into(), ..alike(&got(&handler, &leaky).await) },
        alike(&got(&other, &clean).await)
    );
    let refused = rejection(leader.summaries().approve_summary(approve(&leaky)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "IDENTITY_REVEALED"));
    assert_eq!(refused.articles, ["article 15"]);
    let telling = rejection(leader.summaries().return_summary(give_back(&leaky, "不要写章女士")).await);
    assert_eq!(telling.fields, ["reason"]);
    leader.summaries().return_summary(give_back(&leaky, "请按摘要规范重写")).await.expect("returned");
    let returned = got(&handler, &leaky).await;
    assert_eq!(
        (returned.state(), returned.return_reason.as_str(), returned.text.as_str()),
        (SummaryState::Returned, "请按摘要规范重写", "")
    );

    leader.summaries().approve_summary(approve(&clean)).await.expect("approved");
    let approved = got(&other, &clean).await;
    assert_eq!((approved.state(), approved.text.as_str()), (SummaryState::Approved, CLEAN));
    other.summaries().record_handed_over(hand_over(&world, &clean)).await.expect("recorded");
    let over = got(&handler, &clean).await;
    assert_eq!((over.state(), over.handed_over.len()), (SummaryState::HandedOver, 1));
    assert_eq!(over.handed_over[0].recipient, "罗店镇社区事务受理服务中心办公室");

    // Both looks are on record like readings of the identity.
    let readings = ListReadingsRequest { case_id: journey.case_id() };
    let readings = leader.identity().list_readings(readings).await.expect("a list").into_inner().readings;
    let readings: Vec<_> = readings.iter().map(|one| (one.reader.as_str(), one.purpose.as_str())).collect();
    assert_eq!(readings, [("leader.baoshan", "summary"), ("leader.baoshan", "summary")]);
    crate::retention::projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_who_neither_handles_the_case_nor_keeps_the_identity_is_kept_out() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    let first = sent(&journey, &handler, LEAKY).await;
    let stranger = world.officer("handler", OTHER_SUB_CENTRE, "wu.min");
    assert_eq!(
        rejection(stranger.summaries().submit_summary(summary(&journey, CLEAN)).await).reason,
        "CASE_NOT_FOUND"
    );
    let request = ListSummariesRequest { case_id: journey.case_id(), ..ListSummariesRequest::default() };
    assert_eq!(rejection(stranger.summaries().list_summaries(request).await).reason, "CASE_NOT_FOUND");
    // The registering organ's own handlers do not hold the case.
    let own = world.officer("handler", CENTRE, "qian.li");
    assert_eq!(
        rejection(own.summaries().submit_summary(summary(&journey, CLEAN)).await).reason,
        "ORGAN_OUT_OF_SCOPE"
    );
    assert!(listed(&own, &journey.case_id()).await.is_empty(), "and see nothing of it");
    // Who handles the case does not look behind the check.
    let there = world.leader(SUB_CENTRE);
    assert_eq!(rejection(there.summaries().review_summary(review(&first)).await).reason, "CASE_NOT_FOUND");
    assert_eq!(rejection(there.summaries().approve_summary(approve(&first)).await).reason, "CASE_NOT_FOUND");
    let head = rejection(world.head(CENTRE).summaries().review_summary(review(&first)).await);
    assert_eq!(head.reason, "ROLE_NOT_ALLOWED", "the regulation names the leader in charge");
    let handlers = rejection(handler.summaries().review_summary(review(&first)).await);
    assert_eq!((handlers.code, handlers.reason.as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    let mut empty = summary(&journey, " ");
    empty.request_id.clear();
    assert_eq!(rejection(handler.summaries().submit_summary(empty).await).fields, ["request_id", "text"]);

    let case = handler.intake().get_case(GetCaseRequest { case_id: journey.case_id() }).await.expect("it");
    let case = case.into_inner();
    assert!(case.timeline.iter().all(|entry| entry.kind != "summary_reviewed"), "{:?}", case.timeline);
    let offered: Vec<_> = case.case.expect("a case").allowed_actions().collect();
    assert_eq!(offered, [Action::SubmitSummary, Action::RequestOriginal]);
}

#[tokio::test(flavor = "multi_thread")]
async fn house_attempts_are_limited_alike_for_what_tells_and_what_does_not() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let mut refused = Vec::new();
    for (person, text) in [("wu.min", LEAKY), ("he.jun", CLEAN)] {
        let handler = world.officer("handler", SUB_CENTRE, person);
        let first = summary(&journey, text);
        let sent = eventually("the case at the sub-centre", async || {
            handler.summaries().submit_summary(first.clone()).await.ok()
        });
        let sent = sent.await.into_inner();
        // The same request again is the same attempt.
        assert_eq!(handler.summaries().submit_summary(first).await.expect("again").into_inner(), sent);
        for attempt in 2..=5 {
            let next = handler.summaries().submit_summary(summary(&journey, text)).await.expect("taken");
            assert_eq!(next.into_inner().summary.map(|one| one.attempt), Some(attempt));
        }
        refused.push(rejection(handler.summaries().submit_summary(summary(&journey, text)).await));
    }
    let told: Vec<_> = refused.iter().map(|one| (one.reason.as_str(), one.metadata.clone())).collect();
    assert_eq!(told[0].0, "TOO_MANY_ATTEMPTS");
    assert_eq!(told[0], told[1], "the refusal tells nothing either");
    let waiting = listed(&world.leader(CENTRE), "").await;
    assert_eq!(waiting.len(), 2, "of each writer the last one");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_the_original_goes_out_by_the_head_alone_and_blacked_out() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.text.push_str("我是章女士,槐序是我。");
    let (journey, _) = Journey::routed(&world, CENTRE, complaint).await;
    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    let ask = || RequestOriginalRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        reason: "被投诉人要求逐项答复".into(),
    };
    let asked = eventually("the case at the sub-centre", async || {
        handler.summaries().request_original(ask()).await.ok()
    });
    let original = asked.await.into_inner().summary.expect("an original");
    assert_eq!((original.state(), original.text.as_str()), (SummaryState::InReview, ""));
    let head = world.head(CENTRE);
    assert_eq!(
        rejection(world.leader(CENTRE).summaries().review_summary(review(&original)).await).reason,
        "ROLE_NOT_ALLOWED"
    );
    let seen = reviewed(&head, &original).await;
    assert_eq!(seen.reason, "被投诉人要求逐项答复");
    assert!(
        seen.text.contains("居住证明") && seen.text.contains("我是〔姓名〕,〔姓名〕是我"),
        "{}",
        seen.text
    );
    assert!(seen.findings.iter().all(|one| !one.certain), "{:?}", seen.findings);
    let as_summary = rejection(head.summaries().approve_summary(approve(&original)).await);
    assert_eq!(as_summary.reason, "NOTHING_TO_ACT_ON");
    let request = ApproveOriginalRequest {
        request_id: complaints::request_id(),
        case_id: original.case_id.clone(),
        summary_id: original.summary_id.clone(),
    };
    head.summaries().approve_original(request).await.expect("approved");
    let approved = got(&handler, &original).await;
    assert_eq!(approved.text, seen.text);
    for secret in [complaints::NAME, complaints::PHONE, "章女士", "槐序"] {
        assert!(!approved.text.contains(secret), "{secret} in {}", approved.text);
    }
    journey.reaches(CaseState::InHandling).await;
    crate::retention::projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_with_the_identity_the_words_of_summaries_go() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    let leader = world.leader(CENTRE);
    let clean = sent(&journey, &handler, CLEAN).await;
    reviewed(&leader, &clean).await;
    leader.summaries().approve_summary(approve(&clean)).await.expect("approved");
    let other = sent(&journey, &handler, LEAKY).await;
    let ask = RequestErasureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        ground: ErasureGround::ConsentWithdrawn.into(),
    };
    let demand = world.desk(CENTRE).retention().request_erasure(ask).await.expect("taken in").into_inner();
    let decide = DecideErasureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        demand_id: demand.demand_id,
        granted: true,
    };
    leader.retention().decide_erasure(decide).await.expect("granted");
    let told = got(&handler, &clean).await;
    assert_eq!((told.state(), told.text.as_str()), (SummaryState::Approved, ""), "the facts stay");
    for refused in [
        rejection(leader.summaries().review_summary(review(&other)).await),
        rejection(leader.summaries().return_summary(give_back(&other, "已无投诉人信息")).await),
    ] {
        assert_eq!((refused.reason.as_str(), refused.articles), ("ERASED", vec!["article 15".to_owned()]));
    }
    let again = rejection(handler.summaries().submit_summary(summary(&journey, CLEAN)).await);
    assert_eq!(again.reason, "ERASED");
    crate::retention::projections_hold(&world).await;
}
