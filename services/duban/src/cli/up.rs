//! `duban up`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::client::block_on;
use super::look::say;
use super::settings::Settings;
use crate::config::Flag;
use crate::data::DataDir;
use crate::up::{Up as Asked, up};

/// Runs everything on this machine: a private Postgres, the three services, metrics. Nothing has to be prepared.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Up {
    /// Plays the 45 days before now, in about a minute, and goes on live.
    #[arg(long)]
    demo: bool,
    /// Where everything is kept; by default /var/lib/duban for root, else duban in the user's data directory.
    #[arg(long, value_name = "DIR", env = "DUBAN_DATA")]
    data: Option<PathBuf>,
    /// A Postgres elsewhere instead of a private one, by a login that may create roles and schemas.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// The organs for the first start, as deploy/samples/directory.json; by default those.
    #[arg(long, value_name = "FILE")]
    directory: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
}

const EXAMPLES: &str = "\
Examples:
  duban up
  duban up --demo --data ./demo
  duban up --regulation baoshan-2009-5-automatic --data ./load
  duban up --intake 127.0.0.1:6001 --metrics 127.0.0.1:6004
  duban up --database-url postgres://postgres:secret@db.example.com/duban

It needs PostgreSQL's programs (14 or newer) on the machine, unless --database-url names a server. Development tokens
are accepted, so it listens on loopback addresses only. Ctrl-C stops everything it started.";

/// Only what needs attention: the terminal is for the person. `--log info` for more.
const QUIET: &str = "warn";

impl Up {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let usual = [Flag { name: "default", key: "log.filter", value: QUIET.to_owned() }];
        let url = self.database_url.clone().map(|value| Flag {
            name: "--database-url",
            key: "database.admin_url",
            value,
        });
        let asked = Asked {
            config: self.settings.load(&usual, url.as_slice())?,
            data: DataDir::locate(self.data.as_deref())?,
            demo: self.demo,
            directory: self.directory.clone(),
        };
        // A terminal that went away is no reason to stop serving.
        let tell = |text: &str| drop(say(format_args!("{text}\n")));
        block_on(async { Ok(up(asked, &tell).await?) })?;
        Ok(ExitCode::SUCCESS)
    }
}
