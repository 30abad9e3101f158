//! `duban regulation try`.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Args;
use regulation::Trial;

use super::super::look::{Language, say};
use super::{language, load};
use crate::rules;

pub(super) const EXAMPLES: &str = "\
Examples:
  duban regulation try baoshan-2009-5 --facts 'start = \"2026-02-10T15:00\"'
  duban regulation try luodian-2010-12 --facts complaint.toml --language zh

Facts are written as in an [[example]]: complaint, respondent, home, case, claim, breach, and start, local to the place whose
days are counted, each on a line of its own:
  start = \"2026-02-10T15:00\"
  complaint = { grounds = [\"8.4\"], complex = true }
  respondent = [{ rank = \"section\" }]
What is left out is that of a complete complaint with nothing special about it. Nothing is kept.";

#[derive(Debug, Args)]
pub(super) struct Try {
    /// A file, or the code of a bundled regulation.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A file of facts, - for standard input, or the facts themselves.
    #[arg(long, value_name = "FACTS")]
    facts: String,
    /// A directory of calendars instead of those that came with the program.
    #[arg(long, value_name = "DIR")]
    calendars: Option<PathBuf>,
    /// The language; by default that of the environment.
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<Language>,
}

impl Try {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Some(regulation) = load(&self.file)? else { return Ok(ExitCode::FAILURE) };
        let (name, source) = self.source()?;
        let trial = match Trial::parse(&source, &name, &regulation) {
            Ok(trial) => trial,
            Err(faults) => {
                eprintln!("{faults}");
                return Ok(ExitCode::FAILURE);
            }
        };
        let calendar = rules::calendar(self.calendars.as_deref())?;
        let zone = &regulation.counting().zone;
        let mut text = String::new();
        for step in trial.run(&regulation, &calendar, language(self.language)) {
            writeln!(text, "{}", step.line(zone))?;
        }
        say(text)?;
        Ok(ExitCode::SUCCESS)
    }

    /// The facts with the name under which their faults are told.
    fn source(&self) -> anyhow::Result<(String, String)> {
        if self.facts == "-" {
            let mut source = String::new();
            std::io::stdin().read_to_string(&mut source).context("cannot read standard input")?;
            return Ok(("-".to_owned(), source));
        }
        // Facts themselves have an equals sign, and a file that has one in its name is there.
        let file = Path::new(&self.facts);
        if self.facts.contains('=') && !file.exists() {
            return Ok(("--facts".to_owned(), self.facts.clone()));
        }
        let source = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", self.facts))?;
        Ok((self.facts.clone(), source))
    }
}
