use std::fmt;

use ctutils::CtEq;

use crate::{CaseRef, SecretKey};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const DATA: usize = 11; // × 5 bits = 55
const LENGTH: usize = DATA + 1;

/// What a complainant tracks a case with, beside its number: `7K3M-9QXT-2A4B`.
///
/// Crockford's base 32 (no I, L, O, U): 55 bits and a check character. A secret: it prints as `TrackingCode(…)`, and
/// [`Self::expose`] is for the receipt alone. Never stored: [`TrackingCodes`] works it out again.
#[derive(Clone, Copy)]
pub struct TrackingCode([u8; LENGTH]);

/// Makes and checks tracking codes.
#[derive(Clone, Debug)]
pub struct TrackingCodes(SecretKey);

impl TrackingCodes {
    /// With a key of their own, see [`SecretKey::derive`].
    pub fn new(key: SecretKey) -> Self {
        Self(key)
    }

    /// The code of a case: always the same.
    pub fn of(&self, case: CaseRef<'_>) -> TrackingCode {
        let tag = self.0.mac("tracking", &[case.organ().as_bytes(), case.case()]);
        let bits = tag.iter().take(8).fold(0, |bits: u64, &byte| bits << 8 | u64::from(byte));
        let mut code = [0; LENGTH];
        for (digit, place) in code.iter_mut().take(DATA).zip(1u32..) {
            *digit = u8::try_from((bits >> (64 - 5 * place)) & 31).unwrap_or_default();
        }
        let [data @ .., last] = &mut code;
        *last = check(data);
        TrackingCode(code)
    }

    /// Whether `code` is the code of this case, in constant time.
    pub fn matches(&self, case: CaseRef<'_>, code: TrackingCode) -> bool {
        self.of(case).0.as_slice().ct_eq(code.0.as_slice()).to_bool()
    }
}

impl TrackingCode {
    /// Reads what a person typed: any case, with or without hyphens and spaces, O for 0, I or L for 1, full-width.
    ///
    /// `None` if it is no code: a wrong length, character, or check (every single wrong character and every swap of
    /// neighbours is found), which tells a mistyped code from a foreign one without asking for any case.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = crate::normalize::characters(text).filter(|c| c.is_alphanumeric());
        let mut code = [0; LENGTH];
        for digit in &mut code {
            *digit = value(digits.next()?)?;
        }
        let [data @ .., last] = &code;
        (digits.next().is_none() && check(data) == *last).then_some(Self(code))
    }

    /// The code in clear, in groups of four.
    pub fn expose(self) -> String {
        let digits: Vec<char> =
            self.0.iter().filter_map(|&v| ALPHABET.get(usize::from(v))).map(|&b| char::from(b)).collect();
        digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
    }
}

impl fmt::Debug for TrackingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TrackingCode(…)")
    }
}

/// A polynomial over GF(32), evaluated at the generator: any one wrong digit and any swap of neighbours changes it.
fn check(data: &[u8]) -> u8 {
    data.iter().fold(0, |sum, digit| double(sum ^ digit))
}

/// Times x in GF(32) = GF(2)[x] / (x⁵ + x² + 1).
fn double(v: u8) -> u8 {
    if v & 0b1_0000 == 0 { v << 1 } else { (v << 1) ^ 0b10_0101 }
}

fn value(digit: char) -> Option<u8> {
    let digit = match digit.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    ALPHABET.iter().zip(0..).find(|(letter, _)| char::from(**letter) == digit).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes() -> TrackingCodes {
        TrackingCodes::new(SecretKey::from_bytes(&[9; 32]).unwrap())
    }

    #[test]
    fn a_code_is_stable_and_bound_to_its_case() {
        let case = CaseRef::new("310113", b"1");
        let code = codes().of(case);
        assert_eq!(code.expose(), codes().of(case).expose());
        assert!(codes().matches(case, code));
        assert!(!codes().matches(CaseRef::new("310113", b"2"), code));
        assert!(!codes().matches(CaseRef::new("310114", b"1"), code));
        assert_eq!(code.expose().len(), 14);
    }

    #[test]
    fn what_people_type_is_read() {
        let case = CaseRef::new("310113", b"1");
        let code = codes().of(case).expose();
        let wide: String = code.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect();
        let spaced = code.replace('-', " ");
        let confused = code.replace('0', "o").replace('1', "l");
        for typed in [code.to_lowercase(), code.replace('-', ""), wide, spaced, confused] {
            assert!(codes().matches(case, TrackingCode::parse(&typed).unwrap()), "{typed}");
        }
        assert!(TrackingCode::parse("").is_none());
        assert!(TrackingCode::parse(&format!("{code}0")).is_none());
        assert!(TrackingCode::parse(&code[..13]).is_none());
    }

    proptest! {
        #[test]
        fn one_wrong_character_or_a_swap_is_noticed(case in any::<[u8; 4]>(), at in 0usize..12, by in 1u8..32) {
            let TrackingCode(digits) = codes().of(CaseRef::new("310113", &case));
            let mut wrong = digits;
            wrong[at] = (wrong[at] + by) % 32;
            prop_assert!(TrackingCode::parse(&TrackingCode(wrong).expose()).is_none());
            if at < 11 && digits[at] != digits[at + 1] {
                let mut swapped = digits;
                swapped.swap(at, at + 1);
                prop_assert!(TrackingCode::parse(&TrackingCode(swapped).expose()).is_none());
            }
        }
    }
}
