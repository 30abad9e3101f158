//! `duban regulation check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use calendar::Calendar;
use clap::{Args, Subcommand};

use super::look::say;
use crate::rules;

/// Checks regulation files.
#[derive(Debug, Args)]
pub struct Regulation {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks files: form, names, conditions, and the examples each file holds. All faults at once, with line and column.
    #[command(after_help = EXAMPLES)]
    Check(Check),
}

const EXAMPLES: &str = "\
Examples:
  duban regulation check deploy/regulations/baoshan-2009-5.toml
  duban regulation check deploy/regulations/*.toml
  duban regulation check baoshan-2009-5-automatic

Ends with status 1 where a file has a fault or an example does not come out as it says.";

#[derive(Debug, Args)]
struct Check {
    /// Files, or codes of bundled regulations.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A directory of calendars instead of those that came with the program.
    #[arg(long, value_name = "DIR")]
    calendars: Option<PathBuf>,
}

impl Regulation {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Check(check) = &self.command;
        let calendar = rules::calendar(check.calendars.as_deref())?;
        let mut good = true;
        for file in &check.files {
            good &= check_one(file, &calendar)?;
        }
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Prints what there is to say of one file; true where it is good.
fn check_one(file: &Path, calendar: &Calendar) -> anyhow::Result<bool> {
    let regulation = match rules::regulation(file) {
        Ok(regulation) => regulation,
        Err(rules::RulesError::Regulation(faults)) => {
            eprintln!("{faults}");
            return Ok(false);
        }
        Err(error) => return Err(error.into()),
    };
    let results = regulation.run_examples(calendar);
    let failed: Vec<_> = results.iter().filter(|result| !result.passed()).collect();
    for result in &failed {
        for failure in &result.failures {
            eprintln!("{}:{}:1: example \"{}\": {failure}", file.display(), result.line, result.name);
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
