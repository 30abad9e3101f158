use std::path::Path;
use std::time::Duration;

use access::Role;
use duban_proto::intake::v1::{
    DecideDeliveryRequest, DeliveryDecision, DeliveryOutcome, DeliveryState, ListReadingsRequest,
    ListRepliesRequest, Reply, SendReplyRequest,
};
use intake::domain::{Act, BeginDelivery, Command};
use intake::{DeliverySettings, Intake, PortSettings, Ports, Receiver};
use jiff::SignedDuration;
use ledger::rebuild::{Mode, rebuild};
use ledger::{Clock as _, Organ, Submission};
use uuid::Uuid;

use crate::complaint::id;
use crate::harness::{CENTRE, Running, TOWN, fields, reason, regulation, start};

/// A port that puts the replies to what came in online into a folder.
fn folder(path: &Path, repeatable: bool, contact: &[&str]) -> Ports {
    let port = PortSettings {
        name: "box".into(),
        agencies: Vec::new(),
        channels: vec!["online".into()],
        form: "online".into(),
        contact: contact.iter().map(ToString::to_string).collect(),
        repeatable,
        to: Receiver::Folder { path: path.to_owned() },
    };
    let settings = DeliverySettings { ports: vec![port], ..DeliverySettings::default() };
    Ports::open(&settings, &regulation("baoshan-2009-5")).unwrap()
}

async fn listed(running: &mut Running) -> Vec<Reply> {
    let request = running.by(
        Role::Desk,
        CENTRE,
        ListRepliesRequest { page_size: 100, ..ListRepliesRequest::default() },
    );
    running.client.list_replies(request).await.unwrap().into_inner().replies
}

/// The replies, once all of them stand so.
async fn until(running: &mut Running, state: DeliveryState) -> Vec<Reply> {
    let begun = tokio::time::Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    loop {
        looks.tick().await;
        let replies = listed(running).await;
        if replies.iter().all(|reply| reply.delivery_state() == state) {
            return replies;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "not all {state:?}: {replies:?}");
    }
}

/// Somebody begins an attempt and is not heard of again.
async fn dies_sending(running: &Running, reply: &Reply, repeatable: bool) {
    let begin = BeginDelivery {
        reply_id: reply.reply_id.parse().unwrap(),
        attempt: reply.attempts + 1,
        port: "box".into(),
        form: "online".into(),
        repeatable,
        until: running.clock.now() + SignedDuration::from_mins(1),
        text: None,
        opens_identity: false,
    };
    let case_id: Uuid = reply.case_id.parse().unwrap();
    let command = Command { case_id: Some(case_id), agency: None, act: Act::BeginDelivery(begin) };
    let submission = Submission { command, actor: "service:intake".into(), request: None, cause: None };
    running.service.writer().submit(&Organ::new(CENTRE).unwrap(), submission).await.unwrap();
}

fn files(folder: &Path) -> Vec<String> {
    let names =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn decision(number: u128, reply: &Reply, decision: DeliveryDecision) -> DecideDeliveryRequest {
    DecideDeliveryRequest {
        request_id: id(number),
        case_id: reply.case_id.clone(),
        reply_id: reply.reply_id.clone(),
        decision: decision.into(),
        reason: "收件方来电确认".into(),
        form: if decision == DeliveryDecision::ToldOtherwise { "call".into() } else { String::new() },
    }
}

/// Stops; and what the ledger says of the replies is what stands in the table.
async fn stop(running: Running, others: Vec<Intake>) {
    let centre = Organ::new(CENTRE).unwrap();
    for table in rebuild(running.service.writer(), &centre, Mode::Check).await.unwrap() {
        assert!(table.same, "{table:?}");
    }
    running.stop().await;
    for other in others {
        other.drain().await;
    }
}

#[tokio::test]
async fn without_a_port_a_reply_waits_for_a_person() {
    let mut running = start().await;
    running.accepted(1).await;
    let [reply] = listed(&mut running).await.try_into().unwrap();
    assert_eq!((reply.delivery_state(), reply.next_attempt_at), (DeliveryState::Desk, None));
    for case_id in [String::new(), reply.case_id.clone()] {
        let request = ListRepliesRequest { case_id, for_person: true, ..ListRepliesRequest::default() };
        let request = running.by(Role::Desk, CENTRE, request);
        let work = running.client.list_replies(request).await.unwrap().into_inner().replies;
        assert_eq!(work, std::slice::from_ref(&reply));
    }
    let request = running.by(Role::Desk, CENTRE, decision(2, &reply, DeliveryDecision::Retry));
    assert_eq!(reason(&running.delivery.decide_delivery(request).await.unwrap_err()), "NOTHING_TO_ACT_ON");
    running.stop().await;
}

#[tokio::test]
async fn of_two_processes_one_sends_each_reply_and_it_is_a_file_under_its_id() {
    let mut running = start().await;
    for number in 1..=12 {
        running.accepted(number).await;
    }
    let box_ = tempfile::tempdir().unwrap();
    let both = vec![
        running.another(folder(box_.path(), true, &[])).await,
        running.another(folder(box_.path(), true, &[])).await,
    ];
    let replies = until(&mut running, DeliveryState::Told).await;
    assert_eq!(replies.len(), 12);
    assert!(replies.iter().all(|reply| reply.attempts == 1 && reply.outcome() == DeliveryOutcome::Sent));
    let mut ids: Vec<_> = replies.iter().map(|reply| format!("{}.json", reply.reply_id)).collect();
    ids.sort();
    assert_eq!(files(box_.path()), ids);
    let begun: i64 = sqlx::query_scalar("select count(*) from entry where kind = 'delivery_begun'")
        .fetch_one(running.service.writer().pool())
        .await
        .unwrap();
    assert_eq!(begun, 12);
    let text = std::fs::read_to_string(box_.path().join(&ids[0])).unwrap();
    let said = replies.iter().find(|reply| ids[0].starts_with(&reply.reply_id)).unwrap();
    assert!(text.contains(&said.proposed_text) && text.contains("\"occasion\":\"accepted\""), "{text}");
    assert!(!text.contains("contact"), "nothing of the complainant that the port does not need: {text}");
    stop(running, both).await;
}

#[tokio::test]
async fn what_somebody_who_died_was_sending_comes_again_under_the_same_id_once_it_has_lapsed() {
    let mut running = start().await;
    running.accepted(1).await;
    let [reply] = listed(&mut running).await.try_into().unwrap();
    dies_sending(&running, &reply, true).await;
    let box_ = tempfile::tempdir().unwrap();
    let other = running.another(folder(box_.path(), true, &[])).await;
    let request = running.by(
        Role::Desk,
        CENTRE,
        SendReplyRequest {
            request_id: id(2),
            case_id: reply.case_id.clone(),
            reply_id: reply.reply_id.clone(),
            form: "call".into(),
            outcome: DeliveryOutcome::Sent.into(),
            ..SendReplyRequest::default()
        },
    );
    let status = running.client.send_reply(request).await.unwrap_err();
    assert_eq!(reason(&status), "NOTHING_TO_ACT_ON", "nor does a person, while it is held");
    assert_eq!(listed(&mut running).await[0].delivery_state(), DeliveryState::Sending);
    assert!(files(box_.path()).is_empty());
    running.clock.advance(SignedDuration::from_mins(1));
    let [told] = until(&mut running, DeliveryState::Told).await.try_into().unwrap();
    assert_eq!(told.attempts, 2);
    assert_eq!(files(box_.path()), [format!("{}.json", reply.reply_id)]);
    stop(running, vec![other]).await;
}

#[tokio::test]
async fn art_17_where_it_must_not_come_twice_a_person_decides() {
    let mut running = start().await;
    running.accepted(1).await;
    let [reply] = listed(&mut running).await.try_into().unwrap();
    dies_sending(&running, &reply, false).await;
    running.clock.advance(SignedDuration::from_mins(1));
    let box_ = tempfile::tempdir().unwrap();
    let other = running.another(folder(box_.path(), false, &[])).await;
    let mut unknown = until(&mut running, DeliveryState::Unknown).await;
    while unknown[0].last_code.is_empty() {
        unknown = until(&mut running, DeliveryState::Unknown).await;
    }
    assert_eq!((unknown[0].last_code.as_str(), unknown[0].port.as_str()), ("lapsed", "box"));
    assert!(files(box_.path()).is_empty(), "it is not sent");

    let wrong = DecideDeliveryRequest {
        reason: String::new(),
        form: "pigeon".into(),
        ..decision(2, &reply, DeliveryDecision::ToldOtherwise)
    };
    let request = running.by(Role::Desk, CENTRE, wrong);
    let mut wrong = fields(&running.delivery.decide_delivery(request).await.unwrap_err());
    wrong.sort();
    assert_eq!(wrong, ["form", "reason"]);
    let request = running.by(Role::Desk, TOWN, decision(3, &reply, DeliveryDecision::Delivered));
    assert_eq!(reason(&running.delivery.decide_delivery(request).await.unwrap_err()), "CASE_NOT_FOUND");
    let request = running.by(Role::Handler, CENTRE, decision(4, &reply, DeliveryDecision::Delivered));
    assert_eq!(reason(&running.delivery.decide_delivery(request).await.unwrap_err()), "ROLE_NOT_ALLOWED");

    let asks = decision(5, &reply, DeliveryDecision::Delivered);
    let request = running.by(Role::Desk, CENTRE, asks.clone());
    let decided = running.delivery.decide_delivery(request).await.unwrap().into_inner();
    assert_eq!(decided.reply.as_ref().unwrap().delivery_state(), DeliveryState::Told);
    let request = running.by(Role::Desk, CENTRE, asks);
    assert_eq!(running.delivery.decide_delivery(request).await.unwrap().into_inner(), decided, "asked again");
    stop(running, vec![other]).await;
}

#[tokio::test]
async fn art_15_a_port_that_needs_the_contact_gets_it_and_the_reading_is_on_record() {
    let mut running = start().await;
    let receipt = running.accepted(1).await;
    let box_ = tempfile::tempdir().unwrap();
    let other = running.another(folder(box_.path(), true, &["phone"])).await;
    let [reply] = until(&mut running, DeliveryState::Told).await.try_into().unwrap();
    let text = std::fs::read_to_string(box_.path().join(format!("{}.json", reply.reply_id))).unwrap();
    let complainant = crate::complaint::about_a_clerk().complainant.unwrap();
    assert!(text.contains(&complainant.phones[0]), "{text}");
    assert!(!text.contains(&complainant.name), "the port does not need the name: {text}");
    let request = running.by(Role::Auditor, CENTRE, ListReadingsRequest { case_id: receipt.case_id });
    let readings = running.identity.list_readings(request).await.unwrap().into_inner().readings;
    let on_record: Vec<_> = readings.iter().map(|one| (one.reader.as_str(), one.purpose.as_str())).collect();
    assert_eq!(on_record, [("service:intake", "reply")]);
    stop(running, vec![other]).await;
}

#[tokio::test]
async fn a_folder_that_is_away_is_tried_again_and_then_left_to_a_person() {
    let mut running = start().await;
    running.accepted(1).await;
    let base = tempfile::tempdir().unwrap();
    let path = base.path().join("box");
    std::fs::create_dir(&path).unwrap();
    let ports = folder(&path, true, &[]);
    std::fs::remove_dir(&path).unwrap();
    let other = running.another(ports).await;
    for attempt in 1..=10 {
        loop {
            let [reply] = listed(&mut running).await.try_into().unwrap();
            if reply.attempts == attempt && reply.delivery_state() != DeliveryState::Sending {
                break;
            }
            tokio::task::yield_now().await;
        }
        running.clock.advance(SignedDuration::from_hours(6));
    }
    let [reply] = listed(&mut running).await.try_into().unwrap();
    assert_eq!((reply.delivery_state(), reply.attempts), (DeliveryState::Failed, 10));
    assert_eq!(reply.last_code, "folder");
    std::fs::create_dir(&path).unwrap();
    let request = running.by(Role::Desk, CENTRE, decision(2, &reply, DeliveryDecision::Retry));
    // The service that is asked has no ports: one that has sends it.
    assert_eq!(reason(&running.delivery.decide_delivery(request).await.unwrap_err()), "NOTHING_TO_ACT_ON");
    stop(running, vec![other]).await;
}
