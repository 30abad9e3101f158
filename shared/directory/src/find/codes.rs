//! Codes: sorted as they are in the directory. The index has them once more, one behind the other, with how much each has
//! in common with the one before: what was worked out for a beginning holds for all codes that begin so.

use std::ops::Range;

use duban_proto::common::v1::Organ;

use super::terms::place;

/// The codes of all organs.
#[derive(Debug, Default)]
pub(super) struct Codes {
    text: String,
    /// By organ: the length of its code, and of the beginning it shares with the code before, in bytes.
    lengths: Vec<(u32, u32)>,
}

impl Codes {
    pub(super) fn of(organs: &[Organ]) -> Self {
        let number = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let mut codes = Self::default();
        let mut before = "";
        for Organ { code, .. } in organs {
            let shared = code.bytes().zip(before.bytes()).take_while(|(one, other)| one == other).count();
            codes.text.push_str(code);
            codes.lengths.push((number(code.len()), number(shared)));
            before = code;
        }
        codes
    }

    /// The organs whose code is like this one but for at most `wrong` characters, with how many, the best first.
    pub(super) fn alike(&self, code: &str, wrong: usize) -> Vec<(usize, u32)> {
        let mut found = Vec::new();
        let mut rows = Rows::of(code);
        let mut rest = self.text.as_bytes();
        for ((length, shared), number) in self.lengths.iter().zip(0..) {
            let Some((other, after)) = rest.split_at_checked(place(*length)) else { break };
            rest = after;
            rows.0.truncate(place(*shared) + 1);
            if let Some(distance) = rows.distance(code, other, wrong) {
                found.push((distance, number));
            }
        }
        found.sort_unstable();
        found
    }
}

/// After each letter of a code, from none: how many characters are wrong in each beginning of the pattern (Levenshtein),
/// and the least of these.
struct Rows(Vec<(Vec<usize>, usize)>);

impl Rows {
    fn of(pattern: &str) -> Self {
        Self(vec![((0..=pattern.len()).collect(), 0)])
    }

    /// How many are wrong in all, if at most `most`: goes on after the letters that are worked out already, and ends
    /// where it can't get better.
    fn distance(&mut self, pattern: &str, code: &[u8], most: usize) -> Option<usize> {
        for letter in code.iter().skip(self.0.len() - 1) {
            let (row, _) = self.0.last().filter(|(_, least)| *least <= most)?;
            let next = after(row, *letter, pattern.as_bytes());
            let least = next.iter().copied().min().unwrap_or_default();
            self.0.push((next, least));
        }
        self.0.last()?.0.last().copied().filter(|distance| *distance <= most)
    }
}

fn after(row: &[usize], letter: u8, pattern: &[u8]) -> Vec<usize> {
    let mut left = row.first().map_or(0, |first| first + 1);
    let mut next = Vec::with_capacity(row.len());
    next.push(left);
    for ((diagonal, up), own) in row.iter().zip(row.iter().skip(1)).zip(pattern) {
        left = (diagonal + usize::from(*own != letter)).min(up + 1).min(left + 1);
        next.push(left);
    }
    next
}

/// The organs whose code begins like this.
pub(super) fn beginning_with(organs: &[Organ], code: &str) -> Range<usize> {
    let from = organs.partition_point(|organ| organ.code.as_str() < code);
    let rest = organs.get(from..).unwrap_or_default();
    from..from + rest.partition_point(|organ| organ.code.starts_with(code))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn codes_are_alike_as_levenshtein_says(
            codes in proptest::collection::btree_set("[ab]{0,7}", 0..40), code in "[abc]{0,7}", wrong in 0..3_usize,
        ) {
            let organ = |code: &String| Organ { code: code.clone(), ..Organ::default() };
            let organs: Vec<Organ> = codes.iter().map(organ).collect();
            let alike = Codes::of(&organs).alike(&code, wrong);
            let distances = codes.iter().map(|other| strsim::levenshtein(&code, other)).zip(0..);
            let expected: BTreeSet<(usize, u32)> = distances.filter(|(distance, _)| *distance <= wrong).collect();
            prop_assert_eq!(alike, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
