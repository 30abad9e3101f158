//! The rules, without a database: the ladder, extensions, the board (16, 17, 20).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod approval;
mod board;
mod calendar_change;
mod digest;
mod extension;
mod inherit;
mod ladder;
mod part;
mod pause;
mod support;
mod year;
