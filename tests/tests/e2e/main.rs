//! End-to-end tests over real gRPC, on a turned clock, each with a database and an instance of its own.
//! A test is named after the article it shows.

#![allow(clippy::expect_used, clippy::panic)] // clippy sees no test in a helper
mod acceptance;
mod agencies;
mod bad_input;
mod casework;
mod grants;
mod main_path;
mod privacy;
mod reliability;
mod repeats;
mod respondents;
mod retention;
mod routes;
mod supervision;
