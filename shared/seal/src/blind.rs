use crate::{Identity, SecretKey, normalize};

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
