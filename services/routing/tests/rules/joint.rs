//! Joint handling: one lead, several co-handlers with their own dates and opinions, one result (house).

use access::Role;
use content::{Erased, Erasure, Line, Listed};
use duban_proto::common::v1::{Action, CaseFacts, CaseState, Finding, Rank};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    PartBegun, PartChange, PartFacts, PartReturnGround, PartState, RespondentFinding,
};
use routing::domain::{
    Act, AddParts, Asker, DecidePart, Joint, Part, PartNamed, PartRejection, Query, Reassign, Rejection,
    Submit, SubmitOpinion, allowed_actions, overall,
};

use crate::support::{
    ABOVE, CASE, CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, UNIT, about, about_a_clerk,
    appointment, at, audiences, names, person, record, routing, sealed, whole,
};

const FIRST: PartNamed = PartNamed { term: 1, part: 1 };

/// Clerks of two organs: the town leads, the other organ is competent for the second.
fn two() -> CaseFacts {
    let mut facts = about_a_clerk(CENTRE);
    facts.respondents.push(person(OTHER, Rank::Unranked, false));
    facts
}

fn joint(act: Joint) -> Act {
    Act::Joint(act)
}

fn adds(organ: Option<&str>, respondents: &[u32]) -> Act {
    joint(Joint::Add(Box::new(AddParts {
        term: 1,
        organ: organ.map(str::to_owned),
        respondents: respondents.to_vec(),
        due_at: None,
        words: Some(sealed(50)),
    })))
}

fn opinion(named: PartNamed, finding: Finding) -> Act {
    joint(Joint::Submit(Box::new(SubmitOpinion {
        named,
        finding,
        measures: Vec::new(),
        investigators: INVESTIGATORS.map(String::from).to_vec(),
        opinion: sealed(51),
    })))
}

fn approves(named: PartNamed) -> Act {
    joint(Joint::DecideOpinion { named, reason: None })
}

fn queries(named: PartNamed) -> Act {
    joint(Joint::Query(Box::new(Query { named, due_at: None, reason: sealed(52) })))
}

fn excuses(named: PartNamed) -> Act {
    joint(Joint::Excuse { named, reason: sealed(53) })
}

fn returns(named: PartNamed) -> Act {
    let ground = PartReturnGround::NotOurRespondent;
    joint(Joint::Return { named, ground, note: sealed(54) })
}

fn decides(named: PartNamed, organ: Option<&str>) -> Act {
    let next = organ.map(|organ| Reassign { organ: organ.to_owned(), due_at: None });
    joint(Joint::Decide(Box::new(DecidePart { named, next, reason: sealed(55) })))
}

fn disposition(finding: Finding, findings: &[(u32, Finding)]) -> Act {
    let findings = findings.iter().map(|(respondent, finding)| RespondentFinding {
        respondent: *respondent,
        finding: (*finding).into(),
        part: 0,
    });
    Act::Submit(Box::new(Submit {
        term: 1,
        finding,
        measures: Vec::new(),
        findings: findings.collect(),
        report: sealed(30),
    }))
}

fn part<'d>(district: &'d District, organ: &str) -> &'d Part {
    district.case(organ).part(1).unwrap()
}

fn state(district: &District, organ: &str) -> PartState {
    part(district, organ).facts.state()
}

fn refused(rejection: Rejection) -> PartRejection {
    match rejection {
        Rejection::Part(part) => part,
        other => panic!("{other:?}"),
    }
}

/// The town leads, and has acknowledged; the other organ has its part.
fn asked() -> District {
    let mut district = District::routed(two());
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.does(CENTRE, LEADER, adds(None, &[])).unwrap();
    district.deliver();
    district
}

fn acknowledged() -> District {
    let mut district = asked();
    district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    district.deliver();
    district
}

fn answered(finding: Finding) -> District {
    let mut district = acknowledged();
    answers(&mut district, finding);
    district
}

fn answers(district: &mut District, finding: Finding) {
    district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, finding)).unwrap();
    district.does(OTHER, LEADER, approves(FIRST)).unwrap();
    district.deliver();
}

/// The lead investigates, and has not submitted yet.
fn investigated(mut district: District) -> District {
    district.does(TOWN, LEADER, appointment(1, &INVESTIGATORS)).unwrap();
    district.does(TOWN, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS)))).unwrap();
    district
}

#[test]
fn house_the_rules_name_a_co_handler_for_each_other_respondent() {
    let mut district = District::routed(two());
    let outcome = district.does(CENTRE, LEADER, adds(None, &[])).unwrap();
    assert_eq!(names(&outcome), ["part_begun", "part_changed"]);
    assert_eq!(audiences(&outcome), [Some(OTHER), Some(TOWN)], "the organ, and the lead");
    let [told] = outcome.answer.parts.as_slice() else { panic!("one part: {outcome:?}") };
    assert_eq!(
        (told.term, told.part, told.organ.as_str(), told.respondents.as_slice()),
        (1, 1, OTHER, &[1][..])
    );
    assert_eq!(told.citation.as_ref().unwrap().article, "14(2)");
    assert!(told.facts_used.iter().any(|fact| fact.contains('=')), "{told:?}");
    assert!(!district.knows(OTHER));
    district.deliver();
    assert_eq!((district.state(OTHER), state(&district, OTHER)), (CaseState::InHandling, PartState::Begun));
    assert_eq!(state(&district, TOWN), PartState::Begun);
    assert_eq!(district.case(CENTRE).current().unwrap().organ, TOWN, "one organ is responsible");
    let again = district.does(CENTRE, LEADER, adds(None, &[])).unwrap_err();
    assert!(matches!(again, Rejection::NoCompetentOrgan(_)), "each respondent is covered once: {again:?}");
}

#[test]
fn house_the_home_may_be_a_co_handler_itself() {
    let mut facts = about(CENTRE, person(UNIT, Rank::Section, false));
    facts.respondents.push(person(OTHER, Rank::Unranked, true));
    let mut district = District::routed(facts);
    district.does(CENTRE, LEADER, adds(None, &[])).unwrap();
    district.deliver();
    assert_eq!(part(&district, CENTRE).facts.organ, CENTRE, "never the organ of the head");
    district.does(CENTRE, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    district.does(CENTRE, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap();
    district.does(CENTRE, LEADER, approves(FIRST)).unwrap();
    district.deliver();
    assert_eq!(
        (state(&district, CENTRE), state(&district, TOWN)),
        (PartState::Answered, PartState::Answered)
    );
    let steps = part(&district, CENTRE).steps.iter().map(routing::domain::Step::change).collect::<Vec<_>>();
    assert_eq!(steps, [PartChange::Begun, PartChange::Acknowledged, PartChange::Answered], "each once");
}

#[test]
fn house_a_part_has_a_date_of_its_own_within_the_cases_longest_end() {
    let district = asked();
    assert_eq!(part(&district, OTHER).due_at(), at("2026-03-10 00:00"), "five workdays from 2 March");
    assert_eq!(district.case(OTHER).next_part_due(), Some(at("2026-03-10 00:00").as_microsecond()));
    let mut district = District::routed(two());
    let add = AddParts {
        term: 1,
        organ: None,
        respondents: Vec::new(),
        due_at: Some(at("2026-12-01 00:00")),
        words: None,
    };
    district.does(CENTRE, LEADER, joint(Joint::Add(Box::new(add)))).unwrap();
    assert_eq!(
        part(&district, CENTRE).due_at(),
        at("2026-04-15 00:00"),
        "30 workdays from the acceptance (17)"
    );
}

#[test]
fn house_an_officer_chooses_a_co_handler_and_never_one_that_is_complained_about() {
    let mut facts = two();
    facts.respondents.push(person(OTHER, Rank::Unranked, true));
    let by_hand = |organ: &str, respondents: &[u32]| {
        let mut district = District::ready(facts.clone());
        let departure = routing::domain::Departure { organ: TOWN.into(), reason: sealed(10), stands: true };
        let route = routing::domain::Route { version: 2, departure: Some(departure) };
        district.does(CENTRE, LEADER, Act::Route(Box::new(route))).unwrap();
        district.does(CENTRE, LEADER, adds(Some(organ), respondents))
    };
    let chosen = by_hand(OTHER, &[1]).unwrap();
    assert!(matches!(&chosen.facts[0].kind, Kind::PartBegun(begun) if begun.part.as_ref().unwrap().by_hand));
    for (organ, respondents, why) in [
        (OTHER, &[2][..], "its own head"),
        (OTHER, &[][..], "a question in a case about its head"),
        (TOWN, &[1], "the lead"),
        (UNIT, &[1], "it handles no cases"),
        (ABOVE, &[1], "it is above the home"),
    ] {
        let refusal = refused(by_hand(organ, respondents).unwrap_err());
        assert_eq!(refusal, PartRejection::NotACoHandler { organ: organ.into() }, "{why}");
    }
    assert_eq!(refused(by_hand(OTHER, &[7]).unwrap_err()), PartRejection::NoRespondent(7));
}

#[test]
fn house_a_respondent_is_covered_once() {
    let mut district = asked();
    let twice = district.does(CENTRE, LEADER, adds(Some(OTHER), &[1])).unwrap_err();
    assert_eq!(refused(twice), PartRejection::Covered { part: "1.1".into() });
}

#[test]
fn house_only_the_home_asks_and_only_for_the_current_term() {
    let mut district = District::routed(two());
    let not_home = district.does(TOWN, LEADER, adds(None, &[])).unwrap_err();
    assert_eq!(not_home, Rejection::State(CaseState::InHandling));
    let mut later = adds(None, &[]);
    if let Act::Joint(Joint::Add(add)) = &mut later {
        add.term = 2;
    }
    let wrong = district.does(CENTRE, LEADER, later).unwrap_err();
    assert_eq!(wrong, Rejection::Term { named: 2, current: 1 });
}

#[test]
fn house_nobody_is_asked_any_more_once_the_home_itself_submitted() {
    let mut facts = about(CENTRE, whole(OTHER));
    facts.respondents.push(person(UNIT, Rank::Unranked, false));
    let mut district = District::routed(facts);
    district.works(CENTRE);
    let late = district.does(CENTRE, LEADER, adds(None, &[])).unwrap_err();
    assert_eq!(late, Rejection::State(CaseState::InHandling));
}

#[test]
fn house_a_part_is_acknowledged_once_by_its_own_organ_under_its_term() {
    let mut district = asked();
    let not_theirs = district.does(TOWN, "desk", joint(Joint::Acknowledge(FIRST))).unwrap_err();
    assert_eq!(refused(not_theirs), PartRejection::NotHere { term: 1, part: 1 });
    let wrong = PartNamed { term: 2, part: 1 };
    let wrong = district.does(OTHER, "desk", joint(Joint::Acknowledge(wrong))).unwrap_err();
    assert_eq!(refused(wrong), PartRejection::NotHere { term: 2, part: 1 });
    let outcome = district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["part_acknowledged"], vec![Some(CENTRE)]));
    district.deliver();
    assert_eq!(
        (state(&district, CENTRE), state(&district, TOWN)),
        (PartState::Acknowledged, PartState::Acknowledged)
    );
    let twice = district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap_err();
    assert!(matches!(refused(twice), PartRejection::NotAllowed { state: PartState::Acknowledged, .. }));
}

#[test]
fn house_a_returned_part_goes_to_another_organ_or_is_dropped() {
    let mut district = acknowledged();
    district.does(OTHER, LEADER, returns(FIRST)).unwrap();
    district.deliver();
    let home = part(&district, CENTRE);
    assert_eq!(
        (home.facts.state(), home.facts.ground()),
        (PartState::Returned, PartReturnGround::NotOurRespondent)
    );
    let note = home.steps.last().unwrap().reason.as_ref().unwrap();
    assert_eq!(note.organ, OTHER, "the words are where they were written");
    for organ in [OTHER, TOWN] {
        let same = district.does(CENTRE, LEADER, decides(FIRST, Some(organ))).unwrap_err();
        assert_eq!(refused(same), PartRejection::NotACoHandler { organ: organ.into() }, "nor the lead");
    }
    district.does(CENTRE, LEADER, decides(FIRST, Some(CENTRE))).unwrap();
    district.deliver();
    let next = district.case(TOWN).part(2).unwrap();
    assert_eq!((next.facts.organ.as_str(), next.facts.respondents.as_slice()), (CENTRE, &[1][..]));
    assert_eq!(part(&district, OTHER).facts.ended_by(), PartChange::Moved);
    let second = PartNamed { term: 1, part: 2 };
    district.does(CENTRE, LEADER, decides(second, None)).unwrap();
    district.deliver();
    let dropped = &district.case(TOWN).part(2).unwrap().facts;
    assert_eq!((dropped.state(), dropped.ended_by()), (PartState::Ended, PartChange::Dropped));
    let ended = district.does(CENTRE, LEADER, decides(second, None)).unwrap_err();
    assert!(matches!(refused(ended), PartRejection::NotAllowed { state: PartState::Ended, .. }));
}

#[test]
fn house_what_has_an_opinion_is_not_returned() {
    let mut district = acknowledged();
    district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap();
    let late = district.does(OTHER, LEADER, returns(FIRST)).unwrap_err();
    assert!(matches!(refused(late), PartRejection::NotAllowed { state: PartState::Submitted, .. }));
}

#[test]
fn art_18_a_finding_on_a_part_needs_two_investigators_one_of_whom_writes_it() {
    let mut district = asked();
    let early = district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap_err();
    assert!(matches!(refused(early), PartRejection::NotAllowed { state: PartState::Begun, .. }));
    district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    let stranger = district.does(OTHER, "zhao.si", opinion(FIRST, Finding::Founded)).unwrap_err();
    assert!(matches!(stranger, Rejection::PersonExcluded { .. }), "{stranger:?}");
    let mut alone = opinion(FIRST, Finding::Founded);
    if let Act::Joint(Joint::Submit(submit)) = &mut alone {
        submit.investigators = vec![INVESTIGATORS[0].into(), INVESTIGATORS[0].into()];
    }
    let alone = district.does(OTHER, INVESTIGATORS[0], alone).unwrap_err();
    assert!(matches!(alone, Rejection::TooFewInvestigators { given: 1, least: 2, .. }), "{alone:?}");
    let without = district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Unspecified)).unwrap_err();
    assert_eq!(refused(without), PartRejection::Finding { part: "1.1".into(), needed: true });
}

#[test]
fn house_a_question_is_answered_without_a_finding() {
    let mut district = District::routed(two());
    district.does(CENTRE, LEADER, adds(Some(OTHER), &[])).unwrap();
    district.deliver();
    district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    let finding = district.does(OTHER, "zhao.si", opinion(FIRST, Finding::Founded)).unwrap_err();
    assert_eq!(refused(finding), PartRejection::Finding { part: "1.1".into(), needed: false });
    let mut answer = opinion(FIRST, Finding::Unspecified);
    if let Act::Joint(Joint::Submit(submit)) = &mut answer {
        submit.investigators.clear();
    }
    district.does(OTHER, "zhao.si", answer).unwrap();
    district.does(OTHER, LEADER, approves(FIRST)).unwrap();
    district.deliver();
    let mut district = investigated_at(district);
    let outcome = district.does(TOWN, INVESTIGATORS[0], disposition(Finding::Unfounded, &[])).unwrap();
    let Kind::DispositionSubmitted(submitted) = &outcome.facts[0].kind else { panic!("{outcome:?}") };
    assert_eq!(submitted.findings, [], "one finding of all, as without a part");
}

fn investigated_at(mut district: District) -> District {
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    investigated(district)
}

#[test]
fn art_19_another_person_approves_an_opinion_before_it_goes_up() {
    let mut district = acknowledged();
    let nothing = district.does(OTHER, LEADER, approves(FIRST)).unwrap_err();
    assert!(matches!(nothing, Rejection::Nothing { what: "opinion", .. }));
    let outcome = district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["opinion_submitted"], vec![None]));
    for person in INVESTIGATORS {
        let own = district.does(OTHER, person, approves(FIRST)).unwrap_err();
        assert!(matches!(own, Rejection::PersonExcluded { .. }), "{person}");
    }
    let back = joint(Joint::DecideOpinion { named: FIRST, reason: Some(sealed(56)) });
    let outcome = district.does(OTHER, LEADER, back).unwrap();
    assert_eq!(
        (names(&outcome), audiences(&outcome)),
        (vec!["opinion_decided"], vec![None]),
        "it stays here"
    );
    assert_eq!(state(&district, CENTRE), PartState::Acknowledged, "the home learns nothing of it");
    district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Unfounded)).unwrap();
    let outcome = district.does(OTHER, LEADER, approves(FIRST)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["opinion_decided"], vec![Some(CENTRE)]));
    district.deliver();
    for organ in [CENTRE, TOWN] {
        let facts = &part(&district, organ).facts;
        assert_eq!(
            (facts.state(), facts.finding(), facts.round),
            (PartState::Answered, Finding::Unfounded, 2)
        );
        assert_eq!(facts.opinion.as_ref().unwrap().organ, OTHER);
    }
}

#[test]
fn house_the_lead_submits_only_when_no_part_is_open() {
    let mut district = investigated(acknowledged());
    let submit = disposition(Finding::Founded, &[(0, Finding::Founded)]);
    let open = district.does(TOWN, INVESTIGATORS[0], submit.clone()).unwrap_err();
    assert_eq!(refused(open), PartRejection::Open(vec!["1.1".into()]));
    answers(&mut district, Finding::Founded);
    district.does(TOWN, INVESTIGATORS[0], submit).unwrap();
}

#[test]
fn house_the_result_joins_the_findings_of_all_respondents() {
    let mut district = investigated(answered(Finding::Unfounded));
    let mut submits =
        |finding, findings: &[_]| district.does(TOWN, INVESTIGATORS[0], disposition(finding, findings));
    let founded = (0, Finding::Founded);
    let missing = refused(submits(Finding::PartlyFounded, &[]).unwrap_err());
    assert_eq!(missing, PartRejection::FindingMissing(vec![0]), "the lead finds on its own respondent");
    let differs = refused(submits(Finding::Founded, &[founded]).unwrap_err());
    let (given, expected) = (Finding::Founded, Finding::PartlyFounded);
    assert_eq!(differs, PartRejection::FindingDiffers { given, expected });
    let over = refused(submits(Finding::Founded, &[founded, (1, Finding::Founded)]).unwrap_err());
    assert_eq!(over, PartRejection::FindingDiffers { given, expected: Finding::Unfounded }, "the part's own");
    let unknown = refused(submits(Finding::Founded, &[founded, (2, Finding::Founded)]).unwrap_err());
    assert_eq!(unknown, PartRejection::NoRespondent(2));
    submits(Finding::PartlyFounded, &[founded]).unwrap();
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    district.deliver();
    let of =
        |respondent, finding: Finding, part| RespondentFinding { respondent, finding: finding.into(), part };
    let expected = [of(0, Finding::Founded, 0), of(1, Finding::Unfounded, 1)];
    for organ in [CENTRE, TOWN] {
        let case = district.case(organ);
        assert_eq!(
            (case.finding(), case.findings.as_slice()),
            (Finding::PartlyFounded, &expected[..]),
            "{organ}"
        );
    }
}

#[test]
fn art_22_several_findings_make_one() {
    use Finding::{Founded, NotEstablished, PartlyFounded, Unfounded};
    for (findings, expected) in [
        (&[Founded, Founded][..], Founded),
        (&[Unfounded, Unfounded], Unfounded),
        (&[Founded, Unfounded], PartlyFounded),
        (&[PartlyFounded, PartlyFounded], PartlyFounded),
        (&[NotEstablished, Founded], PartlyFounded),
        (&[NotEstablished, Unfounded], NotEstablished),
        (&[], Finding::Unspecified),
    ] {
        assert_eq!(overall(findings.iter().copied()), expected, "{findings:?}");
    }
}

#[test]
fn house_a_part_that_begins_after_the_submission_keeps_the_leader_from_approving() {
    let mut district = investigated(District::routed(two()).also_acknowledged());
    district.does(TOWN, INVESTIGATORS[0], disposition(Finding::Founded, &[])).unwrap();
    district.does(CENTRE, LEADER, adds(None, &[])).unwrap();
    district.deliver();
    let open = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(refused(open), PartRejection::Open(vec!["1.1".into()]));
    district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    answers(&mut district, Finding::Unfounded);
    let differs = district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap_err();
    assert_eq!(refused(differs), PartRejection::FindingMissing(vec![0]), "it is sent back to its writer");
    district.does(TOWN, LEADER, Act::Return { term: 1, reason: sealed(40) }).unwrap();
    let again = disposition(Finding::PartlyFounded, &[(0, Finding::Founded)]);
    district.does(TOWN, INVESTIGATORS[0], again).unwrap();
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
}

#[test]
fn house_an_opinion_goes_back_once_with_a_new_date() {
    let mut district = acknowledged();
    let early = district.does(CENTRE, LEADER, queries(FIRST)).unwrap_err();
    assert!(matches!(refused(early), PartRejection::NotAllowed { state: PartState::Acknowledged, .. }));
    answers(&mut district, Finding::Founded);
    district.now = at("2026-03-09 10:00");
    let outcome = district.does(CENTRE, LEADER, queries(FIRST)).unwrap();
    assert_eq!(audiences(&outcome), [Some(OTHER), Some(TOWN)]);
    district.deliver();
    assert_eq!((state(&district, OTHER), state(&district, TOWN)), (PartState::Queried, PartState::Queried));
    assert_eq!(part(&district, OTHER).due_at(), at("2026-03-17 00:00"));
    answers(&mut district, Finding::Unfounded);
    assert_eq!(part(&district, TOWN).facts.finding(), Finding::Unfounded);
    let twice = district.does(CENTRE, LEADER, queries(FIRST)).unwrap_err();
    assert!(matches!(refused(twice), PartRejection::NotAllowed { state: PartState::Answered, .. }));
}

#[test]
fn house_the_lead_has_the_home_send_an_opinion_back() {
    let mut district = investigated(answered(Finding::Founded));
    let stranger = district.does(OTHER, LEADER, queries(FIRST)).unwrap_err();
    assert_eq!(refused(stranger), PartRejection::NotHere { term: 1, part: 1 }, "not to itself");
    let outcome = district.does(TOWN, LEADER, queries(FIRST)).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["opinion_queried"], vec![Some(CENTRE)]));
    let open = district.does(TOWN, INVESTIGATORS[0], disposition(Finding::Founded, &[(0, Finding::Founded)]));
    assert_eq!(refused(open.unwrap_err()), PartRejection::Open(vec!["1.1".into()]), "it waits from now on");
    let [(from, fact)] = district.take_mail().try_into().unwrap();
    let act = Act::heard(fact.kind, &from, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(CENTRE, act.clone())), ["part_changed", "part_changed"]);
    assert_eq!(names(&district.hears(CENTRE, act)), [""; 0], "heard again");
    district.deliver();
    assert_eq!(state(&district, OTHER), PartState::Queried);
    let reason = part(&district, OTHER).steps.last().unwrap().reason.as_ref().unwrap();
    assert_eq!(reason.organ, TOWN);
    let queried =
        part(&district, TOWN).steps.iter().filter(|step| step.change() == PartChange::Queried).count();
    assert_eq!(queried, 1);
}

#[test]
fn house_an_overdue_part_is_excused_and_the_lead_finds_for_itself() {
    let mut district = investigated(acknowledged());
    let early = district.does(CENTRE, LEADER, excuses(FIRST)).unwrap_err();
    assert!(matches!(refused(early), PartRejection::NotAllowed { state: PartState::Acknowledged, .. }));
    district.now = at("2026-03-10 09:00");
    district.does(CENTRE, LEADER, excuses(FIRST)).unwrap();
    district.deliver();
    assert_eq!(part(&district, TOWN).facts.ended_by(), PartChange::Excused);
    let both = [(0, Finding::Founded), (1, Finding::Unfounded)];
    district.does(TOWN, INVESTIGATORS[0], disposition(Finding::PartlyFounded, &both)).unwrap();
}

#[test]
fn house_an_act_on_a_part_that_ended_is_kept_and_void() {
    let mut district = acknowledged();
    district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap();
    district.does(OTHER, LEADER, approves(FIRST)).unwrap();
    let [(from, fact)] = district.take_mail().try_into().unwrap();
    district.does(CENTRE, LEADER, decides(FIRST, None)).unwrap();
    let act = Act::heard(fact.kind, &from, district.now).unwrap().unwrap();
    assert_eq!(names(&district.hears(CENTRE, act.clone())), ["act_voided"]);
    let [void] = district.case(CENTRE).void_acts.as_slice() else { panic!("one act is void") };
    assert_eq!(
        (void.term, void.part, void.organ.as_str(), void.act.as_str()),
        (1, 1, OTHER, "opinion_decided")
    );
    assert_eq!(names(&district.hears(CENTRE, act)), [""; 0], "heard again");
    district.deliver();
    assert_eq!(state(&district, OTHER), PartState::Ended, "the organ learns of it");
}

#[test]
fn what_was_told_before_changes_nothing() {
    let mut district = District::routed(two());
    district.does(CENTRE, LEADER, adds(None, &[])).unwrap();
    let mail = district.take_mail();
    for (_, fact) in &mail {
        let act = Act::heard(fact.kind.clone(), CENTRE, district.now).unwrap().unwrap();
        let organ = fact.audience.clone().unwrap();
        assert_eq!(district.hears(&organ, act.clone()).facts.len(), 1);
        assert_eq!(names(&district.hears(&organ, act)), [""; 0], "{organ}");
    }
    for act in [joint(Joint::Acknowledge(FIRST)), opinion(FIRST, Finding::Founded), approves(FIRST)] {
        let actor = if matches!(act, Act::Joint(Joint::Submit(_))) { INVESTIGATORS[0] } else { LEADER };
        district.does(OTHER, actor, act).unwrap();
        for (from, fact) in district.take_mail() {
            let act = Act::heard(fact.kind, &from, district.now).unwrap().unwrap();
            assert_eq!(names(&district.hears(CENTRE, act.clone())), ["part_changed"]);
            district.take_mail();
            assert_eq!(names(&district.hears(CENTRE, act)), [""; 0]);
        }
    }
}

/// A part that began before the term under which it goes on.
fn part_before_the_term(organ: &str) -> District {
    let mut district = District::ready(two());
    let part = PartFacts {
        part: 1,
        version: 1,
        organ: organ.into(),
        respondents: vec![1],
        due_at: Some(server::time::to_proto(at("2026-03-09 00:00"))),
        state: PartState::Acknowledged.into(),
        ..PartFacts::default()
    };
    let facts = Some(two());
    let begun = PartBegun { part: Some(part), facts, home: CENTRE.into() };
    district.evolves(CENTRE, &Kind::PartBegun(begun.clone()));
    district.hears(organ, joint(Joint::Receive(Box::new(begun))));
    district
}

#[test]
fn house_a_part_goes_on_under_the_next_lead() {
    let mut district = part_before_the_term(OTHER);
    let version = district.case(CENTRE).version;
    let outcome = district.does(CENTRE, LEADER, routing(version)).unwrap();
    assert_eq!(names(&outcome), ["term_begun", "part_changed", "part_changed"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), Some(OTHER), Some(TOWN)]);
    district.deliver();
    let carried = part(&district, OTHER);
    assert_eq!((carried.facts.term, carried.facts.state()), (1, PartState::Acknowledged));
    assert_eq!(part(&district, TOWN).facts.term, 1, "the new lead knows it");
    district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap();
    let old = district.does(OTHER, LEADER, approves(PartNamed { term: 0, part: 1 })).unwrap_err();
    assert_eq!(
        refused(old),
        PartRejection::NotHere { term: 0, part: 1 },
        "an act names the term it stands under"
    );
}

#[test]
fn house_whoever_becomes_the_lead_has_no_part_any_more() {
    let mut district = part_before_the_term(TOWN);
    let version = district.case(CENTRE).version;
    district.does(CENTRE, LEADER, routing(version)).unwrap();
    district.deliver();
    for organ in [CENTRE, TOWN] {
        assert_eq!(part(&district, organ).facts.ended_by(), PartChange::Leads);
    }
}

#[test]
fn house_a_co_handler_learns_that_the_case_ended() {
    let mut district = asked();
    district.hears(CENTRE, Act::NoteWithdrawal { goes_on: false });
    district.deliver();
    assert_eq!((district.state(OTHER), state(&district, OTHER)), (CaseState::Withdrawn, PartState::Ended));
    let ended = district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap_err();
    assert_eq!(ended, Rejection::State(CaseState::Withdrawn));

    let mut district = investigated(answered(Finding::Founded));
    let submit = disposition(Finding::Founded, &[(0, Finding::Founded)]);
    district.does(TOWN, INVESTIGATORS[0], submit).unwrap();
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    district.deliver();
    assert_eq!((district.state(OTHER), state(&district, OTHER)), (CaseState::Concluded, PartState::Answered));
}

#[test]
fn house_a_result_that_crossed_a_new_part_concludes_the_case_and_ends_the_part() {
    let mut district = investigated(District::routed(two()).also_acknowledged());
    district.does(TOWN, INVESTIGATORS[0], disposition(Finding::Founded, &[])).unwrap();
    district.does(TOWN, LEADER, Act::Approve { term: 1 }).unwrap();
    let result = district.take_mail();
    district.does(CENTRE, LEADER, adds(None, &[])).unwrap();
    district.deliver();
    for (from, fact) in result {
        let act = Act::heard(fact.kind, &from, district.now).unwrap().unwrap();
        district.hears(CENTRE, act);
    }
    district.deliver();
    assert_eq!(district.state(CENTRE), CaseState::Concluded);
    assert_eq!(part(&district, OTHER).facts.ended_by(), PartChange::Concluded);
}

#[test]
fn house_co_handlers_go_by_the_facts_as_they_are_now() {
    let mut district = asked();
    let mut facts = two();
    facts.grounds = vec!["8.4".into()];
    district.hears(CENTRE, Act::CorrectFacts { facts: Box::new(facts), from: None });
    district.deliver();
    for organ in [TOWN, OTHER] {
        assert_eq!(district.case(organ).facts.as_ref().unwrap().grounds, ["8.4"], "{organ}");
    }
}

#[test]
fn art_16_what_is_erased_is_erased_at_co_handlers_too() {
    let mut district = asked();
    let erasure = Erasure {
        organ: CENTRE.into(),
        case_id: CASE,
        what: Erased::Case,
        at: district.now,
        article: "16".into(),
    };
    let outcome = district.hears(CENTRE, Act::Erase(Listed { erasure, line: Line::default() }));
    assert_eq!(audiences(&outcome), [Some(OTHER), Some(TOWN)]);
    let late = district.does(CENTRE, LEADER, decides(FIRST, None)).unwrap_err();
    assert!(matches!(late, Rejection::Erased(_)), "{late:?}");
}

#[test]
fn the_callers_next_actions_are_those_the_rules_allow() {
    let actions = |district: &District, organ: &str, subject: &str, role: Role| {
        let asker = Asker { subject, organ, has: &|asked| asked == role };
        allowed_actions(district.case(organ), &asker)
    };
    let mut district = asked();
    assert_eq!(actions(&district, OTHER, "desk", Role::Desk), [Action::AcknowledgePart]);
    assert_eq!(actions(&district, OTHER, LEADER, Role::Leader), [Action::ReturnPart]);
    let home = [
        Action::AddCoHandlers,
        Action::DecidePart,
        Action::ExcusePart,
        Action::RequestRecall,
        Action::TakeOver,
    ];
    assert_eq!(actions(&district, CENTRE, LEADER, Role::Leader), home);
    assert_eq!(actions(&district, CENTRE, "desk", Role::Desk), [Action::AddCoHandlers]);
    district.does(OTHER, "desk", joint(Joint::Acknowledge(FIRST))).unwrap();
    let handler = [Action::ReturnPart, Action::SubmitOpinion];
    assert_eq!(actions(&district, OTHER, "zhao.si", Role::Handler), handler);
    let mut district = investigated(district);
    let record_only = [Action::RecordInvestigation, Action::DraftInstrument];
    assert_eq!(actions(&district, TOWN, INVESTIGATORS[0], Role::Handler), record_only, "a part is open");
    district.does(OTHER, INVESTIGATORS[0], opinion(FIRST, Finding::Founded)).unwrap();
    assert_eq!(actions(&district, OTHER, INVESTIGATORS[1], Role::Leader), [], "took part");
    assert_eq!(actions(&district, OTHER, LEADER, Role::Leader), [Action::DecideOpinion]);
    district.does(OTHER, LEADER, approves(FIRST)).unwrap();
    district.deliver();
    assert_eq!(
        actions(&district, TOWN, LEADER, Role::Leader),
        [Action::AppointInvestigators, Action::ReturnOpinion, Action::ReturnTransfer, Action::AskDesignation,]
    );
    assert_eq!(
        actions(&district, CENTRE, LEADER, Role::Leader),
        [Action::AddCoHandlers, Action::ReturnOpinion, Action::RequestRecall, Action::TakeOver]
    );
    let both = [Action::RecordInvestigation, Action::SubmitDisposition, Action::DraftInstrument];
    assert_eq!(actions(&district, TOWN, INVESTIGATORS[0], Role::Handler), both);
}

impl District {
    fn also_acknowledged(mut self) -> Self {
        self.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
        self.deliver();
        self
    }
}
