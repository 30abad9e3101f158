//! End-to-end tests over real gRPC, on a turned clock, each with a database and an instance of its own.
//! A test is named after the article it shows.

#![allow(clippy::expect_used, clippy::panic)] // clippy sees no test in a helper
mod acceptance;
mod access;
mod accountability;
mod agencies;
mod appeals;
mod archive;
mod attachments;
mod bad_input;
mod casework;
mod clocks;
mod corrections;
mod delivery;
mod desk;
mod directory;
mod exchange;
mod follow_up;
mod grants;
mod instruction;
mod instruments;
mod investigation;
mod joint;
mod limits;
mod main_path;
mod notices;
mod privacy;
mod reliability;
mod repeats;
mod reports;
mod respondents;
mod retention;
mod review;
mod routes;
mod search;
mod statistics;
mod summary;
mod supervision;
mod transfers;
mod urgency;
mod watch;
