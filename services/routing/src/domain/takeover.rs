//! An organ above takes over a case whose home is below (20): what is asked, and what the two organs tell each other.

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{HomeTakeoverAsked, HomeTakeoverRefused};
use jiff::Timestamp;

use super::{Case, Sealed};

/// A takeover of the home.
#[derive(Clone, Debug)]
pub enum Takeover {
    /// Asked for at the organ above.
    Ask {
        /// The home, as far as it is known.
        home: String,
        /// Who is to handle the case; absent: the organ that asks.
        assign_to: Option<String>,
        /// Why.
        reason: Sealed,
    },
    /// Another organ asks for the case.
    NoteAsked {
        /// As it was told.
        asked: HomeTakeoverAsked,
        /// When.
        at: Timestamp,
    },
    /// The home does not hand it over.
    NoteRefused(HomeTakeoverRefused),
}

impl Case {
    /// Whether the takeover that was asked for at this moment was refused, as it is known here.
    pub(super) fn has_refused(&self, asked_at: Option<&prost_types::Timestamp>) -> bool {
        micros(asked_at).is_some_and(|at| self.refused.contains(&at))
    }

    pub(super) fn refuse(&mut self, refused: &HomeTakeoverRefused) {
        self.refused.extend(micros(refused.asked_at.as_ref()));
    }
}

fn micros(at: Option<&prost_types::Timestamp>) -> Option<i64> {
    at.and_then(server::time::from_proto).map(Timestamp::as_microsecond)
}

impl Takeover {
    /// What `kind`, recorded by the organ `from`, asks of the organ it is addressed to.
    pub(super) fn heard(kind: &Kind, from: &str, at: Timestamp) -> Option<Self> {
        match kind {
            Kind::HomeTakeoverAsked(asked) => {
                let asked = HomeTakeoverAsked { organ: from.to_owned(), ..asked.clone() };
                Some(Self::NoteAsked { asked, at })
            }
            Kind::HomeTakeoverRefused(refused) => Some(Self::NoteRefused(*refused)),
            _ => None,
        }
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Ask { reason, .. } => Some(reason),
            Self::NoteAsked { .. } | Self::NoteRefused(_) => None,
        }
    }
}
