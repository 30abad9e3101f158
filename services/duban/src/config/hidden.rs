//! A setting that is not printed.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A text with a password in it: prints as `…`, in errors too.
#[derive(Clone, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    /// Hides `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, where it is used.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Text)
    }
}

/// Takes a text, and refuses everything else without quoting it.
struct Text;

impl Visitor<'_> for Text {
    type Value = Hidden;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Hidden, E> {
        Ok(Hidden::new(text))
    }

    // A variable that looks like a number arrives as one.
    fn visit_u64<E: Error>(self, number: u64) -> Result<Hidden, E> {
        Ok(Hidden::new(number.to_string()))
    }
}
