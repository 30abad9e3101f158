//! Versions: which one governs a case that is open when a new one comes into force.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::sync::Arc;

use calendar::Calendar;
use jiff::civil::{Date, date};
use regulation::{Language, Regulation, Rules, Shelf, Stage, Versions, VersionsError};

const FIRST: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");

/// The measures again, under another code, from another day on, with a shorter limit.
fn version(code: &str, from: &str, transition: &str, replaces: &str) -> Regulation {
    let source = FIRST
        .replacen("code = \"baoshan-2009-5\"", &format!("code = \"{code}\"\nreplaces = \"{replaces}\""), 1)
        .replacen("in_force_from = 2009-04-01", &format!("in_force_from = {from}"), 1)
        .replacen("transition = \"keep\"", &format!("transition = \"{transition}\""), 1)
        .replacen("length = \"10 workdays\"", "length = \"8 workdays\"", 1);
    Regulation::parse(&source, "later.toml").unwrap()
}

fn shelf(later: Vec<Regulation>) -> Shelf {
    let mut shelf = Shelf::default();
    shelf.add(Regulation::parse(FIRST, "first.toml").unwrap());
    for one in later {
        shelf.add(one);
    }
    shelf
}

/// A thousand open cases, one registered each day from 2019-01-01 on.
fn thousand() -> Vec<(usize, Date)> {
    let days = date(2019, 1, 1).series(jiff::Span::new().days(1));
    days.take(1000).enumerate().collect()
}

#[test]
fn a_thousand_open_cases_stay_where_the_new_version_says_keep() {
    let shelf = shelf(vec![version("b-2020", "2020-07-01", "keep", "baoshan-2009-5")]);
    let versions = Versions::of(&shelf, "baoshan-2009-5").unwrap();
    assert_eq!(versions.moved(thousand(), date(2020, 7, 1)), []);
    let governing = versions.governing(date(2020, 6, 30), date(2021, 1, 1));
    assert_eq!(
        (governing.substance.code(), governing.procedure.code()),
        ("baoshan-2009-5", "baoshan-2009-5")
    );
    let after = versions.governing(date(2020, 7, 1), date(2020, 7, 1));
    assert_eq!((after.substance.code(), after.procedure.code()), ("b-2020", "b-2020"));
    assert!(
        governing.explain(Language::Zh).contains("登记之日施行的"),
        "{}",
        governing.explain(Language::Zh)
    );
}

#[test]
fn procedure_from_new_moves_exactly_the_thousand_open_cases_of_before() {
    let shelf = shelf(vec![version("b-2020", "2020-07-01", "procedure_from_new", "baoshan-2009-5")]);
    let versions = Versions::of(&shelf, "b-2020").unwrap();
    let day = date(2020, 7, 1);
    let moved = versions.moved(thousand(), day);
    let expected: Vec<_> = thousand().into_iter().filter(|(_, at)| *at < day).map(|(case, _)| case).collect();
    assert_eq!(moved.iter().map(|one| one.case).collect::<Vec<_>>(), expected);
    assert!(moved.iter().all(|one| one.from == "baoshan-2009-5" && one.to == "b-2020"));
    // Once only, and not before.
    for other in [date(2020, 6, 30), date(2020, 7, 2), date(2021, 7, 1)] {
        assert_eq!(versions.moved(thousand(), other), []);
    }
    let governing = versions.governing(date(2020, 6, 30), day);
    assert_eq!(governing.substance.code(), "baoshan-2009-5");
    assert_eq!(governing.procedure.limit(Stage::Case).unwrap().length.to_string(), "8 workdays");
    let said = governing.explain(Language::En);
    assert!(said.contains("In substance") && said.contains("2020-07-01"), "{said}");
    assert_eq!(versions.governing(date(2020, 6, 30), date(2020, 6, 30)).procedure.code(), "baoshan-2009-5");
}

#[test]
fn of_three_versions_the_last_that_takes_open_cases_over_governs_them() {
    let shelf = shelf(vec![
        version("b-2020", "2020-07-01", "procedure_from_new", "baoshan-2009-5"),
        version("b-2021", "2021-03-01", "keep", "b-2020"),
    ]);
    let versions = Versions::of(&shelf, "b-2020").unwrap();
    let codes: Vec<_> = versions.iter().map(|one| one.code()).collect();
    assert_eq!(codes, ["baoshan-2009-5", "b-2020", "b-2021"]);
    // An old case went over to the second, and the third leaves it there; what came under the second stays too.
    assert_eq!(versions.moved(thousand(), date(2021, 3, 1)), []);
    assert_eq!(versions.governing(date(2019, 1, 1), date(2022, 1, 1)).procedure.code(), "b-2020");
    assert_eq!(versions.governing(date(2020, 8, 1), date(2022, 1, 1)).procedure.code(), "b-2020");
    assert_eq!(versions.on(date(2021, 3, 1)).code(), "b-2021");
    // Before any of them there is only the first.
    assert_eq!(versions.on(date(2000, 1, 1)).code(), "baoshan-2009-5");
}

#[test]
fn versions_that_do_not_follow_each_other_are_refused() {
    let early = shelf(vec![version("b-2009", "2009-04-01", "keep", "baoshan-2009-5")]);
    let error = Versions::of(&early, "b-2009").map(|_| ()).unwrap_err();
    assert!(matches!(error, VersionsError::Order { .. }), "{error}");
    assert!(error.to_string().contains("expected a later day"), "{error}");
    let two = shelf(vec![
        version("b-2020", "2020-07-01", "keep", "baoshan-2009-5"),
        version("c-2020", "2020-07-01", "keep", "baoshan-2009-5"),
    ]);
    assert!(matches!(Versions::of(&two, "baoshan-2009-5"), Err(VersionsError::Two { .. })));
    let gone = shelf(vec![version("b-2020", "2020-07-01", "keep", "gone")]);
    let error = Versions::of(&gone, "b-2020").map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("no regulation `gone`"), "{error}");
    let circle = shelf(vec![
        version("b-2020", "2020-07-01", "keep", "b-2021"),
        version("b-2021", "2021-07-01", "keep", "b-2020"),
    ]);
    assert!(matches!(Versions::of(&circle, "b-2020"), Err(VersionsError::Circle { .. })));
    let nothing = FIRST.replacen("transition = \"keep\"", "transition = \"procedure_from_new\"", 1);
    let faults = Regulation::parse(&nothing, "r.toml").map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("regulation.transition") && faults.contains("replaces"), "{faults}");
}

#[test]
fn the_services_rules_know_the_versions() {
    let shelf = shelf(vec![version("b-2020", "2020-07-01", "procedure_from_new", "baoshan-2009-5")]);
    let versions = Versions::of(&shelf, "b-2020").unwrap();
    let calendar = Arc::new(Calendar::bundled().unwrap());
    // 1 July has begun in Shanghai, and not in Greenwich.
    let (eve, day) = ("2020-06-30T15:59:59Z".parse().unwrap(), "2020-06-30T16:00:00Z".parse().unwrap());
    let rules = Rules::of_versions(versions.clone(), Arc::clone(&calendar), eve);
    assert_eq!(rules.regulation.code(), "baoshan-2009-5");
    assert_eq!(rules.for_case("baoshan", eve, day).procedure.code(), "b-2020");
    assert_eq!(rules.for_case("baoshan", eve, eve).procedure.code(), "baoshan-2009-5");
    assert_eq!(Rules::of_versions(versions, Arc::clone(&calendar), day).regulation.code(), "b-2020");
    let alone = Rules::new(Arc::clone(&rules.regulation), calendar);
    assert_eq!(alone.for_case("baoshan", eve, day).procedure.code(), "baoshan-2009-5");
}
