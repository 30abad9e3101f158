//! The name of a person, whole and in parts; e-mail address and WeChat name.

use super::text::{Text, add, add_word};
use super::{Find, Form, Kind, sound};
use crate::{Identity, normalize};

/// What is said of somebody whose surname alone is told.
const TITLES: &str =
    "女士 先生 小姐 太太 师傅 阿姨 大爷 大妈 大姐 大哥 大叔 大伯 大娘 奶奶 爷爷 老伯 老太 老人 氏 某 姓";
/// What is said of officials as well.
const OFFICES: &str = "同志 老师 医生 经理 总 工 老板 科长 主任 局长 书记 所长 队长 会计";
/// What comes before a surname.
const BEFORE: &str = "老 小 阿 大 姓 投诉人 举报人 反映人";
/// Surnames that are words of every sentence.
const WORDS: &str = "于何和向从连由安常时方应有能管经关任成明高同与都只过强路段万水";
/// Given names that are words of every sentence.
const EVERYDAY: &str = "建国 和平 国庆 建设 志愿 友谊 光明 平安 幸福 建军 胜利 健康 安全 文化 国家 人民 公平 公正 正义 \
    文明 先进 解放 红星 向阳 长江 黄河 东方 中华 中国 新民 利民 便民 为民 开放 发展 永久 天津 北京 上海 宝山";
/// What stands for a character that is left out.
const BLANKS: &str = "某×x*○〇□_■●?△";

/// A person's name. A surname that one complained about has too tells less; so does a part of such a person's name.
pub(super) fn person(text: &Text, kind: Kind, raw: &str, respondents: &[String], finds: &mut Vec<Find>) {
    let name = normalize::name(raw);
    let length = name.chars().count();
    if length < 2 || normalize::is_compound_surname(&name) {
        return;
    }
    if name.chars().any(|c| c.is_ascii_alphabetic()) {
        return latin(text, kind, raw, &name, finds);
    }
    let others: Vec<String> = respondents.iter().map(|other| normalize::name(other)).collect();
    add(&text.words, &name, (kind, Form::Whole, true), finds);
    add(&text.loose, &name, (kind, Form::Whole, length >= 3), finds);
    let (surname, given) = normalize::surname_and_given(&name);
    parts(text, kind, raw, given, &others, finds);
    let shared = others.iter().any(|other| normalize::surname_and_given(other).0 == surname);
    titled(text, kind, surname, !shared && !WORDS.contains(surname), finds);
    blanked(text, kind, surname, given, finds);
    sound::pinyin(text, kind, surname, given, finds);
    sound::alike(text, kind, &name, finds);
}

/// A name in Latin letters: whole in either order, and each of its words.
fn latin(text: &Text, kind: Kind, raw: &str, name: &str, finds: &mut Vec<Find>) {
    add_word(&text.words, name, (kind, Form::Whole, true), finds);
    let words: Vec<String> = raw.split(|c: char| !c.is_alphanumeric()).map(normalize::name).collect();
    if let Some((first, rest)) = words.split_first() {
        add_word(&text.words, &format!("{}{first}", rest.concat()), (kind, Form::Whole, true), finds);
    }
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        add_word(&text.words, word, (kind, Form::Part, false), finds);
    }
}

/// The given name alone; what is left of a longer one; what stands between dots; 阿伟 and 小伟.
fn parts(text: &Text, kind: Kind, raw: &str, given: &str, others: &[String], finds: &mut Vec<Find>) {
    let count = given.chars().count();
    let of_others = others.iter().any(|other| other.contains(given));
    let everyday = EVERYDAY.split_whitespace().any(|word| word == given);
    if count >= 2 {
        add(&text.words, given, (kind, Form::Part, !of_others && !everyday), finds);
    }
    let mut last = given.chars().rev();
    if let (Some(end), before) = (last.next(), last.next()) {
        if let Some(before) = before.filter(|_| count >= 3) {
            add(&text.words, &format!("{before}{end}"), (kind, Form::Part, false), finds);
        }
        for called in [format!("阿{end}"), format!("小{end}"), format!("{end}{end}")] {
            add(&text.words, &called, (kind, Form::Part, false), finds);
        }
    }
    let dotted: Vec<String> = raw.split(['·', '•', '・', '‧', '.']).map(normalize::name).collect();
    for part in dotted.iter().filter(|_| dotted.len() > 1) {
        let count = part.chars().count();
        if count >= 2 {
            add(&text.words, part, (kind, Form::Part, count >= 3), finds);
        }
    }
}

/// 王女士, 老王, 王某, 姓王.
fn titled(text: &Text, kind: Kind, surname: &str, tells: bool, finds: &mut Vec<Find>) {
    for title in TITLES.split_whitespace() {
        add(&text.words, &format!("{surname}{title}"), (kind, Form::Titled, tells), finds);
    }
    for office in OFFICES.split_whitespace() {
        add(&text.words, &format!("{surname}{office}"), (kind, Form::Titled, false), finds);
    }
    for before in BEFORE.split_whitespace() {
        add(&text.words, &format!("{before}{surname}"), (kind, Form::Titled, false), finds);
    }
}

/// 章×序, 章**, 章某某: with the last character it is certain.
fn blanked(text: &Text, kind: Kind, surname: &str, given: &str, finds: &mut Vec<Find>) {
    let (length, last) = (surname.chars().count(), given.chars().last());
    for start in 0..text.solid.len() {
        if !text.stands(start, surname) {
            continue;
        }
        let from = start + length;
        let blanks =
            (from..from + 3).take_while(|at| text.at(*at).is_some_and(|c| BLANKS.contains(c))).count();
        if blanks == 0 {
            continue;
        }
        let certain = last.is_some() && text.at(from + blanks) == last;
        let end = from + blanks + usize::from(certain);
        let bytes = text.solid_bytes(start..end);
        finds.extend(bytes.map(|bytes| Find { kind, form: Form::Blanked, certain, bytes }));
    }
}

/// E-mail address and WeChat name, and what stands before the @.
pub(super) fn accounts(text: &Text, identity: &Identity, finds: &mut Vec<Find>) {
    let email = normalize::email(&identity.email);
    if let Some((local, _)) = email.split_once('@') {
        add_word(&text.accounts, &email, (Kind::Email, Form::Whole, true), finds);
        if local.chars().count() >= 4 {
            let spaced: String = local.chars().filter(|c| c.is_alphanumeric()).collect();
            add_word(&text.accounts, local, (Kind::Email, Form::Part, false), finds);
            add_word(&text.words, &spaced, (Kind::Email, Form::Part, false), finds);
        }
    }
    let wechat = normalize::email(&identity.wechat);
    if wechat.chars().count() >= 3 {
        add_word(&text.accounts, &wechat, (Kind::Wechat, Form::Whole, wechat.len() >= 6), finds);
    }
}
