//! When a limit is due, and every day on the way there.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;

use crate::day::Kind;

/// When a time limit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The moment. The 24:00 of a day is the next day's 0:00 in [`Counting::zone`](crate::Counting::zone).
    pub at: Timestamp,
    /// The last day: the one that `at` ends or lies in.
    pub date: Date,
    /// It rests on a day whose arrangement is not known yet.
    pub provisional: bool,
}

/// How a time limit was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// When it ends.
    pub due: Due,
    /// The days from the start day to the last, in order. Of a limit in months: the corresponding days only.
    pub days: Vec<ExplainedDay>,
}

/// A day that was counted or skipped, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExplainedDay {
    /// The day.
    pub date: Date,
    /// What it is.
    pub kind: Kind,
    /// The break that it belongs to or is made up for.
    pub name: Option<String>,
    /// The same in English.
    pub english: Option<String>,
    /// The notice that says so.
    pub notice: Option<String>,
    /// Its arrangement is not known yet.
    pub provisional: bool,
    /// How far the count is with this day: the number of workdays, days or months; of hours and duty time the whole
    /// minutes. None where the day adds nothing.
    pub counted: Option<u32>,
    /// Why.
    pub reason: Reason,
}

/// Why a day was counted or skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The start day does not count (Civil Code art. 201).
    StartDay,
    /// A workday or make-up day counts.
    Workday,
    /// A weekend or holiday does not count.
    NotWorkday,
    /// Every day of the calendar counts.
    CalendarDay,
    /// The day of the month that corresponds to the start day (art. 202).
    CorrespondingDay,
    /// The month has no corresponding day: its last (art. 202).
    MonthEnd,
    /// The last day is off: the end moves on (art. 203).
    RollsOn,
    /// The workday that the end moved on to (art. 203).
    RolledTo,
    /// Hours and minutes run from the moment, day and night.
    Elapsed,
    /// Time on duty.
    Duty,
    /// A workday on which no duty is left after the start.
    OffDuty,
}

impl ExplainedDay {
    /// The reason as a sentence in Chinese.
    pub fn zh(&self) -> String {
        let n = self.counted.unwrap_or_default();
        let (what, name) = (self.what_zh(), self.name.as_deref().unwrap_or_default());
        let sentence = match self.reason {
            Reason::StartDay => "开始的当日不计入（民法典第二百零一条）".to_owned(),
            Reason::Workday if self.kind == Kind::MakeUp => {
                format!("{name}调休的补班日{}，计为第{n}个工作日", self.by_zh())
            }
            Reason::Workday => format!("工作日，计为第{n}个工作日"),
            Reason::NotWorkday => format!("{what}，不计入"),
            Reason::CalendarDay => format!("计为第{n}日"),
            Reason::CorrespondingDay => format!("第{n}个月的对应日（民法典第二百零二条）"),
            Reason::MonthEnd => format!("第{n}个月没有对应日，以月末日为准（民法典第二百零二条）"),
            Reason::RollsOn if self.counted.is_some() => {
                format!("期间的最后一日为{what}，顺延（民法典第二百零三条）")
            }
            Reason::RollsOn => format!("{what}，继续顺延"),
            Reason::RolledTo => "顺延后的工作日，为期间的最后一日（民法典第二百零三条）".to_owned(),
            Reason::Elapsed => format!("自开始的时刻起连续计算，累计{n}分钟"),
            Reason::Duty => format!("计值班时间，累计{n}分钟"),
            Reason::OffDuty => "工作日，开始后已无值班时间，不计入".to_owned(),
        };
        let provisional =
            if self.provisional { "（放假安排尚未公布，暂按周末推定）" } else { "" };
        format!("{sentence}{provisional}。")
    }

    /// The reason as a sentence in English.
    pub fn en(&self) -> String {
        let n = self.counted.unwrap_or_default();
        let (what, name) = (self.what_en(), self.english.as_deref().unwrap_or_default());
        let sentence = match self.reason {
            Reason::StartDay => "The start day does not count (Civil Code art. 201)".to_owned(),
            Reason::Workday if self.kind == Kind::MakeUp => {
                format!("A workday made up for {name}{}: workday {n}", self.by_en())
            }
            Reason::Workday => format!("Workday {n}"),
            Reason::NotWorkday => format!("{what}: not counted"),
            Reason::CalendarDay => format!("Day {n}"),
            Reason::CorrespondingDay => format!("The corresponding day of month {n} (Civil Code art. 202)"),
            Reason::MonthEnd => {
                format!("Month {n} has no corresponding day: its last day (Civil Code art. 202)")
            }
            Reason::RollsOn if self.counted.is_some() => {
                format!("{what} on the last day: the end moves on (Civil Code art. 203)")
            }
            Reason::RollsOn => format!("{what}: the end moves on"),
            Reason::RolledTo => {
                "The next workday, on which the end now lies (Civil Code art. 203)".to_owned()
            }
            Reason::Elapsed => {
                format!("Counted without a break from the moment of the start: {n} minutes so far")
            }
            Reason::Duty => format!("Time on duty: {n} minutes so far"),
            Reason::OffDuty => "A workday with no time on duty left after the start: not counted".to_owned(),
        };
        let provisional =
            if self.provisional { " (arrangement not announced yet: weekends only)" } else { "" };
        format!("{sentence}{provisional}.")
    }

    fn what_zh(&self) -> String {
        match (self.kind, &self.name) {
            (Kind::Holiday, Some(name)) => format!("{name}放假{}", self.by_zh()),
            (Kind::Holiday, None) => "放假".to_owned(),
            (Kind::Weekend, _) => "周末".to_owned(),
            (Kind::Workday | Kind::MakeUp, _) => "工作日".to_owned(),
        }
    }

    fn what_en(&self) -> String {
        match (self.kind, &self.english) {
            (Kind::Holiday, Some(name)) => format!("{name}{}", self.by_en()),
            (Kind::Holiday, None) => "A holiday".to_owned(),
            (Kind::Weekend, _) => "A weekend".to_owned(),
            (Kind::Workday | Kind::MakeUp, _) => "A workday".to_owned(),
        }
    }

    fn by_zh(&self) -> String {
        self.notice.as_ref().map(|notice| format!("（{notice}）")).unwrap_or_default()
    }

    fn by_en(&self) -> String {
        self.notice.as_ref().map(|notice| format!(" ({notice})")).unwrap_or_default()
    }
}
