//! The rules, without a database: receipt, registration, acceptance, masks, replies (2, 8, 10, 13, 15, 16, 17).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // helpers are not in #[test]

mod actions;
mod attach;
mod close;
mod delivery;
mod desk;
mod grant;
mod handling;
mod instruction;
mod lent;
mod link;
mod masks;
mod rating;
mod referral;
mod reply;
mod report;
mod retention;
mod submit;
mod summary;
mod support;
mod treat;
mod urgency;
