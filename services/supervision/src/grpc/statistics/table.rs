//! Reads a table of figures.

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::common::v1::{Finding, LocalizedText};
use duban_proto::supervision::v1::{FigureBy, FigureLine, FigureTable};
use server::{Caller, Error};

use super::query::Asked;
use crate::domain::figures::{Counted, Facet, date_of, number_of, p90, words};
use crate::grpc::Grpc;
use crate::store::{self, Wanted};

/// How many took so many workdays.
type Histogram = BTreeMap<u32, i64>;

impl Asked {
    /// The same, as it is read.
    pub(super) fn wanted<'a>(&self, organs: &'a [String]) -> Wanted<'a> {
        let part = i16::try_from(i32::from(self.part)).unwrap_or_default();
        Wanted { organs, part, from: number_of(self.from), to: number_of(self.to), as_of: self.as_of() }
    }
}

impl Grpc {
    /// Reads the figures of these organs.
    pub(super) async fn table(
        &self,
        caller: &Caller,
        directory: &Directory,
        (asked, organ): (&Asked, &str),
        organs: &[String],
    ) -> Result<FigureTable, Error> {
        let wanted = asked.wanted(organs);
        let by_organ = store::figures_by_value(self.pool(), wanted, Facet::All).await?;
        let mut took = self.workdays(wanted).await?;
        let mut total = Counted::default();
        let mut all = Histogram::new();
        for (_, _, counted) in &by_organ {
            total += *counted;
        }
        for (days, count) in took.values().flatten() {
            *all.entry(*days).or_default() += count;
        }
        let lines: Vec<FigureLine> = match asked.by {
            FigureBy::Total | FigureBy::Unspecified => {
                vec![line(String::new(), None, total, p90(&all))]
            }
            FigureBy::Organ => {
                let receiving = organs.iter().filter(|code| directory.receives(code));
                let mut lines: BTreeMap<String, Counted> =
                    receiving.map(|code| (code.clone(), Counted::default())).collect();
                lines.extend(by_organ.into_iter().map(|(organ, _, counted)| (organ, counted)));
                let of_organ = |(code, counted): (String, Counted)| {
                    let p90 = took.remove(&code).and_then(|histogram| p90(&histogram));
                    line(code.clone(), organ_name(directory, &code), counted, p90)
                };
                lines.into_iter().map(of_organ).collect()
            }
            FigureBy::Day | FigureBy::Month => {
                let mut lines = BTreeMap::<String, Counted>::new();
                for (day, counted) in store::figures_by_day(self.pool(), wanted).await? {
                    let day = date_of(day).to_string();
                    let key = if asked.by == FigureBy::Day { day } else { day.chars().take(7).collect() };
                    *lines.entry(key).or_default() += counted;
                }
                lines.into_iter().map(|(key, counted)| line(key, None, counted, None)).collect()
            }
            FigureBy::Ground => self.facet(caller, wanted, Facet::Ground).await?,
            FigureBy::Channel => self.facet(caller, wanted, Facet::Channel).await?,
            FigureBy::Outcome => self.facet(caller, wanted, Facet::Outcome).await?,
            FigureBy::GroundOutcome => self.facet(caller, wanted, Facet::GroundOutcome).await?,
        };
        Ok(FigureTable { query: Some(asked.told(organ)), lines, total: Some(total.told(p90(&all))) })
    }

    /// How many took so many workdays, by organ.
    pub(super) async fn workdays(&self, wanted: Wanted<'_>) -> Result<BTreeMap<String, Histogram>, Error> {
        use duban_proto::supervision::v1::Measure;
        let mut took = BTreeMap::<String, Histogram>::new();
        for (organ, value, counted) in store::figures_by_value(self.pool(), wanted, Facet::Workdays).await? {
            let days = value.parse().map_err(Error::internal)?;
            let count = i64::try_from(counted.get(Measure::Concluded)).unwrap_or(i64::MAX);
            *took.entry(organ).or_default().entry(days).or_default() += count;
        }
        Ok(took)
    }

    async fn facet(
        &self,
        caller: &Caller,
        wanted: Wanted<'_>,
        facet: Facet,
    ) -> Result<Vec<FigureLine>, Error> {
        let mut lines = BTreeMap::<String, Counted>::new();
        for (_, value, counted) in store::figures_by_value(self.pool(), wanted, facet).await? {
            *lines.entry(value).or_default() += counted;
        }
        let rules = self.rules().for_organ(&caller.principal().organ);
        let name = |key: &str| match facet {
            Facet::Ground => rules.ground(key).map(|ground| text(&ground.text)),
            Facet::Channel => rules.channel(key).map(|channel| text(&channel.text)),
            Facet::Outcome => finding(key),
            Facet::GroundOutcome => {
                let (ground, found) = key.rsplit_once('/')?;
                let (ground, found) = (text(&rules.ground(ground)?.text), finding(found)?);
                let join = |one: &str, other: &str| format!("{one} / {other}");
                Some(LocalizedText { zh: join(&ground.zh, &found.zh), en: join(&ground.en, &found.en) })
            }
            Facet::All | Facet::Workdays | Facet::Against => None,
        };
        Ok(lines.into_iter().map(|(key, counted)| line(key.clone(), name(&key), counted, None)).collect())
    }
}

fn line(key: String, name: Option<LocalizedText>, counted: Counted, p90: Option<u32>) -> FigureLine {
    FigureLine { key, name, figures: Some(counted.told(p90)) }
}

fn text(text: &regulation::Text) -> LocalizedText {
    LocalizedText { zh: text.zh.clone(), en: text.en.clone() }
}

fn finding(key: &str) -> Option<LocalizedText> {
    let finding = Finding::from_str_name(&format!("FINDING_{key}"))?;
    let (zh, en) = words::finding(finding);
    Some(LocalizedText { zh: zh.to_owned(), en: en.to_owned() })
}

/// An organ's name, as the directory has it.
pub(super) fn organ_name(directory: &Directory, code: &str) -> Option<LocalizedText> {
    let organ = directory.get(code)?;
    let name = if organ.short_name.is_empty() { &organ.name } else { &organ.short_name };
    Some(LocalizedText { zh: name.clone(), en: String::new() })
}
