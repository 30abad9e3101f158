use std::collections::BTreeSet;

use crate::{Identity, SecretKey, normalize};

/// How much of the hash of a pair is kept.
const PAIR_BYTES: usize = 5;

/// What a blind index is of. The same value under two kinds has two indexes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Identifier {
    /// The full name.
    Name,
    /// One telephone number.
    Phone,
    /// The resident identity number.
    IdNumber,
    /// An e-mail address.
    Email,
}

/// Finds the same person again without opening anything: a keyed hash of each identifier in its one spelling.
///
/// The key is the district's, so that an index means the same in all its organs.
#[derive(Clone, Debug)]
pub struct BlindIndex(SecretKey);

impl BlindIndex {
    /// With a key of its own, see [`SecretKey::derive`].
    pub fn new(key: SecretKey) -> Self {
        Self(key)
    }

    /// The index of a value as written; see [`normalize`] for the spellings that fall together.
    ///
    /// `None` where nothing is left of it (`无`, `-` as a phone): else all who left the field out were one person.
    pub fn index(&self, identifier: Identifier, raw: &str) -> Option<[u8; 32]> {
        let value = identifier.normalized(raw);
        (!value.is_empty()).then(|| self.0.mac(identifier.label(), &[value.as_bytes()]))
    }

    /// The indexes of everything in an identity: one for each phone, none for what it lacks.
    pub fn of(&self, identity: &Identity) -> Vec<(Identifier, [u8; 32])> {
        let single = [
            (Identifier::Name, &identity.name),
            (Identifier::IdNumber, &identity.id_number),
            (Identifier::Email, &identity.email),
        ];
        let phones = identity.phones.iter().map(|phone| (Identifier::Phone, phone));
        let mut all: Vec<_> = single
            .into_iter()
            .chain(phones)
            .filter_map(|(kind, raw)| Some((kind, self.index(kind, raw)?)))
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The hashes of all pairs of neighbours in a text, see [`normalize::text`], in order, each once: a word is in it only
    /// if all of the word's pairs are. 40 bits of each, which says less to a thief and is enough to look by; what is found
    /// has to be opened to be certain. `organ` keeps the texts of two organs from being compared.
    pub fn pairs(&self, organ: &str, raw: &str) -> Vec<i64> {
        let letters: Vec<char> = normalize::text(raw).chars().collect();
        let pairs: BTreeSet<&[char]> = letters.windows(2).collect();
        let mut hashes: Vec<i64> = pairs
            .into_iter()
            .map(|pair| {
                let pair = pair.iter().collect::<String>();
                let hash = self.0.mac("blind/pair", &[organ.as_bytes(), pair.as_bytes()]);
                hash.iter().take(PAIR_BYTES).fold(0, |number, byte| number << 8 | i64::from(*byte))
            })
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }
}

impl Identifier {
    fn label(self) -> &'static str {
        match self {
            Self::Name => "blind/name",
            Self::Phone => "blind/phone",
            Self::IdNumber => "blind/id-number",
            Self::Email => "blind/email",
        }
    }

    fn normalized(self, raw: &str) -> String {
        match self {
            Self::Name => normalize::name(raw),
            Self::Phone => normalize::phone(raw),
            Self::IdNumber => normalize::id_number(raw),
            Self::Email => normalize::email(raw),
        }
    }
}
