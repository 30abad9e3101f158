//! Work unit and address.

use super::{
    Find, Kind,
    stream::{self, Glyph, Rules},
};
use crate::{
    Identity,
    normalize::{self, digit},
};

/// Answers to "work unit" that name none.
const NO_UNIT: &str = "无 没有 无单位 无业 待业 失业 退休 个体 个体户 务农 农民 学生 自由职业";

/// Where an address narrows from a region to a place in it.
const REGION_ENDS: &str = "省市区县镇乡村道";

/// A shorter end of an address could be anybody's.
const SHORTEST_PART: usize = 4;

const PLACE: Rules = Rules {
    symbol: |c| c.is_alphanumeric().then(|| digit(c).unwrap_or(c)),
    bridge: |c| !c.is_alphanumeric(),
    longest_bridge: 2,
};

pub(super) fn find(glyphs: &[Glyph], identity: &Identity, in_directory: &dyn Fn(&str) -> bool) -> Vec<Find> {
    let symbols = stream::symbols(glyphs, &PLACE);
    let unit = unit(&identity.work_unit, in_directory).into_iter().map(|unit| (Kind::Unit, unit));
    let address = address_parts(&identity.address, in_directory).into_iter();
    unit.chain(address.map(|part| (Kind::Address, part)))
        .flat_map(|(kind, form)| {
            let found = stream::occurrences(&symbols, &form);
            found.into_iter().map(move |at| (kind, at))
        })
        .filter(|(_, at)| stream::is_whole_word(&symbols, at))
        .filter_map(|(kind, at)| Some((kind, stream::bytes(&symbols, &at)?)))
        .collect()
}

fn unit(raw: &str, in_directory: &dyn Fn(&str) -> bool) -> Option<String> {
    let unit = normalize::place(raw);
    (is_unit(&unit) && !in_directory(raw.trim())).then_some(unit)
}

/// Whether a (normalised) work unit names one.
pub(crate) fn is_unit(unit: &str) -> bool {
    unit.chars().count() >= 2 && !NO_UNIT.split_whitespace().any(|none| none == unit)
}

/// The address, and every end of it that begins after a region and tells a number (of the house, the room), each also
/// up to its last 号 or 弄: people write 友谊路1号 for 上海市宝山区友谊路1号201室.
pub(crate) fn address_parts(raw: &str, in_directory: &dyn Fn(&str) -> bool) -> Vec<String> {
    let whole = normalize::place(raw);
    if whole.chars().count() < 2 || in_directory(raw.trim()) {
        return Vec::new();
    }
    let after_region = whole.char_indices().filter(|(_, c)| REGION_ENDS.contains(*c));
    let ends = after_region.filter_map(|(at, c)| whole.get(at + c.len_utf8()..)).chain([whole.as_str()]);
    let mut parts: Vec<String> = ends
        .flat_map(|end| {
            let house = end.rfind(['号', '弄']).and_then(|at| end.get(..at + '号'.len_utf8()));
            [Some(end), house]
        })
        .flatten()
        .filter(|part| tells_a_house(part) && !in_directory(part))
        .map(str::to_owned)
        .collect();
    parts.push(whole);
    parts.sort_unstable();
    parts.dedup();
    parts
}

fn tells_a_house(part: &str) -> bool {
    part.chars().count() >= SHORTEST_PART && part.chars().any(|c| c.is_ascii_digit())
}
