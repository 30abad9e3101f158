//! The ledger against a real Postgres: the writer, faults, a model, following, the audit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

mod audit;
mod faults;
mod feed;
mod follow;
mod mailbox;
mod model;
mod support;
mod writer;
