//! What the end-to-end tests have in common: an instance of the three services with a database of its own ([`World`]), the
//! people who call it ([`Officer`]), and the steps of a case ([`Journey`]).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)] // a test may panic

pub mod complaints;
mod journey;
mod logs;
pub mod receiver;
mod rejection;
mod world;

pub use journey::{INVESTIGATORS, Journey};
pub use logs::Logs;
pub use rejection::{Rejected, rejected, rejection};
pub use world::{Officer, World, eventually};

/// The district centre.
pub const CENTRE: &str = "baoshan";
/// A sub-centre: 罗店镇.
pub const SUB_CENTRE: &str = "baoshan.luodian";
/// Another one: 大场镇.
pub const OTHER_SUB_CENTRE: &str = "baoshan.dachang";
/// A unit that the sub-centre manages.
pub const UNIT: &str = "baoshan.luodian.services";
