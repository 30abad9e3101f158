//! A database per test.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // clippy sees no test in a helper

mod common;

use postgres::testing::{TestDb, TestDbError};
use tokio::task::JoinSet;

#[tokio::test(flavor = "multi_thread")]
async fn databases_made_at_once_know_nothing_of_each_other() {
    let mut tests = JoinSet::new();
    for id in 0..20_i32 {
        tests.spawn(async move {
            let db = TestDb::new(&[common::intake(), common::routing()]).await.unwrap();
            let pool = db.pool("intake").await.unwrap();
            sqlx::query("INSERT INTO complaint VALUES ('a', $1)").bind(id).execute(&pool).await.unwrap();
            let found: Vec<i32> =
                sqlx::query_scalar("SELECT id FROM complaint").fetch_all(&pool).await.unwrap();
            assert_eq!(found, [id]);
            let by_url = postgres::parse_url(&db.url("routing").unwrap()).unwrap();
            assert_eq!(by_url.get_username(), "duban_routing");
            assert_eq!(by_url.get_socket(), db.admin().get_socket());
        });
    }
    assert_eq!(tests.join_all().await.len(), 20);
}

#[tokio::test]
async fn a_schema_that_was_not_asked_for_is_not_there() {
    let db = TestDb::new(&[common::routing()]).await.unwrap();
    assert!(matches!(db.pool("intake").await, Err(TestDbError::NoSuchSchema(name)) if name == "intake"));
}
