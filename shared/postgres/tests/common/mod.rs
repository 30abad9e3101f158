//! Schemas for the tests of this crate.
#![allow(dead_code, unreachable_pub)] // each test binary uses its part

use postgres::Schema;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// A schema whose migrations are `sets` of `(version, SQL)`.
pub fn schema(
    name: &'static str,
    role: &'static str,
    sets: &[&[(i64, &'static str)]],
    append_only: &'static [&'static str],
) -> Schema {
    let migrators: Vec<&'static Migrator> = sets.iter().map(|set| migrator(set)).collect();
    Schema { name, role, migrations: migrators.leak(), append_only }
}

fn migrator(set: &[(i64, &'static str)]) -> &'static Migrator {
    let migrations = set
        .iter()
        .map(|(version, sql)| {
            let no_tx = sql.starts_with("-- no-transaction");
            Migration::new(*version, "a step".into(), MigrationType::Simple, sql.into_sql_str(), no_tx)
        })
        .collect();
    Box::leak(Box::new(Migrator::with_migrations(migrations)))
}

/// A ledger's table and a service's own, in one schema.
pub fn intake() -> Schema {
    schema(
        "intake",
        "duban_intake",
        &[
            &[(1, "CREATE TABLE entry (organ text, seq bigint, PRIMARY KEY (organ, seq))")],
            &[(
                2,
                "CREATE TABLE complaint (organ text, id int, CONSTRAINT complaint_pk PRIMARY KEY (organ, id))",
            )],
        ],
        &["entry"],
    )
}

/// Another service's.
pub fn routing() -> Schema {
    schema("routing", "duban_routing", &[&[(1, "CREATE TABLE organ (code text PRIMARY KEY)")]], &[])
}
