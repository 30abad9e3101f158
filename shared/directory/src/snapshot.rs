use std::collections::BTreeMap;

use access::{Tree, Visibility};
use duban_proto::common::v1::{Organ, OrganKind};

/// All organs at one moment, by code.
#[derive(Debug, Default)]
pub struct Directory {
    organs: BTreeMap<String, Organ>,
    tree: Tree,
}

impl Directory {
    /// A directory of these organs; the last of several with one code counts.
    pub fn new(organs: impl IntoIterator<Item = Organ>) -> Self {
        let organs: BTreeMap<_, _> = organs.into_iter().map(|organ| (organ.code.clone(), organ)).collect();
        let tree = Tree::new(organs.values().map(|organ| {
            (organ.code.clone(), Some(organ.parent.clone()).filter(|parent| !parent.is_empty()))
        }));
        Self { organs, tree }
    }

    /// The organs that may be seen, spelt out.
    pub fn visible(&self, visibility: Visibility) -> Vec<String> {
        match visibility {
            Visibility::All => self.organs.keys().cloned().collect(),
            Visibility::Organs(organs) => organs,
        }
    }

    /// The organ with this code.
    pub fn get(&self, code: &str) -> Option<&Organ> {
        self.organs.get(code)
    }

    /// All organs, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Organ> {
        self.organs.values()
    }

    /// Who is under whom, for scopes.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Whether the organ registers and handles cases: the centre or a sub-centre (4).
    pub fn receives(&self, code: &str) -> bool {
        self.get(code).is_some_and(|organ| {
            matches!(organ.kind(), OrganKind::Centre | OrganKind::SubCentre) && organ.successor.is_empty()
        })
    }

    /// The centre or sub-centre that manages this organ or unit: itself, or the nearest above it (5(1), 6(1)).
    pub fn managing(&self, code: &str) -> Option<&Organ> {
        let mut organ = self.get(code)?;
        // A tree of a few levels; the bound keeps a cycle in bad data from hanging the service.
        for _ in 0..16 {
            if matches!(organ.kind(), OrganKind::Centre | OrganKind::SubCentre) {
                return Some(organ);
            }
            organ = self.get(&organ.parent)?;
        }
        None
    }

    /// The organ above this one in the complaint system.
    pub fn parent(&self, code: &str) -> Option<&Organ> {
        self.get(&self.get(code)?.parent)
    }

    /// The code that is spelt most like `code`, to be named in an error.
    pub fn nearest(&self, code: &str) -> Option<&str> {
        self.organs
            .keys()
            .map(|known| (distance(known, code), known.as_str()))
            .min()
            .filter(|(distance, _)| *distance <= 1 + code.chars().count() / 3)
            .map(|(_, known)| known)
    }
}

/// How many single letters have to change between two codes (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (to, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let cost = diagonal + usize::from(from != *to);
            diagonal = *cell;
            left = cost.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn organ(code: &str, parent: &str, kind: OrganKind) -> Organ {
        Organ { code: code.into(), parent: parent.into(), kind: kind.into(), ..Organ::default() }
    }

    fn baoshan() -> Directory {
        Directory::new([
            organ("baoshan", "", OrganKind::Centre),
            organ("baoshan.luodian", "baoshan", OrganKind::SubCentre),
            organ("baoshan.luodian.chengguan", "baoshan.luodian", OrganKind::Unit),
        ])
    }

    #[test]
    fn a_unit_is_managed_by_the_sub_centre_above_it() {
        let directory = baoshan();
        let managing = |code| directory.managing(code).map(|organ| organ.code.clone());
        assert_eq!(managing("baoshan.luodian.chengguan").as_deref(), Some("baoshan.luodian"));
        assert_eq!(managing("baoshan.luodian").as_deref(), Some("baoshan.luodian"));
        assert_eq!(managing("nowhere"), None);
    }

    #[test]
    fn a_cycle_in_the_data_ends() {
        let directory = Directory::new([organ("a", "b", OrganKind::Unit), organ("b", "a", OrganKind::Unit)]);
        assert!(directory.managing("a").is_none());
    }

    #[test]
    fn a_misspelt_code_is_answered_with_the_nearest() {
        assert_eq!(baoshan().nearest("baoshan.luodan"), Some("baoshan.luodian"));
        assert_eq!(baoshan().nearest("completely-different-thing"), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn an_organ_that_has_a_successor_receives_nothing() {
        let mut closed = organ("baoshan.old", "baoshan", OrganKind::SubCentre);
        closed.successor = "baoshan.luodian".into();
        let directory = Directory::new([closed, organ("baoshan.luodian", "baoshan", OrganKind::SubCentre)]);
        assert!(!directory.receives("baoshan.old"));
        assert!(directory.receives("baoshan.luodian"));
    }
}
