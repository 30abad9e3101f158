//! `duban regulation check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use calendar::Calendar;
use clap::Args;

use super::super::look::say;
use super::load;
use crate::rules;

pub(super) const EXAMPLES: &str = "\
Examples:
  duban regulation check deploy/regulations/baoshan-2009-5.toml
  duban regulation check deploy/regulations/*.toml
  duban regulation check baoshan-2009-5-automatic

Ends with status 1 where a file has a fault or an example does not come out as it says.";

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Files, or codes of bundled regulations.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A directory of calendars instead of those that came with the program.
    #[arg(long, value_name = "DIR")]
    calendars: Option<PathBuf>,
}

impl Check {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let calendar = rules::calendar(self.calendars.as_deref())?;
        let mut good = true;
        for file in &self.files {
            good &= check_one(file, &calendar)?;
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints what there is to say of one file; true where it is good.
fn check_one(file: &Path, calendar: &Calendar) -> anyhow::Result<bool> {
    let Some(regulation) = load(file)? else { return Ok(false) };
    let results = regulation.run_examples(calendar);
    let failed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    for result in &failed {
        for failure in &result.failures {
            // An example may stand in the file that this one extends.
            eprintln!("{}:{}:1: example \"{}\": {failure}", result.file, result.line, result.name);
        }
    }
    let passed = results.len() - failed.len();
    say(format_args!(
        "{}: {} {} version {}, {passed} of {} examples pass\n",
        file.display(),
        regulation.document(),
        regulation.code(),
        regulation.version(),
        results.len()
    ))?;
    Ok(failed.is_empty())
}
