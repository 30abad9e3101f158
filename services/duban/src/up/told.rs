//! What `duban up` tells the person who started it.

use std::fmt::Write as _;

use crate::config::Config;
use crate::data::DataDir;
use crate::demo::Played;
use crate::place::{Places, Service};

/// What runs where, and what to try.
pub(super) fn running(config: &Config, data: &DataDir, places: &Places, organs: usize) -> String {
    let mut text = String::from("duban is up:\n");
    for service in Service::ALL {
        let _ = writeln!(text, "  {:<12} {}", service.name(), places.url(service));
    }
    let metrics = config.metrics.listen;
    let _ = writeln!(text, "  {:<12} http://{metrics}/metrics, http://{metrics}/healthz", "metrics");
    let _ = writeln!(text, "  {:<12} {}", "data", data.path().display());
    if organs > 0 {
        let _ = writeln!(text, "  {:<12} {organs} organs imported", "directory");
    }
    let _ = write!(
        text,
        "\nIn another terminal{}:\n  \
         duban board\n  \
         duban token --role desk --organ baoshan --subject me\n  \
         duban submit deploy/samples/complaints.jsonl --organ baoshan\n  \
         duban ledger verify\n\
         Ctrl-C stops everything.",
        elsewhere(data)
    );
    text
}

/// Where the data is not in the usual place, other commands have to be told.
fn elsewhere(data: &DataDir) -> String {
    match DataDir::locate(None) {
        Ok(usual) if usual.path() == data.path() => String::new(),
        _ => format!(", after `export DUBAN_DATA={}`", data.path().display()),
    }
}

/// What came of the demo.
pub(super) fn played(played: &Played, data: &DataDir) -> String {
    let Played { complaints, steps, organs, refused } = played;
    let mut text = format!(
        "played: {complaints} complaints, {steps} steps by the officers of {organs} organs. Now it goes on live, by this machine's clock."
    );
    for one in refused {
        let _ = write!(text, "\n  line {} of the samples, {}: {}", one.line, one.step, one.fault);
    }
    let _ = write!(text, "\nSee it with `duban board`{}.", elsewhere(data));
    text
}
