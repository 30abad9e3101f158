//! What complainants think of the result of their own accord (16, house).

use duban_proto::intake::v1::DeliveryOutcome;
use duban_proto::intake::v1::event::Kind;
use intake::domain::{Act, Rate, Rejection};
use uuid::Uuid;

use crate::support::{CASE, Ledger, REPLY, draft, ledger};

fn rates(ledger: &mut Ledger) -> Result<Vec<Kind>, Rejection> {
    let rate = Rate {
        attitude: "satisfied".into(),
        result: "dissatisfied".into(),
        words: Some(draft(Uuid::from_u128(40), 1)),
        look_asked: true,
    };
    ledger.acts(Act::Rate(Box::new(rate))).map(|outcome| outcome.facts)
}

#[test]
fn house_a_result_is_rated_once_and_only_after_it_was_told() {
    let nothing = Rejection::Nothing { what: "result to rate", id: CASE };
    let mut ledger = ledger().with_concluded();
    assert_eq!(rates(&mut ledger).unwrap_err(), nothing);
    ledger.tells(REPLY, DeliveryOutcome::Failed).unwrap();
    assert_eq!(rates(&mut ledger).unwrap_err(), nothing, "an attempt that failed told nothing");
    ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    let facts = rates(&mut ledger).unwrap();
    let [Kind::HandlingRated(rated)] = facts.as_slice() else { panic!("{facts:?}") };
    assert_eq!((rated.reply_id.clone(), rated.look_asked), (REPLY.to_string(), true));
    assert!(rated.words.is_some());
    assert_eq!(rates(&mut ledger).unwrap_err(), nothing, "once");
}

#[test]
fn house_telling_of_the_acceptance_is_nothing_to_rate() {
    let mut ledger = ledger().with_accepted();
    ledger.tells(REPLY, DeliveryOutcome::Sent).unwrap();
    assert!(rates(&mut ledger).is_err());
}
