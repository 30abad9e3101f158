//! What can go wrong with a database, and what an error of it means.

/// Why a schema could not be brought to the state this program needs.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A schema, role or table name is not a plain lower-case identifier.
    #[error(
        "`{0}` is no name for a schema, role or table: 1 to 63 of a-z, 0-9 and _, no digit first, no `pg_` first"
    )]
    Name(String),
    /// The password has characters that clients may normalise differently.
    #[error("the password of a role is 1 to 256 printable ASCII characters")]
    Password,
    /// Two of the merged migrations have the same version.
    #[error("schema {schema}: two migrations have version {version}")]
    DuplicateVersion {
        /// Schema concerned.
        schema: &'static str,
        /// The version that is there twice.
        version: i64,
    },
    /// The database has migrations that this program does not know.
    #[error(
        "schema {schema} holds data of another version of duban: it has migrations {unknown:?}, this program knows none above {newest:?}; run the version that made it, or one after it"
    )]
    DataOfAnotherVersion {
        /// Schema concerned.
        schema: &'static str,
        /// Versions that are applied and unknown.
        unknown: Vec<i64>,
        /// Newest version this program knows.
        newest: Option<i64>,
    },
    /// A migration was changed after it had been applied.
    #[error("schema {schema}: migration {version} is applied with another text than this program's")]
    Edited {
        /// Schema concerned.
        schema: &'static str,
        /// Version of the migration.
        version: i64,
    },
    /// A migration without a transaction was cut off half-way.
    #[error(
        "schema {schema}: migration {version} is applied in part; finish or undo it by hand, then remove its row from {schema}._sqlx_migrations"
    )]
    HalfApplied {
        /// Schema concerned.
        schema: &'static str,
        /// Version of the migration.
        version: i64,
    },
    /// A migration failed; what it did is rolled back, unless it runs without a transaction.
    #[error("schema {schema}: migration {version} ({description}) failed")]
    Failed {
        /// Schema concerned.
        schema: &'static str,
        /// Version of the migration.
        version: i64,
        /// Its name.
        description: String,
        /// What Postgres said.
        source: sqlx::Error,
    },
    /// Another program is migrating this database, and did not finish within a minute.
    #[error("another program is migrating this database; try again when it is done")]
    Busy,
    /// The service's role exists and can do more than a service's role may.
    #[error(
        "role {role} is too powerful for a service ({why}); drop it, or give the service a role of its own"
    )]
    RoleTooPowerful {
        /// Role concerned.
        role: &'static str,
        /// The attribute or membership that is too much.
        why: String,
    },
    /// A table named append-only is not there after all migrations.
    #[error("schema {schema} has no table {table}, which was named append-only")]
    NoSuchTable {
        /// Schema concerned.
        schema: &'static str,
        /// Table that is missing.
        table: &'static str,
    },
    /// Postgres refused, or could not be reached.
    #[error("schema {schema}: cannot {doing}")]
    Database {
        /// Schema concerned.
        schema: &'static str,
        /// What was being done, as an infinitive.
        doing: &'static str,
        /// What Postgres said.
        source: sqlx::Error,
    },
}

/// Name of the constraint that a statement violated, if that is what `error` is.
pub fn constraint(error: &sqlx::Error) -> Option<&str> {
    error.as_database_error()?.constraint()
}

/// Whether the database could not be reached or could not serve: the caller may try again later.
///
/// False for whatever would fail again in the same way (a violated constraint, a missing right, bad SQL).
pub fn is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(_) => sqlstate(error).is_some_and(|code| {
            // 08 connection, 53 resources (disk, memory, connections), 58 system; 57P0x: shutting down or starting,
            // 57014 cancelled by statement_timeout, 55P03 by lock_timeout, 25P0x by the idle-in-transaction timeout.
            matches!(code.get(..2), Some("08" | "53" | "58"))
                || matches!(
                    code.as_str(),
                    "57P01" | "57P02" | "57P03" | "57P05" | "57014" | "55P03" | "25P03"
                )
        }),
        _ => false,
    }
}

impl MigrationError {
    /// Whether another program was altering the same role at this moment: the row changed underway (XX000), or the role
    /// was made in between (23505, 42710).
    pub(crate) fn is_race(&self) -> bool {
        let Self::Database { source, .. } = self else { return false };
        match sqlstate(source).as_deref() {
            Some("23505" | "42710") => true,
            Some("XX000") => source.to_string().contains("concurrently updated"),
            _ => false,
        }
    }
}

/// The five-character code of an error that Postgres sent.
pub(crate) fn sqlstate(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_connection_is_unavailable_and_a_missing_row_is_not() {
        assert!(is_unavailable(&sqlx::Error::Io(std::io::ErrorKind::ConnectionRefused.into())));
        assert!(is_unavailable(&sqlx::Error::PoolTimedOut));
        assert!(!is_unavailable(&sqlx::Error::RowNotFound));
        assert_eq!(constraint(&sqlx::Error::RowNotFound), None);
    }
}
