//! `duban migrate`.

use std::process::ExitCode;

use clap::Args;

use super::client::block_on;
use super::look::say;
use super::settings::Settings;
use crate::config::Flag;
use crate::migrate::{self, Migrated};

/// Prepares the database: a schema and a role for each service, and their migrations. May be run again at any time.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Migrate {
    /// A login that may create roles and schemas (database.admin_url).
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Tells what would be done, and does nothing.
    #[arg(long)]
    plan: bool,
    #[command(flatten)]
    settings: Settings,
}

const EXAMPLES: &str = "\
Examples:
  duban migrate --config /etc/duban.toml --database-url postgres://postgres:secret@db/duban
  duban migrate --config /etc/duban.toml --plan

The roles get the passwords that the services' database_url have. Services never migrate by themselves.";

impl Migrate {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let url = self.database_url.clone();
        let flag = url.map(|value| Flag { name: "--database-url", key: "database.admin_url", value });
        let config = self.settings.load(&[], flag.as_slice())?;
        let done = block_on(async {
            let done = if self.plan { migrate::plan(&config).await } else { migrate::migrate(&config).await };
            Ok(done?)
        })?;
        for Migrated { service, plan } in done {
            say(format_args!(
                "{}: {} migrations were there, {} {}\n",
                service.name(),
                plan.applied.len(),
                plan.pending.len(),
                if self.plan { "would be applied" } else { "applied" }
            ))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
