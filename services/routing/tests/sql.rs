//! Every statement of the service is one that the migrated schema understands.

use std::path::Path;

use postgres::testing::TestDb;
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn every_statement_reads_by_an_index_whatever_its_parameters() {
    let db = TestDb::new(&[routing::SCHEMA]).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let plans = db.kept_plans("routing", &folder).await.unwrap();
    assert!(plans.len() >= 6, "only {} statements were found", plans.len());
    for (name, plan) in plans {
        assert!(!plan.iter().any(|line| line.contains("Seq Scan on")), "{name}: {plan:#?}");
        let goes_on = plan.iter().any(|line| line.contains("Index Cond") && line.contains("ROW("));
        assert!(goes_on || !name.starts_with("list_"), "{name} reads what comes before the page: {plan:#?}");
    }
}

#[tokio::test]
async fn a_page_is_read_by_the_index_of_lists() {
    let db = TestDb::new(&[routing::SCHEMA]).await.unwrap();
    let pool = db.pool("routing").await.unwrap();
    let fill = "insert into routed_case (organ, case_id, state, opened_at, body)
                select 'baoshan', gen_random_uuid(), n % 12 + 1, n, '' from generate_series(1, 20000) as n";
    sqlx::query(fill).execute(&pool).await.unwrap();
    sqlx::query("analyze routing.routed_case").execute(&db.admin_pool().await.unwrap()).await.unwrap();
    let statement = include_str!("../src/store/list_cases.sql")
        .replace("$1::", "'{baoshan}'::")
        .replace("$2::", "'{4,9}'::")
        .replace("$3", "10000")
        .replace("$4", "'00000000-0000-0000-0000-000000000000'")
        .replace("$5", "50")
        .replace("$6", "'baoshan'")
        .replace("$7", "0")
        .replace("$8", "0")
        .replace("$9::", "'{baoshan}'::");
    let plan: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("explain {statement}"))).fetch_all(&pool).await.unwrap();
    assert!(plan.iter().any(|row| row.contains("routed_case_first")), "{plan:#?}");
    assert!(!plan.iter().any(|row| row.contains("Seq Scan")), "{plan:#?}");
}
