//! Lists and looks: page by page, and only what the caller may see.

use access::Role;
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::{
    GetCaseworkRequest, GetRoutedCaseRequest, ListRoutedCasesRequest, PreviewRouteRequest,
    TakeOverCaseRequest, preview_route_request::Subject,
};
use jiff::SignedDuration;
use tonic::Code;
use uuid::Uuid;

use crate::harness::{CENTRE, OTHER, Running, TOWN, a_clerk, case, id, reason, start};

impl Running {
    async fn listed(&mut self, role: Role, organ: &str, mut request: ListRoutedCasesRequest) -> Vec<u128> {
        let mut found = Vec::new();
        loop {
            let page = self.by(role, organ, request.clone());
            let page = self.routing.list_routed_cases(page).await.unwrap().into_inner();
            let number = |id: &str| Uuid::try_parse(id).unwrap().as_u128();
            found.extend(page.cases.iter().map(|case| number(&case.case_id)));
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return found;
            }
        }
    }
}

#[tokio::test]
async fn cases_are_listed_newest_first_to_those_who_may_see_them() {
    let mut running = start().await;
    for number in 1..=5 {
        let organ = if number % 2 == 0 { TOWN } else { CENTRE };
        running.accepts(organ, number, a_clerk(), false).await;
        running.until(organ, number, |_| true).await;
        running.clock.advance(SignedDuration::from_mins(1));
    }
    let pages = ListRoutedCasesRequest { page_size: 2, ..ListRoutedCasesRequest::default() };
    assert_eq!(running.listed(Role::Desk, CENTRE, pages.clone()).await, [5, 3, 1]);
    assert_eq!(running.listed(Role::Desk, TOWN, pages.clone()).await, [4, 2]);
    assert_eq!(running.listed(Role::Desk, OTHER, pages.clone()).await, [0; 0]);
    assert_eq!(running.listed(Role::Supervisor, CENTRE, pages.clone()).await, [5, 4, 3, 2, 1]);
    let below = ListRoutedCasesRequest { organ: TOWN.into(), ..pages.clone() };
    assert_eq!(running.listed(Role::Supervisor, CENTRE, below.clone()).await, [4, 2]);
    let states = vec![CaseState::InHandling.into()];
    assert_eq!(running.listed(Role::Desk, CENTRE, ListRoutedCasesRequest { states, ..pages }).await, [0; 0]);
    let request = running.by(Role::Desk, CENTRE, below);
    let refused = running.routing.list_routed_cases(request).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "ORGAN_OUT_OF_SCOPE".into()));
    let foreign = ListRoutedCasesRequest { page_token: "abc".into(), ..ListRoutedCasesRequest::default() };
    let request = running.by(Role::Desk, CENTRE, foreign);
    let refused = running.routing.list_routed_cases(request).await.unwrap_err();
    assert_eq!(reason(&refused), "PAGE_TOKEN_INVALID");
    running.stop().await;
}

#[tokio::test]
async fn art_20_a_case_that_was_taken_over_is_listed_once_and_by_its_door_as_before() {
    let mut running = start().await;
    running.accepted(TOWN, 1, a_clerk()).await;
    running.until(TOWN, 1, |case| case.working_copy_ready).await;
    let take_over = TakeOverCaseRequest {
        request_id: id(100),
        case_id: case(1).to_string(),
        reason: "影响重大。".into(),
        ..TakeOverCaseRequest::default()
    };
    let request = running.by(Role::Leader, CENTRE, take_over.clone());
    let asked = running.transfers.take_over_case(request).await.unwrap().into_inner();
    assert_eq!(asked.home, TOWN, "found by its ledger");
    let taken = running.until(CENTRE, 1, |case| case.current_term == 1).await;
    assert_eq!((taken.home.as_str(), taken.terms[0].organ.as_str()), (CENTRE, CENTRE));
    running.until(TOWN, 1, |case| case.home == CENTRE).await;
    let all = ListRoutedCasesRequest::default();
    assert_eq!(running.listed(Role::Supervisor, CENTRE, all.clone()).await, [1]);
    assert_eq!(running.listed(Role::Desk, TOWN, all.clone()).await, [1], "the door goes on seeing it");
    let both = ListRoutedCasesRequest { also_moved: true, page_size: 1, ..all.clone() };
    assert_eq!(running.listed(Role::Supervisor, CENTRE, both).await, [1, 1]);
    // A version before this one left rows without it: they are worked out as the program runs.
    let pool = running.service.writer().pool().clone();
    sqlx::query("update routed_case set moved_to = null").execute(&pool).await.unwrap();
    sqlx::query("delete from case_home").execute(&pool).await.unwrap();
    let left = async || {
        let left = "select count(*) from routed_case where moved_to is null";
        sqlx::query_scalar::<_, i64>(left).fetch_one(&pool).await.unwrap()
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), async {
        while left().await > 0 {
            running.clock.advance(SignedDuration::from_secs(1));
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it is worked out");
    assert_eq!(running.listed(Role::Supervisor, CENTRE, all).await, [1]);
    let homes: Vec<(String, String)> =
        sqlx::query_as("select organ, holder from case_home").fetch_all(&pool).await.unwrap();
    assert_eq!(homes, [(CENTRE.to_owned(), CENTRE.to_owned())]);

    let request = running.by(Role::Leader, CENTRE, TakeOverCaseRequest { request_id: id(101), ..take_over });
    let own = running.transfers.take_over_case(request).await.unwrap_err();
    assert_eq!(reason(&own), "STATE_NOT_ALLOWED", "it is here");
    running.stop().await;
}

#[tokio::test]
async fn a_case_one_may_not_see_is_not_there() {
    let mut running = start().await;
    running.accepts(CENTRE, 1, a_clerk(), false).await;
    running.until(CENTRE, 1, |_| true).await;
    let look = GetRoutedCaseRequest { case_id: case(1).to_string(), organ: String::new() };
    let hidden = running.routing.get_routed_case(running.by(Role::Desk, OTHER, look)).await.unwrap_err();
    let absent = GetRoutedCaseRequest { case_id: case(9).to_string(), organ: String::new() };
    let absent = running.routing.get_routed_case(running.by(Role::Desk, OTHER, absent)).await.unwrap_err();
    assert_eq!((hidden.code(), reason(&hidden)), (absent.code(), reason(&absent)));
    assert_eq!(reason(&hidden), "CASE_NOT_FOUND");
    let casework = GetCaseworkRequest { case_id: case(1).to_string(), term: 0 };
    let hidden = running.casework.get_casework(running.by(Role::Leader, OTHER, casework)).await.unwrap_err();
    assert_eq!(reason(&hidden), "CASE_NOT_FOUND");
    let subject = Some(Subject::CaseId(case(1).to_string()));
    let preview = PreviewRouteRequest { organ: String::new(), subject };
    let hidden = running.routing.preview_route(running.by(Role::Leader, OTHER, preview)).await.unwrap_err();
    assert_eq!(reason(&hidden), "CASE_NOT_FOUND");
    running.stop().await;
}

#[tokio::test]
async fn a_preview_tells_the_route_of_a_case_and_writes_nothing() {
    let mut running = start().await;
    running.accepts(CENTRE, 1, a_clerk(), false).await;
    let before = running.until(CENTRE, 1, |_| true).await;
    let subject = Some(Subject::CaseId(case(1).to_string()));
    let preview = PreviewRouteRequest { organ: String::new(), subject };
    let request = running.by(Role::Handler, CENTRE, preview);
    let route = running.routing.preview_route(request).await.unwrap().into_inner().route.unwrap();
    assert_eq!((route.organ.as_str(), route.citation.unwrap().article.as_str()), (TOWN, "14(2)"));
    let look = GetRoutedCaseRequest { case_id: case(1).to_string(), organ: String::new() };
    let after = running.routing.get_routed_case(running.by(Role::Desk, CENTRE, look)).await.unwrap();
    assert_eq!(after.into_inner().case.unwrap(), before);
    running.stop().await;
}
