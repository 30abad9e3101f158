//! What a pool promises to a service.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // clippy sees no test in a helper

mod common;

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use postgres::testing::TestDb;
use postgres::{PoolSettings, connect, constraint, is_unavailable};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgPool};

/// Begins a transaction on the pool's one connection and drops the future after `polls` polls, as tonic does when a
/// client resets. False: it was finished by then.
async fn cancel_begin(pool: &PgPool, polls: usize) -> bool {
    let mut connection = pool.acquire().await.unwrap();
    let mut begin = pin!(connection.begin());
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(transaction) = begin.as_mut().poll(&mut context) {
            transaction.unwrap().rollback().await.unwrap();
            return false;
        }
        tokio::task::yield_now().await;
    }
    true
}

async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM intake.complaint").fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn writes_after_a_cancelled_begin_are_kept() {
    let db = TestDb::new(&[common::intake()]).await.unwrap();
    let observer = db.admin_pool().await.unwrap();
    let settings = PoolSettings { max_connections: 1, ..PoolSettings::new("test", "intake") };
    let pool = connect(db.options("intake").unwrap(), &settings).await.unwrap();
    let mut cancelled = 0;
    for (id, polls) in (1..=20_i32).zip([1, 2, 3].into_iter().cycle()) {
        cancelled += usize::from(cancel_begin(&pool, polls).await);
        sqlx::query("INSERT INTO complaint VALUES ('a', $1)").bind(id).execute(&pool).await.unwrap();
        assert_eq!(count(&observer).await, i64::from(id), "the write of {id} is not there");
    }
    assert!(cancelled > 0, "no begin was cancelled half-way");
    let open: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'")
        .fetch_one(&observer)
        .await
        .unwrap();
    assert_eq!(open, 0);
}

/// Fails once sqlx has the fix: then `after_release` may go.
#[tokio::test]
async fn a_bare_pool_loses_writes_after_a_cancelled_begin() {
    let db = TestDb::new(&[common::intake()]).await.unwrap();
    let observer = db.admin_pool().await.unwrap();
    let bare = PgPoolOptions::new().max_connections(1).connect_with(db.options("intake").unwrap());
    let bare = bare.await.unwrap();
    // Now and then the server answers within the first poll.
    while !cancel_begin(&bare, 1).await {}
    sqlx::query("INSERT INTO intake.complaint VALUES ('a', 1)").execute(&bare).await.unwrap();
    assert_eq!(count(&observer).await, 0);
}

#[tokio::test]
async fn a_failed_transaction_left_open_is_ended() {
    let db = TestDb::new(&[common::intake()]).await.unwrap();
    let settings = PoolSettings { max_connections: 1, ..PoolSettings::new("test", "intake") };
    let pool = connect(db.options("intake").unwrap(), &settings).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql("BEGIN").execute(&mut *connection).await.unwrap();
    sqlx::raw_sql("SELECT 1 / 0").execute(&mut *connection).await.unwrap_err();
    drop(connection);
    sqlx::query("INSERT INTO complaint VALUES ('a', 1)").execute(&pool).await.unwrap();
}

#[tokio::test]
async fn every_session_has_the_limits() {
    let db = TestDb::new(&[common::intake()]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    for (name, expected) in [
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("jit", "off"),
        ("search_path", "intake"),
        ("application_name", "test"),
        ("TimeZone", "UTC"),
        ("server_encoding", "UTF8"),
        ("lc_collate", "C"),
        ("data_checksums", "on"),
    ] {
        let value: Option<String> = sqlx::query_scalar(
            "SELECT coalesce(current_setting($1, true), \
             (SELECT datcollate FROM pg_database WHERE datname = current_database()))",
        )
        .bind(name)
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(value.as_deref(), Some(expected), "{name}");
    }
}

#[tokio::test]
async fn a_full_pool_is_unavailable_and_a_violated_constraint_is_named() {
    let db = TestDb::new(&[common::intake()]).await.unwrap();
    let settings = PoolSettings {
        max_connections: 1,
        acquire_timeout: Duration::from_millis(100),
        ..PoolSettings::new("test", "intake")
    };
    let pool = connect(db.options("intake").unwrap(), &settings).await.unwrap();
    let insert = "INSERT INTO complaint VALUES ('a', 1)";
    sqlx::query(insert).execute(&pool).await.unwrap();
    let again = sqlx::query(insert).execute(&pool).await.unwrap_err();
    assert_eq!(constraint(&again), Some("complaint_pk"));
    assert!(!is_unavailable(&again));
    let held = pool.acquire().await.unwrap();
    assert!(is_unavailable(&pool.acquire().await.unwrap_err()));
    drop(held);
}
