//! What the cases of a list have in common.

use duban_proto::common::v1::CaseState;
use jiff::Timestamp;

use super::{Case, Facet};

/// All that is given has to hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// One of these states; any when empty.
    pub(crate) states: Vec<CaseState>,
    /// For each of these, one of the values.
    pub(crate) facets: Vec<(Facet, Vec<String>)>,
    /// How the number begins; empty: any or none.
    pub(crate) number: String,
    /// Received then or later.
    pub(crate) from: Option<Timestamp>,
    /// Received before.
    pub(crate) before: Option<Timestamp>,
    /// Words of the working copy, as they are searched for.
    pub(crate) words: Vec<String>,
}

impl Filter {
    /// Whether a case has it all in common, but for the words: those are in the working copy.
    pub(crate) fn fits(&self, case: &Case) -> bool {
        let has = |(facet, wanted): &(Facet, Vec<String>)| {
            facet.values(case).iter().any(|value| wanted.iter().any(|one| one == value))
        };
        (self.states.is_empty() || self.states.contains(&case.state))
            && self.from.is_none_or(|from| case.received_at >= from)
            && self.before.is_none_or(|before| case.received_at < before)
            && case.number.starts_with(&self.number)
            && self.facets.iter().all(has)
    }

    /// Whether a working copy has all the words.
    pub(crate) fn is_in(&self, working_copy: &str) -> bool {
        let text = seal::normalize::text(working_copy);
        self.words.iter().all(|word| text.contains(word.as_str()))
    }
}
