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
}
