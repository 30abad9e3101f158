//! `duban token`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use access::{Principal, Role};
use anyhow::Context as _;
use clap::Args;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser as _;
use jiff::SignedDuration;

use super::look::say;
use crate::data::DataDir;
use crate::wall;

/// Makes a development token for a running `duban up`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Token {
    /// What its bearer is; may be given more than once.
    #[arg(long = "role", value_name = "ROLE", required = true, value_delimiter = ',', value_parser = roles())]
    roles: Vec<Role>,
    /// The organ it belongs to, by its code.
    #[arg(long, value_name = "CODE")]
    organ: String,
    /// Who it is: what is recorded as the actor.
    #[arg(long, value_name = "NAME")]
    subject: String,
    /// The agency whose system it is, with --role agency.
    #[arg(long, value_name = "CODE")]
    agency: Option<String>,
    /// How long it is valid, as 12h or 30m.
    #[arg(long, value_name = "TIME", default_value = "12h", value_parser = time)]
    valid: Duration,
    /// The data directory of the instance.
    #[arg(long, value_name = "DIR", env = "DUBAN_DATA")]
    data: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  duban token --role desk --organ baoshan --subject me
  duban token --role handler,leader --organ baoshan.luodian --subject li --valid 30m
  duban token --role agency --organ baoshan --subject hotline --agency 12345
  duban token --role directory_admin --organ baoshan --subject admin --data ./data

The token is all of standard output. It is accepted on loopback addresses only, by the instance whose data directory
made it.";

impl Token {
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let data = DataDir::locate(self.data.as_deref())?;
        let key = data.existing_dev_key()?;
        let mut principal = Principal::new(&self.subject, &self.organ, self.roles.iter().copied());
        if let Some(agency) = &self.agency {
            principal = principal.of_agency(agency);
        }
        say(format_args!("{}\n", key.mint(&principal, wall::now(), self.valid)?))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Role names, with completion and the list of them in errors.
fn roles() -> impl clap::builder::TypedValueParser<Value = Role> {
    let names = Role::ALL.into_iter().filter(|role| *role != Role::Public).map(Role::as_str);
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Role>())
}

/// A time as 12h or 1h30m.
fn time(text: &str) -> anyhow::Result<Duration> {
    let time: SignedDuration = text.parse().context("expected a time as 12h or 30m")?;
    Duration::try_from(time).context("expected a time that is not negative")
}
