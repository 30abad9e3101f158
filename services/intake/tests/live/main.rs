//! The services over real gRPC, with a database and a clock of their own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod agencies;
mod bounds;
mod complaint;
mod delivery;
mod desk;
mod follow;
mod harness;
mod identity;
mod limits;
mod lists;
mod masks;
mod others;
mod replies;
mod respondents;
mod search;
mod stream;
mod submit;
mod supplement;
mod track;
