//! The table `guidance`.

use prost::Message;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{Act, Case, Command, Guidance, guidance_id};

/// Where a page of questions ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct GuidanceKey {
    asked_at: i64,
    guidance_id: Uuid,
}

impl GuidanceKey {
    /// The first page comes after this.
    fn begin() -> Self {
        Self { asked_at: i64::MAX, guidance_id: Uuid::max() }
    }

    /// The key of a row.
    pub(crate) fn of(guidance_id: Uuid, guidance: &Guidance) -> Self {
        Self { asked_at: asked_at(guidance), guidance_id }
    }
}

fn asked_at(guidance: &Guidance) -> i64 {
    let asked = guidance.asked.as_ref().and_then(|asked| asked.asked_at.as_ref());
    asked.and_then(server::time::from_proto).map_or(0, jiff::Timestamp::as_microsecond)
}

fn decode(rows: Vec<(Uuid, Vec<u8>)>) -> Result<Vec<(Uuid, Guidance)>, sqlx::Error> {
    let one = |(id, body): (Uuid, Vec<u8>)| {
        let guidance =
            Guidance::decode(body.as_slice()).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok((id, guidance))
    };
    rows.into_iter().map(one).collect()
}

/// The questions that these commands are about; of a case that is erased, those that were asked on it.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    commands: &[&Command],
    cases: &[(Uuid, Case)],
) -> Result<Vec<(Uuid, Guidance)>, sqlx::Error> {
    if commands.is_empty() {
        // In a rebuild: an answer may stand pages after its question.
        let rows = sqlx::query_as(include_str!("load_all_guidance.sql")).bind(organ).fetch_all(tx).await?;
        return decode(rows);
    }
    let asked = commands.iter().filter_map(|command| match &command.act {
        Act::Guidance(guidance) => guidance.id(),
        _ => None,
    });
    let erases = |case_id: &Uuid| {
        let erases = |command: &&&Command| matches!(command.act, Act::Erase(_));
        commands.iter().filter(erases).any(|command| command.case_id == Some(*case_id))
    };
    let erased = cases.iter().filter(|(case_id, _)| erases(case_id)).flat_map(|(_, case)| &case.questions);
    let erased = erased.filter_map(|question| guidance_id(&question.guidance_id));
    let ids: Vec<Uuid> = asked.chain(erased).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as(include_str!("load_guidance.sql")).bind(organ).bind(ids).fetch_all(tx).await?;
    decode(rows)
}

/// Saves questions and answers.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    guidance: &[(Uuid, Guidance)],
) -> Result<(), sqlx::Error> {
    if guidance.is_empty() {
        return Ok(());
    }
    sqlx::query(include_str!("save_guidance.sql"))
        .bind(organ)
        .bind(guidance.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .bind(guidance.iter().map(|(_, guidance)| guidance.is_open()).collect::<Vec<_>>())
        .bind(guidance.iter().map(|(_, guidance)| asked_at(guidance)).collect::<Vec<_>>())
        .bind(guidance.iter().map(|(_, guidance)| guidance.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// A page of an organ's questions, newest first.
pub(crate) async fn list_guidance(
    pool: &PgPool,
    organ: &str,
    open_only: bool,
    after: Option<GuidanceKey>,
    size: i64,
) -> Result<Vec<(Uuid, Guidance)>, sqlx::Error> {
    let after = after.unwrap_or_else(GuidanceKey::begin);
    let open: &[bool] = if open_only { &[true] } else { &[true, false] };
    let rows = sqlx::query_as(include_str!("list_guidance.sql"))
        .bind(organ)
        .bind(open)
        .bind(after.asked_at)
        .bind(after.guidance_id)
        .bind(size)
        .fetch_all(pool)
        .await?;
    decode(rows)
}
