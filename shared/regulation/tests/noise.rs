//! Whatever is in a file: it is taken or refused with places inside it, and nothing falls over.

use proptest::prelude::*;
use regulation::Regulation;

const SOURCE: &str = include_str!("../../../deploy/regulations/baoshan-2009-5.toml");
const WHEN: &str = "when = \"complaint.leader_instruction\"";

/// Parses, and checks that each fault has a place in the source.
fn parse(source: &str) -> Result<(), TestCaseError> {
    let Err(faults) = Regulation::parse(source, "noise.toml") else { return Ok(()) };
    for fault in &faults {
        let line = source.split('\n').nth(fault.line - 1);
        prop_assert!(line.is_some_and(|line| fault.column <= line.chars().count() + 1), "{fault}");
        prop_assert!(!fault.message.is_empty());
    }
    Ok(())
}

/// A file that extends the measures with these lines.
fn child(lines: &str) -> String {
    let identity = SOURCE.split("[regulation]").nth(1).and_then(|rest| rest.split("# A case stays").next());
    let identity = identity.unwrap_or_default().replacen("baoshan-2009-5", "child", 1);
    format!(
        "format = 1\n[regulation]\nextends = \"baoshan-2009-5\"\n{identity}transition = \"keep\"\n{lines}"
    )
}

fn parse_child(lines: &str) -> Result<(), TestCaseError> {
    let source = child(lines);
    let find = |code: &str| (code == "baoshan-2009-5").then(|| SOURCE.to_owned());
    let Err(faults) = Regulation::parse_with(&source, "child.toml", &find) else { return Ok(()) };
    for fault in &faults {
        let file = if fault.file == "child.toml" { source.as_str() } else { SOURCE };
        let line = file.split('\n').nth(fault.line - 1);
        prop_assert!(line.is_some_and(|line| fault.column <= line.chars().count() + 1), "{fault}");
    }
    Ok(())
}

#[test]
fn a_file_that_says_nothing_of_its_own_is_its_parent() {
    assert!(parse_child("").is_ok());
    let find = |code: &str| (code == "baoshan-2009-5").then(|| SOURCE.to_owned());
    assert!(Regulation::parse_with(&child(""), "child.toml", &find).is_ok());
}

#[test]
fn what_is_too_large_or_too_deep_is_refused_in_no_time_on_a_small_stack() {
    let dotted = format!("a{}", ".a".repeat(78));
    let hostile = [
        "x = ".to_owned() + &"[".repeat(100_000),
        format!("{dotted} = ") + &format!("{{ {dotted} = ").repeat(78) + "1" + &" }".repeat(78),
        format!("[{dotted}]\n{dotted} = 1"),
        "[[ground]]\n".repeat(200_000),
        "[[ground]]\n".repeat(10_000),
        format!("[[ground]]\ncode = \"{}\"\n", "x".repeat(200_000)),
        format!("x = \"{}", "\\\"".repeat(100_000)),
        "\"".repeat(100_000),
    ];
    let thread = std::thread::Builder::new()
        .stack_size(1 << 20)
        .spawn(move || hostile.iter().all(|source| Regulation::parse(source, "hostile.toml").is_err()));
    assert!(thread.is_ok_and(|thread| thread.join().is_ok_and(|all| all)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn noise_in_a_condition(noise in "[a-z.()!&|<>=?:' \\[\\]{}0-9,+*/%-]{0,120}") {
        parse(&SOURCE.replacen(WHEN, &format!("when = \"{noise}\""), 1))?;
    }

    #[test]
    fn tokens_in_a_condition(tokens in prop::collection::vec(prop::sample::select(&[
        "complaint.special", "respondent.rank", "'section'", "&&", "||", "!", "==", "in", "(", ")", "[", "]", "?", ":",
        "size", "complaint.grounds", "'8.6'", "1", "<", ".", "true", "has", "{", "}", "督", "b'", "0x", "-",
    ][..]), 0..24)) {
        parse(&SOURCE.replacen(WHEN, &format!("when = \"{}\"", tokens.join(" ")), 1))?;
    }

    #[test]
    fn a_piece_of_the_file_taken_out(from in 0..SOURCE.len(), length in 0_usize..200) {
        let boundary = |at: usize| (at.min(SOURCE.len())..=SOURCE.len()).find(|at| SOURCE.is_char_boundary(*at));
        let (from, to) = (boundary(from).unwrap_or(0), boundary(from + length).unwrap_or(0));
        parse(&[SOURCE.get(..from).unwrap_or_default(), SOURCE.get(to..).unwrap_or_default()].concat())?;
    }

    #[test]
    fn noise_in_the_file(at in 0..SOURCE.lines().count(), noise in "\\PC{0,40}") {
        let lines = SOURCE.lines().take(at).chain([noise.as_str()]).chain(SOURCE.lines().skip(at));
        parse(&lines.collect::<Vec<_>>().join("\n"))?;
    }

    #[test]
    fn pieces_of_the_parent_in_a_child(from in 0..SOURCE.lines().count(), count in 1_usize..40, cut in "(length|article|code|house|)") {
        let lines = SOURCE.lines().skip(from).take(count).filter(|line| cut.is_empty() || !line.starts_with(&cut));
        parse_child(&lines.collect::<Vec<_>>().join("\n"))?;
    }

    #[test]
    fn noise_in_a_child(lines in prop::collection::vec(prop::sample::select(&[
        "[[limit]]", "stage = \"case\"", "code = \"due\"", "[[limit.rung]]", "[limit.extension]", "most = \"40 workdays\"",
        "left_out = true", "before = \"due\"", "because = 1", "because = { zh = \"x\", en = \"x\" }", "free = true", "house = true",
        "[investigation]", "least_investigators = 1", "[admission]", "[[admission.require]]", "field = \"x\"", "limit = 3",
        "[[example]]", "name = \"x\"", "expect = { due = 1 }", "[settings]", "[counting]", "roll = false", "督 = 1",
    ][..]), 0..14)) {
        parse_child(&lines.join("\n"))?;
    }
}
