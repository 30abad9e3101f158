//! Every statement of the service is one that the migrated schema understands.

use std::path::Path;

use postgres::testing::TestDb;
use sqlx::AssertSqlSafe;

/// Lists of one case: a handful, read whole.
const WHOLE: [&str; 1] = ["list_rungs_of_case.sql"];

#[tokio::test]
async fn every_statement_reads_by_an_index_whatever_its_parameters() {
    let db = TestDb::new(&[supervision::SCHEMA]).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let plans = db.kept_plans("supervision", &folder).await.unwrap();
    assert!(plans.len() > 15, "only {} statements were found", plans.len());
    for (name, plan) in plans {
        assert!(!plan.iter().any(|line| line.contains("Seq Scan on")), "{name}: {plan:#?}");
        let goes_on = plan.iter().any(|line| line.contains("Index Cond") && line.contains("ROW("));
        let pages = name.starts_with("list_") && !WHOLE.contains(&name.as_str());
        assert!(goes_on || !pages, "{name} reads what comes before the page: {plan:#?}");
    }
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
