//! The digest, two processes on one database, and what a change of the calendar would move.

use std::sync::Arc;

use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{
    ClockKind, DecideExtensionRequest, ExplainDeadlineRequest, GetClocksRequest, GetDigestRequest,
    ListToldRequest, PauseClockRequest, PreviewCalendarRequest, Recipient, RequestExtensionRequest,
    ResumeClockRequest,
};
use ledger::TurnedClock;
use ledger::rebuild::{self, Mode};
use supervision::domain::ClockKey;
use supervision::domain::time::from_wire;
use uuid::Uuid;

use crate::harness::{CENTRE, OTHER, Running, TOWN, at, case, reason, start, start_by, start_following};

async fn digest(running: &mut Running, role: Role, organ: &str) -> Vec<(String, Recipient, String, u64)> {
    let request = running.by(role, organ, GetDigestRequest::default());
    let lines = running.clocks.get_digest(request).await.unwrap().into_inner().lines;
    lines.into_iter().map(|line| (line.date.clone(), line.recipient(), line.rung, line.count)).collect()
}

#[tokio::test]
async fn house_a_night_of_rungs_is_a_few_lines_from_the_first_hour_of_work_and_each_opens_into_its_list() {
    let mut running = start().await;
    for number in 1..=5 {
        running.accepted(TOWN, number).await;
    }
    running.clock.set(at("2026-03-17 00:00"));
    running.fired(TOWN, 15).await;
    assert!(digest(&mut running, Role::Handler, TOWN).await.is_empty(), "nobody is told at midnight");
    running.clock.set(at("2026-03-17 09:00"));
    let day = || "2026-03-17".to_owned();
    let handler = Recipient::Handler;
    let lines = digest(&mut running, Role::Handler, TOWN).await;
    let of = |rung: &str| (day(), handler, rung.to_owned(), 5);
    assert_eq!(lines, [of("due"), of("due_soon"), of("overdue")]);
    let desk = digest(&mut running, Role::Desk, TOWN).await;
    assert_eq!(desk, [(day(), Recipient::Home, "overdue".into(), 5)]);
    assert_eq!(digest(&mut running, Role::Auditor, CENTRE).await, [], "the centre was told nothing");

    let mut page_token = String::new();
    let mut opened = Vec::new();
    loop {
        let list = ListToldRequest {
            date: day(),
            recipient: handler.into(),
            rung: "overdue".into(),
            page_size: 2,
            page_token,
            ..ListToldRequest::default()
        };
        let request = running.by(Role::Handler, TOWN, list);
        let page = running.clocks.list_told(request).await.unwrap().into_inner();
        opened.extend(page.told.into_iter().map(|told| told.case_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    opened.sort();
    opened.dedup();
    assert_eq!(opened.len(), 5, "exact to the case");

    let other = GetDigestRequest { organ: TOWN.into(), ..GetDigestRequest::default() };
    let request = running.by(Role::Leader, OTHER, other);
    let status = running.clocks.get_digest(request).await.unwrap_err();
    assert_eq!(reason(&status), "ORGAN_OUT_OF_SCOPE");
    let list =
        ListToldRequest { date: day(), recipient: Recipient::PrincipalHead.into(), ..Default::default() };
    let request = running.by(Role::Handler, TOWN, list);
    let status = running.clocks.list_told(request).await.unwrap_err();
    assert_eq!(reason(&status), "FIELD_VIOLATIONS");
    let long = GetDigestRequest { from: "2026-01-01".into(), ..GetDigestRequest::default() };
    let request = running.by(Role::Handler, TOWN, long);
    let status = running.clocks.get_digest(request).await.unwrap_err();
    assert_eq!(reason(&status), "FIELD_VIOLATIONS");
    running.stop().await;
}

#[tokio::test]
async fn art_20_the_centre_is_told_by_a_sub_centres_ledger_what_its_ladder_came_to() {
    let mut running = start_following().await;
    running.accepted(TOWN, 1).await;
    running.clock.set(at("2026-03-24 10:00"));
    running.fired(TOWN, 6).await;
    let mut heads = running.supervision.writer().heads().subscribe();
    let lines = loop {
        heads.mark_unchanged();
        let lines = digest(&mut running, Role::Supervisor, CENTRE).await;
        if !lines.is_empty() {
            break lines;
        }
        let heard = tokio::time::timeout(std::time::Duration::from_secs(20), heads.changed());
        heard.await.expect("the centre is not told").unwrap();
    };
    assert_eq!(lines, [("2026-03-24".into(), Recipient::Centre, "attention".into(), 1)]);
    running.stop().await;
}

#[tokio::test]
async fn art_16_two_processes_on_one_database_one_held_up_fire_each_rung_once_and_in_order() {
    let mut running = start().await;
    // The other's clock stands at the start: it fires nothing until it is turned.
    let held = Arc::new(TurnedClock::standing(at("2026-03-02 10:00")));
    let another = running.another(&held).await;
    for number in 1..=8 {
        running.accepted(TOWN, number).await;
    }
    running.clock.set(at("2026-03-17 00:00"));
    running.fired(TOWN, 24).await;
    running.clock.set(at("2026-03-24 10:00"));
    // Both see the rest as due, at once.
    held.set(at("2026-03-24 10:00"));
    let rungs = running.fired(TOWN, 48).await;
    let mut keys: Vec<_> =
        rungs.iter().map(|it| (it.case_id.clone(), it.rung.as_ref().map(|rung| rung.index))).collect();
    assert_eq!(keys.len(), 48);
    for number in 1..=8 {
        let of_case = case(number).to_string();
        let order: Vec<_> = keys.iter().rev().filter(|key| key.0 == of_case).map(|key| key.1).collect();
        assert_eq!(order, (0..6).map(Some).collect::<Vec<_>>());
    }
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), 48, "each once");
    // The other is quiet: both are asked for all there is once more.
    another.drain().await;
    let twice =
        "select count(*) from (select 1 from fired_rung group by case_id, (rung) having count(*) > 1) as t";
    let twice: i64 = sqlx::query_scalar(twice).fetch_one(running.supervision.writer().pool()).await.unwrap();
    assert_eq!(twice, 0);
    running.stop().await;
}

const ARRANGEMENT: &str = r#"year = 2026

[[notice]]
number = "国办发明电〔2025〕8号"
title = "国务院办公厅关于调整2026年部分节假日安排的通知"
date = 2026-03-06
source = "https://www.gov.cn/"

[[holiday]]
name = "特别假期"
english = "a special break"
from = 2026-03-09
to = 2026-03-10
"#;

#[tokio::test]
async fn art_17_a_change_of_the_calendar_is_looked_at_before_it_is_made_and_moves_nothing() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.accepted(TOWN, 2).await;
    running.clock.set(at("2026-03-12 10:00"));
    running.accepted(CENTRE, 3).await;
    let preview = |organ: &str, page_token: String| PreviewCalendarRequest {
        year: 2026,
        arrangement: ARRANGEMENT.into(),
        organ: organ.into(),
        page_size: 1,
        page_token,
    };
    let (mut moved, mut looked_at, mut page_token) = (Vec::new(), 0, String::new());
    loop {
        let request = running.by(Role::Supervisor, CENTRE, preview("", page_token));
        let page = running.clocks.preview_calendar(request).await.unwrap().into_inner();
        assert_ne!(page.calendar, running.supervision.writer().domain().rules().calendar.version());
        looked_at += page.looked_at;
        moved.extend(page.moved);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!((moved.len(), looked_at), (2, 3), "the third began after the break");
    for clock in &moved {
        let was = clock.clock.as_ref().unwrap();
        assert_eq!(from_wire(was.due_at.as_ref()), at("2026-03-17 00:00"));
        assert_eq!(from_wire(clock.due_at.as_ref()), at("2026-03-19 00:00"));
        assert_eq!(was.kind(), ClockKind::Case);
    }
    let entries = "select count(*) from entry where kind = 'clock_moved'";
    let written: i64 =
        sqlx::query_scalar(entries).fetch_one(running.supervision.writer().pool()).await.unwrap();
    assert_eq!(written, 0);

    let request = running.by(Role::Head, TOWN, preview("", String::new()));
    let page = running.clocks.preview_calendar(request).await.unwrap().into_inner();
    assert_eq!(page.looked_at, 1, "an organ's head sees its own");
    let request = running.by(Role::Head, TOWN, preview(CENTRE, String::new()));
    let status = running.clocks.preview_calendar(request).await.unwrap_err();
    assert_eq!(reason(&status), "ORGAN_OUT_OF_SCOPE");
    let wrong = PreviewCalendarRequest { arrangement: "year = 2027".into(), ..preview("", String::new()) };
    let request = running.by(Role::Head, TOWN, wrong);
    let status = running.clocks.preview_calendar(request).await.unwrap_err();
    assert_eq!(reason(&status), "FIELD_VIOLATIONS");
    running.stop().await;
}

#[tokio::test]
async fn art_17_a_pause_is_refused_at_baoshan_with_the_article_and_is_nobodys_action() {
    let mut running = start().await;
    running.accepted(TOWN, 1).await;
    running.starts(TOWN, ClockKey::term(case(1), 1), TOWN).await;
    let pause = PauseClockRequest {
        request_id: Uuid::from_u128(100).to_string(),
        case_id: case(1).to_string(),
        cause: "awaiting_appraisal".into(),
        reason: "等待鉴定结论。".into(),
    };
    let request = running.by(Role::Leader, TOWN, pause.clone());
    let status = running.clocks.pause_clock(request).await.unwrap_err();
    assert_eq!(reason(&status), "PAUSE_NOT_ALLOWED");
    let precondition = tonic_types::StatusExt::get_details_precondition_failure(&status).unwrap();
    assert!(precondition.violations.iter().any(|it| it.subject.contains("17") || it.r#type.contains("17")));
    let request = running.by(Role::Handler, TOWN, pause);
    let status = running.clocks.pause_clock(request).await.unwrap_err();
    assert_eq!(reason(&status), "ROLE_NOT_ALLOWED");
    running.stop().await;
}

#[tokio::test]
async fn a_rebuild_comes_out_the_same_with_what_was_told_and_withdrawn() {
    let mut running = start_following().await;
    running.accepted(TOWN, 1).await;
    running.accepted(TOWN, 2).await;
    running.clock.set(at("2026-03-13 09:00"));
    running.fired(TOWN, 2).await;
    let ask = RequestExtensionRequest {
        request_id: Uuid::from_u128(100).to_string(),
        case_id: case(1).to_string(),
        term: 0,
        length: "20 workdays".into(),
        reason: "案情复杂。".into(),
    };
    let request = running.by(Role::Handler, TOWN, ask);
    let asked = running.client.request_extension(request).await.unwrap().into_inner().extension.unwrap();
    let grant = DecideExtensionRequest {
        request_id: Uuid::from_u128(101).to_string(),
        case_id: case(1).to_string(),
        extension_id: asked.extension_id,
        granted: true,
        told: "案情复杂".into(),
        refusal: String::new(),
    };
    let request = running.by(Role::Head, TOWN, grant);
    running.client.decide_extension(request).await.unwrap();
    let lines = digest(&mut running, Role::Handler, TOWN).await;
    assert_eq!(lines, [("2026-03-13".into(), Recipient::Handler, "due_soon".into(), 1)], "one is withdrawn");
    running.clock.set(at("2026-03-24 10:00"));
    running.fired(TOWN, 7).await;
    for organ in rebuild::organs(running.supervision.writer()).await.unwrap() {
        for table in rebuild::rebuild(running.supervision.writer(), &organ, Mode::Check).await.unwrap() {
            assert!(table.same, "{table:?}");
        }
    }
    running.stop().await;
}

const EXTENSION: &str = "[limit.extension]\nmost = \"30 workdays\"";
const PAUSE: &str = "[[limit.pause]]\ncode = \"appraisal\"\nmost = \"20 workdays\"\nzh = \"等待鉴定\"\nen = \"an appraisal is awaited\"\nhouse = true\n\n";

#[tokio::test]
async fn house_where_the_regulation_knows_a_cause_the_time_stands_still_and_each_paused_day_is_explained() {
    let mut running = start_by(EXTENSION, &format!("{PAUSE}{EXTENSION}")).await;
    running.accepted(TOWN, 1).await;
    running.starts(TOWN, ClockKey::term(case(1), 1), TOWN).await;
    running.clock.set(at("2026-03-04 15:00"));
    let get = || GetClocksRequest { case_id: case(1).to_string() };
    let request = running.by(Role::Leader, TOWN, get());
    let clocks = running.client.get_clocks(request).await.unwrap().into_inner().clocks;
    assert!(clocks[1].allowed_actions.contains(&i32::from(Action::PauseClock)));
    assert!(!clocks[0].allowed_actions.contains(&i32::from(Action::PauseClock)), "it is the holder's");
    let pause = || PauseClockRequest {
        request_id: Uuid::from_u128(100).to_string(),
        case_id: case(1).to_string(),
        cause: "appraisal".into(),
        reason: "等待鉴定结论。".into(),
    };
    let request = running.by(Role::Leader, TOWN, pause());
    let paused = running.clocks.pause_clock(request).await.unwrap().into_inner().clock.unwrap();
    assert_eq!((paused.paused, paused.paused_by.as_str(), paused.term), (true, "appraisal", 1));
    assert_eq!(paused.allowed_actions, [i32::from(Action::ResumeClock)]);
    let request = running.by(Role::Leader, TOWN, pause());
    let again = running.clocks.pause_clock(request).await.unwrap().into_inner().clock.unwrap();
    assert_eq!(again, paused, "sent again, it is answered alike");

    // Past the end that it had: nothing fires.
    running.clock.set(at("2026-03-18 09:00"));
    running.accepted(CENTRE, 2).await;
    let resume =
        ResumeClockRequest { request_id: Uuid::from_u128(101).to_string(), case_id: case(1).to_string() };
    let request = running.by(Role::Handler, TOWN, resume);
    let resumed = running.clocks.resume_clock(request).await.unwrap().into_inner().clock.unwrap();
    assert_eq!((resumed.paused, resumed.paused_workdays, resumed.rungs_fired), (false, 10, 0));
    assert_eq!(from_wire(resumed.due_at.as_ref()), at("2026-03-31 00:00"));
    let explain = ExplainDeadlineRequest { case_id: case(1).to_string(), term: 0 };
    let request = running.by(Role::Handler, TOWN, explain);
    let days = running.client.explain_deadline(request).await.unwrap().into_inner().days;
    let stood = days.iter().filter(|day| day.reason.as_ref().unwrap().zh.contains("中止"));
    assert_eq!(stood.count(), 10);
    assert_eq!(days.last().map(|day| (day.date.as_str(), day.counted)), Some(("2026-03-30", 10)));
    for organ in rebuild::organs(running.supervision.writer()).await.unwrap() {
        for table in rebuild::rebuild(running.supervision.writer(), &organ, Mode::Check).await.unwrap() {
            assert!(table.same, "{table:?}");
        }
    }
    running.stop().await;
}
