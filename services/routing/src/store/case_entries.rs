//! A case's own lines in the ledger, for its file.

use sqlx::PgPool;
use uuid::Uuid;

/// One entry of a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct CaseEntry {
    /// Microseconds since 1970.
    pub(crate) recorded_at: i64,
    /// Who.
    pub(crate) actor: String,
    /// The encoded event.
    pub(crate) body: Vec<u8>,
}

/// The entries of a case, oldest first.
pub(crate) async fn case_entries(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<CaseEntry>, sqlx::Error> {
    sqlx::query_as(include_str!("case_entries.sql")).bind(organ).bind(case_id).fetch_all(pool).await
}
