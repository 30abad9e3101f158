//! An instrument and the organ that it is addressed to (7, 22): sent, signed for, answered there; and its end with its term.

use duban_proto::common::v1::OrganKind;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    InstrumentAcknowledged, InstrumentAnswered, InstrumentDelivered, InstrumentDelivery, InstrumentReplied,
    InstrumentSent, InstrumentState, InstrumentWithdrawn, TermState,
};
use jiff::Timestamp;

use super::super::Outcome;
use super::super::step::Step;
use super::{found, rule_of, runs};
use crate::domain::{Case, Instrument};

/// To the organ of the directory that it is addressed to, where that one works with the program.
pub(super) fn send(step: &mut Step<'_>, id: &str) {
    let Ok(instrument) = found(step, id).cloned() else { return };
    let (Some(to), Some(drafted), Some(issued)) =
        (instrument.addressed_to(), &instrument.drafted, &instrument.issued)
    else {
        return;
    };
    let works = step.directory.get(to).is_some_and(|organ| organ.kind() != OrganKind::External);
    if !works || to == step.at.organ {
        return;
    }
    let sent = InstrumentSent {
        instrument_id: id.to_owned(),
        kind: drafted.kind,
        number: issued.number.clone(),
        measures: drafted.measures.clone(),
        text: drafted.text.clone(),
        citation: drafted.citation.clone(),
        signed_by: instrument.signed_by.clone(),
        issued_at: Some(server::time::to_proto(step.at.now)),
        answer_within: drafted.answer_within.clone(),
        due_at: issued.due_at,
        checked: drafted.checked,
    };
    step.tells(Kind::InstrumentSent(sent), Some(to.to_owned()));
}

/// The organ that it was sent to is told, where there is one.
pub(super) fn tells(step: &mut Step<'_>, id: &str, kind: Kind) {
    let to = step.case.instrument(id).map(|instrument| instrument.sent_to.clone());
    step.tells(kind, to);
}

/// From then on the time of its answer counts, where it does not from the issue.
pub(super) fn deliver(step: &mut Step<'_>, delivered: InstrumentDelivered, from: Timestamp) {
    let id = delivered.instrument_id.clone();
    let limit = found(step, &id).ok().filter(|one| one.due_at.is_none()).and_then(|one| {
        let within = one.drafted.as_ref()?.answer_within.parse().ok()?;
        Some(runs(step, rule_of(step, one.kind()).ok()?, within, from))
    });
    let delivered = InstrumentDelivered {
        due_at: limit.map(|(due_at, _)| server::time::to_proto(due_at)),
        remind_at: limit.and_then(|(_, remind_at)| remind_at).map(server::time::to_proto),
        ..delivered
    };
    tells(step, &id, Kind::InstrumentDelivered(delivered));
}

/// It counts as delivered then; told once more, or delivered by hand before, nothing changes.
pub(super) fn signed(
    mut step: Step<'_>,
    organ: &str,
    at: Timestamp,
    signed: &InstrumentAcknowledged,
) -> Outcome {
    let settled = |one: &Instrument| one.delivered.is_some() || !one.is_waiting();
    if sent_to(&step.case, organ, &signed.instrument_id).is_none_or(settled) {
        return Outcome::default();
    }
    let delivered = InstrumentDelivered {
        instrument_id: signed.instrument_id.clone(),
        delivered_on: step.regulation().counting().zone.to_datetime(at).date().to_string(),
        way: InstrumentDelivery::Exchange.into(),
        acknowledged_by: signed.by.clone(),
        ..InstrumentDelivered::default()
    };
    deliver(&mut step, delivered, at);
    step.done()
}

/// Kept also where somebody recorded an answer meanwhile; nothing changes where it was withdrawn or settled, or is told once
/// more.
pub(super) fn replied(
    mut step: Step<'_>,
    organ: &str,
    at: Timestamp,
    replied: &InstrumentReplied,
) -> Outcome {
    let Some(one) = sent_to(&step.case, organ, &replied.instrument_id) else { return Outcome::default() };
    let known = one.answers.iter().filter_map(|answer| answer.answered.as_ref());
    let told = known.into_iter().any(|known| known.organ == organ && known.answer == replied.answer);
    let waits = one.is_waiting() || one.state() == InstrumentState::Answered;
    if told || !waits {
        return Outcome::default();
    }
    let answered = InstrumentAnswered {
        instrument_id: replied.instrument_id.clone(),
        round: u32::try_from(one.answers.len()).unwrap_or(u32::MAX).saturating_add(1),
        received_on: step.regulation().counting().zone.to_datetime(at).date().to_string(),
        measure: replied.measure.clone(),
        decided_on: replied.decided_on.clone(),
        answer: replied.answer.clone(),
        organ: organ.to_owned(),
        answered_by: replied.by.clone(),
    };
    step.happens(Kind::InstrumentAnswered(answered));
    step.done()
}

fn sent_to<'c>(case: &'c Case, organ: &str, id: &str) -> Option<&'c Instrument> {
    case.instrument(id).filter(|one| one.sent_to == organ)
}

/// What an organ issued or drafted in a term that ended, as a later one took over or the complaint was withdrawn, lapses with it
/// (house): whoever handles the case now asks anew.
pub(in crate::domain::decide) fn lapse(step: &mut Step<'_>) {
    while let Some((instrument_id, to)) = next_lapsed(&step.case, step.at.organ) {
        let lapsed = InstrumentWithdrawn { instrument_id, reason: None, lapsed: true };
        step.enters(Kind::InstrumentWithdrawn(lapsed), Some(to));
    }
}

fn next_lapsed(case: &Case, organ: &str) -> Option<(String, String)> {
    let ended = |one: &&Instrument| {
        let term = one.drafted.as_ref().map(|drafted| drafted.term);
        let tenure = case.terms.iter().find(|tenure| Some(tenure.term) == term && tenure.organ == organ);
        tenure.is_some_and(|tenure| tenure.state() == TermState::Superseded)
    };
    let open =
        |one: &&Instrument| !matches!(one.state(), InstrumentState::Settled | InstrumentState::Withdrawn);
    let lapsed = case.instruments.iter().filter(open).find(ended)?;
    Some((lapsed.id().to_owned(), lapsed.sent_to.clone()))
}
