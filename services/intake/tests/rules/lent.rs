//! Officers on loan read the case at intake: article 18.

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::OfficersLent;
use intake::domain::{Act, Case, Lent, NoteHandling};

use crate::support::{CASE, ledger, names, note};

const TOWN: &str = "baoshan.luodian";

fn lent() -> OfficersLent {
    OfficersLent {
        loan_id: uuid::Uuid::from_u128(90).to_string(),
        borrower: TOWN.into(),
        term: 1,
        officers: vec!["li.hua".into()],
    }
}

fn handled_by(organ: &str, term: u32) -> Case {
    let mut ledger = ledger().with_accepted();
    let handling = NoteHandling { organ: organ.into(), term, ..note(CaseState::InHandling) };
    ledger.acts(Act::NoteHandling(handling)).unwrap();
    ledger.case().clone()
}

#[test]
fn art_18_who_was_lent_reads_while_the_organ_that_has_the_officer_handles_the_case_in_that_term() {
    let loan = Lent { case_id: CASE, lent: lent() };
    assert!(loan.lets_read("li.hua", &handled_by(TOWN, 1)));
    assert!(!loan.lets_read("wu.min", &handled_by(TOWN, 1)), "another officer");
    assert!(!loan.lets_read("li.hua", &handled_by("baoshan.dachang", 1)), "another organ handles it");
    assert!(!loan.lets_read("li.hua", &handled_by(TOWN, 2)), "in a later term");
    let mut concluded = handled_by(TOWN, 1);
    concluded.state = CaseState::Concluded;
    assert!(!loan.lets_read("li.hua", &concluded), "it is over");
}

#[test]
fn art_18_a_loan_is_noted_whoever_registered_the_case() {
    let mut nothing_here = ledger();
    let outcome = nothing_here.acts(Act::NoteLent(Box::new(lent()))).unwrap();
    assert_eq!(names(&outcome), ["officers lent"]);
}
