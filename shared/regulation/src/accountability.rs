//! When organs and persons are held accountable (article 21).

use calendar::Length;

use crate::choice::choices;
use crate::clause::{Basis, Text};
use crate::read::Table;

choices! {
    /// A sign of shirking or poor investigation (推诿不办、查处不力).
    pub enum Sign {
        /// The organ returned the transfer.
        Returned = "returned",
        /// The time ran out.
        Overdue = "overdue",
        /// A supervision notice was not answered in time.
        NoticeUnanswered = "notice_unanswered",
        /// A review sent the result back.
        SentBack = "sent_back",
        /// The case was opened again, and something else was found.
        OtherFinding = "other_finding",
    }
}

choices! {
    /// What it led to (造成不良影响或者严重后果).
    pub enum Effect {
        /// The case has adverse impact.
        AdverseImpact = "adverse_impact",
        /// It did serious harm.
        SeriousHarm = "serious_harm",
        /// A report of obstruction, suppression or retaliation was found true (article 12).
        Retaliation = "retaliation",
    }
}

/// The chain that a file is proposed by: signs, then repeated complaints, with an effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accountability {
    /// What counts as a sign.
    pub signs: Vec<Sign>,
    /// So many signs at the least.
    pub least_signs: u32,
    /// So many repeated complaints at the least.
    pub least_repeats: u32,
    /// What counts as an effect; one is enough.
    pub effects: Vec<Effect>,
    /// How long the organ concerned may take to be heard.
    pub heard_within: Length,
    /// The rule in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl Accountability {
    /// Reads `[accountability]`; where there is none, no file is proposed.
    #[allow(clippy::option_option)] // faulty, absent, or there
    pub(crate) fn read(root: &Table<'_>) -> Option<Option<Self>> {
        let Some(node) = root.get("accountability") else { return Some(None) };
        let table = node.table()?;
        let (signs, effects) = (table.choices("signs"), table.choices("effects"));
        let (least_signs, least_repeats) = (table.count("least_signs"), table.count("least_repeats"));
        let heard_within = table.length("heard_within");
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        if least_signs == Some(0) || least_repeats == Some(0) {
            table.fault("a chain without a link", Some("at least 1 of each".into()));
        }
        table.finish();
        Some(Some(Self {
            signs: signs?,
            least_signs: least_signs?,
            least_repeats: least_repeats?,
            effects: effects?,
            heard_within: heard_within?,
            text: text?,
            basis: basis?,
        }))
    }
}
