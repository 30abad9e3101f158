//! The checks every request needs. Each notes what is wrong and gives the value where it is well-formed.

use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;
use uuid::Uuid;

use super::Violations;
use crate::time;

impl Violations {
    /// Has to be there; blanks alone count as absent.
    pub fn required(&mut self, field: impl Into<String>, value: &str) -> bool {
        let present = !value.trim().is_empty();
        if !present {
            self.add(field, "必填", "is required");
        }
        present
    }

    /// A text: no longer than `most` characters, no NUL. May be empty.
    pub fn text(&mut self, field: impl Into<String> + Clone, value: &str, most: usize) -> bool {
        let short = self.max_chars(field.clone(), value, most);
        self.no_nul(field, value) && short
    }

    /// A text that has to be there: see [`Violations::required`] and [`Violations::text`].
    pub fn required_text(&mut self, field: impl Into<String> + Clone, value: &str, most: usize) -> bool {
        self.required(field.clone(), value) && self.text(field, value, most)
    }

    /// No longer than `most` characters (Unicode scalar values).
    pub fn max_chars(&mut self, field: impl Into<String>, value: &str, most: usize) -> bool {
        // Bytes bound characters from above: most values need no counting.
        let fits = value.len() <= most || value.chars().count() <= most;
        if !fits {
            self.add(field, format!("最多 {most} 个字符"), format!("has more than {most} characters"));
        }
        fits
    }

    /// No NUL: the database can't hold one.
    pub fn no_nul(&mut self, field: impl Into<String>, value: &str) -> bool {
        let clean = !value.contains('\0');
        if !clean {
            self.add(field, "不得含有空字符(NUL)", "contains a NUL character");
        }
        clean
    }

    /// No more than `most` items.
    pub fn max_items(&mut self, field: impl Into<String>, count: usize, most: usize) -> bool {
        let fits = count <= most;
        if !fits {
            self.add(field, format!("最多 {most} 项"), format!("has more than {most} items"));
        }
        fits
    }

    /// A UUID that has to be there; the nil UUID is none.
    pub fn uuid(&mut self, field: impl Into<String>, value: &str) -> Option<Uuid> {
        let parsed = Uuid::try_parse(value).ok().filter(|id| !id.is_nil());
        if parsed.is_none() {
            self.add(field, "应为 UUID", "must be a UUID");
        }
        parsed
    }

    /// A UUID that may be absent. The outer `None` is a violation.
    #[allow(clippy::option_option)] // absent and malformed are two things
    pub fn optional_uuid(&mut self, field: impl Into<String>, value: &str) -> Option<Option<Uuid>> {
        if value.is_empty() { Some(None) } else { self.uuid(field, value).map(Some) }
    }

    /// A message that has to be there.
    pub fn message<T>(&mut self, field: impl Into<String>, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.add(field, "必填", "is required");
        }
        value
    }

    /// A moment that has to be there.
    pub fn timestamp(
        &mut self,
        field: impl Into<String> + Clone,
        value: Option<&prost_types::Timestamp>,
    ) -> Option<jiff::Timestamp> {
        let value = self.message(field.clone(), value)?;
        self.well_formed_timestamp(field, value)
    }

    /// A moment that may be absent. The outer `None` is a violation.
    #[allow(clippy::option_option)] // absent and malformed are two things
    pub fn optional_timestamp(
        &mut self,
        field: impl Into<String> + Clone,
        value: Option<&prost_types::Timestamp>,
    ) -> Option<Option<jiff::Timestamp>> {
        match value {
            None => Some(None),
            Some(value) => self.well_formed_timestamp(field, value).map(Some),
        }
    }

    fn well_formed_timestamp(
        &mut self,
        field: impl Into<String>,
        value: &prost_types::Timestamp,
    ) -> Option<jiff::Timestamp> {
        let moment = time::from_proto(value);
        if moment.is_none() {
            self.add(field, "时间超出范围", "is not a moment between the years 1 and 9999");
        }
        moment
    }

    /// A date, `2026-11-24`, that has to be there.
    pub fn date(&mut self, field: impl Into<String>, value: &str) -> Option<Date> {
        let parsed = (value.len() == 10).then(|| value.parse().ok()).flatten();
        if parsed.is_none() {
            self.add(field, "应为日期,如 2026-11-24", "must be a date, like 2026-11-24");
        }
        parsed
    }

    /// A date that may be absent (empty). The outer `None` is a violation.
    #[allow(clippy::option_option)] // absent and malformed are two things
    pub fn optional_date(&mut self, field: impl Into<String>, value: &str) -> Option<Option<Date>> {
        if value.is_empty() { Some(None) } else { self.date(field, value).map(Some) }
    }

    /// A value of an enum of the contracts: one that is known. "Unspecified" passes; see
    /// [`Violations::required_enum`].
    pub fn enum_value<E: TryFrom<i32>>(&mut self, field: impl Into<String>, value: i32) -> Option<E> {
        let known = E::try_from(value).ok();
        if known.is_none() {
            let zh = format!("没有编号为 {value} 的取值");
            self.add(field, zh, format!("has no value numbered {value}"));
        }
        known
    }

    /// A value of an enum of the contracts that has to be there: known, and not "unspecified" (0).
    pub fn required_enum<E: TryFrom<i32>>(&mut self, field: impl Into<String>, value: i32) -> Option<E> {
        if value == 0 {
            self.add(field, "必填", "is required");
            return None;
        }
        self.enum_value(field, value)
    }

    /// Anything that parses from text, with its own error as the English sentence.
    pub fn parsed<T: FromStr<Err: Display>>(
        &mut self,
        field: impl Into<String>,
        value: &str,
        zh: &'static str,
    ) -> Option<T> {
        match value.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.add(field, zh, error.to_string());
                None
            }
        }
    }

    /// Must hold, or the field is wrong in these words.
    pub fn must(
        &mut self,
        holds: bool,
        field: impl Into<String>,
        zh: &'static str,
        en: &'static str,
    ) -> bool {
        if !holds {
            self.add(field, zh, en);
        }
        holds
    }
}
