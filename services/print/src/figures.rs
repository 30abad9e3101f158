//! A report of figures (5(3), 6(3)): asked of supervision with the caller's token, and put into tables and charts.

use client::{Endpoint, Fault};
use duban_proto::supervision::v1::statistics_service_client::StatisticsServiceClient;
use duban_proto::supervision::v1::{
    Analysis, CompareFiguresRequest, ComparedLine, FigureBy, FigureLine, FigureQuery, FigureTable, Figures,
    GetFiguresRequest, ListAnalysesRequest, Period,
};
use jiff::ZonedDateTime;
use serde::Serialize;

use crate::model::date;

/// The version of the JSON.
const FORMAT: u32 = 1;
/// How many analyses a page has at the most.
const PAGE: u32 = 100;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The first and the last day.
    pub period: Period,
    /// The organ; empty: all the caller may see.
    pub organ: String,
    /// The analysis that is printed before the figures, by its id.
    pub analysis: Option<String>,
    /// The moment of printing, in the zone of the dates.
    pub now: ZonedDateTime,
}

/// The figures as supervision gave them.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// All cases beside those of the periods it is compared with.
    pub compared: ComparedLine,
    /// By organ, month, ground, channel and outcome.
    pub by: [FigureTable; 5],
    /// The analysis.
    pub analysis: Option<Analysis>,
}

/// A report as it is printed; its JSON is what the template reads.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this format.
    pub format: u32,
    /// The period, in Chinese.
    pub period: String,
    /// The day it was printed, in Chinese.
    pub printed_on: String,
    /// The words of the analysis; empty where there is none.
    pub analysis: String,
    /// Who signed it; empty where nobody did.
    pub signed_by: String,
    /// Measures: the period, the one before, the same a year before.
    pub compared: Vec<Compared>,
    /// Charts.
    pub charts: Vec<Chart>,
    /// What the columns of the table of organs are called.
    pub columns: Vec<&'static str>,
    /// A line an organ.
    pub organs: Vec<Row>,
}

/// A measure in three periods.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// What it is called.
    pub label: &'static str,
    /// In the period, in the one before, in the same a year before.
    pub values: [String; 3],
}

/// A chart.
#[derive(Clone, Debug, Serialize)]
pub struct Chart {
    /// Its title.
    pub title: &'static str,
    /// `bars` or `line`.
    pub kind: &'static str,
    /// What it shows, in order.
    pub points: Vec<Point>,
}

/// A value of a chart.
#[derive(Clone, Debug, Serialize)]
pub struct Point {
    /// What it is of.
    pub label: String,
    /// The value.
    pub value: u64,
}

/// A line of the table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The organ's name.
    pub name: String,
    /// The measures of [`COLUMNS`].
    pub values: Vec<String>,
}

/// A measure in words.
type Column = (&'static str, fn(&Figures) -> String);

/// The columns of the table of organs.
const COLUMNS: [Column; 8] = [
    ("受理", |it| it.accepted.to_string()),
    ("办结", |it| it.concluded.to_string()),
    ("按期办结率", on_time),
    ("逾期办结", |it| it.late.to_string()),
    ("未办结", |it| it.open.to_string()),
    ("重新办理", |it| it.reopened.to_string()),
    ("重复投诉", |it| it.repeated.to_string()),
    ("平均工作日", average),
];

fn on_time(figures: &Figures) -> String {
    tenths(figures.on_time * 100, figures.concluded)
        .map_or_else(|| "-".to_owned(), |share| format!("{share}%"))
}

fn average(figures: &Figures) -> String {
    tenths(figures.workdays, figures.concluded).unwrap_or_else(|| "-".to_owned())
}

/// One place after the point, half up; `None` of nothing.
fn tenths(part: u64, whole: u64) -> Option<String> {
    let tenths = (part * 20 + whole).checked_div(whole * 2)?;
    Some(format!("{}.{}", tenths / 10, tenths % 10))
}

impl Parts {
    /// Asks for them.
    pub async fn fetch(supervision: &Endpoint, wanted: &Wanted) -> Result<Self, Fault> {
        let mut client = StatisticsServiceClient::new(supervision.clone());
        let query = |by: FigureBy| FigureQuery {
            period: Some(wanted.period.clone()),
            organ: wanted.organ.clone(),
            by: by.into(),
            ..FigureQuery::default()
        };
        let compare = CompareFiguresRequest { query: Some(query(FigureBy::Total)) };
        let compared = client.compare_figures(compare).await?.into_inner().total.unwrap_or_default();
        let mut by: [FigureTable; 5] = Default::default();
        let kinds =
            [FigureBy::Organ, FigureBy::Month, FigureBy::Ground, FigureBy::Channel, FigureBy::Outcome];
        for (table, kind) in by.iter_mut().zip(kinds) {
            let request = GetFiguresRequest { query: Some(query(kind)) };
            *table = client.get_figures(request).await?.into_inner().table.unwrap_or_default();
        }
        let analysis = match &wanted.analysis {
            Some(id) => find(&mut client, id).await?,
            None => None,
        };
        Ok(Self { compared, by, analysis })
    }

    /// Puts them together.
    pub fn bind(self, wanted: &Wanted) -> Report {
        let Self { compared, by: [organs, months, grounds, channels, outcomes], analysis } = self;
        let ComparedLine { figures, before, year_before, .. } = compared;
        let three = [figures, before, year_before].map(Option::unwrap_or_default);
        let columns: [Column; 3] = [
            ("收件", |it| it.received.to_string()),
            ("不予受理", |it| it.declined.to_string()),
            ("归口移交", |it| it.referred.to_string()),
        ];
        let columns = columns.into_iter().chain(COLUMNS);
        let accepted = |it: &Figures| it.accepted;
        let charts = [
            ("各月受理量", "line", points(&months, accepted)),
            ("各单位受理量", "bars", sorted(points(&organs, accepted))),
            ("投诉事由", "bars", sorted(points(&grounds, accepted))),
            ("投诉渠道", "bars", sorted(points(&channels, accepted))),
            ("办理结果", "bars", sorted(points(&outcomes, |it| it.concluded))),
        ];
        let row = |line: &FigureLine| {
            let figures = line.figures.unwrap_or_default();
            Row { name: name(line), values: COLUMNS.iter().map(|(_, of)| of(&figures)).collect() }
        };
        let analysis = analysis.unwrap_or_default();
        Report {
            format: FORMAT,
            period: format!("{}至{}", day(&wanted.period.from), day(&wanted.period.to)),
            printed_on: date(wanted.now.timestamp(), wanted.now.time_zone()),
            analysis: analysis.text,
            signed_by: analysis.signed_by,
            compared: columns
                .map(|(label, of)| Compared { label, values: three.map(|it| of(&it)) })
                .collect(),
            charts: charts
                .into_iter()
                .filter(|(_, _, points)| !points.is_empty())
                .map(|(title, kind, points)| Chart { title, kind, points })
                .collect(),
            columns: COLUMNS.iter().map(|(label, _)| *label).collect(),
            organs: organs.lines.iter().map(row).collect(),
        }
    }
}

/// The analysis of an id, where the caller may see it.
async fn find(client: &mut StatisticsServiceClient<Endpoint>, id: &str) -> Result<Option<Analysis>, Fault> {
    let mut page_token = String::new();
    loop {
        let request = ListAnalysesRequest { page_size: PAGE, page_token, ..ListAnalysesRequest::default() };
        let page = client.list_analyses(request).await?.into_inner();
        if let Some(found) = page.analyses.into_iter().find(|analysis| analysis.analysis_id == id) {
            return Ok(Some(found));
        }
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(None);
        }
    }
}

/// A date in Chinese; as it is where it is none.
fn day(text: &str) -> String {
    let date: Option<jiff::civil::Date> = text.parse().ok();
    date.map_or_else(|| text.to_owned(), |it| format!("{}年{}月{}日", it.year(), it.month(), it.day()))
}

/// The largest first, for bars.
fn sorted(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by_key(|point| std::cmp::Reverse(point.value));
    points
}

/// In Chinese; the key where there is no name.
fn name(line: &FigureLine) -> String {
    let zh = line.name.as_ref().map(|name| name.zh.clone()).filter(|zh| !zh.is_empty());
    zh.unwrap_or_else(|| line.key.clone())
}

/// What there is none of is left out.
fn points(table: &FigureTable, of: impl Fn(&Figures) -> u64) -> Vec<Point> {
    let point = |line: &FigureLine| Point { label: name(line), value: of(&line.figures.unwrap_or_default()) };
    table.lines.iter().map(point).filter(|point| point.value > 0).collect()
}
