use duban_proto::supervision::v1::{StopReason, event::Kind};
use supervision::domain::decide::{Decision, Fact};
use supervision::domain::{ClockKey, Command, NotPaused, PauseTime, Pausing, Rejection, Which, explanation};

use crate::support::{CASE, Ledger, at, ledger, ledger_by, sealed};

const EXTENSION: &str = "[limit.extension]\nmost = \"30 workdays\"";
const PAUSES: &str = "[[limit.pause]]\ncode = \"appraisal\"\nmost = \"20 workdays\"\nzh = \"等待鉴定\"\nen = \"an appraisal is awaited\"\nhouse = true\n\n[limit.extension]\nmost = \"30 workdays\"";

/// An organ whose regulation knows a cause, holding its own case from 2 March.
fn pausable(organ: &str, home: &str) -> Ledger {
    let mut ledger = ledger_by(organ, &[(EXTENSION, PAUSES)]);
    if organ == home {
        ledger = ledger.with_case();
    }
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 10:00", "2026-03-02 10:00", home);
    ledger
}

fn does(ledger: &mut Ledger, pausing: Pausing) -> Result<Decision, Rejection> {
    ledger.does("li.na", &Command::Pausing(Box::new(pausing)))
}

fn pauses(ledger: &mut Ledger, cause: &str) -> Result<Decision, Rejection> {
    let pause = PauseTime { case_id: CASE, cause: cause.into(), reason: sealed("reason", 50) };
    does(ledger, Pausing::Pause(pause))
}

fn resumes(ledger: &mut Ledger) -> Result<Decision, Rejection> {
    does(ledger, Pausing::Resume { case_id: CASE })
}

fn heard(ledger: &mut Ledger, told: &Fact) -> Decision {
    let pausing = match told.kind.clone() {
        Kind::ClockPaused(paused) => Pausing::NotePaused { case_id: CASE, paused: Box::new(paused) },
        Kind::ClockResumed(resumed) => Pausing::NoteResumed { case_id: CASE, resumed: Box::new(resumed) },
        other => panic!("{other:?}"),
    };
    does(ledger, pausing).unwrap()
}

fn why(rejection: Rejection) -> (NotPaused, String) {
    match rejection {
        Rejection::PauseNotAllowed { why, causes, article } => {
            assert_eq!(article, "17");
            (why, causes)
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn art_17_baoshan_knows_no_cause_for_a_pause_and_refuses_it_with_the_article() {
    let mut ledger = ledger("baoshan").with_case();
    ledger.starts(ClockKey::term(CASE, 1), "2026-03-02 10:00", "2026-03-02 10:00", "baoshan");
    assert_eq!(why(pauses(&mut ledger, "appraisal").unwrap_err()), (NotPaused::NoSuchCause, String::new()));
}

#[test]
fn house_a_pause_needs_a_known_cause_a_holder_and_time_that_runs() {
    let mut ledger = pausable("baoshan", "baoshan");
    let unknown = why(pauses(&mut ledger, "holiday").unwrap_err());
    assert_eq!(unknown, (NotPaused::NoSuchCause, "appraisal".into()));
    assert_eq!(why(resumes(&mut ledger).unwrap_err()).0, NotPaused::Runs);
    pauses(&mut ledger, "appraisal").unwrap();
    assert_eq!(why(pauses(&mut ledger, "appraisal").unwrap_err()).0, NotPaused::Stands);
    let mut late = pausable("baoshan", "baoshan");
    late.now = at("2026-03-17 10:00");
    assert_eq!(why(pauses(&mut late, "appraisal").unwrap_err()).0, NotPaused::AfterTheEnd);
    let mut home = ledger_by("baoshan", &[(EXTENSION, PAUSES)]).with_case();
    assert_eq!(why(pauses(&mut home, "appraisal").unwrap_err()).0, NotPaused::NotHeld);
    let mut nobody = crate::support::ledger("baoshan");
    assert_eq!(pauses(&mut nobody, "appraisal").unwrap_err(), Rejection::NoSuchCase(CASE));
}

#[test]
fn house_the_end_moves_by_the_workdays_of_the_pause_and_no_holiday_is_left_out_twice() {
    let mut ledger = pausable("baoshan", "baoshan");
    ledger.now = at("2026-03-04 15:00");
    pauses(&mut ledger, "appraisal").unwrap();
    assert!(ledger.fires("2026-03-16 09:00").is_empty(), "no rung fires while it stands still");
    // Thursday 5 to Monday 9 March: three workdays and a weekend, which did not count anyway.
    ledger.now = at("2026-03-09 09:00");
    resumes(&mut ledger).unwrap();
    for term in [0, 1] {
        assert_eq!(ledger.due(term), at("2026-03-20 00:00"), "term {term}");
    }
    let clock = ledger.book.clock(ClockKey::case(CASE)).unwrap();
    assert_eq!(clock.length.to_string(), "10 workdays", "a pause is no extension");
    let days = explanation(&ledger.rules, "baoshan", clock);
    let paused: Vec<_> = days.iter().filter(|it| it.paused).map(|it| it.day.date.to_string()).collect();
    assert_eq!(paused, ["2026-03-05", "2026-03-06", "2026-03-09"]);
    let counted: Vec<_> = days.iter().filter_map(|it| it.day.counted).collect();
    assert_eq!(counted, (1..=10).collect::<Vec<u32>>());
    let last = days.last().unwrap();
    assert_eq!((last.day.date.to_string().as_str(), last.day.counted), ("2026-03-19", Some(10)));
}

#[test]
fn house_a_pause_over_a_holiday_moves_nothing_and_of_one_day_nothing() {
    for (paused, resumed, due) in [
        ("2026-04-03 18:00", "2026-04-06 09:00", "2026-04-16 00:00"),
        ("2026-04-03 09:00", "2026-04-03 18:00", "2026-04-16 00:00"),
        ("2026-04-03 09:00", "2026-04-07 09:00", "2026-04-17 00:00"),
    ] {
        let mut ledger = ledger_by("baoshan", &[(EXTENSION, PAUSES)]);
        ledger.starts(ClockKey::term(CASE, 1), "2026-03-31 10:00", "2026-03-31 10:00", "baoshan");
        assert_eq!(ledger.due(1), at("2026-04-16 00:00"));
        ledger.now = at(paused);
        pauses(&mut ledger, "appraisal").unwrap();
        ledger.now = at(resumed);
        resumes(&mut ledger).unwrap();
        assert_eq!(ledger.due(1), at(due), "{paused} to {resumed}");
    }
}

#[test]
fn house_a_rung_that_fired_before_the_pause_stands_and_the_next_waits_for_the_time_that_is_left() {
    let mut ledger = pausable("baoshan", "baoshan");
    assert_eq!(ledger.fires("2026-03-13 09:00").len(), 2, "due_soon of both clocks");
    pauses(&mut ledger, "appraisal").unwrap();
    ledger.now = at("2026-03-20 09:00");
    resumes(&mut ledger).unwrap();
    assert_eq!(ledger.due(0), at("2026-03-24 00:00"), "five workdays later");
    assert_eq!(ledger.book.clock(ClockKey::case(CASE)).unwrap().fired, 1);
    assert!(ledger.fires("2026-03-22 23:59").is_empty());
    assert_eq!(crate::support::names(&ledger.fires("2026-03-23 00:00")), ["due"]);
}

#[test]
fn house_it_goes_on_by_itself_after_the_longest_that_the_regulation_gives() {
    let mut ledger = pausable("baoshan", "baoshan");
    pauses(&mut ledger, "appraisal").unwrap();
    let until = ledger.book.clock(ClockKey::case(CASE)).unwrap().next_at().unwrap();
    // 20 workdays after 2 March.
    assert_eq!(until, at("2026-03-31 00:00"));
    ledger.now = at("2026-04-01 08:00");
    let keys = vec![ClockKey::case(CASE), ClockKey::term(CASE, 1)];
    let now = ledger.now;
    let facts = ledger.fires_of(now, keys);
    assert_eq!(facts.len(), 1, "once a case");
    let Kind::ClockResumed(resumed) = &facts[0].kind else { panic!("{facts:?}") };
    assert!(resumed.by_itself);
    // As of the 31st at 0:00, not of when the tick came: 20 workdays and the 31st itself are left out.
    assert_eq!(ledger.due(0), at("2026-04-15 00:00"));
}

#[test]
fn house_the_home_stands_still_as_long_as_the_holder_in_whichever_order_it_hears() {
    let mut town = pausable("baoshan.luodian", "baoshan");
    let mut home = ledger_by("baoshan", &[(EXTENSION, PAUSES)]).with_case();
    town.now = at("2026-03-04 15:00");
    let paused = pauses(&mut town, "appraisal").unwrap().facts;
    assert_eq!(paused[0].audience.as_ref().unwrap().as_str(), "baoshan");
    home.now = town.now;
    let noted = heard(&mut home, &paused[0]).facts;
    let Kind::ClockPaused(mine) = &noted[0].kind else { panic!("{noted:?}") };
    assert_eq!((mine.terms.as_slice(), mine.reason.is_none()), (&[0][..], true), "the words stay there");
    assert!(heard(&mut home, &paused[0]).facts.is_empty(), "told twice, done once");
    town.now = at("2026-03-09 09:00");
    let resumed = resumes(&mut town).unwrap().facts;
    home.now = at("2026-04-20 10:00");
    let now = home.now;
    // Cut off, the home's went on by itself meanwhile, and so later than it did there.
    home.fires_of(now, vec![ClockKey::case(CASE)]);
    assert!(heard(&mut home, &resumed[0]).facts.is_empty(), "which never makes it overdue after the fact");
    let mut connected = ledger_by("baoshan", &[(EXTENSION, PAUSES)]).with_case();
    connected.now = at("2026-03-04 15:00");
    heard(&mut connected, &paused[0]);
    connected.now = at("2026-03-09 09:00");
    heard(&mut connected, &resumed[0]);
    assert_eq!(connected.due(0), town.due(1));
    assert!(heard(&mut connected, &resumed[0]).facts.is_empty());
    assert!(heard(&mut connected, &paused[0]).facts.is_empty(), "told late, it stands still no more");
}

#[test]
fn house_the_pause_ends_with_the_term_it_was_for_and_the_time_that_it_stood_still_is_not_held_against_anybody()
 {
    let mut ledger = pausable("baoshan", "baoshan");
    ledger.now = at("2026-03-04 15:00");
    pauses(&mut ledger, "appraisal").unwrap();
    ledger.now = at("2026-03-18 10:00");
    let facts = ledger.stops(Which::All, StopReason::Concluded, "2026-03-18 10:00").facts;
    let stopped: Vec<_> = facts
        .iter()
        .filter_map(|fact| if let Kind::ClockStopped(it) = &fact.kind { Some(it) } else { None })
        .collect();
    assert_eq!(stopped.len(), 2);
    assert!(stopped.iter().all(|it| it.on_time && it.workdays == 2), "{stopped:?}");
    let mut ledger = pausable("baoshan", "baoshan");
    pauses(&mut ledger, "appraisal").unwrap();
    ledger.stops(Which::TermsBefore(2), StopReason::Superseded, "2026-03-05 10:00");
    assert!(ledger.book.clock(ClockKey::case(CASE)).unwrap().paused.is_none());
}

#[test]
fn art_17_an_extension_after_a_pause_is_never_past_30_workdays_of_time_that_ran() {
    let mut ledger = pausable("baoshan", "baoshan");
    ledger.now = at("2026-03-04 15:00");
    pauses(&mut ledger, "appraisal").unwrap();
    ledger.now = at("2026-03-09 09:00");
    resumes(&mut ledger).unwrap();
    assert!(ledger.asks(0, "31 workdays", 7).is_err());
    ledger.asks(0, "30 workdays", 7).unwrap();
    ledger.decides("wang.jun", 7, true).unwrap();
    // 30 workdays end on 14 April; the three of the pause come on top.
    assert_eq!(ledger.due(0), at("2026-04-18 00:00"));
}
