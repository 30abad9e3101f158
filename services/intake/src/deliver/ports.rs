//! The ports, as operations set them: which replies go where, how often, and what is told of the complainant.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use regulation::Regulation;
use reqwest::Url;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::Fault;
use super::folder::Folder;
use super::pace::Pace;
use super::webhook::Webhook;
use crate::domain::{agency_route, channel_route};

/// How a complainant is told (17).
pub const FORMS: [&str; 7] = ["letter", "call", "online", "in_person", "agency", "sms", "email"];

/// How an attempt may outlast its timeout until it counts as lapsed: for what waits before it, and for recording it.
const GRACE: Duration = Duration::from_mins(1);
/// The lengths of a signature's key that the scheme allows, in bytes.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
const PREFIX: &str = "whsec_";

/// How replies are sent.
#[derive(Clone, Debug)]
pub struct DeliverySettings {
    /// How often a reply is tried, before a person has to see to it.
    pub attempts: u32,
    /// How long after the first failure it is tried again; twice as long each time.
    pub first_wait: Duration,
    /// The longest wait.
    pub longest_wait: Duration,
    /// How long a receiver may take.
    pub timeout: Duration,
    /// How many replies a port sends at once.
    pub at_once: usize,
    /// Where they go.
    pub ports: Vec<PortSettings>,
}

/// A port.
#[derive(Clone, Debug)]
pub struct PortSettings {
    /// Its name, "hotline".
    pub name: String,
    /// The agencies whose systems get replies here.
    pub agencies: Vec<String>,
    /// The channels of complaints whose replies go here, by the regulation's codes.
    pub channels: Vec<String>,
    /// The form that a reply has here, of [`FORMS`].
    pub form: String,
    /// What the port needs to know of the complainant: "name", "phone", "email", "address".
    pub contact: Vec<String>,
    /// The receiver knows a delivery again by its id, so that it may come twice.
    pub repeatable: bool,
    /// Where that is.
    pub to: Receiver,
}

/// What takes replies.
#[derive(Clone, Debug)]
pub enum Receiver {
    /// A folder that another program empties.
    Folder {
        /// The folder.
        path: PathBuf,
    },
    /// A program that takes them over HTTP.
    Webhook {
        /// Its address: https, or http on this machine.
        url: String,
        /// The keys of the signatures.
        secrets: Vec<Secret>,
        /// Authorities that sign its certificate, in PEM; absent: those the system trusts.
        ca: Option<Vec<u8>>,
    },
}

/// The key of a webhook's signature, "whsec_" and 24 to 64 bytes in base64. Does not print itself.
#[derive(Clone)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// A text that is no key of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no key of a signature: expected \"whsec_\" and 24 to 64 random bytes in base64")]
pub struct NoSecret;

/// What is wrong with a port.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("delivery.ports.{port}: {message}")]
pub struct PortFault {
    /// Its name.
    pub port: String,
    /// What is wrong, and what is expected.
    pub message: String,
}

/// All that is wrong with the ports; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PortFaults(pub Vec<PortFault>);

/// The ports, ready to send.
#[derive(Debug)]
pub struct Ports {
    pub(super) attempts: u32,
    pub(super) at_once: usize,
    pub(super) pace: Pace,
    pub(super) lease: Duration,
    pub(super) all: Vec<Arc<Port>>,
    routes: HashMap<String, usize>,
}

/// A port, ready to send.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) name: String,
    pub(super) routes: Vec<String>,
    pub(super) form: String,
    pub(super) contact: Vec<Contact>,
    pub(super) repeatable: bool,
    to: To,
}

/// Something to know of a complainant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    Name,
    Phone,
    Email,
    Address,
}

#[derive(Debug)]
enum To {
    Folder(Folder),
    Webhook(Webhook),
}

impl Default for DeliverySettings {
    fn default() -> Self {
        Self {
            attempts: 10,
            first_wait: Duration::from_secs(30),
            longest_wait: Duration::from_hours(6),
            timeout: Duration::from_secs(10),
            at_once: 8,
            ports: Vec::new(),
        }
    }
}

impl Ports {
    /// No port: all replies are told by people.
    pub fn none() -> Self {
        Self::of(&DeliverySettings::default())
    }

    /// The ports of these settings; all that is wrong with them at once.
    pub fn open(settings: &DeliverySettings, regulation: &Regulation) -> Result<Self, PortFaults> {
        let mut this = Self::of(settings);
        let mut faults = Vec::new();
        for (index, port) in settings.ports.iter().enumerate() {
            let mut wrong = |message: String| faults.push(PortFault { port: port.name.clone(), message });
            check(port, regulation, &mut wrong);
            for route in port.routes() {
                if let Some(taken) = this.routes.insert(route.clone(), index)
                    && let Some(other) = settings.ports.get(taken)
                {
                    wrong(format!("{route} goes to port {} already", other.name));
                }
            }
            match To::open(&port.to, settings.timeout) {
                Ok(to) => this.all.push(Arc::new(Port::new(port, to))),
                Err(message) => wrong(message),
            }
        }
        if faults.is_empty() { Ok(this) } else { Err(PortFaults(faults)) }
    }

    fn of(settings: &DeliverySettings) -> Self {
        Self {
            attempts: settings.attempts.max(1),
            at_once: settings.at_once.max(1),
            pace: Pace { first: settings.first_wait, longest: settings.longest_wait },
            lease: settings.timeout + GRACE,
            all: Vec::new(),
            routes: HashMap::new(),
        }
    }

    /// All the ways by which the program sends.
    pub(crate) fn routes(&self) -> Vec<String> {
        self.routes.keys().cloned().collect()
    }

    /// Whether the program sends what goes this way.
    pub fn serve(&self, route: &str) -> bool {
        self.routes.contains_key(route)
    }
}

impl Port {
    fn new(settings: &PortSettings, to: To) -> Self {
        Self {
            name: settings.name.clone(),
            routes: settings.routes(),
            form: settings.form.clone(),
            contact: settings.contact.iter().filter_map(|name| Contact::of(name)).collect(),
            repeatable: settings.repeatable,
            to,
        }
    }

    /// Sends a message under its delivery's id.
    pub(super) async fn send(&self, id: Uuid, now: Timestamp, body: Zeroizing<Vec<u8>>) -> Result<(), Fault> {
        match &self.to {
            To::Folder(folder) => folder.send(id, body).await,
            To::Webhook(webhook) => webhook.send(id, now, &body).await,
        }
    }
}

impl PortSettings {
    fn routes(&self) -> Vec<String> {
        let agencies = self.agencies.iter().map(|agency| agency_route(agency));
        agencies.chain(self.channels.iter().map(|channel| channel_route(channel))).collect()
    }
}

impl To {
    fn open(receiver: &Receiver, timeout: Duration) -> Result<Self, String> {
        match receiver {
            Receiver::Folder { path } if path.is_dir() => Ok(Self::Folder(Folder(path.clone()))),
            Receiver::Folder { path } => Err(format!("path: {} is no folder", path.display())),
            Receiver::Webhook { url, secrets, ca } => {
                let url = address(url)?;
                if secrets.is_empty() {
                    return Err(format!("secret: {NoSecret}"));
                }
                let webhook = Webhook::new(url, secrets.clone(), ca.as_deref(), timeout);
                webhook.map(Self::Webhook).map_err(|error| format!("ca: {error}"))
            }
        }
    }
}

impl Contact {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Self::Name,
            "phone" => Self::Phone,
            "email" => Self::Email,
            "address" => Self::Address,
            _ => return None,
        })
    }
}

impl Secret {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = NoSecret;

    fn from_str(text: &str) -> Result<Self, NoSecret> {
        let encoded = text.trim().strip_prefix(PREFIX).ok_or(NoSecret)?;
        let bytes = Zeroizing::new(STANDARD.decode(encoded).map_err(|_| NoSecret)?);
        if KEY_BYTES.contains(&bytes.len()) { Ok(Self(bytes)) } else { Err(NoSecret) }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn check(port: &PortSettings, regulation: &Regulation, wrong: &mut impl FnMut(String)) {
    for channel in &port.channels {
        if regulation.channel(channel).is_none() {
            let known: Vec<_> = regulation.channels().iter().map(|known| known.code.as_str()).collect();
            wrong(format!("channels: no channel {channel:?}, but {}", known.join(", ")));
        }
    }
    if port.channels.is_empty() && port.agencies.is_empty() {
        wrong("nothing goes there: expected `agencies` or `channels`".to_owned());
    }
    if !FORMS.contains(&port.form.as_str()) {
        wrong(format!("form: {:?} is none of {}", port.form, FORMS.join(", ")));
    }
    for name in port.contact.iter().filter(|name| Contact::of(name).is_none()) {
        wrong(format!("contact: {name:?} is none of name, phone, email, address"));
    }
}

/// Without TLS on this machine only: what is sent concerns people.
fn address(text: &str) -> Result<Url, String> {
    let url: Url = text.parse().map_err(|error| format!("url: {text:?} is no address: {error}"))?;
    let local = match url.host_str() {
        Some("localhost") => true,
        Some(host) => {
            host.trim_matches(['[', ']']).parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
        }
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => Err(format!("url: {text:?} is neither https nor http on this machine")),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn regulation() -> Regulation {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
        Regulation::load(&path).unwrap()
    }

    fn webhook(name: &str, url: &str) -> PortSettings {
        let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX".parse().unwrap();
        PortSettings {
            name: name.into(),
            agencies: vec!["12345".into()],
            channels: Vec::new(),
            form: "agency".into(),
            contact: Vec::new(),
            repeatable: true,
            to: Receiver::Webhook { url: url.into(), secrets: vec![secret], ca: None },
        }
    }

    fn open(ports: Vec<PortSettings>) -> Result<Ports, String> {
        let settings = DeliverySettings { ports, ..DeliverySettings::default() };
        Ports::open(&settings, &regulation()).map_err(|faults| faults.to_string())
    }

    #[test]
    fn all_that_is_wrong_with_all_ports_is_told_at_once() {
        let wrong = PortSettings {
            channels: vec!["pigeon".into()],
            form: "smoke".into(),
            contact: vec!["shoe_size".into()],
            ..webhook("a", "http://gateway.example/in")
        };
        let folder =
            PortSettings { to: Receiver::Folder { path: "/nowhere/at/all".into() }, ..webhook("b", "") };
        let idle = PortSettings { agencies: Vec::new(), ..webhook("c", "https://x.example") };
        let unsigned = PortSettings {
            agencies: vec!["x".into()],
            to: Receiver::Webhook { url: "https://x.example".into(), secrets: Vec::new(), ca: None },
            ..webhook("d", "")
        };
        let said = open(vec![wrong, folder, idle, unsigned]).unwrap_err();
        for part in [
            "ports.a: channels: no channel \"pigeon\", but visit",
            "ports.a: form: \"smoke\"",
            "ports.a: contact: \"shoe_size\"",
            "ports.a: url: \"http://gateway.example/in\" is neither https",
            "ports.b: path: /nowhere/at/all is no folder",
            "ports.b: agency/12345 goes to port a already",
            "ports.c: nothing goes there",
            "ports.d: secret: no key",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }

    #[test]
    fn a_port_serves_its_routes_and_http_is_for_this_machine() {
        for url in
            ["https://gateway.example/in", "http://127.0.0.1:9/in", "http://localhost/in", "http://[::1]:9/"]
        {
            let ports = open(vec![webhook("a", url)]).unwrap();
            assert!(ports.serve("agency/12345") && !ports.serve("channel/12345"), "{url}");
        }
        assert!(!Ports::none().serve("agency/12345"));
    }

    #[test]
    fn a_key_has_the_length_and_form_of_the_scheme_and_is_never_printed() {
        for wrong in ["", "whsec_", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX", "whsec_AAEC", "whsec_%%%%"] {
            assert_eq!(wrong.parse::<Secret>().unwrap_err(), NoSecret, "{wrong:?}");
        }
        let port = webhook("a", "https://x.example");
        assert!(!format!("{port:?}").contains("AAEC") && !format!("{port:?}").contains("[0, 1"), "{port:?}");
    }
}
