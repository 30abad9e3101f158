//! One year's data file: its form, and what is checked in it.

use std::{collections::HashSet, sync::Arc};

use jiff::civil::Date;
use serde::Deserialize;
use toml::{Spanned, value::Datetime};

use crate::{
    day::{Break, Exception, Kind, in_last_week_of_year, is_weekend},
    error::{CalendarError, Problem},
};

/// Longer than any break was: a slip in a month shows.
const LONGEST_BREAK_DAYS: i64 = 31;

/// A file that was read and checked by itself.
pub(crate) struct YearFile {
    pub(crate) year: i16,
    pub(crate) listed: Vec<Listed>,
}

/// A day as listed in a file.
pub(crate) struct Listed {
    pub(crate) date: Date,
    pub(crate) line: usize,
    pub(crate) exception: Exception,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    year: Spanned<i16>,
    notice: Vec<NoticeForm>,
    holiday: Vec<HolidayForm>,
}

/// `title` and `source` are for the reader; they have to be there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeForm {
    number: Spanned<String>,
    title: Spanned<String>,
    date: Option<Spanned<Datetime>>,
    source: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HolidayForm {
    name: Spanned<String>,
    english: Spanned<String>,
    notice: Option<Spanned<String>>,
    from: Spanned<Datetime>,
    to: Spanned<Datetime>,
    #[serde(default)]
    make_up: Vec<Spanned<Datetime>>,
}

/// Reads `text`, the content of `file`, which by its name is the calendar of `year`.
pub(crate) fn parse(file: &str, year: i16, text: &str) -> Result<YearFile, CalendarError> {
    Reader { file, year, text }.read()
}

struct Reader<'a> {
    file: &'a str,
    year: i16,
    text: &'a str,
}

impl Reader<'_> {
    fn read(&self) -> Result<YearFile, CalendarError> {
        let form: Form = toml::from_str(self.text).map_err(|error| {
            let (line, column) = self.position(error.span().map_or(0, |span| span.start));
            CalendarError::Form { file: self.file.to_owned(), line, column, source: Box::new(error) }
        })?;
        let found = *form.year.get_ref();
        if found != self.year {
            return Err(self.wrong(&form.year, Problem::Year { expected: self.year, found }));
        }
        let yearly = self.notices(&form)?;
        if form.holiday.is_empty() {
            return Err(self.wrong(&form.year, Problem::Missing("holiday")));
        }
        let numbers: HashSet<&str> = form.notice.iter().map(|n| n.number.get_ref().as_str()).collect();
        let mut listed = Vec::new();
        for holiday in &form.holiday {
            self.holiday(holiday, yearly, &numbers, &mut listed)?;
        }
        Ok(YearFile { year: self.year, listed })
    }

    /// Checks the notices, and gives the number of the yearly one.
    fn notices<'f>(&self, form: &'f Form) -> Result<&'f str, CalendarError> {
        let mut seen = HashSet::new();
        for notice in &form.notice {
            self.filled("number", &notice.number)?;
            self.filled("title", &notice.title)?;
            self.filled("source", &notice.source)?;
            notice.date.as_ref().map(|date| self.date(date)).transpose()?;
            if !seen.insert(notice.number.get_ref()) {
                let problem = Problem::RepeatedNotice(notice.number.get_ref().clone());
                return Err(self.wrong(&notice.number, problem));
            }
        }
        match form.notice.first() {
            Some(yearly) => Ok(yearly.number.get_ref()),
            None => Err(self.wrong(&form.year, Problem::Missing("notice"))),
        }
    }

    fn holiday(
        &self,
        form: &HolidayForm,
        yearly: &str,
        numbers: &HashSet<&str>,
        listed: &mut Vec<Listed>,
    ) -> Result<(), CalendarError> {
        self.filled("name", &form.name)?;
        self.filled("english", &form.english)?;
        let notice = match &form.notice {
            Some(number) if !numbers.contains(number.get_ref().as_str()) => {
                return Err(self.wrong(number, Problem::UnknownNotice(number.get_ref().clone())));
            }
            Some(number) => number.get_ref().as_str(),
            None => yearly,
        };
        let of = Arc::new(Break {
            name: form.name.get_ref().clone(),
            english: form.english.get_ref().clone(),
            notice: notice.to_owned(),
        });

        let (from, to) = (self.date(&form.from)?, self.date(&form.to)?);
        let days = from.duration_until(to).as_hours() / 24 + 1;
        if !(1..=LONGEST_BREAK_DAYS).contains(&days) {
            return Err(self.wrong(&form.to, Problem::Range { from, to }));
        }
        for date in from.series(jiff::Span::new().days(1)).take_while(|date| *date <= to) {
            listed.push(self.list(date, &form.from, Kind::Holiday, &of)?);
        }
        for day in &form.make_up {
            let date = self.date(day)?;
            if !is_weekend(date) {
                return Err(self.wrong(day, Problem::MakeUpOnWeekday(date)));
            }
            listed.push(self.list(date, day, Kind::MakeUp, &of)?);
        }
        Ok(())
    }

    fn list<T>(
        &self,
        date: Date,
        at: &Spanned<T>,
        kind: Kind,
        of: &Arc<Break>,
    ) -> Result<Listed, CalendarError> {
        let edge = date.year() == self.year - 1 && in_last_week_of_year(date);
        if date.year() != self.year && !edge {
            return Err(self.wrong(at, Problem::Outside { date, year: self.year }));
        }
        let line = self.position(at.span().start).0;
        Ok(Listed { date, line, exception: Exception { kind, of: Arc::clone(of) } })
    }

    fn date(&self, value: &Spanned<Datetime>) -> Result<Date, CalendarError> {
        let given = value.get_ref();
        let not_a_day = || self.wrong(value, Problem::NotADay(given.to_string()));
        let (Some(date), None, None) = (given.date, given.time, given.offset) else {
            return Err(not_a_day());
        };
        let part = |n: u8| i8::try_from(n).unwrap_or(i8::MAX);
        Date::new(i16::try_from(date.year).unwrap_or(i16::MAX), part(date.month), part(date.day))
            .map_err(|_| not_a_day())
    }

    fn filled(&self, key: &'static str, value: &Spanned<String>) -> Result<(), CalendarError> {
        if value.get_ref().trim().is_empty() {
            return Err(self.wrong(value, Problem::Blank(key)));
        }
        Ok(())
    }

    fn wrong<T>(&self, at: &Spanned<T>, problem: Problem) -> CalendarError {
        CalendarError::Content { file: self.file.to_owned(), line: self.position(at.span().start).0, problem }
    }

    /// Line and column of a byte offset, both from 1.
    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(line_start..).map_or(0, |line| line.chars().count());
        (before.matches('\n').count() + 1, column + 1)
    }
}
