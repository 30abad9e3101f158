//! What an entry of the ledger was: for those who ask about their submissions, and who watch their cases.

use sqlx::PgPool;
use uuid::Uuid;

/// The first entry of a request.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Answered {
    /// Who asked.
    pub(crate) actor: String,
    /// What happened, by name.
    pub(crate) kind: String,
    /// The case; absent where it was about none.
    pub(crate) case_id: Option<Uuid>,
}

/// An entry that changed a case.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Change {
    /// Its number in the ledger.
    pub(crate) seq: i64,
    /// The case.
    pub(crate) case_id: Uuid,
    /// What happened, by name.
    pub(crate) kind: String,
    /// Microseconds since 1970.
    pub(crate) recorded_at: i64,
}

/// What a request of this id came to.
pub(crate) async fn find_submission(
    pool: &PgPool,
    organ: &str,
    request_id: Uuid,
) -> Result<Option<Answered>, sqlx::Error> {
    sqlx::query_as(include_str!("find_submission.sql"))
        .bind(organ)
        .bind(request_id)
        .fetch_optional(pool)
        .await
}

/// The number of an organ's last entry; 0 where it has no ledger yet.
pub(crate) async fn last_seq(pool: &PgPool, organ: &str) -> Result<i64, sqlx::Error> {
    let last = sqlx::query_scalar(include_str!("last_seq.sql")).bind(organ).fetch_optional(pool).await?;
    Ok(last.unwrap_or(0))
}

/// Entries of these kinds after one, up to another, in order.
pub(crate) async fn changes_after(
    pool: &PgPool,
    organ: &str,
    after: i64,
    upto: i64,
    kinds: &[&str],
    most: i64,
) -> Result<Vec<Change>, sqlx::Error> {
    sqlx::query_as(include_str!("changes_after.sql"))
        .bind(organ)
        .bind(after)
        .bind(upto)
        .bind(kinds)
        .bind(most)
        .fetch_all(pool)
        .await
}
