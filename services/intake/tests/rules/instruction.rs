use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{InstructionState, InstructionUrgency};
use intake::domain::{Act, NoteHandling, OnInstruction, Outcome, RecordInstruction, Rejection};
use jiff::SignedDuration;
use uuid::Uuid;

use crate::support::{CASE, CENTRE, Ledger, at, draft, ledger, names, note};

const FIRST: Uuid = Uuid::from_u128(80);
const TOWN: &str = "baoshan.luodian";

fn on(act: OnInstruction) -> Act {
    Act::OnInstruction(Box::new(act))
}

fn proposes(ledger: &mut Ledger) -> Result<Outcome, Rejection> {
    ledger.acts(on(OnInstruction::Propose { instruction_id: FIRST, text: draft(FIRST, 1) }))
}

fn words(on_proposal: bool) -> RecordInstruction {
    RecordInstruction {
        instruction_id: FIRST,
        on_proposal,
        text: draft(Uuid::from_u128(81), 1),
        date: "2026-03-02".into(),
        scan: None,
        due_at: Some(at("2026-03-06 17:00")),
        urgency: InstructionUrgency::Urgent,
    }
}

fn records(ledger: &mut Ledger, on_proposal: bool) -> Result<Outcome, Rejection> {
    ledger.acts(on(OnInstruction::Record(words(on_proposal))))
}

fn reports(ledger: &mut Ledger, organ: &str) -> Result<Outcome, Rejection> {
    let text = draft(Uuid::from_u128(82), 1);
    ledger.acts(on(OnInstruction::Report { instruction_id: FIRST, organ: organ.into(), text }))
}

#[test]
fn house_a_case_is_proposed_instructed_and_reported_back() {
    let mut ledger = ledger().with_accepted();
    assert_eq!(names(&proposes(&mut ledger).unwrap()), ["proposed"]);
    assert_eq!(
        reports(&mut ledger, CENTRE).unwrap_err(),
        Rejection::Nothing { what: "instruction", id: FIRST }
    );
    assert_eq!(names(&records(&mut ledger, true).unwrap()), ["instructed", "corrected"]);
    let told = reports(&mut ledger, CENTRE).unwrap().answer.instruction.unwrap();
    assert_eq!((told.state(), told.late), (InstructionState::Reported, false));
    let again = reports(&mut ledger, CENTRE).unwrap_err();
    assert_eq!(again, Rejection::Nothing { what: "instruction", id: FIRST }, "once");
}

#[test]
fn art_14_1_an_instruction_is_a_fact_of_the_case() {
    let mut ledger = ledger().with_accepted();
    assert!(!ledger.case().received.leader_instruction);
    ledger.masks(1, 1).unwrap();
    assert_eq!(names(&records(&mut ledger, false).unwrap()), ["instructed", "corrected"]);
    assert!(ledger.case().received.leader_instruction);
    assert!(ledger.case().working_copy.is_some(), "the text is the same");
    let second = RecordInstruction { instruction_id: Uuid::from_u128(83), ..words(false) };
    let outcome = ledger.acts(on(OnInstruction::Record(second))).unwrap();
    assert_eq!(names(&outcome), ["instructed"], "it is one already");
}

#[test]
fn house_an_instruction_needs_its_proposal_its_scan_and_an_open_case() {
    let mut ledger = ledger().with_accepted();
    let nothing = Rejection::Nothing { what: "instruction", id: FIRST };
    assert_eq!(records(&mut ledger, true).unwrap_err(), nothing);
    let scan = Uuid::from_u128(84);
    let shown = RecordInstruction { scan: Some(scan), ..words(false) };
    let refused = ledger.acts(on(OnInstruction::Record(shown))).unwrap_err();
    assert_eq!(refused, Rejection::Nothing { what: "attachment", id: scan });
    let mut archived = self::ledger().with_concluded();
    archived.acts(Act::NoteHandling(note(CaseState::Archived))).unwrap();
    assert_eq!(proposes(&mut archived).unwrap_err(), Rejection::State(CaseState::Archived));
    assert_eq!(records(&mut archived, false).unwrap_err(), Rejection::State(CaseState::Archived));
}

#[test]
fn house_who_handles_the_case_reports_back_and_late_is_said() {
    let mut ledger = ledger().with_accepted();
    records(&mut ledger, false).unwrap();
    assert_eq!(reports(&mut ledger, TOWN).unwrap_err(), Rejection::NotResponsible { organ: TOWN.into() });
    let held = NoteHandling { organ: TOWN.into(), term: 1, ..note(CaseState::InHandling) };
    ledger.acts(Act::NoteHandling(held)).unwrap();
    ledger.now += SignedDuration::from_hours(24 * 5);
    let told = reports(&mut ledger, TOWN).unwrap().answer.instruction.unwrap();
    assert!(told.late, "{told:?}");
    assert!(ledger.book.instruction(CASE, FIRST).unwrap().held.reported.is_some());
}
