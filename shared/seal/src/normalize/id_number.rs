use super::{characters, digit};

/// A resident identity number: digits and a capital X; the old 15 digits become the 18 they stand for.
pub fn id_number(raw: &str) -> String {
    let number: String = characters(raw)
        .filter_map(|c| match c {
            'x' | 'X' => Some('X'),
            other => digit(other),
        })
        .collect();
    match number.split_at_checked(6) {
        // Fifteen digits were given until 1999, so all of them are of people born in 19xx.
        Some((region, rest)) if number.len() == 15 && !number.contains('X') => {
            let body = format!("{region}19{rest}");
            let check = check_digit(&body);
            check.map_or(number, |check| format!("{body}{check}"))
        }
        _ => number,
    }
}

/// Whether a number, in any spelling, is a resident identity number: 18 places, a date of birth that can be one, and
/// the right check digit (GB 11643).
pub fn is_valid_id_number(raw: &str) -> bool {
    let number = id_number(raw);
    is_plausible(&number) && number.get(..17).and_then(check_digit) == number.chars().last()
}

/// Whether 18 places look like an identity number, the check digit aside: a mistyped one still tells who it is.
pub(crate) fn is_plausible(number: &str) -> bool {
    let in_range = |at: std::ops::Range<usize>, low: u16, high: u16| {
        number.get(at).and_then(|part| part.parse().ok()).is_some_and(|n: u16| (low..=high).contains(&n))
    };
    let body_is_digits = number.bytes().take(17).all(|b| b.is_ascii_digit());
    number.len() == 18
        && body_is_digits
        && in_range(0..2, 11, 91)
        && in_range(6..10, 1850, 2150)
        && in_range(10..12, 1, 12)
        && in_range(12..14, 1, 31)
}

/// The check digit of the first 17 places (ISO 7064, MOD 11-2).
fn check_digit(body: &str) -> Option<char> {
    if body.len() != 17 {
        return None;
    }
    let sum = body.chars().try_fold(0, |sum, c| Some((sum + c.to_digit(10)?) * 2 % 11))?;
    // The whole number with its check, X counting as ten, must leave 1.
    match (12 - sum) % 11 {
        10 => Some('X'),
        digit => char::from_digit(digit, 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_are_valid() {
        // The examples that GB 11643 itself gives.
        assert!(is_valid_id_number("11010519491231002X"));
        assert!(is_valid_id_number("440524188001010014"));
        assert!(is_valid_id_number("１１０１０５ 19491231 002x"));
        assert!(!is_valid_id_number("110105194912310021"));
        assert!(!is_valid_id_number("11010519491331002X"));
        assert!(!is_valid_id_number("1101051949123100"));
        assert!(!is_valid_id_number(""));
    }

    #[test]
    fn old_numbers_become_new_ones() {
        assert_eq!(id_number("110105 491231 002"), "11010519491231002X");
    }
}
