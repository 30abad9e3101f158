//! Follow-ups: the complainant is asked what they think of the result (house).

use calendar::Length;

use crate::clause::{Basis, Text, take_code};
use crate::read::Table;

/// A share in percent.
const WHOLE: u32 = 100;

/// The section `[follow_up]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUps {
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    /// How long after the complainant was told the result.
    pub within: Length,
    /// Of how many cases in a hundred, 1 to 100.
    pub share: u32,
    /// After so many attempts nobody was reached, 1 or more.
    pub attempts: u32,
    /// How long after an attempt the next one may be made.
    pub wait: Length,
    /// How often a complainant who is dissatisfied with the result may have it looked at again.
    pub looks: u32,
    /// The answers, the best first: of how they were treated and of the result alike.
    pub scale: Vec<FollowUpAnswer>,
}

/// An answer on the scale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowUpAnswer {
    /// The code, as `satisfied`.
    pub code: String,
    /// In words.
    pub text: Text,
    /// Who answers so is content; who is not may have the result looked at again.
    pub satisfied: bool,
}

impl FollowUps {
    /// Reads the section, which may be absent: then nobody is asked.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let table = root.get("follow_up")?.table()?;
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        let (within, wait) = (table.length("within"), table.length("wait"));
        let (share, attempts, looks) = (table.count("share"), table.count("attempts"), table.count("looks"));
        let scale = scale(&table);
        if share.is_some_and(|share| !(1..=WHOLE).contains(&share)) {
            table.get("share")?.fault("no share in percent", Some("1 to 100".into()));
        }
        if attempts == Some(0) {
            table.get("attempts")?.fault("nobody is asked", Some("1 or more".into()));
        }
        table.finish();
        Some(Self {
            text: text?,
            basis: basis?,
            within: within?,
            share: share?,
            attempts: attempts?,
            wait: wait?,
            looks: looks?,
            scale: scale?,
        })
    }

    /// The answer of a code.
    pub fn answer(&self, code: &str) -> Option<&FollowUpAnswer> {
        self.scale.iter().find(|answer| answer.code == code)
    }
}

fn scale(table: &Table<'_>) -> Option<Vec<FollowUpAnswer>> {
    let (mut taken, mut scale) = (Vec::new(), Vec::new());
    for inner in table.tables("answer") {
        let (code, text) = (take_code(&inner, &mut taken), Text::read(&inner));
        let satisfied = inner.flag_or("satisfied", false);
        inner.finish();
        scale.push(FollowUpAnswer { code: code?, text: text?, satisfied: satisfied? });
    }
    let has = |satisfied| scale.iter().any(|answer: &FollowUpAnswer| answer.satisfied == satisfied);
    if !(has(true) && has(false)) {
        table.fault(
            "a scale on which all answers say the same",
            Some("`[[follow_up.answer]]` of both kinds".into()),
        );
        return None;
    }
    Some(scale)
}
