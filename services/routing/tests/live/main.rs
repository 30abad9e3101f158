//! The service over real gRPC, with a database and a clock of its own, following an intake that says what it is told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod harness;
mod input;
mod intake;
mod joint;
mod lists;
mod main_path;
mod organs;
mod replicas;
mod succession;
mod transfers;
