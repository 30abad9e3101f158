//! Remedies and sanctions: amounts over the facts of a claim, caps, exclusions, repetition; and that no file can hurt by them.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use calendar::Calendar;
use proptest::prelude::*;
use regulation::{
    AmountError, Breach, BreachOf, CaseFacts, ClaimFacts, ClaimValue, ComplaintFacts, Regulation, Stage, yuan,
};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
/// As the express compensation measures have them.
const CLAIMS: &str = r#"
[[claim]]
code = "kind"
type = "one_of"
codes = ["delay", "loss", "damage"]
zh = "索赔因素"
en = "what happened"
article = "2"

[[claim]]
code = "item"
type = "one_of"
codes = ["letter", "parcel"]
zh = "快件种类"
en = "letter or parcel"
article = "4"

[[claim]]
code = "fee"
type = "amount"
zh = "本次服务费用(不含附加费用)"
en = "the fee, without surcharges"
article = "4"

[[claim]]
code = "declared"
type = "amount"
zh = "被保价金额,未保价的为零"
en = "the declared value, nothing where none was declared"
article = "4"

[[claim]]
code = "value"
type = "amount"
zh = "实际价值"
en = "the actual value"
article = "4"

[[claim]]
code = "lost_value"
type = "amount"
zh = "丧失的价值"
en = "the value that was lost"
article = "4"

[[claim]]
code = "has_agreement"
type = "flag"
zh = "与顾客有约定"
en = "the parties agreed on something else"
article = "4"

[[claim]]
code = "agreed"
type = "amount"
zh = "约定的数额"
en = "the amount agreed on"
article = "4"

[[claim]]
code = "force_majeure"
type = "flag"
zh = "不可抗力"
en = "force majeure"
article = "3(2)"

[[remedy]]
code = "agreement"
when = "claim.has_agreement"
amount = "claim.agreed"
alone = true
zh = "与顾客之间有约定的应从约定。"
en = "An agreement with the customer prevails."
article = "4"

[[remedy]]
code = "fee"
when = "claim.kind in ['delay', 'loss']"
amount = "claim.fee"
zh = "免除本次服务费用。"
en = "The fee is waived."
article = "4(1)"

[[remedy]]
code = "declared"
when = "claim.kind == 'loss' && claim.declared > 0"
amount = "claim.declared"
cap = "10000 * yuan"
zh = "按照被保价金额进行赔偿,但最高不超过10000元。"
en = "The declared value, 10,000 yuan at the most."
article = "4(2)"

[[remedy]]
code = "letter"
when = "claim.kind == 'loss' && claim.declared == 0 && claim.item == 'letter'"
amount = "2 * claim.fee"
zh = "按照本次服务费用的2倍进行赔偿。"
en = "Twice the fee."
article = "4(2)"

[[remedy]]
code = "parcel"
when = "claim.kind == 'loss' && claim.declared == 0 && claim.item == 'parcel'"
amount = "claim.value"
cap = "5 * claim.fee"
zh = "按照实际损失的价值进行赔偿,但最高不超过本次服务费用的5倍。"
en = "The actual loss, five times the fee at the most."
article = "4(2)"

[[remedy]]
code = "part"
when = "claim.kind == 'damage' && claim.declared > 0"
amount = "(claim.declared > 10000 * yuan ? 10000 * yuan : claim.declared) * claim.lost_value / claim.value"
zh = "依据快件丧失价值占总价值的比例,按照快件丢失赔偿额度的相同比例进行赔偿。"
en = "The same part of what is paid for a loss."
article = "4(3)"

[[exclusion]]
code = "force_majeure"
when = "claim.force_majeure && claim.declared == 0"
zh = "由于不可抗力的原因造成损失的(保价快件除外)。"
en = "A loss by force majeure, unless a value was declared."
article = "3(2)"

[[level]]
code = "crisis"
zh = "危机事件"
en = "a crisis"
article = "6"

[[sanction]]
code = "late_crisis"
stage = "first_contact"
when = "case.level == 'crisis'"
amount = "80 * yuan"
zh = "超时扣罚80元。"
en = "80 yuan for being late."
article = "6"

[[sanction]]
code = "late"
stage = "first_contact"
amount = "20 * yuan"
zh = "超时扣罚20元。"
en = "20 yuan for being late."
article = "6"

[[sanction]]
code = "shirked"
least = "100 * yuan"
most = "1000 * yuan"
zh = "视情节轻重处以100-1000元的罚款。"
en = "A fine of 100 to 1000 yuan."
article = "2(1)"

[[sanction.repeat]]
times = 3
within = "1 month"
amount = "5000 * yuan"
zh = "一个月以内累积三次的,另罚款5000元。"
en = "Three times within a month: 5000 yuan besides."
article = "2(1)"

[[sanction]]
code = "sent_away"
amount = "200 * yuan"
zh = "每次处罚200元。"
en = "200 yuan each time."
article = "2(1)"

[[sanction.repeat]]
times = 4
each = true
amount = "200 * yuan"
zh = "累计三次以上,每增加一次另罚200。"
en = "Beyond three, another 200 each time."
article = "2(1)"
"#;
const EXAMPLES: &str = r#"
[[example]]
name = "a declared value, over the cap"
claim = { kind = "loss", fee = "20.00", declared = "12000.00" }
expect = { owed = "10020.00", remedies = ["fee", "declared"], excluded = [] }

[[example]]
name = "an undeclared letter"
claim = { kind = "loss", item = "letter", fee = "12.50", declared = "0.00" }
expect = { owed = "37.50", remedies = ["fee", "letter"] }

[[example]]
name = "a part, down to the fen"
claim = { kind = "damage", declared = "100.00", value = "300.00", lost_value = "100.00" }
expect = { owed = "33.33", remedies = ["part"] }

[[example]]
name = "force majeure, nothing declared"
claim = { kind = "loss", item = "parcel", fee = "10.00", declared = "0.00", value = "80.00", force_majeure = true }
expect = { owed = "0.00", remedies = [], excluded = ["force_majeure", "force_majeure"] }

[[example]]
name = "an agreement prevails, also over force majeure"
claim = { kind = "loss", item = "parcel", fee = "10.00", declared = "0.00", has_agreement = true, agreed = "66.00", force_majeure = true }
expect = { owed = "66.00", remedies = ["agreement"] }

[[example]]
name = "late in a crisis"
case = { level = "crisis" }
breach = { late = "first_contact", on = 2026-03-02 }
expect = { sanction = "80.00" }

[[example]]
name = "the third within a month, from its corresponding day on"
breach = { code = "shirked", on = 2026-03-28, earlier = [2026-02-28, 2026-03-15] }
expect = { sanction = ["5100.00", "6000.00"] }

[[example]]
name = "the third, and not within a month"
breach = { code = "shirked", on = 2026-03-29, earlier = [2026-02-28, 2026-03-15] }
expect = { sanction = ["100.00", "1000.00"] }
"#;

fn with(claims: &str) -> Result<Regulation, regulation::Faults> {
    Regulation::parse(&format!("{SOURCE}\n{claims}"), "claims.toml")
}

fn faults(from: &str, to: &str) -> String {
    assert!(CLAIMS.contains(from), "{from}");
    with(&CLAIMS.replacen(from, to, 1)).map(|_| ()).unwrap_err().to_string()
}

fn loss(item: &str, fee: u64, declared: u64, value: u64) -> ClaimFacts {
    ClaimFacts::default()
        .with("kind", ClaimValue::Code("loss".into()))
        .with("item", ClaimValue::Code(item.into()))
        .with("fee", ClaimValue::Number(fee))
        .with("declared", ClaimValue::Number(declared))
        .with("value", ClaimValue::Number(value))
}

#[test]
fn the_examples_expect_amounts() {
    let regulation = with(&format!("{CLAIMS}{EXAMPLES}")).unwrap();
    for result in regulation.run_examples(&Calendar::bundled().unwrap()) {
        assert!(result.passed(), "line {}: {}: {:?}", result.line, result.name, result.failures);
    }
    let wrong =
        EXAMPLES.replacen("\"10020.00\"", "\"10020.01\"", 1).replacen("\"80.00\" }", "\"80.01\" }", 1);
    let regulation = with(&format!("{CLAIMS}{wrong}")).unwrap();
    let results = regulation.run_examples(&Calendar::bundled().unwrap());
    let failures: Vec<_> = results.into_iter().flat_map(|result| result.failures).collect();
    assert_eq!(failures.len(), 2);
    assert_eq!(failures[0], "owed: expected \"10020.01\", found \"10020.00\"");
}

#[test]
fn what_is_owed_has_its_clause_and_says_where_it_was_capped() {
    let regulation = with(CLAIMS).unwrap();
    let owed = regulation.owed(&loss("parcel", 1000, 0, 8000)).unwrap();
    let part = &owed.parts[1];
    assert_eq!((part.remedy.code.as_str(), part.fen, part.uncapped), ("parcel", 5000, Some(8000)));
    assert_eq!((part.remedy.basis.article(), yuan(owed.total).as_str()), (Some("4(2)"), "60.00"));
    // At the cap is not over it.
    let owed = regulation.owed(&loss("parcel", 1000, 0, 5000)).unwrap();
    assert_eq!((owed.parts[1].fen, owed.parts[1].uncapped), (5000, None));
}

#[test]
fn a_fact_that_is_needed_and_not_known_is_named() {
    let regulation = with(CLAIMS).unwrap();
    let unknown = |claim: &ClaimFacts| regulation.owed(claim).map(|_| ()).unwrap_err();
    assert_eq!(unknown(&ClaimFacts::default()), AmountError::Unknown { fact: "kind".into() });
    let damaged = ClaimFacts::default()
        .with("kind", ClaimValue::Code("damage".into()))
        .with("declared", ClaimValue::Number(10_000))
        .with("lost_value", ClaimValue::Number(1));
    assert_eq!(unknown(&damaged), AmountError::Unknown { fact: "value".into() });
    assert_eq!(unknown(&damaged.with("value", ClaimValue::Number(0))), AmountError::DividedByZero);
}

#[test]
fn nothing_overflows_and_nothing_is_less_than_nothing() {
    let regulation = with(CLAIMS).unwrap();
    for fee in [u64::MAX, i64::MAX.unsigned_abs(), 10_000_000_000_001] {
        assert_eq!(regulation.owed(&loss("letter", fee, 0, 0)).map(|_| ()), Err(AmountError::Range));
    }
    let product = CLAIMS.replacen("\"2 * claim.fee\"", "\"claim.fee * claim.fee * claim.fee\"", 1);
    let regulation = with(&product).unwrap();
    assert_eq!(regulation.owed(&loss("letter", 10_000_000, 0, 0)).map(|_| ()), Err(AmountError::Range));
    let negative = with(&CLAIMS.replacen("\"2 * claim.fee\"", "\"-claim.fee\"", 1)).unwrap();
    assert_eq!(negative.owed(&loss("letter", 1, 0, 0)).map(|_| ()), Err(AmountError::Range));
}

#[test]
fn a_sanction_is_the_first_whose_condition_holds_and_repetition_adds_to_it() {
    let regulation = with(CLAIMS).unwrap();
    let (complaint, claim) = (ComplaintFacts::complete("call", "citizen"), ClaimFacts::default());
    let on = jiff::civil::date(2026, 3, 31);
    let imposed = |of, case: &CaseFacts, earlier: &[jiff::civil::Date]| {
        let breach = Breach { of, on, earlier, complaint: &complaint, case, claim: &claim };
        let imposed = regulation.sanction(&breach).unwrap();
        imposed.map(|one| (one.sanction.code.clone(), one.least, one.most, one.repeated.len()))
    };
    let (usual, crisis) =
        (CaseFacts::default(), CaseFacts { level: "crisis".into(), ..CaseFacts::default() });
    let late = BreachOf::Limit(Stage::FirstContact);
    assert_eq!(imposed(late, &crisis, &[]), Some(("late_crisis".into(), 8000, 8000, 0)));
    assert_eq!(imposed(late, &usual, &[]), Some(("late".into(), 2000, 2000, 0)));
    assert_eq!(imposed(BreachOf::Limit(Stage::Case), &usual, &[]), None);
    let days = |n: i8| (1..=n).map(|day| jiff::civil::date(2026, 1, day)).collect::<Vec<_>>();
    let sent = BreachOf::Duty("sent_away");
    assert_eq!(imposed(sent, &usual, &days(2)), Some(("sent_away".into(), 20_000, 20_000, 0)));
    for earlier in [3, 4, 9] {
        assert_eq!(imposed(sent, &usual, &days(earlier)), Some(("sent_away".into(), 40_000, 40_000, 1)));
    }
    // A breach of the future does not count.
    let later = [jiff::civil::date(2026, 4, 1), jiff::civil::date(2026, 4, 2)];
    assert_eq!(
        imposed(BreachOf::Duty("shirked"), &usual, &later),
        Some(("shirked".into(), 10_000, 100_000, 0))
    );
}

#[test]
fn what_does_not_fit_is_refused_where_it_stands() {
    let at = "\"2 * claim.fee\"";
    for (amount, part) in [
        ("\"2 * claim.fees\"", "expected `fee`"),
        ("\"2 * fee\"", "unknown variable `fee`"),
        ("\"2.0 * claim.fee\"", "not admitted"),
        ("\"claim.kind\"", "a whole number, in fen"),
        ("\"claim.kind + 1\"", "does not fit"),
        ("\"claim.fee % 2\"", "does not fit"),
        ("\"claim.kind == 'los' ? 1 : 2\"", "expected `loss`"),
        ("\"claim.kind in ['los'] ? 1 : 2\"", "expected `loss`"),
        ("\"claim.has_agreement ? 1 : true\"", "not admitted, or does not fit"),
        ("\"99999999999999999 * claim.fee\"", "is too large"),
        ("\"[1].map(x, x)[0]\"", "not admitted"),
        ("\"size('a')\"", "not admitted"),
        ("\"complaint.complex ? 1 : 2\"", "not admitted"),
        ("\"\"", "cannot be read"),
    ] {
        let said = faults(at, amount);
        assert!(said.contains(part) && said.contains("remedy[4].amount"), "{amount}: {said}");
    }
    let said = faults("when = \"claim.has_agreement\"", "when = \"claim.agreed\"");
    assert!(said.contains("a comparison or a flag"), "{said}");
    let said = faults("type = \"one_of\"\ncodes = [\"letter\", \"parcel\"]", "type = \"one_of\"");
    assert!(said.contains("it can be nothing"), "{said}");
    let said = faults("type = \"flag\"", "type = \"flag\"\ncodes = [\"a\"]");
    assert!(said.contains("codes of what is none"), "{said}");
    let said = faults("least = \"100 * yuan\"\n", "");
    assert!(said.contains("it is not said what it costs"), "{said}");
    let said = faults("within = \"1 month\"", "within = \"20 workdays\"");
    assert!(said.contains("counted in the calendar"), "{said}");
    let said = faults("times = 3", "times = 1");
    assert!(said.contains("no repetition"), "{said}");
    let said =
        faults("when = \"claim.force_majeure && claim.declared == 0\"", "of = [\"fees\"]\nwhen = \"true\"");
    assert!(said.contains("no remedy `fees`") && said.contains("`fee`"), "{said}");
    for (wrong, part) in [
        ("fee = \"12.5\"", "is no amount"),
        ("fee = 12", "a string"),
        ("fees = \"1.00\"", "expected `fee`"),
        ("kind = \"lost\"", "`loss`"),
    ] {
        let example =
            format!("[[example]]\nname = \"x\"\nclaim = {{ {wrong} }}\nexpect = {{ owed = \"0.00\" }}\n");
        let said = with(&format!("{CLAIMS}{example}")).map(|_| ()).unwrap_err().to_string();
        assert!(said.contains(part), "{wrong}: {said}");
    }
    let example = "[[example]]\nname = \"x\"\nbreach = { code = \"gone\", on = 2026-01-01 }\nexpect = { sanction = [] }\n";
    let said = with(&format!("{CLAIMS}{example}")).map(|_| ()).unwrap_err().to_string();
    assert!(said.contains("no such sanction"), "{said}");
}

#[test]
fn hostile_amounts_are_refused_or_bounded() {
    let at = "\"2 * claim.fee\"";
    for hostile in [
        "1+".repeat(400) + "1",
        "(".repeat(500) + "1",
        "-".repeat(500) + "1",
        "claim.fee*".repeat(90) + "2",
        "true ? ".repeat(120) + "1",
        "9".repeat(900),
    ] {
        let said = faults(at, &format!("\"{hostile}\""));
        assert!(said.contains("remedy[4].amount"), "{said}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is written there: it is refused at its place, or it comes to an amount or an error.
    #[test]
    fn noise_in_an_amount(tokens in prop::collection::vec(prop::sample::select(&[
        "claim.fee", "claim.kind", "'loss'", "yuan", "+", "-", "*", "/", "(", ")", "?", ":", "==", "<", "in", "[", "]",
        "&&", "!", "0", "7", "99999999999999", ".", ",", "claim.force_majeure", "督",
    ][..]), 0..20)) {
        let changed = CLAIMS.replacen("\"2 * claim.fee\"", &format!("\"{}\"", tokens.join(" ")), 1);
        match with(&changed) {
            Err(faults) => prop_assert!(faults.iter().all(|fault| fault.path == "remedy[4].amount"), "{faults}"),
            Ok(regulation) => drop(regulation.owed(&loss("letter", 1250, 0, 100))),
        }
    }

    /// A part of something is never more than it.
    #[test]
    fn a_part_is_no_more_than_the_whole(declared in 1_u64..=5_000_000, value in 1_u64..=1_000_000, part in 0_u64..=100) {
        let claim = loss("parcel", 0, declared, value)
            .with("kind", ClaimValue::Code("damage".into()))
            .with("lost_value", ClaimValue::Number(value * part / 100));
        let total = with(CLAIMS).unwrap().owed(&claim).unwrap().total;
        prop_assert!(total <= declared.min(1_000_000), "{total}");
    }
}
