//! Every example in the help is a command line that this program takes.

use clap::{Command, Parser as _};
use duban::cli::{Cli, description};

#[test]
fn every_example_in_the_help_parses_and_every_command_has_one() {
    let mut seen = 0;
    walk(&description(), &mut seen);
    assert!(seen > 10, "{seen} examples");
}

fn walk(command: &Command, seen: &mut usize) {
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let examples: Vec<_> = help.lines().filter_map(example).collect();
    let leaf = !command.has_subcommands();
    assert!(!leaf || !examples.is_empty(), "`{}` has no example", command.get_name());
    for words in examples {
        if let Err(error) = Cli::try_parse_from(&words) {
            panic!("{words:?}: {error}");
        }
        *seen += 1;
    }
    for inner in command.get_subcommands() {
        walk(inner, seen);
    }
}

/// The words of a line `  duban …`, quotes taken off, as a shell would give them.
fn example(line: &str) -> Option<Vec<String>> {
    let line = line.trim();
    line.starts_with("duban ").then(|| {
        let mut words = vec![String::new()];
        let mut quoted = false;
        for letter in line.chars() {
            match letter {
                '\'' => quoted = !quoted,
                ' ' if !quoted => words.push(String::new()),
                other => words.last_mut().unwrap().push(other),
            }
        }
        // The shell takes the rest.
        let end = words.iter().position(|word| word == ">").unwrap_or(words.len());
        words.truncate(end);
        words
    })
}

#[test]
fn the_command_line_is_sound() {
    description().debug_assert();
}
