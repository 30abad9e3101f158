//! Clients of a running instance.

pub mod board;
pub mod submit;
pub mod track;

pub use ::client::{Bearer, ConnectError, Endpoint, Fault, Target, connect};
