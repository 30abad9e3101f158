//! Who acts: a token and clients for each person.

use std::collections::{BTreeSet, HashMap};
use std::sync::Mutex;
use std::time::Duration;

use access::{DevKey, Principal, Role};
use duban_proto::intake::v1::intake_service_client::IntakeServiceClient;
use duban_proto::routing::v1::casework_service_client::CaseworkServiceClient;
use duban_proto::routing::v1::routing_service_client::RoutingServiceClient;
use duban_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use jiff::Timestamp;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;

use super::DemoError;
use crate::client::{Bearer, Endpoint};

/// Tokens are made once, for the whole play and some time after.
const VALID: Duration = Duration::from_hours(24 * 90);

/// Everybody who acts.
pub struct Cast {
    intake: Channel,
    routing: Channel,
    supervision: Channel,
    key: DevKey,
    from: Timestamp,
    tokens: Mutex<HashMap<Person, Bearer>>,
}

/// One person: what they are, at which organ, and which of several.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Person {
    organ: String,
    role: Role,
    which: u8,
}

impl Person {
    pub(super) fn new(organ: &str, role: Role) -> Self {
        Self { organ: organ.to_owned(), role, which: 1 }
    }

    /// An investigator; an organ has several.
    pub(super) fn handler(organ: &str, which: u8) -> Self {
        Self { organ: organ.to_owned(), role: Role::Handler, which }
    }

    /// The subject of the token.
    pub(super) fn subject(&self) -> String {
        format!("{}/{}-{}", self.organ, self.role, self.which)
    }

    fn principal(&self) -> Principal {
        let principal = Principal::new(self.subject(), &self.organ, [self.role]);
        if self.role == Role::Agency { principal.of_agency("12345") } else { principal }
    }
}

impl Cast {
    /// Everybody calls over these channels, with tokens signed by `key` and valid from the start of the period.
    pub fn new(channels: [Channel; 3], key: DevKey, from: Timestamp) -> Self {
        let [intake, routing, supervision] = channels;
        Self { intake, routing, supervision, key, from, tokens: Mutex::default() }
    }

    pub(super) fn intake(&self, who: &Person) -> Result<IntakeServiceClient<Endpoint>, DemoError> {
        Ok(IntakeServiceClient::new(self.by(&self.intake, who)?))
    }

    pub(super) fn routing(&self, who: &Person) -> Result<RoutingServiceClient<Endpoint>, DemoError> {
        Ok(RoutingServiceClient::new(self.by(&self.routing, who)?))
    }

    pub(super) fn casework(&self, who: &Person) -> Result<CaseworkServiceClient<Endpoint>, DemoError> {
        Ok(CaseworkServiceClient::new(self.by(&self.routing, who)?))
    }

    pub(super) fn supervision(&self, who: &Person) -> Result<SupervisionServiceClient<Endpoint>, DemoError> {
        Ok(SupervisionServiceClient::new(self.by(&self.supervision, who)?))
    }

    /// How many organs have acted.
    pub(super) fn organs(&self) -> usize {
        let tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        tokens.keys().map(|person| person.organ.as_str()).collect::<BTreeSet<_>>().len()
    }

    fn by(&self, channel: &Channel, who: &Person) -> Result<Endpoint, DemoError> {
        Ok(InterceptedService::new(channel.clone(), self.bearer(who)?))
    }

    fn bearer(&self, who: &Person) -> Result<Bearer, DemoError> {
        let mut tokens = self.tokens.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bearer) = tokens.get(who) {
            return Ok(bearer.clone());
        }
        let bearer = Bearer::new(&self.key.mint(&who.principal(), self.from, VALID)?)?;
        tokens.insert(who.clone(), bearer.clone());
        Ok(bearer)
    }
}
