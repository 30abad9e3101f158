//! `duban serve`.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::client::block_on;
use super::look::say;
use super::settings::Settings;
use crate::place::Service;
use crate::serve;

/// Runs one service, or all, on a database that `duban migrate` has prepared.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Serve {
    /// Which.
    service: Which,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Which {
    Intake,
    Routing,
    Supervision,
    All,
}

const EXAMPLES: &str = "\
Examples:
  duban serve all --config /etc/duban.toml
  duban serve intake --config /etc/duban.toml --intake 0.0.0.0:50051 --log info,ledger=debug

The least a configuration file needs (each can be a variable: intake.database_url is DUBAN_INTAKE_DATABASE_URL):
  [intake]
  database_url = \"postgres://duban_intake:…@db/duban\"      # [routing] and [supervision] likewise
  [keys]
  master = \"/etc/duban/master.key\"                         # 32 random bytes, mode 0600
  [tokens]
  keys = \"/etc/duban/issuer.pem\"                           # the token issuer's public keys
  service_token = \"/etc/duban/service.token\"               # a token of role `service`";

impl Serve {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let config = self.settings.load(&[], &[])?;
        let services: &[Service] = match self.service {
            Which::Intake => &[Service::Intake],
            Which::Routing => &[Service::Routing],
            Which::Supervision => &[Service::Supervision],
            Which::All => &Service::ALL,
        };
        block_on(async {
            serve::serve(config, services, |instance| {
                for service in services {
                    if let Some(address) = instance.address(*service) {
                        drop(say(format_args!("{} {address}\n", service.name())));
                    }
                }
            })
            .await?;
            Ok(())
        })?;
        Ok(ExitCode::SUCCESS)
    }
}
