//! What intake told of: repeated complaints, and reports (12, 21).

use super::{Decision, Fact};
use crate::domain::{Book, NoteConcern, concern};

/// What stands already, or does not stand any more, changes nothing.
pub(super) fn note(book: &Book, note: &NoteConcern) -> Decision {
    let stands = concern::key(note.case_id, &note.told)
        .and_then(|key| book.concerns.get(&key))
        .is_some_and(|concern| concern.is_open);
    if stands == concern::opens(&note.told) {
        return Decision::default();
    }
    Decision::of(vec![Fact::new(note.case_id, note.told.clone())])
}
