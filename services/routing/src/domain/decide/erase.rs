//! The case was erased at intake: its texts go here, too, and at each organ that knows the case (16).

use std::collections::BTreeSet;

use content::Listed;
use duban_proto::routing::v1::ContentErased;
use duban_proto::routing::v1::event::Kind;
use jiff::Timestamp;

use super::step::Step;
use super::{Outcome, guidance};
use crate::domain::{Act, Question, Rejection};

/// Each organ tells those that it handed the case to, or had it from; who was told before does nothing.
pub(super) fn erase(mut step: Step<'_>, listed: &Listed) -> Outcome {
    if step.case.erased_at.is_some() {
        return Outcome::default();
    }
    let erased = ContentErased {
        erased_at: Some(server::time::to_proto(listed.erasure.at)),
        article: listed.erasure.article.clone(),
    };
    let case = &step.case;
    let holders = case.terms.iter().map(|tenure| tenure.organ.clone());
    let others = [&case.home, &case.reported_to, &case.came_from, &case.inherited_from].map(String::clone);
    let parts = case.parts.iter().map(|part| part.facts.organ.clone());
    let sent = case.instruments.iter().map(|instrument| instrument.sent_to.clone());
    let questions = case.questions.clone();
    let told: BTreeSet<String> = holders
        .chain(others)
        .chain(parts)
        .chain(sent)
        .filter(|organ| !organ.is_empty() && organ != step.at.organ)
        .collect();
    if told.is_empty() {
        step.happens(Kind::ContentErased(erased.clone()));
    }
    for organ in told {
        step.tells(Kind::ContentErased(erased.clone()), Some(organ));
    }
    for Question { guidance_id, asked_of } in questions {
        step.tells(guidance::erased(&guidance_id, listed), Some(asked_of));
    }
    step.erases(listed);
    step.done()
}

/// Nothing is written any more of what was erased; what others tell of the case is still noted.
pub(super) fn must_be_there(step: &Step<'_>, act: &Act) -> Result<(), Rejection> {
    let Some(at) = step.case.erased_at.filter(|_| act.is_asked_by_a_person()) else { return Ok(()) };
    Err(Rejection::Erased(Timestamp::from_microsecond(at).unwrap_or_default()))
}
