//! How fast figures are read: `cargo bench -p supervision --bench figures [-- CASES]`; 1,000,000 by default.
//!
//! Loads a year of cases at 50 organs, and says of each statement how long it took, the median of some runs, and its plan.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a bench

use std::time::{Duration, Instant};

use postgres::testing::TestDb;
use sqlx::{AssertSqlSafe, Executor as _, PgPool};

const LOAD: &str = include_str!("load.sql");
const BY_VALUE: &str = include_str!("../../src/store/figures_by_value.sql");
const BY_MONTH_VALUE: &str = include_str!("../../src/store/figures_by_month_value.sql");
const BY_DAY: &str = include_str!("../../src/store/figures_by_day.sql");
const LIST: &str = include_str!("../../src/store/list_figure_cases.sql");
const RUNS: usize = 9;
const CASES: u64 = 1_000_000;

#[tokio::main]
async fn main() {
    let cases = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(CASES);
    let db = TestDb::new(&[supervision::SCHEMA]).await.unwrap();
    let admin = db.admin_pool().await.unwrap();
    let begun = Instant::now();
    let mut connection = admin.acquire().await.unwrap();
    connection
        .execute("begin; set local search_path = supervision; set local statement_timeout = 0")
        .await
        .unwrap();
    for statement in LOAD.replace("$1", &cases.to_string()).split(";\n") {
        connection.execute(AssertSqlSafe(statement.to_owned())).await.unwrap();
    }
    connection
        .execute("commit; vacuum analyze supervision.counted; vacuum analyze supervision.day_figure")
        .await
        .ok();
    connection.execute("analyze supervision.counted").await.unwrap();
    connection.execute("analyze supervision.day_figure").await.unwrap();
    connection.execute("analyze supervision.month_figure").await.unwrap();
    println!("{cases} cases loaded in {:?}", begun.elapsed());
    let pool = db.pool("supervision").await.unwrap();
    let organs: Vec<String> = (0..50).map(|n| format!("'organ.{n:02}'")).collect();
    let organs = format!("array[{}]", organs.join(","));
    let of = |statement: &str, facet: u8, as_of: i32| {
        let statement = statement.replace("$1", &organs).replace("$2", "1").replace("$3", &facet.to_string());
        statement.replace("$4", "20454").replace("$5", "20818").replace("$6", &as_of.to_string())
    };
    let whole = |facet: u8| {
        let months =
            BY_MONTH_VALUE.replace("$1", &organs).replace("$2", "1").replace("$3", &facet.to_string());
        months.replace("$4", "24312").replace("$5", "24323")
    };
    for (what, facet) in [("organ", 0), ("channel", 1), ("ground", 2), ("outcome", 3), ("workdays", 5)] {
        measure(&pool, &format!("a year by {what}, by whole months"), &whole(facet)).await;
    }
    measure(&pool, "a year by organ", &of(BY_VALUE, 0, i32::MAX - 1)).await;
    measure(&pool, "the same as of a day", &of(BY_VALUE, 0, 20_600)).await;
    measure(&pool, "a year by channel", &of(BY_VALUE, 1, i32::MAX - 1)).await;
    measure(&pool, "a year by ground", &of(BY_VALUE, 2, i32::MAX - 1)).await;
    measure(&pool, "a year by outcome", &of(BY_VALUE, 3, i32::MAX - 1)).await;
    measure(&pool, "a year's histograms", &of(BY_VALUE, 5, i32::MAX - 1)).await;
    measure(&pool, "a year by day", &of(BY_DAY, 0, i32::MAX - 1)).await;
    let page = |day: i32| {
        // From the last place on: $1 is part of $10 and $11.
        let list = LIST
            .replace("$11", "500")
            .replace("$10", "''")
            .replace("$9", "0::smallint")
            .replace("$8", "0::bigint");
        let list = list
            .replace("$7", "'00000000-0000-0000-0000-000000000000'::uuid")
            .replace("$6", &day.to_string());
        let list = list.replace("$5", &(i32::MAX - 1).to_string()).replace("$4", "20818");
        list.replace("$3", "7").replace("$2", "1").replace("$1", &organs)
    };
    measure(&pool, "500 of what is concluded", &page(20_454)).await;
    measure(&pool, "500 from the middle on", &page(20_636)).await;
    let sum: i64 = sqlx::query_scalar("select sum(concluded) from day_figure where facet = 0")
        .fetch_one(&pool)
        .await
        .unwrap();
    let counted: i64 =
        sqlx::query_scalar("select count(*) from counted where measure = 7").fetch_one(&pool).await.unwrap();
    assert_eq!(sum, counted, "the counters are what was counted");
}

async fn measure(pool: &PgPool, what: &str, statement: &str) {
    let mut took: Vec<Duration> = Vec::with_capacity(RUNS);
    let mut rows = 0;
    for _ in 0..RUNS {
        let begun = Instant::now();
        rows = sqlx::query(AssertSqlSafe(statement.to_owned())).fetch_all(pool).await.unwrap().len();
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    println!("\n{what}: {:?}, {rows} rows", took.get(RUNS / 2).copied().unwrap_or_default());
    let plan: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, costs off) {statement}")))
            .fetch_all(pool)
            .await
            .unwrap();
    println!("{}", plan.join("\n"));
}
