//! `duban ledger`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use ledger::Organ;
use ledger::rebuild::Mode;

use super::client::block_on;
use super::look::say;
use crate::config;
use crate::data::DataDir;
use crate::ledgers::{Opened, read_checkpoints};
use crate::place::Service;
use crate::rules;

/// Verifies ledgers, makes projections again, signs heads.
#[derive(Debug, Args)]
pub struct Ledger {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Walks ledgers from the first entry to the head: nothing edited, removed, cut off or put in.
    #[command(after_help = VERIFY)]
    Verify(Verify),
    /// Makes projections again from the ledgers, and tells where they differed.
    #[command(after_help = REBUILD)]
    Rebuild(Rebuild),
    /// Signs the heads, a JSON line each, to be kept elsewhere: against them a cut-off end shows.
    #[command(after_help = CHECKPOINT)]
    Checkpoint(Checkpoint),
}

const VERIFY: &str = "\
Examples:
  duban ledger verify
  duban ledger verify --service routing --organ baoshan.luodian
  duban ledger verify --against checkpoints.jsonl
  duban ledger verify --config /etc/duban.toml

Ends with status 1 where there is a fault, and names the first of each ledger.";

const REBUILD: &str = "\
Examples:
  duban ledger rebuild --check
  duban ledger rebuild --service intake --organ baoshan

One transaction an organ, under its head's lock: a running instance waits for it. With --check nothing is changed, and
the status is 1 where a projection differs from what the ledger says.";

const CHECKPOINT: &str = "\
Examples:
  duban ledger checkpoint > checkpoints.jsonl
  duban ledger checkpoint --key signing.key --config /etc/duban.toml

The key is 32 bytes (Ed25519); without --key it is one in the data directory, made when it is first needed.";

/// Which ledgers, and where they are.
#[derive(Debug, Args)]
struct Which {
    /// The services; by default all.
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    service: Vec<Service>,
    /// The data directory of the instance.
    #[arg(long, value_name = "DIR", env = "DUBAN_DATA")]
    data: Option<PathBuf>,
    /// The configuration of services on another database.
    #[arg(long, value_name = "FILE", conflicts_with = "data")]
    config: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Verify {
    /// Only the ledger of this organ.
    #[arg(long, value_name = "CODE")]
    organ: Option<String>,
    /// Checkpoints that were signed earlier, a line each.
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// The key they were signed with; by default the one in the data directory.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
struct Rebuild {
    /// Only of this organ.
    #[arg(long, value_name = "CODE")]
    organ: Option<String>,
    /// Compares only.
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    which: Which,
}

#[derive(Debug, Args)]
struct Checkpoint {
    /// The key to sign with.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(flatten)]
    which: Which,
}

impl Ledger {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let good = block_on(async {
            match &self.command {
                Command::Verify(verify) => verify.run().await,
                Command::Rebuild(rebuild) => rebuild.run().await,
                Command::Checkpoint(checkpoint) => checkpoint.run().await,
            }
        })?;
        Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

impl Verify {
    async fn run(&self) -> anyhow::Result<bool> {
        let organ = self.organ.as_deref().map(Organ::new).transpose()?;
        let opened = self.which.open().await?;
        let mut faults = 0_usize;
        for (service, verified) in opened.verify(organ.as_ref()).await? {
            let (service, organ) = (service.name(), &verified.organ);
            match verified.fault {
                None => say(format_args!("{service} {organ}: {} entries, whole\n", verified.upto.seq))?,
                Some(fault) => {
                    faults += 1;
                    say(format_args!("{service} {organ}: {fault}\n"))?;
                }
            }
        }
        if let Some(path) = &self.against {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the checkpoints in {}", path.display()))?;
            let key = ed25519_dalek::SigningKey::from_bytes(&self.which.seed(self.key.as_deref())?);
            let signed =
                read_checkpoints(&text, &key.verifying_key()).context("the checkpoints are not usable")?;
            for (service, organ, fault) in opened.compare(&signed).await? {
                faults += 1;
                say(format_args!("{} {organ}: {fault}\n", service.name()))?;
            }
        }
        opened.close().await?;
        Ok(faults == 0)
    }
}

impl Rebuild {
    async fn run(&self) -> anyhow::Result<bool> {
        let organ = self.organ.as_deref().map(Organ::new).transpose()?;
        let config = config::load(self.which.config.as_deref(), &[])?;
        let rules = Arc::new(rules::load(&config.rules)?);
        let mode = if self.check { Mode::Check } else { Mode::Replace };
        let opened = self.which.open().await?;
        let rebuilt = opened.rebuild(&rules, organ.as_ref(), mode).await?;
        let mut differed = 0_usize;
        for (service, table) in rebuilt.iter().filter(|(_, table)| !table.same) {
            differed += 1;
            let (before, after) = (table.rows_before, table.rows_after);
            let (service, organ, name) = (service.name(), &table.organ, table.table);
            say(format_args!(
                "{service} {organ}: {name} differed: {before} rows before, {after} by the ledger\n"
            ))?;
        }
        say(format_args!("{} tables compared, {differed} differed\n", rebuilt.len()))?;
        opened.close().await?;
        Ok(differed == 0 || !self.check)
    }
}

impl Checkpoint {
    async fn run(&self) -> anyhow::Result<bool> {
        let seed = self.which.seed(self.key.as_deref())?;
        let opened = self.which.open().await?;
        for signed in opened.checkpoint(&seed).await? {
            say(format_args!("{}\n", serde_json::to_string(&signed)?))?;
        }
        opened.close().await?;
        Ok(true)
    }
}

impl Which {
    async fn open(&self) -> anyhow::Result<Opened> {
        let services = if self.service.is_empty() { &Service::ALL[..] } else { &self.service };
        Ok(match &self.config {
            Some(path) => Opened::as_configured(&config::load(Some(path), &[])?, services).await?,
            None => Opened::in_data(&DataDir::locate(self.data.as_deref())?, services).await?,
        })
    }

    /// The key that signs heads.
    fn seed(&self, file: Option<&std::path::Path>) -> anyhow::Result<[u8; 32]> {
        let Some(path) = file else {
            return Ok(DataDir::locate(self.data.as_deref())?.checkpoint_key()?);
        };
        let bytes = std::fs::read(path).with_context(|| format!("cannot read the key {}", path.display()))?;
        let length = bytes.len();
        bytes.try_into().map_err(|_| {
            anyhow::anyhow!(
                "the key {} has {length} bytes: expected 32, the seed of an Ed25519 key",
                path.display()
            )
        })
    }
}
