//! The rules of routing and casework, in memory: every way a case goes, and every way it may not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod casework;
mod competence;
mod crossing;
mod directory;
mod exchange;
mod guidance;
mod home;
mod home_twice;
mod instruments;
mod investigation;
mod joint;
mod model;
mod ordered;
mod organs;
mod reopening;
mod succession;
mod support;
mod takeover;
mod terms;
mod told;
mod transfers;
mod urgency;
mod volume;
