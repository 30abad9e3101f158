//! Routing, terms and transfers: articles 6, 14 and 15.

use duban_proto::common::v1::{CaseState, Rank, Weight};
use duban_proto::routing::v1::{Handling, TermState};
use routing::domain::{Act, Departure, Open, Outcome, Rejection, Route, Write};

use crate::support::{
    ABOVE, CENTRE, District, LEADER, OTHER, TOWN, UNIT, about, about_a_clerk, at, audiences, begun, names,
    person, routing, sealed, sealed_with_key, whole, working_copy,
};

fn departs(district: &mut District, home: &str, organ: &str) -> Result<Outcome, Rejection> {
    let version = district.case(home).version;
    let departure = Some(Departure { organ: organ.into(), reason: sealed(10), stands: true });
    district.does(home, LEADER, Act::Route(Box::new(Route { version, departure })))
}

#[test]
fn art_15_nothing_is_handed_on_before_the_masks_are_confirmed() {
    let mut district = District::new();
    let facts = about_a_clerk(CENTRE);
    district.hears(CENTRE, Act::Open(Box::new(Open { facts, came_from: String::new() })));
    let refused = district.does(CENTRE, LEADER, routing(1)).unwrap_err();
    assert_eq!(refused, Rejection::MasksNotConfirmed);
}

#[test]
fn what_follows_from_an_old_version_is_refused() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    let refused = district.does(CENTRE, LEADER, routing(1)).unwrap_err();
    assert_eq!(refused, Rejection::Version { expected: 1, actual: 2 });
}

#[test]
fn a_case_that_is_not_here_is_not_found() {
    let mut district = District::new();
    let refused = district.does(TOWN, LEADER, routing(1)).unwrap_err();
    assert!(matches!(refused, Rejection::CaseNotFound(_)));
}

#[test]
fn art_14_2_a_term_begins_at_the_organ_that_is_competent() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    let outcome = district.does(CENTRE, LEADER, routing(2)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["term_begun"], vec![Some(TOWN)]));
    let term = begun(&outcome);
    assert_eq!((term.term, term.organ.as_str(), term.handling()), (1, TOWN, Handling::Transferred));
    assert!(term.facts_used.iter().any(|fact| fact.contains('=')), "{term:?}");
    let by = term.acknowledge_by.as_ref().and_then(server::time::from_proto).unwrap();
    assert_eq!(by, at("2026-03-05 00:00"), "two workdays, the day of the transfer not counted");
    assert!(!district.knows(TOWN));
    district.deliver();
    assert_eq!((district.state(TOWN), district.term_state(TOWN)), (CaseState::InHandling, TermState::Begun));
    let route = outcome.answer.route.unwrap();
    assert_eq!((route.organ.as_str(), route.up), (TOWN, false));
}

#[test]
fn art_14_1_the_home_itself_needs_no_acknowledgement() {
    let district = District::routed(about(CENTRE, whole(OTHER)));
    let term = district.case(CENTRE).current().unwrap();
    assert_eq!((term.state(), term.acknowledge_by), (TermState::Acknowledged, None));
}

#[test]
fn a_case_is_routed_once() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let version = district.case(CENTRE).version;
    let refused = district.does(CENTRE, LEADER, routing(version)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling));
    let version = district.case(TOWN).version;
    let refused = district.does(TOWN, LEADER, routing(version)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling), "the holder is not the home");
}

#[test]
fn house_an_automatic_regulation_routes_when_the_masks_are_confirmed() {
    let mut facts = about_a_clerk(CENTRE);
    facts.automatic = true;
    let mut district = District::new();
    let open = Act::Open(Box::new(Open { facts, came_from: String::new() }));
    assert_eq!(names(&district.hears(CENTRE, open.clone())), ["case_opened"]);
    let outcome = district.hears(CENTRE, Act::NoteWorkingCopy(working_copy(1)));
    assert_eq!(names(&outcome), ["working_copy_noted", "term_begun"]);
    assert_eq!(names(&district.hears(CENTRE, open)), [""; 0], "heard again");
    assert_eq!(names(&district.hears(CENTRE, Act::NoteWorkingCopy(working_copy(1)))), [""; 0]);
    let masked_again = district.hears(CENTRE, Act::NoteWorkingCopy(working_copy(2)));
    assert_eq!(names(&masked_again), ["working_copy_noted"]);
}

#[test]
fn house_where_no_rule_is_clear_an_automatic_regulation_leaves_it_to_an_officer() {
    let mut facts = about(CENTRE, person(CENTRE, Rank::Division, true));
    facts.automatic = true;
    let mut district = District::ready(facts);
    assert_eq!(district.state(CENTRE), CaseState::Accepted);
    let refused = district.does(CENTRE, LEADER, routing(2)).unwrap_err();
    assert!(matches!(refused, Rejection::NoCompetentOrgan(_)));
}

#[test]
fn art_14_3_the_centre_may_handle_directly_what_weighs() {
    let mut facts = about_a_clerk(CENTRE);
    facts.weights = vec![Weight::SeriousHarm.into()];
    let mut district = District::ready(facts);
    let outcome = departs(&mut district, CENTRE, CENTRE).unwrap();
    let term = begun(&outcome);
    assert_eq!((term.organ.as_str(), term.handling()), (CENTRE, Handling::Direct));
    assert_eq!(term.citation.as_ref().unwrap().article, "14(3)");
    assert!(term.departure_reason.is_some());
    assert!(matches!(outcome.writes.as_slice(), [Write::Text(_)]));
}

#[test]
fn art_6_2_a_departure_assigns_with_report_back() {
    let mut district = District::ready(about(CENTRE, whole(OTHER)));
    let outcome = departs(&mut district, CENTRE, TOWN).unwrap();
    assert_eq!(begun(&outcome).handling(), Handling::Assigned);
}

#[test]
fn a_departure_to_where_the_rule_points_is_the_rules_own_way() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    let outcome = departs(&mut district, CENTRE, TOWN).unwrap();
    assert_eq!(begun(&outcome).handling(), Handling::Transferred);
    assert!(begun(&outcome).departure_reason.is_some());
}

#[test]
fn house_a_departure_reaches_no_organ_that_would_judge_itself_or_can_not_handle_cases() {
    let about_the_head = about(CENTRE, person(TOWN, Rank::Section, true));
    for organ in [TOWN, UNIT, ABOVE, "nowhere"] {
        let mut district = District::ready(about_the_head.clone());
        let refused = departs(&mut district, CENTRE, organ).unwrap_err();
        assert_eq!(refused, Rejection::NotAHandler { organ: organ.into() });
    }
    let mut district = District::ready(about_a_clerk(TOWN));
    let refused = departs(&mut district, TOWN, OTHER).unwrap_err();
    assert_eq!(refused, Rejection::NotAHandler { organ: OTHER.into() }, "neither above nor below");
}

#[test]
fn a_departure_where_no_rule_is_clear_still_names_the_regulation() {
    let mut district = District::ready(about(CENTRE, person(CENTRE, Rank::Division, true)));
    let outcome = departs(&mut district, CENTRE, TOWN).unwrap();
    let citation = begun(&outcome).citation.as_ref().unwrap();
    assert_eq!((citation.regulation.as_str(), citation.article.as_str()), ("baoshan-2009-5", ""));
}

#[test]
fn art_6_2_the_holder_acknowledges_once_and_the_home_hears_of_it() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    district.now = at("2026-03-03 10:00");
    let outcome = district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["transfer_acknowledged"], vec![Some(CENTRE)]));
    district.deliver();
    let noted = district.case(CENTRE).current().unwrap();
    assert_eq!(noted.acknowledged_at, Some(at("2026-03-03 10:00").as_microsecond()));
    let refused = district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling));
}

#[test]
fn art_6_2_an_act_names_the_term_its_organ_holds() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let refused = district.does(TOWN, "desk", Act::Acknowledge { term: 2 }).unwrap_err();
    assert_eq!(refused, Rejection::Term { named: 2, current: 1 });
    let refused = district.does(CENTRE, "desk", Act::Acknowledge { term: 1 }).unwrap_err();
    assert_eq!(refused, Rejection::Term { named: 1, current: 1 }, "the home does not hold it");
}

#[test]
fn a_reason_sealed_under_a_key_that_came_too_late_is_sealed_again() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    let departure = Some(Departure { organ: CENTRE.into(), reason: sealed_with_key(10), stands: true });
    let act = Act::Route(Box::new(Route { version: 2, departure }));
    let outcome = district.does(CENTRE, LEADER, act.clone()).unwrap();
    assert!(matches!(outcome.writes.as_slice(), [Write::Key(_), Write::Text(_)]));
    let refused = district.does(CENTRE, LEADER, act).unwrap_err();
    assert!(matches!(refused, Rejection::KeyIsThere(_)));
}
