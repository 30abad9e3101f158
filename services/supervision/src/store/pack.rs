//! Lists of moments and lengths, as columns have them.

use calendar::Length;
use jiff::Timestamp;
use ledger::to_micros;

/// Moments as microseconds since 1970, 8 bytes each, big-endian.
pub(super) fn pack(moments: &[Timestamp]) -> Vec<u8> {
    moments.iter().flat_map(|at| to_micros(*at).to_be_bytes()).collect()
}

/// The moments again; `None` where the bytes are none.
pub(super) fn unpack(bytes: &[u8]) -> Option<Vec<Timestamp>> {
    let (moments, rest) = bytes.as_chunks::<8>();
    if !rest.is_empty() {
        return None;
    }
    moments.iter().map(|at| Timestamp::from_microsecond(i64::from_be_bytes(*at)).ok()).collect()
}

/// A length as written. A clock capped on its first day has "0 workdays", which nobody can ask for.
pub(super) fn length(text: &str) -> Option<Length> {
    if text == Length::Workdays(0).to_string() { Some(Length::Workdays(0)) } else { text.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_back_and_other_bytes_do_not() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let moments = vec![at("1969-12-31T23:59:59.999999Z"), at("2026-11-24T16:00:00Z")];
        assert_eq!(unpack(&pack(&moments)), Some(moments));
        assert_eq!(unpack(&[1, 2, 3]), None);
    }

    #[test]
    fn a_length_of_nothing_comes_back() {
        for length_of in [Length::Workdays(0), Length::Workdays(10), Length::DutyMinutes(90)] {
            assert_eq!(length(&length_of.to_string()), Some(length_of));
        }
        assert_eq!(length("soon"), None);
    }
}
