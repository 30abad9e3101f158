//! The rules, without a database: the ladder, extensions, the board (16, 17, 20).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod board;
mod extension;
mod figures;
mod inherit;
mod ladder;
mod support;
