//! The ladder: when its rungs fire, and what is left of it when the end moves (16, 17, 20).

use duban_proto::common::v1::Light;
use duban_proto::supervision::v1::{ClockKind, ClockMoved, Instrument};
use jiff::Timestamp;
use regulation::{Colour, Offset, Rung};

use super::Clock;
use super::rules::{End, Rules};
use super::time::to_wire;

/// The rungs of a clock's ladder.
pub(crate) fn rungs<'a>(rules: &Rules<'a>, clock: &Clock) -> &'a [Rung] {
    rules.limit(clock.kind()).map_or(&[], |limit| &limit.rungs)
}

/// When the rungs fire around this end, in order.
pub(crate) fn times(rules: &Rules<'_>, kind: ClockKind, end: Timestamp) -> Vec<Timestamp> {
    let (calendar, counting) = (rules.calendar, rules.regulation.counting());
    let mut last = Timestamp::MIN;
    rules
        .limit(kind)
        .map_or(&[][..], |limit| &limit.rungs)
        .iter()
        .map(|rung| {
            let at = match rung.offset {
                Offset::Before(length) => calendar.before(end, length, counting),
                Offset::AtEnd => end,
                Offset::After(length) => calendar.after(end, length, counting),
            };
            // Rungs of different units may come out of order; none fires before the one below it.
            last = last.max(at);
            last
        })
        .collect()
}

/// The light after so many rungs.
pub(crate) fn light_after(rungs: &[Rung], fired: usize) -> Light {
    fired.checked_sub(1).and_then(|last| rungs.get(last)).map_or(Light::Green, |rung| light(rung.colour))
}

/// A colour as a light.
pub(crate) const fn light(colour: Colour) -> Light {
    match colour {
        Colour::Green => Light::Green,
        Colour::Yellow => Light::Yellow,
        Colour::Red => Light::Red,
    }
}

/// What a rung issues, as an entry says it.
pub(crate) const fn instrument(rung: &Rung) -> Instrument {
    match rung.issues {
        None => Instrument::Unspecified,
        Some(regulation::Instrument::Reminder) => Instrument::Reminder,
        Some(regulation::Instrument::SupervisionNotice) => Instrument::SupervisionNotice,
        Some(regulation::Instrument::Attention) => Instrument::Attention,
    }
}

/// A clock's end moves. Rungs that fired and would have fired by `now` for the new end stand; those that fired on a date
/// that is withdrawn are annulled.
pub(crate) fn moved(
    rules: &Rules<'_>,
    clock: &Clock,
    end: &End,
    extension_id: String,
    now: Timestamp,
) -> ClockMoved {
    let kind = clock.kind();
    let times = times(rules, kind, end.at);
    let standing = times.iter().take(clock.fired).take_while(|at| **at <= now).count();
    ClockMoved {
        clock: kind.into(),
        term: clock.key.term,
        was_due_at: Some(to_wire(clock.due_at)),
        due_at: Some(to_wire(end.at)),
        length: end.length.to_string(),
        provisional: end.provisional,
        calendar: rules.calendar.version().to_owned(),
        extension_id,
        rung_times: times.into_iter().map(to_wire).collect(),
        rungs_standing: u32::try_from(standing).unwrap_or(u32::MAX),
        light: light_after(rungs(rules, clock), standing).into(),
    }
}
