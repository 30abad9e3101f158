//! Every statement of the service is one that the migrated schema understands.
#![allow(clippy::unwrap_used)] // helpers are not in #[test]

use std::fs;
use std::path::Path;

use postgres::testing::TestDb;
use sqlx::{AssertSqlSafe, Executor as _, PgPool, SqlSafeStr as _};

const NOBODY: &str = "'00000000-0000-0000-0000-000000000000'";

async fn plan(pool: &PgPool, statement: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("explain {statement}"));
    sqlx::query_scalar(explain).fetch_all(pool).await.unwrap()
}

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let db = TestDb::new(&[intake::SCHEMA]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let mut statements = 0;
    for file in fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "sql") {
            let text = fs::read_to_string(&path).unwrap();
            let prepared = pool.prepare(AssertSqlSafe(text).into_sql_str()).await;
            assert!(prepared.is_ok(), "{}: {:?}", path.display(), prepared.err());
            statements += 1;
        }
    }
    assert!(statements > 15, "only {statements} statements were found");
}

#[tokio::test]
async fn a_page_of_cases_is_read_by_the_index_of_lists() {
    let db = TestDb::new(&[intake::SCHEMA]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    let fill =
        "insert into case_file (organ, case_id, state, version, number, received, received_at, closing,
                                       responsible_organ, term, finding, withdrawn)
                select 'baoshan', gen_random_uuid(), n % 12 + 1, 1, n, '', n, '', '', 0, 0, false
                from generate_series(1, 20000) as n";
    sqlx::query(fill).execute(&pool).await.unwrap();
    sqlx::query("analyze intake.case_file").execute(&db.admin_pool().await.unwrap()).await.unwrap();
    let statement = include_str!("../src/store/list_cases.sql")
        .replace("$1::", "'{baoshan}'::")
        .replace("$2::", "'{1,4}'::")
        .replace("$3", "10000")
        .replace("$4", NOBODY)
        .replace("$5", "50");
    let rows = plan(&pool, &statement).await;
    assert!(rows.iter().any(|row| row.contains("case_file_list")), "{rows:#?}");
    assert!(!rows.iter().any(|row| row.contains("Seq Scan")), "{rows:#?}");
}

#[tokio::test]
async fn a_page_of_replies_is_read_by_the_index_of_the_most_urgent() {
    let db = TestDb::new(&[intake::SCHEMA]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    let fill =
        "insert into reply (organ, reply_id, case_id, occasion, since, outcome, attempts, is_open, urgency)
                select 'baoshan', gen_random_uuid(), gen_random_uuid(), 1, n, 0, 0, n % 50 = 0, n
                from generate_series(1, 20000) as n";
    sqlx::query(fill).execute(&pool).await.unwrap();
    sqlx::query("analyze intake.reply").execute(&db.admin_pool().await.unwrap()).await.unwrap();
    let statement = include_str!("../src/store/list_replies.sql")
        .replace("$1::", "'{baoshan}'::")
        .replace("$2::", "'{true}'::")
        .replace("$3", "true")
        .replace("$4", "10000")
        .replace("$5", NOBODY)
        .replace("$6", "50");
    let rows = plan(&pool, &statement).await;
    assert!(rows.iter().any(|row| row.contains("reply_list")), "{rows:#?}");
    assert!(!rows.iter().any(|row| row.contains("Seq Scan")), "{rows:#?}");
}
