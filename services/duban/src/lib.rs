//! Duban's command: everything on one machine ([`up`]), one service at a time ([`serve`]), operations, and clients.
//!
//! - [`cli`] is what a person types; a file a command.
//! - [`config`] is what a service is told: a file, then variables, then flags.
//! - [`data`] is the directory that `duban up` keeps: the private cluster, keys, where the services listen.

pub mod attachments;
pub mod cli;
pub mod client;
pub mod config;
pub mod data;
pub mod database;
pub mod demo;
pub mod door;
pub mod instance;
pub mod ledgers;
pub mod migrate;
pub mod organs;
pub mod place;
pub mod rules;
pub mod samples;
pub mod serve;
#[cfg(feature = "testing")]
pub mod testing;
pub mod up;
mod wall;
