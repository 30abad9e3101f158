use duban_proto::common::v1::CaseState;
use intake::domain::{Act, Rejection};

use crate::support::{ledger, names, told};

#[test]
fn art_15_masks_are_confirmed_once_a_case_is_accepted() {
    let mut ledger = ledger().with_registered();
    assert_eq!(ledger.masks(1, 1).unwrap_err(), Rejection::State(CaseState::Registered));
    ledger.accepts(&[], false).unwrap();
    let outcome = ledger.masks(1, 1).unwrap();
    assert_eq!(names(&outcome), ["masks confirmed"]);
    assert!(told(&outcome).masks_confirmed);
    assert_eq!(outcome.answer.working_copy.as_ref().unwrap().version, 1);
}

#[test]
fn art_15_masking_again_makes_a_new_version_of_the_working_copy() {
    let mut ledger = ledger().with_accepted();
    ledger.masks(1, 1).unwrap();
    assert_eq!(ledger.masks(1, 1).unwrap_err(), Rejection::Version { expected: 1, actual: 2 });
    ledger.masks(1, 2).unwrap();
    assert_eq!(ledger.case().working_copy_version(), 2);
}

#[test]
fn masks_are_for_the_original_as_it_is_now() {
    let mut ledger = ledger().with_incomplete();
    ledger.supplies(2).unwrap();
    ledger.accepts(&[], false).unwrap();
    assert_eq!(ledger.masks(1, 1).unwrap_err(), Rejection::Version { expected: 1, actual: 2 });
    ledger.masks(2, 1).unwrap();
}

#[test]
fn art_15_a_reading_is_on_record_and_changes_nothing_else() {
    let mut ledger = ledger().with_registered();
    let before = ledger.case().clone();
    let outcome = ledger.acts(Act::OpenIdentity { purpose: "contact".into() }).unwrap();
    assert_eq!(names(&outcome), ["identity opened"]);
    assert_eq!(ledger.case(), &before);
    let changes = ledger.book.into_changes();
    assert_eq!(changes.readings.len(), 1);
    assert_eq!(
        (changes.readings[0].reader.as_str(), changes.readings[0].purpose.as_str()),
        ("zhang.wei", "contact")
    );
}
