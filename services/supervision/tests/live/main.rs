//! The service over real gRPC, with a database and a clock of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod board;
mod clocks;
mod concerns;
mod extensions;
mod figures;
mod follow;
mod follow_up;
mod harness;
mod ladder;
mod notices;
mod others;
mod review;
mod tick;
mod watch;
