use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::ReplyOccasion;
use intake::domain::{Rejection, Way};

use crate::support::{due, ledger, names, told};

fn decline(ground: &str) -> Way {
    Way::Decline { ground: ground.into() }
}

#[test]
fn art_2_a_case_is_declined_on_a_ground_of_the_measures_and_the_article_is_cited() {
    let mut ledger = ledger().with_registered();
    assert!(matches!(ledger.closes(decline("too_much_work")), Err(Rejection::Forbidden { .. })));
    assert!(matches!(ledger.closes(decline("court")), Err(Rejection::Forbidden { .. })), "that is a way");
    let outcome = ledger.closes(decline("special_law")).unwrap();
    assert_eq!(names(&outcome), ["declined", "retention set", "reply due"]);
    let citation = due(&outcome).citation.as_ref().unwrap();
    assert_eq!((citation.article.as_str(), citation.rule.as_str()), ("2", "special_law"));
    assert_eq!(outcome.writes.len(), 1, "the explanation is kept");
    assert_eq!(
        (told(&outcome).state(), ledger.case().closing.as_str()),
        (CaseState::Declined, "special_law")
    );
}

#[test]
fn art_14_4_a_referral_and_a_direction_are_told_as_what_they_are() {
    let department = "market_regulation".to_owned();
    let outcome = ledger().with_registered().closes(Way::Refer { department }).unwrap();
    assert_eq!(
        (told(&outcome).state(), due(&outcome).occasion()),
        (CaseState::Referred, ReplyOccasion::Referred)
    );
    assert_eq!(due(&outcome).citation.as_ref().unwrap().article, "14(4)");

    let outcome = ledger().with_registered().closes(Way::Direct { way: "court".into() }).unwrap();
    assert_eq!(told(&outcome).state(), CaseState::DirectedElsewhere);
    assert_eq!(due(&outcome).citation.as_ref().unwrap().article, "", "a house setting has no article");
}

#[test]
fn what_is_decided_stays_decided() {
    let mut ledger = ledger().with_accepted();
    assert_eq!(ledger.closes(decline("special_law")).unwrap_err(), Rejection::State(CaseState::Accepted));
    let mut ledger = crate::support::ledger().with_registered();
    ledger.closes(decline("special_law")).unwrap();
    assert_eq!(ledger.accepts(&[], false).unwrap_err(), Rejection::State(CaseState::Declined));
    assert_eq!(ledger.supplies(2).unwrap_err(), Rejection::State(CaseState::Declined));
}
