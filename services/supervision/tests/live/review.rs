//! Results as routing's ledgers tell them, told upward, listed and paged (5(2), 20).

use std::time::Duration;

use access::Role;
use duban_proto::common::v1::{Finding, Rank, RespondentFacts, RespondentKind};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{CaseConcluded, CaseReopened, DispositionApproved};
use duban_proto::supervision::v1::{
    AppealState, ListAppealsRequest, ListReviewsRequest, RegisterAppealRequest, Review, ReviewList,
    ReviewState, TakeUpReviewRequest,
};
use supervision::domain::time::to_wire;

use crate::harness::{CENTRE, Running, TOWN, at, case, reason, start_following};

/// About somebody of division level: a rule of the regulation.
fn concluded(home: &str, organ: &str) -> Kind {
    let head = RespondentFacts {
        organ: "baoshan.dachang".into(),
        kind: RespondentKind::Person.into(),
        rank: Rank::Division.into(),
        head: true,
    };
    Kind::CaseConcluded(CaseConcluded {
        term: 1,
        organ: organ.into(),
        finding: Finding::Founded.into(),
        approved_at: Some(to_wire(at("2026-03-02 09:00"))),
        home: home.into(),
        respondents: vec![head],
        ..CaseConcluded::default()
    })
}

async fn list(running: &mut Running, request: ListReviewsRequest) -> (Vec<Review>, String) {
    let request = running.by(Role::Supervisor, CENTRE, request);
    let answer = running.reviews.list_reviews(request).await.unwrap().into_inner();
    (answer.reviews, answer.next_page_token)
}

/// The reviews on a list that the centre's supervision sees, once they are so many.
async fn until(running: &mut Running, which: ReviewList, count: usize) -> Vec<Review> {
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let request = ListReviewsRequest { list: which.into(), ..ListReviewsRequest::default() };
        let (reviews, _) = list(running, request).await;
        if reviews.len() == count {
            return reviews;
        }
        let moved = tokio::time::timeout(Duration::from_secs(20), heads.changed()).await;
        moved.unwrap_or_else(|_| panic!("it never comes so: {reviews:?}")).unwrap();
    }
}

/// A case of the centre's was concluded, and its respondent appeals.
pub(crate) async fn appealed(running: &mut Running, number: u128) {
    running.routing().says(CENTRE, Some(case(number)), concluded(CENTRE, TOWN)).await;
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let request = RegisterAppealRequest {
            request_id: case(1000 + number).to_string(),
            case_id: case(number).to_string(),
            respondent: 0,
            told_on: "2026-03-02".into(),
            filed_on: "2026-03-02".into(),
            words: "事实不清。".into(),
            late_reason: String::new(),
        };
        let request = running.by(Role::Desk, CENTRE, request);
        match running.appeals.register_appeal(request).await {
            Ok(_) => return,
            // The result is not known yet.
            Err(status) => assert_eq!(reason(&status), "CASE_NOT_FOUND", "{status:?}"),
        }
        tokio::time::timeout(Duration::from_secs(20), heads.changed()).await.expect("no result").unwrap();
    }
}

#[tokio::test]
async fn art_20_results_wait_the_oldest_first_page_by_page() {
    let mut running = start_following().await;
    for number in 1..=3 {
        running.routing().says(CENTRE, Some(case(number)), concluded(CENTRE, TOWN)).await;
        until(&mut running, ReviewList::Unspecified, usize::try_from(number).unwrap()).await;
        running.clock.set(at(&format!("2026-03-0{} 10:00", number + 2)));
    }
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListReviewsRequest { page_size: 1, page_token, ..ListReviewsRequest::default() };
        let (reviews, next) = list(&mut running, request).await;
        seen.extend(reviews.into_iter().map(|review| review.case_id));
        page_token = next;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [1, 2, 3].map(|number| case(number).to_string()));
    running.stop().await;
}

#[tokio::test]
async fn art_20_a_sub_centre_tells_the_centre_its_own_result_and_that_it_was_overturned() {
    let mut running = start_following().await;
    let id = Some(case(1));
    let approved = DispositionApproved {
        term: 1,
        took_part: vec!["wu.min".into()],
        home: TOWN.into(),
        ..DispositionApproved::default()
    };
    running.routing().says(TOWN, id, Kind::DispositionApproved(approved)).await;
    running.routing().says(TOWN, id, concluded(TOWN, TOWN)).await;
    let waiting = until(&mut running, ReviewList::Unspecified, 1).await;
    assert_eq!((waiting[0].organ.as_str(), waiting[0].state()), (CENTRE, ReviewState::Waiting));
    assert!(until(&mut running, ReviewList::NotListed, 1).await[0].organ == TOWN, "and not at the town");

    let take_up = |person: &str, id: u128, running: &Running| {
        let request = TakeUpReviewRequest {
            request_id: case(id).to_string(),
            case_id: case(1).to_string(),
            organ: String::new(),
        };
        running.as_person(person, Role::Leader, CENTRE, request)
    };
    let request = take_up("li.na", 2001, &running);
    running.reviews.take_up_review(request).await.unwrap();
    let reopened = CaseReopened { term: 1, reopening: 1, home: TOWN.into(), ..CaseReopened::default() };
    running.routing().says(TOWN, id, Kind::CaseReopened(reopened)).await;
    let over = until(&mut running, ReviewList::Decided, 1).await;
    assert_eq!((over[0].organ.as_str(), over[0].state()), (CENTRE, ReviewState::Overturned));
    let request = take_up("wang.fang", 2002, &running);
    let refused = running.reviews.take_up_review(request).await.unwrap_err();
    assert_eq!(reason(&refused), "REVIEW_NOT_ALLOWED");
    running.stop().await;
}

#[tokio::test]
async fn art_5_2_appeals_wait_by_the_day_they_have_to_be_decided_and_come_to_the_authority() {
    let mut running = start_following().await;
    for number in [1, 2] {
        appealed(&mut running, number).await;
        running.clock.set(at("2026-03-05 10:00"));
    }
    let (mut seen, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListAppealsRequest { page_size: 1, page_token, ..ListAppealsRequest::default() };
        let request = running.by(Role::Supervisor, CENTRE, request);
        let answer = running.appeals.list_appeals(request).await.unwrap().into_inner();
        assert!(answer.appeals.iter().all(|appeal| appeal.state() == AppealState::Open));
        seen.extend(answer.appeals.into_iter().map(|appeal| appeal.case_id));
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen, [1, 2].map(|number| case(number).to_string()));
    running.stop().await;
}
