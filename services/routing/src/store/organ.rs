//! The table `organ_directory`, which the crate `directory` writes.

use duban_proto::common::v1::Organ;
use duban_proto::routing::v1::PlannedChange;
use prost::Message;
use sqlx::PgConnection;

use super::organ_change;
use crate::domain::{Act, Command, Succession};

/// The organs that the directory of this ledger has, and what is planned for it, where one of these commands changes it: it
/// is small, and decided on as a whole.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    commands: &[&Command],
) -> Result<(Vec<Organ>, Vec<PlannedChange>), sqlx::Error> {
    if !commands.iter().any(|command| changes_directory(&command.act)) {
        return Ok((Vec::new(), Vec::new()));
    }
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_organs.sql")).bind(organ).fetch_all(&mut *tx).await?;
    let organs = rows.iter().map(|body| decode(body)).collect::<Result<_, _>>()?;
    Ok((organs, organ_change::load(tx, organ).await?))
}

fn changes_directory(act: &Act) -> bool {
    match act {
        Act::Establish(_) => true,
        Act::Succession(act) => {
            matches!(**act, Succession::Plan(_) | Succession::Cancel { .. } | Succession::TakeEffect { .. })
        }
        _ => false,
    }
}

/// A message as a column has it.
pub(super) fn decode<M: Message + Default>(body: &[u8]) -> Result<M, sqlx::Error> {
    M::decode(body).map_err(|error| sqlx::Error::Decode(error.into()))
}
