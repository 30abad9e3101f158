//! What those who watch are told from: how far the ledgers have got, and which cases their entries are about.

use std::collections::BTreeSet;

use sqlx::PgPool;
use uuid::Uuid;

/// A place in an organ's ledger: the epoch, and the entry's number.
pub(crate) type Place = (i32, i64);

/// The entries of an organ's ledger after one, up to another.
#[derive(Clone, Debug)]
pub(crate) struct Stretch {
    pub(crate) organ: String,
    pub(crate) after: i64,
    pub(crate) upto: i64,
}

/// The cases that entries are about.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Organ and case, each once.
    pub(crate) cases: BTreeSet<(String, Uuid)>,
    /// The organs of which there is more, and the last entry that was read.
    pub(crate) more: Vec<(String, i64)>,
}

/// How far each organ's ledger has got.
pub(crate) async fn heads(pool: &PgPool) -> Result<Vec<(String, Place)>, sqlx::Error> {
    let rows: Vec<(String, i32, i64)> = sqlx::query_as(include_str!("heads.sql")).fetch_all(pool).await?;
    Ok(rows.into_iter().map(|(organ, epoch, seq)| (organ, (epoch, seq))).collect())
}

/// The cases that the entries of these stretches are about, of up to `most` entries each.
pub(crate) async fn changed_cases(
    pool: &PgPool,
    stretches: &[Stretch],
    most: i64,
) -> Result<Changed, sqlx::Error> {
    let mut changed = Changed::default();
    if stretches.is_empty() {
        return Ok(changed);
    }
    let mut rows: Vec<(String, i64, Uuid)> = sqlx::query_as(include_str!("changed_cases.sql"))
        .bind(stretches.iter().map(|it| it.organ.as_str()).collect::<Vec<_>>())
        .bind(stretches.iter().map(|it| it.after).collect::<Vec<_>>())
        .bind(stretches.iter().map(|it| it.upto).collect::<Vec<_>>())
        .bind(most)
        .fetch_all(pool)
        .await?;
    rows.sort_unstable();
    for of_organ in rows.chunk_by(|one, next| one.0 == next.0) {
        let full = i64::try_from(of_organ.len()).is_ok_and(|count| count >= most);
        changed.more.extend(of_organ.last().filter(|_| full).map(|(organ, seq, _)| (organ.clone(), *seq)));
    }
    changed.cases.extend(rows.into_iter().map(|(organ, _, case_id)| (organ, case_id)));
    Ok(changed)
}
