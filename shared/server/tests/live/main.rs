//! A real server on port 0 and real clients.

mod calls;
mod harness;
mod limits;
mod raw;
mod stopping;
mod web;
