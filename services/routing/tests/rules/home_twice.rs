//! A case that is reported up twice: everybody on the way knows its home, its result and its end (house; 14(1), 16).

use directory::Directory;
use duban_proto::common::v1::{CaseFacts, CaseState, Finding, OrganKind, Rank};
use routing::domain::{Act, After, Archive, Departure, Reopen, Route};

use crate::support::{
    CENTRE, District, LEADER, OTHER, TOWN, about, at, audiences, directory as organs, names, organ, person,
    routing, sealed,
};

const VILLAGE: &str = "baoshan.luodian.village";

/// Registered at the village, reported up to the town by its leader, and from there by the rules.
fn up_twice() -> District {
    let mut district = District::new();
    let village = organ(VILLAGE, TOWN, OrganKind::SubCentre);
    district.directory = Directory::new(organs().iter().cloned().chain([village]));
    let facts: CaseFacts = about(VILLAGE, person(OTHER, Rank::Division, false));
    district.hears(VILLAGE, Act::Open(Box::new(routing::domain::Open { facts, came_from: String::new() })));
    district.hears(VILLAGE, Act::NoteWorkingCopy(crate::support::working_copy(1)));
    let departure = Some(Departure { organ: TOWN.into(), reason: sealed(10), stands: true });
    district.does(VILLAGE, LEADER, Act::Route(Box::new(Route { version: 2, departure }))).unwrap();
    district.deliver();
    let version = district.case(TOWN).version;
    district.does(TOWN, LEADER, routing(version)).unwrap();
    district
}

#[test]
fn house_all_on_the_way_know_where_the_home_is_now() {
    let mut district = up_twice();
    assert_eq!(district.case(VILLAGE).home, TOWN);
    district.deliver();
    for organ in [VILLAGE, TOWN, CENTRE] {
        assert_eq!(district.case(organ).home, CENTRE, "{organ}");
    }
    let again = Act::FollowHome { home: CENTRE.into(), from: TOWN.into() };
    assert_eq!(names(&district.hears(VILLAGE, again)), [""; 0], "heard again");
    let stranger = Act::FollowHome { home: OTHER.into(), from: TOWN.into() };
    assert_eq!(names(&district.hears(VILLAGE, stranger)), [""; 0], "only the home before tells of the next");
}

#[test]
fn house_the_result_and_the_end_reach_all_on_the_way() {
    let mut district = up_twice();
    district.deliver();
    let version = district.case(CENTRE).version;
    district.does(CENTRE, LEADER, routing(version)).unwrap();
    let outcome = district.concludes(CENTRE);
    assert_eq!(audiences(&outcome), [None, None, Some(VILLAGE), Some(TOWN)]);
    for organ in [VILLAGE, TOWN] {
        assert_eq!(district.state(organ), CaseState::Concluded, "{organ}");
    }
    district.hears(VILLAGE, Act::NoteReply { at: at("2026-03-05 10:00") });
    district.deliver();
    assert_eq!(district.state(CENTRE), CaseState::Replied);
    district.does(CENTRE, LEADER, Act::Archive(Archive { retention_years: 30 })).unwrap();
    district.deliver();
    for organ in [VILLAGE, TOWN, CENTRE] {
        assert_eq!(district.state(organ), CaseState::Archived, "{organ}");
    }
}

#[test]
fn art_3_a_reopening_reaches_all_on_the_way_and_the_old_result_counts_for_none_of_them() {
    let mut district = up_twice();
    district.deliver();
    let version = district.case(CENTRE).version;
    district.does(CENTRE, LEADER, routing(version)).unwrap();
    district.concludes(CENTRE);
    let version = district.case(CENTRE).version;
    let reopen = Reopen { version, departure: None, reason: sealed(50) };
    let outcome = district.does(CENTRE, LEADER, Act::After(After::Reopen(Box::new(reopen)))).unwrap();
    assert_eq!(names(&outcome), ["case_reopened", "case_reopened", "term_begun"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), Some(VILLAGE), None]);
    district.deliver();
    for organ in [VILLAGE, TOWN] {
        let case = district.case(organ);
        assert_eq!((case.state(), case.concluded), (CaseState::InHandling, false), "{organ}");
        assert_eq!((case.finding(), case.results.len()), (Finding::Unspecified, 1), "{organ}");
    }
    let told_again = Act::heard(outcome.facts[0].kind.clone(), CENTRE, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(TOWN, told_again)), [""; 0]);
}
