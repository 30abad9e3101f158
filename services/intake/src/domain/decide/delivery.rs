//! Sending by the program (17). Each attempt begins with an entry, which is what keeps two from making it at once: only one
//! of them finds the reply still due.

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    DeliveryBegun, DeliveryDecided, DeliveryDecision, DeliveryDeferred, DeliveryFailed, DeliveryOutcome,
    IdentityOpened, ReplyDelivered,
};
use jiff::Timestamp;
use server::time::to_proto;
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::delivery::Progress;
use crate::domain::{
    BeginDelivery, Book, DecideDelivery, EndDelivery, Ended, Rejection, Reply, reply_message,
};

/// For what the program reads who complains (15).
const PURPOSE: &str = "reply";
/// Whoever made an attempt did not live to say how it went.
const LAPSED: &str = "lapsed";

/// The answer has the reply where the attempt is to be made, and none where it is put off.
pub(super) fn begin(mut step: Step<'_>, book: &Book, begin: &BeginDelivery) -> Result<Outcome, Rejection> {
    let reply = open(&step, book, begin.reply_id)?;
    let now = step.at.now;
    let due = reply.delivery.next_at.is_some_and(|at| at <= now);
    if !due || begin.attempt != reply.attempts + 1 {
        return Err(nothing(begin.reply_id));
    }
    if reply.delivery.has_lapsed(now) && !reply.delivery.is_repeatable() {
        lapses(&mut step, &reply);
        return Ok(step.done());
    }
    let from = step.regulation.reply_from(now);
    if from > now {
        step.happens(Kind::DeliveryDeferred(DeliveryDeferred {
            reply_id: begin.reply_id.to_string(),
            next_attempt_at: Some(to_proto(from)),
        }));
        return Ok(step.done());
    }
    let kept = reply.delivery.begun.as_ref().and_then(|begun| begun.text.clone());
    let event = DeliveryBegun {
        reply_id: begin.reply_id.to_string(),
        attempt: begin.attempt,
        port: begin.port.clone(),
        form: begin.form.clone(),
        repeatable: begin.repeatable,
        until: Some(to_proto(begin.until)),
        text: kept.or_else(|| begin.text.as_ref().map(content::Draft::reference)),
    };
    let mut begun = reply;
    begun.begins(&event);
    tells(&mut step, &begun);
    step.happens(Kind::DeliveryBegun(event));
    // The reading is on record before anything is opened.
    if begin.opens_identity {
        step.happens(Kind::IdentityOpened(IdentityOpened {
            purpose: PURPOSE.to_owned(),
            grant_id: String::new(),
        }));
    }
    if let Some(text) = &begin.text {
        step.keeps(Write::Draft(text.clone()));
    }
    Ok(step.done())
}

/// That a lapsed attempt can't be made again; nothing is sent.
fn lapses(step: &mut Step<'_>, reply: &Reply) {
    step.happens(Kind::DeliveryFailed(DeliveryFailed {
        reply_id: reply.reply_id.to_string(),
        attempt: reply.attempts,
        port: reply.delivery.begun.as_ref().map(|begun| begun.port.clone()).unwrap_or_default(),
        code: LAPSED.to_owned(),
        unknown: true,
        next_attempt_at: None,
    }));
}

/// What became of the attempt that this process made. One that lapsed meanwhile is told all the same, unless another has
/// begun since, or a person has decided.
pub(super) fn end(mut step: Step<'_>, book: &Book, end: &EndDelivery) -> Result<Outcome, Rejection> {
    let mut reply = open(&step, book, end.reply_id)?;
    let made = matches!(reply.delivery.progress, Progress::Running | Progress::Unknown);
    let begun = reply.delivery.begun.clone().filter(|begun| made && begun.attempt == end.attempt);
    let begun = begun.ok_or_else(|| nothing(end.reply_id))?;
    match &end.how {
        Ended::Sent => {
            let event = ReplyDelivered {
                reply_id: begun.reply_id,
                occasion: reply.occasion.into(),
                form: begun.form,
                outcome: DeliveryOutcome::Sent.into(),
                text: begun.text,
                port: begun.port,
                attempt: begun.attempt,
            };
            reply.apply(&event);
            step.happens(Kind::ReplyDelivered(event));
        }
        Ended::Failed { code, again_at, unknown } => {
            let again_at = again_at.filter(|_| !unknown).map(|at| step.regulation.reply_from(at));
            let event = DeliveryFailed {
                reply_id: begun.reply_id,
                attempt: begun.attempt,
                port: begun.port,
                code: (*code).clone(),
                unknown: *unknown,
                next_attempt_at: again_at.map(to_proto),
            };
            reply.fails(&event);
            step.happens(Kind::DeliveryFailed(event));
        }
    }
    tells(&mut step, &reply);
    Ok(step.done())
}

/// What a person decides (17), with the reason; not while the program is sending.
pub(super) fn settle(mut step: Step<'_>, book: &Book, decide: &DecideDelivery) -> Result<Outcome, Rejection> {
    let mut reply = open(&step, book, decide.reply_id)?;
    let now = step.at.now;
    not_running(&reply, now)?;
    let attempted = reply.delivery.begun.clone();
    if decide.decision == DeliveryDecision::Delivered && attempted.is_none() {
        return Err(Rejection::Nothing { what: "delivery", id: decide.reply_id });
    }
    let again = decide.decision == DeliveryDecision::Retry;
    let event = DeliveryDecided {
        reply_id: decide.reply_id.to_string(),
        decision: decide.decision.into(),
        reason: Some(decide.reason.reference()),
        next_attempt_at: again.then(|| to_proto(step.regulation.reply_from(now))),
    };
    reply.decided(&event);
    step.happens(Kind::DeliveryDecided(event));
    step.keeps(Write::Draft(decide.reason.clone()));
    let sent = attempted.as_ref().and_then(|begun| begun.text.clone());
    let (form, text) = match decide.decision {
        DeliveryDecision::Delivered => (attempted.map(|begun| begun.form).unwrap_or_default(), sent),
        DeliveryDecision::ToldOtherwise => {
            (decide.form.clone(), decide.text.as_ref().map(content::Draft::reference))
        }
        _ => (String::new(), None),
    };
    if !form.is_empty() {
        let event = ReplyDelivered {
            reply_id: decide.reply_id.to_string(),
            occasion: reply.occasion.into(),
            form,
            outcome: DeliveryOutcome::Sent.into(),
            text,
            ..ReplyDelivered::default()
        };
        reply.apply(&event);
        step.happens(Kind::ReplyDelivered(event));
        if let Some(text) = &decide.text {
            step.keeps(Write::Draft(text.clone()));
        }
    }
    tells(&mut step, &reply);
    Ok(step.done())
}

/// Nobody acts on a reply while the program is sending it.
pub(super) fn not_running(reply: &Reply, now: Timestamp) -> Result<(), Rejection> {
    if reply.delivery.is_running(now) {
        return Err(Rejection::Nothing { what: "reply_not_being_sent", id: reply.reply_id });
    }
    Ok(())
}

fn open(step: &Step<'_>, book: &Book, reply_id: Uuid) -> Result<Reply, Rejection> {
    let reply = book.reply(reply_id).filter(|reply| reply.case_id == step.case.case_id && reply.is_open());
    reply.cloned().ok_or_else(|| nothing(reply_id))
}

fn tells(step: &mut Step<'_>, reply: &Reply) {
    let number = step.case.number.clone();
    step.answer().reply = Some(reply_message(reply, step.at.organ, &number, step.at.now));
}

fn nothing(id: Uuid) -> Rejection {
    Rejection::Nothing { what: "reply", id }
}
