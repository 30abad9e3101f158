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

/// Surnames of two characters: alone, they are as little a full name as 王.
const COMPOUND_SURNAMES: &str = "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 轩辕 端木 \
    百里 东郭 南宫 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 司空 第五";

/// Whether a (normalised) name is a surname of two characters.
pub(crate) fn is_compound_surname(name: &str) -> bool {
    COMPOUND_SURNAMES.split_whitespace().any(|surname| surname == name)
}

/// A (normalised) name in Chinese characters as surname and given name; the given name is empty where there is none.
pub(crate) fn surname_and_given(name: &str) -> (&str, &str) {
    let split = |count| name.char_indices().nth(count).map_or(name.len(), |(at, _)| at);
    let (two, rest) = name.split_at(split(2));
    if is_compound_surname(two) && !rest.is_empty() { (two, rest) } else { name.split_at(split(1)) }
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
