//! The rules, without a database: the ladder, extensions, the board (16, 17, 20).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod accountability;
mod appeal;
mod approval;
mod board;
mod calendar_change;
mod digest;
mod extension;
mod figures;
mod follow_up;
mod inherit;
mod ladder;
mod notices;
mod part;
mod pause;
mod review;
mod support;
mod year;
