//! A service's schema: its name, its role, its migrations.

use sqlx::migrate::{Migration, Migrator};

use crate::error::MigrationError;

/// What one service owns in a database.
#[derive(Debug, Clone, Copy)]
pub struct Schema {
    /// Name of the schema, for example `intake`.
    pub name: &'static str,
    /// Role the service logs in with, for example `duban_intake`.
    pub role: &'static str,
    /// Sets of migrations that make up the schema (the ledger's and the service's own), applied together in the
    /// order of their versions. Their SQL names tables without a schema.
    pub migrations: &'static [&'static Migrator],
    /// Tables the role may read and add to, but neither change nor empty.
    pub append_only: &'static [&'static str],
}

impl Schema {
    /// All up-migrations in the order of their versions, after a check of every name.
    pub(crate) fn merged(&self) -> Result<Vec<&'static Migration>, MigrationError> {
        for name in [self.name, self.role].into_iter().chain(self.append_only.iter().copied()) {
            check_name(name)?;
        }
        let mut all: Vec<_> = self
            .migrations
            .iter()
            .flat_map(|set| set.iter())
            .filter(|migration| !migration.migration_type.is_down_migration())
            .collect();
        all.sort_by_key(|migration| migration.version);
        let twice = all.iter().zip(all.iter().skip(1)).find(|(one, next)| one.version == next.version);
        match twice {
            Some((one, _)) => {
                Err(MigrationError::DuplicateVersion { schema: self.name, version: one.version })
            }
            None => Ok(all),
        }
    }

    /// The table that records what is applied, qualified.
    pub(crate) fn history(&self) -> String {
        format!("\"{}\"._sqlx_migrations", self.name)
    }
}

/// Names go into SQL text between quotes, so only those pass that quotes can't harm. `public` is everybody's.
fn check_name(name: &str) -> Result<(), MigrationError> {
    let plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    let digit_first = name.starts_with(|first: char| first.is_ascii_digit());
    if !plain || digit_first || !(1..=63).contains(&name.len()) || name.starts_with("pg_") || name == "public"
    {
        return Err(MigrationError::Name(name.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_would_need_quotes_is_refused() {
        for bad in ["", "Intake", "in take", "1st", "pg_temp", "a\"b", "a;drop", "public", &"a".repeat(64)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
        for good in ["intake", "duban_intake", "_x1"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
    }
}
