use access::Role;
use duban_proto::supervision::v1::{FiredRung, Instrument, ListFiredRungsRequest};

use crate::harness::{CENTRE, OTHER, TOWN, at, case, reason, start};

fn names(rungs: &[FiredRung]) -> Vec<&str> {
    rungs.iter().rev().map(|fired| fired.rung.as_ref().unwrap().rung.as_str()).collect()
}

#[tokio::test]
async fn rungs_fire_when_the_clock_is_turned_each_once() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.clock.set(at("2026-03-13 00:00"));
    assert_eq!(names(&running.fired(CENTRE, 1).await), ["due_soon"]);
    running.clock.set(at("2026-03-17 00:00"));
    let rungs = running.fired(CENTRE, 3).await;
    assert_eq!(names(&rungs), ["due_soon", "due", "overdue"]);
    let due = rungs[1].rung.as_ref().unwrap();
    assert!(due.late, "the clock went past it");
    assert!(!rungs[0].rung.as_ref().unwrap().late);
    running.stop().await;
}

#[tokio::test]
async fn a_clock_that_starts_with_rungs_behind_it_fires_them_without_a_turn_of_the_clock() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.clock.set(at("2026-03-20 09:00"));
    running.fired(CENTRE, 5).await;
    // As after a stop of the followers: the case was accepted long ago, and nobody turns the clock any more.
    let facts = duban_proto::common::v1::CaseFacts {
        number: "2".into(),
        accepted_at: Some(supervision::domain::time::to_wire(at("2026-03-02 10:00"))),
        ..Default::default()
    };
    let start_clock = supervision::domain::StartClock {
        key: supervision::domain::ClockKey::case(case(2)),
        start: at("2026-03-02 10:00"),
        home: TOWN.into(),
        responsible_organ: TOWN.into(),
        facts,
        reopened: false,
    };
    running.has(TOWN, supervision::domain::Command::StartClock(Box::new(start_clock))).await;
    let rungs = running.fired(TOWN, 5).await;
    assert_eq!(names(&rungs), ["due_soon", "due", "overdue", "reminder", "supervision_notice"]);
    running.stop().await;
}

#[tokio::test]
async fn art_20_instruments_are_listed_with_their_numbers_to_those_who_may_see_them() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.accepted(TOWN, 2).await;
    running.clock.set(at("2026-03-20 00:00"));
    running.fired(CENTRE, 10).await;

    let list = ListFiredRungsRequest { instruments_only: true, ..ListFiredRungsRequest::default() };
    let request = running.by(Role::Leader, TOWN, list.clone());
    let rungs = running.client.list_fired_rungs(request).await.unwrap().into_inner().rungs;
    assert_eq!(names(&rungs), ["reminder", "supervision_notice"]);
    let notice = rungs[0].rung.as_ref().unwrap();
    assert_eq!(notice.instrument(), Instrument::SupervisionNotice);
    assert_eq!(notice.instrument_number, "宝罗效督〔2026〕1号");

    let mut page_token = String::new();
    let mut listed = Vec::new();
    loop {
        let list = ListFiredRungsRequest { page_size: 3, page_token, ..ListFiredRungsRequest::default() };
        let request = running.by(Role::Supervisor, CENTRE, list);
        let page = running.client.list_fired_rungs(request).await.unwrap().into_inner();
        listed.extend(page.rungs.into_iter().map(|fired| (fired.organ, fired.rung.unwrap().index)));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(listed.len(), 10);
    listed.sort();
    listed.dedup();
    assert_eq!(listed.len(), 10, "no row comes twice");

    let of_case = ListFiredRungsRequest { case_id: case(1).to_string(), ..list };
    let request = running.by(Role::Supervisor, CENTRE, of_case.clone());
    let rungs = running.client.list_fired_rungs(request).await.unwrap().into_inner().rungs;
    assert_eq!(names(&rungs), ["reminder", "supervision_notice"]);
    let request = running.by(Role::Desk, OTHER, of_case);
    let status = running.client.list_fired_rungs(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    running.stop().await;
}
