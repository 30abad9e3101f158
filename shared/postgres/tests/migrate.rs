//! Schemas, roles and migrations.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // clippy sees no test in a helper

mod common;

use std::time::Duration;

use common::{intake, routing, schema};
use postgres::testing::TestDb;
use postgres::{MigrationError, Schema, plan, prepare_schema};
use sqlx::PgPool;

async fn refused(pool: &PgPool, statement: &'static str) {
    let error = sqlx::raw_sql(statement).execute(pool).await.expect_err(statement);
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code).unwrap().into_owned();
    assert!(code == "42501" || code == "42P01", "{statement}: {error}");
}

#[tokio::test]
async fn a_role_reaches_its_own_schema_only() {
    let db = TestDb::new(&[intake(), routing()]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    sqlx::raw_sql(
        "INSERT INTO complaint VALUES ('a', 1); UPDATE complaint SET id = 2; DELETE FROM complaint",
    )
    .execute(&pool)
    .await
    .unwrap();
    for statement in [
        "SELECT * FROM routing.organ",
        "INSERT INTO routing.organ VALUES ('x')",
        "CREATE TABLE more (id int)",
        "CREATE TABLE public.more (id int)",
        "CREATE SCHEMA more",
        "TRUNCATE complaint",
        "DROP TABLE complaint",
        "SET ROLE duban_routing",
        "DELETE FROM _sqlx_migrations",
    ] {
        refused(&pool, statement).await;
    }
}

#[tokio::test]
async fn a_ledger_can_be_added_to_and_not_changed() {
    let db = TestDb::new(&[intake()]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    sqlx::raw_sql("INSERT INTO entry VALUES ('a', 1)").execute(&pool).await.unwrap();
    for statement in ["UPDATE entry SET seq = 2", "DELETE FROM entry", "TRUNCATE entry"] {
        refused(&pool, statement).await;
    }
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM entry").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 1);
}

#[tokio::test]
async fn the_plan_lists_what_is_pending_in_the_order_of_versions() {
    let db = TestDb::new(&[]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let schema = intake();
    let before = plan(&admin, &schema).await.unwrap();
    assert_eq!(before.pending.iter().map(|one| one.version).collect::<Vec<_>>(), [1, 2]);
    let done = prepare_schema(&admin, &schema, "test").await.unwrap();
    assert_eq!(done, before);
    let again = prepare_schema(&admin, &schema, "test").await.unwrap();
    assert_eq!((again.applied, again.pending), (vec![1, 2], vec![]));
    let service = db.pool("intake").await;
    assert!(service.is_err(), "the test did not ask for the schema");
}

#[tokio::test]
async fn data_of_another_version_is_refused_and_left_alone() {
    let db = TestDb::new(&[intake()]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let older = Schema { migrations: &intake().migrations[..1], append_only: &[], ..intake() };
    let error = prepare_schema(&admin, &older, "test").await.unwrap_err();
    let MigrationError::DataOfAnotherVersion { unknown, newest, .. } = &error else { panic!("{error}") };
    assert_eq!((unknown.as_slice(), *newest), ([2].as_slice(), Some(1)));
    let pool = db.pool("intake").await.unwrap();
    assert_eq!(plan(&pool, &older).await.unwrap().unknown, [2]);
}

#[tokio::test]
async fn an_edited_migration_and_a_double_version_are_refused() {
    let db = TestDb::new(&[routing()]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let edited = schema("routing", "duban_routing", &[&[(1, "CREATE TABLE organ (code int)")]], &[]);
    let error = prepare_schema(&admin, &edited, "test").await.unwrap_err();
    assert!(matches!(error, MigrationError::Edited { version: 1, .. }), "{error}");
    let twice = schema("routing", "duban_routing", &[&[(1, "SELECT 1")], &[(1, "SELECT 2")]], &[]);
    let error = prepare_schema(&admin, &twice, "test").await.unwrap_err();
    assert!(matches!(error, MigrationError::DuplicateVersion { version: 1, .. }), "{error}");
}

#[tokio::test]
async fn a_failing_migration_leaves_nothing_and_says_which() {
    let db = TestDb::new(&[routing()]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let steps: &[(i64, &str)] =
        &[(1, "CREATE TABLE organ (code text PRIMARY KEY)"), (2, "CREATE TABLE half (id int); SELECT 1 / 0")];
    let error = prepare_schema(&admin, &schema("routing", "duban_routing", &[steps], &[]), "test").await;
    assert!(matches!(error, Err(MigrationError::Failed { version: 2, .. })), "{error:?}");
    let half: Option<String> =
        sqlx::query_scalar("SELECT to_regclass('routing.half')::text").fetch_one(&admin).await.unwrap();
    assert_eq!(half, None);
}

#[tokio::test]
async fn several_programs_may_migrate_at_once() {
    let db = TestDb::new(&[]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let parallel = schema("parallel", "duban_parallel", &[&[(1, "CREATE TABLE t (id int)")]], &["t"]);
    let (one, two, three) = tokio::join!(
        prepare_schema(&admin, &parallel, "test"),
        prepare_schema(&admin, &parallel, "test"),
        prepare_schema(&admin, &parallel, "test")
    );
    let applied = [one, two, three].map(|plan| plan.unwrap().pending.len());
    assert_eq!(applied.iter().sum::<usize>(), 1);
}

#[tokio::test]
async fn a_migration_gives_way_to_a_long_reader_and_is_tried_again() {
    let db = TestDb::new(&[routing()]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let mut reader = admin.begin().await.unwrap();
    sqlx::raw_sql("SELECT * FROM routing.organ").execute(&mut *reader).await.unwrap();
    let steps: &[(i64, &str)] =
        &[(1, "CREATE TABLE organ (code text PRIMARY KEY)"), (2, "ALTER TABLE organ ADD COLUMN name text")];
    let wider = schema("routing", "duban_routing", &[steps], &[]);
    let migrating = tokio::spawn({
        let admin = admin.clone();
        async move { prepare_schema(&admin, &wider, "test").await }
    });
    // Once it has waited and given up, it has an aborted attempt behind it: the reader may end.
    let gave_up = "SELECT xact_rollback FROM pg_stat_database WHERE datname = current_database()";
    let before: i64 = sqlx::query_scalar(gave_up).fetch_one(&admin).await.unwrap();
    let mut look = tokio::time::interval(Duration::from_millis(50));
    let waiting = async {
        loop {
            look.tick().await;
            let now: i64 = sqlx::query_scalar(gave_up).fetch_one(&admin).await.unwrap();
            if now > before {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("no attempt was given up");
    assert!(!migrating.is_finished(), "{:?}", migrating.await);
    reader.rollback().await.unwrap();
    assert_eq!(migrating.await.unwrap().unwrap().pending.len(), 1);
}

#[tokio::test]
async fn a_superuser_is_no_service() {
    let db = TestDb::new(&[]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    sqlx::raw_sql("CREATE ROLE duban_mighty SUPERUSER").execute(&admin).await.unwrap();
    let mighty = schema("mighty", "duban_mighty", &[], &[]);
    let error = prepare_schema(&admin, &mighty, "test").await.unwrap_err();
    assert!(error.to_string().contains("too powerful for a service (superuser)"), "{error}");
    let absent = schema("absent", "duban_absent", &[], &["entry"]);
    let error = prepare_schema(&admin, &absent, "test").await.unwrap_err();
    assert!(matches!(error, MigrationError::NoSuchTable { table: "entry", .. }), "{error}");
}
