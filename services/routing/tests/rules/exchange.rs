//! Instruments that go to another organ, which signs for them and answers itself: articles 7 and 22.

use std::path::Path;
use std::sync::Arc;

use calendar::Calendar;
use content::{Erased, Erasure, Line, Listed};
use duban_proto::common::v1::Action;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{
    Deputy, InstrumentAddressee, InstrumentDelivery, InstrumentKind, InstrumentState, PartOverdue,
    ReceivedInstrument, ReceivedInstrumentState, UrgencyNoted,
};
use regulation::{Approver, Regulation, Rules};
use routing::domain::{
    Act, After, Asker, DraftInstrument, Handshake, Inquire, Joint, OnInstrument, OnReceived, Outcome,
    RejectAnswer, Rejection, Standing, WithdrawInstrument, next_actions,
};
use uuid::Uuid;

use crate::support::{
    CASE, CENTRE, District, INVESTIGATORS, LEADER, OTHER, TOWN, about, about_a_clerk, at, audiences, names,
    sealed, sealed_with_key, whole,
};

const PAPER: u128 = 500;
const OFFICER: &str = "qian.yi";

fn paper() -> String {
    Uuid::from_u128(PAPER).to_string()
}

fn on(act: OnInstrument) -> Act {
    Act::After(After::Instrument(Box::new(act)))
}

fn draft(kind: InstrumentKind, to: &str) -> Act {
    on(OnInstrument::Draft(DraftInstrument {
        kind,
        addressee: InstrumentAddressee { to: Some(To::Organ(to.into())) },
        measures: Vec::new(),
        answer_within: None,
        text: sealed(PAPER),
    }))
}

fn sign() -> Act {
    on(OnInstrument::Issue { id: paper(), signs_as: vec![Approver::LeaderInCharge] })
}

fn signs_for() -> Act {
    Act::Received(OnReceived::Acknowledge { id: paper() })
}

fn replies(item: u128, decided: Option<(&str, &str)>) -> Act {
    let decided = decided.map(|(measure, on)| (measure.to_owned(), on.to_owned()));
    Act::Received(OnReceived::Reply { id: paper(), decided, text: Box::new(sealed(item)) })
}

/// The centre investigates an organ, and drafted an instrument to the town, which knows nothing of the case.
fn drafted(kind: InstrumentKind) -> District {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.appoints(CENTRE);
    district.does(CENTRE, INVESTIGATORS[0], draft(kind, TOWN)).unwrap();
    district
}

/// The same, issued and delivered.
fn sent(kind: InstrumentKind) -> District {
    let mut district = drafted(kind);
    district.does(CENTRE, LEADER, sign()).unwrap();
    district.deliver();
    district
}

fn issued(district: &District) -> InstrumentState {
    district.case(CENTRE).instrument(&paper()).unwrap().state()
}

fn received(outcome: Outcome) -> ReceivedInstrument {
    outcome.answer.received.unwrap()
}

fn rejects(item: u128) -> Act {
    on(OnInstrument::Reject(RejectAnswer { id: paper(), answer_within: None, reason: sealed(item) }))
}

fn from_delivery() -> &'static Rules {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    let text = std::fs::read_to_string(path).unwrap();
    let text = text.replace(
        "remind_before = \"1 workday\"",
        "remind_before = \"1 workday\"\nanswer_from = \"delivery\"",
    );
    let regulation = Arc::new(Regulation::parse(&text, "r.toml").unwrap());
    Box::leak(Box::new(Rules::new(regulation, Arc::new(Calendar::bundled().unwrap()))))
}

#[test]
fn art_7_an_instrument_to_an_organ_is_sent_to_it_signed_for_and_answered_there() {
    let mut district = drafted(InstrumentKind::RequestCooperation);
    let outcome = district.does(CENTRE, LEADER, sign()).unwrap();
    assert_eq!(names(&outcome), ["instrument_issued", "instrument_sent"]);
    assert_eq!(audiences(&outcome), [None, Some(TOWN)]);
    assert_eq!(outcome.answer.instrument.unwrap().sent_to, TOWN);
    district.deliver();
    assert!(!district.knows(TOWN), "the case itself is none of its");
    let outcome = district.does(TOWN, OFFICER, signs_for()).unwrap();
    assert_eq!((names(&outcome), audiences(&outcome)), (vec!["instrument_acknowledged"], vec![Some(CENTRE)]));
    let told = received(outcome);
    assert_eq!(
        (told.state(), told.acknowledged_by.as_str()),
        (ReceivedInstrumentState::Acknowledged, OFFICER)
    );
    assert_eq!(told.due_at, Some(server::time::to_proto(at("2026-03-10 00:00"))), "from the issue");
    let twice = district.does(TOWN, OFFICER, signs_for()).unwrap_err();
    assert_eq!(twice, Rejection::InstrumentState(InstrumentState::Delivered));
    district.deliver();
    let delivered = district.case(CENTRE).instrument(&paper()).unwrap().delivered.clone().unwrap();
    assert_eq!(
        (delivered.way(), delivered.delivered_on.as_str()),
        (InstrumentDelivery::Exchange, "2026-03-02")
    );
    let told = received(district.does(TOWN, OFFICER, replies(60, None)).unwrap());
    assert_eq!(told.state(), ReceivedInstrumentState::Settled, "nobody checks it");
    district.deliver();
    assert_eq!(issued(&district), InstrumentState::Settled);
    let again = district.does(TOWN, OFFICER, replies(61, None)).unwrap_err();
    assert_eq!(again, Rejection::InstrumentState(InstrumentState::Settled));
}

#[test]
fn house_who_answers_without_having_signed_does_so_by_it_and_what_is_told_twice_changes_nothing() {
    let mut district = sent(InstrumentKind::DemandDocuments);
    let outcome = district.does(TOWN, OFFICER, replies(60, None)).unwrap();
    assert_eq!(names(&outcome), ["instrument_acknowledged", "instrument_replied"]);
    assert_eq!(received(outcome.clone()).state(), ReceivedInstrumentState::Answered);
    district.deliver();
    for fact in outcome.facts {
        let again = Act::heard(fact.kind, TOWN, district.now).unwrap().unwrap();
        assert_eq!(names(&district.hears(CENTRE, again)), [""; 0]);
    }
    let answers = &district.case(CENTRE).instrument(&paper()).unwrap().answers;
    let [answer] = answers.as_slice() else { panic!("{answers:?}") };
    assert_eq!(answer.recorded_by, OFFICER, "who answered, not the program");
    let stranger = Act::heard(
        Kind::InstrumentReplied(duban_proto::routing::v1::InstrumentReplied {
            instrument_id: paper(),
            ..Default::default()
        }),
        OTHER,
        district.now,
    );
    assert_eq!(names(&district.hears(CENTRE, stranger.unwrap().unwrap())), [""; 0], "it was not sent there");
}

#[test]
fn house_an_answer_that_comes_back_is_answered_again_and_one_in_order_ends_it_at_both() {
    let mut district = sent(InstrumentKind::DemandDocuments);
    district.does(TOWN, OFFICER, replies(60, None)).unwrap();
    district.deliver();
    assert_eq!(issued(&district), InstrumentState::Answered);
    let outcome = district.does(CENTRE, LEADER, rejects(70)).unwrap();
    assert_eq!(audiences(&outcome), [Some(TOWN)]);
    district.deliver();
    let told = received(district.does(TOWN, OFFICER, replies(61, None)).unwrap());
    assert_eq!((told.answers.len(), told.answers[0].rejected), (2, true));
    district.deliver();
    assert_eq!(district.case(CENTRE).instrument(&paper()).unwrap().answers.len(), 2);
    district.does(CENTRE, LEADER, on(OnInstrument::Accept { id: paper() })).unwrap();
    district.deliver();
    let ended = district.does(TOWN, OFFICER, replies(62, None)).unwrap_err();
    assert_eq!(ended, Rejection::InstrumentState(InstrumentState::Settled));
}

#[test]
fn house_the_time_of_the_answer_counts_from_the_delivery_where_the_regulation_says_so() {
    let mut district = drafted(InstrumentKind::RequestCooperation);
    district.rules = from_delivery();
    let told = district.does(CENTRE, LEADER, sign()).unwrap().answer.instrument.unwrap();
    assert_eq!(told.due_at, None, "not before it is delivered");
    district.deliver();
    district.now = at("2026-03-04 10:00");
    district.does(TOWN, OFFICER, signs_for()).unwrap();
    district.deliver();
    let due = |district: &District| district.case(CENTRE).instrument(&paper()).unwrap().due_at;
    let end = Some(at("2026-03-12 00:00"));
    assert_eq!(due(&district), end.map(jiff::Timestamp::as_microsecond), "five workdays from the 4th");
    let told = received(district.does(TOWN, OFFICER, replies(60, None)).unwrap());
    assert_eq!(told.due_at, end.map(server::time::to_proto), "and the organ was told");

    let mut by_hand = drafted(InstrumentKind::RequestCooperation);
    by_hand.rules = from_delivery();
    by_hand.does(CENTRE, LEADER, sign()).unwrap();
    by_hand.now = at("2026-03-05 10:00");
    let way = InstrumentDelivery::InPerson;
    let delivery = OnInstrument::Deliver { id: paper(), on: "2026-03-03".parse().unwrap(), way };
    by_hand.does(CENTRE, LEADER, on(delivery)).unwrap();
    assert_eq!(due(&by_hand), Some(at("2026-03-11 00:00").as_microsecond()), "from the day it was delivered");
    assert_eq!(issued(&by_hand), InstrumentState::Delivered, "and its answer is looked for");
}

#[test]
fn house_it_is_reminded_of_and_overdue_at_both() {
    let mut district = sent(InstrumentKind::DemandDocuments);
    district.now = at("2026-03-10 00:00");
    let now = district.now;
    let outcome = district.hears(CENTRE, Act::After(After::RunOut { at: now }));
    assert_eq!(names(&outcome), ["instrument_reminded", "instrument_overdue"]);
    assert_eq!(audiences(&outcome), [Some(TOWN), Some(TOWN)]);
    district.deliver();
    let told = received(district.does(TOWN, OFFICER, signs_for()).unwrap());
    assert_eq!(told.state(), ReceivedInstrumentState::Overdue);
    assert!(told.overdue_since.is_some() && told.reminded_at.is_some());
}

#[test]
fn house_what_is_withdrawn_is_told_and_an_answer_that_crosses_it_counts_for_nothing() {
    let mut district = sent(InstrumentKind::DemandDocuments);
    let withdraw =
        OnInstrument::Withdraw(WithdrawInstrument { id: paper(), as_leader: true, reason: sealed(40) });
    district.does(CENTRE, LEADER, on(withdraw)).unwrap();
    district.does(TOWN, OFFICER, replies(60, None)).unwrap();
    district.deliver();
    assert_eq!(issued(&district), InstrumentState::Withdrawn);
    let refused = district.does(TOWN, OFFICER, replies(61, None)).unwrap_err();
    assert_eq!(refused, Rejection::InstrumentState(InstrumentState::Withdrawn));
}

#[test]
fn art_22_only_an_authority_decides_on_a_measure_there_as_well() {
    let mut district = sent(InstrumentKind::DemandDocuments);
    let decided = Some(("criticism_and_education", "2026-03-02"));
    let refused = district.does(TOWN, OFFICER, replies(60, decided)).unwrap_err();
    assert!(matches!(&refused, Rejection::NotByRegulation { article, .. } if article == "22"), "{refused:?}");
    let mut district = sent(InstrumentKind::DisciplineReferral);
    district.does(TOWN, OFFICER, replies(60, decided)).unwrap();
    district.deliver();
    let answer = district.case(CENTRE).instrument(&paper()).unwrap().answers[0].answered.clone().unwrap();
    assert_eq!((answer.measure.as_str(), answer.organ.as_str()), ("criticism_and_education", TOWN));
}

#[test]
fn house_what_never_came_is_not_found_and_a_key_that_is_there_is_not_brought_again() {
    let mut district = District::new();
    assert_eq!(district.does(TOWN, OFFICER, signs_for()).unwrap_err(), Rejection::NoInstrument(paper()));
    let mut district = sent(InstrumentKind::DemandDocuments);
    let with_key = |item| {
        Act::Received(OnReceived::Reply { id: paper(), decided: None, text: Box::new(sealed_with_key(item)) })
    };
    district.does(TOWN, OFFICER, with_key(60)).unwrap();
    district.deliver();
    district.does(CENTRE, LEADER, rejects(70)).unwrap();
    district.deliver();
    assert_eq!(district.does(TOWN, OFFICER, with_key(61)).unwrap_err(), Rejection::KeyIsThere(CASE));
}

#[test]
fn art_16_what_was_sent_and_answered_is_erased_with_the_case() {
    let listed = |organ: &str| {
        let at = at("2037-01-02 10:00");
        let (organ, article) = (organ.into(), "16".into());
        let erasure = Erasure { organ, case_id: CASE, what: Erased::Case, at, article };
        Act::Erase(Listed { erasure, line: Line::default() })
    };
    let mut district = sent(InstrumentKind::DemandDocuments);
    let outcome = district.hears(CENTRE, listed(CENTRE));
    assert_eq!(audiences(&outcome), [Some(TOWN)], "the organ that has it is told");
    let outcome = district.hears(TOWN, listed(TOWN));
    assert_eq!((names(&outcome), outcome.writes.len()), (vec!["content_erased"], 1));
    assert_eq!(names(&district.hears(TOWN, listed(TOWN))), [""; 0]);
    let refused = district.does(TOWN, OFFICER, replies(60, None)).unwrap_err();
    assert!(matches!(refused, Rejection::Erased(_)), "{refused:?}");
    assert_eq!(names(&district.hears(OTHER, listed(OTHER))), [""; 0], "nothing came there");
}

#[test]
fn house_what_is_open_lapses_with_the_term_and_is_not_left_open_for_ever() {
    let mut district = District::acknowledged();
    district.appoints(TOWN);
    district.does(TOWN, INVESTIGATORS[0], draft(InstrumentKind::DemandDocuments, OTHER)).unwrap();
    district.does(TOWN, LEADER, sign()).unwrap();
    district.deliver();
    let take_over = Handshake::TakeOver { term: 1, reason: sealed(80) };
    let outcome = district.does(CENTRE, LEADER, Act::Transfer(Box::new(take_over))).unwrap();
    let superseded = outcome.facts.iter().find(|fact| matches!(fact.kind, Kind::TermSuperseded(_))).unwrap();
    let heard = Act::heard(superseded.kind.clone(), CENTRE, district.now).unwrap().unwrap();
    let outcome = district.hears(TOWN, heard);
    let lapsed = outcome.facts.iter().find(|fact| matches!(fact.kind, Kind::InstrumentWithdrawn(_))).unwrap();
    assert_eq!(lapsed.audience.as_deref(), Some(OTHER), "who has it is told");
    assert_eq!(district.case(TOWN).instrument(&paper()).unwrap().state(), InstrumentState::Withdrawn);
    assert!(district.case(TOWN).instrument(&paper()).unwrap().withdrawn.as_ref().unwrap().lapsed);
    district.deliver();
    let refused = district.does(OTHER, OFFICER, replies(60, None)).unwrap_err();
    assert_eq!(refused, Rejection::InstrumentState(InstrumentState::Withdrawn));
}

#[test]
fn art_18_the_deputy_of_an_investigator_drafts_and_both_names_are_kept() {
    let mut district = District::routed(about(CENTRE, whole(OTHER)));
    district.appoints(CENTRE);
    let set = Deputy {
        deputy_id: Uuid::from_u128(600).to_string(),
        person: INVESTIGATORS[1].into(),
        deputy: "zhao.si".into(),
        begins_at: Some(server::time::to_proto(at("2026-03-02 09:00"))),
        until: Some(server::time::to_proto(at("2026-03-04 12:00"))),
        ..Deputy::default()
    };
    let refused = district.does(CENTRE, "zhao.si", draft(InstrumentKind::DemandDocuments, TOWN)).unwrap_err();
    assert!(matches!(&refused, Rejection::PersonExcluded { article, .. } if article == "18"), "{refused:?}");
    district.does(CENTRE, LEADER, Act::Inquire(Box::new(Inquire::SetDeputy(Box::new(set))))).unwrap();
    let outcome = district.does(CENTRE, "zhao.si", draft(InstrumentKind::DemandDocuments, TOWN)).unwrap();
    let told = outcome.answer.instrument.unwrap();
    assert_eq!((told.drafted_by.as_str(), told.on_behalf_of.as_str()), ("zhao.si", INVESTIGATORS[1]));
    let represents = [INVESTIGATORS[1].to_owned()];
    let may = |represents: &[String]| {
        let has = |role: access::Role| role == access::Role::Handler;
        let asker = Asker { subject: "zhao.si", organ: CENTRE, has: &has };
        let standing = Standing { represents, ..Standing::default() };
        next_actions(district.case(CENTRE), &asker, &standing).contains(&Action::DraftInstrument)
    };
    assert_eq!((may(&represents), may(&[])), (true, false));
}

#[test]
fn house_a_part_that_is_late_is_noted_once_and_a_new_date_runs_anew() {
    let mut facts = about_a_clerk(CENTRE);
    facts.respondents.push(crate::support::person(OTHER, duban_proto::common::v1::Rank::Unranked, false));
    let mut district = District::routed(facts);
    let add = routing::domain::AddParts {
        term: 1,
        organ: None,
        respondents: Vec::new(),
        due_at: Some(at("2026-03-06 00:00")),
        words: None,
    };
    district.does(CENTRE, LEADER, Act::Joint(Joint::Add(Box::new(add)))).unwrap();
    district.does(TOWN, "desk", Act::Acknowledge { term: 1 }).ok();
    district.deliver();
    let due = at("2026-03-06 00:00").as_microsecond();
    assert_eq!(district.case(OTHER).next_due(OTHER), Some(due), "the tick looks at it then");
    district.now = at("2026-03-06 00:00");
    let now = district.now;
    for organ in [CENTRE, TOWN, OTHER] {
        let outcome = district.hears(organ, Act::After(After::RunOut { at: now }));
        let late = outcome.facts.iter().find_map(|fact| match &fact.kind {
            Kind::PartOverdue(PartOverdue { part, .. }) => Some(*part),
            _ => None,
        });
        assert_eq!(late, Some(1), "{organ}: {:?}", names(&outcome));
        let again = district.hears(organ, Act::After(After::RunOut { at: now }));
        assert!(!names(&again).contains(&"part_overdue"), "{organ}: once");
    }
    assert_eq!(district.case(OTHER).next_part_due(), None);
    assert_eq!(district.case(OTHER).urgency(), UrgencyNoted::default());
}

#[test]
fn house_what_two_organs_tell_each_other_of_an_instrument_is_passed_on_to_nobody() {
    let mut district = drafted(InstrumentKind::DemandDocuments);
    let outcome = district.does(CENTRE, LEADER, sign()).unwrap();
    let heard = Act::heard(outcome.facts[1].kind.clone(), CENTRE, district.now).unwrap().unwrap();
    assert!(matches!(heard, Act::Received(_)), "it is of these two, whoever is the home: {heard:?}");
    district.deliver();
    let outcome = district.does(TOWN, OFFICER, signs_for()).unwrap();
    let heard = Act::heard(outcome.facts[0].kind.clone(), TOWN, district.now).unwrap().unwrap();
    assert!(matches!(heard, Act::After(_)), "{heard:?}");
}
