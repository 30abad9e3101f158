//! The table `organ_directory`, which the crate `directory` writes.

use duban_proto::common::v1::Organ;
use prost::Message;
use sqlx::PgConnection;

use crate::domain::{Act, Command};

/// Those of the organs of these commands that the directory of this ledger has.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    commands: &[&Command],
) -> Result<Vec<Organ>, sqlx::Error> {
    let codes: Vec<&str> = commands
        .iter()
        .filter_map(|command| match &command.act {
            Act::Establish(organs) => Some(organs),
            _ => None,
        })
        .flatten()
        .map(|organ| organ.code.as_str())
        .collect();
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Vec<u8>> =
        sqlx::query_scalar(include_str!("load_organs.sql")).bind(organ).bind(codes).fetch_all(tx).await?;
    rows.iter()
        .map(|body| Organ::decode(body.as_slice()).map_err(|error| sqlx::Error::Decode(error.into())))
        .collect()
}
