//! What the writer promises while the database is well.

use std::{collections::HashSet, sync::Arc};

use jiff::SignedDuration;
use ledger::{Algorithm, SubmitError, SystemClock, TurnedClock, WriterSettings};

use crate::support::{
    Command, Does, Intake, Told, World, asked, in_time, organ, requested, sound, submit_all, tags,
    transactions, writer, writer_with,
};

fn settings() -> WriterSettings {
    WriterSettings::default()
}

fn clock() -> Arc<SystemClock> {
    Arc::new(SystemClock::default())
}

#[tokio::test]
async fn fifty_at_once_with_one_request_id_are_one_effect_with_one_answer() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    let fifty = (0..50).map(|_| requested(7, 1, Command::add(1, "once")));
    let told: Vec<_> = submit_all(&writer, &here, fifty).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(told.iter().filter(|told| !told.replayed).count(), 1);
    let again = in_time(writer.submit(&here, requested(7, 1, Command::add(1, "once")))).await.unwrap();
    assert!(again.replayed);
    let same = |one: &ledger::Committed<_>| {
        (
            one.answer == told[0].answer,
            one.position == told[0].position,
            one.recorded_at == told[0].recorded_at,
        )
    };
    assert!(told.iter().chain([&again]).all(|one| same(one) == (true, true, true)), "{told:?} {again:?}");
    let entries = sound(writer.pool(), &here).await;
    assert_eq!(tags(&entries), ["once"]);
    assert_eq!(entries[0].request, Some(uuid::Uuid::from_u128(7)));
}

#[tokio::test]
async fn a_request_id_with_another_request_is_refused_and_shows_nothing() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    let at_once = [requested(7, 1, Command::add(1, "first")), requested(7, 2, Command::add(1, "other"))];
    let told = submit_all(&writer, &here, at_once).await;
    assert!(told[0].is_ok());
    assert!(matches!(told[1], Err(SubmitError::RequestReused)), "in the same batch: {:?}", told[1]);
    let later = in_time(writer.submit(&here, requested(7, 2, Command::add(1, "other")))).await;
    assert!(matches!(later, Err(SubmitError::RequestReused)), "in a later one: {later:?}");
    assert_eq!(tags(&sound(writer.pool(), &here).await), ["first"]);
}

#[tokio::test]
async fn a_request_id_belongs_to_one_organ() {
    let world = World::new().await;
    let writer = world.intake().await;
    for here in [organ("baoshan"), organ("baoshan.luodian")] {
        let told = in_time(writer.submit(&here, requested(7, 1, Command::add(1, "mine")))).await.unwrap();
        assert!(!told.replayed);
        assert_eq!(tags(&sound(writer.pool(), &here).await), ["mine"]);
    }
}

#[tokio::test]
async fn a_rejection_is_not_remembered() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    let no = requested(7, 1, Command::new(1, "no", Does::Reject));
    let rejected = in_time(writer.submit(&here, no)).await;
    let Err(SubmitError::Rejected(rejection)) = rejected else { panic!("{rejected:?}") };
    assert_eq!(rejection.to_string(), "no is against the rules");
    let told = in_time(writer.submit(&here, requested(7, 1, Command::add(1, "yes")))).await.unwrap();
    assert!(!told.replayed);
    assert_eq!(tags(&sound(writer.pool(), &here).await), ["yes"]);
}

#[tokio::test]
async fn what_waits_is_written_in_one_transaction_and_no_more_than_the_caps_allow() {
    let world = World::new().await;
    let pool = world.pool("intake").await;
    let hundred = || (0..100).map(|n| asked(Command::add(n % 7, n)));
    let all = submit_all(&writer::<1>(pool.clone()), &organ("all"), hundred()).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(transactions(&pool, &organ("all")).await, 1);

    let by_commands = WriterSettings { batch_commands: 30, ..settings() };
    submit_all(&writer_with::<1>(pool.clone(), clock(), by_commands), &organ("commands"), hundred()).await;
    assert_eq!(transactions(&pool, &organ("commands")).await, 4);

    // An event is some ten bytes.
    let by_bytes = WriterSettings { batch_bytes: 200, ..settings() };
    let told =
        submit_all(&writer_with::<1>(pool.clone(), clock(), by_bytes), &organ("bytes"), hundred()).await;
    let seqs: Vec<u64> = told.into_iter().map(|told| told.unwrap().position.seq).collect();
    assert_eq!(seqs, (1..=100).collect::<Vec<_>>());
    assert!((3..=10).contains(&transactions(&pool, &organ("bytes")).await));
    for here in ["all", "commands", "bytes"] {
        let expected: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        assert_eq!(tags(&sound(&pool, &organ(here)).await), expected, "in the order of arrival");
    }
}

#[tokio::test]
async fn later_commands_of_a_batch_see_what_the_earlier_did() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    for round in 0..3_i64 {
        let commands = (0..20).map(|n| asked(Command::new(1, format!("{round}/{n}"), Does::Add(5))));
        let told = submit_all(&writer, &here, commands).await;
        let totals: Vec<i64> = told.into_iter().map(|told| told.unwrap().answer.total).collect();
        assert_eq!(totals, (1..=20).map(|n| round * 100 + n * 5).collect::<Vec<_>>());
    }
    assert_eq!(sound(writer.pool(), &here).await.len(), 60);
}

/// Submits 200 commands of which one misbehaves, and checks that only that one came to nothing.
async fn one_of_200(does: Does, is_right: fn(&Told) -> bool) {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    let what = |n| if n == 77 { does.clone() } else { Does::Add(1) };
    let commands = (0..200_u32).map(|n| requested(n.into(), 1, Command::new((n % 50).into(), n, what(n))));
    let told = submit_all(&writer, &here, commands).await;
    for (n, told) in told.iter().enumerate() {
        assert!(if n == 77 { is_right(told) } else { told.is_ok() }, "{n}: {told:?}");
    }
    let entries = sound(writer.pool(), &here).await;
    let done: HashSet<&str> = tags(&entries).into_iter().collect();
    assert_eq!((done.len(), entries.len(), done.contains("77")), (199, 199, false));
    // The writer is none the worse for it, and the request id is free.
    let told = in_time(writer.submit(&here, requested(77, 1, Command::add(1, "77 again")))).await.unwrap();
    assert_eq!((told.position.seq, told.replayed), (200, false));
    sound(writer.pool(), &here).await;
}

#[tokio::test]
async fn one_rejected_of_200_concerns_itself_alone() {
    one_of_200(Does::Reject, |told| matches!(told, Err(SubmitError::Rejected(_)))).await;
}

#[tokio::test]
async fn one_refused_by_a_constraint_of_200_concerns_itself_alone() {
    one_of_200(Does::Violate, |told| match told {
        Err(SubmitError::Refused(error)) => postgres::constraint(error) == Some("counter_total"),
        _ => false,
    })
    .await;
}

#[tokio::test]
async fn one_refused_at_commit_of_200_concerns_itself_alone() {
    one_of_200(Does::ViolateLate, |told| match told {
        Err(SubmitError::Refused(error)) => postgres::constraint(error) == Some("note_parent"),
        _ => false,
    })
    .await;
}

#[tokio::test]
async fn one_that_panics_when_decided_of_200_concerns_itself_alone() {
    one_of_200(Does::Panic, |told| matches!(told, Err(SubmitError::Panicked))).await;
}

#[tokio::test]
async fn one_that_panics_half_way_of_200_concerns_itself_alone() {
    one_of_200(Does::PanicLate, |told| matches!(told, Err(SubmitError::Panicked))).await;
}

#[tokio::test]
async fn one_that_panics_when_saved_of_200_concerns_itself_alone() {
    one_of_200(Does::CrashSaving, |told| matches!(told, Err(SubmitError::Panicked))).await;
}

#[tokio::test]
async fn a_command_of_several_entries_is_answered_with_its_first() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    let commands = [
        Command::add(1, "a"),
        Command::new(1, "b", Does::Burst(3)),
        Command::new(1, "c", Does::Nothing),
        Command::add(1, "d"),
    ];
    let told =
        submit_all(&writer, &here, (1..).zip(commands).map(|(id, command)| requested(id, 1, command))).await;
    let seqs: Vec<u64> = told.iter().map(|told| told.as_ref().unwrap().position.seq).collect();
    // The third made none: it is told the head.
    assert_eq!(seqs, [1, 2, 5, 5]);
    let entries = sound(writer.pool(), &here).await;
    assert_eq!(tags(&entries), ["a", "b", "b", "b", "d"]);
    let requests: Vec<bool> = entries.iter().map(|entry| entry.request.is_some()).collect();
    assert_eq!(requests, [true, true, false, false, true]);
    let again =
        in_time(writer.submit(&here, requested(2, 1, Command::new(1, "b", Does::Burst(3))))).await.unwrap();
    assert_eq!((again.replayed, again.position), (true, told[1].as_ref().unwrap().position));
}

#[tokio::test]
async fn too_much_is_refused_at_once_and_the_rest_is_written() {
    let world = World::new().await;
    let few = WriterSettings { queue: 8, ..settings() };
    let (writer, here) = (writer_with::<1>(world.pool("intake").await, clock(), few), organ("baoshan"));
    let told = submit_all(&writer, &here, (0..30).map(|n| asked(Command::add(1, n)))).await;
    assert!(told[..8].iter().all(Result::is_ok), "{told:?}");
    assert!(
        told[8..].iter().all(|told| matches!(told, Err(SubmitError::Overloaded { queued: 8 }))),
        "{told:?}"
    );
    assert_eq!(sound(writer.pool(), &here).await.len(), 8);
    assert!(in_time(writer.submit(&here, asked(Command::add(1, "later")))).await.is_ok());
}

#[tokio::test]
async fn a_dropped_submit_changes_nothing() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("baoshan"));
    for n in 0..20_u32 {
        let mut submitted = Box::pin(writer.submit(&here, requested(n.into(), 1, Command::add(1, n))));
        // Polled once, so that it is in the queue; then its caller goes away.
        assert!(futures::poll!(&mut submitted).is_pending());
        drop(submitted);
    }
    let told = in_time(writer.submit(&here, requested(3, 1, Command::add(1, 3)))).await.unwrap();
    assert!(told.replayed);
    assert_eq!(told.position.seq, 4);
    assert_eq!(sound(writer.pool(), &here).await.len(), 20);
}

#[tokio::test]
async fn draining_writes_what_waits_and_takes_no_more() {
    let world = World::new().await;
    let few = WriterSettings { batch_commands: 10, ..settings() };
    let (writer, here) = (writer_with::<1>(world.pool("intake").await, clock(), few), organ("baoshan"));
    let waiting = submit_all(&writer, &here, (0..100).map(|n| asked(Command::add(1, n))));
    let mut waiting = Box::pin(waiting);
    assert!(futures::poll!(&mut waiting).is_pending());
    let (told, ()) = in_time(futures::future::join(waiting, writer.drain())).await;
    assert!(told.iter().all(Result::is_ok));
    for here in [&here, &organ("another")] {
        let late = in_time(writer.submit(here, asked(Command::add(1, "late")))).await;
        assert!(matches!(late, Err(SubmitError::Stopped)), "{late:?}");
    }
    assert_eq!(sound(writer.pool(), &here).await.len(), 100);
}

#[tokio::test]
async fn two_writers_of_one_ledger_take_turns() {
    let world = World::new().await;
    let (one, two, here) = (world.intake().await, world.intake().await, organ("baoshan"));
    let submit = |writer: &ledger::Writer<Intake>, name: &'static str| {
        let (writer, here) = (writer.clone(), here.clone());
        async move {
            for round in 0..10 {
                let commands = (0..10).map(|n| asked(Command::add(n, format!("{name}/{round}/{n}"))));
                assert!(submit_all(&writer, &here, commands).await.iter().all(Result::is_ok));
            }
        }
    };
    futures::join!(submit(&one, "one"), submit(&two, "two"));
    assert_eq!(sound(one.pool(), &here).await.len(), 200);
}

#[tokio::test]
async fn two_writers_asked_the_same_do_it_once() {
    let world = World::new().await;
    let (one, two, here) = (world.intake().await, world.intake().await, organ("baoshan"));
    let same = || (0..40_u32).map(|n| requested(n.into(), 1, Command::add(1, n)));
    let (first, second) = futures::join!(submit_all(&one, &here, same()), submit_all(&two, &here, same()));
    for (first, second) in first.into_iter().zip(second) {
        let (first, second) = (first.unwrap(), second.unwrap());
        assert_eq!((&first.answer, first.position), (&second.answer, second.position));
        assert_ne!(first.replayed, second.replayed);
    }
    assert_eq!(sound(one.pool(), &here).await.len(), 40);
}

#[tokio::test]
async fn time_never_goes_back() {
    let world = World::new().await;
    let turned = Arc::new(TurnedClock::standing("2026-03-02T01:00:00.123456789Z".parse().unwrap()));
    let writer = writer_with::<1>(world.pool("intake").await, turned.clone(), settings());
    let here = organ("baoshan");
    let first = in_time(writer.submit(&here, asked(Command::add(1, "first")))).await.unwrap();
    assert_eq!(first.recorded_at.to_string(), "2026-03-02T01:00:00.123456Z", "in microseconds");
    turned.set("2026-01-01T00:00:00Z".parse().unwrap());
    let second = in_time(writer.submit(&here, asked(Command::add(1, "second")))).await.unwrap();
    assert_eq!(second.recorded_at, first.recorded_at);
    turned.set("2026-03-02T01:00:00Z".parse().unwrap());
    turned.advance(SignedDuration::from_hours(2));
    let third = in_time(writer.submit(&here, asked(Command::add(1, "third")))).await.unwrap();
    assert_eq!(third.recorded_at.to_string(), "2026-03-02T03:00:00Z");
    sound(writer.pool(), &here).await;
}

#[tokio::test]
async fn a_ledger_keeps_the_hash_function_it_began_with() {
    let world = World::new().await;
    let pool = world.pool("intake").await;
    let sm3 = WriterSettings { algorithm: Algorithm::Sm3, ..settings() };
    let here = organ("baoshan");
    submit_all(&writer_with::<1>(pool.clone(), clock(), sm3), &here, [asked(Command::add(1, "sm3"))]).await;
    let sha256 = writer::<1>(pool.clone());
    submit_all(&sha256, &here, [asked(Command::add(1, "still sm3"))]).await;
    submit_all(&sha256, &organ("new"), [asked(Command::add(1, "sha256"))]).await;
    let chosen: Vec<(String, i16)> =
        sqlx::query_as("select organ, algorithm from head order by organ").fetch_all(&pool).await.unwrap();
    assert_eq!(chosen, [("baoshan".to_owned(), 2), ("new".to_owned(), 1)]);
    assert_eq!(sound(&pool, &here).await.len(), 2);
    sound(&pool, &organ("new")).await;
}

#[tokio::test]
async fn organs_do_not_wait_for_each_other() {
    let world = World::new().await;
    let (writer, spoiler) = (world.intake().await, world.spoiler().await);
    let (held, free) = (organ("held"), organ("free"));
    submit_all(&writer, &held, [asked(Command::add(1, "before"))]).await;
    let mut holder = spoiler.begin().await.unwrap();
    sqlx::query("select from head where organ = 'held' for update").execute(&mut *holder).await.unwrap();
    let mut waiting = Box::pin(writer.submit(&held, asked(Command::add(1, "waits"))));
    assert!(futures::poll!(&mut waiting).is_pending());
    assert!(in_time(writer.submit(&free, asked(Command::add(1, "goes on")))).await.is_ok());
    assert!(futures::poll!(&mut waiting).is_pending());
    holder.rollback().await.unwrap();
    assert!(in_time(waiting).await.is_ok());
    assert_eq!(sound(writer.pool(), &held).await.len(), 2);
}
