//! What a pool promises to a service.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // clippy sees no test in a helper

mod common;

use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use postgres::testing::TestDb;
use postgres::{PoolSettings, connect, constraint, is_unavailable};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

/// A way to the server that passes its answers on only while `open` says so.
struct Gate {
    open: watch::Sender<bool>,
    /// Folder of the gate's socket.
    folder: TempDir,
}

impl Gate {
    /// The gate before the server these options lead to.
    fn before(server: &PgConnectOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = socket(server.get_socket().unwrap());
        let listener = UnixListener::bind(socket(folder.path())).unwrap();
        let (open, watched) = watch::channel(true);
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(relay(client, UnixStream::connect(&server).await.unwrap(), watched.clone()));
            }
        });
        Self { open, folder }
    }

    /// Begins a transaction on the pool's one connection and drops the future after `polls` polls, before the server
    /// has answered, as tonic does when a client resets.
    async fn cancel_begin(&self, pool: &PgPool, polls: usize) {
        let mut connection = pool.acquire().await.unwrap();
        self.open.send_replace(false);
        {
            let mut begin = pin!(connection.begin());
            let mut context = Context::from_waker(Waker::noop());
            for _ in 0..polls {
                assert!(begin.as_mut().poll(&mut context).is_pending(), "an answer passed a closed gate");
                tokio::task::yield_now().await;
            }
        }
        self.open.send_replace(true);
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join(".s.PGSQL.5432")
}

async fn relay(client: UnixStream, server: UnixStream, mut open: watch::Receiver<bool>) {
    let (mut from_server, mut to_server) = server.into_split();
    let (mut from_client, mut to_client) = client.into_split();
    let asked = tokio::io::copy(&mut from_client, &mut to_server);
    let answered = async {
        let mut answer = Vec::new();
        loop {
            answer.clear();
            if from_server.read_buf(&mut answer).await? == 0 || open.wait_for(|open| *open).await.is_err() {
                return std::io::Result::Ok(());
            }
            to_client.write_all(&answer).await?;
        }
    };
    // Whichever side leaves first ends the other.
    tokio::select! { _ = asked => {}, _ = answered => {} }
}

async fn count(pool: &PgPool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM intake.complaint").fetch_one(pool).await.unwrap()
}

#[tokio::test]
async fn writes_after_a_cancelled_begin_are_kept() {
    let db = TestDb::new(&[common::intake()]).await.unwrap();
    let observer = db.admin_pool().await.unwrap();
    let settings = PoolSettings { max_connections: 1, ..PoolSettings::new("test", "intake") };
    let login = db.options("intake").unwrap();
    let gate = Gate::before(&login);
    let pool = connect(login.socket(gate.folder.path()), &settings).await.unwrap();
    for (id, polls) in (1..=20_i32).zip([1, 2, 3].into_iter().cycle()) {
        gate.cancel_begin(&pool, polls).await;
        sqlx::query("INSERT INTO complaint VALUES ('a', $1)").bind(id).execute(&pool).await.unwrap();
        assert_eq!(count(&observer).await, i64::from(id), "the write of {id} is not there");
    }
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
    let login = db.options("intake").unwrap();
    let gate = Gate::before(&login);
    let bare = PgPoolOptions::new().max_connections(1).connect_with(login.socket(gate.folder.path()));
    let bare = bare.await.unwrap();
    gate.cancel_begin(&bare, 1).await;
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
