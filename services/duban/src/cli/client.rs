//! What the commands that talk to an instance have in common: where it is, and who calls.

use std::path::PathBuf;
use std::time::Duration;

use access::{Principal, Role};
use anyhow::Context as _;
use clap::Args;

use crate::client::{Bearer, Endpoint, Target, connect};
use crate::data::DataDir;
use crate::place::Service;
use crate::wall;

/// How long a token that a command makes for itself is valid.
const TOKEN_VALID: Duration = Duration::from_hours(12);

/// Where the instance is, and who calls.
#[derive(Debug, Args)]
pub(super) struct Instance {
    /// Where the service is, as http://127.0.0.1:50051; by default where the instance in the data directory listens.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The authority that signs the service's certificate, in PEM, with https.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The token to call with; by default a development token made with the key in the data directory.
    #[arg(long, value_name = "TOKEN", env = "DUBAN_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// The data directory of the instance.
    #[arg(long, value_name = "DIR", env = "DUBAN_DATA")]
    data: Option<PathBuf>,
}

impl Instance {
    /// Connects to a service as `principal`, or as the token given says; as the public where there is neither.
    pub(super) async fn connect(
        &self,
        service: Service,
        principal: Option<Principal>,
    ) -> anyhow::Result<Endpoint> {
        let bearer = match (&self.token, principal) {
            (Some(token), _) => Bearer::new(token)?,
            (None, Some(principal)) => Bearer::new(&self.mint(&principal)?)?,
            (None, None) => Bearer::none(),
        };
        let target = Target { url: self.url(service)?, ca: self.ca.clone() };
        Ok(connect(&target, bearer).await?)
    }

    fn url(&self, service: Service) -> anyhow::Result<String> {
        if let Some(url) = &self.url {
            return Ok(url.clone());
        }
        // Without a data directory there is still the usual port.
        let known =
            DataDir::locate(self.data.as_deref()).ok().map(|data| data.places()).transpose()?.flatten();
        Ok(known.unwrap_or_default().url(service))
    }

    fn mint(&self, principal: &Principal) -> anyhow::Result<String> {
        let key = DataDir::locate(self.data.as_deref())?
            .existing_dev_key()
            .context("no token: give one with --token, or the data directory of a running instance")?;
        Ok(key.mint(principal, wall::now(), TOKEN_VALID)?)
    }
}

/// A principal that is this person at the terminal.
pub(super) fn at_terminal(organ: &str, role: Role) -> Principal {
    let user = std::env::var("USER").ok().filter(|user| !user.is_empty());
    Principal::new(user.unwrap_or_else(|| "terminal".to_owned()), organ, [role])
}

/// Runs a command's future to its end.
pub(super) fn block_on<T>(future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("the system gives no threads")?.block_on(future)
}
