//! Work unit and address, whole and in short.

use super::text::{Text, add_word};
use super::{Find, Form, Kind};
use crate::mask::place::{address_parts, is_unit};
use crate::normalize;

/// What a unit's name begins with when it says where it is.
const REGIONS: &str = "上海市 上海 北京市 北京 天津市 天津 重庆市 重庆 江苏省 江苏 浙江省 浙江 安徽省 安徽 宝山区 宝山 \
    中国 中华";
/// What it ends with when it says what it is.
const ENDS: &str =
    "股份有限公司 有限责任公司 有限公司 集团公司 分公司 公司 集团 工厂 厂 商店 店 合作社 事务所 工作室";
/// What it says of its trade.
const TRADES: &str = "建设 建筑 工程 服务 物业 管理 贸易 商贸 科技 技术 信息 实业 发展 运输 物流 投资 咨询 餐饮 机械 电子 \
    装饰 装潢 制造 食品 医药 文化 传媒 教育 培训 劳务 家政 清洁 安装 材料 五金 服装 百货 超市 网络 汽车 修理";

/// A unit, also without where it is and what it is. One that the text may name anyway is a warning.
pub(super) fn unit(text: &Text, kind: Kind, raw: &str, expected: &[String], finds: &mut Vec<Find>) {
    let whole = normalize::place(raw);
    if !is_unit(&whole) {
        return;
    }
    let tells = !expected.iter().any(|unit| normalize::place(unit) == whole);
    add_word(&text.places, &whole, (kind, Form::Whole, tells), finds);
    let local = without_regions(&whole);
    let core = without_end(local);
    let own = TRADES.split_whitespace().fold(core.to_owned(), |own, trade| own.replace(trade, ""));
    let count = own.chars().count();
    // Of a name that says nothing but the trade, or of an office, the short form is anybody's.
    let certain = tells && count >= 2 && core != local;
    for short in [local, core] {
        if short != whole && short.chars().count() >= 3 {
            add_word(
                &text.places,
                short,
                (kind, Form::Short, certain && short.chars().count() > count),
                finds,
            );
        }
    }
    if count >= 2 && own != whole {
        add_word(&text.places, &own, (kind, Form::Short, false), finds);
    }
}

fn without_regions(unit: &str) -> &str {
    let mut rest = unit;
    while let Some(shorter) = REGIONS.split_whitespace().find_map(|region| rest.strip_prefix(region)) {
        rest = shorter;
    }
    // Any other city, district or county at the front.
    let region = rest.char_indices().take(5).skip(1).find(|(_, c)| "省市区县镇".contains(*c));
    let after = region.and_then(|(at, c)| rest.get(at + c.len_utf8()..));
    after.filter(|after| after.chars().count() >= 2).unwrap_or(rest)
}

fn without_end(unit: &str) -> &str {
    let shorter = ENDS.split_whitespace().find_map(|end| unit.strip_suffix(end));
    shorter.filter(|shorter| shorter.chars().count() >= 2).unwrap_or(unit)
}

/// The address and every part of it that tells a house; street, lane or room alone as warnings.
pub(super) fn address(text: &Text, raw: &str, expected: &[String], finds: &mut Vec<Find>) {
    let is_expected = |place: &str| expected.iter().any(|unit| unit.trim() == place.trim());
    let parts = address_parts(raw, &is_expected);
    if parts.is_empty() {
        return;
    }
    let whole = normalize::place(raw);
    add_word(&text.places, &whole, (Kind::Address, Form::Whole, true), finds);
    for part in parts.iter().filter(|part| **part != whole) {
        add_word(&text.places, part, (Kind::Address, Form::Part, true), finds);
    }
    for piece in pieces(&whole) {
        add_word(&text.places, &piece, (Kind::Address, Form::Part, false), finds);
    }
}

/// The street's name; each number of three digits or more with what it counts; the last two of these together.
fn pieces(whole: &str) -> Vec<String> {
    let first_digit = whole.find(|c: char| c.is_ascii_digit()).unwrap_or(whole.len());
    let (front, tail) = whole.split_at(first_digit);
    let ends = front.char_indices().filter(|(_, c)| "省市区县镇乡道".contains(*c));
    let streets = ends.filter_map(|(at, c)| front.get(at + c.len_utf8()..)).chain([front]);
    let street = streets.filter(|street| street.chars().count() >= 3).min_by_key(|street| street.len());
    let mut pieces: Vec<String> = street.map(str::to_owned).into_iter().collect();
    let mut counted = Vec::<String>::new();
    let mut was_digit = false;
    for c in tail.chars() {
        let is_digit = c.is_ascii_digit();
        match counted.last_mut() {
            Some(last) if was_digit || !is_digit => last.push(c),
            _ => counted.push(c.to_string()),
        }
        was_digit = is_digit;
    }
    if let [.., before, last] = counted.as_slice() {
        pieces.push(format!("{before}{last}"));
    }
    let digits = |piece: &str| piece.chars().filter(char::is_ascii_digit).count();
    pieces.extend(
        counted
            .iter()
            .filter(|piece| digits(piece) >= 3 && !piece.ends_with(|c: char| c.is_ascii_digit()))
            .cloned(),
    );
    pieces
}
