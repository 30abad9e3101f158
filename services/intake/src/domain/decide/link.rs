//! Linking cases that belong together (21). A link never touches anybody's own clock or reply.

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseLinked, CaseUnlinked, LinkKind};

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{Book, LinkCases, Rejection, UnlinkCases};

/// What was found does not undo what an officer decided: a link that stands, or was taken back, is not made again. An
/// officer may make it again, or say otherwise how the cases belong together.
pub(super) fn link(mut step: Step<'_>, book: &Book, link: &LinkCases) -> Outcome {
    let known = book.link(step.case.case_id, &link.other);
    let found = !link.matched.is_empty();
    let same = known.is_some_and(|known| known.stands && known.linked.kind() == link.kind);
    if same || (found && known.is_some()) {
        return step.done();
    }
    // Joining is the house's own.
    let citation = step.cite_article(if link.kind == LinkKind::Repeated { "21" } else { "" });
    step.happens(Kind::CaseLinked(CaseLinked {
        other_organ: link.other.organ.clone(),
        other_case_id: link.other.case_id.to_string(),
        kind: link.kind.into(),
        matched: link.matched.iter().map(|one| (*one).into()).collect(),
        citation: Some(citation),
    }));
    step.done()
}

/// Only what stands can be taken back, and with a reason; from either of the two cases.
pub(super) fn unlink(mut step: Step<'_>, book: &Book, unlink: &UnlinkCases) -> Result<Outcome, Rejection> {
    let nothing = Rejection::Nothing { what: "link", id: unlink.other };
    let link = match book.link_to(step.case.case_id, unlink.other) {
        Some(known) => known.stands.then(|| known.linked.clone()),
        None => unlink.found.clone(),
    };
    let link = link.ok_or(nothing)?;
    step.happens(Kind::CaseUnlinked(CaseUnlinked {
        link: Some(link),
        reason: Some(unlink.reason.reference()),
    }));
    step.keeps(Write::Draft(unlink.reason.clone()));
    Ok(step.done())
}
