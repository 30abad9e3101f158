use duban_proto::common::v1::CaseFacts;
use duban_proto::supervision::v1::{ClockKind, StopReason, event::Kind};
use supervision::domain::decide::Decision;
use supervision::domain::time::to_wire;
use supervision::domain::{ClockKey, Command, NotExtended, NotePart, PartTold, Rejection};

use crate::support::{CASE, Ledger, at, ledger, rung_of};

const PART: u32 = 3;

fn told(ledger: &mut Ledger, again: bool, due_at: &str, told: PartTold) -> Decision {
    let note = NotePart { case_id: CASE, part: PART, again, due_at: at(due_at), told };
    ledger.does("service:routing", &Command::Part(Box::new(note))).unwrap()
}

fn begins(ledger: &mut Ledger, due_at: &str) -> Decision {
    let facts = CaseFacts {
        number: "宝效投〔2026〕1号".into(),
        accepted_at: Some(to_wire(at("2026-03-02 10:00"))),
        ..CaseFacts::default()
    };
    let since = Some(ledger.now);
    let runs = PartTold::Runs { since, home: "baoshan".into(), facts: Some(Box::new(facts)) };
    told(ledger, false, due_at, runs)
}

fn goes_on(ledger: &mut Ledger, again: bool, due_at: &str) -> Decision {
    told(ledger, again, due_at, PartTold::Runs { since: None, home: String::new(), facts: None })
}

fn over(ledger: &mut Ledger, again: bool, reason: StopReason) -> Decision {
    let at = ledger.now;
    told(ledger, again, "2026-03-09 00:00", PartTold::Over { at, reason })
}

fn handler() -> (Ledger, ClockKey) {
    let mut town = ledger("baoshan.luodian");
    begins(&mut town, "2026-03-10 00:00");
    (town, ClockKey::part(CASE, PART, false))
}

#[test]
fn house_a_part_has_a_clock_until_the_date_that_the_home_gave_it() {
    let (mut town, key) = handler();
    let clock = town.book.clock(key).unwrap();
    assert_eq!((clock.kind(), clock.due_at), (ClockKind::Part, at("2026-03-10 00:00")));
    assert_eq!((key.term, key.part_number()), (1_000_003, PART));
    assert_eq!(clock.length.to_string(), "5 workdays");
    assert!(begins(&mut town, "2026-03-10 00:00").facts.is_empty(), "told twice, started once");
    town.now = at("2026-03-10 00:00");
    let now = town.now;
    let fired: Vec<_> = town.fires_of(now, vec![key]).into_iter().filter_map(|it| rung_of(it.kind)).collect();
    let names: Vec<_> = fired.iter().map(|rung| rung.rung.as_str()).collect();
    assert_eq!(names, ["due_soon", "overdue"]);
    assert_eq!((town.counts().overdue, town.counts().held), (1, 0), "it is no term that is held");
}

#[test]
fn house_the_home_gives_another_date_and_the_clock_moves() {
    let (mut town, key) = handler();
    assert!(goes_on(&mut town, false, "2026-03-10 00:00").facts.is_empty());
    goes_on(&mut town, false, "2026-03-12 00:00");
    assert_eq!(town.book.clock(key).unwrap().due_at, at("2026-03-12 00:00"));
}

#[test]
fn house_it_stops_with_the_opinion_and_one_that_is_sent_back_has_a_clock_of_its_own() {
    let (mut town, key) = handler();
    town.now = at("2026-03-09 10:00");
    over(&mut town, false, StopReason::Concluded);
    let stop = town.book.clock(key).unwrap().stopped.unwrap();
    assert_eq!((stop.reason, stop.on_time, stop.workdays), (StopReason::Concluded, true, 5));
    assert!(goes_on(&mut town, false, "2026-03-12 00:00").facts.is_empty(), "told late, it stays stopped");
    let facts = goes_on(&mut town, true, "2026-03-12 00:00").facts;
    let Kind::ClockStarted(started) = &facts[0].kind else { panic!("{facts:?}") };
    assert_eq!((started.part, started.term), (PART, 1_500_003));
    assert_eq!((started.home.as_str(), started.number.as_str()), ("baoshan", "宝效投〔2026〕1号"));
    town.now = at("2026-03-11 10:00");
    over(&mut town, true, StopReason::Released);
    assert!(town.book.clocks_of(CASE).all(|clock| !clock.runs()));
}

#[test]
fn house_an_end_that_was_told_before_the_beginning_and_a_second_end_change_nothing() {
    let mut town = ledger("baoshan.luodian");
    assert!(over(&mut town, false, StopReason::Released).facts.is_empty());
    begins(&mut town, "2026-03-10 00:00");
    assert_eq!(over(&mut town, false, StopReason::Released).facts.len(), 1);
    assert!(over(&mut town, false, StopReason::Concluded).facts.is_empty());
}

#[test]
fn house_a_part_is_not_extended_by_its_organ_and_ends_with_no_term() {
    let (mut town, key) = handler();
    let refused = town.asks(key.term, "20 workdays", 7).unwrap_err();
    assert!(matches!(refused, Rejection::ExtensionNotAllowed { why: NotExtended::NotProvided, .. }));
    town.stops(supervision::domain::Which::TermsBefore(5), StopReason::Superseded, "2026-03-05 10:00");
    assert!(town.book.clock(key).unwrap().runs());
}
