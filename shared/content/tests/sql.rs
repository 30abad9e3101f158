//! Every statement reads by an index, in a schema like a service's.
#![allow(clippy::unwrap_used)] // helpers are not in #[test]

use std::path::Path;

use postgres::Schema;
use postgres::testing::TestDb;

const SCHEMA: Schema = Schema {
    name: "content_test",
    role: "duban_content_test",
    migrations: &[&content::MIGRATOR],
    append_only: &[],
};

#[tokio::test]
async fn every_statement_reads_by_an_index_whatever_its_parameters() {
    let db = TestDb::new(&[SCHEMA]).await.unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let plans = db.kept_plans("content_test", &folder).await.unwrap();
    assert!(plans.len() > 8, "only {} statements were found", plans.len());
    for (name, plan) in plans {
        assert!(!plan.iter().any(|line| line.contains("Seq Scan on")), "{name}: {plan:#?}");
    }
}
