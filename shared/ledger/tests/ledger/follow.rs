//! A service follows another: what was committed there takes effect here, in order, once.

use std::sync::Arc;

use ledger::{
    Cause, Effect, Hash, Organ, Position, Service, Source, Submission, SystemClock, Writer, WriterSettings,
    follow_service, new_epoch, verify::verify,
};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{
    At, Command, Counters, Does, Echo, How, Intake, Routing, Seen, Served, World, asked, cursors, in_time,
    organ, parked, sound, submit_all, tags, until, writer, writer_with,
};

/// A follower that runs until it is told to stop.
struct Following {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Following {
    fn new<const SERVICE: u8>(
        writer: &Writer<Counters<SERVICE>>,
        source: Service,
        served: &Served,
        echo: &Arc<Echo>,
    ) -> Self {
        let shutdown = CancellationToken::new();
        let task =
            follow_service(writer.clone(), source, served.channel(), Arc::clone(echo), shutdown.clone());
        Self { shutdown, task: tokio::spawn(task) }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        in_time(self.task).await.unwrap();
    }
}

fn numbered(numbers: std::ops::Range<u32>) -> impl Iterator<Item = Submission<Command>> {
    numbers.map(|n| asked(Command::add((n % 3).into(), n)))
}

async fn has(pool: &PgPool, organ: &Organ, entries: usize) -> bool {
    let count =
        sqlx::query_scalar::<_, i64>("select count(*) from entry where organ = $1").bind(organ.as_str());
    i64::try_from(entries).ok() == count.fetch_one(pool).await.ok()
}

/// Waits until an organ's ledger has so many entries, and checks that it is sound.
async fn comes_to<const SERVICE: u8>(
    writer: &Writer<Counters<SERVICE>>,
    organ: &Organ,
    entries: usize,
) -> Vec<Seen> {
    until(writer, || has(writer.pool(), organ, entries)).await;
    sound(writer.pool(), organ).await
}

fn echoed(organ: &Organ, tags: &[&str]) -> Vec<String> {
    tags.iter().map(|tag| format!("{organ}/{tag}")).collect()
}

#[tokio::test]
async fn what_is_committed_is_followed_in_order_and_once() {
    let world = World::new().await;
    let (intake, routing, echo) = (world.intake().await, world.routing().await, Echo::new());
    let organs = [organ("baoshan"), organ("baoshan.luodian")];
    for here in &organs {
        submit_all(&intake, here, numbered(0..50)).await;
    }
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    for here in &organs {
        comes_to(&routing, here, 50).await;
        submit_all(&intake, here, numbered(50..80)).await;
    }
    for here in &organs {
        let entries = comes_to(&routing, here, 80).await;
        let expected = sound(intake.pool(), here).await;
        assert_eq!(tags(&entries), echoed(here, &tags(&expected)));
        for (entry, seq) in entries.iter().zip(1..) {
            assert_eq!(entry.actor, "service:intake");
            assert_eq!(entry.cause, Some((1, here.to_string(), seq)));
        }
        assert_eq!(cursors(routing.pool(), here).await, [((1, here.to_string(), false), 80)].into());
    }
    assert_eq!(echo.heard().len(), 160, "nothing is translated twice where nothing fails");
    following.stop().await;
}

#[tokio::test]
async fn an_entry_waits_for_what_it_follows_from() {
    let world = World::new().await;
    let (intake, routing, supervision) =
        (world.intake().await, world.routing().await, world.supervision().await);
    let here = organ("baoshan");
    submit_all(&intake, &here, [asked(Command::add(1, "cause"))]).await;
    let cause = Some(Cause { service: Service::Intake, organ: here.clone(), epoch: 1, seq: 1 });
    submit_all(&routing, &here, [Submission { cause, ..asked(Command::add(1, "effect")) }]).await;
    let (intake_served, routing_served) = (Served::new(&intake).await, Served::new(&routing).await);
    let (one, two) = (Echo::new(), Echo::new());
    let effects = Following::new(&supervision, Service::Routing, &routing_served, &two);
    // It has been read, and would be applied, before what it follows from is even read.
    two.hears(1).await;
    let causes = Following::new(&supervision, Service::Intake, &intake_served, &one);
    let entries = comes_to(&supervision, &here, 2).await;
    assert_eq!(tags(&entries), ["baoshan/cause", "baoshan/effect"]);
    effects.stop().await;
    causes.stop().await;
}

#[tokio::test]
async fn a_cause_that_is_of_no_use_holds_nothing_up() {
    let world = World::new().await;
    let (intake, routing, supervision) =
        (world.intake().await, world.routing().await, world.supervision().await);
    let here = organ("baoshan");
    submit_all(&intake, &here, [asked(Command::new(1, "of no use", Does::Burst(2)))]).await;
    let cause = Some(Cause { service: Service::Intake, organ: here.clone(), epoch: 1, seq: 2 });
    submit_all(&routing, &here, [Submission { cause, ..asked(Command::add(1, "effect")) }]).await;
    let (intake_served, routing_served) = (Served::new(&intake).await, Served::new(&routing).await);
    let echo = Echo::new();
    let effects = Following::new(&supervision, Service::Routing, &routing_served, &echo);
    echo.hears(1).await;
    let causes = Following::new(&supervision, Service::Intake, &intake_served, &echo);
    assert_eq!(tags(&comes_to(&supervision, &here, 1).await), ["baoshan/effect"]);
    effects.stop().await;
    causes.stop().await;
}

/// A source, and effects of its entries with these numbers.
fn effects(numbers: std::ops::RangeInclusive<u64>, after: Option<&Cause>) -> (Source, Vec<Effect<Command>>) {
    let source = Source { service: Service::Routing, organ: organ("baoshan"), mailbox: false };
    let effect = |seq| Effect {
        at: at(seq),
        cause: None,
        after: after.cloned(),
        commands: Ok(vec![Command::add(1, seq)]),
    };
    (source, numbers.map(effect).collect())
}

fn at(seq: u64) -> Position {
    let hash = if seq == 0 { Hash::ZERO } else { Hash([u8::try_from(seq).unwrap(); 32]) };
    Position { epoch: 1, seq, hash }
}

#[tokio::test]
async fn effects_are_applied_from_the_cursor_on_and_no_further_than_their_causes() {
    let world = World::new().await;
    let (supervision, here) = (world.supervision().await, organ("baoshan"));
    let apply = async |from: u64, (source, effects): (Source, Vec<Effect<Command>>)| {
        let applied = in_time(supervision.apply(&here, &source, at(from), effects)).await.unwrap();
        (applied.upto.seq, applied.waits_for)
    };
    assert_eq!(apply(0, effects(1..=3, None)).await, (3, None));
    assert_eq!(apply(0, effects(1..=5, None)).await, (5, None), "what was applied is passed over");
    assert_eq!(apply(7, effects(8..=9, None)).await, (5, None), "a gap is not jumped");
    let cause = Cause { service: Service::Intake, organ: here.clone(), epoch: 1, seq: 1 };
    assert_eq!(apply(5, effects(6..=7, Some(&cause))).await, (5, Some(cause.clone())));
    let elsewhere = Cause { organ: organ("another"), ..cause.clone() };
    assert_eq!(
        apply(5, effects(6..=6, Some(&elsewhere))).await,
        (6, None),
        "another organ's is not waited for"
    );
    let own = Cause { service: Service::Supervision, ..cause };
    assert_eq!(apply(6, effects(7..=7, Some(&own))).await, (7, None), "nor the own service's");
    assert_eq!(tags(&sound(supervision.pool(), &here).await), ["1", "2", "3", "4", "5", "6", "7"]);
    assert_eq!(parked(supervision.pool(), &here).await, [], "nothing was tried twice");
}

#[tokio::test]
async fn two_followers_of_one_ledger_apply_each_entry_once() {
    let world = World::new().await;
    let (one, two, here) = (world.supervision().await, world.supervision().await, organ("baoshan"));
    let apply = |writer: Writer<_>| {
        let ((source, effects), here) = (effects(1..=200, None), here.clone());
        async move { writer.apply(&here, &source, at(0), effects).await.unwrap().upto.seq }
    };
    let (first, second) = in_time(async { futures::join!(apply(one.clone()), apply(two)) }).await;
    assert_eq!((first, second), (200, 200));
    assert_eq!(sound(one.pool(), &here).await.len(), 200);
    assert_eq!(parked(one.pool(), &here).await, [], "nothing was tried twice");
}

#[tokio::test]
async fn an_entry_that_cannot_be_applied_is_put_aside_and_the_rest_goes_on() {
    let world = World::new().await;
    let (intake, routing, echo, here) =
        (world.intake().await, world.routing().await, Echo::new(), organ("baoshan"));
    let all = ["good", "malformed", "rejected", "half", "nothing", "panics", "refused", "two", "last"];
    submit_all(&intake, &here, (0..).zip(all).map(|(case, tag)| asked(Command::add(case, tag)))).await;
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    let entries = comes_to(&routing, &here, 4).await;
    assert_eq!(tags(&entries), ["baoshan/good", "baoshan/two", "baoshan/two+", "baoshan/last"]);
    let aside = parked(routing.pool(), &here).await;
    assert_eq!(aside.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [2, 3, 4, 6, 7]);
    let reasons = ["malformed", "against the rules", "against the rules", "failed inside", "counter_total"];
    for ((_, reason), part) in aside.iter().zip(reasons) {
        assert!(reason.contains(part), "{reason}");
    }
    following.stop().await;
    assert_eq!(cursors(routing.pool(), &here).await, [((1, here.to_string(), false), 9)].into());
}

#[tokio::test]
async fn an_entry_that_can_be_translated_later_holds_up_its_organ_alone() {
    let world = World::new().await;
    let (intake, routing, echo) = (world.intake().await, world.routing().await, Echo::new());
    let (held, free) = (organ("held"), organ("free"));
    submit_all(&intake, &held, ["first", "later", "last"].map(|tag| asked(Command::add(1, tag)))).await;
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    comes_to(&routing, &held, 1).await;
    submit_all(&intake, &free, numbered(0..5)).await;
    comes_to(&routing, &free, 5).await;
    assert!(has(routing.pool(), &held, 1).await);
    echo.is_ready();
    assert_eq!(tags(&comes_to(&routing, &held, 3).await), ["held/first", "held/later", "held/last"]);
    following.stop().await;
}

#[tokio::test]
async fn an_organ_with_much_that_waits_does_not_hold_up_the_others() {
    let world = World::new().await;
    let (routing, supervision, echo) = (world.routing().await, world.supervision().await, Echo::new());
    let (held, free) = (organ("held"), organ("free"));
    let cause = Some(Cause { service: Service::Intake, organ: held.clone(), epoch: 1, seq: 1 });
    let served = Served::new(&routing).await;
    let following = Following::new(&supervision, Service::Routing, &served, &echo);
    submit_all(&routing, &held, [Submission { cause, ..asked(Command::add(1, "waits")) }]).await;
    echo.hears(1).await;
    // Each commit is an answer of its own: more than the follower keeps for one organ.
    for n in 0..12 {
        submit_all(&routing, &held, [asked(Command::add(1, n))]).await;
        submit_all(&routing, &free, [asked(Command::add(1, n))]).await;
    }
    comes_to(&supervision, &free, 12).await;
    assert!(has(supervision.pool(), &held, 0).await);
    following.stop().await;
}

#[tokio::test]
async fn a_feed_that_goes_away_is_followed_again() {
    let world = World::new().await;
    let (intake, routing, echo, here) =
        (world.intake().await, world.routing().await, Echo::new(), organ("baoshan"));
    submit_all(&intake, &here, numbered(0..5)).await;
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    comes_to(&routing, &here, 5).await;
    let address = served.address;
    served.stop().await;
    submit_all(&intake, &here, numbered(5..8)).await;
    let _again = Served::at(&intake, address).await;
    comes_to(&routing, &here, 8).await;
    assert_eq!(echo.heard().len(), 8);
    following.stop().await;
}

#[tokio::test]
async fn a_database_that_goes_away_is_written_again_though_nothing_new_comes() {
    let world = World::new().await;
    let (intake, echo, here) = (world.intake().await, Echo::new(), organ("baoshan"));
    let proxy = world.proxy();
    let routing: Writer<Routing> = writer(world.pool_through(&proxy, "routing").await);
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    submit_all(&intake, &here, numbered(0..1)).await;
    comes_to(&routing, &here, 1).await;
    proxy.cut_for_good(At::Message(0), How::Before);
    submit_all(&intake, &here, numbered(1..2)).await;
    echo.hears(2).await;
    // Behind the effect in the same queue: when these are refused, so is the effect.
    for _ in 0..2 {
        assert!(in_time(routing.submit(&here, asked(Command::add(1, "beside")))).await.is_err());
    }
    proxy.heal();
    assert_eq!(tags(&comes_to(&routing, &here, 2).await), ["baoshan/0", "baoshan/1"]);
    following.stop().await;
}

/// Follows on a runtime of its own until the ledger has got further, and then ends everything at once, wherever it is:
/// the follower, the writer, its connections.
async fn follow_and_be_killed(
    world: &World,
    served: &Served,
    here: &Organ,
    reader: &PgPool,
    entries: i64,
) -> i64 {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let small = WriterSettings { queue: 8, batch_commands: 5, ..WriterSettings::default() };
    let options = world.options("routing");
    let channel = served.address;
    runtime.spawn(async move {
        let settings = postgres::PoolSettings::new("killed", "routing");
        let pool = postgres::connect(options, &settings).await.unwrap();
        let writer: Writer<Routing> = writer_with(pool, Arc::new(SystemClock::default()), small);
        let channel =
            tonic::transport::Endpoint::from_shared(format!("http://{channel}")).unwrap().connect_lazy();
        follow_service(writer, Service::Intake, channel, Echo::new(), CancellationToken::new()).await;
    });
    let count = async || -> i64 {
        let count = sqlx::query_scalar("select count(*) from entry where organ = $1").bind(here.as_str());
        count.fetch_one(reader).await.unwrap()
    };
    let now = in_time(async {
        loop {
            let now = count().await;
            if now > entries {
                break now;
            }
        }
    })
    .await;
    runtime.shutdown_background();
    now
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_follower_that_is_killed_anywhere_has_applied_each_entry_once() {
    let world = World::new().await;
    let (intake, here) = (world.intake().await, organ("baoshan"));
    submit_all(&intake, &here, numbered(0..300)).await;
    let served = Served::new(&intake).await;
    let reader = world.pool("routing").await;
    let (mut entries, mut kills) = (0, 0);
    while entries < 300 {
        entries = follow_and_be_killed(&world, &served, &here, &reader, entries).await;
        kills += 1;
    }
    assert!(kills >= 5, "only {kills} kills");
    let expected = sound(intake.pool(), &here).await;
    assert_eq!(tags(&sound(&reader, &here).await), echoed(&here, &tags(&expected)));
    assert_eq!(cursors(&reader, &here).await, [((1, here.to_string(), false), 300)].into());
    assert_eq!(parked(&reader, &here).await, [], "nothing was tried twice");
}

/// As if intake's database had been restored from a backup of when it had so many entries.
async fn restore(spoiler: &PgPool, here: &Organ, entries: i64) {
    let restored = format!(
        "delete from entry where organ = '{here}' and seq > {entries}; \
         delete from note where organ = '{here}'; delete from counter where organ = '{here}'; \
         update head set (seq, hash, recorded_at) = (select seq, hash, recorded_at from entry \
             where organ = '{here}' and seq = {entries}) where organ = '{here}'"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(restored)).execute(spoiler).await.unwrap();
}

#[tokio::test]
async fn a_restored_ledger_is_followed_again_after_a_new_epoch() {
    let world = World::new().await;
    let (intake, routing, echo, here) =
        (world.intake().await, world.routing().await, Echo::new(), organ("baoshan"));
    submit_all(&intake, &here, numbered(0..5)).await;
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    comes_to(&routing, &here, 5).await;
    following.stop().await;
    let (address, spoiler) = (served.address, world.spoiler().await);
    served.stop().await;
    restore(&spoiler, &here, 3).await;
    let intake: Writer<Intake> = world.intake().await;
    let served = Served::at(&intake, address).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    let head = new_epoch(intake.pool(), &here, 5, ledger::Algorithm::Sha256).await.unwrap();
    assert_eq!((head.epoch, head.seq), (2, 5));
    let told = submit_all(&intake, &here, [asked(Command::add(1, "after"))]).await;
    assert_eq!(told[0].as_ref().unwrap().position.seq, 6);
    let entries = comes_to(&routing, &here, 6).await;
    assert_eq!(entries[5].cause, Some((1, here.to_string(), 6)));
    assert_eq!(verify(intake.pool(), None).await.unwrap()[0].fault, None, "the gap is one of epochs");
    following.stop().await;
}

#[tokio::test]
async fn the_other_organs_are_followed_while_one_ledger_is_behind() {
    let world = World::new().await;
    let (intake, routing, echo) = (world.intake().await, world.routing().await, Echo::new());
    let (here, other) = (organ("baoshan"), organ("luodian"));
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    submit_all(&intake, &here, numbered(0..5)).await;
    submit_all(&intake, &other, numbered(0..1)).await;
    comes_to(&routing, &here, 5).await;
    comes_to(&routing, &other, 1).await;
    following.stop().await;
    restore(&world.spoiler().await, &here, 3).await;
    let restored: Writer<Intake> = world.intake().await;
    let again = Served::new(&restored).await;
    let following = Following::new(&routing, Service::Intake, &again, &echo);
    submit_all(&restored, &other, numbered(1..3)).await;
    comes_to(&routing, &other, 3).await;
    // The stream that told so goes on with that ledger, too, once its new epoch has passed what was lost.
    new_epoch(restored.pool(), &here, 5, ledger::Algorithm::Sha256).await.unwrap();
    submit_all(&restored, &here, [asked(Command::add(1, "after"))]).await;
    let entries = comes_to(&routing, &here, 6).await;
    assert_eq!(entries[5].cause, Some((1, here.to_string(), 6)));
    following.stop().await;
}

#[tokio::test]
async fn a_restored_ledger_is_not_followed_without_a_new_epoch() {
    let world = World::new().await;
    let (intake, routing, echo, here) =
        (world.intake().await, world.routing().await, Echo::new(), organ("baoshan"));
    let served = Served::new(&intake).await;
    let following = Following::new(&routing, Service::Intake, &served, &echo);
    submit_all(&intake, &here, numbered(0..5)).await;
    comes_to(&routing, &here, 5).await;
    following.stop().await;
    restore(&world.spoiler().await, &here, 3).await;
    let restored: Writer<Intake> = world.intake().await;
    let again = Served::new(&restored).await;
    // The same numbers again, for something else.
    submit_all(&restored, &here, numbered(5..10)).await;
    // Told on the same stream after what is known of that ledger: what another organ does arrives.
    let (other, following) = (organ("luodian"), Following::new(&routing, Service::Intake, &again, &echo));
    submit_all(&restored, &other, numbered(0..2)).await;
    comes_to(&routing, &other, 2).await;
    following.stop().await;
    let (entries, followed) = (sound(routing.pool(), &here).await, echo.heard());
    assert_eq!(tags(&entries), echoed(&here, &["0", "1", "2", "3", "4"]));
    assert_eq!(followed.len(), 5 + 2, "nothing more of that ledger was even sent");
}
