//! `duban calendar explain`.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use calendar::{Calendar as Workdays, Counting, ExplainedDay, Length};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Weekday};

use super::look::{Language, say};
use crate::rules;

/// Counts time limits in workdays.
#[derive(Debug, Args)]
pub struct Calendar {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tells when a time limit ends, and why: every day counted or skipped.
    #[command(after_help = EXAMPLES)]
    Explain(Explain),
}

const EXAMPLES: &str = "\
Examples:
  duban calendar explain --from 2026-02-10 --length '10 workdays'
  duban calendar explain --from 2026-02-10T15:30 --length '24 hours' --language zh
  duban calendar explain --from 2026-12-25 --length '1 month' --json
  duban calendar explain --from 2026-02-10 --length '5 workdays' --calendars deploy/calendars

A length is a number and a unit: workdays, days, months, hours, minutes, duty hours, duty minutes.";

#[derive(Debug, Args)]
struct Explain {
    /// When it begins: a date, a local date and time, or a moment with its offset.
    #[arg(long, value_name = "WHEN")]
    from: String,
    /// How long it is, as '10 workdays'.
    #[arg(long, value_name = "LENGTH")]
    length: Length,
    /// The regulation whose way of counting is used: a file, or the code of a bundled one.
    #[arg(long, value_name = "FILE", default_value = rules::USUAL)]
    regulation: PathBuf,
    /// A directory of calendars instead of those that came with the program.
    #[arg(long, value_name = "DIR")]
    calendars: Option<PathBuf>,
    /// The language of the reasons; by default that of the environment.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
    /// One JSON object instead of lines.
    #[arg(long)]
    json: bool,
}

impl Calendar {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Explain(explain) = &self.command;
        say(explain.answer()?)?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Explain {
    fn answer(&self) -> anyhow::Result<String> {
        let regulation = rules::regulation(&self.regulation)?;
        let workdays = rules::calendar(self.calendars.as_deref())?;
        let counting = regulation.counting();
        let start = moment(&self.from, counting)?;
        let explanation = workdays.explain(start, self.length, counting);
        if self.json {
            let mut text = serde_json::to_string(&explanation).context("cannot write the explanation")?;
            text.push('\n');
            return Ok(text);
        }
        let language = Language::or_of_environment(self.language);
        let mut text = String::new();
        for day in &explanation.days {
            writeln!(text, "{}", line(day, language))?;
        }
        let due = explanation.due;
        let end = language.pick("截止", "ends");
        write!(text, "{end} {} ({})", due.date, due.at.to_zoned_datetime(counting.zone.clone()))?;
        writeln!(text, "{}", provisional(due.provisional, &workdays, language))?;
        Ok(text)
    }
}

fn line(day: &ExplainedDay, language: Language) -> String {
    let counted = day.counted.map_or_else(|| "-".to_owned(), |number| number.to_string());
    let weekday = weekday(day.date.weekday(), language);
    let reason = language.pick(day.zh(), day.en());
    format!("{} {weekday} {counted:>4}  {reason}", day.date)
}

fn weekday(day: Weekday, language: Language) -> &'static str {
    let (zh, en) = match day {
        Weekday::Monday => ("一", "Mon"),
        Weekday::Tuesday => ("二", "Tue"),
        Weekday::Wednesday => ("三", "Wed"),
        Weekday::Thursday => ("四", "Thu"),
        Weekday::Friday => ("五", "Fri"),
        Weekday::Saturday => ("六", "Sat"),
        Weekday::Sunday => ("日", "Sun"),
    };
    language.pick(zh, en)
}

fn provisional(is: bool, workdays: &Workdays, language: Language) -> String {
    let last = workdays.years().last().unwrap_or_default();
    if is {
        language.pick(
            format!("，暂定：放假安排只公布到{last}年"),
            format!("; provisional: arrangements are announced up to {last} only"),
        )
    } else {
        String::new()
    }
}

/// A moment as a person writes it; without an offset it is local to the place whose days are counted.
fn moment(text: &str, counting: &Counting) -> anyhow::Result<Timestamp> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let local = text.parse::<DateTime>().or_else(|_| text.parse::<Date>().map(|date| date.at(0, 0, 0, 0)));
    match local.and_then(|local| counting.zone.to_timestamp(local)) {
        Ok(moment) => Ok(moment),
        Err(_) => bail!(
            "--from {text:?} is not a date or time: expected as 2026-02-10, 2026-02-10T15:30 or 2026-02-10T15:30+08:00"
        ),
    }
}
