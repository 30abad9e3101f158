//! Clocks: parts, refused extensions, pauses, the digest, and what a change of the calendar would move (16, 17, 20).

use duban_proto::common::v1::Action;
use duban_proto::intake::v1::Complaint;
use duban_proto::routing::v1::{AddCoHandlersRequest, ExcusePartRequest};
use duban_proto::supervision::v1::{
    Clock, ClockKind, DecideExtensionRequest, ExtensionState, GetDigestRequest, ListExtensionsRequest,
    ListToldRequest, PauseClockRequest, PreviewCalendarRequest, Recipient, RequestExtensionRequest,
    StopReason,
};
use e2e::{CENTRE, Journey, OTHER_SUB_CENTRE, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};

/// About clerks of a unit of 罗店 and of 大场: the first leads.
fn about_two() -> Complaint {
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.respondents.extend(complaints::about_a_clerk(OTHER_SUB_CENTRE).respondents);
    complaint
}

fn part(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().find(|clock| clock.kind() == ClockKind::Part)
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_co_handlers_part_has_a_clock_of_its_own_that_ends_when_it_is_excused() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, about_two()).await;
    journey.acknowledge(SUB_CENTRE).await;
    let add = AddCoHandlersRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        question: "请就你单位工作人员的情况提出意见。".into(),
        ..AddCoHandlersRequest::default()
    };
    world.desk(CENTRE).joint().add_co_handlers(add).await.expect("co-handlers");
    let clocks = world.clocks_when(&journey, OTHER_SUB_CENTRE, |clocks| part(clocks).is_some()).await;
    let clock = part(&clocks).expect("the part's clock");
    assert_eq!((clock.part, clock.term), (1, 1_000_001));
    assert_eq!(clock.responsible_organ, OTHER_SUB_CENTRE);
    assert!(clock.stopped_at.is_none() && clock.due_at.is_some());

    world.turn_to("2026-03-02 10:00");
    let told = eventually("the handlers are told", async || {
        let request = GetDigestRequest { from: "2026-02-20".into(), ..GetDigestRequest::default() };
        let mut handler = world.officer("handler", OTHER_SUB_CENTRE, "wu.min").clock_service();
        let lines = handler.get_digest(request).await.ok()?.into_inner().lines;
        lines.into_iter().find(|line| line.clock() == ClockKind::Part && line.rung == "overdue")
    })
    .await;
    assert_eq!((told.recipient(), told.count), (Recipient::Handler, 1));

    let excuse = ExcusePartRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 1,
        part: 1,
        reason: "会办单位逾期未答复,先行办结。".into(),
    };
    world.leader(CENTRE).joint().excuse_part(excuse).await.expect("excused");
    let over = |clocks: &[Clock]| part(clocks).is_some_and(|clock| clock.stopped_at.is_some());
    let clocks = world.clocks_when(&journey, OTHER_SUB_CENTRE, over).await;
    assert_eq!(part(&clocks).expect("the part's clock").stop_reason(), StopReason::Released);
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_an_extension_that_is_refused_moves_nothing_and_tells_who_asked_why() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let before = world.clocks_when(&journey, CENTRE, |clocks| clocks.len() == 2).await;
    let ask = RequestExtensionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 0,
        length: "20 workdays".into(),
        reason: "案情复杂,需要外调。".into(),
    };
    let mut handler = world.officer("handler", CENTRE, "wu.min").supervision();
    let asked = handler.request_extension(ask).await.expect("asked").into_inner().extension;
    let extension_id = asked.expect("an extension").extension_id;
    let refuse = |refusal: &str| DecideExtensionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        extension_id: extension_id.clone(),
        granted: false,
        told: String::new(),
        refusal: refusal.into(),
    };
    let leader = rejection(world.leader(CENTRE).supervision().decide_extension(refuse("不宜延长。")).await);
    assert_eq!(leader.reason, "ROLE_NOT_ALLOWED");
    let silent = rejection(world.head(CENTRE).supervision().decide_extension(refuse("")).await);
    assert_eq!(silent.reason, "FIELD_VIOLATIONS");
    let refused = world.head(CENTRE).supervision().decide_extension(refuse("尚有时间,抓紧办理。")).await;
    assert_eq!(
        refused.expect("refused").into_inner().extension.expect("it").state(),
        ExtensionState::Refused
    );
    let list = handler.list_extensions(ListExtensionsRequest::default()).await.expect("a list").into_inner();
    assert_eq!(list.extensions.first().map(|it| it.refusal.as_str()), Some("尚有时间,抓紧办理。"));
    let after = world.clocks(&journey, CENTRE).await;
    let due = |clocks: &[Clock]| clocks.iter().map(|clock| clock.due_at).collect::<Vec<_>>();
    assert_eq!(due(&before), due(&after));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_the_measures_know_no_pause_and_nobody_is_offered_one() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    world.clocks_when(&journey, CENTRE, |clocks| clocks.len() == 2).await;
    let pause = PauseClockRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        cause: "awaiting_supplement".into(),
        reason: "等待投诉人补充材料。".into(),
    };
    let refused = rejection(world.leader(CENTRE).clock_service().pause_clock(pause).await);
    assert_eq!(refused.reason, "PAUSE_NOT_ALLOWED");
    assert!(refused.articles.iter().any(|article| article.contains("17")) && refused.chinese, "{refused:?}");
    let clocks = world.clocks(&journey, CENTRE).await;
    assert!(clocks.iter().all(|clock| !clock.allowed_actions.contains(&Action::PauseClock.into())));
}

#[tokio::test(flavor = "multi_thread")]
async fn house_what_fires_at_midnight_is_told_at_work_in_a_line_that_opens_into_its_list() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    world.clocks_when(&journey, CENTRE, |clocks| clocks.len() == 2).await;
    world.turn_to("2026-02-28 00:00");
    let yellow = |clocks: &[Clock]| clocks.iter().all(|clock| clock.rungs_fired == 1);
    world.clocks_when(&journey, CENTRE, yellow).await;
    let mut handler = world.officer("handler", CENTRE, "wu.min").clock_service();
    let digest = || GetDigestRequest::default();
    let night = handler.get_digest(digest()).await.expect("a digest").into_inner();
    assert!(night.lines.is_empty(), "{night:?}");
    world.turn_to("2026-02-28 09:00");
    let mut handler = world.officer("handler", CENTRE, "wu.min").clock_service();
    let lines = handler.get_digest(digest()).await.expect("a digest").into_inner().lines;
    let of_case = lines.iter().find(|line| line.clock() == ClockKind::Case).expect("a line");
    assert_eq!((of_case.rung.as_str(), of_case.count, of_case.date.as_str()), ("due_soon", 1, "2026-02-28"));
    let open = ListToldRequest {
        date: of_case.date.clone(),
        recipient: of_case.recipient,
        rung: of_case.rung.clone(),
        ..ListToldRequest::default()
    };
    let told = handler.list_told(open).await.expect("a list").into_inner().told;
    assert!(told.iter().all(|told| told.case_id == journey.case_id()) && told.len() == 2, "{told:?}");
}

const ARRANGEMENT: &str = r#"year = 2026

[[notice]]
number = "国办发明电〔2026〕9号"
title = "国务院办公厅关于调整2026年放假安排的通知"
date = 2026-02-09
source = "https://www.gov.cn/"

[[holiday]]
name = "春节"
english = "Spring Festival"
from = 2026-02-15
to = 2026-02-25
make_up = [2026-02-14, 2026-02-28]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn art_17_what_a_longer_holiday_would_move_is_told_beforehand_and_moves_nothing() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let before = world.clocks_when(&journey, CENTRE, |clocks| clocks.len() == 2).await;
    let preview = PreviewCalendarRequest {
        year: 2026,
        arrangement: ARRANGEMENT.into(),
        ..PreviewCalendarRequest::default()
    };
    let preview = world.supervisor(CENTRE).clock_service().preview_calendar(preview).await;
    let preview = preview.expect("a preview").into_inner();
    assert_eq!((preview.looked_at, preview.moved.len()), (2, 2));
    for moved in &preview.moved {
        let was = moved.clock.as_ref().and_then(|clock| clock.due_at).expect("an end");
        let days = (moved.due_at.expect("an end").seconds - was.seconds) / 86_400;
        assert_eq!(days, 2, "two days off more in the ten workdays");
    }
    let after = world.clocks(&journey, CENTRE).await;
    assert_eq!(before, after);
}
