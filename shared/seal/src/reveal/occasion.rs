//! Days, and what together with a day tells who was there; licence plates.

use std::ops::Range;

use super::text::Text;
use super::{Find, Form, Kind};
use crate::normalize::digit;

/// How many characters may lie between a day and a window that belong together.
const NEAR: usize = 60;
/// Where somebody was served.
const PLACES: &str = "窗口 柜台 工位 号台 号桌 号岗";
/// What somebody was given there.
const TICKETS: &str = "取号 排号 叫号 排队号 流水号 受理号 号票 票号";
/// What a licence plate begins with.
const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使";

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Date {
    pub(super) year: Option<u32>,
    pub(super) month: u32,
    pub(super) day: u32,
}

/// A number in a text: where it stands in `solid`, and its value.
struct Number {
    at: Range<usize>,
    value: u32,
}

pub(super) fn find(text: &Text, finds: &mut Vec<Find>) {
    together(text, finds);
    finds.extend((0..text.solid.len()).filter_map(|start| plate(text, start)));
}

/// Each window or ticket with the day that stands nearest, before or after it.
fn together(text: &Text, finds: &mut Vec<Find>) {
    let days = days(text);
    for window in windows(text) {
        let next = days.partition_point(|(at, _)| at.start < window.start);
        let near =
            [next.checked_sub(1), Some(next)].into_iter().flatten().filter_map(|index| days.get(index));
        let apart = |at: &Range<usize>| window.start.max(at.start).saturating_sub(window.end.min(at.end));
        let Some((day, _)) = near.min_by_key(|(at, _)| apart(at)).filter(|(at, _)| apart(at) <= NEAR) else {
            continue;
        };
        let whole = window.start.min(day.start)..window.end.max(day.end);
        finds.extend(text.solid_bytes(whole).map(|bytes| Find {
            kind: Kind::Occasion,
            form: Form::Together,
            certain: false,
            bytes,
        }));
    }
}

/// The windows, desks and tickets with a number, in order.
fn windows(text: &Text) -> Vec<Range<usize>> {
    let is_digit = |at: usize| text.at(at).is_some_and(|c| c == '十' || digit(c).is_some());
    let words: Vec<&str> = PLACES.split_whitespace().chain(TICKETS.split_whitespace()).collect();
    let mut windows = Vec::new();
    for start in 0..text.solid.len() {
        let Some(word) = words.iter().find(|word| text.stands(start, word)) else { continue };
        let end = start + word.chars().count();
        // 3号窗口, 窗口3, 取号A023.
        let before = (start.saturating_sub(2)..start).find(|at| is_digit(*at));
        let after = (end..end + 4).find(|at| is_digit(*at));
        let first = before.map_or(start, |at| {
            (at.saturating_sub(4)..=at).rfind(|at| !is_digit(*at)).map_or(at, |at| at + 1)
        });
        let last =
            after.map_or(end, |at| (at..at + 6).take_while(|at| is_digit(*at)).last().unwrap_or(at) + 1);
        if before.is_some() || after.is_some() {
            windows.push(first..last);
        }
    }
    windows
}

/// The days that are told, in order, where in `solid`; of a day of the week, no more than where.
pub(super) fn days(text: &Text) -> Vec<(Range<usize>, Option<Date>)> {
    let numbers = numbers(text);
    let mut days: Vec<(Range<usize>, Option<Date>)> = Vec::new();
    let mut through = 0;
    for (index, number) in numbers.iter().enumerate() {
        if number.at.start < through {
            continue;
        }
        if let Some((at, day)) = dated(text, &numbers, index) {
            through = at.end;
            days.push((at, Some(day)));
        }
    }
    for start in 0..text.solid.len() {
        let week = ["星期", "礼拜", "周"].into_iter().find(|word| text.stands(start, word));
        let at = week.map_or(start, |word| start + word.chars().count());
        if week.is_some() && text.at(at).is_some_and(|c| "一二三四五六日天".contains(c)) {
            days.push((start..at + 1, None));
        }
    }
    days.sort_by_key(|(at, _)| at.start);
    days
}

/// The day that begins with a number: 2026年2月4日, 2月4日, 2026-02-04, 20260204.
fn dated(text: &Text, numbers: &[Number], index: usize) -> Option<(Range<usize>, Date)> {
    let first = numbers.get(index)?;
    if first.at.len() == 8 && (18_500_101..21_500_000).contains(&first.value) {
        let day =
            Date { year: Some(first.value / 10_000), month: first.value / 100 % 100, day: first.value % 100 };
        return day.is_one().then(|| (first.at.clone(), day));
    }
    let (second, third) = (numbers.get(index + 1)?, numbers.get(index + 2));
    let between = |left: &Number, right: &Number, words: &str| {
        let gap = left.at.end..right.at.start;
        gap.len() == 1 && text.at(gap.start).is_some_and(|c| words.contains(c))
    };
    let ends = |number: &Number| text.at(number.at.end).is_some_and(|c| "日号".contains(c));
    if let Some(third) = third
        && first.at.len() == 4
    {
        let written = between(first, second, "年") && between(second, third, "月");
        let separated = between(first, second, "-./－—") && between(second, third, "-./－—");
        let day = Date { year: Some(first.value), month: second.value, day: third.value };
        if (written || separated) && day.is_one() {
            let end = third.at.end + usize::from(written && ends(third));
            return Some((first.at.start..end, day));
        }
    }
    let day = Date { year: None, month: first.value, day: second.value };
    (between(first, second, "月") && ends(second) && day.is_one())
        .then(|| (first.at.start..second.at.end + 1, day))
}

impl Date {
    fn is_one(self) -> bool {
        (1..=12).contains(&self.month) && (1..=31).contains(&self.day)
    }
}

/// The numbers of a text, in digits or numerals (二十五, 二〇二六). Longer ones than a date are none.
fn numbers(text: &Text) -> Vec<Number> {
    let part = |at: usize| text.at(at).filter(|c| *c == '十' || digit(*c).is_some());
    let (mut numbers, mut at) = (Vec::new(), 0);
    while at < text.solid.len() {
        let start = at;
        while part(at).is_some() {
            at += 1;
        }
        if (1..=8).contains(&(at - start)) {
            let written: Vec<char> = (start..at).filter_map(part).collect();
            numbers.extend(value(&written).map(|value| Number { at: start..at, value }));
        }
        at = at.max(start + 1);
    }
    numbers
}

fn value(written: &[char]) -> Option<u32> {
    let digits =
        |part: &[char]| part.iter().try_fold(0u32, |sum, c| Some(sum * 10 + digit(*c)?.to_digit(10)?));
    match written.iter().position(|c| *c == '十') {
        None => digits(written),
        Some(ten) => {
            let (tens, ones) = (written.get(..ten)?, written.get(ten + 1..)?);
            let tens = if tens.is_empty() { 1 } else { digits(tens)? };
            Some(tens.checked_mul(10)?.checked_add(digits(ones)?)?)
        }
    }
}

/// A licence plate that begins here: 沪A·12345, also of a new-energy car.
fn plate(text: &Text, start: usize) -> Option<Find> {
    let is_province = text.at(start).is_some_and(|c| PROVINCES.contains(c));
    if !is_province || !text.at(start + 1)?.is_ascii_lowercase() {
        return None;
    }
    let from = start + 2 + usize::from(text.at(start + 2).is_some_and(|c| "·•.-".contains(c)));
    let count =
        (from..from + 7).take_while(|at| text.at(*at).is_some_and(|c| c.is_ascii_alphanumeric())).count();
    let digits = (from..from + count).filter(|at| text.at(*at).is_some_and(|c| c.is_ascii_digit())).count();
    if !(5..=6).contains(&count) || digits < 2 {
        return None;
    }
    let bytes = text.solid_bytes(start..from + count)?;
    Some(Find { kind: Kind::Plate, form: Form::Whole, certain: false, bytes })
}
