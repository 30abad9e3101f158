//! Replies that the program sends (16, 17): by a webhook or a folder, whatever happens in between.

use std::collections::BTreeSet;
use std::path::PathBuf;

use duban::config::{PortConfig, PortKind};
use duban::testing::TestSettings;
use duban_proto::intake::v1::{
    DecideDeliveryRequest, DeliveryDecision, DeliveryState, ListReadingsRequest, ListRepliesRequest,
    RegisterCaseRequest, Reply, ReplyOccasion,
};
use e2e::receiver::{Answer, Receiver, SECRET};
use e2e::{CENTRE, Journey, UNIT, World, complaints, eventually, rejection};
use jiff::SignedDuration;
use ledger::Clock as _;

/// A port for what came in online, or by the system of 12345.
fn port(kind: PortKind) -> PortConfig {
    PortConfig {
        kind,
        agencies: vec!["12345".into()],
        channels: vec!["online".into()],
        form: "online".into(),
        contact: Vec::new(),
        repeatable: true,
        path: None,
        url: None,
        secret: None,
        secret_file: None,
        ca: None,
    }
}

fn webhook(receiver: &Receiver) -> PortConfig {
    let secret = Some(duban::config::Hidden::new(SECRET));
    PortConfig { url: Some(receiver.url()), secret, ..port(PortKind::Webhook) }
}

fn settings(name: &str, port: PortConfig) -> TestSettings {
    let mut settings = TestSettings::new().expect("the samples' organs");
    settings.config.delivery.ports.insert(name.into(), port);
    settings.config.delivery.timeout_s = 1.try_into().expect("a second");
    settings
}

async fn replies(world: &World) -> Vec<Reply> {
    listed(world, ListRepliesRequest::default()).await
}

/// What a person has to see to.
async fn work_list(world: &World) -> Vec<Reply> {
    listed(world, ListRepliesRequest { for_person: true, ..ListRepliesRequest::default() }).await
}

async fn listed(world: &World, request: ListRepliesRequest) -> Vec<Reply> {
    let request = ListRepliesRequest { page_size: 500, ..request };
    let listed = world.desk(CENTRE).intake().list_replies(request).await;
    listed.map(|listed| listed.into_inner().replies).unwrap_or_default()
}

/// The only reply, once it is so.
async fn reply_when(world: &World, what: &str, is: impl Fn(&Reply) -> bool) -> Reply {
    eventually(what, async || replies(world).await.into_iter().next().filter(|reply| is(reply))).await
}

/// The only reply, after so many attempts by the program.
async fn after(world: &World, attempts: u32) -> Reply {
    let done = |reply: &Reply| reply.delivery_state() != DeliveryState::Sending;
    reply_when(world, "an attempt", |reply| reply.attempts == attempts && done(reply)).await
}

fn decision(reply: &Reply, decision: DeliveryDecision) -> DecideDeliveryRequest {
    DecideDeliveryRequest {
        request_id: complaints::request_id(),
        case_id: reply.case_id.clone(),
        reply_id: reply.reply_id.clone(),
        decision: decision.into(),
        reason: "电话核实".into(),
        form: if decision == DeliveryDecision::ToldOtherwise { "call".into() } else { String::new() },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_a_reply_goes_back_to_the_source_system_and_is_tried_until_it_has_it() {
    let answers = [Answer::Status(500), Answer::Silence, Answer::Later(429, 7200), Answer::Status(200)];
    let receiver = Receiver::start(&answers).await;
    let world = World::with(settings("hotline", webhook(&receiver))).await;
    let request = complaints::submit(complaints::about_a_clerk(UNIT));
    let receipt =
        world.agency(CENTRE).intake().submit_complaint(request).await.expect("received").into_inner();
    let register =
        RegisterCaseRequest { request_id: complaints::request_id(), case_id: receipt.case_id.clone() };
    world.desk(CENTRE).intake().register_case(register).await.expect("registered");

    let reply = after(&world, 1).await;
    assert_eq!((reply.delivery_state(), reply.last_code.as_str()), (DeliveryState::Waiting, "http_500"));
    assert!(work_list(&world).await.is_empty(), "the program sees to it");
    assert_eq!((reply.occasion(), reply.port.as_str()), (ReplyOccasion::Receipt, "hotline"));
    let wait = |reply: &Reply| {
        let next = reply.next_attempt_at.as_ref().and_then(server::time::from_proto).expect("a moment");
        next.duration_since(world.clock().now()).as_secs()
    };
    assert!((15..=30).contains(&wait(&reply)), "half a minute at the most: {}", wait(&reply));
    world.turn(SignedDuration::from_secs(14));
    assert_eq!(replies(&world).await[0].attempts, 1, "not before its time");
    world.turn(SignedDuration::from_secs(16));
    let reply = after(&world, 2).await;
    assert_eq!(reply.last_code, "timeout");
    world.turn(SignedDuration::from_mins(1));
    let reply = after(&world, 3).await;
    assert_eq!(reply.last_code, "http_429");
    assert_eq!(wait(&reply), 7200, "as long as the receiver asks");
    world.turn(SignedDuration::from_secs(7200));
    let reply = after(&world, 4).await;
    assert_eq!(reply.delivery_state(), DeliveryState::Told);

    let hits = receiver.hits();
    assert_eq!(hits.len(), 4);
    for hit in &hits {
        assert!(hit.signed, "{hit:?}");
        assert_eq!((&hit.id, &hit.body), (&reply.reply_id, &hits[0].body), "one id, one text");
        assert!(hit.body.contains(&receipt.case_id) && hit.body.contains("宝效投〔2026〕1号"), "{hit:?}");
        assert!(!hit.body.contains(complaints::NAME) && !hit.body.contains(complaints::PHONE), "{hit:?}");
    }
    assert_ne!(hits[0].timestamp, hits[1].timestamp, "a signature is fresh in every attempt");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_between_sending_and_recording_sends_it_again_under_the_same_id() {
    let receiver = Receiver::start(&[Answer::Silence]).await;
    let mut settings = settings("hotline", webhook(&receiver));
    settings.config.delivery.timeout_s = 3600.try_into().expect("an hour");
    let mut world = World::with(settings).await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.accept().await;
    receiver.has(1).await;
    world.instance.restart().await.expect("again");
    let held = replies(&world).await;
    assert_eq!(held[0].delivery_state(), DeliveryState::Sending, "held by who is no more");
    world.turn(SignedDuration::from_hours(2));
    let told = after(&world, 2).await;
    assert_eq!(told.delivery_state(), DeliveryState::Told);
    let hits = receiver.hits();
    assert_eq!(hits.len(), 2);
    assert_eq!((&hits[0].id, &hits[0].body), (&hits[1].id, &hits[1].body));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_what_can_not_be_sent_twice_and_may_have_arrived_is_a_persons_to_decide() {
    let metrics = server::telemetry::Metrics::install().expect("metrics");
    let receiver = Receiver::start(&[Answer::Silence]).await;
    let sms = PortConfig {
        repeatable: false,
        contact: vec!["phone".into()],
        form: "sms".into(),
        ..webhook(&receiver)
    };
    let world = World::with(settings("sms-gateway", sms)).await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.accept().await;
    let reply = after(&world, 1).await;
    assert_eq!((reply.delivery_state(), reply.last_code.as_str()), (DeliveryState::Unknown, "timeout"));
    world.turn(SignedDuration::from_hours(48));
    let still = reply_when(&world, "the reply", |_| true).await;
    assert_eq!((still.delivery_state(), still.attempts), (DeliveryState::Unknown, 1), "nobody sends it");
    let waiting = metrics.render();
    let unknown = "duban_reply_attempts_total{port=\"sms-gateway\",outcome=\"unknown\"} 1";
    assert!(waiting.contains(unknown), "{waiting}");
    assert!(waiting.contains("duban_reply_oldest_open_seconds"), "{waiting}");

    let leader = rejection(
        world.leader(CENTRE).delivery().decide_delivery(decision(&reply, DeliveryDecision::Retry)).await,
    );
    assert_eq!(leader.reason, "ROLE_NOT_ALLOWED");
    let again = decision(&reply, DeliveryDecision::Retry);
    world.desk(CENTRE).delivery().decide_delivery(again).await.expect("decided");
    let told = after(&world, 2).await;
    assert_eq!(told.delivery_state(), DeliveryState::Told);
    let hits = receiver.hits();
    assert!(hits.iter().all(|hit| hit.signed && hit.body.contains(complaints::PHONE)), "{hits:?}");
    assert!(hits.iter().all(|hit| !hit.body.contains(complaints::ADDRESS)), "{hits:?}");
    let request = ListReadingsRequest { case_id: journey.case_id() };
    let readings = world.officer("auditor", CENTRE, "auditor").identity().list_readings(request).await;
    let readings = readings.expect("readings").into_inner().readings;
    let read: Vec<_> = readings.iter().map(|one| (one.reader.as_str(), one.purpose.as_str())).collect();
    assert_eq!(read, [("service:intake", "reply"); 2]);
    let pool = world.instance.db().pool("intake").await.expect("a pool");
    let leaks: i64 = sqlx::query_scalar("select count(*) from entry where position($1::bytea in body) > 0")
        .bind(complaints::PHONE.as_bytes())
        .fetch_one(&pool)
        .await
        .expect("a count");
    assert_eq!(leaks, 0, "no number to call in the ledger");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_not_tried_again_and_the_desk_tells_the_complainant_otherwise() {
    let receiver = Receiver::start(&[Answer::Status(422)]).await;
    let world = World::with(settings("hotline", webhook(&receiver))).await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.accept().await;
    let reply = after(&world, 1).await;
    assert_eq!((reply.delivery_state(), reply.last_code.as_str()), (DeliveryState::Failed, "http_422"));
    assert_eq!(work_list(&world).await, std::slice::from_ref(&reply));
    let told = decision(&reply, DeliveryDecision::ToldOtherwise);
    let told = world.desk(CENTRE).delivery().decide_delivery(told).await.expect("decided").into_inner();
    assert_eq!(told.reply.expect("a reply").delivery_state(), DeliveryState::Told);
    let again = rejection(
        world.desk(CENTRE).delivery().decide_delivery(decision(&reply, DeliveryDecision::Retry)).await,
    );
    assert_eq!(again.reason, "NOTHING_TO_ACT_ON");
    assert!(work_list(&world).await.is_empty());
    world.turn(SignedDuration::from_hours(24));
    assert_eq!(receiver.hits().len(), 1);
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_goes_out_in_quiet_hours_and_all_of_it_at_their_end() {
    let folder = std::env::temp_dir().join(format!("duban-quiet-{}", complaints::request_id()));
    std::fs::create_dir(&folder).expect("a folder");
    let box_ = folder.join("box");
    std::fs::create_dir(&box_).expect("a folder");
    let to_folder = PortConfig { path: Some(box_.clone()), ..port(PortKind::Folder) };
    let settings = settings("box", to_folder).regulation(quiet_measures(&folder));
    let world = World::with(settings).await;
    world.turn_to("2026-02-10 20:59");
    let before = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    before.accept().await;
    eventually("a file", async || (files(&box_) == 1).then_some(())).await;
    world.turn_to("2026-02-10 21:00");
    let quiet = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    quiet.accept().await;
    let reply = quiet.reply_due(ReplyOccasion::Accepted).await;
    assert_eq!(reply.delivery_state(), DeliveryState::Waiting);
    let next = reply.next_attempt_at.as_ref().and_then(server::time::from_proto).expect("a moment");
    assert_eq!(next.to_string(), "2026-02-11T00:00:00Z", "08:00 in Shanghai");
    world.turn_to("2026-02-11 07:59");
    let waiting = quiet.reply_due(ReplyOccasion::Accepted).await;
    assert_eq!((waiting.attempts, files(&box_)), (0, 1));
    world.turn_to("2026-02-11 08:00");
    eventually("the other file", async || (files(&box_) == 2).then_some(())).await;
    std::fs::remove_dir_all(folder).expect("removed");
}

/// The Baoshan measures with quiet hours, in a file of the test's own.
fn quiet_measures(folder: &std::path::Path) -> PathBuf {
    let source = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
    let hours =
        "[replies]\nquiet_hours = \"21:00-08:00\"\nzh = \"静\"\nen = \"quiet\"\nhouse = true\n\n[settings]";
    let path = folder.join("baoshan-2009-5.toml");
    std::fs::write(&path, source.replacen("[settings]", hours, 1)).expect("written");
    path
}

fn files(folder: &std::path::Path) -> usize {
    let whole = |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().ends_with(".json");
    std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok).filter(whole).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn none_is_lost_whatever_the_receiver_says_and_however_often_the_service_stops() {
    const COUNT: usize = 24;
    let moods = [Answer::Status(503), Answer::Status(204), Answer::Status(500), Answer::Silence];
    let answers: Vec<_> = moods.into_iter().cycle().take(3 * COUNT).collect();
    let receiver = Receiver::start(&answers).await;
    let mut world = World::with(settings("hotline", webhook(&receiver))).await;
    for _ in 0..COUNT {
        Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await.accept().await;
    }
    let mut rounds = 0;
    loop {
        let all = replies(&world).await;
        if all.len() >= COUNT && all.iter().all(|reply| reply.delivery_state() == DeliveryState::Told) {
            break;
        }
        rounds += 1;
        assert!(rounds < 60, "not all are told: {all:?}");
        world.turn(SignedDuration::from_mins(61));
        if rounds % 3 == 0 {
            world.instance.restart().await.expect("again"); // while it sends: what it held lapses in the next round
            continue;
        }
        eventually("an end of this round", async || {
            let now = replies(&world).await;
            let busy = |reply: &&Reply| reply.delivery_state() == DeliveryState::Sending;
            let due = |reply: &&Reply| {
                let next = reply.next_attempt_at.as_ref().and_then(server::time::from_proto);
                reply.delivery_state() == DeliveryState::Waiting
                    && next.is_some_and(|next| next <= world.clock().now())
            };
            (now.len() >= COUNT && now.iter().filter(busy).count() + now.iter().filter(due).count() == 0)
                .then_some(())
        })
        .await;
    }
    let told: BTreeSet<_> = replies(&world).await.into_iter().map(|reply| reply.reply_id).collect();
    let received: BTreeSet<_> = receiver.hits().into_iter().map(|hit| hit.id).collect();
    assert_eq!(told, received);
    let pool = world.instance.db().pool("intake").await.expect("a pool");
    let delivered: i64 = sqlx::query_scalar("select count(*) from entry where kind = 'reply_delivered'")
        .fetch_one(&pool)
        .await
        .expect("a count");
    assert_eq!(usize::try_from(delivered).expect("a count"), told.len(), "each is told once");
    world.ledgers_verify().await;
}
