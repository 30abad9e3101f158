//! Moments on the wire: `google.protobuf.Timestamp` and `jiff::Timestamp`.

use jiff::Timestamp;

/// From the wire; `None` outside the years 1 to 9999 or with nanoseconds that are none.
pub fn from_proto(moment: &prost_types::Timestamp) -> Option<Timestamp> {
    (0..1_000_000_000).contains(&moment.nanos).then_some(())?;
    let parsed = Timestamp::new(moment.seconds, moment.nanos).ok()?;
    (LEAST..=MOST).contains(&parsed.as_second()).then_some(parsed)
}

/// To the wire.
pub fn to_proto(moment: Timestamp) -> prost_types::Timestamp {
    let mut seconds = moment.as_second();
    let mut nanos = moment.subsec_nanosecond();
    // The wire counts nanoseconds forward, also before 1970.
    if nanos < 0 {
        seconds -= 1;
        nanos += 1_000_000_000;
    }
    prost_types::Timestamp { seconds, nanos }
}

/// 0001-01-01T00:00:00Z and 9999-12-30T22:00:00Z: what both sides can hold.
const LEAST: i64 = -62_135_596_800;
const MOST: i64 = 253_402_207_200;
