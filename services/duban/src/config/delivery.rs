//! `[delivery]`: how replies are sent to complainants, and where.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use intake::{DeliverySettings, PortFault, PortFaults, PortSettings, Ports, Receiver, Secret};
use regulation::Regulation;
use serde::Deserialize;

use super::Hidden;

/// `[delivery]`: replies are sent by the ports; without one for it, a reply waits for a person.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DeliveryConfig {
    /// How often a reply is tried before a person has to see to it: 10.
    pub attempts: NonZeroU32,
    /// Seconds from the first failure to the next attempt, then twice as long each time: 30.
    pub first_wait_s: NonZeroU32,
    /// The longest of these waits, in seconds: 21,600.
    pub longest_wait_s: NonZeroU32,
    /// How long a receiver may take, in seconds: 10.
    pub timeout_s: NonZeroU32,
    /// How many replies a port sends at once: 8.
    pub at_once: NonZeroU32,
    /// The ports, by name: `[delivery.ports.hotline]`.
    pub ports: BTreeMap<String, PortConfig>,
}

/// `[delivery.ports.hotline]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortConfig {
    /// `folder` or `webhook`.
    pub kind: PortKind,
    /// The agencies whose systems get the replies to what they handed in.
    #[serde(default)]
    pub agencies: Vec<String>,
    /// The channels whose replies go here, by the regulation's codes, of what no system handed in.
    #[serde(default)]
    pub channels: Vec<String>,
    /// The form of a reply here: `online`; or `agency`, `sms`, `email`, `letter`, `call`, `in_person`.
    #[serde(default = "online")]
    pub form: String,
    /// What is told of the complainant: `name`, `phone`, `email`, `address`; usually nothing.
    #[serde(default)]
    pub contact: Vec<String>,
    /// The receiver knows a delivery again by its id, so that it may come twice: true.
    #[serde(default = "yes")]
    pub repeatable: bool,
    /// Of a folder: which.
    pub path: Option<PathBuf>,
    /// Of a webhook: its address.
    pub url: Option<String>,
    /// Of a webhook: the key of its signature, `whsec_…`.
    pub secret: Option<Hidden>,
    /// Of a webhook: a file with such keys, one a line; the first line is the newest.
    pub secret_file: Option<PathBuf>,
    /// Of a webhook: the authorities that sign its certificate, in PEM; absent: those the system trusts.
    pub ca: Option<PathBuf>,
}

/// What a port is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PortKind {
    /// A folder that another program empties.
    Folder,
    /// A program that takes replies over HTTP.
    Webhook,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        let count = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self {
            attempts: count(10),
            first_wait_s: count(30),
            longest_wait_s: count(21_600),
            timeout_s: count(10),
            at_once: count(8),
            ports: BTreeMap::new(),
        }
    }
}

impl DeliveryConfig {
    /// The ports, ready to send; all that is wrong with them at once.
    pub fn open(&self, regulation: &Regulation) -> Result<Ports, PortFaults> {
        let seconds = |count: NonZeroU32| Duration::from_secs(count.get().into());
        let (mut ports, mut faults) = (Vec::new(), Vec::new());
        for (name, config) in &self.ports {
            ports.push(config.settings(name, &mut |message| {
                faults.push(PortFault { port: name.clone(), message });
            }));
        }
        let settings = DeliverySettings {
            attempts: self.attempts.get(),
            first_wait: seconds(self.first_wait_s),
            longest_wait: seconds(self.longest_wait_s),
            timeout: seconds(self.timeout_s),
            at_once: usize::try_from(self.at_once.get()).unwrap_or(usize::MAX),
            ports,
        };
        match Ports::open(&settings, regulation) {
            Ok(ports) if faults.is_empty() => Ok(ports),
            Ok(_) => Err(PortFaults(faults)),
            Err(PortFaults(more)) => {
                faults.extend(more);
                Err(PortFaults(faults))
            }
        }
    }
}

impl PortConfig {
    fn settings(&self, name: &str, wrong: &mut dyn FnMut(String)) -> PortSettings {
        PortSettings {
            name: name.to_owned(),
            agencies: self.agencies.clone(),
            channels: self.channels.clone(),
            form: self.form.clone(),
            contact: self.contact.clone(),
            repeatable: self.repeatable,
            to: match self.kind {
                PortKind::Folder => self.folder(wrong),
                PortKind::Webhook => self.webhook(wrong),
            },
        }
    }

    fn folder(&self, wrong: &mut dyn FnMut(String)) -> Receiver {
        let foreign =
            [self.url.is_some(), self.secret.is_some(), self.secret_file.is_some(), self.ca.is_some()];
        if foreign.contains(&true) {
            wrong("a folder has a `path`, and neither `url`, `secret`, `secret_file` nor `ca`".to_owned());
        }
        Receiver::Folder { path: self.path.clone().unwrap_or_default() }
    }

    fn webhook(&self, wrong: &mut dyn FnMut(String)) -> Receiver {
        if self.path.is_some() {
            wrong("a webhook has a `url`, and no `path`".to_owned());
        }
        let mut secrets = Vec::new();
        let lines =
            self.secret_file.as_deref().map(|path| read(path, "secret_file", wrong)).unwrap_or_default();
        let lines = String::from_utf8(lines).unwrap_or_default();
        let in_file = lines.lines().filter(|line| !line.trim().is_empty());
        for text in self.secret.iter().map(Hidden::expose).chain(in_file) {
            match text.parse::<Secret>() {
                Ok(secret) => secrets.push(secret),
                Err(error) => wrong(format!("secret: {error}")),
            }
        }
        let ca = self.ca.as_deref().map(|path| read(path, "ca", wrong));
        Receiver::Webhook { url: self.url.clone().unwrap_or_default(), secrets, ca }
    }
}

fn read(path: &Path, setting: &str, wrong: &mut dyn FnMut(String)) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| {
        wrong(format!("{setting}: {} can't be read: {error}", path.display()));
        Vec::new()
    })
}

fn online() -> String {
    "online".to_owned()
}

const fn yes() -> bool {
    true
}
