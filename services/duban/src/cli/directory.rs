//! `duban directory`.

use std::path::PathBuf;
use std::process::ExitCode;

use access::Role;
use clap::{Args, Subcommand};
use server::Ids as _;

use super::client::{Instance, at_terminal, block_on};
use super::look::say;
use crate::organs;
use crate::place::Service;
use crate::wall;

/// Keeps the directory of organs.
#[derive(Debug, Args)]
pub struct Directory {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Establishes the organs of a file, and changes those that are there.
    Import(Import),
}

/// Which file, into which instance.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Import {
    /// The organs: a JSON array as deploy/samples/directory.json.
    #[arg(value_name = "FILE.json")]
    file: PathBuf,
    #[command(flatten)]
    instance: Instance,
}

const EXAMPLES: &str = "\
Examples:
  duban directory import deploy/samples/directory.json
  duban directory import organs.json --url https://duban.example:50052 --ca ca.pem --token TOKEN

All of the file is taken, or nothing. The same file again changes nothing. Organs that it does not name stay.";

impl Directory {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let Command::Import(import) = &self.command;
        let organs = organs::of_file(Some(&import.file))?;
        let keeper = at_terminal(organs::centre(&organs), Role::DirectoryAdmin);
        let done = block_on(async {
            let routing = import.instance.connect(Service::Routing, Some(keeper)).await?;
            let request_id = server::RandomIds.new_id(wall::now()).to_string();
            Ok(organs::import(routing, organs, request_id).await?)
        })?;
        say(format!(
            "{} established, {} changed, {} unchanged\n",
            done.established, done.changed, done.unchanged
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}
