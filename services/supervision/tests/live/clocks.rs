use access::Role;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{
    Clock, ExplainDeadlineRequest, GetClocksRequest, ListDueClocksRequest, StopReason,
};
use supervision::domain::ClockKey;
use supervision::domain::time::from_wire;

use crate::harness::{CENTRE, OTHER, TOWN, at, case, reason, start};

fn numbers(clocks: &[Clock]) -> Vec<u128> {
    clocks.iter().map(|clock| clock.case_id.parse::<uuid::Uuid>().unwrap().as_u128()).collect()
}

#[tokio::test]
async fn a_case_shows_its_clocks_to_those_who_may_see_them_and_to_nobody_else() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.starts(TOWN, ClockKey::term(case(1), 1), CENTRE).await;
    let get = GetClocksRequest { case_id: case(1).to_string() };

    let all = running.by(Role::Supervisor, CENTRE, get.clone());
    let clocks = running.client.get_clocks(all).await.unwrap().into_inner().clocks;
    assert_eq!(clocks.iter().map(|clock| clock.term).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(from_wire(clocks[0].due_at.as_ref()), at("2026-03-17 00:00"));
    assert_eq!(from_wire(clocks[0].next_rung_at.as_ref()), at("2026-03-13 00:00"));

    let own = running.by(Role::Handler, TOWN, get.clone());
    let clocks = running.client.get_clocks(own).await.unwrap().into_inner().clocks;
    assert_eq!(clocks.len(), 1, "the home's clock is not the town's to see");
    assert_eq!(clocks[0].allowed_actions, [i32::from(Action::RequestExtension)]);

    let other = running.by(Role::Handler, OTHER, get);
    let status = running.client.get_clocks(other).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    running.stop().await;
}

#[tokio::test]
async fn what_is_due_comes_in_pages_the_one_that_ends_first_at_the_top() {
    let mut running = start().await;
    for (day, number) in [("2026-03-02 10:00", 1), ("2026-03-03 10:00", 2), ("2026-03-04 10:00", 3)] {
        running.clock.set(at(day));
        running.accepted(if number == 2 { TOWN } else { CENTRE }, number).await;
    }
    running.accepted(CENTRE, 4).await;
    running.concluded(CENTRE, 4).await;

    let mut page_token = String::new();
    let mut listed = Vec::new();
    loop {
        let list = ListDueClocksRequest { page_size: 1, page_token, ..ListDueClocksRequest::default() };
        let request = running.by(Role::Supervisor, CENTRE, list);
        let page = running.client.list_due_clocks(request).await.unwrap().into_inner();
        listed.extend(numbers(&page.clocks));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(listed, [1, 2, 3]);

    let before = Some(supervision::domain::time::to_wire(at("2026-03-17 00:01")));
    let list = ListDueClocksRequest { before, ..ListDueClocksRequest::default() };
    let request = running.by(Role::Supervisor, CENTRE, list);
    let page = running.client.list_due_clocks(request).await.unwrap().into_inner();
    assert_eq!(numbers(&page.clocks), [1]);

    let list = ListDueClocksRequest { organ: CENTRE.into(), ..ListDueClocksRequest::default() };
    let request = running.by(Role::Desk, TOWN, list);
    let status = running.client.list_due_clocks(request).await.unwrap_err();
    assert_eq!(reason(&status), "ORGAN_OUT_OF_SCOPE");
    let list = ListDueClocksRequest { page_token: "x".into(), ..ListDueClocksRequest::default() };
    let request = running.by(Role::Desk, TOWN, list);
    let status = running.client.list_due_clocks(request).await.unwrap_err();
    assert_eq!(reason(&status), "PAGE_TOKEN_INVALID");
    running.stop().await;
}

#[tokio::test]
async fn art_17_every_day_of_a_deadline_is_explained() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    let explain = ExplainDeadlineRequest { case_id: case(1).to_string(), term: 0 };
    let request = running.by(Role::Desk, CENTRE, explain.clone());
    let days = running.client.explain_deadline(request).await.unwrap().into_inner().days;
    assert_eq!(days.len(), 15, "2 to 16 March");
    assert_eq!((days[0].date.as_str(), days[0].counted), ("2026-03-02", 0));
    assert_eq!((days[14].date.as_str(), days[14].counted), ("2026-03-16", 10));
    let saturday = &days[5];
    assert_eq!((saturday.date.as_str(), saturday.counted), ("2026-03-07", 0));
    assert!(saturday.reason.as_ref().unwrap().zh.contains("周末"));

    let request = running.by(Role::Desk, CENTRE, ExplainDeadlineRequest { term: 2, ..explain });
    let status = running.client.explain_deadline(request).await.unwrap_err();
    assert_eq!(reason(&status), "NOTHING_TO_ACT_ON");
    running.stop().await;
}

#[tokio::test]
async fn a_stopped_clock_says_why_and_what_is_malformed_is_told_by_its_field() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.concluded(CENTRE, 1).await;
    let request = running.by(Role::Desk, CENTRE, GetClocksRequest { case_id: case(1).to_string() });
    let clocks = running.client.get_clocks(request).await.unwrap().into_inner().clocks;
    assert_eq!(clocks[0].stop_reason(), StopReason::Concluded);
    assert!(clocks[0].on_time && clocks[0].allowed_actions.is_empty());

    let request = running.by(Role::Desk, CENTRE, GetClocksRequest { case_id: "1".into() });
    let status = running.client.get_clocks(request).await.unwrap_err();
    assert_eq!(reason(&status), "FIELD_VIOLATIONS");
    running.stop().await;
}
