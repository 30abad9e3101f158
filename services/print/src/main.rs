//! `duban-print`.

use std::process::ExitCode;

fn main() -> ExitCode {
    duban_print::cli::main()
}
