//! How reminders and supervision notices are answered (articles 16, 20; what the text leaves open is the house's).

use calendar::Length;

use crate::clause::{Basis, Text, take_code};
use crate::read::Table;

/// The rules of notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notices {
    /// How long the answer to a supervision notice may take, where nothing else is said of it.
    pub answer_within: Length,
    /// The rules in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    /// What an organ may answer that it did; none where answers are in words alone.
    pub measures: Vec<NoticeMeasure>,
}

/// What an organ did upon a supervision notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeMeasure {
    /// The code in contracts and ledgers.
    pub code: String,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// How long an answer may take where a regulation says nothing of it, in workdays.
const ANSWER_WITHIN: u32 = 3;

impl Notices {
    /// The measure of a code.
    pub fn measure(&self, code: &str) -> Option<&NoticeMeasure> {
        self.measures.iter().find(|measure| measure.code == code)
    }

    /// Where a regulation says nothing of it.
    fn plain() -> Self {
        let text = Text {
            zh: "对督办单应当按期反馈办理情况。".into(),
            en: "A supervision notice is answered in time.".into(),
        };
        let answer_within = Length::Workdays(ANSWER_WITHIN);
        Self { answer_within, text, basis: Basis::House, measures: Vec::new() }
    }

    /// Reads `[notices]`.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let Some(node) = root.get("notices") else { return Some(Self::plain()) };
        let table = node.table()?;
        let (answer_within, text, basis) =
            (table.length("answer_within"), Text::read(&table), Basis::read(&table));
        let mut taken = Vec::new();
        let mut measures = Vec::new();
        for one in table.tables("measure") {
            let (code, text, basis) = (take_code(&one, &mut taken), Text::read(&one), Basis::read(&one));
            one.finish();
            measures.extend(code.zip(text).zip(basis).map(|((code, text), basis)| NoticeMeasure {
                code,
                text,
                basis,
            }));
        }
        table.finish();
        Some(Self { answer_within: answer_within?, text: text?, basis: basis?, measures })
    }
}
