//! The table `received_instrument`.

use duban_proto::routing::v1::ReceivedInstrumentState;
use postgres::row::small;
use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Act, Command, Received};

/// Where a page of received instruments ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct ReceivedKey {
    state: i16,
    urgency: i64,
    instrument_id: Uuid,
}

impl ReceivedKey {
    /// The key of one.
    pub(crate) fn of(one: &Received) -> Self {
        Self { state: state(one), urgency: one.urgency(), instrument_id: id(one.id()) }
    }

    /// What those of each of these states come after, on the page after `after`; those before its state are through.
    fn each(states: &[ReceivedInstrumentState], after: Option<Self>) -> Vec<Self> {
        let begin = |state| Self { state, urgency: i64::MIN, instrument_id: Uuid::nil() };
        let mut states: Vec<i16> = states.iter().map(|state| small((*state).into())).collect();
        states.sort_unstable();
        states.dedup();
        let last = after.map_or(i16::MIN, |after| after.state);
        let still = states.into_iter().filter(|state| *state >= last);
        still.map(|state| after.filter(|after| after.state == state).unwrap_or(begin(state))).collect()
    }
}

fn state(one: &Received) -> i16 {
    small(one.state().into())
}

fn id(text: &str) -> Uuid {
    Uuid::try_parse(text).unwrap_or_default()
}

fn decode(body: &[u8]) -> Result<Received, sqlx::Error> {
    Received::decode(body).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// Those on these cases, where a command is about them; in a rebuild, without commands, all.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
    commands: &[&Command],
) -> Result<Vec<Received>, sqlx::Error> {
    let concerned = |command: &&Command| matches!(command.act, Act::Received(_) | Act::Erase(_));
    let wanted = commands.is_empty() || commands.iter().any(concerned);
    if cases.is_empty() || !wanted {
        return Ok(Vec::new());
    }
    let rows: Vec<(Uuid, Vec<u8>)> =
        sqlx::query_as(include_str!("load_received.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.iter().map(|(_, body)| decode(body)).collect()
}

/// Saves received instruments.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    received: &[Received],
) -> Result<(), sqlx::Error> {
    if received.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_received.sql"))
        .bind(organ)
        .bind(received.iter().map(|one| id(&one.case_id)).collect::<Vec<_>>())
        .bind(received.iter().map(|one| id(one.id())).collect::<Vec<_>>())
        .bind(received.iter().map(state).collect::<Vec<_>>())
        .bind(received.iter().map(Received::urgency).collect::<Vec<_>>())
        .bind(received.iter().map(Message::encode_to_vec).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// An instrument that one of these organs received, and which.
pub(crate) async fn find_received(
    pool: &PgPool,
    organs: &[String],
    case_id: Uuid,
    instrument_id: Uuid,
) -> Result<Option<(String, Received)>, sqlx::Error> {
    let row: Option<(String, Uuid, Vec<u8>)> = sqlx::query_as(include_str!("find_received.sql"))
        .bind(organs)
        .bind(case_id)
        .bind(instrument_id)
        .fetch_optional(pool)
        .await?;
    row.map(|(organ, _, body)| Ok((organ, decode(&body)?))).transpose()
}

/// A page of what these organs received, by state, in each the most urgent first.
pub(crate) async fn list_received(
    pool: &PgPool,
    organs: &[String],
    states: &[ReceivedInstrumentState],
    after: Option<ReceivedKey>,
    size: i64,
) -> Result<Vec<(String, Received)>, sqlx::Error> {
    let keys = ReceivedKey::each(states, after);
    let rows: Vec<(String, Uuid, Vec<u8>)> = sqlx::query_as(include_str!("list_received.sql"))
        .bind(organs)
        .bind(keys.iter().map(|key| key.state).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.urgency).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.instrument_id).collect::<Vec<_>>())
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|(organ, _, body)| Ok((organ, decode(&body)?))).collect()
}
