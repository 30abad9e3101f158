//! Limits by kind of complaint, in every unit of the calendar.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use calendar::Calendar;
use regulation::{CaseFacts, ComplaintFacts, Language, Regulation, Stage};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
const CASE: &str = "[[limit]]\nstage = \"case\"\n";
/// As the response times and the service centre have them.
const KINDS: &str = r#"
[[level]]
code = "ordinary"
zh = "不满意"
en = "not satisfied"
article = "6"

[[level]]
code = "crisis"
zh = "危机事件"
en = "a crisis"
article = "6"

[[limit]]
code = "oral"
stage = "case"
when = "complaint.channel in ['visit', 'call'] && case.departments == 1"
starts = "accepted"
length = "2 duty hours"
zh = "口头投诉应马上进行调查,尽可能当场作出答复。"
en = "An oral complaint is looked into at once."
article = "5"

[[limit]]
code = "letter"
stage = "case"
when = "complaint.channel == 'letter' && !complaint.complex && case.departments < 2"
starts = "accepted"
length = "2 workdays"
zh = "一般书面投诉在2个工作日内作出答复。"
en = "An ordinary written complaint is answered within 2 workdays."
article = "5"

[[limit]]
code = "first_crisis"
stage = "first_contact"
when = "case.level == 'crisis'"
starts = "registered"
length = "10 minutes"
zh = "危机事件10分钟内初次应对。"
en = "In a crisis the first contact is within 10 minutes."
article = "6"

[[limit]]
stage = "first_contact"
starts = "registered"
length = "30 minutes"
zh = "30分钟内初次应对。"
en = "The first contact is within 30 minutes."
article = "6"

[[limit]]
stage = "claim"
starts = "claim_made"
length = "30 days"
zh = "索赔处理时限不超过30个日历天。"
en = "A claim is settled within 30 calendar days."
article = "4"

[[limit]]
stage = "payment"
starts = "agreed"
length = "1 month"
zh = "一个月内支付。"
en = "Paid within a month."
article = "4"
"#;
const EXAMPLES: &str = r#"
[[example]]
name = "in a crisis, 10 minutes"
case = { level = "crisis" }
clock = { stage = "first_contact", start = "2026-03-07T23:55" }
expect = { due_at = "2026-03-08T00:05" }

[[example]]
name = "otherwise 30"
clock = { stage = "first_contact", start = "2026-03-07T23:55" }
expect = { due_at = "2026-03-08T00:25" }

[[example]]
name = "an oral one: duty hours, over the lunch break"
complaint = { channel = "visit" }
case = { departments = 1 }
clock = { stage = "case", start = "2026-03-02T11:30" }
expect = { due_at = "2026-03-02T14:30" }

[[example]]
name = "calendar days: the 30th is Qingming (6 April, off), so the day after"
clock = { stage = "claim", start = "2026-03-07T10:00" }
expect = { due = 2026-04-07 }

[[example]]
name = "a month, to its last day where it is shorter, and on to the workday after"
clock = { stage = "payment", start = "2026-01-31T10:00" }
expect = { due = 2026-02-28 }
"#;

fn with(kinds: &str, examples: &str) -> String {
    assert!(SOURCE.contains(CASE));
    SOURCE.replacen(CASE, &format!("{kinds}\n{CASE}"), 1) + examples
}

fn faults(kinds: &str) -> String {
    Regulation::parse(&with(kinds, ""), "r.toml").map(|_| ()).unwrap_err().to_string()
}

#[test]
fn the_first_limit_that_is_for_such_a_complaint_applies() {
    let regulation = Regulation::parse(&with(KINDS, ""), "r.toml").unwrap();
    let length = |channel: &str, complex: bool, case: &CaseFacts| {
        let mut complaint = ComplaintFacts::complete(channel, "citizen");
        complaint.complex = complex;
        regulation.limit_for(Stage::Case, &complaint, case).unwrap().length.to_string()
    };
    let one = CaseFacts { departments: 1, ..CaseFacts::default() };
    let two = CaseFacts { departments: 2, ..CaseFacts::default() };
    assert_eq!(length("visit", false, &one), "2 duty hours");
    assert_eq!(length("letter", false, &one), "2 workdays");
    for (complex, case) in [(true, &one), (false, &two)] {
        assert_eq!(length("letter", complex, case), "10 workdays");
    }
    // Who knows nothing of the complaint gets the one for all.
    assert_eq!(regulation.limit(Stage::Case).unwrap().length.to_string(), "10 workdays");
    assert!(regulation.explain(Language::Zh).contains("case.level == 'crisis'"));
}

#[test]
fn every_unit_of_the_calendar_is_counted_in_the_examples() {
    let regulation = Regulation::parse(&with(KINDS, EXAMPLES), "r.toml").unwrap();
    for result in regulation.run_examples(&Calendar::bundled().unwrap()) {
        assert!(result.passed(), "line {}: {}: {:?}", result.line, result.name, result.failures);
    }
    let wrong = EXAMPLES.replacen("T00:05", "T00:06", 1);
    let regulation = Regulation::parse(&with(KINDS, &wrong), "r.toml").unwrap();
    let failed: Vec<_> = regulation
        .run_examples(&Calendar::bundled().unwrap())
        .into_iter()
        .flat_map(|result| result.failures)
        .collect();
    assert_eq!(failed, ["due_at: expected 2026-03-08T00:06:00, found 2026-03-08T00:05:00"]);
}

#[test]
fn what_cannot_apply_or_be_told_apart_is_refused() {
    let said = faults(&KINDS.replacen("code = \"letter\"\n", "", 1));
    assert!(said.contains("a limit for some complaints has no code"), "{said}");
    let said = faults(&KINDS.replacen("code = \"letter\"", "code = \"oral\"", 1));
    assert!(said.contains("`oral` is there twice"), "{said}");
    let said = faults(&KINDS.replacen("'crisis'\"", "'crises'\"", 1));
    assert!(said.contains("unknown code 'crises'") && said.contains("expected `crisis`"), "{said}");
    let said = faults(&KINDS.replacen("case.departments", "case.department", 1));
    assert!(said.contains("expected `departments`"), "{said}");
    let said = faults(&KINDS.replacen("case.departments < 2", "home.level == 'centre'", 1));
    assert!(said.contains("unknown variable `home`"), "{said}");
    let said = faults(&KINDS.replacen("starts = \"claim_made\"", "starts = \"accepted\"", 1));
    assert!(said.contains("`claim` cannot start with `accepted`"), "{said}");
    let again =
        format!("{KINDS}{}", KINDS.split("[[limit]]").nth(4).map(|one| format!("[[limit]]{one}")).unwrap());
    let said = faults(&again);
    assert!(said.contains("a limit for `first_contact` after the one for all"), "{said}");
    let examples = EXAMPLES.replacen("level = \"crisis\"", "level = \"crises\"", 1);
    let said = Regulation::parse(&with(KINDS, &examples), "r.toml").map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("unknown level `crises`"), "{said}");
    let only = SOURCE.replacen(CASE, &format!("{CASE}code = \"x\"\nwhen = \"complaint.complex\"\n"), 1);
    let said = Regulation::parse(&only, "r.toml").map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("there is no limit for the case"), "{said}");
}
