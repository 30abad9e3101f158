//! The calendar: built from files, asked about days.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    ops::Bound,
    path::{Path, PathBuf},
};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::{
    bundled,
    day::{Day, Exception, Kind, in_last_week_of_year, is_weekend},
    error::{CalendarError, Problem},
    file::{self, Listed, YearFile},
};

/// The bytes of the fingerprint that [`Calendar::version`] shows.
const VERSION_BYTES: usize = 8;

/// The workdays of the years that have a data file, and the weekends of all others.
#[derive(Debug, Clone)]
pub struct Calendar {
    years: BTreeSet<i16>,
    exceptions: BTreeMap<Date, Exception>,
    version: String,
}

impl Calendar {
    /// The calendar that came with the program: 2009 and after.
    pub fn bundled() -> Result<Self, CalendarError> {
        let mut builder = Builder::default();
        for (name, text) in bundled::FILES {
            let path = Path::new(name);
            builder.add(name, file::parse(name, year_of(path)?, text)?)?;
        }
        Ok(builder.build())
    }

    /// The calendar in the directory's files `2009.toml`, `2010.toml` …; other files are left alone.
    ///
    /// It stands instead of the bundled one, not on top of it: a year that is not in the directory is provisional.
    pub fn load(dir: &Path) -> Result<Self, CalendarError> {
        let mut builder = Builder::default();
        let paths = toml_files(dir).map_err(|source| CalendarError::Read { path: dir.to_owned(), source })?;
        if paths.is_empty() {
            return Err(CalendarError::Empty { path: dir.to_owned() });
        }
        for path in paths {
            let year = year_of(&path)?;
            let name = path.display().to_string();
            let text = fs::read_to_string(&path).map_err(|source| CalendarError::Read { path, source })?;
            builder.add(&name, file::parse(&name, year, &text)?)?;
        }
        Ok(builder.build())
    }

    /// This calendar with another arrangement of a year in the place of the one it has, if any: as a file of that year has it.
    ///
    /// The last week of December belongs to the year after, whose notice may reach back into it.
    pub fn with_year(&self, year: i16, text: &str) -> Result<Self, CalendarError> {
        let name = format!("{year}.toml");
        let of_year = |date: &Date| {
            let last_week = in_last_week_of_year(*date);
            (date.year() == year && !last_week) || (date.year() == year - 1 && last_week)
        };
        let mut builder = Builder {
            years: self.years.clone(),
            exceptions: self.exceptions.iter().filter(|(date, _)| !of_year(date)).map(owned).collect(),
            places: BTreeMap::new(),
        };
        builder.places = builder.exceptions.keys().map(|date| (*date, "another year".to_owned())).collect();
        builder.add(&name, file::parse(&name, year, text)?)?;
        Ok(builder.build())
    }

    /// A fingerprint of the data, 16 hexadecimal digits: equal where the same days are listed under the same names and
    /// notices, whatever the files' layout and comments. Decisions record it.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The years that have a data file, in order.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        self.years.iter().copied()
    }

    /// What a day is, and by which notice.
    pub fn kind(&self, date: Date) -> Day<'_> {
        let exception = self.exceptions.get(&date);
        let of = exception.map(|exception| &exception.of);
        let weekday = if is_weekend(date) { Kind::Weekend } else { Kind::Workday };
        Day {
            kind: exception.map_or(weekday, |exception| exception.kind),
            name: of.map(|of| of.name.as_str()),
            english: of.map(|of| of.english.as_str()),
            notice: of.map(|of| of.notice.as_str()),
            provisional: self.is_provisional(date),
        }
    }

    /// Whether people work on this day.
    pub fn is_workday(&self, date: Date) -> bool {
        self.kind(date).kind.is_workday()
    }

    /// Whether an arrangement that is not known yet could change this day.
    pub fn is_provisional(&self, date: Date) -> bool {
        let year = date.year();
        !self.years.contains(&year) || (in_last_week_of_year(date) && !self.years.contains(&(year + 1)))
    }

    /// The number of workdays after the day `from`, up to and with the day `to`; 0 where `to` is not later.
    ///
    /// For figures: it costs the announced days in between, not the days.
    pub fn workdays_between(&self, from: Date, to: Date) -> u32 {
        if to <= from {
            return 0;
        }
        let announced = self.exceptions.range((Bound::Excluded(from), Bound::Included(to)));
        let moved: i64 = announced
            .map(|(date, exception)| match exception.kind {
                Kind::Holiday if !is_weekend(*date) => -1,
                Kind::MakeUp => 1,
                Kind::Holiday | Kind::Workday | Kind::Weekend => 0,
            })
            .sum();
        u32::try_from(weekdays_between(from, to) + moved).unwrap_or(0)
    }
}

fn owned((date, exception): (&Date, &Exception)) -> (Date, Exception) {
    (*date, exception.clone())
}

/// Monday to Friday after `from` up to and with `to`, which is later.
fn weekdays_between(from: Date, to: Date) -> i64 {
    let days = from.duration_until(to).as_hours() / 24;
    let first = i64::from(from.weekday().to_monday_zero_offset());
    let rest = (1..=days % 7).filter(|ahead| (first + ahead) % 7 < 5).count();
    days / 7 * 5 + i64::try_from(rest).unwrap_or(0)
}

/// The directory's TOML files, by name.
fn toml_files(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

/// The year that a file is named after.
fn year_of(path: &Path) -> Result<i16, CalendarError> {
    path.file_stem()
        .and_then(|stem| stem.to_str())
        .filter(|stem| stem.len() == 4 && stem.bytes().all(|byte| byte.is_ascii_digit()))
        .and_then(|stem| stem.parse().ok())
        .ok_or_else(|| CalendarError::Name { path: path.to_owned() })
}

/// Puts years together, and sees that no day is listed twice.
#[derive(Default)]
struct Builder {
    years: BTreeSet<i16>,
    exceptions: BTreeMap<Date, Exception>,
    /// File and line of each day.
    places: BTreeMap<Date, String>,
}

impl Builder {
    fn add(&mut self, file: &str, year: YearFile) -> Result<(), CalendarError> {
        self.years.insert(year.year);
        for Listed { date, line, exception } in year.listed {
            if let Some(first) = self.places.insert(date, format!("{file}:{line}")) {
                let problem = Problem::Twice { date, first };
                return Err(CalendarError::Content { file: file.to_owned(), line, problem });
            }
            self.exceptions.insert(date, exception);
        }
        Ok(())
    }

    fn build(self) -> Calendar {
        let version = self.fingerprint();
        Calendar { years: self.years, exceptions: self.exceptions, version }
    }

    fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for year in &self.years {
            hash.update(format!("year {year}\n"));
        }
        for (date, Exception { kind, of }) in &self.exceptions {
            let kind = if kind.is_workday() { "work" } else { "off" };
            hash.update(format!("{date} {kind} {} {}\n", of.name, of.notice));
        }
        hash.finalize().iter().take(VERSION_BYTES).fold(String::new(), |mut hex, byte| {
            // Writing to a string can't fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}
