//! Follow-ups (16, house), by the Baoshan measures: 10 workdays, three attempts 12 hours apart, one look.

use content::{Draft, NewKey};
use duban_proto::supervision::v1::{DropGround, FollowUpState, HandlersNoted, ReviewReason, event::Kind};
use supervision::domain::decide::{Decision, Fact};
use supervision::domain::follow_up::{FollowUpAct, NotFollowedUp, OnFollowUp, RecordFollowUp};
use supervision::domain::time::from_wire;
use supervision::domain::{Command, Rejection, Sealed};
use uuid::Uuid;

use crate::review::{concluded, notes};
use crate::support::{CASE, Ledger, at, ledger};

const REPLY: u128 = 7;

fn on(act: FollowUpAct) -> Command {
    Command::FollowUp(Box::new(OnFollowUp { case_id: CASE, act }))
}

fn told(ledger: &mut Ledger, reply: u128) -> Decision {
    let act = FollowUpAct::ResultTold {
        follow_up_id: Uuid::from_u128(reply),
        told_by: "desk.zhou".into(),
        at: ledger.now,
    };
    ledger.does("service:supervision", &on(act)).unwrap()
}

fn handled(ledger: &mut Ledger, organ: &str, persons: &[&str], approved: bool) -> Decision {
    let persons = persons.iter().map(ToString::to_string).collect();
    let noted = HandlersNoted { organ: organ.into(), term: 1, persons, approved };
    ledger.does("service:supervision", &on(FollowUpAct::NoteHandlers(noted))).unwrap()
}

/// A case that wu.min handled and qian.jun approved, and of which desk.zhou told the result on 2 March, a Monday.
fn due() -> Ledger {
    let mut ledger = ledger("baoshan").with_case();
    handled(&mut ledger, "baoshan", &["wu.min"], false);
    handled(&mut ledger, "baoshan", &["qian.jun"], true);
    told(&mut ledger, REPLY);
    ledger
}

fn tries(ledger: &mut Ledger, actor: &str) -> Result<Decision, NotFollowedUp> {
    let act = FollowUpAct::Attempt { follow_up_id: Uuid::from_u128(REPLY), form: "call".into() };
    ledger.does(actor, &on(act)).map_err(why)
}

fn answer(reply: u128, result: &str, look_asked: bool) -> RecordFollowUp {
    RecordFollowUp {
        follow_up_id: Uuid::from_u128(reply),
        form: "call".into(),
        attitude: "satisfied".into(),
        result: result.into(),
        words: Sealed::default(),
        look_asked,
    }
}

fn records(ledger: &mut Ledger, actor: &str, record: RecordFollowUp) -> Result<Decision, NotFollowedUp> {
    ledger.does(actor, &on(FollowUpAct::Record(record))).map_err(why)
}

fn why(rejection: Rejection) -> NotFollowedUp {
    match rejection {
        Rejection::FollowUp(why) => why,
        other => panic!("{other:?}"),
    }
}

fn state(decision: &Decision) -> FollowUpState {
    decision.answer.follow_up.as_ref().unwrap().state()
}

#[test]
fn house_a_follow_up_is_due_after_the_result_was_told_and_once_for_a_reply() {
    let mut ledger = ledger("baoshan").with_case();
    let decision = told(&mut ledger, REPLY);
    let [fact] = decision.facts.as_slice() else { panic!("{decision:?}") };
    let Kind::FollowUpDue(due) = &fact.kind else { panic!("{fact:?}") };
    assert_eq!(from_wire(due.due_at.as_ref()), at("2026-03-17 00:00"), "ten workdays");
    assert_eq!(due.citation.as_ref().unwrap().article, "", "no article says it");
    assert!(told(&mut ledger, REPLY).facts.is_empty(), "acknowledged later, it is the same");
    assert_eq!(told(&mut ledger, 8).facts.len(), 1, "the result of another round is another");
}

#[test]
fn house_who_handled_approved_or_told_the_result_does_not_follow_up() {
    let mut ledger = due();
    for person in ["wu.min", "qian.jun", "desk.zhou"] {
        let took_part = NotFollowedUp::TookPart { person: person.into() };
        assert_eq!(tries(&mut ledger, person).unwrap_err(), took_part);
        assert_eq!(records(&mut ledger, person, answer(REPLY, "satisfied", false)).unwrap_err(), took_part);
    }
    tries(&mut ledger, "fang.lin").unwrap();
}

#[test]
fn house_three_attempts_apart_end_it_and_whoever_calls_back_is_heard() {
    let mut ledger = due();
    assert_eq!(state(&tries(&mut ledger, "fang.lin").unwrap()), FollowUpState::Open);
    let early = tries(&mut ledger, "fang.lin").unwrap_err();
    assert_eq!(early, NotFollowedUp::State { state: "OPEN", again_from: Some(at("2026-03-02 22:00")) });
    ledger.now = at("2026-03-03 09:00");
    assert_eq!(state(&tries(&mut ledger, "fang.lin").unwrap()), FollowUpState::Open);
    ledger.now = at("2026-03-04 09:00");
    let third = tries(&mut ledger, "fang.lin").unwrap();
    assert_eq!(state(&third), FollowUpState::NotReached);
    assert_eq!(third.answer.follow_up.unwrap().attempts.len(), 3);
    ledger.now = at("2026-03-05 09:00");
    let over = NotFollowedUp::State { state: "NOT_REACHED", again_from: None };
    assert_eq!(tries(&mut ledger, "fang.lin").unwrap_err(), over);
    let decision = records(&mut ledger, "fang.lin", answer(REPLY, "satisfied", false)).unwrap();
    assert_eq!(state(&decision), FollowUpState::Answered);
}

#[test]
fn house_attitude_and_result_are_scored_apart_and_answered_once() {
    let mut ledger = due();
    let decision = records(&mut ledger, "fang.lin", answer(REPLY, "dissatisfied", false)).unwrap();
    let [fact] = decision.facts.as_slice() else { panic!("{decision:?}") };
    let Kind::FollowUpRecorded(recorded) = &fact.kind else { panic!("{fact:?}") };
    assert!(recorded.attitude_satisfied && !recorded.result_satisfied && recorded.on_time, "{recorded:?}");
    assert_eq!(recorded.handled_by, "baoshan");
    let again = records(&mut ledger, "fang.lin", answer(REPLY, "satisfied", false)).unwrap_err();
    assert_eq!(again, NotFollowedUp::State { state: "ANSWERED", again_from: None });
    let unknown = records(&mut ledger, "fang.lin", answer(9, "satisfied", false)).unwrap_err();
    assert_eq!(unknown, NotFollowedUp::Unknown(Uuid::from_u128(9)));
}

#[test]
fn house_who_is_dissatisfied_with_the_result_may_have_it_looked_at_again_as_often_as_allowed() {
    let mut ledger = due();
    let content = records(&mut ledger, "fang.lin", answer(REPLY, "basically_satisfied", true)).unwrap_err();
    assert_eq!(content, NotFollowedUp::NotDissatisfied);
    let decision = records(&mut ledger, "fang.lin", answer(REPLY, "dissatisfied", true)).unwrap();
    let Kind::LookAsked(asked) = &decision.facts[1].kind else { panic!("{decision:?}") };
    assert_eq!((asked.look, asked.most), (1, 1));
    told(&mut ledger, 8);
    let again = records(&mut ledger, "fang.lin", answer(8, "dissatisfied", true)).unwrap_err();
    assert_eq!(again, NotFollowedUp::NoLooksLeft { most: 1 });
    records(&mut ledger, "fang.lin", answer(8, "dissatisfied", false)).unwrap();
}

#[test]
fn house_what_the_complainant_says_of_their_own_accord_is_the_answer_and_asks_no_more_than_is_allowed() {
    let rated = |reply| {
        let form = supervision::domain::follow_up::TRACKING.to_owned();
        on(FollowUpAct::Rated(RecordFollowUp { form, ..answer(reply, "dissatisfied", true) }))
    };
    let kinds = |decision: Decision| {
        let name = |fact: &supervision::domain::decide::Fact| match &fact.kind {
            Kind::FollowUpDue(_) => "due",
            Kind::FollowUpRecorded(_) => "recorded",
            Kind::LookAsked(_) => "look",
            other => panic!("{other:?}"),
        };
        decision.facts.iter().map(name).collect::<Vec<_>>()
    };
    let mut ledger = due();
    let decision = ledger.does("service:supervision", &rated(REPLY)).unwrap();
    assert_eq!(kinds(decision), ["recorded", "look"]);
    let over = NotFollowedUp::State { state: "ANSWERED", again_from: None };
    assert_eq!(records(&mut ledger, "fang.lin", answer(REPLY, "satisfied", false)).unwrap_err(), over);
    assert!(ledger.does("service:supervision", &rated(REPLY)).unwrap().facts.is_empty(), "once");
    // Of another round, before it is heard that its result was told: recorded, and no second look.
    let decision = ledger.does("service:supervision", &rated(8)).unwrap();
    assert_eq!(kinds(decision), ["due", "recorded"]);
    assert!(told(&mut ledger, 8).facts.is_empty());
}

#[test]
fn art_3_of_a_case_that_is_opened_again_nobody_is_asked_about_the_result_before() {
    let mut ledger = due();
    let drop = on(FollowUpAct::Drop(DropGround::Reopened));
    assert_eq!(ledger.does("service:supervision", &drop).unwrap().facts.len(), 1);
    assert!(ledger.does("service:supervision", &drop).unwrap().facts.is_empty(), "once");
    let over = records(&mut ledger, "fang.lin", answer(REPLY, "satisfied", false)).unwrap_err();
    assert_eq!(over, NotFollowedUp::State { state: "DROPPED", again_from: None });
}

#[test]
fn house_the_organ_that_registered_the_case_is_told_who_handled_it_elsewhere() {
    let mut holder = ledger("baoshan.luodian");
    let key = supervision::domain::ClockKey::term(CASE, 1);
    holder.starts(key, "2026-03-02 10:00", "2026-03-02 10:00", "baoshan");
    let decision = handled(&mut holder, "baoshan.luodian", &["wu.min"], true);
    let to = decision.facts[0].audience.as_ref().map(ledger::Organ::as_str);
    assert_eq!(to, Some("baoshan"));
    assert!(handled(&mut holder, "baoshan.luodian", &["wu.min"], false).facts.is_empty(), "told before");
    let mut registering = ledger("baoshan").with_case();
    let noted = handled(&mut registering, "baoshan.luodian", &["wu.min"], true);
    assert_eq!(noted.facts[0].audience, None, "told no further");
    told(&mut registering, REPLY);
    assert!(tries(&mut registering, "wu.min").is_err());
    let decision = records(&mut registering, "fang.lin", answer(REPLY, "satisfied", false)).unwrap();
    let Kind::FollowUpRecorded(recorded) = &decision.facts[0].kind else { panic!("{decision:?}") };
    assert_eq!(recorded.handled_by, "baoshan.luodian");
}

#[test]
fn a_new_key_for_a_case_that_has_one_is_refused_and_words_are_kept_beside_the_ledger() {
    let words = |id| {
        let draft = Draft {
            case_id: CASE,
            item_id: Uuid::from_u128(id),
            version: 1,
            kind: "words",
            sealed: b"sealed".as_slice().into(),
            commitment: [7; 32],
        };
        let case_key = Some(NewKey { case_id: CASE, wrapped: b"wrapped".as_slice().into() });
        Sealed { drafts: vec![("words", draft)], case_key }
    };
    let mut ledger = due();
    let record = RecordFollowUp { words: words(30), ..answer(REPLY, "satisfied", false) };
    let decision = records(&mut ledger, "fang.lin", record).unwrap();
    assert_eq!(decision.writes.len(), 2);
    told(&mut ledger, 8);
    let record = RecordFollowUp { words: words(31), ..answer(8, "satisfied", false) };
    let act = on(FollowUpAct::Record(record));
    assert_eq!(ledger.does("fang.lin", &act).unwrap_err(), Rejection::KeyIsThere(CASE));
}

#[test]
fn art_20_a_result_with_which_the_complainant_is_dissatisfied_is_reviewed() {
    let proposes = |decision: &Decision| {
        let reason = |fact: &Fact| match &fact.kind {
            Kind::ReviewProposed(proposed) => Some(proposed.reason()),
            _ => None,
        };
        decision.facts.iter().find_map(reason)
    };
    let mut ledger = due();
    notes(&mut ledger, concluded(1));
    let decision = records(&mut ledger, "fang.lin", answer(REPLY, "dissatisfied", true)).unwrap();
    assert_eq!(proposes(&decision), Some(ReviewReason::Dissatisfied));
    let mut content = due();
    notes(&mut content, concluded(1));
    let decision = records(&mut content, "fang.lin", answer(REPLY, "satisfied", false)).unwrap();
    assert_eq!(proposes(&decision), None);
}

#[test]
fn house_an_answer_stands_when_the_rest_is_dropped_and_one_that_is_late_says_so() {
    let mut ledger = due();
    ledger.now = at("2026-03-18 10:00");
    let decision = records(&mut ledger, "fang.lin", answer(REPLY, "satisfied", false)).unwrap();
    let Kind::FollowUpRecorded(recorded) = &decision.facts[0].kind else { panic!("{decision:?}") };
    assert!(!recorded.on_time);
    let drop = on(FollowUpAct::Drop(DropGround::Reopened));
    assert!(ledger.does("service:supervision", &drop).unwrap().facts.is_empty());
}

#[test]
fn house_who_is_content_of_their_own_accord_asks_for_no_look() {
    let rated = on(FollowUpAct::Rated(answer(REPLY, "satisfied", true)));
    assert_eq!(due().does("service:supervision", &rated).unwrap().facts.len(), 1);
}

#[test]
fn house_an_approval_and_a_later_term_are_news_and_the_latest_organ_is_the_handler() {
    let mut ledger = ledger("baoshan.gucun");
    let noted = |organ: &str, term, approved| {
        let noted = HandlersNoted { organ: organ.into(), term, persons: vec!["wu.min".into()], approved };
        on(FollowUpAct::NoteHandlers(noted))
    };
    ledger.starts(
        supervision::domain::ClockKey::term(CASE, 1),
        "2026-03-02 10:00",
        "2026-03-02 10:00",
        "baoshan",
    );
    for (organ, term, approved) in [
        ("baoshan.luodian", 1, false),
        ("baoshan.luodian", 1, true),
        ("baoshan.dachang", 1, true),
        ("baoshan.dachang", 2, true),
    ] {
        let facts = ledger.does("service:supervision", &noted(organ, term, approved)).unwrap().facts;
        assert_eq!(facts.len(), 1, "{organ} {term} {approved}");
        assert_eq!(facts[0].audience, None, "each organ tells of itself");
    }
    told(&mut ledger, REPLY);
    let decision = records(&mut ledger, "fang.lin", answer(REPLY, "satisfied", false)).unwrap();
    let Kind::FollowUpRecorded(recorded) = &decision.facts[0].kind else { panic!("{decision:?}") };
    assert_eq!(recorded.handled_by, "baoshan.dachang");
}
