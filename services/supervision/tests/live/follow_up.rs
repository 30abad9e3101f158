//! Follow-ups, as intake and routing tell (16, house).

use std::time::Duration;

use access::Role;
use duban_proto::common::v1::{Action, CaseFacts};
use duban_proto::intake::v1::{
    CaseErased, CaseReopened, DeliveryOutcome, ReplyDelivered, ReplyOccasion, event::Kind as Told,
};
use duban_proto::routing::v1::{
    DispositionApproved, InvestigatorsAppointed, TermBegun, TermReceived, event::Kind as Routed,
};
use duban_proto::supervision::v1::follow_up_service_client::FollowUpServiceClient;
use duban_proto::supervision::v1::{
    FollowUp, FollowUpState, GetFollowUpRequest, ListFollowUpsRequest, RecordFollowUpRequest,
};
use ledger::Clock as _;
use supervision::domain::time::to_wire;
use tonic::transport::Channel;

use crate::harness::{CENTRE, Running, TOWN, case, reason, start_following};

fn client(running: &Running) -> FollowUpServiceClient<Channel> {
    FollowUpServiceClient::new(running.channel.clone())
}

fn reply(id: u128, occasion: ReplyOccasion, outcome: DeliveryOutcome) -> Told {
    Told::ReplyDelivered(ReplyDelivered {
        reply_id: case(id).to_string(),
        occasion: occasion.into(),
        outcome: outcome.into(),
        ..ReplyDelivered::default()
    })
}

/// The follow-ups that the centre's supervision sees, once they are so.
async fn until(running: &Running, so: impl Fn(&[FollowUp]) -> bool) -> Vec<FollowUp> {
    let mut heads = running.supervision.writer().heads().subscribe();
    loop {
        heads.mark_unchanged();
        let request = running.by(Role::Supervisor, CENTRE, ListFollowUpsRequest::default());
        let listed = client(running).list_follow_ups(request).await.unwrap().into_inner().follow_ups;
        if so(&listed) {
            return listed;
        }
        let moved = tokio::time::timeout(Duration::from_secs(20), heads.changed()).await;
        moved.unwrap_or_else(|_| panic!("it never comes so: {listed:?}")).unwrap();
    }
}

fn answer(id: u128, reply: u128) -> RecordFollowUpRequest {
    RecordFollowUpRequest {
        request_id: uuid::Uuid::from_u128(9000 + reply).to_string(),
        case_id: case(id).to_string(),
        follow_up_id: case(reply).to_string(),
        form: "call".into(),
        attitude: "satisfied".into(),
        result: "dissatisfied".into(),
        words: "办得太慢了。".into(),
        look_asked: true,
    }
}

/// What `subject` of the centre's desk may do next with the only follow-up.
async fn actions(running: &Running, subject: &str) -> Vec<i32> {
    let request = running.as_person(subject, Role::Desk, CENTRE, ListFollowUpsRequest::default());
    let listed = client(running).list_follow_ups(request).await.unwrap().into_inner().follow_ups;
    listed[0].allowed_actions.clone()
}

/// Once `subject` may do nothing with it.
async fn until_excluded(running: &Running, subject: &str) {
    let excluded = async {
        while !actions(running, subject).await.is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), excluded).await.expect("it is never told who handled it");
}

/// wu.min handled the centre's case 1, and its complainant was told the result.
pub(crate) async fn due(running: &Running) {
    let investigators = vec!["wu.min".to_owned()];
    let appointed = InvestigatorsAppointed { term: 1, investigators, ..InvestigatorsAppointed::default() };
    running.routing().says(CENTRE, Some(case(1)), Routed::InvestigatorsAppointed(appointed)).await;
    let sent = reply(7, ReplyOccasion::Result, DeliveryOutcome::Sent);
    running.intake().says(CENTRE, Some(case(1)), sent).await;
    until(running, |listed| listed.len() == 1).await;
    until_excluded(running, "wu.min").await;
}

#[tokio::test]
async fn art_16_who_was_told_the_result_is_asked_once_and_who_handled_it_does_not_ask() {
    let running = start_following().await;
    running.accepted(CENTRE, 1).await;
    let id = Some(case(1));
    let facts = CaseFacts {
        registering_organ: CENTRE.into(),
        accepted_at: Some(to_wire(running.clock.now())),
        ..CaseFacts::default()
    };
    let term = TermBegun {
        term: 1,
        organ: TOWN.into(),
        home: CENTRE.into(),
        facts: Some(facts),
        ..TermBegun::default()
    };
    let begun_at = Some(to_wire(running.clock.now()));
    let received = TermReceived { term: Some(term), begun_at };
    running.routing().says(TOWN, id, Routed::TermReceived(received)).await;
    let investigators = vec!["wu.min".to_owned(), "he.jun".to_owned()];
    let appointed = InvestigatorsAppointed { term: 1, investigators, ..InvestigatorsAppointed::default() };
    running.routing().says(TOWN, id, Routed::InvestigatorsAppointed(appointed)).await;
    let approved = DispositionApproved { term: 1, ..DispositionApproved::default() };
    running.routing().says(TOWN, id, Routed::DispositionApproved(approved)).await;

    let intake = running.intake();
    intake.says(CENTRE, id, reply(6, ReplyOccasion::Accepted, DeliveryOutcome::Sent)).await;
    intake.says(CENTRE, id, reply(7, ReplyOccasion::Result, DeliveryOutcome::Failed)).await;
    intake.says(CENTRE, id, reply(7, ReplyOccasion::Result, DeliveryOutcome::Sent)).await;
    intake.says(CENTRE, id, reply(7, ReplyOccasion::Result, DeliveryOutcome::Acknowledged)).await;
    let listed = until(&running, |listed| !listed.is_empty()).await;
    assert_eq!(listed.len(), 1, "{listed:?}");
    assert_eq!((listed[0].organ.as_str(), listed[0].state()), (CENTRE, FollowUpState::Open));
    assert_eq!(listed[0].follow_up_id, case(7).to_string());
    assert!(!listed[0].number.is_empty(), "{listed:?}");

    // wu.min investigated at another organ: its ledger tells the one that registered the case.
    until_excluded(&running, "wu.min").await;
    let excluded = client(&running)
        .record_follow_up(running.as_person("wu.min", Role::Desk, CENTRE, answer(1, 7)))
        .await
        .unwrap_err();
    assert_eq!(reason(&excluded), "PERSON_EXCLUDED");
    let both = [Action::RecordFollowUpAttempt, Action::RecordFollowUp].map(i32::from);
    assert_eq!(actions(&running, "fang.lin").await, both);

    let wrong = RecordFollowUpRequest { attitude: "great".into(), result: "bad".into(), ..answer(1, 7) };
    let request = running.as_person("fang.lin", Role::Desk, CENTRE, wrong);
    assert_eq!(reason(&client(&running).record_follow_up(request).await.unwrap_err()), "FIELD_VIOLATIONS");
    for _ in 0..2 {
        let request = running.as_person("fang.lin", Role::Desk, CENTRE, answer(1, 7));
        let told = client(&running).record_follow_up(request).await.unwrap().into_inner().follow_up.unwrap();
        assert_eq!((told.state(), told.look_asked), (FollowUpState::Answered, true), "and the same again");
        assert_eq!(told.words, "办得太慢了。");
    }
    let get = GetFollowUpRequest { case_id: case(1).to_string(), follow_up_id: case(7).to_string() };
    let request = running.by(Role::Head, CENTRE, get.clone());
    let told = client(&running).get_follow_up(request).await.unwrap().into_inner().follow_up.unwrap();
    assert_eq!((told.words.as_str(), told.asked_by.as_str()), ("办得太慢了。", "fang.lin"));
    let listed = until(&running, |listed| listed[0].state() == FollowUpState::Answered).await;
    assert_eq!(listed[0].words, "", "the list has no words");
    let request = running.by(Role::Head, TOWN, get);
    let refused = client(&running).get_follow_up(request).await.unwrap_err();
    assert_eq!(
        reason(&refused),
        "NOTHING_TO_ACT_ON",
        "the organ that handled it knows the case, and nothing of this"
    );
    running.stop().await;
}

#[tokio::test]
async fn art_3_16_nobody_is_asked_of_what_is_opened_again_or_erased_and_open_ones_come_first() {
    let running = start_following().await;
    for (id, reply_id) in [(1, 11), (2, 12), (3, 13)] {
        running.accepted(CENTRE, id).await;
        let sent = reply(reply_id, ReplyOccasion::Result, DeliveryOutcome::Sent);
        running.intake().says(CENTRE, Some(case(id)), sent).await;
    }
    until(&running, |listed| listed.len() == 3).await;
    running.intake().says(CENTRE, Some(case(1)), Told::CaseReopened(CaseReopened::default())).await;
    running.intake().says(CENTRE, Some(case(2)), Told::CaseErased(CaseErased::default())).await;
    let dropped = |it: &&FollowUp| it.state() == FollowUpState::Dropped;
    let listed = until(&running, |listed| listed.iter().filter(dropped).count() == 2).await;
    assert_eq!(listed[0].follow_up_id, case(13).to_string());

    let (mut token, mut paged) = (String::new(), Vec::new());
    loop {
        let request =
            ListFollowUpsRequest { page_size: 1, page_token: token, ..ListFollowUpsRequest::default() };
        let request = running.by(Role::Desk, CENTRE, request);
        let page = client(&running).list_follow_ups(request).await.unwrap().into_inner();
        paged.extend(page.follow_ups.into_iter().map(|it| it.follow_up_id));
        token = page.next_page_token;
        if token.is_empty() {
            break;
        }
    }
    assert_eq!(paged, listed.iter().map(|it| it.follow_up_id.clone()).collect::<Vec<_>>());
    let request = ListFollowUpsRequest { open_only: true, ..ListFollowUpsRequest::default() };
    let open = client(&running).list_follow_ups(running.by(Role::Desk, CENTRE, request)).await.unwrap();
    assert_eq!(open.into_inner().follow_ups.len(), 1);
    running.stop().await;
}
