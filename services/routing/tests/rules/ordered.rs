//! What supervision orders about a result: a reinvestigation by others (20), and what an appeal does to it (5(2)).

use duban_proto::common::v1::{AppealOutcome, CaseState, Citation, Finding, Rank};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{Handling, ReplacementGround, RespondentFinding};
use duban_proto::supervision::v1::{AppealDecided, OrderedOn, ReinvestigationOrdered};
use routing::domain::{Act, After, Archive, Departure, Inquire, Ordered, Outcome, Rejection, Reopen};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, UNIT, about, appointment, audiences, begun, names,
    person, sealed, whole,
};

fn ordered(home: &str, by: &str, directly: bool) -> Act {
    let citation = Citation { article: "20".into(), ..Citation::default() };
    Act::Ordered(Box::new(Ordered::Reinvestigate(ReinvestigationOrdered {
        order_id: "order".into(),
        term: 1,
        home: home.into(),
        ordered_by: by.into(),
        on: OrderedOn::Review.into(),
        directly,
        citation: Some(citation),
        ..ReinvestigationOrdered::default()
    })))
}

fn decided(outcome: AppealOutcome, respondent: u32, finding: Finding) -> Act {
    Act::Ordered(Box::new(Ordered::Appeal(AppealDecided {
        appeal_id: "appeal".into(),
        term: 1,
        respondent,
        home: CENTRE.into(),
        decided_by: CENTRE.into(),
        outcome: outcome.into(),
        finding: finding.into(),
        ..AppealDecided::default()
    })))
}

/// The town concluded a case of the centre's.
fn concluded_below() -> District {
    let mut district = District::acknowledged();
    district.concludes(TOWN);
    district
}

fn noted(outcome: &Outcome) -> &duban_proto::routing::v1::AppealNoted {
    outcome
        .facts
        .iter()
        .find_map(|fact| if let Kind::AppealNoted(noted) = &fact.kind { Some(noted) } else { None })
        .unwrap()
}

#[test]
fn art_20_the_organ_that_handled_it_investigates_again_in_a_round_of_its_own() {
    let mut district = concluded_below();
    let outcome = district.hears(CENTRE, ordered(CENTRE, CENTRE, false));
    assert_eq!(names(&outcome), ["case_reopened", "reinvestigation_noted", "term_begun"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), None, Some(TOWN)]);
    let term = begun(&outcome);
    assert_eq!((term.term, term.reopenings, term.organ.as_str()), (2, 1, TOWN));
    assert_eq!(term.reinvestigation.as_ref().unwrap().order_id, "order");
    assert!(names(&district.hears(CENTRE, ordered(CENTRE, CENTRE, false))).is_empty(), "told twice");
}

#[test]
fn art_20_who_investigated_or_approved_before_is_not_appointed() {
    let mut district = concluded_below();
    district.hears(CENTRE, ordered(CENTRE, CENTRE, false));
    district.deliver();
    district.does(TOWN, "desk", Act::Acknowledge { term: 2 }).unwrap();
    for excluded in [INVESTIGATORS[0], LEADER] {
        let refused = district.does(TOWN, LEADER, appointment(2, &["sun.li", excluded])).unwrap_err();
        let Rejection::PersonExcluded { person, article, .. } = &refused else { panic!("{refused:?}") };
        assert_eq!((person.as_str(), article.as_str()), (excluded, "20"));
    }
    district.does(TOWN, LEADER, appointment(2, &["sun.li", "zhao.si"])).unwrap();
    let replacement = Inquire::Replace {
        term: 2,
        former: "sun.li".into(),
        successor: INVESTIGATORS[0].into(),
        ground: ReplacementGround::Absent,
        reason: Some(sealed(50)),
    };
    let replaced = district.does(TOWN, LEADER, Act::Inquire(Box::new(replacement))).unwrap_err();
    assert!(matches!(replaced, Rejection::PersonExcluded { .. }), "nor in another's place: {replaced:?}");
}

#[test]
fn art_3_a_reopening_that_nobody_ordered_excludes_as_the_regulation_says_alone() {
    let mut district = concluded_below();
    district.hears(CENTRE, ordered(CENTRE, CENTRE, false));
    district.deliver();
    district.does(TOWN, "desk", Act::Acknowledge { term: 2 }).unwrap();
    district.deliver();
    let others = ["sun.li", "zhao.si"];
    district.does(TOWN, LEADER, appointment(2, &others)).unwrap();
    district.does(TOWN, others[0], Act::File(Box::new(crate::support::record(2, &others)))).unwrap();
    district.does(TOWN, others[0], crate::support::submission(2)).unwrap();
    district.does(TOWN, LEADER, Act::Approve { term: 2 }).unwrap();
    district.deliver();
    let version = district.case(CENTRE).version;
    let departure = Some(Departure { organ: TOWN.into(), reason: sealed(50), stands: true });
    let reopen = Reopen { version, departure, reason: sealed(50) };
    district.does(CENTRE, LEADER, Act::After(After::Reopen(Box::new(reopen)))).unwrap();
    district.deliver();
    assert!(district.case(CENTRE).reinvestigation.is_none());
    assert!(district.case(TOWN).reinvestigation.is_none());
}

#[test]
fn art_20_where_necessary_the_authority_handles_it_itself() {
    let mut district = concluded_below();
    let outcome = district.hears(CENTRE, ordered(CENTRE, CENTRE, true));
    let term = begun(&outcome);
    assert_eq!((term.organ.as_str(), term.handling()), (CENTRE, Handling::Direct));
    district
        .does(CENTRE, LEADER, appointment(2, &INVESTIGATORS))
        .expect("who took part below is not known here");
}

#[test]
fn art_20_a_case_of_a_home_below_goes_to_the_authority_that_handles_it_itself() {
    let mut district = District::routed(about(TOWN, person(UNIT, Rank::Unranked, false)));
    district.concludes(TOWN);
    let outcome = district.hears(TOWN, ordered(TOWN, CENTRE, true));
    assert_eq!(names(&outcome), ["case_reopened", "reinvestigation_noted", "home_succeeded"]);
    district.deliver();
    let case = district.case(CENTRE);
    assert_eq!((case.home.as_str(), case.reopenings), (CENTRE, 1));
    assert!(case.reinvestigation.as_ref().is_some_and(|order| order.directly));
    assert_eq!(district.case(TOWN).home, CENTRE);
}

#[test]
fn art_20_an_order_against_an_open_case_or_another_result_changes_nothing() {
    let mut district = District::acknowledged();
    assert!(names(&district.hears(CENTRE, ordered(CENTRE, CENTRE, false))).is_empty(), "not concluded");
    district.concludes(TOWN);
    let mut order = ordered(CENTRE, CENTRE, false);
    if let Act::Ordered(ordered) = &mut order
        && let Ordered::Reinvestigate(order) = ordered.as_mut()
    {
        order.term = 7;
    }
    assert!(names(&district.hears(CENTRE, order)).is_empty(), "of a result that is not the last");
}

#[test]
fn art_20_also_a_case_that_is_filed_already() {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.concludes(CENTRE);
    let now = district.now;
    district.hears(CENTRE, Act::NoteReply { at: now });
    district.does(CENTRE, "archivist", Act::Archive(Archive { retention_years: 10 })).unwrap();
    let outcome = district.hears(CENTRE, ordered(CENTRE, "shanghai", false));
    assert_eq!(names(&outcome), ["case_reopened", "reinvestigation_noted", "term_begun"]);
    assert_eq!(district.state(CENTRE), CaseState::InHandling);
}

#[test]
fn art_5_2_a_changed_result_counts_and_the_one_before_stays_on_record() {
    let mut district = concluded_below();
    let outcome = district.hears(CENTRE, decided(AppealOutcome::Changed, 0, Finding::Unfounded));
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["appeal_noted"], vec![Some(TOWN)]));
    let effect = noted(&outcome);
    assert_eq!((effect.was_finding(), effect.finding()), (Finding::Founded, Finding::Unfounded));
    let case = district.case(CENTRE);
    assert_eq!((case.finding(), case.measures.len(), case.appeals.len()), (Finding::Unfounded, 0, 1));
    assert_eq!(case.state(), CaseState::Concluded, "it stays concluded");
    district.deliver();
    assert_eq!((district.case(TOWN).finding(), district.case(TOWN).appeals.len()), (Finding::Unfounded, 1));
    let again = district.hears(CENTRE, decided(AppealOutcome::Changed, 0, Finding::Founded));
    assert!(names(&again).is_empty(), "told twice");
}

#[test]
fn art_5_2_of_several_respondents_the_finding_of_one_changes_and_the_whole_follows() {
    let mut facts = about(CENTRE, person(UNIT, Rank::Unranked, false));
    facts.respondents.push(person(UNIT, Rank::Unranked, false));
    let mut district = District::routed(facts);
    district.deliver();
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.deliver();
    district.concludes(TOWN);
    let outcome = district.hears(CENTRE, decided(AppealOutcome::Changed, 1, Finding::Unfounded));
    let effect = noted(&outcome);
    assert_eq!(effect.finding(), Finding::PartlyFounded);
    let findings: Vec<Finding> = effect.findings.iter().map(RespondentFinding::finding).collect();
    assert_eq!(findings, [Finding::Founded, Finding::Unfounded]);
}

#[test]
fn art_5_2_what_is_upheld_or_comes_after_a_reopening_is_record_alone() {
    let mut district = concluded_below();
    let upheld = district.hears(CENTRE, decided(AppealOutcome::Upheld, 0, Finding::Unspecified));
    assert_eq!(noted(&upheld).finding(), Finding::Founded);
    assert_eq!(district.case(CENTRE).finding(), Finding::Founded);
    let mut district = concluded_below();
    district.hears(CENTRE, ordered(CENTRE, CENTRE, false));
    district.hears(CENTRE, decided(AppealOutcome::Changed, 0, Finding::Unfounded));
    assert_eq!(
        (district.case(CENTRE).finding(), district.case(CENTRE).appeals.len()),
        (Finding::Unspecified, 1)
    );
}

#[test]
fn art_5_2_20_the_approval_says_who_took_part_and_the_home_tells_nobody() {
    let mut district = District::acknowledged();
    district.works(TOWN);
    let approved = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    let Kind::DispositionApproved(event) = &approved.facts[0].kind else { panic!("{approved:?}") };
    assert!(INVESTIGATORS.iter().all(|person| event.took_part.iter().any(|other| other == person)));
    assert_eq!((event.home.as_str(), event.respondents.len()), (CENTRE, 1));
    assert_eq!(approved.facts[0].audience, None);
    for fact in approved.facts.iter().filter(|fact| fact.audience.is_some()) {
        assert!(!format!("{:?}", fact.kind).contains(INVESTIGATORS[0]), "{fact:?}");
    }
}
