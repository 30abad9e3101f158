//! The characters that the directory's names are written in, numbered, and how each of them may be read.

use std::collections::{BTreeMap, HashMap};

use pinyin::ToPinyinMulti as _;

/// A character of the index.
pub(super) type Symbol = u16;
/// What stands before the first character of a text and after its last.
pub(super) const EDGE: Symbol = 0;
/// A character that no name has.
const UNKNOWN: Symbol = Symbol::MAX;
/// All characters beyond the 65,533rd; a directory of real names has some 3,000.
const CROWDED: Symbol = Symbol::MAX - 1;

/// The characters of all names.
#[derive(Debug, Default)]
pub(super) struct Alphabet {
    symbols: HashMap<char, Symbol>,
    /// By syllable without tone (ü is v): the characters that may be read so.
    syllables: BTreeMap<String, Vec<Symbol>>,
    /// By letter: the characters with a reading that begins with it.
    initials: BTreeMap<char, Vec<Symbol>>,
}

/// Makes an alphabet while it writes texts in it.
#[derive(Debug)]
pub(super) struct Scribe {
    symbols: HashMap<char, Symbol>,
    /// By character as written, where it becomes one symbol: most texts need nothing else.
    known: Vec<Symbol>,
}

impl Alphabet {
    /// The symbol of a folded character.
    pub(super) fn symbol(&self, c: char) -> Symbol {
        self.symbols.get(&c).copied().unwrap_or(UNKNOWN)
    }

    /// How many there are, with the edge and those that nobody uses.
    pub(super) fn size(&self) -> usize {
        self.symbols.len() + 2
    }

    /// The characters that may be read as this syllable, in order.
    pub(super) fn read_as(&self, syllable: &str) -> Option<&[Symbol]> {
        self.syllables.get(syllable).map(Vec::as_slice)
    }

    /// The characters with a reading that begins like this, in order.
    pub(super) fn read_like(&self, beginning: &str) -> Vec<Symbol> {
        let from = self.syllables.range(beginning.to_owned()..);
        let like = from.take_while(|(syllable, _)| syllable.starts_with(beginning));
        sorted(like.flat_map(|(_, symbols)| symbols.iter().copied()).collect())
    }

    /// The characters that may sound like this one, with itself, in order.
    pub(super) fn sounding_like(&self, c: char) -> Vec<Symbol> {
        let same = readings(c).into_iter().filter_map(|reading| self.read_as(&reading)).flatten().copied();
        sorted(same.chain([self.symbol(c)]).collect())
    }

    /// The characters with a reading that begins with this letter, in order.
    pub(super) fn beginning_with(&self, letter: char) -> &[Symbol] {
        self.initials.get(&letter).map(Vec::as_slice).unwrap_or_default()
    }
}

impl Scribe {
    pub(super) fn new() -> Self {
        Self { symbols: HashMap::new(), known: vec![EDGE; 0x1_0000] }
    }

    /// Writes the letters and digits of a text.
    pub(super) fn write(&mut self, text: &str, to: &mut Vec<Symbol>) {
        for c in text.chars() {
            let at = usize::try_from(u32::from(c)).unwrap_or(usize::MAX);
            match self.known.get(at) {
                Some(&symbol) if symbol != EDGE => to.push(symbol),
                _ => self.spell(c, at, to),
            }
        }
    }

    fn spell(&mut self, c: char, at: usize, to: &mut Vec<Symbol>) {
        let begun = to.len();
        for letter in spelling::letters(c.encode_utf8(&mut [0; 4])) {
            let next = Symbol::try_from(self.symbols.len() + 1).unwrap_or(CROWDED).min(CROWDED);
            to.push(*self.symbols.entry(letter).or_insert(next));
        }
        if let (Some([symbol]), Some(known)) = (to.get(begun..), self.known.get_mut(at)) {
            *known = *symbol;
        }
    }

    /// The alphabet, with the readings of its characters.
    pub(super) fn finish(self) -> Alphabet {
        let mut alphabet = Alphabet { symbols: self.symbols, ..Alphabet::default() };
        for (&c, &symbol) in &alphabet.symbols {
            for reading in readings(c) {
                if let Some(initial) = reading.chars().next() {
                    alphabet.initials.entry(initial).or_default().push(symbol);
                }
                alphabet.syllables.entry(reading).or_default().push(symbol);
            }
        }
        for symbols in alphabet.syllables.values_mut().chain(alphabet.initials.values_mut()) {
            *symbols = sorted(std::mem::take(symbols));
        }
        alphabet
    }
}

/// How a character may be read, in plain letters; a Latin letter is its own reading.
fn readings(c: char) -> Vec<String> {
    if c.is_ascii_lowercase() {
        return vec![c.to_string()];
    }
    let readings = c.to_pinyin_multi().into_iter().flatten().map(|reading| reading.plain().replace('ü', "v"));
    readings.filter(|reading| reading.bytes().all(|byte| byte.is_ascii_lowercase())).collect()
}

fn sorted(mut symbols: Vec<Symbol>) -> Vec<Symbol> {
    symbols.sort_unstable();
    symbols.dedup();
    symbols
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_character_is_found_by_each_of_its_readings() {
        let mut scribe = Scribe::new();
        let mut text = Vec::new();
        scribe.write("银行绿A", &mut text);
        let alphabet = scribe.finish();
        let [_, bank, green, letter] = text.try_into().unwrap();
        for syllable in ["hang", "xing"] {
            assert!(alphabet.read_as(syllable).unwrap().contains(&bank), "{syllable}");
        }
        assert_eq!(alphabet.read_as("lv"), Some([green].as_slice()));
        assert_eq!(alphabet.beginning_with('l'), [green]);
        assert_eq!(alphabet.beginning_with('a'), [letter]);
        assert!(alphabet.read_like("xin").contains(&bank));
        assert!(alphabet.sounding_like('航').contains(&bank), "a character that no name has");
        assert_eq!(alphabet.symbol('店'), UNKNOWN);
    }

    #[test]
    fn what_is_written_in_several_ways_is_one_text() {
        let mut scribe = Scribe::new();
        let [mut one, mut other] = [Vec::new(), Vec::new()];
        scribe.write("羅店 鎮㈠", &mut one);
        scribe.write("罗店镇一", &mut other);
        assert_eq!(one, other);
    }
}
