//! What decides, handed to the services' rules as one value.

use std::sync::Arc;

use calendar::{Calendar, Due, Length};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::regulation::Regulation;
use crate::version::{Governing, Versions};

/// The regulation in force and the calendar its limits are counted by. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The regulation of every organ that has none of its own.
    pub regulation: Arc<Regulation>,
    /// The workdays.
    pub calendar: Arc<Calendar>,
    versions: Versions,
}

impl Rules {
    /// One regulation for all organs.
    pub fn new(regulation: Arc<Regulation>, calendar: Arc<Calendar>) -> Self {
        let versions = Versions::one(Arc::clone(&regulation));
        Self { regulation, calendar, versions }
    }

    /// A procedure with several versions; `now` says which of them new complaints come under.
    pub fn of_versions(versions: Versions, calendar: Arc<Calendar>, now: Timestamp) -> Self {
        let regulation = Arc::clone(versions.on(date(now, &newest_zone(&versions))));
        Self { regulation, calendar, versions }
    }

    /// What governs an open case of an organ: the regulation alone, where there is one version of it.
    pub fn for_case(&self, organ: &str, registered: Timestamp, now: Timestamp) -> Governing<'_> {
        let zone = &self.for_organ(organ).counting().zone;
        self.versions.governing(date(registered, zone), date(now, zone))
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

/// The day of a moment where days are counted.
fn date(at: Timestamp, zone: &TimeZone) -> jiff::civil::Date {
    zone.to_datetime(at).date()
}

fn newest_zone(versions: &Versions) -> TimeZone {
    let zone = versions.iter().last().map(|newest| newest.counting().zone.clone());
    zone.unwrap_or(TimeZone::UTC)
}
