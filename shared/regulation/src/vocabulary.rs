//! Channels, sources and grounds: the codes that complaints carry.

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::read::{Node, Table};

choices! {
    /// In which form something is said.
    pub enum Medium {
        /// By word of mouth, also over the telephone.
        Oral = "oral",
        /// On paper.
        Written = "written",
        /// On a screen.
        Electronic = "electronic",
    }
}

/// A way in which complaints come (article 9), or who passed one on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The code in contracts and ledgers.
    pub code: String,
    /// What it is called.
    pub text: Text,
    /// In which form it comes by a channel, where the file says so.
    pub medium: Option<Medium>,
    /// The article that names it.
    pub basis: Basis,
}

/// A ground of complaint (article 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The code in contracts and ledgers.
    pub code: String,
    /// The code of the ground it is a part of.
    pub parent: Option<String>,
    /// The text, in Chinese as the source has it.
    pub text: Text,
    /// Words by which complainants speak of it: a help to the desk, decides nothing (house).
    pub words: Vec<String>,
    /// The article that names it.
    pub basis: Basis,
}

/// All the codes that a file declares for complaints.
#[derive(Clone, Debug, Default)]
pub(crate) struct Vocabulary {
    pub(crate) channels: Vec<Term>,
    pub(crate) sources: Vec<Term>,
    pub(crate) grounds: Vec<Ground>,
    pub(crate) levels: Vec<Term>,
    /// Every code of the four, in order, also those of clauses that are faulty otherwise: one fault is enough.
    codes: [Vec<String>; 4],
}

impl Vocabulary {
    /// Reads `[[channel]]`, `[[source]]`, `[[ground]]`, and `[[level]]` where there are levels.
    pub(crate) fn read(root: &Table<'_>) -> Self {
        let (channels, channel_codes) = terms(root, "channel");
        let (sources, source_codes) = terms(root, "source");
        let (grounds, ground_codes) = grounds(root);
        let (levels, level_codes) = terms(root, "level");
        let codes = [channel_codes, source_codes, ground_codes, level_codes];
        for (key, codes) in ["channel", "source", "ground"].iter().zip(&codes) {
            if codes.is_empty() {
                root.fault(format!("there is no {key}"), Some(format!("at least one [[{key}]]")));
            }
        }
        Self { channels, sources, grounds, levels, codes }
    }

    /// The codes that a fact can have.
    pub(crate) fn codes(&self, fact: &str) -> &[String] {
        let [channels, sources, grounds, levels] = &self.codes;
        match fact {
            "channel" => channels,
            "source" => sources,
            "grounds" => grounds,
            "level" => levels,
            _ => &[],
        }
    }
}

impl Term {
    /// Reads the tables of a key; the codes also of those that are faulty otherwise.
    pub(crate) fn read_all(root: &Table<'_>, key: &'static str) -> (Vec<Self>, Vec<String>) {
        terms(root, key)
    }
}

fn terms(root: &Table<'_>, key: &'static str) -> (Vec<Term>, Vec<String>) {
    let mut taken = Vec::new();
    let read = |table: &Table<'_>| {
        let (code, text, basis) = (take_code(table, &mut taken), Text::read(table), Basis::read(table));
        let medium = if key == "channel" { table.opt_choice("form") } else { None };
        table.finish();
        Some(Term { code: code?, text: text?, medium, basis: basis? })
    };
    let terms = root.tables(key).iter().filter_map(read).collect();
    (terms, taken)
}

fn grounds(root: &Table<'_>) -> (Vec<Ground>, Vec<String>) {
    let mut taken = Vec::new();
    let read = |table: &Table<'_>| {
        let parent = table.get("parent").and_then(|node| read_parent(&node, &taken));
        let words = table.get("words").map(|node| read_words(&node)).unwrap_or_default();
        let (code, text, basis) = (take_code(table, &mut taken), Text::read(table), Basis::read(table));
        table.finish();
        Some(Ground { code: code?, parent, text: text?, words, basis: basis? })
    };
    let grounds = root.tables("ground").iter().filter_map(read).collect();
    (grounds, taken)
}

/// A word of one character is in every other text.
fn read_words(node: &Node<'_>) -> Vec<String> {
    let read = |node: Node<'_>| {
        let word = node.string()?;
        if word.chars().count() < 2 {
            node.fault(format!("`{word}` is too short"), Some("two characters or more".into()));
            return None;
        }
        Some(word)
    };
    node.elements().into_iter().filter_map(read).collect()
}

/// A parent stands before its parts, so that there is no circle.
fn read_parent(node: &Node<'_>, before: &[String]) -> Option<String> {
    let parent = node.string()?;
    if !before.contains(&parent) {
        node.fault(format!("no ground `{parent}` before this one"), Some("a code further up".into()));
        return None;
    }
    Some(parent)
}
