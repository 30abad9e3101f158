//! A case of the play: what was complained about, and how far it has come.

use directory::Directory;
use duban_proto::common::v1::OrganKind;
use jiff::Timestamp;

use super::script::Scenario;
use crate::samples::{Line, Supplement};

/// The centre, where most complaints come in.
pub(super) const CENTRE: &str = "baoshan";

/// A case. Has no `Debug`: it names the complainant.
pub(super) struct Case {
    /// Its place in the samples, from 0.
    pub(super) number: usize,
    /// The complaint.
    pub(super) line: Line,
    /// What the complainant answers when asked for a supplement.
    pub(super) supplement: Option<Supplement>,
    /// How it goes on.
    pub(super) scenario: Scenario,
    /// When it arrives.
    pub(super) at: Timestamp,
    /// The organ that registers it.
    pub(super) door: String,
    /// The case's id, once it is in.
    pub(super) id: String,
    /// Its version at intake, as last seen.
    pub(super) version: u32,
    /// The home, once it is routed.
    pub(super) home: String,
    /// The organ that handles it, once it is routed.
    pub(super) holder: String,
    /// The term, once it is routed.
    pub(super) term: u32,
    /// The extension that was asked for.
    pub(super) extension: String,
    /// The disposition is approved.
    pub(super) concluded: bool,
}

impl Case {
    /// One that has not arrived.
    pub(super) fn new(
        number: usize,
        line: Line,
        supplement: Option<Supplement>,
        at: Timestamp,
        directory: &Directory,
    ) -> Self {
        let scenario = line.scenario.parse().unwrap_or(Scenario::Normal);
        let door = door(number, &line, scenario, directory);
        Self {
            number,
            line,
            supplement,
            scenario,
            at,
            door,
            id: String::new(),
            version: 0,
            home: String::new(),
            holder: String::new(),
            term: 0,
            extension: String::new(),
            concluded: false,
        }
    }
}

/// Most people turn to the centre; of those who come or write, some go to the sub-centre of the organ they mean.
fn door(number: usize, line: &Line, scenario: Scenario, directory: &Directory) -> String {
    let near = matches!(scenario, Scenario::Normal | Scenario::ReturnedDisposition | Scenario::Extension);
    let managing = directory.managing(line.first_respondent());
    let sub_centre = managing.filter(|organ| organ.kind() == OrganKind::SubCentre);
    match sub_centre {
        Some(organ) if near && number.is_multiple_of(3) && !line.is_of_a_system() => organ.code.clone(),
        _ => CENTRE.to_owned(),
    }
}
