use std::{fmt, str::FromStr, sync::Arc};

use duban_proto::{common::v1 as common, feed::v1 as feed};
use uuid::Uuid;

/// The code of an organ: the unit of order, numbering and authority. Lower-case letters, digits, hyphens and dots, 1 to 64.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Organ(Arc<str>);

/// Not an organ's code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is no organ code: 1 to 64 of a-z, 0-9, '-' and '.', neither first nor last a dot")]
pub struct InvalidOrgan(String);

impl Organ {
    /// The code, checked.
    pub fn new(code: &str) -> Result<Self, InvalidOrgan> {
        let known =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
        let formed = (1..=64).contains(&code.len())
            && code.bytes().all(known)
            && !code.starts_with('.')
            && !code.ends_with('.')
            && !code.contains("..");
        if formed { Ok(Self(code.into())) } else { Err(InvalidOrgan(code.chars().take(80).collect())) }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Organ {
    type Err = InvalidOrgan;

    fn from_str(code: &str) -> Result<Self, InvalidOrgan> {
        Self::new(code)
    }
}

impl fmt::Display for Organ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Organ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CaseId(pub Uuid);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A service, as the owner of ledgers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Service {
    /// Intake.
    Intake,
    /// Routing and casework.
    Routing,
    /// Supervision.
    Supervision,
}

impl Service {
    /// The name: "intake".
    pub fn name(self) -> &'static str {
        match self {
            Self::Intake => "intake",
            Self::Routing => "routing",
            Self::Supervision => "supervision",
        }
    }

    /// As a number, in tables and on the wire.
    pub(crate) fn code(self) -> i16 {
        match self {
            Self::Intake => 1,
            Self::Routing => 2,
            Self::Supervision => 3,
        }
    }

    pub(crate) fn from_code(code: i16) -> Option<Self> {
        [Self::Intake, Self::Routing, Self::Supervision].into_iter().find(|service| service.code() == code)
    }

    /// As in the contracts.
    pub fn to_wire(self) -> common::Service {
        match self {
            Self::Intake => common::Service::Intake,
            Self::Routing => common::Service::Routing,
            Self::Supervision => common::Service::Supervision,
        }
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A hash of 32 bytes; zeros stand before the first entry.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Hash(pub [u8; 32]);

impl Hash {
    /// What stands before the first entry.
    pub const ZERO: Self = Self([0; 32]);

    /// From bytes: 32, or none for [`Hash::ZERO`].
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        if bytes.is_empty() { Some(Self::ZERO) } else { bytes.try_into().ok().map(Self) }
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().take(4).try_for_each(|byte| write!(f, "{byte:02x}"))?;
        f.write_str("…")
    }
}

/// A place in a ledger, or in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Position {
    /// Counts restores, from 1.
    pub epoch: u32,
    /// The entry's number, gapless from 1; 0 is before the first.
    pub seq: u64,
    /// The entry's hash.
    pub hash: Hash,
}

impl Position {
    /// Before the first entry.
    pub const START: Self = Self { epoch: 1, seq: 0, hash: Hash::ZERO };

    /// As in the contracts.
    pub fn to_wire(self, organ: &Organ) -> feed::Position {
        let hash = if self.seq == 0 { Vec::new() } else { self.hash.0.to_vec() };
        feed::Position { organ: organ.to_string(), epoch: self.epoch, seq: self.seq, hash: hash.into() }
    }

    /// From the contracts; `None` where the hash is of another length.
    pub fn from_wire(wire: &feed::Position) -> Option<Self> {
        Some(Self { epoch: wire.epoch, seq: wire.seq, hash: Hash::from_bytes(&wire.hash)? })
    }
}

/// What an entry follows from, in another service's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// The service.
    pub service: Service,
    /// The organ whose ledger it is.
    pub organ: Organ,
    /// The epoch.
    pub epoch: u32,
    /// The entry's number.
    pub seq: u64,
}

impl Cause {
    /// As in the contracts.
    pub fn to_wire(&self) -> feed::Cause {
        feed::Cause {
            service: self.service.to_wire().into(),
            organ: self.organ.to_string(),
            epoch: self.epoch,
            seq: self.seq,
        }
    }

    /// From the contracts; `None` where it is malformed.
    pub fn from_wire(wire: &feed::Cause) -> Option<Self> {
        let service = Service::from_code(i16::try_from(wire.service).ok()?)?;
        Some(Self { service, organ: Organ::new(&wire.organ).ok()?, epoch: wire.epoch, seq: wire.seq })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organ_code_is_checked() {
        for code in ["baoshan", "baoshan.luodian", "a-1"] {
            assert_eq!(Organ::new(code).unwrap().as_str(), code);
        }
        for code in ["", ".a", "a.", "a..b", "A", "a b", "宝山", &"a".repeat(65)] {
            assert!(Organ::new(code).is_err(), "{code}");
        }
    }

    #[test]
    fn service_codes_are_those_of_the_contract() {
        for service in [Service::Intake, Service::Routing, Service::Supervision] {
            assert_eq!(i32::from(service.code()), i32::from(service.to_wire()));
            assert_eq!(Service::from_code(service.code()), Some(service));
        }
        assert_eq!(Service::from_code(0), None);
    }
}
