//! How services reach each other.

use std::net::SocketAddr;
use std::sync::Arc;

use access::DevKey;
use ledger::Clock;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;

use super::InstanceError;
use crate::client::Target;
use crate::config::Config;
use crate::door::ServiceToken;
use crate::place::{Service, local_url};

/// A channel to another service, with a service's token on every call.
pub type Peer = InterceptedService<Channel, ServiceToken>;

/// Where the services are for each other, and by which token they follow.
#[derive(Clone, Debug)]
pub struct Peers {
    config: Config,
    development: Option<DevKey>,
}

/// The channels of one service to the others.
pub struct Channels {
    /// To intake.
    pub intake: Peer,
    /// To routing.
    pub routing: Peer,
    /// To supervision.
    pub supervision: Peer,
}

impl Peers {
    /// As configured; with a development key, tokens are made with it.
    pub fn new(config: Config, development: Option<DevKey>) -> Self {
        Self { config, development }
    }

    /// The channels of `service`, not connected yet: the others may start later. `here` tells where a service of this
    /// process listens.
    pub(super) fn of(
        &self,
        service: Service,
        here: &dyn Fn(Service) -> Option<SocketAddr>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Channels, InstanceError> {
        let clock = Arc::clone(clock);
        let token = ServiceToken::new(service, &self.config.tokens, self.development.as_ref(), clock)?;
        let to = |other| -> Result<Peer, InstanceError> {
            let target =
                Target { url: self.url(other, here(other)), ca: self.config.server.peers_ca.clone() };
            Ok(InterceptedService::new(target.endpoint()?.connect_lazy(), token.clone()))
        };
        Ok(Channels {
            intake: to(Service::Intake)?,
            routing: to(Service::Routing)?,
            supervision: to(Service::Supervision)?,
        })
    }

    fn url(&self, service: Service, here: Option<SocketAddr>) -> String {
        let section = self.config.of(service);
        match section.url {
            Some(url) => url.to_owned(),
            None => local_url(here.unwrap_or(section.listen), self.config.server.tls.is_some()),
        }
    }
}
