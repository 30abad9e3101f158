//! How many characters are wrong (Levenshtein), by Myers' bit vectors: a text costs a few operations a character.

/// A pattern of at most 128 characters, to be compared with many texts.
#[derive(Debug)]
pub(crate) struct Edits {
    /// By character: where the pattern has it.
    masks: Vec<u128>,
    length: usize,
}

impl Edits {
    /// A pattern of characters that are numbered below `size`; others are like no character. None where it is empty
    /// or too long.
    pub(crate) fn of(pattern: &[usize], size: usize) -> Option<Self> {
        let mut masks = vec![0; size];
        if pattern.is_empty() || pattern.len() > 128 {
            return None;
        }
        for (at, symbol) in pattern.iter().enumerate() {
            if let Some(mask) = masks.get_mut(*symbol) {
                *mask |= 1 << at;
            }
        }
        Some(Self { masks, length: pattern.len() })
    }

    /// How many characters have to be put in, left out or changed to make the pattern the whole text.
    pub(crate) fn whole(&self, text: impl Iterator<Item = usize>) -> usize {
        self.compare(text, true).0
    }

    /// The same for the part of the text that is most like it.
    pub(crate) fn part(&self, text: impl Iterator<Item = usize>) -> usize {
        self.compare(text, false).1
    }

    /// At the end of the text, and the least at any place in it.
    fn compare(&self, text: impl Iterator<Item = usize>, from_the_start: bool) -> (usize, usize) {
        let last = 1_u128 << (self.length - 1);
        let (mut more, mut less) = (u128::MAX, 0_u128);
        let (mut now, mut least) = (self.length, self.length);
        for symbol in text {
            let same = self.masks.get(symbol).copied().unwrap_or_default();
            let below = same | less;
            let beside = ((same & more).wrapping_add(more) ^ more) | same;
            let mut up = less | !(beside | more);
            let mut down = more & beside;
            now = now + usize::from(up & last != 0) - usize::from(down & last != 0);
            least = least.min(now);
            up = (up << 1) | u128::from(from_the_start);
            down <<= 1;
            more = down | !(below | up);
            less = up & below;
        }
        (now, least)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(text: &str) -> Vec<usize> {
        text.bytes().map(usize::from).collect()
    }

    proptest! {
        #[test]
        fn it_is_the_distance_of_levenshtein(a in "[abc]{1,128}", b in "[abcd]{0,140}") {
            let edits = Edits::of(&numbers(&a), 256).unwrap();
            prop_assert_eq!(edits.whole(numbers(&b).into_iter()), strsim::levenshtein(&a, &b));
        }

        #[test]
        fn a_part_is_compared_with_every_part(a in "[ab]{1,6}", b in "[abc]{0,9}") {
            let parts = (0..=b.len()).flat_map(|from| (from..=b.len()).map(move |to| (from, to)));
            let least = parts.map(|(from, to)| strsim::levenshtein(&a, &b[from..to])).min();
            let edits = Edits::of(&numbers(&a), 256).unwrap();
            prop_assert_eq!(Some(edits.part(numbers(&b).into_iter())), least);
        }
    }

    #[test]
    fn what_it_does_not_know_is_a_wrong_character() {
        let edits = Edits::of(&[1, 999, 3], 8).unwrap();
        assert_eq!(edits.whole([1, 2, 3].into_iter()), 1);
        assert!(Edits::of(&[], 8).is_none());
        assert!(Edits::of(&[1; 129], 8).is_none());
    }
}
