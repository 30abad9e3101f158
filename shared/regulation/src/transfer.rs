//! How transfers are returned (house): the grounds, and which returns need approval.

use crate::clause::{Basis, Text, take_code};
use crate::limit::Approver;
use crate::read::Table;

/// The rules of returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfers {
    /// So many returns of one case need no approval.
    pub free_returns: u32,
    /// After so many returns every transfer of the case is a compulsory assignment.
    pub most_returns: u32,
    /// Who approves a return that is not free; one of them does.
    pub approvers: Vec<Approver>,
    /// The rules in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    /// The grounds; there are none where a regulation has no `[transfers]`, and nothing is returned.
    pub grounds: Vec<ReturnGround>,
}

/// Why a transfer may be returned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnGround {
    /// The code in contracts and ledgers.
    pub code: String,
    /// The ground in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl Transfers {
    /// The ground of a code.
    pub fn ground(&self, code: &str) -> Option<&ReturnGround> {
        self.grounds.iter().find(|ground| ground.code == code)
    }

    /// Where a regulation says nothing of it: nothing is returned.
    fn none() -> Self {
        let text = Text { zh: "转办件不得退回。".into(), en: "Transfers are not returned.".into() };
        Self {
            free_returns: 0,
            most_returns: 0,
            approvers: Vec::new(),
            text,
            basis: Basis::House,
            grounds: Vec::new(),
        }
    }

    /// Reads `[transfers]`.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let Some(node) = root.get("transfers") else { return Some(Self::none()) };
        let table = node.table()?;
        let (free, most) = (table.count("free_returns"), table.count("most_returns"));
        let (approvers, text, basis) = (table.choices("approvers"), Text::read(&table), Basis::read(&table));
        if let (Some(free), Some(most)) = (free, most)
            && most < free
        {
            table.fault("fewer returns than are free", Some("most_returns of free_returns or more".into()));
        }
        let grounds = read_grounds(&table);
        table.finish();
        Some(Self {
            free_returns: free?,
            most_returns: most?,
            approvers: approvers?,
            text: text?,
            basis: basis?,
            grounds: grounds?,
        })
    }
}

fn read_grounds(table: &Table<'_>) -> Option<Vec<ReturnGround>> {
    let mut taken = Vec::new();
    let mut grounds = Vec::new();
    let mut sound = true;
    for one in table.tables("return_ground") {
        let (code, text, basis) = (take_code(&one, &mut taken), Text::read(&one), Basis::read(&one));
        one.finish();
        match (code, text, basis) {
            (Some(code), Some(text), Some(basis)) => grounds.push(ReturnGround { code, text, basis }),
            _ => sound = false,
        }
    }
    sound.then_some(grounds)
}
