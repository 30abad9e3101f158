//! The tables `instrument` and `instrument_register`.

use duban_proto::routing::v1::InstrumentState;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use super::routed_case::{decode, small};
use crate::domain::{Act, Case, Command, Instrument};

/// An instrument of a list: the organ in whose ledger it is, its case, and its id.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) organ: String,
    pub(crate) case_id: Uuid,
    pub(crate) instrument_id: Uuid,
    pub(crate) case: Case,
}

/// Where a page of instruments ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct InstrumentKey {
    state: i16,
    urgency: i64,
    instrument_id: Uuid,
}

impl InstrumentKey {
    /// The key of an instrument.
    pub(crate) fn of(instrument_id: Uuid, instrument: &Instrument) -> Self {
        Self { state: small(instrument.state().into()), urgency: instrument.urgency(), instrument_id }
    }

    /// What those of each of these states come after, on the page after `after`; those before its state are through.
    fn each(states: &[InstrumentState], after: Option<Self>) -> Vec<Self> {
        let begin = |state| Self { state, urgency: i64::MIN, instrument_id: Uuid::nil() };
        let mut states: Vec<i16> = states.iter().map(|state| small((*state).into())).collect();
        states.sort_unstable();
        states.dedup();
        let last = after.map_or(i16::MIN, |after| after.state);
        let still = states.into_iter().filter(|state| *state >= last);
        still.map(|state| after.filter(|after| after.state == state).unwrap_or(begin(state))).collect()
    }
}

/// Saves where the instruments of these cases stand.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[(Uuid, Case)],
) -> Result<(), sqlx::Error> {
    let all =
        cases.iter().flat_map(|(case_id, case)| case.instruments.iter().map(move |one| (*case_id, one)));
    let rows: Vec<(Uuid, Uuid, &Instrument)> =
        all.filter_map(|(case_id, one)| Some((Uuid::try_parse(one.id()).ok()?, case_id, one))).collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_instruments.sql"))
        .bind(organ)
        .bind(rows.iter().map(|(id, _, _)| *id).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, case_id, _)| *case_id).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, _, one)| small(one.state().into())).collect::<Vec<_>>())
        .bind(rows.iter().map(|(_, _, one)| one.urgency()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of the instruments of these organs in these states, by state, in each the most urgent first.
pub(crate) async fn list_instruments(
    pool: &PgPool,
    organs: &[String],
    states: &[InstrumentState],
    after: Option<InstrumentKey>,
    size: i64,
) -> Result<Vec<Listed>, sqlx::Error> {
    let keys = InstrumentKey::each(states, after);
    let rows: Vec<(String, Uuid, Uuid, Vec<u8>)> = sqlx::query_as(include_str!("list_instruments.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.state).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.urgency).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.instrument_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    let listed = |(organ, case_id, instrument_id, body): (String, Uuid, Uuid, Vec<u8>)| {
        Ok(Listed { organ, case_id, instrument_id, case: decode(case_id, &body)? })
    };
    rows.into_iter().map(listed).collect()
}

/// The last numbers of the registers, where a command gives one out: a row a kind and year, so all are read.
pub(super) async fn load_registers(
    tx: &mut PgConnection,
    organ: &str,
    commands: &[&Command],
) -> Result<Vec<(i32, i16, u32)>, sqlx::Error> {
    if !commands.iter().any(|command| matches!(&command.act, Act::After(after) if after.issues())) {
        return Ok(Vec::new());
    }
    let rows: Vec<(i16, i16, i32)> =
        sqlx::query_as(include_str!("load_instrument_registers.sql")).bind(organ).fetch_all(tx).await?;
    Ok(rows.into_iter().map(|(kind, year, last)| (kind.into(), year, last.cast_unsigned())).collect())
}

/// Saves the last numbers given out.
pub(super) async fn save_registers(
    tx: &mut PgConnection,
    organ: &str,
    registers: &[(i32, i16, u32)],
) -> Result<(), sqlx::Error> {
    if registers.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_instrument_registers.sql"))
        .bind(organ)
        .bind(registers.iter().map(|(kind, _, _)| small(*kind)).collect::<Vec<_>>())
        .bind(registers.iter().map(|(_, year, _)| *year).collect::<Vec<_>>())
        .bind(registers.iter().map(|(_, _, last)| last.cast_signed()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}
