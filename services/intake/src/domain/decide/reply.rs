//! Telling the complainant (16, 17).

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{ReplyDelivered, ReplyOccasion};

use super::step::Step;
use super::{Outcome, Write, delivery};
use crate::domain::{Book, Rejection, Reply, SendReply, reply_message};

/// Each attempt is on record; a failed one leaves the reply open.
pub(super) fn send(mut step: Step<'_>, book: &Book, send: &SendReply) -> Result<Outcome, Rejection> {
    let nothing = Rejection::Nothing { what: "reply", id: send.reply_id };
    let reply = book.reply(send.reply_id).filter(|reply| reply.case_id == step.case.case_id);
    // Of a case that was opened again the latest result is the one that counts (3).
    let counts = |reply: &&Reply| reply.occasion != ReplyOccasion::Result || !book.has_later(reply);
    let reply = reply.filter(|reply| reply.may_become(send.outcome)).filter(counts);
    let mut reply = reply.ok_or(nothing)?.clone();
    let event = ReplyDelivered {
        reply_id: send.reply_id.to_string(),
        occasion: reply.occasion.into(),
        form: send.form.clone(),
        outcome: send.outcome.into(),
        text: Some(send.text.reference()),
        ..ReplyDelivered::default()
    };
    if reply.is_open() {
        delivery::not_running(&reply, step.at.now)?;
    }
    reply.apply(&event);
    step.answer().reply = Some(reply_message(&reply, step.at.organ, &step.case.number.clone(), step.at.now));
    step.happens(Kind::ReplyDelivered(event));
    step.keeps(Write::Draft(send.text.clone()));
    Ok(step.done())
}
