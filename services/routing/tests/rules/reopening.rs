//! A concluded case is opened again ex officio: article 3.

use duban_proto::common::v1::{Action, CaseState, Finding};
use duban_proto::routing::v1::TermState;
use jiff::Timestamp;
use routing::domain::{
    Act, After, Archive, Asker, Departure, Outcome, Rejection, Reopen, allowed_actions, allowed_from_above,
};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, UNIT, about, appointment, at, audiences, begun,
    names, person, record, sealed, submission, whole,
};

const OTHERS: [&str; 2] = ["sun.li", "zhao.si"];

fn opened_again(version: u32, departs_to: Option<&str>) -> Act {
    let departure =
        departs_to.map(|organ| Departure { organ: organ.into(), reason: sealed(50), stands: true });
    Act::After(After::Reopen(Box::new(Reopen { version, departure, reason: sealed(50) })))
}

fn reopens(district: &mut District, home: &str, departs_to: Option<&str>) -> Result<Outcome, Rejection> {
    let version = district.case(home).version;
    district.does(home, LEADER, opened_again(version, departs_to))
}

/// The town concluded a case of the centre's.
fn concluded_below() -> District {
    let mut district = District::acknowledged();
    district.concludes(TOWN);
    district
}

fn concludes_again(district: &mut District, organ: &str, term: u32) {
    district.does(organ, LEADER, appointment(term, &OTHERS)).unwrap();
    district.does(organ, OTHERS[0], Act::File(Box::new(record(term, &OTHERS)))).unwrap();
    district.does(organ, OTHERS[0], submission(term)).unwrap();
    district.does(organ, LEADER, Act::Approve { term }).unwrap();
    district.deliver();
}

#[test]
fn art_3_a_concluded_case_is_opened_again_with_a_new_term_and_the_result_stays_on_record() {
    let mut district = concluded_below();
    district.now = at("2026-04-01 10:00");
    let outcome = reopens(&mut district, CENTRE, None).unwrap();
    assert_eq!(names(&outcome), ["case_reopened", "term_begun"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), Some(TOWN)]);
    let term = begun(&outcome);
    assert_eq!((term.term, term.reopenings), (2, 1));
    assert_eq!(
        term.reopened_at,
        Some(server::time::to_proto(at("2026-04-01 10:00"))),
        "its time counts from then"
    );
    let case = outcome.answer.case.unwrap();
    assert_eq!((case.state(), case.finding()), (CaseState::InHandling, Finding::Unspecified));
    let [earlier] = case.earlier_results.as_slice() else { panic!("{case:?}") };
    assert_eq!((earlier.finding(), earlier.organ.as_str(), earlier.term), (Finding::Founded, TOWN, 1));
    assert_eq!(case.terms[0].state(), TermState::Concluded, "the first term stays as it ended");
    district.deliver();
    assert_eq!((district.state(TOWN), district.case(TOWN).results.len()), (CaseState::InHandling, 1));
}

#[test]
fn house_who_investigated_before_does_not_investigate_again() {
    let mut district = concluded_below();
    reopens(&mut district, CENTRE, None).unwrap();
    district.deliver();
    district.does(TOWN, "desk", Act::Acknowledge { term: 2 }).unwrap();
    let [first, _] = INVESTIGATORS;
    let refused = district.does(TOWN, LEADER, appointment(2, &[OTHERS[0], first])).unwrap_err();
    assert!(matches!(&refused, Rejection::PersonExcluded { person, .. } if person == first), "{refused:?}");
    district.does(TOWN, LEADER, appointment(2, &OTHERS)).unwrap();
}

#[test]
fn art_3_a_second_result_is_the_result_and_is_replied_to_anew() {
    let mut district = concluded_below();
    let reply = |at: Timestamp| Act::NoteReply { at };
    let now = district.now;
    district.hears(CENTRE, reply(now));
    assert_eq!(district.state(CENTRE), CaseState::Replied);
    reopens(&mut district, CENTRE, None).unwrap();
    district.deliver();
    assert_eq!(names(&district.hears(CENTRE, reply(now))), [""; 0], "about the earlier result");
    district.does(TOWN, "desk", Act::Acknowledge { term: 2 }).unwrap();
    district.deliver();
    concludes_again(&mut district, TOWN, 2);
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
    assert!(!district.case(CENTRE).replied);
    district.hears(CENTRE, reply(now));
    assert_eq!(district.state(CENTRE), CaseState::Replied);
}

#[test]
fn art_3_also_an_archived_case_and_more_than_once() {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.concludes(CENTRE);
    let now = district.now;
    district.hears(CENTRE, Act::NoteReply { at: now });
    district.does(CENTRE, "archivist", Act::Archive(Archive { retention_years: 10 })).unwrap();
    let outcome = reopens(&mut district, CENTRE, None).unwrap();
    assert_eq!(
        (names(&outcome), audiences(&outcome)),
        (vec!["case_reopened", "term_begun"], vec![None, None])
    );
    concludes_again(&mut district, CENTRE, 2);
    reopens(&mut district, CENTRE, None).unwrap();
    let case = district.case(CENTRE);
    assert_eq!((case.reopenings, case.results.len(), case.current_term()), (2, 2, 3));
    assert!(case.investigated_before(OTHERS[0]) && case.investigated_before(INVESTIGATORS[0]));
}

#[test]
fn art_3_to_another_organ_with_the_reason() {
    let mut district = concluded_below();
    let refused = reopens(&mut district, CENTRE, Some(UNIT)).unwrap_err();
    assert!(matches!(refused, Rejection::NotAHandler { .. }), "{refused:?}");
    let outcome = reopens(&mut district, CENTRE, Some(CENTRE)).unwrap();
    assert_eq!((begun(&outcome).organ.as_str(), begun(&outcome).departure_reason.is_some()), (CENTRE, true));
    assert_eq!(audiences(&outcome), [Some(TOWN), None], "the organ whose result it was is told");
    district.deliver();
    assert_eq!(district.state(TOWN), CaseState::Concluded, "it holds no term any more");
    let refused = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err();
    assert!(matches!(refused, Rejection::State(_)), "{refused:?}");
    assert!(!district.case(TOWN).owes_announcement(TOWN));
}

#[test]
fn art_3_what_is_not_concluded_is_not_opened_again() {
    let mut district = District::acknowledged();
    assert_eq!(reopens(&mut district, CENTRE, None).unwrap_err(), Rejection::State(CaseState::InHandling));
    district.concludes(TOWN);
    let refused = reopens(&mut district, TOWN, None).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::Concluded), "the home decides on it");
    let refused = district.does(CENTRE, LEADER, opened_again(1, None)).unwrap_err();
    assert!(matches!(refused, Rejection::Version { expected: 1, .. }), "{refused:?}");
}

#[test]
fn art_3_the_organ_that_registered_it_is_told() {
    let mut district =
        District::ready(about(TOWN, person(TOWN, duban_proto::common::v1::Rank::Section, true)));
    let version = district.case(TOWN).version;
    district.does(TOWN, LEADER, crate::support::routing(version)).unwrap();
    district.deliver();
    let version = district.case(CENTRE).version;
    district.does(CENTRE, LEADER, crate::support::routing(version)).unwrap();
    district.deliver();
    district.concludes(CENTRE);
    assert_eq!(district.state(TOWN), CaseState::Concluded);
    let outcome = reopens(&mut district, CENTRE, None).unwrap();
    assert_eq!(audiences(&outcome), [Some(TOWN), None]);
    district.deliver();
    assert_eq!((district.state(TOWN), district.case(TOWN).concluded), (CaseState::InHandling, false));
    let told_again = Act::heard(outcome.facts[0].kind.clone(), CENTRE, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(TOWN, told_again)), [""; 0]);
    concludes_again(&mut district, CENTRE, 2);
    assert_eq!(district.state(TOWN), CaseState::Concluded, "and gets the new result");
}

#[test]
fn art_3_a_leader_of_the_home_or_supervision_opens_it_again() {
    use access::Role;
    let district = concluded_below();
    let asks = |organ: &str, role: Role| {
        let has = move |asked: Role| asked == role;
        allowed_actions(district.case(organ), &Asker { subject: "somebody", organ, has: &has })
    };
    assert!(asks(CENTRE, Role::Leader).contains(&Action::ReopenCase));
    assert!(asks(CENTRE, Role::Supervisor).contains(&Action::ReopenCase));
    assert!(!asks(CENTRE, Role::Desk).contains(&Action::ReopenCase));
    assert!(!asks(TOWN, Role::Leader).contains(&Action::ReopenCase), "not its home");
    assert_eq!(allowed_from_above(district.case(CENTRE), CENTRE), [Action::ReopenCase]);
    assert!(allowed_from_above(District::acknowledged().case(CENTRE), CENTRE).is_empty());
}
