//! The home: reported up, withdrawn, told, filed (house; 14(1), 16, 17).

use duban_proto::common::v1::{CaseFacts, CaseState, Finding, Rank};
use duban_proto::routing::v1::TermState;
use routing::domain::{Act, Archive, Departure, Rejection, Route};

use crate::support::{
    CENTRE, District, LEADER, OTHER, TOWN, about, about_a_clerk, at, audiences, names, person, routing,
    sealed, whole,
};

/// A complaint about the town's own head, registered at the town.
fn about_the_head() -> CaseFacts {
    about(TOWN, person(TOWN, Rank::Section, true))
}

fn told(district: &District) -> Act {
    Act::NoteReply { at: district.now }
}

const FILE: Act = Act::Archive(Archive { retention_years: 30 });

#[test]
fn house_a_case_reported_up_finds_its_home_above() {
    let mut district = District::ready(about_the_head());
    let outcome = district.does(TOWN, LEADER, routing(2)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["reported_up"], vec![Some(CENTRE)]));
    assert!(outcome.answer.route.unwrap().up);
    assert_eq!(district.case(TOWN).home, TOWN, "until the parent took it over");
    let refused = district.does(TOWN, LEADER, routing(3)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Accepted), "it is on its way");
    district.deliver();
    assert_eq!((district.case(TOWN).home.as_str(), district.state(TOWN)), (CENTRE, CaseState::InHandling));
    let above = district.case(CENTRE);
    assert_eq!((above.home.as_str(), above.came_from.as_str(), above.version), (CENTRE, TOWN, 2));
    let accepted = above.facts.as_ref().unwrap().accepted_at.as_ref();
    assert_eq!(
        accepted.and_then(server::time::from_proto),
        Some(at("2026-03-02 09:00")),
        "no clock restarts"
    );
}

#[test]
fn house_an_automatic_regulation_routes_at_the_parent_at_once() {
    let district = District::ready(CaseFacts { automatic: true, ..about_the_head() });
    let mut district = district;
    district.deliver();
    assert_eq!(district.term_state(CENTRE), TermState::Acknowledged);
    assert_eq!(district.case(TOWN).home, CENTRE);
}

#[test]
fn house_the_outcome_comes_back_to_the_organ_that_registered_the_case() {
    let mut district = District::routed(about_the_head());
    let version = district.case(CENTRE).version;
    district.does(CENTRE, LEADER, routing(version)).unwrap();
    let outcome = district.concludes(CENTRE);
    assert_eq!(names(&outcome), ["disposition_approved", "case_concluded", "outcome_returned"]);
    assert_eq!(audiences(&outcome), [None, None, Some(TOWN)]);
    assert_eq!(
        (district.state(TOWN), district.case(TOWN).finding()),
        (CaseState::Concluded, Finding::Founded)
    );
    let reply = told(&district);
    district.hears(TOWN, reply);
    district.deliver();
    assert_eq!((district.state(CENTRE), district.state(TOWN)), (CaseState::Replied, CaseState::Replied));
    let filed = district.does(CENTRE, "archivist", FILE).unwrap();
    assert_eq!(audiences(&filed), [Some(TOWN)]);
    district.deliver();
    assert_eq!((district.state(CENTRE), district.state(TOWN)), (CaseState::Archived, CaseState::Archived));
}

#[test]
fn house_an_organ_that_gets_back_what_it_reported_up_still_hears_the_outcome() {
    let mut district = District::routed(about(TOWN, whole(OTHER)));
    let version = district.case(CENTRE).version;
    let departure = Some(Departure { organ: TOWN.into(), reason: sealed(10), stands: true });
    district.does(CENTRE, LEADER, Act::Route(Box::new(Route { version, departure }))).unwrap();
    district.deliver();
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.concludes(TOWN);
    assert!(district.case(TOWN).concluded, "its intake is told by its own ledger");
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
}

#[test]
fn art_16_a_case_is_filed_after_the_complainant_has_the_result() {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    for concluded in [false, true] {
        if concluded {
            district.concludes(CENTRE);
        }
        let refused = district.does(CENTRE, "archivist", FILE).unwrap_err();
        let Rejection::VolumeIncomplete { missing, .. } = refused else { panic!("{refused:?}") };
        assert!(missing.iter().any(|one| one.code == "reply"), "{missing:?}");
    }
    let reply = told(&district);
    assert_eq!(names(&district.hears(CENTRE, reply.clone())), ["reply_noted"]);
    assert_eq!(names(&district.hears(CENTRE, reply)), [""; 0], "heard again");
    let filed = district.does(CENTRE, "archivist", FILE).unwrap();
    assert_eq!((names(&filed), audiences(&filed)), (vec!["case_archived"], vec![None]));
    let refused = district.does(CENTRE, "archivist", FILE).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Archived));
}

#[test]
fn art_16_only_the_home_files() {
    let mut district = District::acknowledged();
    district.concludes(TOWN);
    let refused = district.does(TOWN, "archivist", FILE).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Concluded));
}

#[test]
fn house_a_withdrawal_ends_the_case_at_home_and_at_its_holder() {
    let mut district = District::acknowledged();
    let withdrawal = Act::NoteWithdrawal { goes_on: false };
    let outcome = district.hears(CENTRE, withdrawal.clone());
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["withdrawal_noted"], vec![Some(TOWN)]));
    district.deliver();
    for organ in [CENTRE, TOWN] {
        assert_eq!(district.state(organ), CaseState::Withdrawn);
        assert_eq!(district.term_state(organ), TermState::Superseded);
        assert_eq!(names(&district.hears(organ, withdrawal.clone())), [""; 0], "heard again");
    }
}

#[test]
fn house_the_centre_may_go_on_with_what_was_withdrawn_until_it_does_not() {
    let mut district = District::acknowledged();
    let goes_on = Act::NoteWithdrawal { goes_on: true };
    district.hears(CENTRE, goes_on.clone());
    district.deliver();
    assert_eq!(
        (district.state(CENTRE), district.state(TOWN)),
        (CaseState::InHandling, CaseState::InHandling)
    );
    assert!(district.case(TOWN).withdrawn);
    assert_eq!(names(&district.hears(CENTRE, goes_on)), [""; 0]);
    district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false });
    district.deliver();
    assert_eq!((district.state(CENTRE), district.state(TOWN)), (CaseState::Withdrawn, CaseState::Withdrawn));
}

#[test]
fn house_a_withdrawal_overtakes_no_case_on_its_way_up() {
    let mut district = District::ready(about_the_head());
    district.does(TOWN, LEADER, routing(2)).unwrap();
    district.hears(TOWN, Act::NoteWithdrawal { goes_on: false });
    district.deliver();
    assert_eq!((district.state(TOWN), district.state(CENTRE)), (CaseState::Withdrawn, CaseState::Withdrawn));
    assert_eq!(district.case(TOWN).home, CENTRE);
}

#[test]
fn house_a_withdrawal_that_crosses_an_approval_ends_the_case_at_the_holder_too() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false });
    district.deliver();
    for organ in [CENTRE, TOWN] {
        assert_eq!(district.state(organ), CaseState::Withdrawn, "{organ}");
    }
    assert_eq!(district.case(CENTRE).void_acts.len(), 1);
}

#[test]
fn house_a_withdrawal_changes_nothing_once_the_home_has_concluded() {
    let mut district = District::acknowledged();
    district.concludes(TOWN);
    assert_eq!(names(&district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false })), [""; 0]);
    assert_eq!((district.state(CENTRE), district.state(TOWN)), (CaseState::Concluded, CaseState::Concluded));
}

#[test]
fn what_intake_tells_of_a_case_that_never_came_here_changes_nothing() {
    let mut district = District::new();
    assert_eq!(names(&district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false })), [""; 0]);
    let reply = told(&district);
    assert_eq!(names(&district.hears(CENTRE, reply)), [""; 0]);
    assert!(!district.knows(CENTRE));
    let mut district = District::ready(about_a_clerk(CENTRE));
    district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false });
    let refused = district.does(CENTRE, LEADER, routing(3)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Withdrawn));
}
