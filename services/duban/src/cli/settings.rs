//! Flags that set what a configuration file can set too.

use std::path::PathBuf;

use clap::Args;

use crate::config::{self, Config, ConfigError, Flag};

/// Where services listen and what they log.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings (before variables, before the file)")]
pub(super) struct Settings {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where intake listens.
    #[arg(long, value_name = "ADDRESS")]
    intake: Option<String>,
    /// Where routing listens.
    #[arg(long, value_name = "ADDRESS")]
    routing: Option<String>,
    /// Where supervision listens.
    #[arg(long, value_name = "ADDRESS")]
    supervision: Option<String>,
    /// Where metrics and health are served.
    #[arg(long, value_name = "ADDRESS")]
    metrics: Option<String>,
    /// The regulation in force: a file, or the code of a bundled one.
    #[arg(long, value_name = "FILE")]
    regulation: Option<String>,
    /// A directory of calendars instead of those that came with the program.
    #[arg(long, value_name = "DIR")]
    calendars: Option<String>,
    /// The table of roles instead of the one that came with the program.
    #[arg(long, value_name = "FILE")]
    roles: Option<String>,
    /// Which log lines, as info,ledger=debug.
    #[arg(long, value_name = "FILTER")]
    log: Option<String>,
}

impl Settings {
    /// The configuration: the file, the variables, these flags and `more`. `usual` stands below all of them.
    pub(super) fn load(&self, usual: &[Flag], more: &[Flag]) -> Result<Config, ConfigError> {
        let flags = [
            ("--intake", "intake.listen", &self.intake),
            ("--routing", "routing.listen", &self.routing),
            ("--supervision", "supervision.listen", &self.supervision),
            ("--metrics", "metrics.listen", &self.metrics),
            ("--regulation", "rules.regulation", &self.regulation),
            ("--calendars", "rules.calendars", &self.calendars),
            ("--roles", "access.table", &self.roles),
            ("--log", "log.filter", &self.log),
        ];
        let given = flags
            .into_iter()
            .filter_map(|(name, key, value)| value.clone().map(|value| Flag { name, key, value }));
        let flags: Vec<_> = given.chain(more.iter().cloned()).collect();
        config::load_over(usual, self.config.as_deref(), &flags)
    }
}
