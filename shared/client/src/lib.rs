//! What every client of a running instance has in common: the commands of `duban`, and the print program.

mod connect;
mod fault;

pub use connect::{Bearer, ConnectError, Endpoint, Target, connect};
pub use fault::Fault;
