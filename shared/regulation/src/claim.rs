//! The facts of a claim, as a regulation declares them: `claim.*` in remedies and sanctions.

use std::collections::BTreeMap;

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::nearest::suggest;
use crate::read::{Node, Table};

choices! {
    /// What a fact of a claim can be.
    pub enum ClaimKind {
        /// An amount of money, in fen; in files in yuan, as "12.50".
        Amount = "amount",
        /// A number.
        Count = "count",
        /// True or false; false where nobody says it.
        Flag = "flag",
        /// One of the codes that the file names.
        OneOf = "one_of",
    }
}

/// The type of a fact of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimType {
    /// An amount of money, in fen.
    Amount,
    /// A number.
    Count,
    /// True or false; false where nobody says it.
    Flag,
    /// One of these codes.
    OneOf(Vec<String>),
}

/// A fact that claims have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimFact {
    /// The name in conditions and amounts.
    pub code: String,
    /// What it can be.
    pub of: ClaimType,
    /// What it means.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// The value of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimValue {
    /// True or false.
    Flag(bool),
    /// Fen, or a number.
    Number(u64),
    /// A code.
    Code(String),
}

/// What is known of a claim, by the codes of its facts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimFacts(BTreeMap<String, ClaimValue>);

impl ClaimFacts {
    /// The same with a fact more.
    #[must_use]
    pub fn with(mut self, code: &str, value: ClaimValue) -> Self {
        self.0.insert(code.to_owned(), value);
        self
    }

    /// The value of a fact, where it is known.
    pub fn get(&self, code: &str) -> Option<&ClaimValue> {
        self.0.get(code)
    }

    /// Reads the facts of an example.
    pub(crate) fn read(table: &Table<'_>, facts: &[ClaimFact]) -> Self {
        let mut read = Self::default();
        for (key, node) in table.all() {
            let Some(fact) = facts.iter().find(|fact| fact.code == key) else {
                let known = suggest(&key, facts.iter().map(|fact| fact.code.as_str()));
                node.fault(format!("unknown fact `claim.{key}`"), Some(known));
                continue;
            };
            if let Some(value) = fact.of.read(&node) {
                read = read.with(&key, value);
            }
        }
        read
    }
}

impl ClaimType {
    fn read(&self, node: &Node<'_>) -> Option<ClaimValue> {
        match self {
            Self::Flag => node.flag().map(ClaimValue::Flag),
            Self::Count => node.count().map(|count| ClaimValue::Number(count.into())),
            Self::Amount => read_money(node).map(ClaimValue::Number),
            Self::OneOf(codes) => {
                let code = node.string()?;
                if codes.contains(&code) {
                    return Some(ClaimValue::Code(code));
                }
                node.fault(
                    format!("unknown `{code}`"),
                    Some(suggest(&code, codes.iter().map(String::as_str))),
                );
                None
            }
        }
    }
}

impl ClaimFact {
    /// Reads every `[[claim]]`.
    pub(crate) fn read_all(root: &Table<'_>) -> Vec<Self> {
        let mut taken = Vec::new();
        root.tables("claim").iter().filter_map(|table| Self::read(table, &mut taken)).collect()
    }

    fn read(table: &Table<'_>, taken: &mut Vec<String>) -> Option<Self> {
        let (code, kind) = (take_code(table, taken), table.choice::<ClaimKind>("type"));
        let codes = table.get("codes").map(|node| {
            let codes: Option<Vec<_>> = node.elements().iter().map(Node::string).collect();
            (node, codes.unwrap_or_default())
        });
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        let of = match (kind?, codes) {
            (ClaimKind::OneOf, Some((_, codes))) if !codes.is_empty() => ClaimType::OneOf(codes),
            (ClaimKind::OneOf, _) => {
                table.fault("it can be nothing", Some("`codes = [\"loss\", \"delay\"]`".into()));
                return None;
            }
            (_, Some((node, _))) => {
                node.fault("codes of what is none", Some("`type = \"one_of\"`".into()));
                return None;
            }
            (ClaimKind::Amount, None) => ClaimType::Amount,
            (ClaimKind::Count, None) => ClaimType::Count,
            (ClaimKind::Flag, None) => ClaimType::Flag,
        };
        Some(Self { code: code?, of, text: text?, basis: basis? })
    }
}

/// An amount in yuan, as "12.50", in fen.
pub(crate) fn read_money(node: &Node<'_>) -> Option<u64> {
    let text = node.string()?;
    let fen = parse_money(&text);
    if fen.is_none() {
        node.fault(format!("`{text}` is no amount"), Some("yuan and fen as \"12.50\"".into()));
    }
    fen
}

fn parse_money(text: &str) -> Option<u64> {
    let (yuan, fen) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(yuan) || !digits(fen) || fen.len() != 2 || yuan.len() > 11 {
        return None;
    }
    yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(fen.parse().ok()?)
}

/// An amount of fen in yuan, as "12.50".
pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
