//! The command line and the configuration, as a person meets them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "helpers of tests are tests")]

mod cli {
    mod commands;
    mod config;
    mod help;
    mod regulation;
    mod run;
    mod up;
}
