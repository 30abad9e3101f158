//! One spelling for everything that a person may write in several: the form that is indexed and searched for.

mod id_number;

pub(crate) use id_number::is_plausible as is_plausible_id_number;
pub use id_number::{id_number, is_valid_id_number};
pub(crate) use spelling::folded;
pub use spelling::{characters, digit, is_gap};

/// A name: half-width, simplified, lower case, letters and digits only (`張　三` and `张·三` are `张三`).
pub fn name(raw: &str) -> String {
    letters(raw)
}

/// A text that is searched, or a word that is searched for: as in [`name`].
pub fn text(raw: &str) -> String {
    letters(raw)
}

/// The name of a unit or an address, or any other text: letters and digits only, as in [`name`], and every numeral as a
/// digit (`友谊路一号` is `友谊路1号`).
pub fn place(raw: &str) -> String {
    letters(raw).chars().map(|c| digit(c).unwrap_or(c)).collect()
}

/// An e-mail address: half-width, lower case, no spaces.
pub fn email(raw: &str) -> String {
    characters(raw).filter(|c| !is_gap(*c)).flat_map(char::to_lowercase).collect()
}

/// A telephone number: digits only, Chinese numerals included, without country code and extension.
///
/// A mobile number becomes its 11 digits (`+86 138-1234-5678`, `0086…`, `86138…`, `0138…`); a landline number with a
/// country code gets its 0 back (`+86 21 5678 1234` is `02156781234`).
pub fn phone(raw: &str) -> String {
    let written: Vec<char> = characters(raw).take_while(|c| !matches!(c, '转' | '#')).collect();
    let digits: String = written.iter().copied().filter_map(digit).collect();
    let (abroad, rest) = match digits.strip_prefix("0086") {
        Some(rest) => (true, rest),
        None => match digits.strip_prefix("86") {
            Some(rest) if written.contains(&'+') || is_mobile(rest) => (true, rest),
            _ => (false, digits.as_str()),
        },
    };
    match rest.strip_prefix('0') {
        Some(mobile) if is_mobile(mobile) => mobile.to_owned(),
        None if abroad && !is_mobile(rest) => format!("0{rest}"),
        _ => rest.to_owned(),
    }
}

/// Whether these digits are a mainland mobile number: 11, beginning with 13 to 19.
pub fn is_mobile(digits: &str) -> bool {
    matches!(digits.as_bytes(), [b'1', b'3'..=b'9', rest @ ..] if rest.len() == 9 && rest.iter().all(u8::is_ascii_digit))
}

fn letters(raw: &str) -> String {
    spelling::letters(raw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_any_spelling() {
        for spelling in ["张伟", "張偉", "张 伟", "张　伟", " 张·伟 ", "张\u{200b}伟"] {
            assert_eq!(name(spelling), "张伟", "{spelling}");
        }
        assert_eq!(name("Ｊｏｈｎ  SMITH"), "johnsmith");
        assert_eq!(name("买买提·艾力"), name("買買提•艾力"));
    }

    #[test]
    fn phones_in_any_spelling() {
        let mobile = [
            "13812345678",
            "138-1234-5678",
            "+86 138 1234 5678",
            "0086-13812345678",
            "8613812345678",
            "013812345678",
            "１３８１２３４５６７８",
            "一三八一二三四五六七八",
            "幺三八 幺二三四 五六七八",
            "138.1234.5678转2",
        ];
        for spelling in mobile {
            assert_eq!(phone(spelling), "13812345678", "{spelling}");
        }
        for spelling in ["021-56781234", "(021) 5678 1234", "+86 21 56781234", "+86 (0)21-56781234"] {
            assert_eq!(phone(spelling), "02156781234", "{spelling}");
        }
        assert_eq!(phone("56781234"), "56781234");
        assert_eq!(phone("无"), "");
    }

    #[test]
    fn places_and_addresses() {
        assert_eq!(place("友谊路 一号２０１室"), place("友誼路1號二〇一室"));
        assert_eq!(email(" ＺｈａｎｇＳａｎ＠example.com "), "zhangsan@example.com");
    }
}
