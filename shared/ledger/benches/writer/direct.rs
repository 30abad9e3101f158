//! The same without the writer: each command in a transaction of its own, on a connection of its own.

use prost::Message;
use sqlx::{PgConnection, PgPool};

use crate::domain::{Numbered, Submitted, id, text};

/// Whether transactions take their turn at the head of the organ's ledger.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Head {
    /// Locked first and moved last, as the writer does.
    Locked,
    /// Neither read nor moved: no order, no chain.
    Absent,
}

/// The head of the one organ there is.
pub(crate) async fn begin_ledger(pool: &PgPool) -> Result<(), sqlx::Error> {
    sqlx::query("insert into head values ('organ-0', 1, 0, $1, 0, 1)")
        .bind(vec![0_u8; 32])
        .execute(pool)
        .await?;
    Ok(())
}

/// Submits the complaint with this number. The hash is left out, in favour of this one.
pub(crate) async fn submit(connection: &mut PgConnection, head: Head, n: u64) -> Result<(), sqlx::Error> {
    sqlx::raw_sql("begin").execute(&mut *connection).await?;
    let seq = match head {
        Head::Locked => {
            let lock = "select seq from head where organ = 'organ-0' for update";
            sqlx::query_scalar::<_, i64>(lock).fetch_one(&mut *connection).await? + 1
        }
        Head::Absent => n.cast_signed(),
    };
    let number = format!("2026-{n:08}");
    let event = Submitted { number: number.clone(), text: text(n), channel: 3 };
    sqlx::query(
        "insert into entry (organ, seq, epoch, case_id, kind, body, recorded_at, actor, request_id, fingerprint, \
         answer, prev_hash, hash) values ('organ-0', $1, 1, $2, 'complaint_submitted', $3, $1, \
         'agency:letters-and-calls', $4, $5, $6, $5, $5)",
    )
    .bind(seq)
    .bind(id(n, true))
    .bind(event.encode_to_vec())
    .bind(id(n, false))
    .bind(vec![7_u8; 32])
    .bind(Numbered { number: number.clone() }.encode_to_vec())
    .execute(&mut *connection)
    .await?;
    sqlx::query("insert into complaint values ('organ-0', $1, $2, 1, 3, $3, $3)")
        .bind(id(n, true))
        .bind(number)
        .bind(seq)
        .execute(&mut *connection)
        .await?;
    if head == Head::Locked {
        sqlx::query("update head set seq = $1, hash = $2, recorded_at = $1 where organ = 'organ-0'")
            .bind(seq)
            .bind(vec![7_u8; 32])
            .execute(&mut *connection)
            .await?;
    }
    sqlx::raw_sql("commit").execute(connection).await?;
    Ok(())
}
