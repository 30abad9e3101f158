//! The ways in which people write one and the same thing.

use proptest::prelude::*;

const CHINESE: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const FORMAL: [&str; 10] = ["零", "壹", "貳", "叁", "肆", "伍", "陸", "柒", "捌", "玖"];
const SEPARATORS: [&str; 12] = ["", "", "", " ", "-", "－", "　", ".", "·", " - ", "\u{200b}", "\u{2060}"];

/// A mainland mobile number.
pub(crate) fn mobile() -> impl Strategy<Value = String> {
    "1[3-9][0-9]{9}"
}

/// The same digits, each in some script, with some separators between them.
pub(crate) fn digits(number: &str) -> impl Strategy<Value = String> + use<> {
    let digits: Vec<u8> = number.bytes().map(|b| b - b'0').collect();
    let ways =
        proptest::collection::vec((0usize..5, proptest::sample::select(&SEPARATORS[..])), digits.len());
    ways.prop_map(move |ways| {
        let mut text = String::new();
        for (at, (&digit, (script, separator))) in digits.iter().zip(ways).enumerate() {
            if at > 0 {
                text.push_str(separator);
            }
            match script {
                0 | 1 => text.push(char::from(b'0' + digit)),
                2 => text.push(char::from_u32(0xFF10 + u32::from(digit)).unwrap()),
                3 => text.push_str(CHINESE[usize::from(digit)]),
                _ => text.push_str(FORMAL[usize::from(digit)]),
            }
        }
        text
    })
}

/// Full names that appear in no innocent text below.
pub(crate) fn name() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(&["张伟强", "刘晓萍", "欧阳建国", "买买提江", "万龙"][..])
}

/// The same name, traditional or spaced.
pub(crate) fn spelled(name: &'static str) -> impl Strategy<Value = String> {
    let traditional = match name {
        "张伟强" => "張偉強",
        "刘晓萍" => "劉曉萍",
        "欧阳建国" => "歐陽建國",
        "买买提江" => "買買提江",
        other => other,
    };
    let separators = proptest::sample::select(&["", " ", "　", "·", "\u{200b}", "  "][..]);
    (proptest::sample::select(vec![name, traditional]), separators)
        .prop_map(|(name, separator)| name.chars().map(String::from).collect::<Vec<_>>().join(separator))
}
