//! One spelling for text that people write in several: what is compared, indexed and searched for.
//!
//! Every function works a character at a time, so that what is found can be traced to where it stood.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

/// Traditional and variant characters to simplified ones. The data is part of the program and read once.
static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    include_str!("../data/traditional.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .flat_map(|group| {
            let mut characters = group.chars();
            let simplified = characters.next();
            characters.filter_map(move |traditional| simplified.map(|simplified| (traditional, simplified)))
        })
        .collect()
});

/// The characters of a text with their width and script folded: compatibility forms decomposed (full-width, circled
/// and superscript digits, ligatures) and traditional characters simplified. Case and gaps stay.
pub fn characters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().flat_map(folded)
}

/// What one character becomes in [`characters`].
pub fn folded(c: char) -> impl Iterator<Item = char> {
    std::iter::once(c).nfkc().map(simplified)
}

/// The letters and digits of a text, folded as in [`characters`] and in lower case (`張　三` and `张·三` are `张三`).
pub fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    characters(text).filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}

/// The digit that a (folded) character stands for: `0` to `9`, Chinese numerals plain and formal, and what is said
/// on the telephone (幺 1, 两 2, 拐 7, 勾 9, 洞 0).
pub fn digit(c: char) -> Option<char> {
    Some(match c {
        '0'..='9' => c,
        '〇' | '零' | '○' | '洞' => '0',
        '一' | '壹' | '幺' => '1',
        '二' | '贰' | '两' => '2',
        '三' | '叁' => '3',
        '四' | '肆' => '4',
        '五' | '伍' => '5',
        '六' | '陆' => '6',
        '七' | '柒' | '拐' => '7',
        '八' | '捌' => '8',
        '九' | '玖' | '勾' => '9',
        _ => return None,
    })
}

/// Whether a character is only space: white space, or one that shows nothing (zero-width, variation selectors, marks
/// laid over their neighbour).
pub fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
        )
}

fn simplified(c: char) -> char {
    SIMPLIFIED.get(&c).copied().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(SIMPLIFIED.len() > 3900, "{}", SIMPLIFIED.len());
        let text: String = characters("劉 張 陳 黃 楊 趙 鄭 馮 蕭 葉 閻 錢 羅 龔 顧 鄒 龍 萬").collect();
        assert_eq!(text, "刘 张 陈 黄 杨 赵 郑 冯 萧 叶 阎 钱 罗 龚 顾 邹 龙 万");
    }

    #[test]
    fn every_numeral_survives_folding() {
        let spoken: String = characters("貳 陸 幺 〇 零 壹 ① ９ 兩").filter_map(digit).collect();
        assert_eq!(spoken, "261001192");
        assert_eq!(characters("叄").filter_map(digit).collect::<String>(), "3");
    }

    #[test]
    fn letters_in_any_spelling() {
        for spelling in ["罗店镇", "羅店鎮", "罗 店　镇", "(罗店)镇", "罗店\u{200b}镇"] {
            assert_eq!(letters(spelling).collect::<String>(), "罗店镇", "{spelling}");
        }
        assert_eq!(letters("ＬｕｏＤｉａｎ １").collect::<String>(), "luodian1");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(c in any::<char>()) {
            let once: String = folded(c).collect();
            prop_assert_eq!(characters(&once).collect::<String>(), once);
        }
    }
}
