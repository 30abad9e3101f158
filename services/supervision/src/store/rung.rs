//! The table `fired_rung`.

use duban_proto::supervision::v1::RungFired;
use ledger::to_micros;
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::Fired;
use postgres::row::{Damaged, Row, small};

/// A rung that fired, and the organ in whose ledger it did.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) organ: String,
    pub(crate) fired: Fired,
}

/// Where a page of rungs ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RungKey {
    fired_at: i64,
    seq: i64,
    organ: String,
}

/// Which rungs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Which {
    pub(crate) case_id: Option<Uuid>,
    pub(crate) instruments_only: bool,
}

#[derive(sqlx::FromRow)]
struct RungRow {
    organ: String,
    seq: i64,
    case_id: Uuid,
    number: String,
    fired_at: i64,
    rung: Vec<u8>,
}

impl RungKey {
    /// The key of a rung.
    pub(crate) fn of(issued: &Issued) -> Self {
        Self {
            fired_at: to_micros(issued.fired.fired_at),
            seq: issued.fired.seq.cast_signed(),
            organ: issued.organ.clone(),
        }
    }
}

impl TryFrom<RungRow> for Issued {
    type Error = Damaged;

    fn try_from(row: RungRow) -> Result<Self, Damaged> {
        let at = Row { table: "fired_rung", key: row.case_id };
        let fired = Fired {
            seq: row.seq.cast_unsigned(),
            case_id: row.case_id,
            number: row.number,
            fired_at: at.moment("fired_at", row.fired_at)?,
            rung: at.need("rung", RungFired::decode(row.rung.as_slice()).ok())?,
        };
        Ok(Self { organ: row.organ, fired })
    }
}

/// Adds rungs that fired.
pub(super) async fn save(tx: &mut PgConnection, organ: &str, fired: &[Fired]) -> Result<(), sqlx::Error> {
    if fired.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_rungs.sql"))
        .bind(organ)
        .bind(fired.iter().map(|it| it.seq.cast_signed()).collect::<Vec<_>>())
        .bind(fired.iter().map(|it| it.case_id).collect::<Vec<_>>())
        .bind(fired.iter().map(|it| it.number.as_str()).collect::<Vec<_>>())
        .bind(fired.iter().map(|it| to_micros(it.fired_at)).collect::<Vec<_>>())
        .bind(fired.iter().map(|it| small(it.rung.instrument)).collect::<Vec<_>>())
        .bind(fired.iter().map(|it| it.rung.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the rungs that fired in these organs' ledgers, newest first.
pub(crate) async fn list_rungs(
    pool: &PgPool,
    organs: &[String],
    which: Which,
    after: Option<&RungKey>,
    size: i64,
) -> Result<Vec<Issued>, sqlx::Error> {
    let Which { case_id, instruments_only } = which;
    let statement = match (case_id, instruments_only) {
        (Some(_), _) => include_str!("list_rungs_of_case.sql"),
        (None, true) => include_str!("list_instruments.sql"),
        (None, false) => include_str!("list_rungs.sql"),
    };
    let begin = RungKey { fired_at: i64::MAX, seq: i64::MAX, organ: String::new() };
    let after = after.unwrap_or(&begin);
    let mut query = sqlx::query_as(statement)
        .bind(organs)
        .bind(after.fired_at)
        .bind(after.seq)
        .bind(&after.organ)
        .bind(size);
    if let Some(case_id) = case_id {
        query = query.bind(case_id).bind(instruments_only);
    }
    let rows: Vec<RungRow> = query.fetch_all(pool).await?;
    rows.into_iter().map(|row| Ok(row.try_into()?)).collect()
}
