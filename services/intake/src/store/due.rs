//! What the tick reads: limits that have run out, over all organs, each by its index.

use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

/// A limit that ran out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Due {
    /// The organ in whose ledger it is.
    pub(crate) organ: String,
    /// The case it is about, or the report.
    pub(crate) case_id: Uuid,
    /// What ran out.
    pub(crate) what: What,
}

/// What ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The limit of a supplement (10).
    Supplement,
    /// The limit of a referral's answer (14(4)).
    Referral,
    /// The limit of an organ's answer to the centre (12).
    Demand {
        /// The demand.
        demand_id: Uuid,
    },
}

/// Up to `most` of each kind that are due at `now`.
pub(crate) async fn due(pool: &PgPool, now: Timestamp, most: i64) -> Result<Vec<Due>, sqlx::Error> {
    let rows: Vec<(i32, String, Uuid, Uuid)> =
        sqlx::query_as(include_str!("due.sql")).bind(now.as_microsecond()).bind(most).fetch_all(pool).await?;
    let due = |(what, organ, case_id, id)| {
        let what = match what {
            1 => What::Supplement,
            2 => What::Referral,
            3 => What::Demand { demand_id: id },
            _ => return None,
        };
        Some(Due { organ, case_id, what })
    };
    Ok(rows.into_iter().filter_map(due).collect())
}
