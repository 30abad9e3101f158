//! What decides, handed to the services' rules as one value.

use std::sync::Arc;

use calendar::{Calendar, Due, Length};
use jiff::Timestamp;

use crate::regulation::Regulation;

/// The regulation in force and the calendar its limits are counted by. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The regulation of every organ that has none of its own.
    pub regulation: Arc<Regulation>,
    /// The workdays.
    pub calendar: Arc<Calendar>,
}

impl Rules {
    /// One regulation for all organs.
    pub fn new(regulation: Arc<Regulation>, calendar: Arc<Calendar>) -> Self {
        Self { regulation, calendar }
    }

    /// The regulation that an organ works by; today the same for all.
    pub fn for_organ(&self, _organ: &str) -> &Regulation {
        &self.regulation
    }

    /// The end of a length of time from `start`, counted as the organ's regulation says.
    pub fn due(&self, organ: &str, start: Timestamp, length: Length) -> Due {
        self.calendar.due(start, length, self.for_organ(organ).counting())
    }
}
