//! Limits that ran out, as the tick found: each once, in the order of their moments (house).

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{AcknowledgementOverdue, InstrumentOverdue, InstrumentReminded, PartOverdue};
use jiff::{SignedDuration, Timestamp};

use super::Outcome;
use super::step::Step;
use crate::domain::{Case, Instrument, Tenure};

/// What is noted later than this after its time says so.
const PUNCTUAL: SignedDuration = SignedDuration::from_secs(1);

/// Everything that is due at `now`, by the tick's clock; nothing where it was dealt with already.
pub(super) fn run_out(mut step: Step<'_>, now: Timestamp) -> Outcome {
    while let Some((kind, audience)) = next(&step.case, step.at.organ, now, step.at.now) {
        step.tells(kind, audience);
    }
    step.done()
}

/// What comes first of what is due. Each changes the case, so that it is not due again.
fn next(case: &Case, organ: &str, due: Timestamp, now: Timestamp) -> Option<(Kind, Option<String>)> {
    let at = case.next_due(organ).filter(|at| *at <= due.as_microsecond())?;
    let moment = Timestamp::from_microsecond(at).unwrap_or_default();
    let late = moment.duration_until(now) > PUNCTUAL;
    let unacknowledged = case.unacknowledged(organ);
    if let Some(tenure) = unacknowledged.filter(|tenure| tenure.acknowledge_by_micros() == Some(at)) {
        return Some((unacknowledged_in_time(tenure, late), Some(tenure.organ.clone())));
    }
    if let Some(part) = case.part_due_at(at) {
        let (part, due_at) = (part.facts.part, part.facts.due_at);
        return Some((Kind::PartOverdue(PartOverdue { part, due_at, late }), None));
    }
    let instrument = case.instruments.iter().find(|one| one.next_at() == Some(at))?;
    Some((of_instrument(instrument, at, late), Some(instrument.sent_to.clone())))
}

fn unacknowledged_in_time(tenure: &Tenure, late: bool) -> Kind {
    Kind::AcknowledgementOverdue(AcknowledgementOverdue {
        term: tenure.term,
        organ: tenure.organ.clone(),
        due_at: tenure.acknowledge_by,
        late,
    })
}

fn of_instrument(instrument: &Instrument, at: i64, late: bool) -> Kind {
    let instrument_id = instrument.id().to_owned();
    let due_at = instrument.due_at.and_then(|at| Timestamp::from_microsecond(at).ok());
    let due_at = due_at.map(server::time::to_proto);
    if instrument.due_at == Some(at) {
        Kind::InstrumentOverdue(InstrumentOverdue { instrument_id, due_at, late })
    } else {
        Kind::InstrumentReminded(InstrumentReminded { instrument_id, due_at, late })
    }
}

/// The home told this organ that it did not acknowledge in time; nothing where it did meanwhile, or was told before.
pub(super) fn note_overdue(mut step: Step<'_>, overdue: &AcknowledgementOverdue) -> Outcome {
    let concerns = |tenure: &Tenure| {
        tenure.term == overdue.term
            && tenure.acknowledged_at.is_none()
            && tenure.acknowledgement_overdue_at.is_none()
    };
    if !step.case.current().is_some_and(concerns) {
        return Outcome::default();
    }
    step.happens(Kind::AcknowledgementOverdue(overdue.clone()));
    step.done()
}
