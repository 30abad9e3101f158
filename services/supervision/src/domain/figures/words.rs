//! Figures in Chinese words: what columns are called, and the text of an analysis to be edited (5(3), 6(3)).

use std::fmt::Write as _;

use duban_proto::common::v1::Finding;
use duban_proto::supervision::v1::{FigureLine, Figures, Period};

/// What a finding is called.
pub fn finding(finding: Finding) -> (&'static str, &'static str) {
    match finding {
        Finding::Founded => ("属实", "founded"),
        Finding::PartlyFounded => ("部分属实", "partly founded"),
        Finding::Unfounded => ("不属实", "unfounded"),
        Finding::NotEstablished => ("无法查实", "can't be established"),
        Finding::Unspecified => ("", ""),
    }
}

/// The columns of a table, each with its figure.
pub fn columns(figures: &Figures) -> [(&'static str, Option<f64>); 18] {
    #[allow(clippy::cast_precision_loss)] // counts of cases
    let number = |count: u64| Some(count as f64);
    let share = |part: u64, whole: u64| {
        number(part).zip(number(whole).filter(|_| whole > 0)).map(|(part, whole)| part / whole)
    };
    let it = figures;
    [
        ("收件", number(it.received)),
        ("受理", number(it.accepted)),
        ("不予受理", number(it.declined)),
        ("归口移交", number(it.referred)),
        ("告知其他途径", number(it.directed)),
        ("未办结", number(it.open)),
        ("办结", number(it.concluded)),
        ("按期办结", number(it.on_time)),
        ("逾期办结", number(it.late)),
        ("按期办结率", share(it.on_time, it.concluded)),
        ("延长期限", number(it.extended)),
        ("撤回", number(it.withdrawn)),
        ("重新办理", number(it.reopened)),
        ("退回", number(it.returned)),
        ("重复投诉", number(it.repeated)),
        ("办理工作日合计", number(it.workdays)),
        ("平均办理工作日", share(it.workdays, it.concluded)),
        ("九成投诉件的办理工作日", it.p90_workdays.map(f64::from)),
    ]
}

/// What a draft is made of.
#[derive(Clone, Debug)]
pub struct DraftOf<'a> {
    /// The name of the organ; empty where it is of several.
    pub organ: &'a str,
    /// The period.
    pub period: &'a Period,
    /// All cases in the period, in the one before, and in the same a year before.
    pub totals: [&'a Figures; 3],
    /// By organ, ground, channel and outcome.
    pub by: [&'a [FigureLine]; 4],
}

/// The text.
pub fn draft(of: &DraftOf<'_>) -> String {
    let DraftOf {
        organ,
        period,
        totals: [now, before, year_before],
        by: [organs, grounds, channels, outcomes],
    } = of;
    let (from, to) = (day(&period.from), day(&period.to));
    let mut text = format!("{organ}行政效能投诉情况分析\n({from}至{to})\n\n一、总体情况\n");
    let _ = write!(
        text,
        "本期共收到投诉{}件,受理{}件,不予受理{}件,归口移交{}件,告知其他途径{}件。受理量{},{}。其中重复投诉{}件。\n\n",
        now.received,
        now.accepted,
        now.declined,
        now.referred,
        now.directed,
        change("较上期", now.accepted, before.accepted),
        change("较上年同期", now.accepted, year_before.accepted),
        now.repeated,
    );
    let _ = write!(
        text,
        "二、办理情况\n本期办结{}件,其中按期办结{}件,逾期办结{}件{};未办结{}件,撤回{}件,延长期限{}件,重新办理{}件。{}\n\n",
        now.concluded,
        now.on_time,
        now.late,
        share(",按期办结率", now.on_time, now.concluded),
        now.open,
        now.withdrawn,
        now.extended,
        now.reopened,
        workdays(now),
    );
    let _ = write!(
        text,
        "三、投诉分布\n按事由:{}。\n按渠道:{}。\n",
        listed(grounds, |it| it.accepted),
        listed(channels, |it| it.accepted)
    );
    if organs.len() > 1 {
        let _ = writeln!(text, "按单位:{}。", listed(organs, |it| it.accepted));
    }
    let _ = write!(
        text,
        "\n四、办理结果\n{}。\n\n五、存在的问题和工作建议\n",
        listed(outcomes, |it| it.concluded)
    );
    text
}

/// "2026年3月2日"
fn day(text: &str) -> String {
    let mut parts = text.splitn(3, '-').map(|part| part.trim_start_matches('0'));
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{year}年{month}月{day}日"),
        _ => text.to_owned(),
    }
}

/// "较上期增加3件(12.5%)"
fn change(than: &str, now: u64, before: u64) -> String {
    let (word, by) = if now >= before { ("增加", now - before) } else { ("减少", before - now) };
    match (by, before) {
        (0, _) => format!("{than}持平"),
        (by, 0) => format!("{than}{word}{by}件"),
        (by, before) => format!("{than}{word}{by}件({})", percent(by, before)),
    }
}

fn share(of: &str, part: u64, whole: u64) -> String {
    if whole == 0 { String::new() } else { format!("{of}{}", percent(part, whole)) }
}

/// One place after the point, half up.
fn percent(part: u64, whole: u64) -> String {
    let tenths = (part * 2000 + whole) / (whole * 2);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

fn workdays(figures: &Figures) -> String {
    let Some(p90) = figures.p90_workdays.filter(|_| figures.concluded > 0) else { return String::new() };
    let tenths = (figures.workdays * 20 + figures.concluded) / (figures.concluded * 2);
    format!("办结件平均用时{}.{}个工作日,九成在{p90}个工作日以内。", tenths / 10, tenths % 10)
}

/// The largest first; what there is none of is left out.
fn listed(lines: &[FigureLine], of: impl Fn(&Figures) -> u64) -> String {
    let count = |line: &FigureLine| line.figures.as_ref().map_or(0, &of);
    let mut lines: Vec<&FigureLine> = lines.iter().filter(|line| count(line) > 0).collect();
    lines.sort_by_key(|line| (std::cmp::Reverse(count(line)), line.key.clone()));
    let name = |line: &FigureLine| {
        let zh = line.name.as_ref().map(|name| name.zh.clone()).filter(|zh| !zh.is_empty());
        zh.unwrap_or_else(|| line.key.clone())
    };
    let said: Vec<String> =
        lines.into_iter().map(|line| format!("{}{}件", name(line), count(line))).collect();
    if said.is_empty() { "无".to_owned() } else { said.join(",") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_and_shares_are_said_as_people_say_them() {
        assert_eq!(change("较上期", 9, 8), "较上期增加1件(12.5%)");
        assert_eq!(change("较上期", 8, 9), "较上期减少1件(11.1%)");
        assert_eq!(change("较上期", 8, 8), "较上期持平");
        assert_eq!(change("较上期", 8, 0), "较上期增加8件");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(day("2026-03-02"), "2026年3月2日");
    }
}
