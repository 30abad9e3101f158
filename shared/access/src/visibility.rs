//! What a caller may see and for whom it may act: the scope of its grant, spelt out in organs.

use crate::principal::Principal;
use crate::table::{Grant, Scope};
use crate::tree::Tree;

/// The one predicate for reads, over a column `organ`: the same for lists, counts, searches and streams.
///
/// Binds: `$1` is [`Visibility::all`] (bool), `$2` is [`Visibility::organs`] (text array). A statement checked at
/// build time spells it out; a statement put together at run time takes this constant. Further parameters start at
/// `$3`.
pub const VISIBLE_SQL: &str = "($1 OR organ = ANY($2))";

/// The organs whose rows a caller may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every organ's.
    All,
    /// These organs' only; none at all where empty.
    Organs(Vec<String>),
}

impl Visibility {
    /// Bind value of `$1`.
    pub fn all(&self) -> bool {
        matches!(self, Self::All)
    }

    /// Bind value of `$2`; empty for [`Visibility::All`].
    pub fn organs(&self) -> &[String] {
        match self {
            Self::All => &[],
            Self::Organs(organs) => organs,
        }
    }

    /// Whether rows of this organ may be seen.
    pub fn includes(&self, organ: &str) -> bool {
        match self {
            Self::All => true,
            Self::Organs(organs) => organs.iter().any(|one| one == organ),
        }
    }

    /// The same, with no more than these organs: for a request that asks for less than it may see.
    #[must_use]
    pub fn narrowed(&self, organs: Vec<String>) -> Self {
        Self::Organs(organs.into_iter().filter(|organ| self.includes(organ)).collect())
    }
}

/// What this caller may see under this grant.
pub fn visibility(principal: &Principal, grant: &Grant, tree: &Tree) -> Visibility {
    match grant.scope {
        Scope::All => Visibility::All,
        Scope::Public => Visibility::Organs(Vec::new()),
        Scope::Own | Scope::Subtree if principal.organ.is_empty() => Visibility::Organs(Vec::new()),
        Scope::Own => Visibility::Organs(vec![principal.organ.clone()]),
        Scope::Subtree => Visibility::Organs(tree.subtree(&principal.organ)),
    }
}

/// Whether this caller may act for `organ` under this grant.
pub fn may_act_for(principal: &Principal, grant: &Grant, organ: &str, tree: &Tree) -> bool {
    match grant.scope {
        Scope::All => true,
        Scope::Public => false,
        Scope::Own | Scope::Subtree if principal.organ.is_empty() => false,
        Scope::Own => principal.organ == organ,
        Scope::Subtree => tree.is_under(organ, &principal.organ),
    }
}
