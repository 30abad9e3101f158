//! An instrument at the organ that it is addressed to (7, 22): noted, signed for, answered. The case need not be known here.

use content::Listed;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::instrument_noted::Told;
use duban_proto::routing::v1::{ContentErased, InstrumentAcknowledged, InstrumentNoted, InstrumentReplied};
use jiff::Timestamp;
use uuid::Uuid;

use super::{At, Fact, Outcome};
use crate::domain::received::told_of;
use crate::domain::{Book, Command, Entry, OnReceived, Received, Rejection, Sealed, Write, wire_received};

/// Decides on a received instrument. What was told before changes nothing.
pub(super) fn decide(
    book: &Book,
    command: &Command,
    act: &OnReceived,
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let case_id = command.case_id.ok_or(Rejection::CaseNotFound(Uuid::nil()))?;
    if command.brings_key().is_some_and(|case_id| book.keyed.contains(&case_id)) {
        return Err(Rejection::KeyIsThere(case_id));
    }
    match act {
        OnReceived::Acknowledge { id } => acknowledge(book, case_id, id, at),
        OnReceived::Reply { id, decided, text } => reply(book, case_id, (id, decided.as_ref(), text), at),
        OnReceived::Note(noted) => Ok(note(book, case_id, noted)),
    }
}

fn acknowledge(book: &Book, case_id: Uuid, id: &str, at: At<'_>) -> Result<Outcome, Rejection> {
    let one = open(book, case_id, id)?;
    if one.acknowledged_at.is_some() {
        return Err(Rejection::InstrumentState(one.as_issued()));
    }
    Ok(told(book, case_id, one, vec![signed(id, at)], at))
}

fn signed(id: &str, at: At<'_>) -> Kind {
    Kind::InstrumentAcknowledged(InstrumentAcknowledged {
        instrument_id: id.to_owned(),
        by: at.actor.to_owned(),
    })
}

/// In time or late. Who did not sign for it before does so by the answer.
fn reply(
    book: &Book,
    case_id: Uuid,
    (id, decided, text): (&str, Option<&(String, String)>, &Sealed),
    at: At<'_>,
) -> Result<Outcome, Rejection> {
    let one = open(book, case_id, id)?;
    if !one.is_answered_to() {
        return Err(Rejection::InstrumentState(one.as_issued()));
    }
    if decided.is_some() && !one.is_decided_on() {
        return Err(Rejection::NotByRegulation {
            zh: "只有处理建议和移送才有处理决定。",
            en: "Only on a recommendation or a breach of discipline does an authority decide.",
            article: "22".to_owned(),
        });
    }
    let (measure, decided_on) = decided.cloned().unwrap_or_default();
    let mut kinds = Vec::new();
    if one.acknowledged_at.is_none() {
        kinds.push(signed(id, at));
    }
    kinds.push(Kind::InstrumentReplied(InstrumentReplied {
        instrument_id: id.to_owned(),
        measure,
        decided_on,
        answer: Some(text.draft.reference()),
        by: at.actor.to_owned(),
    }));
    let mut outcome = told(book, case_id, one, kinds, at);
    outcome.writes.extend(text.key.clone().map(Write::Key));
    outcome.writes.push(Write::Text(text.draft.clone()));
    Ok(outcome)
}

/// One that waits, and whose case is not erased.
fn open<'b>(book: &'b Book, case_id: Uuid, id: &str) -> Result<&'b Received, Rejection> {
    let one = book.received(case_id, id).ok_or_else(|| Rejection::NoInstrument(id.to_owned()))?;
    if let Some(erased_at) = one.erased_at {
        return Err(Rejection::Erased(Timestamp::from_microsecond(erased_at).unwrap_or_default()));
    }
    if one.is_waiting() { Ok(one) } else { Err(Rejection::InstrumentState(one.as_issued())) }
}

/// The organ that issued it is told, and the answer has it as it is then.
fn told(book: &Book, case_id: Uuid, one: &Received, kinds: Vec<Kind>, at: At<'_>) -> Outcome {
    let mut then = Book::default().with_received(book.received_on(case_id).cloned().collect());
    let mut outcome = Outcome::default();
    for kind in kinds {
        let (organ, case_id) = (at.organ, Some(case_id));
        then.evolve(&Entry { organ, at: at.now, actor: at.actor, case_id, kind: &kind });
        outcome.facts.push(Fact { kind, audience: Some(one.from.clone()) });
    }
    outcome.answer.received = then.received(case_id, one.id()).map(|one| wire_received(at.organ, one));
    outcome
}

/// Only the organ that issued it tells of it.
fn note(book: &Book, case_id: Uuid, noted: &InstrumentNoted) -> Outcome {
    let Some(told) = &noted.told else { return Outcome::default() };
    let known = told_of(noted).and_then(|id| book.received(case_id, id));
    let is_new = match (told, known) {
        (Told::Sent(_), known) => known.is_none(),
        (_, None) => false,
        (_, Some(one)) if one.from != noted.organ || one.withdrawn => false,
        (Told::Accepted(_), Some(one)) => !one.settled,
        (Told::Rejected(event), Some(one)) => {
            one.replies.last().is_some_and(|reply| !reply.rejected && reply.reason != event.reason)
        }
        (Told::Overdue(_), Some(one)) => one.is_waiting() && one.overdue_since.is_none(),
        (Told::Reminded(_), Some(one)) => one.is_waiting() && one.reminded_at.is_none(),
        (Told::Delivered(event), Some(one)) => event.due_at.is_some() && one.due_at.is_none(),
        (Told::Withdrawn(_), Some(_)) => true,
    };
    if !is_new {
        return Outcome::default();
    }
    let kind = Kind::InstrumentNoted(noted.clone());
    Outcome { facts: vec![Fact { kind, audience: None }], ..Outcome::default() }
}

/// The case of what this organ received is erased: so are its answers (16).
pub(super) fn erase(book: &Book, case_id: Uuid, listed: &Listed) -> Outcome {
    if !book.received_on(case_id).any(|one| one.erased_at.is_none()) {
        return Outcome::default();
    }
    let kind = Kind::ContentErased(ContentErased {
        erased_at: Some(server::time::to_proto(listed.erasure.at)),
        article: listed.erasure.article.clone(),
    });
    Outcome {
        facts: vec![Fact { kind, audience: None }],
        writes: vec![Write::Erase(listed.clone())],
        ..Outcome::default()
    }
}
