//! Clients of a running instance.

pub mod board;
mod connect;
mod fault;
pub mod submit;
pub mod track;

pub use connect::{Bearer, ConnectError, Endpoint, Target, connect};
pub use fault::Fault;
