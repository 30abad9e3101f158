//! `duban board`.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Duration;

use access::Role;
use clap::Args;

use super::client::{Instance, at_terminal, block_on};
use super::look::say;
use crate::client::{Endpoint, board};
use crate::place::Service;

/// Shows the board: open, due soon, overdue, concluded, an organ a line. Live in a terminal, until Ctrl-C.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Board {
    /// The organ at the top of what is shown.
    #[arg(long, value_name = "CODE", default_value = "baoshan")]
    organ: String,
    /// Once, and not live.
    #[arg(long)]
    once: bool,
    /// Organs that never had a case as well.
    #[arg(long)]
    all: bool,
    /// How many seconds between two looks.
    #[arg(long, value_name = "SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=3600))]
    every: u64,
    #[command(flatten)]
    instance: Instance,
}

const EXAMPLES: &str = "\
Examples:
  duban board
  duban board --organ baoshan.luodian --every 5
  duban board --once --all";

/// Moves to the top left, and clears what was there.
const HOME: &str = "\x1b[H\x1b[J";

impl Board {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let live = !self.once && std::io::stdout().is_terminal();
        block_on(async {
            let principal = at_terminal(&self.organ, Role::Supervisor);
            let supervision = self.instance.connect(Service::Supervision, Some(principal)).await?;
            if !live {
                return say(self.look(supervision).await?);
            }
            tokio::select! {
                ended = self.watch(supervision) => ended,
                _ = tokio::signal::ctrl_c() => Ok(()),
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }

    async fn watch(&self, supervision: Endpoint) -> anyhow::Result<()> {
        let mut every = tokio::time::interval(Duration::from_secs(self.every));
        loop {
            every.tick().await;
            let look = self.look(supervision.clone()).await?;
            say(format_args!("{HOME}{look}\nevery {} s, Ctrl-C ends it\n", self.every))?;
        }
    }

    async fn look(&self, supervision: Endpoint) -> anyhow::Result<String> {
        // The caller's own organ needs no filter.
        Ok(board::table(&board::read(supervision, "").await?, self.all))
    }
}
