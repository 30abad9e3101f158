//! What a caller may see and for whom it may act: the scope of its grant, spelt out in organs.

use crate::principal::Principal;
use crate::table::{Grant, Scope};
use crate::tree::Tree;

/// The organs whose rows a caller may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Every organ's.
    All,
    /// These organs' only; none at all where empty.
    Organs(Vec<String>),
}

impl Visibility {
    /// Whether rows of this organ may be seen.
    pub fn includes(&self, organ: &str) -> bool {
        match self {
            Self::All => true,
            Self::Organs(organs) => organs.iter().any(|one| one == organ),
        }
    }
}

/// What this caller may see under this grant. Of [`Scope::Lent`] the own organ: the case says what more. The organ in the place of a closed one sees what that one had (4).
pub fn visibility(principal: &Principal, grant: &Grant, tree: &Tree) -> Visibility {
    match grant.scope {
        Scope::All => Visibility::All,
        Scope::Public => Visibility::Organs(Vec::new()),
        Scope::Own | Scope::Lent | Scope::Subtree if principal.organ.is_empty() => {
            Visibility::Organs(Vec::new())
        }
        Scope::Own | Scope::Lent => {
            let own = std::iter::once(principal.organ.clone());
            Visibility::Organs(own.chain(tree.took_over(&principal.organ)).collect())
        }
        Scope::Subtree => Visibility::Organs(tree.subtree_with_closed(&principal.organ)),
    }
}

/// Whether this caller may act for `organ` under this grant: also where its own is in the place of that one (4).
pub fn may_act_for(principal: &Principal, grant: &Grant, organ: &str, tree: &Tree) -> bool {
    match grant.scope {
        Scope::All => true,
        Scope::Public => false,
        Scope::Own | Scope::Lent | Scope::Subtree if principal.organ.is_empty() => false,
        Scope::Own | Scope::Lent => principal.organ == organ || tree.stands_for(&principal.organ, organ),
        Scope::Subtree => tree.answers_to(organ, &principal.organ),
    }
}
