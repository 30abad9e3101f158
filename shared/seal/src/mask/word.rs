//! Full name, e-mail address, WeChat name.

use super::{
    Find, Kind,
    stream::{self, Glyph, Rules},
};
use crate::{Identity, normalize};

/// Surnames of two characters: alone, they are as little a full name as 王.
const COMPOUND_SURNAMES: &str = "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 轩辕 端木 \
    百里 东郭 南宫 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 司空 第五";

const NAME: Rules = Rules {
    symbol: |c| c.is_alphanumeric().then_some(c),
    bridge: |c| normalize::is_gap(c) || "·•・‧.-‐–—_*~|/\\'’".contains(c),
    longest_bridge: 3,
};

/// Everything but gaps counts.
const ADDRESS: Rules =
    Rules { symbol: |c| (!normalize::is_gap(c)).then_some(c), bridge: normalize::is_gap, longest_bridge: 3 };

pub(super) fn find(glyphs: &[Glyph], identity: &Identity) -> Vec<Find> {
    let name = normalize::name(&identity.name);
    let email = normalize::email(&identity.email);
    let wechat = normalize::email(&identity.wechat);
    let mut finds = Vec::new();
    if is_full_name(&name) {
        finds.extend(whole_words(glyphs, &NAME, &name, Kind::FullName));
    }
    if email.contains('@') {
        finds.extend(whole_words(glyphs, &ADDRESS, &email, Kind::Email));
    }
    if wechat.chars().count() >= 3 {
        finds.extend(whole_words(glyphs, &ADDRESS, &wechat, Kind::Wechat));
    }
    finds
}

fn is_full_name(name: &str) -> bool {
    name.chars().count() >= 2 && !COMPOUND_SURNAMES.split_whitespace().any(|surname| surname == name)
}

fn whole_words(glyphs: &[Glyph], rules: &Rules, word: &str, kind: Kind) -> Vec<Find> {
    let symbols = stream::symbols(glyphs, rules);
    stream::occurrences(&symbols, word)
        .iter()
        .filter(|at| stream::is_whole_word(&symbols, at))
        .filter_map(|at| Some((kind, stream::bytes(&symbols, at)?)))
        .collect()
}
