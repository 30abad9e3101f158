use access::Role;
use duban_proto::common::v1::{Action, CaseState};
use intake::domain::{Act, Case, allowed_actions};

use crate::support::{CASE, ledger, note, received};

fn allowed(case: &Case, role: Role) -> Vec<Action> {
    allowed_actions(case, |has| has == role)
}

#[test]
fn a_desk_is_offered_what_the_state_lets_be_done() {
    let mut waiting = ledger();
    waiting.submits(CASE, received(), false);
    let offered = allowed(waiting.case(), Role::Desk);
    assert_eq!(
        offered,
        [
            Action::Register,
            Action::ProvideSupplement,
            Action::Withdraw,
            Action::OpenIdentity,
            Action::Link,
            Action::RecordConduct,
            Action::SetUrgency
        ]
    );

    let incomplete = ledger().with_incomplete();
    let offered = allowed(incomplete.case(), Role::Desk);
    assert!(offered.contains(&Action::RequestSupplement) && offered.contains(&Action::Accept), "{offered:?}");
    let complete = ledger().with_registered();
    assert!(!allowed(complete.case(), Role::Desk).contains(&Action::RequestSupplement));

    let accepted = ledger().with_accepted();
    let offered = allowed(accepted.case(), Role::Desk);
    assert!(offered.contains(&Action::ConfirmMasks) && !offered.contains(&Action::Accept), "{offered:?}");
}

#[test]
fn others_are_offered_what_is_theirs() {
    let case = ledger().with_accepted();
    assert_eq!(allowed(case.case(), Role::Agency), [Action::Withdraw]);
    assert_eq!(
        allowed(case.case(), Role::Leader),
        [Action::OpenIdentity, Action::RecordInstruction, Action::SetUrgency]
    );
    assert!(allowed(case.case(), Role::Handler).is_empty());
}

#[test]
fn nothing_is_offered_that_would_be_refused() {
    let mut archived = ledger().with_concluded();
    archived.acts(Act::NoteHandling(note(CaseState::Archived))).unwrap();
    let offered = allowed(archived.case(), Role::Desk);
    for (action, refused) in [
        (Action::Withdraw, archived.acts(Act::Withdraw { goes_on: false }).is_err()),
        (Action::Accept, archived.accepts(&[], false).is_err()),
        (Action::ConfirmMasks, archived.masks(1, 1).is_err()),
        (Action::Register, archived.registers().is_err()),
    ] {
        assert!(refused && !offered.contains(&action), "{action:?} in {offered:?}");
    }
}
