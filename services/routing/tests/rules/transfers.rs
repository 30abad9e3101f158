//! The handshake between home and holder: articles 5(4), 6(2), 14, 20.

use access::Role;
use duban_proto::common::v1::{Action, CaseState, ContentRef, Rank, Weight};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{SupersededBy, TermState};
use regulation::Approver;
use routing::domain::{
    Act, Asker, Departure, GiveBack, Handshake, OnReturn, Outcome, Rejection, Route, Sealed, allowed_actions,
};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about, about_a_clerk, appointment, at, audiences,
    begun, names, person, record, routing, sealed,
};

fn act(handshake: Handshake) -> Act {
    Act::Transfer(Box::new(handshake))
}

fn give_back(term: u32, approves: bool) -> Act {
    act(Handshake::Return(GiveBack { term, ground: "not_competent".into(), reason: sealed(70), approves }))
}

fn agree(term: u32, organ: Option<&str>) -> Act {
    let decision = OnReturn::Agree { organ: organ.map(str::to_owned), compulsory: false };
    act(Handshake::DecideReturn { term, decision, reason: sealed(71) })
}

fn insist(term: u32) -> Act {
    act(Handshake::DecideReturn { term, decision: OnReturn::Insist, reason: sealed(71) })
}

fn recall(term: u32) -> Act {
    act(Handshake::Recall { term, organ: None, reason: sealed(72) })
}

fn answer(term: u32, kept: bool) -> Act {
    act(Handshake::AnswerRecall { term, kept: kept.then(|| sealed(73)) })
}

fn take_over(term: u32) -> Act {
    act(Handshake::TakeOver { term, reason: sealed(74) })
}

fn approval(approves_as: Vec<Approver>, dropped: Option<Sealed>) -> Act {
    act(Handshake::DecideProposal { term: 2, approves_as, dropped })
}

fn not_allowed(why: &'static str) -> impl Fn(Rejection) {
    move |rejection| match rejection {
        Rejection::ReturnNotAllowed { why: told, .. } => assert_eq!(told, why),
        other => panic!("{other:?}"),
    }
}

fn nothing(what: &str, rejection: &Rejection) {
    assert!(matches!(rejection, Rejection::Nothing { what: told, .. } if *told == what), "{rejection:?}");
}

/// The town has given the case back.
fn returned() -> District {
    let mut district = District::acknowledged();
    district.does(TOWN, "desk", give_back(1, false)).unwrap();
    district.deliver();
    district
}

fn actions(district: &District, organ: &str, subject: &str, role: Role) -> Vec<Action> {
    let asker = Asker { subject, organ, has: &|asked| asked == role };
    allowed_actions(district.case(organ), &asker)
}

#[test]
fn house_a_return_goes_to_the_home_and_ends_nothing() {
    let mut district = District::acknowledged();
    let outcome = district.does(TOWN, "desk", give_back(1, false)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["transfer_returned"], vec![Some(CENTRE)]));
    district.deliver();
    for organ in [CENTRE, TOWN] {
        let case = district.case(organ);
        assert_eq!(case.current().unwrap().organ, TOWN, "it stays responsible until the home has decided");
        assert_eq!(case.current().unwrap().open_return().unwrap().ground, "not_competent");
        assert_eq!(case.returns, 1);
    }
    district.does(TOWN, LEADER, appointment(1, &INVESTIGATORS)).expect("and may go on");
    district.does(TOWN, "desk", give_back(1, false)).map(drop).map_err(not_allowed("returned")).unwrap_err();
    assert!(actions(&district, CENTRE, LEADER, Role::Leader).contains(&Action::DecideReturn));
    assert!(!actions(&district, TOWN, "desk", Role::Desk).contains(&Action::ReturnTransfer));
}

#[test]
fn house_a_return_is_made_within_its_limit() {
    let mut district = District::routed(about_a_clerk(CENTRE));
    let by = district.case(TOWN).current().unwrap().return_by;
    let by = by.as_ref().and_then(server::time::from_proto).unwrap();
    assert_eq!(by, at("2026-03-06 00:00"), "three workdays, the day of the transfer not counted");
    district.now = at("2026-03-06 00:01");
    let refused = district.does(TOWN, "desk", give_back(1, false)).unwrap_err();
    assert_eq!(refused, Rejection::ReturnNotAllowed { why: "past_limit", return_by: Some(by) });
}

#[test]
fn house_only_the_holder_returns_and_only_before_its_report() {
    let mut district = District::acknowledged();
    let refused = district.does(CENTRE, LEADER, give_back(1, true)).unwrap_err();
    assert_eq!(refused, Rejection::Term { named: 1, current: 1 });
    district.works(TOWN);
    let refused = district.does(TOWN, "desk", give_back(1, false)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling));
    let mut own = District::routed(about(CENTRE, crate::support::whole(OTHER)));
    let refused = own.does(CENTRE, LEADER, give_back(1, true)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling), "to whom?");
}

#[test]
fn art_6_2_the_home_agrees_and_a_new_term_begins_where_it_says() {
    let mut district = returned();
    let outcome = district.does(CENTRE, LEADER, agree(1, Some(OTHER))).unwrap();
    assert_eq!(names(&outcome), ["return_decided", "term_begun", "term_superseded"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), Some(OTHER), Some(TOWN)]);
    assert_eq!((begun(&outcome).term, begun(&outcome).returns_before), (2, 1));
    district.deliver();
    let home = district.case(CENTRE);
    assert_eq!(home.current().unwrap().organ, OTHER);
    let former = &home.terms[0];
    assert_eq!((former.state(), former.superseded_by), (TermState::Superseded, 2));
    assert_eq!(former.superseded_because(), SupersededBy::Return);
    assert!(former.left, "and knows it");
    assert_eq!(district.case(TOWN).known_term(), 2);
    let refused = district.does(TOWN, LEADER, appointment(1, &INVESTIGATORS)).unwrap_err();
    assert_eq!(refused, Rejection::Term { named: 1, current: 2 });
    assert_eq!(actions(&district, TOWN, LEADER, Role::Leader), []);
    let accepted_at = |organ| district.case(organ).facts.as_ref().unwrap().accepted_at;
    assert_eq!(accepted_at(CENTRE), accepted_at(OTHER), "no clock starts again");
}

#[test]
fn house_what_is_returned_does_not_come_back_by_the_same_rule() {
    let mut district = returned();
    for organ in [None, Some(TOWN)] {
        let refused = district.does(CENTRE, LEADER, agree(1, organ)).unwrap_err();
        assert_eq!(refused, Rejection::NotAHandler { organ: TOWN.into() });
    }
    nothing("return", &District::acknowledged().does(CENTRE, LEADER, agree(1, Some(OTHER))).unwrap_err());
    let refused = district.does(CENTRE, LEADER, insist(2)).unwrap_err();
    assert_eq!(refused, Rejection::Term { named: 2, current: 1 });
    let refused = district.does(TOWN, LEADER, insist(1)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling), "the home decides");
}

#[test]
fn art_6_2_the_home_insists_and_the_term_stays_for_good() {
    let mut district = returned();
    let outcome = district.does(CENTRE, LEADER, insist(1)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["return_decided"], vec![Some(TOWN)]));
    district.deliver();
    assert_eq!(district.case(CENTRE).terms.len(), 1, "the clock of the term runs on");
    for organ in [CENTRE, TOWN] {
        let tenure = district.case(organ).current().unwrap();
        assert!(tenure.compulsory && tenure.return_by.is_none(), "{organ}");
    }
    let refused = district.does(TOWN, LEADER, give_back(1, true)).unwrap_err();
    assert_eq!(refused, Rejection::ReturnNotAllowed { why: "compulsory", return_by: None });
    nothing("return", &district.does(CENTRE, LEADER, insist(1)).unwrap_err());
    district.concludes(TOWN);
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
}

#[test]
fn house_a_second_return_needs_approval_by_another_person() {
    let mut district = returned();
    district.does(CENTRE, LEADER, agree(1, Some(OTHER))).unwrap();
    district.deliver();
    let outcome = district.does(OTHER, "desk", give_back(2, false)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["return_proposed"], vec![None]));
    assert!(outcome.answer.awaits_approval);
    district.does(OTHER, "desk", give_back(2, false)).map(drop).map_err(not_allowed("returned")).unwrap_err();
    let approve = || approval(vec![Approver::LeaderInCharge], None);
    for (person, approval) in [("desk", approve()), ("zhao.si", approval(Vec::new(), None))] {
        let refused = district.does(OTHER, person, approval).unwrap_err();
        assert!(matches!(refused, Rejection::PersonExcluded { .. }), "{refused:?}");
    }
    assert!(actions(&district, OTHER, LEADER, Role::Leader).contains(&Action::DecideSecondReturn));
    assert!(actions(&district, OTHER, "head", Role::Head).contains(&Action::DecideSecondReturn));
    assert!(!actions(&district, OTHER, "desk", Role::Leader).contains(&Action::DecideSecondReturn));
    // The limit is judged by when it was asked for.
    district.now = at("2026-04-01 10:00");
    let outcome = district.does(OTHER, LEADER, approve()).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["transfer_returned"], vec![Some(CENTRE)]));
    nothing("return", &district.does(OTHER, "head", approve()).unwrap_err());
}

#[test]
fn house_a_second_return_may_be_dropped_with_a_reason_and_asked_for_again() {
    let mut district = returned();
    district.does(CENTRE, LEADER, agree(1, Some(OTHER))).unwrap();
    district.deliver();
    district.does(OTHER, "desk", give_back(2, false)).unwrap();
    let drop_it = approval(vec![Approver::PrincipalHead], Some(sealed(75)));
    assert_eq!(names(&district.does(OTHER, LEADER, drop_it).unwrap()), ["return_dropped"]);
    let proposed = &district.case(OTHER).current().unwrap().proposals[0];
    assert_eq!((proposed.decided_by.as_str(), proposed.approved), (LEADER, false));
    let outcome = district.does(OTHER, LEADER, give_back(2, true)).unwrap();
    assert_eq!(names(&outcome), ["transfer_returned"], "who may approve it needs nobody");
}

#[test]
fn house_after_two_returns_the_next_transfer_is_compulsory() {
    let mut district = returned();
    district.does(CENTRE, LEADER, agree(1, Some(OTHER))).unwrap();
    district.deliver();
    district.does(OTHER, LEADER, give_back(2, true)).unwrap();
    district.deliver();
    let outcome = district.does(CENTRE, LEADER, agree(2, Some(TOWN))).unwrap();
    let term = begun(&outcome);
    assert_eq!((term.term, term.compulsory, term.return_by), (3, true, None));
    district.deliver();
    district.does(TOWN, LEADER, give_back(3, true)).map(drop).map_err(not_allowed("compulsory")).unwrap_err();
}

#[test]
fn house_a_recall_is_a_request_that_the_holder_answers() {
    let mut district = District::acknowledged();
    let outcome = district.does(CENTRE, LEADER, recall(1)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["recall_requested"], vec![Some(TOWN)]));
    let refused = district.does(CENTRE, LEADER, recall(1)).unwrap_err();
    assert_eq!(refused, Rejection::State(CaseState::InHandling), "one at a time");
    nothing("recall", &district.does(TOWN, LEADER, answer(1, true)).unwrap_err());
    district.deliver();
    assert!(actions(&district, TOWN, LEADER, Role::Leader).contains(&Action::AnswerRecall));
    district.does(TOWN, LEADER, answer(1, true)).unwrap();
    district.deliver();
    assert_eq!(district.case(CENTRE).current().unwrap().organ, TOWN, "it keeps the case");
    district.does(CENTRE, LEADER, recall(1)).unwrap();
    district.deliver();
    district.does(TOWN, LEADER, answer(1, false)).unwrap();
    district.deliver();
    let home = district.case(CENTRE);
    assert_eq!((home.current().unwrap().organ.as_str(), home.current_term()), (CENTRE, 2));
    assert_eq!(home.terms[0].superseded_because(), SupersededBy::Recall);
    assert_eq!(home.terms[0].recalls.iter().filter(|recalled| recalled.answered.is_some()).count(), 2);
    assert_eq!(district.case(TOWN).known_term(), 2);
}

#[test]
fn house_nothing_is_recalled_that_the_home_holds_itself_nor_to_where_it_is() {
    let mut own = District::routed(about(CENTRE, crate::support::whole(OTHER)));
    assert_eq!(own.does(CENTRE, LEADER, recall(1)).unwrap_err(), Rejection::State(CaseState::InHandling));
    assert_eq!(own.does(CENTRE, LEADER, take_over(1)).unwrap_err(), Rejection::State(CaseState::InHandling));
    let mut district = District::acknowledged();
    let to_itself = Handshake::Recall { term: 1, organ: Some(TOWN.into()), reason: sealed(72) };
    let refused = district.does(CENTRE, LEADER, act(to_itself)).unwrap_err();
    assert_eq!(refused, Rejection::NotAHandler { organ: TOWN.into() });
}

#[test]
fn art_20_a_takeover_begins_a_term_at_once() {
    let mut district = District::acknowledged();
    let outcome = district.does(CENTRE, LEADER, take_over(1)).unwrap();
    assert_eq!(
        (names(&outcome), audiences(&outcome)),
        (vec!["term_begun", "term_superseded"], vec![None, Some(TOWN)])
    );
    let citation = begun(&outcome).citation.clone().unwrap();
    assert_eq!((citation.article.as_str(), citation.rule.as_str()), ("20", "take_over"));
    assert_eq!(district.term_state(CENTRE), TermState::Acknowledged, "before anybody hears of it");
    let refused = district.does(CENTRE, LEADER, take_over(1)).unwrap_err();
    assert_eq!(refused, Rejection::Term { named: 1, current: 2 });
}

#[test]
fn art_14_3_a_takeover_of_what_weighs_says_so() {
    let mut facts = about_a_clerk(CENTRE);
    facts.weights = vec![Weight::SeriousHarm.into()];
    let mut district = District::routed(facts);
    let outcome = district.does(CENTRE, LEADER, take_over(1)).unwrap();
    assert_eq!(begun(&outcome).citation.as_ref().unwrap().article, "14(3)");
}

#[test]
fn house_nobody_takes_over_what_is_about_itself() {
    let mut district = District::ready(about(CENTRE, person(CENTRE, Rank::Division, true)));
    let departure = Some(Departure { organ: TOWN.into(), reason: sealed(10), stands: true });
    district.does(CENTRE, LEADER, Act::Route(Box::new(Route { version: 2, departure }))).unwrap();
    district.deliver();
    let refused = district.does(CENTRE, LEADER, take_over(1)).unwrap_err();
    assert_eq!(refused, Rejection::NotAHandler { organ: CENTRE.into() });
}

#[test]
fn art_20_all_that_the_former_holder_does_later_is_void_and_listed() {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    district.now = at("2026-03-03 10:00");
    district.does(CENTRE, LEADER, take_over(1)).unwrap();
    let told = district.take_mail();
    district.now = at("2026-03-03 11:00");
    district.does(TOWN, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS)))).unwrap();
    district.does(TOWN, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS)))).unwrap();
    district.submits(TOWN);
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    for (from, fact) in told {
        let heard = Act::heard(fact.kind, &from, at("2026-03-03 10:00")).unwrap().unwrap();
        district.hears(&fact.audience.unwrap(), heard.clone());
        assert_eq!(names(&district.hears(TOWN, heard)), [""; 0], "heard again");
    }
    assert_eq!(district.state(TOWN), CaseState::InHandling, "not by its own approval");
    assert_eq!(district.case(TOWN).finding, 0);
    let mail = district.take_mail();
    for _ in 0..2 {
        for (from, fact) in &mail {
            let heard = Act::heard(fact.kind.clone(), from, district.now).unwrap().unwrap();
            district.hears(CENTRE, heard);
        }
    }
    let case = district.case(CENTRE);
    let void: Vec<&str> = case.void_acts.iter().map(|void| void.act.as_str()).collect();
    let late =
        ["result_reported", "investigation_recorded", "investigation_recorded", "disposition_submitted"];
    assert_eq!(void, late, "the appointment was before, and stands");
    assert_eq!((case.state(), case.current().unwrap().organ.as_str()), (CaseState::InHandling, CENTRE));
}

#[test]
fn house_a_return_that_crosses_a_takeover_is_void() {
    let mut district = District::acknowledged();
    district.does(TOWN, "desk", give_back(1, false)).unwrap();
    district.does(CENTRE, LEADER, recall(1)).unwrap();
    district.does(CENTRE, LEADER, take_over(1)).unwrap();
    district.deliver();
    let [void] = district.case(CENTRE).void_acts.as_slice() else { panic!("one act is void") };
    assert_eq!((void.term, void.act.as_str()), (1, "transfer_returned"));
    assert_eq!(district.case(CENTRE).returns, 0);
}

fn departs(district: &mut District, person: &str, stands: bool) -> Outcome {
    let version = district.case(CENTRE).version;
    let departure = Some(Departure { organ: OTHER.into(), reason: sealed(10), stands });
    district.does(CENTRE, person, Act::Route(Box::new(Route { version, departure }))).unwrap()
}

fn decide_departure(district: &District, rejected: bool) -> Act {
    let version = district.case(CENTRE).version;
    act(Handshake::DecideDeparture { version, rejected: rejected.then(|| sealed(76)) })
}

#[test]
fn art_14_a_desk_officers_departure_waits_for_a_leader() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    let outcome = departs(&mut district, "desk", false);
    assert_eq!(names(&outcome), ["departure_proposed"]);
    assert_eq!(outcome.answer.route.unwrap().organ, OTHER);
    assert_eq!(district.state(CENTRE), CaseState::Accepted);
    assert!(actions(&district, CENTRE, LEADER, Role::Leader).contains(&Action::DecideDeparture));
    assert!(!actions(&district, CENTRE, "desk", Role::Leader).contains(&Action::DecideDeparture));
    let decision = decide_departure(&district, false);
    let refused = district.does(CENTRE, "desk", decision.clone()).unwrap_err();
    assert!(matches!(refused, Rejection::PersonExcluded { .. }), "two persons: {refused:?}");
    let outcome = district.does(CENTRE, LEADER, decision).unwrap();
    assert_eq!(names(&outcome), ["departure_decided", "term_begun"]);
    assert!(begun(&outcome).departure_reason.is_some());
    let decision = decide_departure(&district, false);
    nothing("departure", &district.does(CENTRE, LEADER, decision).unwrap_err());
}

#[test]
fn art_14_a_leader_rejects_a_departure_or_departs_at_once() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    departs(&mut district, "desk", false);
    let old = decide_departure(&district, true);
    district.does(CENTRE, LEADER, old.clone()).unwrap();
    let rejected = &district.case(CENTRE).departures[0];
    assert!(!rejected.approved && rejected.rejected.is_some() && rejected.decided_by == LEADER);
    let refused = district.does(CENTRE, LEADER, old).unwrap_err();
    assert!(matches!(refused, Rejection::Version { .. }), "{refused:?}");
    assert_eq!(names(&departs(&mut district, LEADER, true)), ["term_begun"]);
}

#[test]
fn art_14_the_rules_own_way_needs_no_leader_and_ends_what_waits() {
    let mut district = District::ready(about_a_clerk(CENTRE));
    departs(&mut district, "desk", false);
    let version = district.case(CENTRE).version;
    let outcome = district.does(CENTRE, "desk", routing(version)).unwrap();
    assert_eq!(names(&outcome), ["term_begun"]);
    let decision = decide_departure(&district, false);
    nothing("departure", &district.does(CENTRE, LEADER, decision).unwrap_err());
    let mut district = District::ready(about_a_clerk(CENTRE));
    let departure = Some(Departure { organ: TOWN.into(), reason: sealed(10), stands: false });
    let named = Act::Route(Box::new(Route { version: 2, departure }));
    assert_eq!(names(&district.does(CENTRE, "desk", named).unwrap()), ["term_begun"]);
}

fn ask(district: &District, organ: &str) -> Act {
    let version = district.case(organ).version;
    act(Handshake::AskDesignation { version, reason: sealed(77) })
}

fn designate(district: &District, organ: &str) -> Act {
    let version = district.case(CENTRE).version;
    act(Handshake::Designate { version, organ: organ.into(), reason: sealed(78) })
}

#[test]
fn art_5_4_a_sub_centre_that_disputes_its_competence_asks_the_centre() {
    let mut district = District::ready(about_a_clerk(TOWN));
    let outcome = district.does(TOWN, LEADER, ask(&district, TOWN)).unwrap();
    assert_eq!(names(&outcome), ["reported_up", "designation_asked"]);
    assert_eq!(audiences(&outcome), [Some(CENTRE), Some(CENTRE)]);
    let again = ask(&district, TOWN);
    assert_eq!(district.does(TOWN, LEADER, again).unwrap_err(), Rejection::State(CaseState::Accepted));
    district.deliver();
    assert_eq!(district.case(TOWN).home, CENTRE);
    assert!(actions(&district, CENTRE, LEADER, Role::Leader).contains(&Action::Designate));
    let outcome = district.does(CENTRE, LEADER, designate(&district, OTHER)).unwrap();
    assert_eq!(names(&outcome), ["designated", "term_begun"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), Some(OTHER)]);
    let term = begun(&outcome);
    assert_eq!((term.citation.as_ref().unwrap().article.as_str(), term.compulsory), ("5(4)", true));
    let again = designate(&district, OTHER);
    nothing("dispute", &district.does(CENTRE, LEADER, again).unwrap_err());
    district.deliver();
    let settled = district.case(TOWN).disputes[0].settled.as_ref().unwrap();
    assert_eq!(settled.organ, OTHER, "who asked knows");
    district
        .does(OTHER, LEADER, give_back(1, true))
        .map(drop)
        .map_err(not_allowed("compulsory"))
        .unwrap_err();
}

#[test]
fn art_5_4_a_holder_asks_its_home_and_stays_responsible() {
    let mut district = District::acknowledged();
    let outcome = district.does(TOWN, "desk", ask(&district, TOWN)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["designation_asked"], vec![Some(CENTRE)]));
    district.deliver();
    assert_eq!(district.case(CENTRE).current().unwrap().organ, TOWN);
    let outcome = district.does(CENTRE, LEADER, designate(&district, TOWN)).unwrap();
    assert_eq!(names(&outcome), ["designated"], "its term stays, for good");
    district.deliver();
    for organ in [CENTRE, TOWN] {
        assert!(district.case(organ).current().unwrap().compulsory, "{organ}");
    }
    district.does(TOWN, LEADER, give_back(1, true)).map(drop).map_err(not_allowed("compulsory")).unwrap_err();
    let mut district = District::acknowledged();
    district.does(TOWN, "desk", ask(&district, TOWN)).unwrap();
    district.deliver();
    let outcome = district.does(CENTRE, LEADER, designate(&district, OTHER)).unwrap();
    assert_eq!(names(&outcome), ["designated", "term_begun", "term_superseded"]);
}

#[test]
fn art_5_4_nobody_designates_who_was_not_asked_and_the_centre_asks_nobody() {
    let mut district = District::acknowledged();
    let unasked = designate(&district, OTHER);
    nothing("dispute", &district.does(CENTRE, LEADER, unasked).unwrap_err());
    let mut own = District::ready(about_a_clerk(CENTRE));
    let question = ask(&own, CENTRE);
    assert_eq!(own.does(CENTRE, LEADER, question).unwrap_err(), Rejection::State(CaseState::Accepted));
    let mut about_the_centre = District::ready(about(TOWN, person(CENTRE, Rank::Division, true)));
    let question = ask(&about_the_centre, TOWN);
    let refused = about_the_centre.does(TOWN, LEADER, question).unwrap_err();
    assert_eq!(refused, Rejection::NotAHandler { organ: CENTRE.into() });
}

#[test]
fn what_is_told_to_the_wrong_organ_changes_nothing() {
    let mut district = District::acknowledged();
    let reason = Some(ContentRef::default());
    let decided =
        duban_proto::routing::v1::ReturnDecided { term: 1, agreed: false, reason, ..Default::default() };
    for organ in [CENTRE, TOWN] {
        let heard = Act::heard(Kind::ReturnDecided(decided.clone()), CENTRE, district.now).unwrap().unwrap();
        assert_eq!(names(&district.hears(organ, heard)), [""; 0]);
    }
    let superseded = duban_proto::routing::v1::TermSuperseded { term: 9, by: 10, ..Default::default() };
    let heard = Act::heard(Kind::TermSuperseded(superseded), CENTRE, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(TOWN, heard)), [""; 0]);
}
