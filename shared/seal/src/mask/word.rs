//! Full name, e-mail address, WeChat name.

use super::{
    Find, Kind,
    stream::{self, Glyph, Rules},
};
use crate::{Identity, normalize};

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
    name.chars().count() >= 2 && !normalize::is_compound_surname(name)
}

fn whole_words(glyphs: &[Glyph], rules: &Rules, word: &str, kind: Kind) -> Vec<Find> {
    let symbols = stream::symbols(glyphs, rules);
    stream::occurrences(&symbols, word)
        .iter()
        .filter(|at| stream::is_whole_word(&symbols, at))
        .filter_map(|at| Some((kind, stream::bytes(&symbols, at)?)))
        .collect()
}
