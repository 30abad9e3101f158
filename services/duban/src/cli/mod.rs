//! What a person types; a file a command.

mod board;
mod calendar;
mod client;
mod directory;
mod ledger;
mod look;
mod migrate;
mod regulation;
mod serve;
mod settings;
mod submit;
mod token;
mod track;
mod up;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

/// The command line.
#[derive(Debug, Parser)]
#[command(
    name = "duban",
    version,
    about = "Complaints about administrative performance: taken in, routed, handled in time, answered",
    after_help = EXAMPLES,
    disable_help_subcommand = true,
    propagate_version = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  duban up --demo
  duban token --role desk --organ baoshan --subject me
  duban calendar explain --from 2026-02-10 --length '10 workdays'
  duban regulation check deploy/regulations/baoshan-2009-5.toml

Each command's --help has examples of its own. Settings come from a file (--config), then variables DUBAN_SECTION_NAME,
then flags. Standard output has results, standard error everything else.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Runs everything on this machine; --demo plays the 45 days before now.
    Up(Box<up::Up>),
    /// Runs one service, or all, on a prepared database.
    Serve(Box<serve::Serve>),
    /// Prepares the database: schemas, roles, migrations.
    Migrate(Box<migrate::Migrate>),
    /// Keeps the directory of organs.
    Directory(directory::Directory),
    /// Verifies ledgers, makes projections again, signs heads.
    Ledger(ledger::Ledger),
    /// Counts time limits in workdays.
    Calendar(calendar::Calendar),
    /// Checks, explains, compares and tries regulation files.
    Regulation(regulation::Regulation),
    /// Submits the complaints of a file, one JSON object a line.
    Submit(submit::Submit),
    /// Shows how a case goes, by its number and tracking code.
    Track(track::Track),
    /// Shows the board, live.
    Board(board::Board),
    /// Makes a development token for a running `duban up`.
    Token(token::Token),
}

/// Runs the command line of this process; says what went wrong and what to do, and never shows a stack trace.
pub fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{}", look::error(&error));
            ExitCode::FAILURE
        }
    }
}

/// Runs a command to its end.
fn run(cli: &Cli) -> anyhow::Result<ExitCode> {
    match &cli.command {
        Command::Up(command) => command.run(),
        Command::Serve(command) => command.run(),
        Command::Migrate(command) => command.run(),
        Command::Directory(command) => command.run(),
        Command::Ledger(command) => command.run(),
        Command::Calendar(command) => command.run(),
        Command::Regulation(command) => command.run(),
        Command::Submit(command) => command.run(),
        Command::Track(command) => command.run(),
        Command::Board(command) => command.run(),
        Command::Token(command) => command.run(),
    }
}

/// The command line's own description, for tests that read its help.
pub fn description() -> clap::Command {
    Cli::command()
}
