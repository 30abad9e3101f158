//! `duban regulation`: checks, explains, compares and tries regulation files.

mod check;
mod diff;
mod explain;
mod trial;

use std::path::Path;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::look::Language;
use crate::rules;

/// Checks, explains, compares and tries regulation files.
#[derive(Debug, Args)]
pub struct Regulation {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Checks files: form, names, conditions, and the examples each file holds. All faults at once, with line and column.
    #[command(after_help = check::EXAMPLES)]
    Check(check::Check),
    /// Says in plain words what a regulation says, and draws the course of a case.
    #[command(after_help = explain::EXAMPLES)]
    Explain(explain::Explain),
    /// Says what changes from one regulation to another, and for whom.
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::Diff),
    /// Says what would happen with a complaint, step by step, with dates.
    #[command(after_help = trial::EXAMPLES)]
    Try(trial::Try),
}

impl Regulation {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.command {
            Command::Check(command) => command.run(),
            Command::Explain(command) => command.run(),
            Command::Diff(command) => command.run(),
            Command::Try(command) => command.run(),
        }
    }
}

/// The regulation of a file or code; says all its faults on standard error where it has any.
fn load(file: &Path) -> anyhow::Result<Option<regulation::Regulation>> {
    match rules::regulation(file) {
        Ok(regulation) => Ok(Some(regulation)),
        Err(rules::RulesError::Regulation(faults)) => {
            eprintln!("{faults}");
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The language as the regulation's own texts know it.
fn language(asked: Option<Language>) -> regulation::Language {
    Language::or_of_environment(asked).pick(regulation::Language::Zh, regulation::Language::En)
}
