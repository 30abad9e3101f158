//! Reminders and supervision notices, from their issue to their end (16, 20, 23).

use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::chain_link::What;
use duban_proto::supervision::v1::{
    AcceptNoticeAnswerRequest, AcknowledgeNoticeRequest, AnswerNoticeRequest, GetChainRequest,
    GetNoticeRequest, Instrument, IssueNoticeRequest, ListNoticesRequest, Notice, NoticeState,
    RejectNoticeAnswerRequest, WithdrawNoticeRequest, WithdrawalReason,
};
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};

/// The notices that an officer may see, open ones first, newest first.
async fn listed(officer: &Officer, organ: &str) -> Vec<Notice> {
    let request = ListNoticesRequest { organ: organ.into(), ..ListNoticesRequest::default() };
    officer.notices().list_notices(request).await.expect("a list").into_inner().notices
}

/// The supervision notice that an officer may see, once it stands so.
async fn notice_in(officer: &Officer, state: NoticeState) -> Notice {
    eventually(&format!("a notice that is {state:?}"), async || {
        let all = listed(officer, "").await;
        let is = |it: &Notice| it.instrument() == Instrument::SupervisionNotice && it.state() == state;
        all.into_iter().find(is)
    })
    .await
}

async fn read(officer: &Officer, notice: &Notice) -> Notice {
    let (case_id, notice_id) = (notice.case_id.clone(), notice.notice_id.clone());
    let answer = officer.notices().get_notice(GetNoticeRequest { case_id, notice_id }).await;
    answer.expect("a notice").into_inner().notice.expect("a notice")
}

fn may(notice: &Notice, action: Action) -> bool {
    notice.allowed_actions.contains(&action.into())
}

fn answer(notice: &Notice, text: &str) -> AnswerNoticeRequest {
    AnswerNoticeRequest {
        request_id: complaints::request_id(),
        case_id: notice.case_id.clone(),
        notice_id: notice.notice_id.clone(),
        text: text.into(),
        measures: vec!["handler_replaced".into()],
    }
}

fn accept(notice: &Notice, round: u32) -> AcceptNoticeAnswerRequest {
    AcceptNoticeAnswerRequest {
        request_id: complaints::request_id(),
        case_id: notice.case_id.clone(),
        notice_id: notice.notice_id.clone(),
        round,
    }
}

fn by_hand(journey: &Journey<'_>, organ: &str) -> IssueNoticeRequest {
    IssueNoticeRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        organ: organ.into(),
        instrument: Instrument::SupervisionNotice.into(),
        text: "请说明进展,并于三日内提出办结计划。".into(),
        answer_within: "2 workdays".into(),
    }
}

/// A case of the centre that the town's sub-centre handles.
async fn at_the_town(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    world.clocks_when(&journey, SUB_CENTRE, |clocks| clocks.iter().any(|clock| clock.term == 1)).await;
    world.clocks_when(&journey, CENTRE, |clocks| clocks.iter().any(|clock| clock.term == 0)).await;
    journey
}

#[tokio::test(flavor = "multi_thread")]
async fn art_20_the_ladders_notice_reaches_who_handles_the_case_and_is_answered_and_checked() {
    let world = World::new().await;
    let journey = at_the_town(&world).await;
    world.turn_to("2026-03-06 09:00");
    let (town, centre) = (world.leader(SUB_CENTRE), world.supervisor(CENTRE));
    let notice = notice_in(&town, NoticeState::Issued).await;
    assert_eq!((notice.issued_by.as_str(), notice.organ.as_str()), (CENTRE, SUB_CENTRE));
    assert!(notice.number.contains("督〔2026〕"), "{notice:?}");
    assert!(may(&notice, Action::AnswerNotice) && !may(&notice, Action::CheckNoticeAnswer));
    let reminder = listed(&town, "").await.into_iter().find(|it| it.instrument() == Instrument::Reminder);
    let seen = AcknowledgeNoticeRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        notice_id: reminder.expect("a reminder").notice_id,
    };
    let seen = world.desk(SUB_CENTRE).notices().acknowledge_notice(seen).await.expect("seen").into_inner();
    assert_eq!(seen.notice.expect("a notice").state(), NoticeState::Settled);

    let answered = town.notices().answer_notice(answer(&notice, "已更换承办人。")).await.expect("answered");
    assert_eq!(answered.into_inner().notice.expect("a notice").state(), NoticeState::Answered);
    let at_the_centre = notice_in(&centre, NoticeState::Answered).await;
    assert!(may(&at_the_centre, Action::CheckNoticeAnswer), "{at_the_centre:?}");
    assert_eq!(listed(&centre, "").await.len(), 2, "nothing is listed twice");
    let whole = read(&centre, &at_the_centre).await;
    assert_eq!(whole.answers[0].text, "已更换承办人。");
    assert_eq!(whole.answers[0].measures, ["handler_replaced"]);
    let back = RejectNoticeAnswerRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        notice_id: notice.notice_id.clone(),
        round: 1,
        reason: "没有办结计划。".into(),
        answer_within: String::new(),
    };
    centre.notices().reject_notice_answer(back).await.expect("sent back");
    let returned = read(&town, &notice_in(&town, NoticeState::Returned).await).await;
    assert_eq!(returned.answers[0].rejected_because, "没有办结计划。");
    let again = answer(&returned, "本周内办结。");
    town.notices().answer_notice(again.clone()).await.expect("answered again");
    town.notices().answer_notice(again).await.expect("the same request again is answered the same");
    notice_in(&centre, NoticeState::Answered).await;
    centre.notices().accept_notice_answer(accept(&notice, 2)).await.expect("accepted");
    let settled = notice_in(&town, NoticeState::Settled).await;
    assert_eq!(settled.answers.len(), 2);
    let refused = rejection(town.notices().answer_notice(answer(&notice, "还有。")).await);
    assert_eq!(refused.reason, "NOTICE_STATE");
    let elsewhere = world.leader(OTHER_SUB_CENTRE);
    assert!(listed(&elsewhere, "").await.is_empty());
    let get = GetNoticeRequest { case_id: journey.case_id(), notice_id: notice.notice_id };
    assert_eq!(rejection(elsewhere.notices().get_notice(get).await).reason, "CASE_NOT_FOUND");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_the_chain_of_a_case_is_in_order_overdue_is_noted_and_the_end_withdraws() {
    let world = World::new().await;
    let journey = at_the_town(&world).await;
    world.turn_to("2026-03-06 09:00");
    let (town, centre) = (world.leader(SUB_CENTRE), world.supervisor(CENTRE));
    notice_in(&town, NoticeState::Issued).await;
    world.turn_to("2026-03-12 09:00");
    for officer in [&centre, &town] {
        let overdue = notice_in(officer, NoticeState::Overdue).await;
        assert_eq!(overdue.times_overdue, 1);
    }
    let chain = centre.notices().get_chain(GetChainRequest { case_id: journey.case_id() }).await;
    let chain = chain.expect("a chain").into_inner();
    assert!(chain.allowed_actions.contains(&Action::IssueNotice.into()));
    let names = chain.links.iter().filter_map(|link| match link.what.as_ref()? {
        What::Rung(fired) => fired.rung.as_ref().filter(|rung| rung.term == 0).map(|it| it.rung.clone()),
        What::Notice(notice) => Some(format!("notice:{}", notice.rung)),
    });
    let names: Vec<String> = names.collect();
    let expected =
        ["due_soon", "due", "overdue", "notice:reminder", "notice:supervision_notice", "attention"];
    assert_eq!(names, expected);
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    for officer in [&centre, &town] {
        let withdrawn = notice_in(officer, NoticeState::Withdrawn).await;
        assert_eq!(withdrawn.withdrawal(), WithdrawalReason::Ended);
    }
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_23_the_centre_supervises_an_organ_below_by_hand_under_its_own_number() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    world.clocks_when(&journey, SUB_CENTRE, |clocks| clocks.len() == 2).await;
    let (town, centre) = (world.leader(SUB_CENTRE), world.supervisor(CENTRE));
    let nobody = rejection(centre.notices().issue_notice(by_hand(&journey, OTHER_SUB_CENTRE)).await);
    assert_eq!(nobody.reason, "NOTHING_TO_ACT_ON");
    let bad =
        IssueNoticeRequest { instrument: Instrument::Attention.into(), ..by_hand(&journey, SUB_CENTRE) };
    let bad =
        rejection(centre.notices().issue_notice(IssueNoticeRequest { text: String::new(), ..bad }).await);
    assert_eq!(bad.fields, ["text", "instrument"]);
    let issued = centre.notices().issue_notice(by_hand(&journey, SUB_CENTRE)).await.expect("issued");
    let issued = issued.into_inner().notice.expect("a notice");
    assert_eq!(issued.number, "宝效督〔2026〕1号");
    assert_eq!(issued.signed_by, format!("supervisor.{CENTRE}"));
    assert_eq!(issued.citation.as_ref().map(|citation| citation.article.as_str()), Some("16"));
    let told = read(&town, &notice_in(&town, NoticeState::Issued).await).await;
    assert_eq!(told.text, "请说明进展,并于三日内提出办结计划。");
    let own = rejection(town.notices().accept_notice_answer(accept(&told, 1)).await);
    assert_eq!(own.reason, "ORGAN_OUT_OF_SCOPE", "what the centre issued is not the town's to check");
    let withdraw = WithdrawNoticeRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        notice_id: issued.notice_id.clone(),
        reason: "已当面说明。".into(),
    };
    centre.notices().withdraw_notice(withdraw).await.expect("withdrawn");
    let told = read(&town, &notice_in(&town, NoticeState::Withdrawn).await).await;
    assert_eq!(
        (told.withdrawal(), told.withdrawn_because.as_str()),
        (WithdrawalReason::ByHand, "已当面说明。")
    );
    let next = centre.notices().issue_notice(by_hand(&journey, SUB_CENTRE)).await.expect("issued");
    assert_eq!(
        next.into_inner().notice.expect("a notice").number,
        "宝效督〔2026〕2号",
        "a number is never used again"
    );
    world.ledgers_verify().await;
}
