//! Going on after a restore: the numbers that others have seen are left out, and the epoch says why.

use sqlx::PgPool;

use crate::{Algorithm, Organ, Position, store::head};

/// Begins a new epoch of a ledger that was restored from a backup; the next entry gets a number after `reserved`, the
/// last one that anybody may have seen. Gives back the head as it is now.
pub async fn new_epoch(
    pool: &PgPool,
    organ: &Organ,
    reserved: u64,
    algorithm: Algorithm,
) -> Result<Position, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    sqlx::raw_sql("begin").execute(&mut *connection).await?;
    let mut head = head::lock(&mut connection, organ, algorithm).await?;
    head.position.epoch += 1;
    head.position.seq = head.position.seq.max(reserved);
    head::save(&mut connection, organ, &head).await?;
    sqlx::raw_sql("commit").execute(&mut *connection).await?;
    Ok(head.position)
}
