//! The case was erased: its texts go here, too (16).

use content::Listed;
use duban_proto::supervision::v1::{ContentErased, event::Kind};

use super::{Decision, Fact};
use crate::domain::{Book, Write};

/// Once for each case that is known here: routing tells it for each organ that it tells.
pub(super) fn erase(book: &Book, listed: &Listed) -> Decision {
    let case_id = listed.erasure.case_id;
    if book.erased.contains(&case_id) || book.clocks_of(case_id).next().is_none() {
        return Decision::default();
    }
    let erased = ContentErased {
        erased_at: Some(server::time::to_proto(listed.erasure.at)),
        article: listed.erasure.article.clone(),
    };
    Decision {
        facts: vec![Fact::new(case_id, Kind::ContentErased(erased))],
        writes: vec![Write::Erase(Box::new(listed.clone()))],
        ..Decision::default()
    }
}
