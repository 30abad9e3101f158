//! Runs the built command.

use std::process::{Command, Output};

/// The command with these arguments, in an environment without any variable of ours.
pub(super) fn duban(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_duban"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("DUBAN_")) {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").args(arguments);
    command
}

/// Its standard output; fails the test where the command does.
pub(super) fn succeed(arguments: &[&str]) -> String {
    let output = duban(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

/// Its standard error; fails the test where the command succeeds, or shows anything like a stack trace.
pub(super) fn fail(arguments: &[&str]) -> String {
    failed(&duban(arguments).output().unwrap())
}

/// The standard error of a run that must have failed in order.
pub(super) fn failed(output: &Output) -> String {
    let said = text(&output.stderr);
    assert!(!output.status.success(), "it succeeded: {}", text(&output.stdout));
    assert!(!said.contains("panicked") && !said.contains("RUST_BACKTRACE"), "{said}");
    said
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
