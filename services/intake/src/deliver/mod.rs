//! Telling complainants by the program (17): a courier for each port takes what is due, sends it, and has the outcome
//! recorded.
//!
//! An attempt begins with an entry (`delivery_begun`), which only one process gets: it holds the reply until a time. Whoever
//! dies between sending and recording leaves an attempt that lapses then. Where the receiver knows a delivery again by its
//! id, it is sent again under the same id; where it does not, a person decides.

mod courier;
mod folder;
mod message;
mod oldest;
mod pace;
mod ports;
mod signature;
mod webhook;

pub(crate) use courier::Courier;
pub(crate) use oldest::tell_oldest;
pub use ports::{DeliverySettings, FORMS, PortFault, PortFaults, PortSettings, Ports, Receiver, Secret};

/// Why an attempt did not arrive, or may not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// "http_503", "timeout" …
    pub(crate) code: String,
    /// Whether it makes sense to try again.
    pub(crate) then: Then,
}

/// What can be done about a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// It did not arrive, and may the next time; not before so long, where the receiver says so.
    Again(Option<std::time::Duration>),
    /// It may have arrived all the same.
    Unsure,
    /// It is refused, and would be again.
    Never,
}

impl Fault {
    pub(crate) fn new(code: impl Into<String>, then: Then) -> Self {
        Self { code: code.into(), then }
    }
}
