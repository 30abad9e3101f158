//! Notices and accountability where followers, the tick and the tables matter (20, 21).

use std::time::Duration;

use access::Role;
use duban_proto::common::v1::{CaseFacts, Weight};
use duban_proto::intake::v1::{CaseLinked, LinkKind, event::Kind as Told};
use duban_proto::routing::v1::{ContentErased, FactsCorrected, event::Kind};
use duban_proto::supervision::v1::notice_service_client::NoticeServiceClient;
use duban_proto::supervision::v1::{GetNoticeRequest, Instrument, IssueNoticeRequest, Notice};
use supervision::domain::time::to_wire;
use tonic::transport::Channel;
use uuid::Uuid;

use crate::harness::{CENTRE, Running, TOWN, case, start_following};

/// Waits until this query of the service's tables counts something.
async fn until(running: &Running, count: &'static str) {
    let pool = running.db.pool("supervision").await.unwrap();
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let counted: i64 = sqlx::query_scalar(count).fetch_one(&pool).await.unwrap();
        if counted > 0 {
            return;
        }
        let moved = tokio::time::timeout(Duration::from_secs(20), heads.changed()).await;
        moved.unwrap_or_else(|_| panic!("it never comes: {count}")).unwrap();
    }
}

/// The centre's case 1, overdue already, has adverse impact and came again as case 5: there is a file.
pub(crate) async fn accountable(running: &Running) {
    let facts = CaseFacts { weights: vec![Weight::AdverseImpact.into()], ..CaseFacts::default() };
    let corrected = FactsCorrected { facts: Some(facts) };
    running.routing().says(CENTRE, Some(case(1)), Kind::FactsCorrected(corrected)).await;
    let linked = CaseLinked {
        other_organ: CENTRE.into(),
        other_case_id: case(1).to_string(),
        kind: LinkKind::Repeated.into(),
        ..CaseLinked::default()
    };
    running.intake().says(CENTRE, Some(case(5)), Told::CaseLinked(linked)).await;
    until(running, "select count(*) from accountability_file where is_listed").await;
}

async fn client(running: &Running) -> NoticeServiceClient<Channel> {
    let channel = Channel::from_shared(running.url()).unwrap();
    NoticeServiceClient::new(channel.connect().await.unwrap())
}

async fn issued(running: &Running) -> Notice {
    let issue = IssueNoticeRequest {
        request_id: Uuid::from_u128(900).to_string(),
        case_id: case(2).to_string(),
        organ: TOWN.into(),
        instrument: Instrument::SupervisionNotice.into(),
        text: "请说明进展。".into(),
        answer_within: String::new(),
    };
    let request = running.by(Role::Supervisor, CENTRE, issue);
    client(running).await.issue_notice(request).await.unwrap().into_inner().notice.unwrap()
}

#[tokio::test]
async fn art_16_an_organ_that_routing_tells_nothing_of_an_erasure_hears_of_it_from_the_one_it_wrote_to() {
    let running = start_following().await;
    running.accepted(TOWN, 2).await;
    let notice = issued(&running).await;
    assert_eq!(notice.text, "请说明进展。");
    until(&running, "select count(*) from notice where organ = 'baoshan.luodian'").await;
    let erased_at = Some(to_wire(ledger::Clock::now(&*running.clock)));
    let erased = ContentErased { erased_at, article: "16".into() };
    running.routing().says(TOWN, Some(case(2)), Kind::ContentErased(erased)).await;
    until(&running, "select count(*) from erasure where organ = 'baoshan'").await;
    let get = GetNoticeRequest { case_id: notice.case_id, notice_id: notice.notice_id };
    let request = running.by(Role::Supervisor, CENTRE, get);
    let told = client(&running).await.get_notice(request).await.unwrap().into_inner().notice.unwrap();
    assert_eq!(told.text, "", "the words are gone, the notice stays");
    running.stop().await;
}
