//! The connection to Postgres is cut at every message of a batch, both ways.

use std::time::Duration;

use ledger::{
    Applied, Effect, Hash, Position, Service, Source, SubmitError, SystemClock, Writer, WriterSettings,
};

use crate::support::{
    At, Command, Does, How, Intake, Proxy, Routing, Told, World, asked, cursors, in_time, organ, parked,
    requested, sound, submit_all, tags, writer, writer_with,
};

/// A batch with everything in it: several entries, another organ's mailbox, a rejection, a repeated request.
fn batch(round: u32) -> Vec<ledger::Submission<Command>> {
    let tag = |name: &str| format!("{round}/{name}");
    let id = |n: u128| u128::from(round) * 100 + n;
    vec![
        requested(id(1), 1, Command::add(1, tag("one"))),
        requested(id(2), 1, Command::new(2, tag("burst"), Does::Burst(3))),
        requested(id(3), 1, Command::new(1, tag("sent"), Does::Send(organ("elsewhere")))),
        requested(id(4), 1, Command::new(1, tag("no"), Does::Reject)),
        requested(id(1), 1, Command::add(1, tag("one"))),
    ]
}

fn is_right(told: &[Told]) -> bool {
    let [one, burst, sent, no, again] = told else { return false };
    let same = |a: &Told, b: &Told| match (a, b) {
        (Ok(a), Ok(b)) => a.position == b.position && a.answer == b.answer && a.recorded_at == b.recorded_at,
        _ => false,
    };
    burst.is_ok() && sent.is_ok() && matches!(no, Err(SubmitError::Rejected(_))) && same(one, again)
}

/// Cuts at one message after the other, until a batch needs no more messages than that. Each time the writer has to
/// find out by itself, and everybody is told what is so.
async fn cut_everywhere(how: How, warm: bool) {
    let world = World::new().await;
    let proxy = world.proxy();
    let mut pool = world.pool_through(&proxy, "intake").await;
    let mut writer: Writer<Intake> = writer(pool.clone());
    let here = organ("baoshan");
    let mut messages = 0;
    for round in 0.. {
        if !warm {
            pool = world.pool_through(&proxy, "intake").await;
            writer = crate::support::writer(pool.clone());
        }
        proxy.cut(At::Message(round), how);
        // One has no request id: nothing but the writer's own care keeps it from being there twice.
        let own = asked(Command::add(3, format!("{round}/own")));
        let mut told = submit_all(&writer, &here, batch(round).into_iter().chain([own])).await;
        assert!(told.pop().unwrap().is_ok_and(|own| !own.replayed), "{how:?} message {round}");
        assert!(is_right(&told), "cut {how:?} message {round}: {told:?}");
        if proxy.cuts() == messages {
            break;
        }
        messages += 1;
        assert_eq!(proxy.cuts(), messages, "one cut a round");
        proxy.heal();
        let again = submit_all(&writer, &here, batch(round)).await;
        assert!(is_right(&again), "again after {how:?} message {round}: {again:?}");
        for (told, again) in told.iter().zip(&again) {
            if let (Ok(told), Ok(again)) = (told, again) {
                assert!(again.replayed, "{how:?} message {round}");
                assert_eq!((&told.answer, told.position), (&again.answer, again.position));
            }
        }
    }
    proxy.heal();
    // Each of a dozen statements is at least Bind, Execute, Sync.
    assert!(messages > 30, "only {messages} messages were cut");
    let entries = sound(&pool, &here).await;
    assert_eq!(entries.len(), (messages as usize + 1) * 6);
}

#[tokio::test]
async fn a_cut_before_any_message_on_a_new_connection() {
    cut_everywhere(How::Before, false).await;
}

#[tokio::test]
async fn a_cut_after_any_message_on_a_new_connection() {
    cut_everywhere(How::After, false).await;
}

#[tokio::test]
async fn a_cut_before_any_message_on_a_connection_in_use() {
    cut_everywhere(How::Before, true).await;
}

#[tokio::test]
async fn a_cut_after_any_message_on_a_connection_in_use() {
    cut_everywhere(How::After, true).await;
}

/// Effects of three entries after `from`: a command, nothing but the cursor, a rejection that is put aside.
fn effects(from: u64) -> Vec<Effect<Command>> {
    let effect = |n, commands| Effect { at: at(from + n), cause: None, after: None, commands: Ok(commands) };
    let tag = |n| format!("{from}+{n}");
    vec![
        effect(1, vec![Command::add(1, tag(1))]),
        effect(2, Vec::new()),
        effect(3, vec![Command::new(1, tag(3), Does::Reject)]),
    ]
}

fn at(seq: u64) -> Position {
    Position { epoch: 1, seq, hash: if seq == 0 { Hash::ZERO } else { Hash([7; 32]) } }
}

/// Cuts at one message after the other of the application of effects.
async fn cut_effects_everywhere(how: How) {
    let world = World::new().await;
    let proxy = world.proxy();
    let pool = world.pool_through(&proxy, "routing").await;
    let (writer, here): (Writer<Routing>, _) = (writer(pool.clone()), organ("baoshan"));
    let source = Source { service: Service::Intake, organ: here.clone(), mailbox: false };
    let mut upto = 0;
    for round in 0.. {
        proxy.cut(At::Message(round), how);
        // The second time a page in which nothing but the cursor moves.
        for effects in [effects(upto), vec![Effect { at: at(upto + 4), ..effects(upto).remove(1) }]] {
            let (from, last) = (upto, effects.last().unwrap().at);
            let applied = in_time(writer.apply(&here, &source, at(from), effects)).await.unwrap();
            assert_eq!(applied, Applied { upto: last, waits_for: None }, "cut {how:?} message {round}");
            upto = last.seq;
        }
        if proxy.cuts() == round {
            break;
        }
    }
    assert!(proxy.cuts() > 30, "only {} messages were cut", proxy.cuts());
    proxy.heal();
    let rounds = upto / 4;
    let expected: Vec<String> = (0..rounds).map(|round| format!("{}+1", round * 4)).collect();
    assert_eq!(tags(&sound(&pool, &here).await), expected);
    let aside: Vec<i64> = parked(&pool, &here).await.into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(aside, (0..rounds.cast_signed()).map(|round| round * 4 + 3).collect::<Vec<_>>());
    assert_eq!(cursors(&pool, &here).await, [((1, here.to_string(), false), upto.cast_signed())].into());
}

#[tokio::test]
async fn a_cut_before_any_message_while_effects_are_applied() {
    cut_effects_everywhere(How::Before).await;
}

#[tokio::test]
async fn a_cut_after_any_message_while_effects_are_applied() {
    cut_effects_everywhere(How::After).await;
}

/// A writer that gives up asking soon, behind a proxy.
async fn impatient(world: &World) -> (Proxy, Writer<Intake>) {
    let proxy = world.proxy();
    let settings = WriterSettings { resolve_within: Duration::from_millis(300), ..WriterSettings::default() };
    let pool = world.pool_through(&proxy, "intake").await;
    (proxy, writer_with(pool, std::sync::Arc::new(SystemClock::default()), settings))
}

/// The commit is cut and nobody can be asked: everybody is told that it is not known, and the request id tells later.
async fn unknown(how: How, is_there: bool) {
    let world = World::new().await;
    let (proxy, writer) = impatient(&world).await;
    let here = organ("baoshan");
    submit_all(&writer, &here, [asked(Command::add(1, "before"))]).await;
    proxy.cut_for_good(At::Commit, how);
    let ask = || (0..20_u32).map(|n| requested(n.into(), 1, Command::add(1, n)));
    let told = submit_all(&writer, &here, ask()).await;
    assert!(told.iter().all(|told| matches!(told, Err(SubmitError::OutcomeUnknown))), "{told:?}");
    let entries = sound(&world.pool("intake").await, &here).await;
    assert_eq!(entries.len(), if is_there { 21 } else { 1 });
    proxy.heal();
    let again = submit_all(&writer, &here, ask()).await;
    assert!(again.iter().all(|told| told.as_ref().is_ok_and(|told| told.replayed == is_there)), "{again:?}");
    assert_eq!(sound(writer.pool(), &here).await.len(), 21);
}

#[tokio::test]
async fn a_commit_that_arrived_and_can_t_be_asked_about_is_told_by_the_request_id() {
    unknown(How::After, true).await;
}

#[tokio::test]
async fn a_commit_that_did_not_arrive_and_can_t_be_asked_about_is_told_by_the_request_id() {
    unknown(How::Before, false).await;
}

#[tokio::test]
async fn without_a_database_nothing_is_done_and_it_is_said() {
    let world = World::new().await;
    let (proxy, writer) = impatient(&world).await;
    let here = organ("baoshan");
    proxy.cut_for_good(At::Message(0), How::Before);
    let told = submit_all(&writer, &here, batch(0)).await;
    assert!(told.iter().all(|told| matches!(told, Err(SubmitError::Unavailable(_)))), "{told:?}");
    proxy.heal();
    assert_eq!(sound(writer.pool(), &here).await, []);
    assert!(is_right(&submit_all(&writer, &here, batch(0)).await));
    assert_eq!(sound(writer.pool(), &here).await.len(), 5);
}

#[tokio::test]
async fn a_connection_that_the_server_ends_is_not_noticed_by_anybody() {
    let world = World::new().await;
    let (writer, spoiler, here) = (world.intake().await, world.spoiler().await, organ("baoshan"));
    for round in 0..3 {
        assert!(is_right(&submit_all(&writer, &here, batch(round)).await));
        let ended: Vec<bool> = sqlx::query_scalar(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity \
             where application_name = 'test' and datname = current_database()",
        )
        .fetch_all(&spoiler)
        .await
        .unwrap();
        assert!(!ended.is_empty() && ended.iter().all(|ended| *ended));
    }
    assert_eq!(sound(&spoiler, &here).await.len(), 15);
}

#[tokio::test]
async fn a_head_that_is_locked_too_long_is_told_and_nothing_is_done() {
    let world = World::new().await;
    let (writer, spoiler, here) = (world.intake().await, world.spoiler().await, organ("baoshan"));
    submit_all(&writer, &here, [asked(Command::add(1, "before"))]).await;
    let mut holder = spoiler.begin().await.unwrap();
    sqlx::query("select from head where organ = 'baoshan' for update").execute(&mut *holder).await.unwrap();
    let told = in_time(writer.submit(&here, asked(Command::add(1, "waits too long")))).await;
    assert!(matches!(told, Err(SubmitError::Unavailable(_))), "{told:?}");
    holder.rollback().await.unwrap();
    assert!(in_time(writer.submit(&here, asked(Command::add(1, "after")))).await.is_ok());
    assert_eq!(tags(&sound(writer.pool(), &here).await), ["before", "after"]);
}
