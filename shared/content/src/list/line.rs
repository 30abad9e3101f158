//! A line of the list, and its keyed hash.

use jiff::Timestamp;
use seal::Fingerprints;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Erased, Erasure, Line, Listed};

/// A line as it stands in the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    line: u64,
    at: Timestamp,
    kind: String,
    organ: String,
    case_id: Uuid,
    article: String,
    mac: String,
}

/// How many lines there are, in the file beside the list.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    pub(super) line: u64,
    pub(super) mac: String,
}

/// The line of an erasure after another.
pub(super) fn listed(key: &Fingerprints, before: &Line, erasure: &Erasure) -> Listed {
    let number = before.number + 1;
    let Erasure { organ, case_id, what, at, article } = erasure;
    let at_us = at.as_microsecond();
    let before = hex(&before.mac);
    // No field has a newline: codes, numbers, an id.
    let text = format!("{number}\n{at_us}\n{}\n{organ}\n{case_id}\n{article}\n{before}", what.code());
    let mac = key.of("erasure-list", text.as_bytes());
    Listed { erasure: erasure.clone(), line: Line { number, mac } }
}

impl Written {
    /// The line to write.
    pub(super) fn of(listed: &Listed) -> Self {
        let Listed { erasure: Erasure { organ, case_id, what, at, article }, line } = listed;
        Self {
            line: line.number,
            at: *at,
            kind: what.code().to_owned(),
            organ: organ.clone(),
            case_id: *case_id,
            article: article.clone(),
            mac: hex(&line.mac),
        }
    }

    /// What it says, where it is the line that comes after `before` and was written with this key.
    pub(super) fn check(self, key: &Fingerprints, before: &Line) -> Option<Listed> {
        let what = match self.kind.as_str() {
            "case" => Erased::Case,
            "identity" => Erased::Identity,
            _ => return None,
        };
        let Self { organ, case_id, at, article, .. } = self;
        let listed = listed(key, before, &Erasure { organ, case_id, what, at, article });
        (listed.line.number == self.line && hex(&listed.line.mac) == self.mac).then_some(listed)
    }
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
