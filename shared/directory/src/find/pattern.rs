//! What a query may mean: the characters as they are, their sounds, or their initials.

use std::borrow::Cow;

use super::alphabet::{Alphabet, EDGE, Symbol};

/// Ways to read a run of letters as syllables ("xian" is 先 or 西安); more are not looked at.
const MOST_READINGS: usize = 8;
/// No syllable is longer ("zhuang").
const LONGEST_SYLLABLE: usize = 6;

/// What may stand at one place of a name.
#[derive(Clone, Debug)]
pub(super) enum Class<'a> {
    /// This character, or the edge.
    Is(Symbol),
    /// One of these, which are in order.
    OneOf(Cow<'a, [Symbol]>),
    /// Anything, also the edge.
    Any,
}

/// What stands at the places of a name one after another.
pub(super) type Pattern<'a> = Vec<Class<'a>>;

impl Class<'_> {
    pub(super) const EDGE: Self = Self::Is(EDGE);

    pub(super) fn has(&self, symbol: Symbol) -> bool {
        match self {
            Self::Is(only) => *only == symbol,
            Self::OneOf(symbols) => symbols.binary_search(&symbol).is_ok(),
            Self::Any => true,
        }
    }

    /// The characters it has, in order; of [`Class::Any`] none is told.
    pub(super) fn members(&self) -> &[Symbol] {
        match self {
            Self::Is(only) => std::slice::from_ref(only),
            Self::OneOf(symbols) => symbols,
            Self::Any => &[],
        }
    }
}

/// The characters as they are.
pub(super) fn literal<'a>(letters: &[char], alphabet: &Alphabet) -> Pattern<'a> {
    letters.iter().map(|letter| Class::Is(alphabet.symbol(*letter))).collect()
}

/// Each Latin letter as the beginning of a reading; none where there is no Latin letter.
pub(super) fn initials<'a>(letters: &[char], alphabet: &'a Alphabet) -> Vec<Pattern<'a>> {
    if !letters.iter().any(char::is_ascii_lowercase) {
        return Vec::new();
    }
    let class = |letter: &char| match letter {
        'a'..='z' => Class::OneOf(Cow::Borrowed(alphabet.beginning_with(*letter))),
        _ => Class::Is(alphabet.symbol(*letter)),
    };
    vec![letters.iter().map(class).collect()]
}

/// What sounds like it: each character as any that may be read the same, and the Latin letters as syllables, the last of
/// which may be unfinished ("luodianzh"), in each way they can be cut.
pub(super) fn sounds<'a>(letters: &[char], alphabet: &'a Alphabet) -> Vec<Pattern<'a>> {
    let mut cutter = Cutter {
        letters,
        alphabet,
        dead: vec![false; letters.len() + 1],
        pattern: Vec::new(),
        found: Vec::new(),
    };
    if letters.len() > 1 {
        cutter.cut(0);
    }
    cutter.found
}

struct Cutter<'a, 'q> {
    letters: &'q [char],
    alphabet: &'a Alphabet,
    /// Where nothing goes on from: each place is tried once.
    dead: Vec<bool>,
    pattern: Pattern<'a>,
    found: Vec<Pattern<'a>>,
}

impl<'a> Cutter<'a, '_> {
    fn cut(&mut self, at: usize) {
        let Some(rest) = self.letters.get(at..).filter(|rest| !rest.is_empty()) else {
            return self.found.push(self.pattern.clone());
        };
        if self.found.len() >= MOST_READINGS || self.dead.get(at) == Some(&true) {
            return;
        }
        let before = self.found.len();
        let run: String = rest.iter().take_while(|letter| letter.is_ascii_lowercase()).collect();
        if run.is_empty() {
            let like = rest.first().map(|letter| self.alphabet.sounding_like(*letter));
            self.with(Class::OneOf(Cow::Owned(like.unwrap_or_default())), at + 1);
        }
        let ends = run.len() == rest.len() && run.len() <= LONGEST_SYLLABLE;
        if ends && (at > 0 || run.len() > 1) {
            let like = self.alphabet.read_like(&run);
            if !like.is_empty() {
                self.with(Class::OneOf(Cow::Owned(like)), self.letters.len());
            }
        }
        for length in
            (1..=run.len().min(LONGEST_SYLLABLE)).rev().filter(|length| !ends || *length < run.len())
        {
            if let Some(symbols) = run.get(..length).and_then(|syllable| self.alphabet.read_as(syllable)) {
                self.with(Class::OneOf(Cow::Borrowed(symbols)), at + length);
            }
        }
        if let Some(dead) = self.dead.get_mut(at) {
            *dead = self.found.len() == before;
        }
    }

    fn with(&mut self, class: Class<'a>, then: usize) {
        self.pattern.push(class);
        self.cut(then);
        self.pattern.pop();
    }
}
