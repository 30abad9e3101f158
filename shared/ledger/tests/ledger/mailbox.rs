//! Entries addressed to another organ take effect there, in order, once.

use std::sync::Arc;

use ledger::{Organ, Writer, follow_mailboxes};
use sqlx::Row;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::support::{
    Command, Does, Echo, Intake, Seen, World, asked, cursors, in_time, organ, parked, sound, submit_all,
    tags, until,
};

fn following(writer: &Writer<Intake>, echo: &Arc<Echo>) -> (CancellationToken, JoinHandle<()>) {
    let shutdown = CancellationToken::new();
    (shutdown.clone(), tokio::spawn(follow_mailboxes(writer.clone(), Arc::clone(echo), shutdown)))
}

/// The entries of an organ that came from others, once there are so many.
async fn received(writer: &Writer<Intake>, here: &Organ, count: i64) -> Vec<Seen> {
    until(writer, async || {
        let received = "select count(*) from entry where organ = $1 and cause_service is not null";
        count == sqlx::query_scalar(received).bind(here.as_str()).fetch_one(writer.pool()).await.unwrap_or(-1)
    })
    .await;
    sound(writer.pool(), here).await.into_iter().filter(|entry| entry.cause.is_some()).collect()
}

#[tokio::test]
async fn what_is_addressed_to_an_organ_takes_effect_there_in_order_and_once() {
    let world = World::new().await;
    let (writer, echo) = (world.intake().await, Echo::new());
    let organs = [organ("a"), organ("b"), organ("c")];
    let send = async |round: u32| {
        for from in &organs {
            let others = organs.iter().filter(|to| *to != from).cycle();
            let commands = (0..10)
                .zip(others)
                .map(|(n, to)| asked(Command::new(n, format!("{round}-{n}"), Does::Send(to.clone()))));
            submit_all(&writer, from, commands.chain([asked(Command::add(1, format!("{round}-own")))])).await;
        }
    };
    send(0).await;
    let (shutdown, task) = following(&writer, &echo);
    send(1).await;
    for here in &organs {
        let entries = received(&writer, here, 20).await;
        for from in organs.iter().filter(|from| *from != here) {
            let of_sender: Vec<&Seen> =
                entries.iter().filter(|entry| entry.cause.as_ref().unwrap().1 == from.as_str()).collect();
            assert_eq!(of_sender.len(), 10);
            assert!(of_sender.is_sorted_by_key(|entry| entry.cause.as_ref().unwrap().2), "in order");
            assert!(of_sender.iter().all(|entry| entry.actor == "service:intake"));
            assert_eq!(cursors(writer.pool(), here).await.get(&(1, from.to_string(), true)), Some(&10));
        }
    }
    shutdown.cancel();
    in_time(task).await.unwrap();
}

#[tokio::test]
async fn a_mailbox_is_numbered_and_chained_of_its_own() {
    let world = World::new().await;
    let (writer, here) = (world.intake().await, organ("a"));
    for n in 0..6 {
        let to = organ(if n % 2 == 0 { "even" } else { "odd" });
        let commands =
            [Command::new(1, format!("sent {n}"), Does::Send(to)), Command::add(1, format!("own {n}"))];
        submit_all(&writer, &here, commands.map(asked)).await;
    }
    sound(writer.pool(), &here).await;
    for to in ["even", "odd"] {
        let rows = sqlx::query("select * from entry where audience = $1 order by audience_seq").bind(to);
        let rows = rows.fetch_all(writer.pool()).await.unwrap();
        let mut before = vec![0; 32];
        for (seq, row) in (1..).zip(&rows) {
            assert_eq!(row.get::<i64, _>("audience_seq"), seq);
            assert_eq!(row.get::<Vec<u8>, _>("audience_prev_hash"), before);
            before = row.get("hash");
        }
        assert_eq!(rows.len(), 3);
        let head: (i64, Vec<u8>) = sqlx::query_as("select seq, hash from mailbox where audience = $1")
            .bind(to)
            .fetch_one(writer.pool())
            .await
            .unwrap();
        assert_eq!(head, (3, before));
    }
}

#[tokio::test]
async fn a_mailbox_that_is_held_up_does_not_hold_up_the_others() {
    let world = World::new().await;
    let (writer, echo) = (world.intake().await, Echo::new());
    let (from, held, free) = (organ("from"), organ("held"), organ("free"));
    let send = async |to: &Organ, tag: &str| {
        submit_all(&writer, &from, [asked(Command::new(1, tag, Does::Send(to.clone())))]).await;
    };
    send(&held, "later").await;
    let (shutdown, task) = following(&writer, &echo);
    echo.hears(1).await;
    send(&free, "first").await;
    assert_eq!(tags(&received(&writer, &free, 1).await), ["from/first"]);
    send(&free, "second").await;
    assert_eq!(tags(&received(&writer, &free, 2).await), ["from/first", "from/second"]);
    assert_eq!(received(&writer, &held, 0).await, []);
    echo.is_ready();
    assert_eq!(tags(&received(&writer, &held, 1).await), ["from/later"]);
    shutdown.cancel();
    in_time(task).await.unwrap();
}

#[tokio::test]
async fn a_letter_that_cannot_be_applied_is_put_aside() {
    let world = World::new().await;
    let (writer, echo) = (world.intake().await, Echo::new());
    let (from, to) = (organ("from"), organ("to"));
    let letters = ["rejected", "malformed", "good"];
    submit_all(&writer, &from, letters.map(|tag| asked(Command::new(1, tag, Does::Send(to.clone()))))).await;
    let (shutdown, task) = following(&writer, &echo);
    assert_eq!(tags(&received(&writer, &to, 1).await), ["from/good"]);
    let aside: Vec<i64> = parked(writer.pool(), &to).await.into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(aside, [1, 2]);
    shutdown.cancel();
    in_time(task).await.unwrap();
}
