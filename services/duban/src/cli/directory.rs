//! `duban directory`.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use access::Role;
use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use duban_proto::routing::v1::OrganFormat;
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
    /// Writes the directory as a file that can be imported again.
    Export(Export),
}

/// Which file, into which instance.
#[derive(Debug, Args)]
#[command(after_help = IMPORT_EXAMPLES)]
struct Import {
    /// The organs: a JSON array as deploy/samples/directory.json, or CSV with the same names in its first line.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    instance: Instance,
}

const IMPORT_EXAMPLES: &str = "\
Examples:
  duban directory import deploy/samples/directory.json
  duban directory import organs.csv
  duban directory import organs.json --url https://duban.example:50052 --ca ca.pem --token TOKEN

All of the file is taken, or nothing. The same file again changes nothing. Organs that it does not name stay.";

/// Which part, from which instance.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_EXAMPLES)]
struct Export {
    /// Where to; standard output when left out. A name that ends in .csv means CSV.
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// How it is written; by default as the name of the file says, JSON without one.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Only this organ and what is below it.
    #[arg(long, value_name = "CODE", default_value = "")]
    below: String,
    /// The organ that keeps the directory, for a token made here.
    #[arg(long, value_name = "CODE", default_value = "baoshan")]
    keeper: String,
    #[command(flatten)]
    instance: Instance,
}

const EXPORT_EXAMPLES: &str = "\
Examples:
  duban directory export organs.csv
  duban directory export --below baoshan.luodian
  duban directory export organs.json";

/// How a file is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A JSON array.
    Json,
    /// CSV with a line of names first.
    Csv,
}

impl Directory {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        match &self.command {
            Command::Import(import) => import.run(),
            Command::Export(export) => export.run(),
        }
    }
}

impl Import {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let organs = organs::of_file(Some(&self.file))?;
        let keeper = at_terminal(organs::centre(&organs), Role::DirectoryAdmin);
        let done = block_on(async {
            let routing = self.instance.connect(Service::Routing, Some(keeper)).await?;
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

impl Export {
    fn run(&self) -> anyhow::Result<ExitCode> {
        let keeper = at_terminal(&self.keeper, Role::DirectoryAdmin);
        let done = block_on(async {
            let routing = self.instance.connect(Service::Routing, Some(keeper)).await?;
            Ok(organs::export(routing, self.format(), self.below.clone()).await?)
        })?;
        match &self.file {
            Some(file) => {
                std::fs::write(file, &done.file)
                    .with_context(|| format!("cannot write {}", file.display()))?;
                say(format!("{} organs\n", done.organs))?;
            }
            None => std::io::stdout().write_all(&done.file)?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn format(&self) -> OrganFormat {
        let named = self.file.as_ref().and_then(|file| file.extension());
        let as_csv = match self.format {
            Some(format) => matches!(format, Format::Csv),
            None => named.is_some_and(|extension| extension.eq_ignore_ascii_case("csv")),
        };
        if as_csv { OrganFormat::Csv } else { OrganFormat::Json }
    }
}
