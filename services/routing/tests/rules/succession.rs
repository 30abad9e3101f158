//! Open cases follow where an organ is closed: article 4.

use directory::Directory;
use duban_proto::common::v1::{CaseState, Organ, OrganKind, Rank};
use duban_proto::routing::v1::{Handling, TermState};
use jiff::Timestamp;
use routing::domain::{Act, Archive, Departure, Outcome, Rejection, Route, Succession};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, UNIT, about, about_a_clerk, appointment, at,
    audiences, begun, directory, names, organ, person, record, routing, sealed, submission, whole,
};

/// A third sub-centre.
const THIRD: &str = "baoshan.gucun";
/// A sub-centre below the town.
const BRANCH: &str = "baoshan.luodian.park";

fn organs() -> Vec<Organ> {
    let more = [organ(THIRD, CENTRE, OrganKind::SubCentre), organ(BRANCH, TOWN, OrganKind::SubCentre)];
    directory().iter().cloned().chain(more).collect()
}

/// Closes an organ; what is below it comes under its successor.
fn close(district: &mut District, code: &str, successor: &str) {
    let mut organs: Vec<Organ> = district.directory.iter().cloned().collect();
    for organ in &mut organs {
        if organ.code == code {
            organ.successor = successor.into();
        } else if organ.parent == code {
            let above = if organ.code == successor { CENTRE } else { successor };
            organ.parent = above.into();
        }
    }
    district.directory = Directory::new(organs);
}

fn follows(district: &mut District, organ: &str) -> Outcome {
    district.hears(organ, Act::from(Succession::Follow))
}

/// A case that the town registered and handles.
fn at_the_town() -> District {
    let mut district = District::routed(about_a_clerk(TOWN));
    district.directory = Directory::new(organs());
    district
}

/// A case that the town registered and handed to the branch below it, which has not acknowledged it yet.
fn at_the_branch() -> District {
    let mut district = District::ready(about_a_clerk(TOWN));
    district.directory = Directory::new(organs());
    let departure = Departure { organ: BRANCH.into(), reason: sealed(40), stands: true };
    let version = district.case(TOWN).version;
    let act = Act::Route(Box::new(Route { version, departure: Some(departure) }));
    district.does(TOWN, LEADER, act).unwrap();
    district.deliver();
    district
}

fn works_on_term(district: &mut District, organ: &str, term: u32) {
    district.does(organ, LEADER, appointment(term, &INVESTIGATORS)).unwrap();
    district.does(organ, INVESTIGATORS[0], Act::File(Box::new(record(term, &INVESTIGATORS)))).unwrap();
    district.does(organ, INVESTIGATORS[0], submission(term)).unwrap();
    district.does(organ, LEADER, Act::Approve { term }).unwrap();
}

fn accepted_at(district: &District, organ: &str) -> Timestamp {
    let accepted = district.case(organ).facts.as_ref().and_then(|facts| facts.accepted_at);
    server::time::from_proto(&accepted.unwrap()).unwrap()
}

#[test]
fn art_4_a_term_of_a_closed_organ_goes_on_at_its_successor() {
    let mut district = District::acknowledged();
    district.now = at("2026-03-04 10:00");
    assert_eq!(names(&follows(&mut district, CENTRE)), [""; 0], "nobody is closed");
    close(&mut district, TOWN, OTHER);
    let outcome = follows(&mut district, CENTRE);
    assert_eq!(names(&outcome), ["term_begun", "term_superseded"]);
    assert_eq!(audiences(&outcome), [Some(OTHER), Some(TOWN)]);
    let term = begun(&outcome);
    assert_eq!((term.term, term.organ.as_str(), term.handling()), (2, OTHER, Handling::Transferred));
    let citation = term.citation.as_ref().unwrap();
    assert_eq!((citation.article.as_str(), citation.rule.as_str()), ("4", "succession"));
    assert_eq!(term.facts_used, [format!("closed={TOWN}"), format!("successor={OTHER}")]);
    assert!(term.acknowledge_by.is_some());
    district.deliver();
    assert_eq!(accepted_at(&district, OTHER), at("2026-03-02 09:00"), "the case's clock goes on");
    assert_eq!(names(&follows(&mut district, CENTRE)), [""; 0], "once");
    district.does(OTHER, "desk", Act::Acknowledge { term: 2 }).unwrap();
    works_on_term(&mut district, OTHER, 2);
    district.deliver();
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
}

#[test]
fn art_4_what_a_closed_organ_still_does_is_kept_and_void() {
    let mut district = District::acknowledged();
    close(&mut district, TOWN, OTHER);
    works_on_term(&mut district, TOWN, 1);
    let late = district.take_mail();
    follows(&mut district, CENTRE);
    district.deliver();
    for (from, fact) in late {
        let act = Act::heard(fact.kind, &from, district.now).unwrap().unwrap();
        district.hears(CENTRE, act);
    }
    let case = district.case(CENTRE);
    assert_eq!((case.state(), case.current_term()), (CaseState::InHandling, 2));
    let void: Vec<_> = case.void_acts.iter().map(|act| (act.act.as_str(), act.organ.as_str())).collect();
    assert_eq!(void, [("result_reported", TOWN)]);
}

#[test]
fn art_4_the_home_of_a_closed_organs_cases_moves_to_its_successor() {
    let mut district = at_the_town();
    district.appoints(TOWN);
    close(&mut district, TOWN, OTHER);
    let outcome = follows(&mut district, TOWN);
    assert_eq!(names(&outcome), ["home_succeeded"]);
    assert_eq!(audiences(&outcome), [Some(OTHER)]);
    let refused = district.does(TOWN, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS))));
    assert_eq!(refused.map(drop), Err(Rejection::Term { named: 1, current: 1 }), "its own term has ended");
    assert_eq!(names(&follows(&mut district, TOWN)), [""; 0], "once");
    district.deliver();
    for organ in [TOWN, OTHER] {
        assert_eq!(district.case(organ).home, OTHER, "both say the same");
        assert_eq!(accepted_at(&district, organ), at("2026-03-02 09:00"));
    }
    let case = district.case(OTHER);
    let terms: Vec<_> = case.terms.iter().map(|it| (it.term, it.organ.as_str(), it.state())).collect();
    assert_eq!(terms, [(1, TOWN, TermState::Superseded), (2, OTHER, TermState::Acknowledged)]);
    works_on_term(&mut district, OTHER, 2);
    district.deliver();
    assert_eq!(district.state(OTHER), CaseState::Concluded);
    assert_eq!(district.state(TOWN), CaseState::Concluded, "who registered it tells the complainant");
    district.hears(TOWN, Act::NoteReply { at: district.now });
    district.deliver();
    assert_eq!(district.state(OTHER), CaseState::Replied);
    district.does(OTHER, "archivist", Act::Archive(Archive { retention_years: 10 })).unwrap();
    district.deliver();
    assert_eq!(district.state(TOWN), CaseState::Archived);
}

#[test]
fn art_4_a_case_that_is_not_routed_yet_is_routed_by_the_successor() {
    let mut district = District::ready(about_a_clerk(TOWN));
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    let version = district.case(TOWN).version;
    assert_eq!(
        district.does(TOWN, LEADER, routing(version)).map(drop),
        Err(Rejection::State(CaseState::Accepted)),
        "it is on its way"
    );
    district.deliver();
    let version = district.case(OTHER).version;
    let outcome = district.does(OTHER, LEADER, routing(version)).unwrap();
    assert_eq!((begun(&outcome).term, begun(&outcome).organ.as_str()), (1, OTHER));
}

#[test]
fn art_15_masks_that_are_confirmed_after_the_closing_are_told_to_the_successor() {
    let mut district = District::new();
    let open = routing::domain::Open { facts: about_a_clerk(TOWN), came_from: String::new() };
    district.hears(TOWN, Act::Open(Box::new(open)));
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    district.deliver();
    let version = district.case(OTHER).version;
    assert_eq!(district.does(OTHER, LEADER, routing(version)).map(drop), Err(Rejection::MasksNotConfirmed));
    district.hears(TOWN, Act::NoteWorkingCopy(crate::support::working_copy(1)));
    district.deliver();
    let version = district.case(OTHER).version;
    district.does(OTHER, LEADER, routing(version)).unwrap();
}

#[test]
fn art_4_mergers_in_turn_come_to_the_last() {
    let mut district = at_the_town();
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    district.deliver();
    close(&mut district, OTHER, THIRD);
    follows(&mut district, OTHER);
    district.deliver();
    for organ in [TOWN, OTHER, THIRD] {
        assert_eq!(district.case(organ).home, THIRD, "{organ}");
    }
    let case = district.case(THIRD);
    assert_eq!((case.current_term(), case.current().unwrap().organ.as_str()), (3, THIRD));
    works_on_term(&mut district, THIRD, 3);
    district.deliver();
    assert_eq!(district.state(TOWN), CaseState::Concluded);
}

#[test]
fn art_4_two_closings_before_the_case_follows_make_one_move() {
    let mut district = at_the_town();
    close(&mut district, TOWN, OTHER);
    close(&mut district, OTHER, THIRD);
    assert_eq!(audiences(&follows(&mut district, TOWN)), [Some(THIRD)]);
    district.deliver();
    assert!(!district.knows(OTHER));
    assert_eq!(district.case(TOWN).home, THIRD);
}

#[test]
fn house_what_a_holder_told_the_closed_home_reaches_its_successor() {
    let mut district = at_the_branch();
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    // The branch does not know of it yet.
    district.does(BRANCH, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.deliver();
    let term = district.case(OTHER).current().unwrap();
    assert_eq!((term.term, term.organ.as_str(), term.state()), (1, BRANCH, TermState::Acknowledged));
    assert_eq!(district.case(BRANCH).home, OTHER, "it was told");
    assert_eq!(district.case(TOWN).home, OTHER);
    works_on_term(&mut district, BRANCH, 1);
    let told = district.take_mail();
    assert_eq!(told[0].1.audience.as_deref(), Some(OTHER), "and tells the new home");
    for (from, fact) in told {
        district.hears(OTHER, Act::heard(fact.kind, &from, district.now).unwrap().unwrap());
    }
    assert_eq!(district.state(OTHER), CaseState::Concluded);
    assert!(district.case(OTHER).void_acts.is_empty());
}

#[test]
fn house_who_becomes_the_home_of_what_it_concluded_for_the_closed_one_hears_its_own_result() {
    let mut district = at_the_branch();
    district.does(BRANCH, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.deliver();
    works_on_term(&mut district, BRANCH, 1);
    close(&mut district, TOWN, BRANCH);
    // The result and the move of the home cross.
    let mut crossing = district.take_mail();
    follows(&mut district, TOWN);
    crossing.extend(district.take_mail());
    let (to_branch, to_town): (Vec<_>, Vec<_>) = crossing.into_iter().partition(|(from, _)| from == TOWN);
    for (from, fact) in to_branch.into_iter().chain(to_town) {
        let (to, act) =
            (fact.audience.unwrap(), Act::heard(fact.kind, &from, district.now).unwrap().unwrap());
        district.hears(&to, act);
    }
    district.deliver();
    let case = district.case(BRANCH);
    assert_eq!((case.home.as_str(), case.state(), case.current_term()), (BRANCH, CaseState::Concluded, 1));
    assert!(case.concluded && case.void_acts.is_empty(), "{:?}", case.void_acts);
    assert_eq!(case.current().unwrap().records.len(), 1, "its casework is there");
    assert_eq!(district.state(TOWN), CaseState::Concluded);
}

#[test]
fn house_who_comes_in_the_place_of_the_respondent_does_not_judge_itself() {
    let mut district = District::ready(about(CENTRE, whole(OTHER)));
    let departure = Departure { organ: TOWN.into(), reason: sealed(40), stands: true };
    let version = district.case(CENTRE).version;
    let act = Act::Route(Box::new(Route { version, departure: Some(departure) }));
    district.does(CENTRE, LEADER, act).unwrap();
    district.deliver();
    close(&mut district, TOWN, OTHER);
    let outcome = follows(&mut district, CENTRE);
    assert_eq!(begun(&outcome).organ, CENTRE);
    assert_eq!(begun(&outcome).handling(), Handling::Own);
}

#[test]
fn house_a_home_that_comes_in_the_place_of_the_respondent_leaves_the_case_to_the_organ_above() {
    let mut district = District::ready(about(TOWN, person(OTHER, Rank::Section, true)));
    district.directory = Directory::new(organs());
    let departure = Departure { organ: TOWN.into(), reason: sealed(40), stands: true };
    let version = district.case(TOWN).version;
    let act = Act::Route(Box::new(Route { version, departure: Some(departure) }));
    district.does(TOWN, LEADER, act).unwrap();
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    district.deliver();
    assert!(!district.knows(OTHER), "who is complained about gets nothing of it");
    for organ in [TOWN, CENTRE] {
        assert_eq!(district.case(organ).home, CENTRE, "{organ}");
    }
    let term = district.case(CENTRE).current().unwrap();
    assert_eq!((term.term, term.organ.as_str()), (2, CENTRE));
}

#[test]
fn house_a_withdrawal_and_a_reply_on_the_way_reach_the_successor() {
    let mut district = at_the_town();
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    district.hears(TOWN, Act::NoteWithdrawal { goes_on: false });
    district.deliver();
    assert_eq!(district.state(OTHER), CaseState::Withdrawn);

    let mut district = at_the_town();
    works_on_term(&mut district, TOWN, 1);
    assert_eq!(district.state(TOWN), CaseState::Concluded);
    close(&mut district, TOWN, OTHER);
    follows(&mut district, TOWN);
    district.hears(TOWN, Act::NoteReply { at: district.now });
    district.deliver();
    let case = district.case(OTHER);
    assert_eq!((case.state(), case.current_term()), (CaseState::Replied, 1), "nothing is handled anew");
}

#[test]
fn house_a_case_that_is_over_stays_where_it_is() {
    let mut district = at_the_town();
    district.hears(TOWN, Act::NoteWithdrawal { goes_on: false });
    close(&mut district, TOWN, OTHER);
    assert_eq!(names(&follows(&mut district, TOWN)), [""; 0]);
}

#[test]
fn art_14_no_case_goes_to_an_organ_that_is_closed() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    let mut closed = district.directory.get(TOWN).cloned().unwrap();
    closed.successor = OTHER.into();
    // Its unit was not moved along: an import may close an organ.
    district.directory = Directory::new(district.directory.iter().cloned().chain([closed]));
    let version = district.case(CENTRE).version;
    let departure = Departure { organ: TOWN.into(), reason: sealed(40), stands: true };
    let act = Act::Route(Box::new(Route { version, departure: Some(departure) }));
    let refused = district.does(CENTRE, LEADER, act);
    assert_eq!(refused.map(drop), Err(Rejection::NotAHandler { organ: TOWN.into() }));
    let outcome = district.does(CENTRE, LEADER, routing(version)).unwrap();
    assert_eq!(begun(&outcome).organ, OTHER);
}

#[test]
fn house_a_complaint_about_a_closed_organ_is_one_about_its_successor() {
    let mut district = District::ready(about(CENTRE, whole(TOWN)));
    close(&mut district, TOWN, OTHER);
    let version = district.case(CENTRE).version;
    let departure = Departure { organ: OTHER.into(), reason: sealed(40), stands: true };
    let act = Act::Route(Box::new(Route { version, departure: Some(departure) }));
    let refused = district.does(CENTRE, LEADER, act);
    assert_eq!(
        refused.map(drop),
        Err(Rejection::NotAHandler { organ: OTHER.into() }),
        "nobody judges themselves"
    );
}

#[test]
fn art_4_a_case_of_a_split_organ_follows_to_the_part_that_manages_the_unit() {
    let mut district = at_the_town();
    let mut organs: Vec<Organ> = district.directory.iter().cloned().collect();
    for organ in &mut organs {
        if organ.code == TOWN {
            organ.successor = OTHER.into();
            organ.split_into = vec![OTHER.into(), THIRD.into()];
        } else if organ.code == UNIT {
            organ.parent = THIRD.into();
        }
    }
    district.directory = Directory::new(organs);
    assert_eq!(audiences(&follows(&mut district, TOWN)), [Some(THIRD)]);
}
