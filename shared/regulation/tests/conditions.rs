//! Conditions: what is refused when a file is loaded, however hostile, and where the fault is.

// A helper of a test may fail the test.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use regulation::{Faults, Regulation};

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
const WHEN: &str = "when = \"complaint.leader_instruction\"";

/// The faults of the Baoshan file with the condition of `leader-instruction` replaced.
fn faults_of(condition: &str) -> Result<(), Faults> {
    assert!(SOURCE.contains(WHEN));
    Regulation::parse(&SOURCE.replacen(WHEN, &format!("when = \"{condition}\""), 1), "r.toml").map(|_| ())
}

fn refused(condition: &str, part: &str) {
    let faults = faults_of(condition).expect_err(condition).to_string();
    assert!(faults.contains(part), "`{condition}`: {faults}");
}

#[test]
fn what_the_conditions_need_is_admitted() {
    for condition in [
        "true",
        "complaint.serious_harm && !(complaint.special || complaint.complex)",
        "complaint.leader_instruction == true",
        "respondent.rank in ['section', 'unranked'] ? home.level == 'centre' : false",
        "size(complaint.grounds) >= 2 && '8.6' in complaint.grounds",
        "complaint.channel != 'agency' && complaint.source == 'hotline_12345'",
    ] {
        assert!(faults_of(condition).is_ok(), "{condition}: {:?}", faults_of(condition));
    }
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    refused("complain.special", "expected `complaint`");
    refused("respondent.rnk == 'section'", "expected `rank`");
    refused("respondent.rank == 'devision'", "expected `division`");
    refused("'8.7' in complaint.grounds", "unknown code '8.7'");
    refused("complaint.channel == 'cal'", "expected `call`");
    refused("leader", "unknown variable `leader`");
}

#[test]
fn the_fault_is_where_the_unknown_name_is() {
    let faults = faults_of("complaint.special || respondent.rnk == 'section'").unwrap_err();
    let line = SOURCE.lines().position(|line| line == WHEN).unwrap() + 1;
    let fault = faults.iter().next().unwrap();
    assert_eq!(fault.line, line);
    let inside = "when = \"complaint.special || ".len() + 1;
    assert!((inside..=inside + "respondent.rnk".len()).contains(&fault.column), "{fault}");
}

#[test]
fn types_have_to_fit() {
    refused("respondent.rank", "not true or false");
    refused("size(complaint.grounds)", "not true or false");
    refused("complaint.special == 'yes'", "cannot be equal");
    refused("complaint.special < true", "does not fit");
    refused("respondent.rank && true", "does not fit");
    refused("'a' == 'a'", "cannot be equal");
    refused("1 + 1 == 2", "not admitted");
}

#[test]
fn admission_does_not_see_the_respondent() {
    let changed = SOURCE.replacen("test = \"complaint.has_contact\"", "test = \"respondent.is_head\"", 1);
    let faults = Regulation::parse(&changed, "r.toml").map(|_| ()).unwrap_err();
    assert!(faults.to_string().contains("unknown variable `respondent`"), "{faults}");
}

#[test]
fn loops_calls_and_constructions_are_refused() {
    for condition in [
        "complaint.grounds.exists(g, g == '8.1')",
        "[1, 2, 3].all(x, x > 0)",
        "complaint.grounds.map(g, g).size() > 0",
        "has(complaint.special)",
        "{'a': 1}.a == 1",
        "'a'.startsWith('b')",
        "'a'.matches('(a+)+$')",
        "string(1) == '1'",
        "complaint['special']",
        "complaint.special.more",
        "dyn(true)",
        "null",
        "b'x' == b'x'",
        "duration('1s') == duration('1s')",
        "google.protobuf.Struct{}",
    ] {
        assert!(faults_of(condition).is_err(), "{condition}");
    }
}

#[test]
fn hostile_sources_are_refused_and_nothing_falls_over() {
    let long = vec!["true"; 400].join(" && ");
    let hostile = [
        String::new(),
        " ".into(),
        "(".repeat(40),
        format!("{}true{}", "(".repeat(500), ")".repeat(500)),
        format!("{}true", "!".repeat(500)),
        format!("{}true", "! ".repeat(500)),
        "!(".repeat(7),
        format!("{}true", "!(".repeat(31)),
        format!("{}true{}", "(".repeat(9), ")".repeat(9)),
        format!("{}1 == 1", "-".repeat(1000)),
        "true ? ".repeat(140),
        format!("{}true", "true ? true : ".repeat(70)),
        long,
        format!("complaint{}", ".a".repeat(400)),
        format!("{}1{} == 1", "[".repeat(33), "]".repeat(33)),
        "&& ||".into(),
        "true &&".into(),
        "true true".into(),
        "\\u0000".into(),
        "'unterminated".into(),
        "𝕏 == 督办".into(),
        "99999999999999999999999999 > 1".into(),
        "1e999 > 0.0".into(),
        "// comment".into(),
    ];
    for condition in hostile {
        assert!(faults_of(&condition).is_err(), "{condition}");
    }
}

#[test]
fn a_small_stack_is_enough_to_refuse_and_to_carry_out() {
    // As small as a thread of an async runtime may have.
    let thread = std::thread::Builder::new().stack_size(1 << 20).spawn(|| {
        let deep = format!("{}complaint.special{}", "(true && ".repeat(8), ")".repeat(8));
        let chain = format!("{}true", "true ? true : ".repeat(30));
        [faults_of(&deep).is_ok(), faults_of(&chain).is_ok(), faults_of(&"((".repeat(4)).is_err()]
    });
    assert_eq!(thread.unwrap().join().unwrap(), [true; 3]);
}

#[test]
fn the_largest_admitted_conditions_are_carried_out() {
    let wide = vec!["complaint.special"; 48].join(" || ");
    assert!(wide.len() <= 1024);
    let deep = format!("{}complaint.special{}", "(".repeat(8), ")".repeat(8));
    for condition in [wide, deep] {
        assert!(faults_of(&condition).is_ok(), "{condition}: {:?}", faults_of(&condition));
    }
}
