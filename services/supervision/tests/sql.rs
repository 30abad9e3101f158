//! Every statement of the service is one that the migrated schema understands.

use std::fs;
use std::path::Path;

use postgres::testing::TestDb;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

#[tokio::test]
async fn every_statement_can_be_prepared() {
    let db = TestDb::new(&[supervision::SCHEMA]).await.unwrap();
    let pool = db.pool("supervision").await.unwrap();
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
async fn the_tick_reads_by_the_index_of_running_clocks() {
    let db = TestDb::new(&[supervision::SCHEMA]).await.unwrap();
    let pool = db.pool("supervision").await.unwrap();
    let plan = |statement: &str| format!("explain {statement}");
    let fill = "insert into clock (organ, case_id, term, number, responsible_organ, home, registering_organ, start_at,
                                   accepted_at, due_at, length, extended, provisional, calendar, citation, rung_times,
                                   fired, light, next_at, stopped_at, stop_reason, on_time, workdays)
                select 'baoshan', gen_random_uuid(), 0, '', '', '', '', 0, 0, n, '', false, false, '', '', '', 0, 1,
                       case when n % 2 = 0 then n end, case when n % 2 = 1 then n end, 0, false, 0
                from generate_series(1, 20000) as n";
    sqlx::query(fill).execute(&pool).await.unwrap();
    sqlx::query("analyze supervision.clock").execute(&db.admin_pool().await.unwrap()).await.unwrap();
    let statement = include_str!("../src/store/due_rungs.sql").replace("$1", "10").replace("$2", "1000");
    let rows: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(plan(&statement))).fetch_all(&pool).await.unwrap();
    let scans = rows.iter().filter(|row| row.contains("clock_next")).count();
    assert_eq!(scans, 2, "{rows:#?}");
}
