//! Review of conclusions (article 20) and appeals of respondents (article 5(2)).

use calendar::Length;
use sha2::{Digest as _, Sha256};

use crate::choice::choices;
use crate::clause::{Basis, Text};
use crate::facts::Rank;
use crate::read::Table;

choices! {
    /// What puts a conclusion on the list of reviews.
    pub enum ReviewWhen {
        /// All of them.
        All = "all",
        /// A share of them, chosen by the case's id and the moment of its conclusion.
        Sample = "sample",
        /// The complaint came before.
        Repeated = "repeated",
        /// A respondent is of a high rank.
        HighRank = "high_rank",
        /// The complainant is dissatisfied.
        Dissatisfied = "dissatisfied",
        /// It was concluded after its time.
        Late = "late",
    }
}

/// The review of what other organs concluded (20).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Within which time; none where nothing says so.
    pub within: Option<Length>,
    /// What is reviewed.
    pub rules: Vec<ReviewRule>,
    /// The text.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// What is reviewed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRule {
    /// When.
    pub when: ReviewWhen,
    /// Of a sample, how many of 100; else 100.
    pub share: u32,
    /// The ranks that are high; none but where it goes by rank.
    pub ranks: Vec<Rank>,
    /// The text.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// Appeals of respondents against a result (5(2)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeal {
    /// The text.
    pub text: Text,
    /// The article.
    pub basis: Basis,
    /// Its times.
    pub limit: AppealLimit,
}

/// The times of an appeal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppealLimit {
    /// Within which time it is made, from the day the respondent was told the result.
    pub within: Length,
    /// Within which time it is decided; none where nothing says so.
    pub decide_within: Option<Length>,
    /// The text.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl Review {
    /// The rule of this kind.
    pub fn rule(&self, when: ReviewWhen) -> Option<&ReviewRule> {
        self.rules.iter().find(|rule| rule.when == when)
    }

    /// Reads `[review]`; where there is none, nothing is reviewed.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let table = root.get("review")?.table()?;
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        let within = table.opt_length("within");
        let mut rules: Vec<ReviewRule> = Vec::new();
        for inner in table.tables("rule") {
            let Some(rule) = ReviewRule::read(&inner) else { continue };
            if rules.iter().any(|other| other.when == rule.when) {
                inner.fault(format!("a second `{}`", rule.when), Some("one of each".into()));
            }
            rules.push(rule);
        }
        table.finish();
        Some(Self { within, rules, text: text?, basis: basis? })
    }
}

impl ReviewRule {
    /// Whether the share takes what has this key: always the same for the same key, and as good as drawn by lot over many.
    pub fn takes(&self, key: &[u8]) -> bool {
        let hash = Sha256::digest(key);
        let drawn = hash.iter().take(8).fold(0_u64, |drawn, byte| (drawn << 8) | u64::from(*byte));
        drawn % 100 < u64::from(self.share)
    }

    fn read(table: &Table<'_>) -> Option<Self> {
        let (when, text, basis) = (table.choice("when"), Text::read(table), Basis::read(table));
        let is = |kind| when == Some(kind);
        let share = if is(ReviewWhen::Sample) { table.count("share") } else { Some(100) };
        let ranks = if is(ReviewWhen::HighRank) { table.choices("ranks") } else { Some(Vec::new()) };
        table.finish();
        if share.is_some_and(|share| share > 100) {
            table.fault("a share of more than all", Some("a number from 0 to 100".into()));
        }
        Some(Self { when: when?, share: share?, ranks: ranks?, text: text?, basis: basis? })
    }
}

impl Appeal {
    /// Reads `[appeal]`; where there is none, nobody appeals.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let table = root.get("appeal")?.table()?;
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        let limit = table.table("limit").and_then(|limit| AppealLimit::read(&limit));
        table.finish();
        Some(Self { text: text?, basis: basis?, limit: limit? })
    }
}

impl AppealLimit {
    fn read(table: &Table<'_>) -> Option<Self> {
        let (text, basis) = (Text::read(table), Basis::read(table));
        let (within, decide_within) = (table.length("within"), table.opt_length("decide_within"));
        table.finish();
        Some(Self { within: within?, decide_within, text: text?, basis: basis? })
    }
}
