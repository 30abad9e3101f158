//! A real server on port 0 and real clients.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

mod calls;
mod harness;
mod limits;
mod raw;
mod stopping;
mod web;
