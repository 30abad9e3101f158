//! How urgent a case is goes with it (house).

use duban_proto::common::v1::{CaseFacts, Urgency};
use duban_proto::routing::v1::UrgencyNoted;
use routing::domain::Act;

use crate::support::{CENTRE, District, LEADER, TOWN, about_a_clerk, audiences, names, routing};

fn told(urgency: Urgency, public_opinion: bool) -> Act {
    Act::NoteUrgency(UrgencyNoted { urgency: urgency.into(), public_opinion })
}

#[test]
fn house_who_handles_the_case_is_told_how_urgent_it_is_and_once() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let outcome = district.hears(CENTRE, told(Urgency::MostUrgent, true));
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["urgency_noted"], vec![Some(TOWN)]));
    district.deliver();
    let case = district.case(TOWN);
    assert_eq!((case.urgency().urgency(), case.priority()), (Urgency::MostUrgent, 5));
    assert_eq!(names(&district.hears(CENTRE, told(Urgency::MostUrgent, true))), [""; 0]);
    district.hears(CENTRE, told(Urgency::Unspecified, false));
    district.deliver();
    assert_eq!((district.case(CENTRE).priority(), district.case(TOWN).priority()), (0, 0));
}

#[test]
fn house_who_gets_the_case_later_gets_it_with_the_facts_and_a_correction_keeps_it() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    district.hears(CENTRE, told(Urgency::Urgent, false));
    let facts = Box::new(CaseFacts { grounds: vec!["8.3".into()], ..about_a_clerk(CENTRE) });
    assert_eq!(names(&district.hears(CENTRE, Act::CorrectFacts { facts, from: None })), ["facts_corrected"]);
    assert_eq!(district.case(CENTRE).priority(), 2, "a correction tells nothing of it");
    let version = district.case(CENTRE).version;
    district.does(CENTRE, LEADER, routing(version)).unwrap();
    district.deliver();
    assert_eq!(district.case(TOWN).urgency().urgency(), Urgency::Urgent);
}

#[test]
fn house_what_is_told_of_a_case_that_never_came_here_is_nothing() {
    let mut district = District::new();
    assert_eq!(names(&district.hears(CENTRE, told(Urgency::Urgent, true))), [""; 0]);
}
