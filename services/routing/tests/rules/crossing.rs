//! Whatever home, lead and co-handlers do at once, and however it crosses on its way: once it is quiet, all know of each part
//! what the home knows (house).

use duban_proto::common::v1::{CaseFacts, CaseState, Finding, Rank};
use duban_proto::routing::v1::{PartReturnGround, PartState, RespondentFinding};
use jiff::SignedDuration;
use proptest::prelude::*;
use routing::domain::{Act, AddParts, DecidePart, Joint, PartNamed, Query, Reassign, Submit, SubmitOpinion};

use crate::support::{
    CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about_a_clerk, appointment, person, record, sealed,
};

/// A step of somebody; the number is the part, and where it needs one, a choice.
#[derive(Clone, Copy, Debug)]
enum Do {
    Deliver(usize),
    AddByRule,
    Ask,
    Acknowledge(u32),
    GiveBack(u32),
    Opine(u32, Finding),
    Approve(u32),
    Refuse(u32),
    Drop(u32),
    Move(u32),
    HomeQueries(u32),
    LeadQueries(u32),
    Excuse(u32),
    Dispose(Finding),
    Conclude,
    Withdraw,
    DayPasses,
}

fn steps() -> impl Strategy<Value = Vec<Do>> {
    let part = || 1u32..4;
    let finding = || prop::sample::select(vec![Finding::Founded, Finding::Unfounded, Finding::PartlyFounded]);
    let one = prop_oneof![
        8 => (0usize..8).prop_map(Do::Deliver),
        2 => Just(Do::AddByRule),
        1 => Just(Do::Ask),
        3 => part().prop_map(Do::Acknowledge),
        1 => part().prop_map(Do::GiveBack),
        3 => (part(), finding()).prop_map(|(part, finding)| Do::Opine(part, finding)),
        3 => part().prop_map(Do::Approve),
        1 => part().prop_map(Do::Refuse),
        1 => part().prop_map(Do::Drop),
        1 => part().prop_map(Do::Move),
        1 => part().prop_map(Do::HomeQueries),
        1 => part().prop_map(Do::LeadQueries),
        1 => part().prop_map(Do::Excuse),
        2 => finding().prop_map(Do::Dispose),
        2 => Just(Do::Conclude),
        1 => Just(Do::Withdraw),
        1 => Just(Do::DayPasses),
    ];
    prop::collection::vec(one, 1..60)
}

fn facts() -> CaseFacts {
    let mut facts = about_a_clerk(CENTRE);
    facts.respondents.push(person(OTHER, Rank::Unranked, false));
    facts
}

fn start() -> District {
    let mut district = District::routed(facts());
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).unwrap();
    district.does(TOWN, LEADER, appointment(1, &INVESTIGATORS)).unwrap();
    district.does(TOWN, INVESTIGATORS[0], Act::File(Box::new(record(1, &INVESTIGATORS)))).unwrap();
    district.deliver();
    district
}

/// The organ that handles a part does it, wherever that is.
fn at_its_organ(district: &mut District, number: u32, actor: &str, act: &Joint) {
    for organ in [OTHER, CENTRE] {
        let own = district.knows(organ)
            && district.case(organ).part(number).is_some_and(|part| part.facts.organ == organ);
        if own {
            let _ = district.does(organ, actor, Act::Joint(act.clone()));
        }
    }
}

fn take(district: &mut District, step: Do) {
    let named = |part| PartNamed { term: 1, part };
    let home = |act| (CENTRE, LEADER, Act::Joint(act));
    let adds = |organ: Option<&str>| {
        let organ = organ.map(str::to_owned);
        Joint::Add(Box::new(AddParts {
            term: 1,
            organ,
            respondents: Vec::new(),
            due_at: None,
            words: Some(sealed(50)),
        }))
    };
    let decides = |part, organ: Option<&str>| {
        let next = organ.map(|organ| Reassign { organ: organ.to_owned(), due_at: None });
        Joint::Decide(Box::new(DecidePart { named: named(part), next, reason: sealed(51) }))
    };
    let query = |part| Joint::Query(Box::new(Query { named: named(part), due_at: None, reason: sealed(52) }));
    let (organ, actor, act) = match step {
        Do::Deliver(choice) => return district.deliver_one(choice),
        Do::DayPasses => {
            district.now += SignedDuration::from_hours(48);
            return;
        }
        Do::Acknowledge(part) => {
            return at_its_organ(district, part, LEADER, &Joint::Acknowledge(named(part)));
        }
        Do::GiveBack(part) => {
            let ground = PartReturnGround::Unclear;
            let act = Joint::Return { named: named(part), ground, note: sealed(53) };
            return at_its_organ(district, part, LEADER, &act);
        }
        Do::Opine(part, finding) => {
            let submit = SubmitOpinion {
                named: named(part),
                finding,
                measures: Vec::new(),
                investigators: INVESTIGATORS.map(String::from).to_vec(),
                opinion: sealed(54),
            };
            return at_its_organ(district, part, INVESTIGATORS[0], &Joint::Submit(Box::new(submit)));
        }
        Do::Approve(part) => {
            let act = Joint::DecideOpinion { named: named(part), reason: None };
            return at_its_organ(district, part, LEADER, &act);
        }
        Do::Refuse(part) => {
            let act = Joint::DecideOpinion { named: named(part), reason: Some(sealed(55)) };
            return at_its_organ(district, part, LEADER, &act);
        }
        Do::AddByRule => home(adds(None)),
        Do::Ask => home(adds(Some(OTHER))),
        Do::Drop(part) => home(decides(part, None)),
        Do::Move(part) => home(decides(part, Some(CENTRE))),
        Do::HomeQueries(part) => home(query(part)),
        Do::LeadQueries(part) => (TOWN, LEADER, Act::Joint(query(part))),
        Do::Excuse(part) => home(Joint::Excuse { named: named(part), reason: sealed(56) }),
        Do::Dispose(finding) => {
            let own = RespondentFinding { respondent: 0, finding: finding.into(), part: 0 };
            let submit =
                Submit { term: 1, finding, measures: Vec::new(), findings: vec![own], report: sealed(57) };
            (TOWN, INVESTIGATORS[0], Act::Submit(Box::new(submit)))
        }
        Do::Conclude => (TOWN, LEADER, Act::Approve { term: 1 }),
        Do::Withdraw => (CENTRE, "service:intake", Act::NoteWithdrawal { goes_on: false }),
    };
    let _ = district.does(organ, actor, act);
}

/// All know what the home knows.
fn agree(district: &District) {
    let home = district.case(CENTRE);
    assert_eq!(home.terms.len(), 1, "one organ is responsible");
    let ended = matches!(home.state(), CaseState::Concluded | CaseState::Withdrawn);
    assert_eq!(district.state(TOWN), home.state());
    for (number, part) in (1..).zip(&home.parts) {
        assert_eq!(part.facts.part, number, "no gap");
        assert!(!(ended && part.is_open()), "nothing is open in a case that ended: {part:?}");
        let at_lead = district.case(TOWN).part(number).expect("the lead knows of each part");
        // What waits for a leader goes nowhere, also where the home handles the part itself.
        let mut told = part.facts.clone();
        if told.state() == PartState::Submitted && told.organ == CENTRE {
            told.state = at_lead.facts.state;
            assert!(at_lead.is_open(), "{at_lead:?}");
        }
        assert_eq!(at_lead.facts, told, "the lead knows what the home knows");
        let own = district.case(&part.facts.organ).part(number).expect("its organ knows of it");
        let same = own.facts.state() == part.facts.state();
        let between = own.facts.state() == PartState::Submitted && part.is_open();
        assert!(same || between, "{:?} at its organ, {:?} at home", own.facts.state(), part.facts.state());
        assert_eq!(own.facts.ended_by, part.facts.ended_by);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn house_once_it_is_quiet_all_agree_with_the_home(steps in steps()) {
        let mut district = start();
        for step in steps {
            take(&mut district, step);
        }
        district.deliver();
        agree(&district);
    }
}
