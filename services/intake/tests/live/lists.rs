use access::Role;
use duban_proto::common::v1::{CaseState, Organ};
use duban_proto::intake::v1::{CaseFilter, CountCasesRequest, GetCaseRequest, ListCasesRequest, Respondent};
use jiff::SignedDuration;

use crate::complaint::{about_a_clerk, submission};
use crate::harness::{CENTRE, Running, TOWN, article, fields, organs, reason, start};

async fn numbers(running: &mut Running, role: Role, organ: &str, list: ListCasesRequest) -> Vec<String> {
    let request = running.by(role, organ, list);
    let cases = running.client.list_cases(request).await.unwrap().into_inner().cases;
    cases.into_iter().map(|case| case.number).collect()
}

async fn three_at_the_centre_one_at_the_town(running: &mut Running) -> String {
    let request = running.by(Role::Desk, TOWN, submission(9, about_a_clerk()));
    let town = running.client.submit_complaint(request).await.unwrap().into_inner();
    for number in 1..=3 {
        running.clock.advance(SignedDuration::from_mins(1));
        running.registered(number, about_a_clerk()).await;
    }
    town.case_id
}

#[tokio::test]
async fn cases_come_in_pages_the_newest_first() {
    let mut running = start().await;
    three_at_the_centre_one_at_the_town(&mut running).await;
    let (mut listed, mut page_token) = (Vec::new(), String::new());
    loop {
        let list = ListCasesRequest { page_size: 1, page_token, ..ListCasesRequest::default() };
        let request = running.by(Role::Supervisor, CENTRE, list);
        let page = running.client.list_cases(request).await.unwrap().into_inner();
        listed.extend(page.cases.into_iter().map(|case| case.number));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let expected = ["宝效投〔2026〕3号", "宝效投〔2026〕2号", "宝效投〔2026〕1号", "罗效投〔2026〕1号"];
    assert_eq!(listed, expected);
    running.stop().await;
}

#[tokio::test]
async fn a_list_shows_what_the_caller_may_see_and_nothing_else() {
    let mut running = start().await;
    let of_town = three_at_the_centre_one_at_the_town(&mut running).await;
    let all = ListCasesRequest::default;
    assert_eq!(numbers(&mut running, Role::Desk, TOWN, all()).await, ["罗效投〔2026〕1号"]);
    assert_eq!(numbers(&mut running, Role::Desk, CENTRE, all()).await.len(), 3);
    let accepted = ListCasesRequest { states: vec![CaseState::Accepted.into()], ..all() };
    assert!(numbers(&mut running, Role::Desk, CENTRE, accepted).await.is_empty());
    let town = ListCasesRequest { organ: TOWN.into(), ..all() };
    assert_eq!(numbers(&mut running, Role::Supervisor, CENTRE, town.clone()).await.len(), 1);

    let request = running.by(Role::Desk, CENTRE, town);
    assert_eq!(reason(&running.client.list_cases(request).await.unwrap_err()), "ORGAN_OUT_OF_SCOPE");
    let request = running.by(Role::Desk, CENTRE, GetCaseRequest { case_id: of_town.clone() });
    assert_eq!(reason(&running.client.get_case(request).await.unwrap_err()), "CASE_NOT_FOUND");
    let request = running.by(Role::Auditor, CENTRE, GetCaseRequest { case_id: of_town });
    let seen = running.client.get_case(request).await.unwrap().into_inner().case.unwrap();
    assert!(seen.allowed_actions.is_empty(), "it is the town's to act");
    running.stop().await;
}

#[tokio::test]
async fn a_page_token_goes_with_its_list() {
    let mut running = start().await;
    three_at_the_centre_one_at_the_town(&mut running).await;
    let list = ListCasesRequest { page_size: 1, ..ListCasesRequest::default() };
    let request = running.by(Role::Desk, CENTRE, list);
    let page_token = running.client.list_cases(request).await.unwrap().into_inner().next_page_token;
    let other = ListCasesRequest {
        states: vec![CaseState::Registered.into()],
        page_token,
        ..ListCasesRequest::default()
    };
    let request = running.by(Role::Desk, CENTRE, other);
    assert_eq!(reason(&running.client.list_cases(request).await.unwrap_err()), "PAGE_TOKEN_INVALID");
    let request =
        running.by(Role::Desk, CENTRE, ListCasesRequest { states: vec![0, 99], ..Default::default() });
    assert_eq!(fields(&running.client.list_cases(request).await.unwrap_err()), ["states[0]", "states[1]"]);
    running.stop().await;
}

#[tokio::test]
async fn art_15_who_took_a_closed_organs_place_lists_counts_and_finds_nothing_there_about_itself() {
    let mut running = start().await;
    three_at_the_centre_one_at_the_town(&mut running).await;
    let mut about_the_centre = about_a_clerk();
    about_the_centre.respondents = vec![Respondent { organ: CENTRE.into(), ..Respondent::default() }];
    let request = running.by(Role::Desk, TOWN, submission(10, about_the_centre));
    let hidden = running.client.submit_complaint(request).await.unwrap().into_inner();
    let [_, town, _] = organs();
    let town_desk = numbers(&mut running, Role::Desk, TOWN, ListCasesRequest::default()).await;
    assert_eq!(town_desk.len(), 2, "the door itself sees both");
    running.has_organ(Organ { successor: CENTRE.into(), ..town }).await;
    let lists = [
        ListCasesRequest::default(),
        ListCasesRequest { states: vec![CaseState::Registered.into()], ..ListCasesRequest::default() },
        ListCasesRequest { organ: TOWN.into(), ..ListCasesRequest::default() },
        ListCasesRequest { page_size: 1, ..ListCasesRequest::default() },
        with(CaseFilter { respondent: CENTRE.into(), ..CaseFilter::default() }),
        with(CaseFilter { number: "罗效投".into(), ..CaseFilter::default() }),
        with(CaseFilter { channels: vec!["online".into()], ..CaseFilter::default() }),
    ];
    for list in lists {
        for role in [Role::Desk, Role::Supervisor] {
            let ListCasesRequest { states, organ, filter, .. } = list.clone();
            let seen = every(&mut running, role, list.clone()).await;
            assert!(!seen.contains(&hidden.case_id), "{role:?} {list:?}");
            let request = running.by(role, CENTRE, CountCasesRequest { states, organ, filter });
            let counted = running.client.count_cases(request).await.unwrap().into_inner();
            assert_eq!(counted.count as usize, seen.len(), "{role:?} {list:?}");
        }
    }
    let others = every(&mut running, Role::Desk, ListCasesRequest::default()).await;
    assert_eq!(others.len(), 4, "the town's other case is there");
    running.stop().await;
}

fn with(filter: CaseFilter) -> ListCasesRequest {
    ListCasesRequest { filter: Some(filter), ..ListCasesRequest::default() }
}

/// The ids of all pages, at the centre.
async fn every(running: &mut Running, role: Role, list: ListCasesRequest) -> Vec<String> {
    let (mut ids, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = running.by(role, CENTRE, ListCasesRequest { page_token, ..list.clone() });
        let page = running.client.list_cases(request).await.unwrap().into_inner();
        ids.extend(page.cases.into_iter().map(|case| case.case_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return ids;
        }
    }
}

#[tokio::test]
async fn art_4_the_cases_of_an_organ_that_has_a_successor_stay_where_they_are() {
    let mut running = start().await;
    let case_id = three_at_the_centre_one_at_the_town(&mut running).await;
    let [_, town, _] = organs();
    running.has_organ(Organ { successor: CENTRE.into(), ..town }).await;
    let request = running.by(Role::Supervisor, CENTRE, GetCaseRequest { case_id });
    let seen = running.client.get_case(request).await.unwrap().into_inner().case.unwrap();
    assert_eq!(seen.organ, TOWN);
    let request = running.by(Role::Desk, TOWN, submission(20, about_a_clerk()));
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!((reason(&status), article(&status)), ("REGULATION_FORBIDS".into(), "4".into()));
    running.stop().await;
}
