//! Every statement of the service is one that the migrated schema understands.
#![allow(clippy::unwrap_used)] // helpers are not in #[test]

use std::path::Path;

use postgres::testing::TestDb;
use sqlx::{AssertSqlSafe, PgPool};

/// Lists of one case: a handful, read whole.
const WHOLE: [&str; 2] = ["list_readings.sql", "list_replies_of_case.sql"];

const NOBODY: &str = "'00000000-0000-0000-0000-000000000000'";

async fn plan(pool: &PgPool, statement: &str) -> Vec<String> {
    let explain = AssertSqlSafe(format!("explain {statement}"));
    sqlx::query_scalar(explain).fetch_all(pool).await.unwrap()
}

#[tokio::test]
async fn every_statement_reads_by_an_index_whatever_its_parameters() {
    let db = TestDb::new(&[intake::SCHEMA]).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let plans = db.kept_plans("intake", &folder).await.unwrap();
    assert!(plans.len() > 15, "only {} statements were found", plans.len());
    for (name, plan) in plans {
        assert!(!plan.iter().any(|line| line.contains("Seq Scan on")), "{name}: {plan:#?}");
        let goes_on = plan.iter().any(|line| line.contains("Index Cond") && line.contains("ROW("));
        let pages = name.starts_with("list_") && !WHOLE.contains(&name.as_str());
        assert!(goes_on || !pages, "{name} reads what comes before the page: {plan:#?}");
    }
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
        .replace("$5", "50")
        .replace("$6::", "0::");
    let rows = plan(&pool, &statement).await;
    assert!(rows.iter().any(|row| row.contains("case_file_list")), "{rows:#?}");
    assert!(!rows.iter().any(|row| row.contains("Seq Scan")), "{rows:#?}");
}

#[tokio::test]
async fn lists_counts_and_searches_go_by_their_own_indexes() {
    let db = TestDb::new(&[intake::SCHEMA]).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store");
    let plans = db.kept_plans("intake", &folder).await.unwrap();
    let expected = [
        // The keys come from the index alone.
        ("list_cases.sql", "Index Only Scan using case_file_list"),
        ("count_cases.sql", "Index Only Scan using case_file_list"),
        ("list_cases_by_facet.sql", "Index Only Scan Backward using case_facet_pk"),
        ("count_cases_by_facet.sql", "Index Only Scan using case_facet_pk"),
        ("find_numbered_cases.sql", "Index Only Scan using case_facet_pk"),
        ("find_texts.sql", "Bitmap Index Scan on case_text_grams"),
        ("find_newest_texts.sql", "Index Only Scan using case_text_newest"),
        ("delete_facets.sql", "Index Scan using case_facet_pk"),
    ];
    for (statement, node) in expected {
        let plan = &plans[statement];
        assert!(plan.iter().any(|line| line.contains(node)), "{statement}: {plan:#?}");
    }
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
        .replace("$3::", "'{10000}'::")
        .replace("$4::", &format!("array[{NOBODY}]::"))
        .replace("$5", "50")
        .replace("$6", "true")
        .replace("$7", "'{channel/online}'");
    let rows = plan(&pool, &statement).await;
    assert!(rows.iter().any(|row| row.contains("reply_list")), "{rows:#?}");
    assert!(!rows.iter().any(|row| row.contains("Seq Scan")), "{rows:#?}");
}

#[tokio::test]
async fn what_is_due_is_read_by_its_index_and_not_among_all_that_waits() {
    let db = TestDb::new(&[intake::SCHEMA]).await.unwrap();
    let pool = db.pool("intake").await.unwrap();
    let fill =
        "insert into reply (organ, reply_id, case_id, occasion, since, outcome, attempts, is_open, urgency,
                                   route, next_at)
                select 'baoshan', gen_random_uuid(), gen_random_uuid(), 1, n, 0, 0, n % 50 = 0, n,
                       'channel/online', case when n % 50 = 0 then n end
                from generate_series(1, 20000) as n";
    sqlx::query(fill).execute(&pool).await.unwrap();
    sqlx::query("analyze intake.reply").execute(&db.admin_pool().await.unwrap()).await.unwrap();
    for (statement, index) in [
        (include_str!("../src/store/due_replies.sql").replace("$3", "500").replace("$2", "100"), "reply_due"),
        (include_str!("../src/store/next_due.sql").replace("$2", "500"), "reply_due"),
        (include_str!("../src/store/oldest_open.sql").to_owned(), "reply_waits"),
    ] {
        let rows = plan(&pool, &statement.replace("$1::", "'{channel/online}'::")).await;
        assert!(rows.iter().any(|row| row.contains(index)), "{rows:#?}");
        assert!(!rows.iter().any(|row| row.contains("Seq Scan")), "{rows:#?}");
    }
}
