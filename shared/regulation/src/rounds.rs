//! How often a matter is looked at again where the complainant is not content.

use crate::clause::{Basis, Text, take_code};
use crate::condition::{Condition, Evaluation, Sight};
use crate::facts::{CaseFacts, ComplaintFacts, Scope};
use crate::read::Table;
use crate::vocabulary::Vocabulary;

/// How often; the first exception that is for such a complaint counts, else the rule itself.
#[derive(Clone, Debug)]
pub struct Rounds {
    /// The rule for all that no exception is for.
    pub usual: RoundRule,
    /// Those for some complaints.
    pub exceptions: Vec<RoundRule>,
}

/// How often a complaint is looked at.
#[derive(Clone, Debug)]
pub struct RoundRule {
    /// The code of an exception.
    pub code: Option<String>,
    /// How many times in all, the first one included; absent: until the complainant is content.
    pub most: Option<u32>,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    when: Option<Condition>,
}

/// Whether a matter is looked at again.
#[derive(Clone, Copy, Debug)]
pub enum Again<'r> {
    /// It is, for the how manieth time.
    Round(u32, &'r RoundRule),
    /// It was looked at as often as the rule says.
    NoMore(&'r RoundRule),
    /// The regulation does not know of it.
    NotProvided,
}

impl Rounds {
    /// The rule for a complaint.
    pub fn rule(&self, complaint: &ComplaintFacts, case: &CaseFacts) -> &RoundRule {
        let scope = Scope { case: Some(case), ..Scope::of(complaint) };
        let evaluation = Evaluation::new(&scope);
        let applies = |rule: &&RoundRule| rule.when.as_ref().is_none_or(|when| when.holds(&evaluation));
        self.exceptions.iter().find(applies).unwrap_or(&self.usual)
    }

    /// Whether there is another round after the one that the case is in.
    pub(crate) fn again(&self, complaint: &ComplaintFacts, case: &CaseFacts) -> Again<'_> {
        let rule = self.rule(complaint, case);
        let done = case.round.max(1);
        match rule.most {
            Some(most) if done >= most => Again::NoMore(rule),
            _ => Again::Round(done.saturating_add(1), rule),
        }
    }

    /// Reads `[rounds]`, if there is one.
    pub(crate) fn read(root: &Table<'_>, vocabulary: &Vocabulary) -> Option<Self> {
        let table = root.get("rounds")?.table()?;
        let usual = RoundRule::read(&table, None, None);
        let mut taken = Vec::new();
        let mut exceptions = Vec::new();
        for one in table.tables("exception") {
            let code = take_code(&one, &mut taken);
            let when = Condition::read_when(&one, Sight::Case, vocabulary);
            if one.get("when").is_none() {
                one.fault("an exception from everything", Some("`when`".into()));
            }
            exceptions.extend(RoundRule::read(&one, code, when));
            one.finish();
        }
        table.finish();
        Some(Self { usual: usual?, exceptions })
    }
}

impl RoundRule {
    /// The complaints it is for, as the file has it; all others for the rule itself.
    pub fn when(&self) -> Option<&str> {
        self.when.as_ref().map(Condition::source)
    }

    fn read(table: &Table<'_>, code: Option<String>, when: Option<Condition>) -> Option<Self> {
        let most = table.get("most").map(|node| (node.count(), node));
        if let Some((Some(0), node)) = &most {
            node.fault("it would not be looked at once", Some("1 or more".into()));
        }
        let (text, basis) = (Text::read(table), Basis::read(table));
        let most = most.and_then(|(most, _)| most);
        Some(Self { code, most, text: text?, basis: basis?, when })
    }
}
