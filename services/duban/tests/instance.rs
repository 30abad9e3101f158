//! A whole instance: what the clients and the demo do with it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests are tests")]

mod instance {
    mod demo;
    mod submit;
}
