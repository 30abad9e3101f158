//! What the complainant thinks of the result, once for each that was told (16, house).

use duban_proto::intake::v1::HandlingRated;
use duban_proto::intake::v1::event::Kind;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::{Book, Rate, Rejection, to_rate};

/// Of a case that was opened again the latest result is the one that is rated (3).
pub(super) fn rate(mut step: Step<'_>, book: &Book, rate: &Rate) -> Result<Outcome, Rejection> {
    let case_id = step.case.case_id;
    let reply = to_rate(book.replies().filter(|reply| reply.case_id == case_id));
    let reply = reply.ok_or(Rejection::Nothing { what: "result to rate", id: case_id })?;
    step.happens(Kind::HandlingRated(HandlingRated {
        reply_id: reply.reply_id.to_string(),
        attitude: rate.attitude.clone(),
        result: rate.result.clone(),
        words: rate.words.as_ref().map(content::Draft::reference),
        look_asked: rate.look_asked,
    }));
    if let Some(words) = &rate.words {
        step.keeps(Write::Draft(words.clone()));
    }
    Ok(step.done())
}
