use std::sync::Arc;

use duban_proto::common::v1::Light;
use duban_proto::supervision::v1::{ClockMoved, event::Kind};
use supervision::domain::{ClockKey, Command};

use crate::support::{CASE, Ledger, at, ledger, names};

/// 2026 with one break of these days, and nothing else.
fn arranged(ledger: &mut Ledger, from: &str, to: &str) {
    let arrangement = format!(
        "year = 2026\n\n[[notice]]\nnumber = \"国办发明电〔2026〕1号\"\ntitle = \"调整放假安排的通知\"\ndate = 2026-03-01\n\
         source = \"https://www.gov.cn/\"\n\n[[holiday]]\nname = \"特别假期\"\nenglish = \"a break\"\nfrom = {from}\nto = {to}\n"
    );
    ledger.rules.calendar = Arc::new(ledger.rules.calendar.with_year(2026, &arrangement).unwrap());
}

fn works_out_again(ledger: &mut Ledger) -> Vec<ClockMoved> {
    let again = Command::WorkOutAgain(vec![ClockKey::case(CASE)]);
    let facts = ledger.does("service:supervision", &again).unwrap().facts;
    facts
        .into_iter()
        .map(|fact| if let Kind::ClockMoved(moved) = fact.kind { moved } else { panic!() })
        .collect()
}

#[test]
fn art_17_a_break_that_is_announced_late_moves_the_end_on_record_and_annuls_what_fired_for_the_one_before() {
    let mut ledger = ledger("baoshan").with_case();
    assert_eq!(names(&ledger.fires("2026-03-13 00:00")), ["due_soon"]);
    arranged(&mut ledger, "2026-03-13", "2026-03-13");
    let moved = works_out_again(&mut ledger);
    assert_eq!(moved[0].calendar, ledger.rules.calendar.version());
    assert_eq!((moved[0].rungs_standing, moved[0].light()), (0, Light::Green));
    assert_eq!(ledger.due(0), at("2026-03-18 00:00"));
    assert_eq!(ledger.counts().due_soon, 0);
    assert!(ledger.fires("2026-03-15 23:59").is_empty());
    assert_eq!(names(&ledger.fires("2026-03-16 00:00")), ["due_soon"]);
    assert!(works_out_again(&mut ledger).is_empty(), "once");
}

#[test]
fn art_17_a_day_that_becomes_a_workday_never_makes_a_case_overdue_after_the_fact() {
    let mut ledger = ledger("baoshan");
    arranged(&mut ledger, "2026-03-09", "2026-03-10");
    let mut ledger = ledger.with_case();
    assert_eq!(ledger.due(0), at("2026-03-19 00:00"));
    ledger.now = at("2026-03-17 10:00");
    arranged(&mut ledger, "2026-10-01", "2026-10-07");
    let moved = works_out_again(&mut ledger);
    assert_eq!(ledger.due(0), at("2026-03-19 00:00"), "by this calendar it would have ended yesterday");
    assert_eq!(moved[0].calendar, ledger.rules.calendar.version(), "and it is up to date");
    let mut early = crate::support::ledger("baoshan");
    arranged(&mut early, "2026-03-09", "2026-03-10");
    let mut early = early.with_case();
    early.now = at("2026-03-13 10:00");
    arranged(&mut early, "2026-10-01", "2026-10-07");
    works_out_again(&mut early);
    assert_eq!(early.due(0), at("2026-03-17 00:00"), "where there is time left, the shorter end counts");
}

#[test]
fn house_a_part_keeps_the_date_that_the_home_gave_it() {
    let mut town = ledger("baoshan.luodian");
    let note = supervision::domain::NotePart {
        case_id: CASE,
        part: 1,
        again: false,
        due_at: at("2026-03-10 00:00"),
        told: supervision::domain::PartTold::Runs {
            since: Some(town.now),
            home: "baoshan".into(),
            facts: Some(Box::default()),
        },
    };
    town.does("service:routing", &Command::Part(Box::new(note))).unwrap();
    arranged(&mut town, "2026-03-05", "2026-03-06");
    let key = ClockKey::part(CASE, 1, false);
    let facts = town.does("service:supervision", &Command::WorkOutAgain(vec![key])).unwrap().facts;
    assert_eq!(facts.len(), 1);
    let clock = town.book.clock(key).unwrap();
    assert_eq!(
        (clock.due_at, clock.calendar.as_str()),
        (at("2026-03-10 00:00"), town.rules.calendar.version())
    );
}
