use duban_proto::common::v1::RespondentFacts;
use duban_proto::intake::v1::{CaseLinked, ComplaintReceived, Identifier, LinkKind};
use intake::domain::{Act, LinkCases, Other, Rejection, UnlinkCases, is_certain, is_same_matter};
use uuid::Uuid;

use crate::support::{Ledger, draft, ledger, names, received, told};

fn other() -> Other {
    Other { organ: "baoshan.luodian".into(), case_id: Uuid::from_u128(7) }
}

fn link(kind: LinkKind, matched: &[Identifier]) -> Act {
    Act::Link(LinkCases { other: other(), kind, matched: matched.to_vec() })
}

fn unlink() -> Act {
    Act::Unlink(UnlinkCases { other: other().case_id, found: None, reason: draft(Uuid::from_u128(70), 1) })
}

fn stands(ledger: &Ledger) -> bool {
    ledger.book.link(crate::support::CASE, &other()).is_some_and(|link| link.stands)
}

#[test]
fn art_21_a_link_leaves_the_case_as_it_is() {
    let mut ledger = ledger().with_accepted();
    let before = told(&ledger.acts(link(LinkKind::Joined, &[])).unwrap()).clone();
    let outcome = ledger.acts(link(LinkKind::Repeated, &[Identifier::Phone])).unwrap();
    assert_eq!(names(&outcome), [""; 0], "an officer has said how they belong together");
    assert_eq!(told(&outcome), &before);
}

#[test]
fn house_what_was_taken_back_is_not_found_again_and_an_officer_may_link_it_again() {
    let mut ledger = ledger().with_accepted();
    let nothing = Rejection::Nothing { what: "link", id: other().case_id };
    assert_eq!(ledger.acts(unlink()).unwrap_err(), nothing);
    assert_eq!(names(&ledger.acts(link(LinkKind::Repeated, &[Identifier::Name])).unwrap()), ["linked"]);
    assert_eq!(names(&ledger.acts(unlink()).unwrap()), ["unlinked"]);
    assert!(!stands(&ledger));
    assert_eq!(ledger.acts(unlink()).unwrap_err(), nothing);
    assert_eq!(names(&ledger.acts(link(LinkKind::Repeated, &[Identifier::Name])).unwrap()), [""; 0]);
    assert!(!stands(&ledger));
    assert_eq!(names(&ledger.acts(link(LinkKind::Repeated, &[])).unwrap()), ["linked"]);
    assert!(stands(&ledger));
}

#[test]
fn house_a_link_that_the_other_case_has_can_be_taken_back_from_this_one() {
    let mut ledger = ledger().with_accepted();
    let found = CaseLinked {
        other_organ: other().organ,
        other_case_id: other().case_id.to_string(),
        kind: LinkKind::Repeated.into(),
        ..CaseLinked::default()
    };
    let reason = draft(Uuid::from_u128(70), 1);
    let unlink = || {
        Act::Unlink(UnlinkCases {
            other: other().case_id,
            found: Some(found.clone()),
            reason: reason.clone(),
        })
    };
    assert_eq!(names(&ledger.acts(unlink()).unwrap()), ["unlinked"]);
    let nothing = Rejection::Nothing { what: "link", id: other().case_id };
    assert_eq!(ledger.acts(unlink()).unwrap_err(), nothing, "once");
}

#[test]
fn art_21_the_same_matter_is_the_same_respondent_on_a_common_ground() {
    let about = |organ: &str, grounds: &[&str]| ComplaintReceived {
        grounds: grounds.iter().map(|ground| (*ground).to_owned()).collect(),
        respondents: vec![RespondentFacts { organ: organ.into(), ..received().respondents[0].clone() }],
        ..received()
    };
    let one = about("unit", &["8.2", "8.4"]);
    for (other, same) in [
        (about("unit", &["8.4"]), true),
        (about("unit", &["8.1"]), false),
        (about("unit", &[]), true),
        (about("other", &["8.2"]), false),
    ] {
        assert_eq!((is_same_matter(&one, &other), is_same_matter(&other, &one)), (same, same), "{other:?}");
    }
    let nobody = about("", &["8.2"]);
    assert!(!is_same_matter(&nobody, &nobody), "who is complained about is not known");
}

#[test]
fn art_21_more_than_the_name_makes_it_certain() {
    let linked = |matched: &[Identifier]| CaseLinked {
        matched: matched.iter().map(|one| (*one).into()).collect(),
        ..CaseLinked::default()
    };
    assert!(!is_certain(&linked(&[Identifier::Name])));
    for certain in [&[Identifier::Name, Identifier::Email][..], &[Identifier::IdNumber], &[]] {
        assert!(is_certain(&linked(certain)), "{certain:?}");
    }
}
