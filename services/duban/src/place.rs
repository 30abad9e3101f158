//! The three services, and where they listen.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use crate::config::Config;

/// One of the three services.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Service {
    /// Takes complaints in.
    Intake,
    /// Finds the competent organ; the casework.
    Routing,
    /// Watches the time.
    Supervision,
}

impl Service {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Intake, Self::Routing, Self::Supervision];

    /// Its name, which is also that of its schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Routing => "routing",
            Self::Supervision => "supervision",
        }
    }
}

/// Where the three services of an instance listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// Intake.
    pub intake: SocketAddr,
    /// Routing.
    pub routing: SocketAddr,
    /// Supervision.
    pub supervision: SocketAddr,
}

impl Default for Places {
    fn default() -> Self {
        Self::of(&Config::default())
    }
}

impl Places {
    /// Where they are told to listen.
    pub fn of(config: &Config) -> Self {
        Self {
            intake: config.intake.listen,
            routing: config.routing.listen,
            supervision: config.supervision.listen,
        }
    }

    /// Where one of them listens.
    pub fn address(&self, service: Service) -> SocketAddr {
        match service {
            Service::Intake => self.intake,
            Service::Routing => self.routing,
            Service::Supervision => self.supervision,
        }
    }

    /// Where a client on this machine reaches it.
    pub fn url(&self, service: Service) -> String {
        local_url(self.address(service), false)
    }
}

/// Where a client on this machine reaches a listener.
pub(crate) fn local_url(mut address: SocketAddr, tls: bool) -> String {
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("{}://{address}", if tls { "https" } else { "http" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_on_all_addresses_is_reached_on_the_loopback_one() {
        let places = Places { routing: "0.0.0.0:7".parse().unwrap(), ..Places::default() };
        assert_eq!(places.url(Service::Intake), "http://127.0.0.1:50051");
        assert_eq!(places.url(Service::Routing), "http://127.0.0.1:7");
    }
}
