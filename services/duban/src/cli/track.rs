//! `duban track`.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use duban_proto::common::v1::LocalizedText;
use duban_proto::intake::v1::TrackCaseResponse;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::client::{Instance, block_on};
use super::look::{Language, say};
use crate::client::track;
use crate::place::Service;

/// Shows how a case goes, by its number and tracking code. Needs no token.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Track {
    /// The number, or the case's id while it has none.
    number: String,
    /// The tracking code that the complainant was given.
    code: String,
    /// The language of the steps; by default that of the environment.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
    #[command(flatten)]
    instance: Instance,
}

const EXAMPLES: &str = "\
Examples:
  duban track '宝效投〔2026〕1号' 7K3M-Q2VX-9TPA
  duban track 0190f12c-90c7-4624-b5b6-26d8db24c040 7K3M-Q2VX-9TPA --language zh
  duban track '宝效投〔2026〕1号' 7K3M-Q2VX-9TPA --url http://127.0.0.1:50051";

impl Track {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let found = block_on(async {
            let intake = self.instance.connect(Service::Intake, None).await?;
            Ok(track::track(intake, &self.number, &self.code).await?)
        })?;
        say(progress(&found, Language::or_of_environment(self.language)))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn progress(found: &TrackCaseResponse, language: Language) -> String {
    let number = if found.number.is_empty() { "-" } else { &found.number };
    let mut text = format!("{number}  {}\n", words(found.state_text.as_ref(), language));
    for step in &found.steps {
        let at = step.at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok()).unwrap_or_default();
        let local = at.to_zoned_datetime(TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string();
        let _ = writeln!(text, "{local}  {}", words(step.text.as_ref(), language));
    }
    text
}

fn words(text: Option<&LocalizedText>, language: Language) -> &str {
    text.map_or("", |text| language.pick(text.zh.as_str(), text.en.as_str()))
}
