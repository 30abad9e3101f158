//! Moments in entries: `google.protobuf.Timestamp`, to the microsecond.

use jiff::Timestamp;

/// To an entry.
pub fn to_wire(at: Timestamp) -> prost_types::Timestamp {
    let micros = at.as_microsecond();
    let nanos = i32::try_from(micros.rem_euclid(1_000_000)).unwrap_or_default() * 1000;
    prost_types::Timestamp { seconds: micros.div_euclid(1_000_000), nanos }
}

/// From an entry; 1970 where it is absent or no moment, which no entry of ours is.
pub fn from_wire(at: Option<&prost_types::Timestamp>) -> Timestamp {
    at.and_then(opt_from_wire).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// From the wire, where it is a moment.
pub fn opt_from_wire(at: &prost_types::Timestamp) -> Option<Timestamp> {
    Timestamp::new(at.seconds, at.nanos).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_comes_back_to_the_microsecond_before_1970_too() {
        for text in ["2026-11-24T08:00:00.123456789Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z"]
        {
            let at: Timestamp = text.parse().unwrap();
            let micros = Timestamp::from_microsecond(at.as_microsecond()).unwrap();
            assert_eq!(from_wire(Some(&to_wire(at))), micros);
        }
    }
}
