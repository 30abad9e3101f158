//! Who within an organ gets what: units, and which of them a complaint is for, alone or with others.

use crate::clause::{Basis, Text, take_code};
use crate::condition::{Condition, Evaluation, Sight};
use crate::facts::{CaseFacts, ComplaintFacts, Scope};
use crate::nearest::suggest;
use crate::read::{Node, Table};
use crate::vocabulary::{Term, Vocabulary};

/// A subject and the unit that it goes to; the first whose condition holds counts.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The code.
    pub code: String,
    /// The unit that leads, by its code.
    pub unit: String,
    /// The units that handle it with the first.
    pub joint: Vec<String>,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    when: Option<Condition>,
}

/// The units that a complaint is for.
#[derive(Clone, Debug)]
pub struct Units<'r> {
    /// By which subject.
    pub subject: &'r Subject,
    /// The unit that leads.
    pub lead: &'r Term,
    /// Those that handle it with the first.
    pub joint: Vec<&'r Term>,
}

/// The sections `[[unit]]` and `[[subject]]`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subjects {
    pub(crate) units: Vec<Term>,
    pub(crate) subjects: Vec<Subject>,
}

impl Subjects {
    /// The units that a complaint is for; none where no subject is.
    pub(crate) fn units_for(&self, complaint: &ComplaintFacts, case: &CaseFacts) -> Option<Units<'_>> {
        let scope = Scope { case: Some(case), ..Scope::of(complaint) };
        let evaluation = Evaluation::new(&scope);
        let applies = |one: &&Subject| one.when.as_ref().is_none_or(|when| when.holds(&evaluation));
        let subject = self.subjects.iter().find(applies)?;
        let unit = |code: &String| self.units.iter().find(|unit| unit.code == *code);
        Some(Units {
            subject,
            lead: unit(&subject.unit)?,
            joint: subject.joint.iter().filter_map(unit).collect(),
        })
    }

    /// Reads both sections.
    pub(crate) fn read(root: &Table<'_>, vocabulary: &Vocabulary) -> Self {
        let (units, codes) = Term::read_all(root, "unit");
        let mut taken = Vec::new();
        let mut subjects: Vec<Subject> = Vec::new();
        for table in root.tables("subject") {
            let Some(subject) = Subject::read(&table, vocabulary, &codes, &mut taken) else { continue };
            if subjects.last().is_some_and(|last| last.when.is_none()) {
                table.fault("it is never reached", Some("the one without `when` last".into()));
            }
            subjects.push(subject);
        }
        Self { units, subjects }
    }
}

impl Subject {
    /// The complaints it is for, as the file has it; all others where it says nothing.
    pub fn when(&self) -> Option<&str> {
        self.when.as_ref().map(Condition::source)
    }

    fn read(
        table: &Table<'_>,
        vocabulary: &Vocabulary,
        units: &[String],
        taken: &mut Vec<String>,
    ) -> Option<Self> {
        let code = take_code(table, taken);
        let when = Condition::read_when(table, Sight::Case, vocabulary);
        let known = |node: &Node<'_>| {
            let code = node.string()?;
            if !units.contains(&code) {
                node.fault(
                    format!("no unit `{code}`"),
                    Some(suggest(&code, units.iter().map(String::as_str))),
                );
            }
            Some(code)
        };
        let unit = table.need("unit", "the code of a [[unit]]").and_then(|node| known(&node));
        let joint: Vec<_> = table
            .get("joint")
            .map(|node| node.elements())
            .unwrap_or_default()
            .iter()
            .filter_map(known)
            .collect();
        if unit.as_ref().is_some_and(|unit| joint.contains(unit)) {
            table.fault("a unit that handles it with itself", Some("other units in `joint`".into()));
        }
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { code: code?, unit: unit?, joint, text: text?, basis: basis?, when })
    }
}
