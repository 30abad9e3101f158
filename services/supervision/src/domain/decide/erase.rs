//! The case was erased: its texts go here, too (16).

use content::Listed;
use duban_proto::supervision::v1::{ContentErased, event::Kind};

use ledger::Organ;
use uuid::Uuid;

use super::{Decision, Fact};
use crate::domain::{Book, Write};

/// Once for each case that is known here: routing tells it for each organ that it tells.
pub(super) fn erase(book: &Book, listed: &Listed) -> Decision {
    let case_id = listed.erasure.case_id;
    let others = others(book, case_id);
    let known = book.clocks_of(case_id).next().is_some() || !others.is_empty();
    if book.erased.contains(&case_id) || !known {
        return Decision::default();
    }
    let erased = ContentErased {
        erased_at: Some(server::time::to_proto(listed.erasure.at)),
        article: listed.erasure.article.clone(),
    };
    Decision {
        facts: std::iter::once(None)
            .chain(others.into_iter().map(Some))
            .map(|to| Fact::new(case_id, Kind::ContentErased(erased.clone())).addressed(to))
            .collect(),
        writes: vec![Write::Erase(Box::new(listed.clone()))],
        ..Decision::default()
    }
}

/// The organs that have texts on the case in ledgers of their own: notices, answers, files of accountability (16, 20, 21). Routing does
/// not tell all of them.
fn others(book: &Book, case_id: Uuid) -> Vec<Organ> {
    let notices = book.issued_of(case_id).flat_map(|notice| [&notice.told.issued_by, &notice.told.organ]);
    let files = book.files_of(case_id).flat_map(|file| [&file.told.authority, &file.told.organ]);
    let mut others: Vec<&String> = notices.chain(files).filter(|organ| **organ != book.organ).collect();
    others.sort_unstable();
    others.dedup();
    others.into_iter().filter_map(|organ| Organ::new(organ).ok()).collect()
}
