//! Supervision watches each case's time, acts in order when it runs out, and counts (articles 16, 17, 20).

pub mod domain;
