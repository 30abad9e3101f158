use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::DeliveryOutcome;
use intake::domain::Rejection;
use uuid::Uuid;

use crate::support::{REPLY, ledger, told};

#[test]
fn art_17_a_case_counts_as_replied_when_the_complainant_has_the_result() {
    let mut ledger = ledger().with_concluded();
    let outcome = ledger.tells(REPLY, DeliveryOutcome::Failed).unwrap();
    assert_eq!(told(&outcome).state(), CaseState::Concluded, "a failed attempt leaves it open");
    assert!(ledger.book.reply(REPLY).unwrap().is_open());
    let outcome = ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    assert_eq!(told(&outcome).state(), CaseState::Replied);
    assert_eq!(outcome.answer.reply.as_ref().unwrap().attempts, 2);
}

#[test]
fn what_was_sent_can_be_acknowledged_and_nothing_else() {
    let mut ledger = ledger().with_concluded();
    ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    let nothing = Rejection::Nothing { what: "reply", id: REPLY };
    assert_eq!(ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap_err(), nothing);
    assert_eq!(ledger.tells(REPLY, DeliveryOutcome::Failed).unwrap_err(), nothing);
    ledger.tells(REPLY, DeliveryOutcome::Acknowledged).unwrap();
    assert_eq!(ledger.tells(REPLY, DeliveryOutcome::Acknowledged).unwrap_err(), nothing);
}

#[test]
fn telling_of_the_acceptance_is_no_result() {
    let mut ledger = ledger().with_accepted();
    let outcome = ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    assert_eq!(told(&outcome).state(), CaseState::Accepted);
    let unknown = Uuid::from_u128(999);
    let refused = ledger.tells(unknown, DeliveryOutcome::Sent).unwrap_err();
    assert_eq!(refused, Rejection::Nothing { what: "reply", id: unknown });
}
