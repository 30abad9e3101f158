//! Remedies: what a complainant is owed, by which clause, and what excludes it.

use crate::amount::{Amount, AmountError, ClaimTest};
use crate::claim::{ClaimFact, ClaimFacts};
use crate::clause::{Basis, Text, take_code};
use crate::nearest::suggest;
use crate::read::{Node, Table};

/// Something that is owed where its condition holds.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// The code.
    pub code: String,
    /// It stands alone: nothing else is owed beside it, and only an exclusion that names it excludes it (an agreement).
    pub alone: bool,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    when: ClaimTest,
    amount: Amount,
    cap: Option<Amount>,
}

/// Why nothing is owed.
#[derive(Clone, Debug)]
pub struct Exclusion {
    /// The code.
    pub code: String,
    /// The remedies that it excludes; empty for all that do not stand alone.
    pub of: Vec<String>,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    when: ClaimTest,
}

/// What is owed on a claim.
#[derive(Clone, Debug)]
pub struct Owed<'r> {
    /// Each part, in the order of the file.
    pub parts: Vec<Part<'r>>,
    /// What would be owed and is excluded.
    pub excluded: Vec<(&'r Remedy, &'r Exclusion)>,
    /// All parts, in fen.
    pub total: u64,
}

/// A part of what is owed.
#[derive(Clone, Debug)]
pub struct Part<'r> {
    /// The remedy, with its article and words.
    pub remedy: &'r Remedy,
    /// In fen.
    pub fen: u64,
    /// What it would have been without the cap, where the cap counts.
    pub uncapped: Option<u64>,
}

/// The sections on claims, but for sanctions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remedies {
    pub(crate) facts: Vec<ClaimFact>,
    pub(crate) owing: Vec<Remedy>,
    pub(crate) exclusions: Vec<Exclusion>,
}

impl Remedies {
    /// What is owed; the first fact that is needed and not known, where there is one.
    pub(crate) fn owed(&self, claim: &ClaimFacts) -> Result<Owed<'_>, AmountError> {
        let mut applying = Vec::new();
        for remedy in &self.owing {
            if remedy.when.holds(claim)? {
                applying.push(remedy);
            }
        }
        let alone = applying.iter().position(|remedy| remedy.alone);
        if let Some(index) = alone {
            applying = applying.split_off(index);
            applying.truncate(1);
        }
        let mut excluding = Vec::new();
        for exclusion in &self.exclusions {
            if exclusion.when.holds(claim)? {
                excluding.push(exclusion);
            }
        }
        let mut owed = Owed { parts: Vec::new(), excluded: Vec::new(), total: 0 };
        for remedy in applying {
            if let Some(exclusion) = excluding.iter().find(|exclusion| exclusion.excludes(remedy)) {
                owed.excluded.push((remedy, exclusion));
                continue;
            }
            let part = remedy.part(claim)?;
            owed.total = owed.total.checked_add(part.fen).ok_or(AmountError::Range)?;
            owed.parts.push(part);
        }
        Ok(owed)
    }

    /// Reads `[[claim]]`, `[[remedy]]` and `[[exclusion]]`.
    pub(crate) fn read(root: &Table<'_>) -> Self {
        let facts = ClaimFact::read_all(root);
        let mut taken = Vec::new();
        let remedies: Vec<Remedy> = root
            .tables("remedy")
            .iter()
            .filter_map(|table| Remedy::read(table, &facts, &mut taken))
            .collect();
        let mut exclusion_codes = Vec::new();
        let exclusions = root
            .tables("exclusion")
            .iter()
            .filter_map(|table| Exclusion::read(table, &facts, &taken, &mut exclusion_codes))
            .collect();
        Self { facts, owing: remedies, exclusions }
    }
}

impl Remedy {
    /// Its condition, as the file has it.
    pub fn when(&self) -> &str {
        self.when.source()
    }

    /// Its amount, as the file has it.
    pub fn amount(&self) -> &str {
        self.amount.source()
    }

    /// Its cap, as the file has it.
    pub fn cap(&self) -> Option<&str> {
        self.cap.as_ref().map(Amount::source)
    }

    fn part(&self, claim: &ClaimFacts) -> Result<Part<'_>, AmountError> {
        let full = self.amount.of(claim)?;
        let cap = self.cap.as_ref().map(|cap| cap.of(claim)).transpose()?;
        let fen = cap.map_or(full, |cap| full.min(cap));
        Ok(Part { remedy: self, fen, uncapped: (fen < full).then_some(full) })
    }

    fn read(table: &Table<'_>, facts: &[ClaimFact], taken: &mut Vec<String>) -> Option<Self> {
        let (code, alone) = (take_code(table, taken), table.flag_or("alone", false));
        let when =
            table.need("when", "a condition on the claim").and_then(|node| ClaimTest::read(&node, facts));
        let amount = table.need("amount", "an amount in fen").and_then(|node| Amount::read(&node, facts));
        let cap = table.get("cap").map(|node| Amount::read(&node, facts));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self {
            code: code?,
            alone: alone?,
            text: text?,
            basis: basis?,
            when: when?,
            amount: amount?,
            cap: cap.flatten(),
        })
    }
}

impl Exclusion {
    /// Its condition, as the file has it.
    pub fn when(&self) -> &str {
        self.when.source()
    }

    fn excludes(&self, remedy: &Remedy) -> bool {
        if self.of.is_empty() { !remedy.alone } else { self.of.contains(&remedy.code) }
    }

    fn read(
        table: &Table<'_>,
        facts: &[ClaimFact],
        remedies: &[String],
        taken: &mut Vec<String>,
    ) -> Option<Self> {
        let code = take_code(table, taken);
        let when =
            table.need("when", "a condition on the claim").and_then(|node| ClaimTest::read(&node, facts));
        let nodes = table.get("of").map(|node| node.elements()).unwrap_or_default();
        let of: Vec<String> = nodes.iter().filter_map(Node::string).collect();
        for (node, code) in nodes.iter().zip(&of) {
            if !remedies.contains(code) {
                node.fault(
                    format!("no remedy `{code}`"),
                    Some(suggest(code, remedies.iter().map(String::as_str))),
                );
            }
        }
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { code: code?, of, text: text?, basis: basis?, when: when? })
    }
}
