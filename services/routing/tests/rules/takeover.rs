//! An organ above takes over a case whose home is below: article 20.

use directory::Directory;
use duban_proto::common::v1::{Action, CaseState, OrganKind, Rank};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{SupersededBy, TakeoverRefusal, TermState};
use routing::domain::{
    Act, Asker, Departure, GiveBack, Handshake, OnReturn, Outcome, Rejection, Route, Takeover,
    allowed_actions, allowed_from_above, taken_over_from_above,
};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about, about_a_clerk, appointment, audiences,
    begun, names, organ, person, record, sealed, submission,
};

const BRANCH: &str = "baoshan.luodian.park";

fn asks(district: &mut District, assign_to: Option<&str>) -> Result<Outcome, Rejection> {
    asks_as(district, CENTRE, TOWN, assign_to)
}

fn asks_as(
    district: &mut District,
    above: &str,
    home: &str,
    assign_to: Option<&str>,
) -> Result<Outcome, Rejection> {
    let assign_to = assign_to.map(str::to_owned);
    let ask = Takeover::Ask { home: home.into(), assign_to, reason: sealed(60) };
    district.does(above, LEADER, Act::Takeover(Box::new(ask)))
}

/// A case that the town registered and investigates itself.
fn at_the_town() -> District {
    let mut district = District::routed(about_a_clerk(TOWN));
    district.appoints(TOWN);
    district
}

fn concludes(district: &mut District, organ: &str, term: u32) {
    district.does(organ, LEADER, appointment(term, &INVESTIGATORS)).unwrap();
    district.does(organ, INVESTIGATORS[0], Act::File(Box::new(record(term, &INVESTIGATORS)))).unwrap();
    district.does(organ, INVESTIGATORS[0], submission(term)).unwrap();
    district.does(organ, LEADER, Act::Approve { term }).unwrap();
    district.deliver();
}

#[test]
fn art_20_the_home_moves_up_a_term_begins_there_and_the_cases_clock_goes_on() {
    let mut district = at_the_town();
    let before = district.case(TOWN).facts.clone();
    let asked = asks(&mut district, None).unwrap();
    assert_eq!((names(&asked), audiences(&asked)), (vec!["home_takeover_asked"], vec![Some(TOWN)]));
    district.deliver();
    for organ in [CENTRE, TOWN] {
        assert_eq!(district.case(organ).home, CENTRE, "both say the same");
        assert_eq!(district.case(organ).facts, before, "accepted when it was");
    }
    let case = district.case(CENTRE);
    let terms: Vec<_> = case.terms.iter().map(|it| (it.term, it.organ.as_str(), it.state())).collect();
    assert_eq!(terms, [(1, TOWN, TermState::Superseded), (2, CENTRE, TermState::Acknowledged)]);
    let citation = case.terms[1].citation.as_ref().unwrap();
    assert_eq!((citation.article.as_str(), citation.rule.as_str()), ("20", "take_over"));
    assert_eq!(district.case(TOWN).terms[0].superseded_because, i32::from(SupersededBy::Takeover));
    let late = district.does(TOWN, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS))));
    assert_eq!(late.map(drop), Err(Rejection::Term { named: 1, current: 2 }), "its own term has ended");
    concludes(&mut district, CENTRE, 2);
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
    assert_eq!(district.state(TOWN), CaseState::Concluded, "the door tells the complainant");
}

#[test]
fn art_20_it_may_be_assigned_to_another_organ_or_stay_with_who_handles_it() {
    let mut district = at_the_town();
    asks(&mut district, Some(OTHER)).unwrap();
    district.deliver();
    let held = |district: &District| {
        let case = district.case(CENTRE);
        (case.home.clone(), case.current_term(), case.holder().unwrap().to_owned())
    };
    assert_eq!(held(&district), (CENTRE.into(), 2, OTHER.into()));
    assert_eq!(district.case(OTHER).current_term(), 2);

    // The old home handles it again, under a term of the new home.
    let mut district = at_the_town();
    asks(&mut district, Some(TOWN)).unwrap();
    district.deliver();
    assert_eq!(held(&district), (CENTRE.into(), 2, TOWN.into()));
    let known = district.case(TOWN).current().unwrap();
    assert_eq!((known.term, known.state()), (2, TermState::Begun));
}

#[test]
fn art_20_what_the_old_home_did_meanwhile_is_void_or_the_case_stays_where_it_was_concluded() {
    let mut district = at_the_town();
    asks(&mut district, None).unwrap();
    let asked = district.take_mail();
    district.investigates(TOWN);
    district.submits(TOWN);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    for (from, fact) in asked {
        let act = Act::heard(fact.kind, &from, district.now).unwrap().unwrap();
        let outcome = district.hears(TOWN, act);
        assert_eq!(names(&outcome), ["home_takeover_refused"], "it was concluded first");
    }
    district.deliver();
    assert_eq!((district.case(TOWN).home.as_str(), district.state(TOWN)), (TOWN, CaseState::Concluded));
    assert!(!district.knows(CENTRE));
}

#[test]
fn art_20_only_an_organ_above_asks_and_only_for_what_is_not_its_own() {
    let mut district = at_the_town();
    let not = |organ: &str| Err(Rejection::NotAHandler { organ: organ.into() });
    assert_eq!(asks_as(&mut district, OTHER, TOWN, None).map(drop), not(TOWN));
    assert_eq!(asks_as(&mut district, CENTRE, CENTRE, None).map(drop), not(CENTRE));
    assert_eq!(asks(&mut district, Some("nobody")).map(drop), not("nobody"));
    let own = asks_as(&mut district, TOWN, TOWN, None);
    assert_eq!(own.map(drop), Err(Rejection::State(CaseState::InHandling)));
}

#[test]
fn house_nobody_takes_over_what_is_about_itself() {
    let mut district = District::ready(about(TOWN, person(CENTRE, Rank::Division, true)));
    asks(&mut district, None).unwrap();
    let (from, fact) = district.take_mail().remove(0);
    let outcome = district.hears(TOWN, Act::heard(fact.kind, &from, district.now).unwrap().unwrap());
    let Kind::HomeTakeoverRefused(refused) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(refused.why(), TakeoverRefusal::JudgesItself);
    assert!(taken_over_from_above(district.case(TOWN), TOWN, CENTRE, &district.directory).is_none());
}

#[test]
fn art_3_a_case_that_is_over_is_opened_again_and_not_taken_over() {
    let mut district = at_the_town();
    district.hears(TOWN, Act::NoteWithdrawal { goes_on: false });
    asks(&mut district, None).unwrap();
    district.deliver();
    assert_eq!(district.case(TOWN).home, TOWN);
    // The town holds a term and is not the home: it asks the home, which is the organ that asks.
    let mut other = District::routed(about_a_clerk(CENTRE));
    assert_eq!(asks(&mut other, None).map(drop), Err(Rejection::State(CaseState::InHandling)));
}

#[test]
fn art_20_who_does_not_know_the_case_says_so() {
    let mut district = District::new();
    asks(&mut district, None).unwrap();
    let (from, fact) = district.take_mail().remove(0);
    let outcome = district.hears(TOWN, Act::heard(fact.kind, &from, district.now).unwrap().unwrap());
    let Kind::HomeTakeoverRefused(told) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(told.why(), TakeoverRefusal::Unknown);
    district.deliver();
    assert!(!district.knows(CENTRE) && !district.knows(TOWN));
}

#[test]
fn art_20_the_action_is_told_to_the_organ_above_and_nobody_else() {
    let district = at_the_town();
    let case = district.case(TOWN);
    let takes = |organ| taken_over_from_above(case, TOWN, organ, &district.directory);
    assert_eq!(takes(CENTRE), Some(Action::TakeOverCase));
    assert_eq!((takes(OTHER), takes(TOWN)), (None, None));
    assert!(!allowed_from_above(case, TOWN).contains(&Action::TakeOverCase));
    let asker = Asker { subject: LEADER, organ: TOWN, has: &|_| true };
    assert!(!allowed_actions(case, &asker).contains(&Action::TakeOverCase));
}

#[test]
fn house_what_waits_for_the_home_is_decided_by_the_next_one() {
    let mut district = District::ready(about_a_clerk(TOWN));
    let branch = organ(BRANCH, TOWN, OrganKind::SubCentre);
    district.directory = Directory::new(district.directory.iter().cloned().chain([branch]));
    let departure = Departure { organ: BRANCH.into(), reason: sealed(40), stands: true };
    let version = district.case(TOWN).version;
    let act = Act::Route(Box::new(Route { version, departure: Some(departure) }));
    let outcome = district.does(TOWN, LEADER, act).unwrap();
    assert_eq!(begun(&outcome).organ, BRANCH);
    district.deliver();
    let recall = |term| {
        let handshake = Handshake::Recall { term, organ: None, reason: sealed(70) };
        Act::Transfer(Box::new(handshake))
    };
    let give_back = Handshake::Return(GiveBack {
        term: 1,
        ground: "not_competent".into(),
        reason: sealed(71),
        approves: true,
    });
    district.does(BRANCH, LEADER, Act::Transfer(Box::new(give_back))).unwrap();
    district.does(TOWN, LEADER, recall(1)).unwrap();
    district.deliver();
    // The centre takes the home and leaves the term where it is.
    asks(&mut district, Some(BRANCH)).unwrap();
    district.deliver();
    let case = district.case(CENTRE);
    assert_eq!((case.current_term(), case.returns), (1, 1));
    let tenure = case.current().unwrap();
    assert!(tenure.open_return().is_some() && tenure.open_recall().is_some(), "both came along");
    let answer = Handshake::AnswerRecall { term: 1, kept: Some(sealed(72)) };
    district.does(BRANCH, LEADER, Act::Transfer(Box::new(answer))).unwrap();
    district.deliver();
    assert!(district.case(CENTRE).void_acts.is_empty(), "it is an answer to something");
    let outcome = district.does(CENTRE, LEADER, recall(1)).unwrap();
    let Kind::RecallRequested(asked) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(asked.recall, 2, "numbers go on");
    let decision = OnReturn::Agree { organ: Some(OTHER.into()), compulsory: false };
    let decide = Handshake::DecideReturn { term: 1, decision, reason: sealed(73) };
    district.does(CENTRE, LEADER, Act::Transfer(Box::new(decide))).unwrap();
    district.deliver();
    assert_eq!(district.case(OTHER).current_term(), 2);
}
