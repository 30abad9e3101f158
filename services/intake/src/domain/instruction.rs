//! A case's way past a leader: proposal, instruction, report back (14(1), house).

use access::Role;
use content::Draft;
use duban_proto::common::v1::Action;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    self as wire, InstructionProposed, InstructionRecorded, InstructionReported, InstructionState,
    InstructionUrgency, LeaderInstruction,
};
use jiff::Timestamp;
use uuid::Uuid;

/// What is asked about one.
#[derive(Clone, Debug)]
pub enum OnInstruction {
    /// Put the case before a leader.
    Propose {
        /// The id it will have.
        instruction_id: Uuid,
        /// How it is proposed to handle it.
        text: Draft,
    },
    /// Record what the leader wrote.
    Record(RecordInstruction),
    /// Report back.
    Report {
        /// It.
        instruction_id: Uuid,
        /// The organ of who reports.
        organ: String,
        /// What was done.
        text: Draft,
    },
}

/// Records what a leader wrote.
#[derive(Clone, Debug)]
pub struct RecordInstruction {
    /// The id it will have, or that of its proposal.
    pub instruction_id: Uuid,
    /// It was written on a proposal.
    pub on_proposal: bool,
    /// The leader's office and words.
    pub text: Draft,
    /// Its date.
    pub date: String,
    /// The file that shows it, a received one of the case.
    pub scan: Option<Uuid>,
    /// Until when to report back.
    pub due_at: Option<Timestamp>,
    /// How urgent it is.
    pub urgency: InstructionUrgency,
}

/// A proposal or an instruction: the row of `instruction`.
#[derive(Clone, Debug, PartialEq)]
pub struct Instruction {
    /// Its id.
    pub instruction_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What happened to it.
    pub held: HeldInstruction,
}

/// What happened to one: what the entries say.
#[derive(Clone, PartialEq, prost::Message)]
pub struct HeldInstruction {
    /// When it began.
    #[prost(message, optional, tag = "1")]
    pub begun_at: Option<prost_types::Timestamp>,
    /// Who began it.
    #[prost(string, tag = "2")]
    pub begun_by: String,
    /// It was proposed.
    #[prost(message, optional, tag = "3")]
    pub proposed: Option<InstructionProposed>,
    /// It was recorded.
    #[prost(message, optional, tag = "4")]
    pub recorded: Option<InstructionRecorded>,
    /// It was reported back.
    #[prost(message, optional, tag = "5")]
    pub reported: Option<InstructionReported>,
    /// When.
    #[prost(message, optional, tag = "6")]
    pub reported_at: Option<prost_types::Timestamp>,
}

/// The instruction that an event is about; none where it is about none.
pub(super) fn instruction_of(kind: &Kind) -> Option<Uuid> {
    let id = match kind {
        Kind::InstructionProposed(event) => &event.instruction_id,
        Kind::InstructionRecorded(event) => &event.instruction_id,
        Kind::InstructionReported(event) => &event.instruction_id,
        _ => return None,
    };
    Uuid::try_parse(id).ok()
}

impl Instruction {
    /// One of which nothing is known yet.
    pub fn new(case_id: Uuid, instruction_id: Uuid, at: Timestamp, by: &str) -> Self {
        let begun_at = Some(server::time::to_proto(at));
        let held = HeldInstruction { begun_at, begun_by: by.to_owned(), ..HeldInstruction::default() };
        Self { instruction_id, case_id, held }
    }

    /// The only way it changes. True where it did.
    pub fn apply(&mut self, kind: &Kind, at: Timestamp) -> bool {
        match kind {
            Kind::InstructionProposed(event) => self.held.proposed = Some(event.clone()),
            Kind::InstructionRecorded(event) => self.held.recorded = Some(event.clone()),
            Kind::InstructionReported(event) => {
                self.held.reported = Some(event.clone());
                self.held.reported_at = Some(server::time::to_proto(at));
            }
            _ => return false,
        }
        true
    }

    /// Where it stands.
    pub fn state(&self) -> InstructionState {
        match (&self.held.recorded, &self.held.reported) {
            (_, Some(_)) => InstructionState::Reported,
            (Some(_), None) => InstructionState::Instructed,
            (None, None) => InstructionState::Proposed,
        }
    }

    /// Until when to report back.
    pub fn due_at(&self) -> Option<Timestamp> {
        self.held.recorded.as_ref()?.due_at.as_ref().and_then(server::time::from_proto)
    }

    /// When it began.
    pub fn begun_at(&self) -> Timestamp {
        self.held.begun_at.as_ref().and_then(server::time::from_proto).unwrap_or_default()
    }

    /// How urgent it is.
    pub fn urgency(&self) -> InstructionUrgency {
        self.held.recorded.as_ref().map_or(InstructionUrgency::Unspecified, InstructionRecorded::urgency)
    }
}

/// What a caller of the organ that registered the case, or of the one that is responsible for it, may do next with one.
pub fn instruction_actions(instruction: &Instruction, has: impl Fn(Role) -> bool) -> Vec<Action> {
    let reports = has(Role::Desk) || has(Role::Handler) || has(Role::Leader);
    let waits = instruction.state() == InstructionState::Instructed;
    (reports && waits).then_some(Action::ReportBack).into_iter().collect()
}

/// One as lists show it, without words.
pub fn instruction_message(instruction: &Instruction, organ: &str) -> wire::Instruction {
    let held = &instruction.held;
    let recorded = held.recorded.as_ref();
    let dated = |event: &InstructionRecorded| LeaderInstruction {
        date: event.date.clone(),
        ..LeaderInstruction::default()
    };
    wire::Instruction {
        instruction_id: instruction.instruction_id.to_string(),
        case_id: instruction.case_id.to_string(),
        organ: organ.to_owned(),
        state: instruction.state().into(),
        urgency: instruction.urgency().into(),
        begun_at: held.begun_at,
        begun_by: held.begun_by.clone(),
        proposal: String::new(),
        instruction: recorded.map(dated),
        scan_attachment_id: recorded.map(|event| event.scan_attachment_id.clone()).unwrap_or_default(),
        due_at: recorded.and_then(|event| event.due_at),
        report: String::new(),
        reported_at: held.reported_at,
        late: held.reported.as_ref().is_some_and(|event| event.late),
        allowed_actions: Vec::new(),
    }
}
