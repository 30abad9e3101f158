//! End-to-end tests over real gRPC, on a turned clock, each with a database and an instance of its own.
//! A test is named after the article it shows.

#![allow(clippy::expect_used, clippy::panic)] // clippy sees no test in a helper
mod acceptance;
mod access;
mod agencies;
mod archive;
mod attachments;
mod bad_input;
mod casework;
mod corrections;
mod delivery;
mod desk;
mod directory;
mod exchange;
mod grants;
mod instruction;
mod instruments;
mod investigation;
mod joint;
mod limits;
mod main_path;
mod privacy;
mod reliability;
mod repeats;
mod reports;
mod respondents;
mod retention;
mod routes;
mod search;
mod summary;
mod supervision;
mod transfers;
mod urgency;
