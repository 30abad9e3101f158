//! Units by subject, forms of replies, further rounds, periods of figures; what is drawn, compared and tried of them.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use calendar::Calendar;
use jiff::civil::date;
use regulation::{
    Again, CaseFacts, ComplaintFacts, Concerned, Event, Every, Language, Medium, Regulation, Trial, Way,
};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
/// As the service centre and the hospital have them.
const SERVICE: &str = r#"
[[level]]
code = "crisis"
zh = "危机事件"
en = "a crisis"
article = "6"

[[unit]]
code = "nursing"
zh = "护理部"
en = "nursing"
article = "3"

[[unit]]
code = "records"
zh = "病案室"
en = "the records office"
article = "3"

[[unit]]
code = "office"
zh = "办公室"
en = "the office"
article = "3"

[[subject]]
code = "attitude"
when = "'8.4' in complaint.grounds"
unit = "nursing"
zh = "服务态度,由护理部处理。"
en = "Conduct: nursing."
article = "3(1)"

[[subject]]
code = "charges"
when = "complaint.complex || case.departments >= 2"
unit = "office"
joint = ["records", "nursing"]
zh = "收费,由办公室会同病案室处理。"
en = "Charges: the office with the records office."
article = "3(2)"

[rounds]
most = 2
zh = "对应次数2次。"
en = "Two rounds."
article = "6"

[[rounds.exception]]
code = "crisis"
when = "case.level == 'crisis'"
zh = "危机事件视情形而定,直至满意。"
en = "In a crisis until they are content."
article = "6"

[[statistic]]
code = "weekly"
every = "week"
by = ["ground", "outcome"]
published = true
zh = "每周统计并公布。"
en = "Weekly, made public."
article = "8"

[[example]]
name = "nursing alone"
complaint = { grounds = ["8.4"] }
expect = { unit = "nursing", joint = [], again = true, reply = "oral" }

[[example]]
name = "the office with others; the second round is the last; written gets written"
complaint = { complex = true, channel = "letter" }
case = { round = 2 }
expect = { unit = "office", joint = ["records", "nursing"], again = false, reply = "written" }

[[example]]
name = "in a crisis there is no last round"
case = { round = 9, level = "crisis" }
expect = { unit = "", again = true }
"#;

fn source() -> String {
    let form = |code: &str, form: &str| {
        (format!("code = \"{code}\"\nzh"), format!("code = \"{code}\"\nform = \"{form}\"\nzh"))
    };
    let channels = [
        ("visit", "oral"),
        ("call", "oral"),
        ("letter", "written"),
        ("online", "electronic"),
        ("agency", "electronic"),
    ];
    let mut source = format!("{SOURCE}\n{SERVICE}");
    for (code, medium) in channels {
        let (from, to) = form(code, medium);
        source = source.replacen(&from, &to, 1);
    }
    let reply = "event = \"concluded\"\nto = \"complainant\"";
    source.replacen(reply, &format!("{reply}\nform = \"as_complaint\""), 1)
}

fn service() -> Regulation {
    Regulation::parse(&source(), "service.toml").unwrap()
}

fn faults(from: &str, to: &str) -> String {
    let source = source();
    assert!(source.contains(from), "{from}");
    Regulation::parse(&source.replacen(from, to, 1), "r.toml").map(|_| ()).unwrap_err().to_string()
}

#[test]
fn the_examples_expect_units_forms_and_rounds() {
    for result in service().run_examples(&Calendar::bundled().unwrap()) {
        assert!(result.passed(), "line {}: {}: {:?}", result.line, result.name, result.failures);
    }
    let wrong = source().replacen("again = false, reply = \"written\"", "again = true, reply = \"oral\"", 1);
    let results = Regulation::parse(&wrong, "r.toml").unwrap().run_examples(&Calendar::bundled().unwrap());
    let failures: Vec<_> = results.into_iter().flat_map(|result| result.failures).collect();
    assert_eq!(
        failures,
        ["again: expected true, found false", "reply: expected Some(Oral), found Some(Written)"]
    );
}

#[test]
fn units_rounds_and_forms_are_decided_with_their_article() {
    let regulation = service();
    let mut complaint = ComplaintFacts::complete("letter", "citizen");
    let two = CaseFacts { departments: 2, round: 1, ..CaseFacts::default() };
    let units = regulation.units_for(&complaint, &two).unwrap();
    assert_eq!((units.lead.code.as_str(), units.subject.basis.article()), ("office", Some("3(2)")));
    assert!(regulation.units_for(&complaint, &CaseFacts::default()).is_none());
    assert!(matches!(regulation.again(&complaint, &CaseFacts::default()), Again::Round(2, _)));
    let Again::NoMore(rule) = regulation.again(&complaint, &CaseFacts { round: 2, ..two }) else { panic!() };
    assert_eq!(rule.basis.article(), Some("6"));
    assert_eq!(regulation.reply_medium(Event::Concluded, "letter"), Some(Medium::Written));
    assert_eq!(regulation.reply_medium(Event::Accepted, "letter"), None);
    complaint.channel = "online".into();
    assert_eq!(regulation.reply_medium(Event::Concluded, &complaint.channel), Some(Medium::Electronic));
    let plain = Regulation::parse(SOURCE, "r.toml").unwrap();
    assert!(matches!(plain.again(&complaint, &CaseFacts::default()), Again::NotProvided));
}

#[test]
fn periods_are_weeks_months_quarters_and_years() {
    let day = date(2026, 3, 1);
    assert_eq!(Every::Week.period(day), Some((date(2026, 2, 23), date(2026, 3, 1))));
    assert_eq!(Every::Week.period_before(day), Some((date(2026, 2, 16), date(2026, 2, 22))));
    assert_eq!(Every::Month.period_before(day), Some((date(2026, 2, 1), date(2026, 2, 28))));
    assert_eq!(Every::Quarter.period(date(2026, 12, 31)), Some((date(2026, 10, 1), date(2026, 12, 31))));
    assert_eq!(Every::Quarter.period_before(day), Some((date(2025, 10, 1), date(2025, 12, 31))));
    assert_eq!(Every::Year.period(day), Some((date(2026, 1, 1), date(2026, 12, 31))));
    let statistics = service();
    let weekly = &statistics.statistics()[0];
    assert!(weekly.published && weekly.by.len() == 2);
}

#[test]
fn what_does_not_fit_is_refused() {
    let said = faults("unit = \"nursing\"", "unit = \"nurses\"");
    assert!(said.contains("no unit `nurses`"), "{said}");
    let said = faults("joint = [\"records\", \"nursing\"]", "joint = [\"office\"]");
    assert!(said.contains("with itself"), "{said}");
    let said = faults("when = \"'8.4' in complaint.grounds\"\n", "");
    assert!(said.contains("it is never reached"), "{said}");
    let said = faults("most = 2\n", "most = 0\n");
    assert!(said.contains("it would not be looked at once"), "{said}");
    let said = faults("when = \"case.level == 'crisis'\"\n", "");
    assert!(said.contains("an exception from everything"), "{said}");
    let said = faults("code = \"call\"\nform = \"oral\"\n", "code = \"call\"\n");
    assert!(said.contains("nothing says in which form `call` comes"), "{said}");
    let said = faults("every = \"week\"", "every = \"day\"");
    assert!(said.contains("one of week, month"), "{said}");
    let said = faults("by = [\"ground\"", "by = [\"grounds\"");
    assert!(said.contains("`ground`"), "{said}");
    let said = faults("[[source]]\ncode = \"citizen\"", "[[source]]\nform = \"oral\"\ncode = \"citizen\"");
    assert!(said.contains("unknown key `form`"), "{said}");
    let said = faults("expect = { unit = \"nursing\"", "expect = { owed = \"1.00\", unit = \"nursing\"");
    assert!(said.contains("has no facts"), "{said}");
}

#[test]
fn the_course_is_drawn_whole_and_inside_its_frame() {
    for language in [Language::Zh, Language::En] {
        let regulation = service();
        let (svg, flow) = (regulation.flow_svg(language), regulation.flow(language));
        let frame = |name: &str| -> u32 {
            let rest = svg.split(&format!(" {name}=\"")).nth(1).unwrap();
            rest.split('"').next().unwrap().parse().unwrap()
        };
        let (width, height) = (frame("width"), frame("height"));
        let boxes: Vec<Vec<u32>> = svg
            .lines()
            .filter(|line| line.starts_with("<rect x="))
            .map(|line| line.split('"').skip(1).step_by(2).take(4).map(|n| n.parse().unwrap()).collect())
            .collect();
        assert_eq!(boxes.len(), flow.lines().filter(|line| line.ends_with("\"]")).count());
        for (index, one) in boxes.iter().enumerate() {
            assert!(one[0] + one[2] <= width && one[1] + one[3] <= height, "{one:?}");
            for other in &boxes[index + 1..] {
                let apart = one[0] + one[2] <= other[0]
                    || other[0] + other[2] <= one[0]
                    || one[1] + one[3] <= other[1]
                    || other[1] + other[3] <= one[1];
                assert!(apart, "{one:?} on {other:?}");
            }
        }
        let edges = flow.lines().filter(|line| line.contains("->")).count();
        assert_eq!(svg.matches("marker-end").count(), edges);
        assert!(!svg.contains("& ") && svg.ends_with("</svg>\n"));
    }
    let hostile = source().replacen("title.zh = \"宝山区", "title.zh = \"<script>&", 1);
    let svg = Regulation::parse(&hostile, "r.toml").unwrap().flow_svg(Language::Zh);
    assert!(!svg.contains("<script") && svg.contains("&lt;script&gt;&amp;"));
}

#[test]
fn a_comparison_says_whom_it_concerns_and_which_way_it_went() {
    let (old, new) = (Regulation::parse(SOURCE, "r.toml").unwrap(), service());
    let changes = old.changes(&new);
    let of = |clause: &str| changes.iter().find(|change| change.clause == clause).unwrap();
    assert_eq!((of("rounds").concerns, of("rounds").key.as_deref()), (Concerned::Complainant, None));
    assert_eq!(of("statistic[weekly]").concerns, Concerned::Archive);
    assert_eq!(of("reply[concluded]").key.as_deref(), Some("form"));
    let longer = source().replacen("least_investigators = 2", "least_investigators = 1", 1);
    let worse = new.changes(&Regulation::parse(&longer, "r.toml").unwrap());
    assert_eq!(worse.len(), 1);
    assert_eq!((worse[0].way, worse[0].article.as_deref()), (Some(Way::Looser), Some("18")));
    assert_eq!(new.changes(&new), []);
}

#[test]
fn a_trial_tells_units_rounds_and_the_form_of_the_reply() {
    let regulation = service();
    let facts = "start = \"2026-03-02T09:00\"\ncomplaint = { grounds = [\"8.4\"], channel = \"letter\" }\n\
                 respondent = [{ rank = \"section\" }]\n";
    let trial = Trial::parse(facts, "facts.toml", &regulation).unwrap();
    let steps = trial.run(&regulation, &Calendar::bundled().unwrap(), Language::Zh);
    let lines: Vec<_> = steps.iter().map(|step| step.line(&regulation.counting().zone)).collect();
    let text = lines.join("\n");
    for part in [
        "`attitude` → 护理部 (第3条(1))",
        "≤ 2026-03-17 00:00  case: 10 workdays",
        "答复形式: written",
        "第几次 2",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    // The ladder's rung of the last day begins at 0:00 of it.
    assert!(text.contains("2026-03-16 00:00") && text.contains("`due`"), "{text}");
    let faults =
        Trial::parse("start = 1\nwhat = 2", "facts.toml", &regulation).map(|_| ()).unwrap_err().to_string();
    assert!(faults.contains("facts.toml:1:9") && faults.contains("unknown key `what`"), "{faults}");
    assert!(Trial::parse("start = = 1", "facts.toml", &regulation).is_err());
}
