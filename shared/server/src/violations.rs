//! What is wrong with a request: collected over the whole conversion from wire to domain, told all at once.
//!
//! ```
//! # use server::{Error, Violations};
//! # fn convert(request_id: &str, title: &str) -> Result<(uuid::Uuid, String), Error> {
//! let mut check = Violations::default();
//! let request_id = check.uuid("request_id", request_id);
//! check.text("title", title, 200);
//! let (request_id,) = check.finish_with((request_id,))?;
//! # Ok((request_id, title.to_owned()))
//! # }
//! # assert!(convert("x", "a\0b").is_err_and(|error| error.field_violations().len() == 2));
//! ```

mod all;
mod check;

use std::borrow::Cow;

pub use all::AllPresent;

use crate::error::{Error, Reason};

/// What is wrong with one field. Says what is expected, never repeats the value: it may name somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path: `complaint.respondents[1].organ`.
    pub field: String,
    /// In Chinese.
    pub zh: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
}

/// The violations found so far.
#[derive(Debug, Default)]
#[must_use = "violations that are not finished are lost"]
pub struct Violations(Vec<Violation>);

impl Violation {
    /// Both sentences, for details that have room for one text.
    pub fn description(&self) -> String {
        format!("{} / {}", self.zh, self.en)
    }
}

impl Violations {
    /// Notes what is wrong with a field, in words of the caller.
    pub fn add(
        &mut self,
        field: impl Into<String>,
        zh: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) {
        self.0.push(Violation { field: field.into(), zh: zh.into(), en: en.into() });
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How much is wrong so far.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Ends the collection: all of it, to be told rather than refused.
    pub fn into_all(self) -> Vec<Violation> {
        self.0
    }

    /// Ends the collection: an error with all of it, if there is any.
    pub fn finish(self) -> Result<(), Error> {
        if self.0.is_empty() { Ok(()) } else { Err(Error::of(Reason::FieldViolations).violations(self.0)) }
    }

    /// Ends the collection and hands out what the checks gave: a tuple of `Option`s, each `Some` where nothing is
    /// wrong. A `None` without a violation is a fault of the program.
    pub fn finish_with<T: AllPresent>(self, values: T) -> Result<T::Values, Error> {
        self.finish()?;
        values.all_present().ok_or_else(|| Error::internal("a value is absent and no violation says so"))
    }
}
