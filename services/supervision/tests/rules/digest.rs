use duban_proto::supervision::v1::{Recipient, StopReason, event::Kind};
use supervision::domain::time::from_wire;
use supervision::domain::{ClockKey, Command, Which};

use crate::support::{CASE, at, ledger, ledger_by};

#[test]
fn house_a_rung_says_who_is_told_and_is_held_until_people_are_at_work() {
    let mut ledger = ledger("baoshan").with_case();
    let fired = ledger.fires("2026-03-17 00:00");
    assert_eq!(fired[2].rung, "overdue");
    let told: Vec<_> = fired[2].tells().collect();
    assert_eq!(told, [Recipient::Handler, Recipient::LeaderInCharge, Recipient::Home]);
    assert_eq!(from_wire(fired[2].release_at.as_ref()), at("2026-03-17 09:00"));
    let days: Vec<_> = ledger.book.told().iter().map(|told| told.day).collect();
    assert!(days.iter().all(|day| *day == 20_260_317), "{days:?}");
    assert_eq!(ledger.book.told().len(), 6, "one line a recipient: 1, 2 and 3");
}

#[test]
fn house_without_a_rule_people_are_told_at_once() {
    let mut ledger =
        ledger_by("baoshan", &[("sends = \"working_hours\"", "sends = \"at_once\"")]).with_case();
    let fired = ledger.fires("2026-03-13 00:00");
    assert_eq!(from_wire(fired[0].release_at.as_ref()), at("2026-03-13 00:00"));
}

#[test]
fn house_over_a_holiday_what_fires_waits_for_the_first_hours_of_work() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.now = at("2026-10-01 12:00");
    let now = ledger.now;
    let fired = ledger.fires_at(now);
    assert_eq!(from_wire(fired[0].release_at.as_ref()), at("2026-10-08 09:00"));
}

#[test]
fn art_20_the_home_and_the_centre_are_told_by_a_message_of_their_own_and_note_it_once() {
    let mut town = ledger("baoshan.luodian");
    town.starts(ClockKey::term(CASE, 1), "2026-03-02 10:00", "2026-03-02 10:00", "baoshan");
    town.now = at("2026-03-17 10:00");
    let now = town.now;
    let facts = town.fires_of(now, vec![ClockKey::term(CASE, 1)]);
    let told = facts.iter().find(|fact| matches!(fact.kind, Kind::RungTold(_))).unwrap();
    assert_eq!(told.audience.as_ref().unwrap().as_str(), "baoshan");
    let Kind::RungTold(message) = told.kind.clone() else { unreachable!() };
    assert_eq!(message.rung.as_ref().unwrap().rung, "overdue");
    assert!(town.book.told().iter().all(|it| it.recipient != Recipient::Home));

    let mut home = ledger("baoshan").with_case();
    home.now = at("2026-03-17 10:05");
    let note = Command::NoteRung { case_id: CASE, told: Box::new(message) };
    let noted = home.does("service:supervision", &note).unwrap().facts;
    assert_eq!((noted.len(), noted[0].audience.is_none()), (1, true));
    let mine = home.book.told();
    assert_eq!((mine.len(), mine[0].recipient), (1, Recipient::Home));
    assert_eq!(mine[0].number, "宝效投〔2026〕1号");
}

#[test]
fn house_what_fired_on_a_date_that_is_withdrawn_is_told_no_more() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.asks(0, "20 workdays", 7).unwrap();
    ledger.fires("2026-03-13 00:00");
    assert_eq!(ledger.book.told().len(), 1);
    ledger.decides("li.na", 7, true).unwrap();
    assert!(ledger.book.told().iter().all(|told| told.annulled), "of the same batch");
    assert_eq!(ledger.book.annulled()[0].clock, ClockKey::case(CASE), "and of those before");
}

#[test]
fn art_17_20_a_case_that_is_concluded_withdrawn_or_elsewhere_fires_and_tells_nothing() {
    for reason in
        [StopReason::Concluded, StopReason::Withdrawn, StopReason::HomeMoved, StopReason::Superseded]
    {
        let mut ledger = ledger("baoshan").with_case();
        ledger.stops(Which::All, reason, "2026-03-10 12:00");
        assert!(ledger.fires("2026-04-30 08:00").is_empty());
        assert!(ledger.book.told().is_empty());
    }
}
