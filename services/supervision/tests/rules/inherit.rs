//! The home of a case was closed: its clock goes on at the next home, with what was granted (4, 17).

use duban_proto::common::v1::CaseFacts;
use duban_proto::supervision::v1::StopReason;
use duban_proto::supervision::v1::event::Kind;
use supervision::domain::decide::{Decision, Fact};
use supervision::domain::time::to_wire;
use supervision::domain::{ClockKey, Command, HandOver, StartClock, StopClocks, Which};

use crate::support::{CASE, Ledger, at, ledger};

const CLOSED: &str = "baoshan.luodian";
const NEXT: &str = "baoshan.dachang";

/// The closed home's ledger, where the case had 20 workdays in the end.
fn extended() -> Ledger {
    let mut closed = ledger(CLOSED).with_case();
    closed.asks(0, "20 workdays", 7).unwrap();
    closed.decides("li.na", 7, true).unwrap();
    closed
}

fn hands_over(closed: &mut Ledger) -> Vec<Fact> {
    let over = HandOver { case_id: CASE, to: NEXT.into() };
    closed.does("service:routing", &Command::HandOver(over)).unwrap().facts
}

fn inherits(next: &mut Ledger) -> Decision {
    let facts = CaseFacts {
        registering_organ: CLOSED.into(),
        number: "罗效投〔2026〕1号".into(),
        accepted_at: Some(to_wire(at("2026-03-02 10:00"))),
        ..CaseFacts::default()
    };
    let start = StartClock {
        key: ClockKey::case(CASE),
        start: at("2026-03-02 10:00"),
        home: NEXT.into(),
        responsible_organ: NEXT.into(),
        facts,
        reopened: false,
    };
    next.does("service:routing", &Command::InheritClock(Box::new(start))).unwrap()
}

#[test]
fn art_4_the_time_that_was_granted_counts_at_the_next_home_whichever_is_heard_first() {
    for told_first in [true, false] {
        let mut closed = extended();
        let facts = hands_over(&mut closed);
        assert_eq!(facts[0].audience.as_ref().unwrap().as_str(), NEXT);
        let mut next = ledger(NEXT);
        if told_first {
            assert_eq!(next.hears(&facts[0]).facts.len(), 1, "it waits for the clock");
            inherits(&mut next);
        } else {
            inherits(&mut next);
            next.hears(&facts[0]);
        }
        assert_eq!(next.due(0), closed.due(0), "told first: {told_first}");
        assert!(next.hears(&facts[0]).facts.is_empty(), "heard twice, done once");
        assert!(inherits(&mut next).facts.is_empty(), "it never starts again");
    }
}

#[test]
fn art_4_the_time_that_was_granted_after_the_case_was_opened_again_counts_at_the_next_home() {
    let mut closed = ledger(CLOSED).with_case();
    closed.does("service:routing", &stop(Which::All, StopReason::Concluded)).unwrap();
    let facts = CaseFacts {
        registering_organ: CLOSED.into(),
        accepted_at: Some(to_wire(at("2026-03-02 10:00"))),
        ..CaseFacts::default()
    };
    let again = StartClock {
        key: ClockKey::term(CASE, 2),
        start: at("2026-03-02 10:00"),
        home: CLOSED.into(),
        responsible_organ: CLOSED.into(),
        facts,
        reopened: true,
    };
    closed.does("service:routing", &Command::StartClock(Box::new(again))).unwrap();
    closed.asks(2, "20 workdays", 7).unwrap();
    closed.decides("li.na", 7, true).unwrap();
    // The home moves: what ran there stops by that.
    closed.does("service:routing", &stop(Which::TermsBefore(u32::MAX), StopReason::Superseded)).unwrap();
    let facts = hands_over(&mut closed);
    let mut next = ledger(NEXT);
    inherits(&mut next);
    next.hears(facts.first().expect("it is handed over"));
    assert_eq!(next.due(0), closed.due(2));
}

fn stop(which: Which, reason: StopReason) -> Command {
    Command::StopClocks(StopClocks { case_id: CASE, which, reason, at: at("2026-03-02 10:00") })
}

#[test]
fn art_4_what_was_not_extended_starts_as_it_started() {
    let mut closed = ledger(CLOSED).with_case();
    assert!(hands_over(&mut closed).is_empty());
    let mut next = ledger(NEXT);
    let facts = inherits(&mut next).facts;
    assert!(matches!(facts.as_slice(), [Fact { kind: Kind::ClockStarted(_), .. }]), "{facts:?}");
    assert_eq!(next.due(0), closed.due(0));
}
