//! Who is told of which rung: what the digest counts (house).

use duban_proto::supervision::v1::{Recipient, RungFired};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::ClockKey;
use super::evolve::Stamp;
use super::time::from_wire;

/// A rung that a recipient is told of.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The entry's number in the ledger.
    pub seq: u64,
    /// Who.
    pub recipient: Recipient,
    /// The day on which it is released: 20261124.
    pub day: i32,
    /// From when it stands in the digest.
    pub released_at: Timestamp,
    /// The case.
    pub case_id: Uuid,
    /// The case's number.
    pub number: String,
    /// What fired.
    pub rung: RungFired,
    /// It fired on a date that was withdrawn in the same batch.
    pub annulled: bool,
}

/// Rungs that fired on a date that is withdrawn: those of a clock from a place of its ladder on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Annulled {
    /// The clock.
    pub clock: ClockKey,
    /// The first of them, from 0.
    pub standing: u32,
}

/// What an entry tells whom, a row a recipient. What fired before it was told to anybody has none.
pub(super) fn told(
    case_id: Uuid,
    number: &str,
    recipients: impl Iterator<Item = Recipient>,
    rung: &RungFired,
    stamp: Stamp<'_>,
) -> impl Iterator<Item = Told> {
    let released_at = rung.release_at.as_ref().map_or(stamp.recorded_at, |at| from_wire(Some(at)));
    let day = day(released_at, stamp.zone);
    recipients.map(move |recipient| Told {
        seq: stamp.seq,
        recipient,
        day,
        released_at,
        case_id,
        number: number.to_owned(),
        rung: rung.clone(),
        annulled: false,
    })
}

/// The day of a moment, as a number: 20261124.
pub(crate) fn day(at: Timestamp, zone: &TimeZone) -> i32 {
    number(zone.to_datetime(at).date())
}

/// A day as a number.
pub(crate) fn number(date: jiff::civil::Date) -> i32 {
    i32::from(date.year()) * 10_000 + i32::from(date.month()) * 100 + i32::from(date.day())
}

/// A number as a day; `None` where it is none.
pub(crate) fn date(number: i32) -> Option<jiff::civil::Date> {
    let year = i16::try_from(number / 10_000).ok()?;
    let (month, day) = (i8::try_from(number / 100 % 100).ok()?, i8::try_from(number % 100).ok()?);
    jiff::civil::Date::new(year, month, day).ok()
}
