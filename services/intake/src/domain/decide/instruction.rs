//! A case's way past a leader (14(1), house): proposed, instructed, reported back.

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    AttachmentState, CaseCorrected, InstructionProposed, InstructionRecorded, InstructionReported,
    InstructionState,
};
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{Book, Instruction, OnInstruction, RecordInstruction, Rejection, instruction_message};

/// Decides what is asked about one.
pub(super) fn decide(step: Step<'_>, book: &Book, act: &OnInstruction) -> Result<Outcome, Rejection> {
    match act {
        OnInstruction::Propose { instruction_id, text } => {
            must_be_open(&step)?;
            let instruction = begun(&step, *instruction_id);
            let event = InstructionProposed {
                instruction_id: instruction_id.to_string(),
                text: Some(text.reference()),
            };
            Ok(happens(step, instruction, Kind::InstructionProposed(event), text).done())
        }
        OnInstruction::Record(record) => self::record(step, book, record),
        OnInstruction::Report { instruction_id, organ, text } => {
            if *organ != step.at.organ && *organ != step.case.responsible_organ {
                return Err(Rejection::NotResponsible { organ: organ.clone() });
            }
            let instruction = known(&step, book, *instruction_id, InstructionState::Instructed)?;
            let event = InstructionReported {
                instruction_id: instruction_id.to_string(),
                late: instruction.due_at().is_some_and(|due| due < step.at.now),
                text: Some(text.reference()),
            };
            Ok(happens(step, instruction, Kind::InstructionReported(event), text).done())
        }
    }
}

/// From then on the case is one with a leader's instruction (14(1)): whoever follows is told as of any correction.
fn record(step: Step<'_>, book: &Book, record: &RecordInstruction) -> Result<Outcome, Rejection> {
    must_be_open(&step)?;
    let instruction = if record.on_proposal {
        known(&step, book, record.instruction_id, InstructionState::Proposed)?
    } else {
        begun(&step, record.instruction_id)
    };
    if let Some(scan) = record.scan {
        let file = book.attachment(step.case.case_id, scan);
        if file.is_none_or(|file| file.state() != AttachmentState::Received) {
            return Err(Rejection::Nothing { what: "attachment", id: scan });
        }
    }
    let event = InstructionRecorded {
        instruction_id: record.instruction_id.to_string(),
        text: Some(record.text.reference()),
        date: record.date.clone(),
        scan_attachment_id: record.scan.map(|scan| scan.to_string()).unwrap_or_default(),
        due_at: record.due_at.map(server::time::to_proto),
        urgency: record.urgency.into(),
    };
    let mut step = happens(step, instruction, Kind::InstructionRecorded(event), &record.text);
    if !step.case.received.leader_instruction {
        let mut received = step.case.received.clone();
        received.leader_instruction = true;
        step.happens(Kind::CaseCorrected(CaseCorrected {
            received: Some(received),
            fields: vec!["leader_instruction".to_owned()],
            reason: Some(record.text.reference()),
        }));
    }
    Ok(step.done())
}

fn must_be_open(step: &Step<'_>) -> Result<(), Rejection> {
    if step.case.takes_instructions() { Ok(()) } else { Err(Rejection::State(step.case.state)) }
}

fn begun(step: &Step<'_>, instruction_id: Uuid) -> Instruction {
    Instruction::new(step.case.case_id, instruction_id, step.at.now, step.at.actor)
}

fn known(step: &Step<'_>, book: &Book, id: Uuid, state: InstructionState) -> Result<Instruction, Rejection> {
    let found = book.instruction(step.case.case_id, id).filter(|one| one.state() == state);
    found.cloned().ok_or(Rejection::Nothing { what: "instruction", id })
}

/// It happens to this one; the answer tells how it stands then.
fn happens<'a>(
    mut step: Step<'a>,
    mut instruction: Instruction,
    kind: Kind,
    text: &content::Draft,
) -> Step<'a> {
    instruction.apply(&kind, step.at.now);
    step.answer().instruction = Some(instruction_message(&instruction, step.at.organ));
    step.happens(kind);
    step.keeps(Write::Draft(text.clone()));
    step
}
