//! The table `instruction`.

use duban_proto::intake::v1::{InstructionState, InstructionUrgency};
use jiff::Timestamp;
use postgres::row::{Row, small};
use prost::Message as _;
use serde::{Deserialize, Serialize};
use sqlx::{PgConnection, PgPool};
use uuid::Uuid;

use crate::domain::{HeldInstruction, Instruction};

/// Where a page ended.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct InstructionKey {
    urgency: i16,
    due_at: i64,
    instruction_id: Uuid,
}

#[derive(sqlx::FromRow)]
struct InstructionRow {
    instruction_id: Uuid,
    case_id: Uuid,
    body: Vec<u8>,
}

impl InstructionKey {
    /// The first page comes after this.
    const BEGIN: Self = Self { urgency: i16::MIN, due_at: i64::MIN, instruction_id: Uuid::nil() };

    /// The key of one: the most urgent first, what has no limit last.
    pub(crate) fn of(instruction: &Instruction) -> Self {
        let urgency = match instruction.urgency() {
            InstructionUrgency::MostUrgent => 0,
            InstructionUrgency::Urgent => 1,
            InstructionUrgency::Unspecified => 2,
        };
        let due_at = instruction.due_at().map_or(i64::MAX, Timestamp::as_microsecond);
        Self { urgency, due_at, instruction_id: instruction.instruction_id }
    }
}

impl TryFrom<InstructionRow> for Instruction {
    type Error = postgres::row::Damaged;

    fn try_from(row: InstructionRow) -> Result<Self, Self::Error> {
        let InstructionRow { instruction_id, case_id, body } = row;
        let at = Row { table: "instruction", key: instruction_id };
        let held = at.need("body", HeldInstruction::decode(body.as_slice()).ok())?;
        Ok(Self { instruction_id, case_id, held })
    }
}

/// All of these cases.
pub(super) async fn load(
    tx: &mut PgConnection,
    organ: &str,
    cases: &[Uuid],
) -> Result<Vec<Instruction>, sqlx::Error> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<InstructionRow> =
        sqlx::query_as(include_str!("load_instructions.sql")).bind(organ).bind(cases).fetch_all(tx).await?;
    rows.into_iter().map(|row| Ok(Instruction::try_from(row)?)).collect()
}

/// Saves them.
pub(super) async fn save(
    tx: &mut PgConnection,
    organ: &str,
    instructions: &[Instruction],
) -> Result<(), sqlx::Error> {
    if instructions.is_empty() {
        return Ok(());
    }
    let keys: Vec<InstructionKey> = instructions.iter().map(InstructionKey::of).collect();
    sqlx::query(include_str!("save_instructions.sql"))
        .bind(organ)
        .bind(instructions.iter().map(|one| one.instruction_id).collect::<Vec<_>>())
        .bind(instructions.iter().map(|one| one.case_id).collect::<Vec<_>>())
        .bind(instructions.iter().map(|one| small(one.state().into())).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.urgency).collect::<Vec<_>>())
        .bind(keys.iter().map(|key| key.due_at).collect::<Vec<_>>())
        .bind(instructions.iter().map(|one| one.held.encode_to_vec()).collect::<Vec<_>>())
        .execute(tx)
        .await?;
    Ok(())
}

/// Those of a case, in the order in which they began.
pub(crate) async fn instructions_of_case(
    pool: &PgPool,
    organ: &str,
    case_id: Uuid,
) -> Result<Vec<Instruction>, sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut instructions = load(&mut connection, organ, &[case_id]).await?;
    instructions.sort_by_key(|one| (one.begun_at(), one.instruction_id));
    Ok(instructions)
}

/// A page of what an organ has not reported back on.
pub(crate) async fn list_instructions(
    pool: &PgPool,
    organ: &str,
    after: Option<InstructionKey>,
    size: i64,
) -> Result<Vec<Instruction>, sqlx::Error> {
    let after = after.unwrap_or(InstructionKey::BEGIN);
    let rows: Vec<InstructionRow> = sqlx::query_as(include_str!("list_instructions.sql"))
        .bind(organ)
        .bind(small(InstructionState::Instructed.into()))
        .bind(after.urgency)
        .bind(after.due_at)
        .bind(after.instruction_id)
        .bind(size)
        .fetch_all(pool)
        .await?;
    rows.into_iter().map(|row| Ok(Instruction::try_from(row)?)).collect()
}
