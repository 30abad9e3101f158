use std::collections::BTreeMap;
use std::sync::OnceLock;

use access::{Tree, Visibility};
use duban_proto::common::v1::{Organ, OrganKind};

use crate::find::{Edits, Hit, How, Index};

/// Levels of the tree that are looked at: it has a few, and a cycle in bad data must not hang the service.
pub(crate) const LEVELS: usize = 16;

/// All organs at one moment, by code.
#[derive(Debug, Default)]
pub struct Directory {
    organs: Vec<Organ>,
    tree: Tree,
    index: OnceLock<Index>,
}

impl Directory {
    /// A directory of these organs; the last of several with one code counts.
    pub fn new(organs: impl IntoIterator<Item = Organ>) -> Self {
        let organs: BTreeMap<_, _> = organs.into_iter().map(|organ| (organ.code.clone(), organ)).collect();
        let organs: Vec<Organ> = organs.into_values().collect();
        let closed = organs.iter().filter(|organ| !organ.successor.is_empty());
        let closed: Vec<(&str, &str)> =
            closed.map(|organ| (organ.code.as_str(), organ.successor.as_str())).collect();
        let tree = Tree::new(organs.iter().map(|organ| {
            (organ.code.clone(), Some(organ.parent.clone()).filter(|parent| !parent.is_empty()))
        }))
        .with_successors(closed);
        Self { organs, tree, index: OnceLock::new() }
    }

    /// The organs that may be seen, spelt out.
    pub fn visible(&self, visibility: Visibility) -> Vec<String> {
        match visibility {
            Visibility::All => self.organs.iter().map(|organ| organ.code.clone()).collect(),
            Visibility::Organs(organs) => organs,
        }
    }

    /// The organ with this code.
    pub fn get(&self, code: &str) -> Option<&Organ> {
        self.place(code).and_then(|at| self.organs.get(at))
    }

    fn place(&self, code: &str) -> Option<usize> {
        self.organs.binary_search_by(|organ| organ.code.as_str().cmp(code)).ok()
    }

    /// All organs, by code.
    pub fn iter(&self) -> impl Iterator<Item = &Organ> {
        self.organs.iter()
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
        for _ in 0..LEVELS {
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

    /// The organs above this one, the nearest first; empty at the top.
    pub fn path(&self, code: &str) -> Vec<&Organ> {
        std::iter::successors(self.parent(code), |organ| self.parent(&organ.code)).take(LEVELS).collect()
    }

    /// The organ in the place of a closed one, the last where there were several in turn; none while it exists (4).
    pub fn successor(&self, code: &str) -> Option<&Organ> {
        let next = |organ: &&Organ| self.get(&organ.successor);
        let first = next(&self.get(code)?);
        std::iter::successors(first, next).take(LEVELS).last()
    }

    /// Whether the organ is closed: another is in its place (4).
    pub fn is_closed(&self, code: &str) -> bool {
        self.get(code).is_some_and(|organ| !organ.successor.is_empty())
    }

    /// The closed organs, by code.
    pub fn closed(&self) -> impl Iterator<Item = &Organ> {
        self.organs.iter().filter(|organ| !organ.successor.is_empty())
    }

    /// The organ itself, or the one in its place where it is closed.
    pub fn current(&self, code: &str) -> Option<&Organ> {
        self.successor(code).or_else(|| self.get(code))
    }

    /// The organ to which a case of a closed one follows, in several turns: of an organ that was split, the part that
    /// manages one of the organs or units the case is about, the first's first; otherwise the successor (4).
    ///
    /// None where it is not closed, or where the organs in turn come to no open one.
    pub fn heir<'a>(&self, code: &str, about: impl IntoIterator<Item = &'a str>) -> Option<&Organ> {
        let about: Vec<&str> = about.into_iter().collect();
        let mut at = self.get(code).filter(|organ| !organ.successor.is_empty())?;
        for _ in 0..LEVELS {
            let part = about.iter().find_map(|unit| self.part_of(at, unit));
            at = part.or_else(|| self.get(&at.successor))?;
            if at.successor.is_empty() {
                return Some(at);
            }
        }
        None
    }

    /// The part of a split organ that manages this unit.
    fn part_of(&self, split: &Organ, unit: &str) -> Option<&Organ> {
        if split.split_into.is_empty() {
            return None;
        }
        let above = std::iter::once(unit).chain(self.path(unit).into_iter().map(|organ| organ.code.as_str()));
        let above: Vec<&str> = above.collect();
        let parts = split.split_into.iter().filter_map(|part| self.current(part));
        let mut managing = parts.filter(|part| above.contains(&part.code.as_str()));
        managing.next()
    }

    /// The organs that people may mean by `query`, the best first ([`How`]), at most `limit`; only those at and below
    /// the organ `below`, where one is given. An empty query finds nothing, nor does one of more than 200 characters.
    pub fn find(&self, query: &str, below: Option<&str>, limit: usize) -> Vec<Hit<'_>> {
        self.index().find(&self.organs, query, below, limit)
    }

    /// Whether [`Directory::find`] can answer at once: its index is made when it is first asked for, which takes a
    /// moment with very many organs.
    pub fn is_indexed(&self) -> bool {
        self.index.get().is_some()
    }

    /// Makes the index, if it is not made yet.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(&self.organs))
    }

    /// Whether it has the same organs as another.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.organs == other.organs
    }

    /// The code that is meant by `code`, to be named in an error: where it is the name of an organ, that organ's code;
    /// otherwise the code that is spelt most like it.
    pub fn nearest(&self, code: &str) -> Option<&str> {
        let named = |hit: &&Hit<'_>| matches!(hit.how, How::Name | How::ShortName | How::Alias);
        let hits = self.find(code, None, 1);
        hits.first().filter(named).map(|hit| hit.organ.code.as_str()).or_else(|| self.spelt_like(code))
    }

    fn spelt_like(&self, code: &str) -> Option<&str> {
        let letters = |code: &str| code.bytes().map(usize::from).collect::<Vec<_>>();
        let edits = Edits::of(&letters(code), 256)?;
        let known = self.organs.iter().map(|organ| organ.code.as_str());
        known
            .map(|known| (edits.whole(known.bytes().map(usize::from)), known))
            .min()
            .filter(|(distance, _)| *distance <= 1 + code.chars().count() / 3)
            .map(|(_, known)| known)
    }
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
        assert_eq!(directory.path("a").len(), LEVELS);
        assert_eq!(directory.find("a", Some("b"), 5).len(), 1);
    }

    #[test]
    fn a_misspelt_code_is_answered_with_the_nearest() {
        assert_eq!(baoshan().nearest("baoshan.luodan"), Some("baoshan.luodian"));
        assert_eq!(baoshan().nearest("completely-different-thing"), None);
    }

    #[test]
    fn a_name_in_the_place_of_a_code_is_answered_with_the_code() {
        let named = Organ {
            name: "罗店镇人民政府".into(),
            ..organ("baoshan.luodian", "baoshan", OrganKind::SubCentre)
        };
        let directory = Directory::new([organ("baoshan", "", OrganKind::Centre), named]);
        assert_eq!(directory.nearest("羅店鎮 人民政府"), Some("baoshan.luodian"));
        assert_eq!(directory.nearest("罗店"), None, "a part of a name may be any organ's");
        assert_eq!(directory.nearest(&"x".repeat(1000)), None);
    }

    #[test]
    fn the_path_of_an_organ_goes_to_the_top() {
        let directory = baoshan();
        let path = |code| directory.path(code).iter().map(|organ| organ.code.clone()).collect::<Vec<_>>();
        assert_eq!(path("baoshan.luodian.chengguan"), ["baoshan.luodian", "baoshan"]);
        assert!(path("baoshan").is_empty() && path("nowhere").is_empty());
    }

    #[test]
    fn a_case_of_a_split_organ_follows_to_the_part_that_manages_the_unit() {
        let part = |code| organ(code, "baoshan", OrganKind::SubCentre);
        let mut town = part("baoshan.luodian");
        town.successor = "baoshan.east".into();
        town.split_into = vec!["baoshan.east".into(), "baoshan.west".into()];
        let mut west = part("baoshan.west");
        let organs = |west: &Organ| {
            Directory::new([
                organ("baoshan", "", OrganKind::Centre),
                town.clone(),
                part("baoshan.east"),
                part("baoshan.north"),
                west.clone(),
                organ("unit.east", "baoshan.east", OrganKind::Unit),
                organ("unit.west", west.successor.as_str().max("baoshan.west"), OrganKind::Unit),
                organ("unit.north", "baoshan.north", OrganKind::Unit),
            ])
        };
        let directory = organs(&west);
        let heir = |directory: &Directory, about: &[&str]| {
            directory.heir("baoshan.luodian", about.iter().copied()).map(|organ| organ.code.clone())
        };
        assert_eq!(heir(&directory, &["unit.east"]).as_deref(), Some("baoshan.east"));
        assert_eq!(heir(&directory, &["unit.west"]).as_deref(), Some("baoshan.west"));
        assert_eq!(heir(&directory, &["unit.north", "unit.west"]).as_deref(), Some("baoshan.west"));
        assert_eq!(heir(&directory, &["unit.north"]).as_deref(), Some("baoshan.east"), "the rest");
        assert_eq!(directory.heir("baoshan.west", ["unit.west"]), None, "it is not closed");
        west.successor = "baoshan.west-and-north".into();
        assert_eq!(heir(&organs(&west), &["unit.west"]), Some("baoshan.east".into()), "no such organ");
        west.successor = "baoshan.north".into();
        let mut unit = organ("unit.west", "baoshan.north", OrganKind::Unit);
        unit.name = "moved along".into();
        let directory = Directory::new(organs(&west).iter().cloned().chain([unit]));
        assert_eq!(heir(&directory, &["unit.west"]).as_deref(), Some("baoshan.north"), "in two turns");
    }

    #[test]
    fn organs_that_are_each_others_successors_come_to_nobody() {
        let closed = |code: &str, successor: &str| Organ {
            successor: successor.into(),
            ..organ(code, "", OrganKind::SubCentre)
        };
        let directory = Directory::new([closed("a", "b"), closed("b", "a")]);
        assert_eq!(directory.heir("a", []), None);
    }

    #[test]
    fn an_organ_that_has_a_successor_receives_nothing() {
        let mut closed = organ("baoshan.old", "baoshan", OrganKind::SubCentre);
        closed.successor = "baoshan.luodian".into();
        let directory = Directory::new([closed, organ("baoshan.luodian", "baoshan", OrganKind::SubCentre)]);
        assert!(!directory.receives("baoshan.old"));
        assert!(directory.receives("baoshan.luodian"));
        let mut older = organ("baoshan.older", "baoshan", OrganKind::SubCentre);
        older.successor = "baoshan.old".into();
        let directory = Directory::new(directory.iter().cloned().chain([older]));
        for closed in ["baoshan.old", "baoshan.older"] {
            assert_eq!(directory.successor(closed).map(|organ| organ.code.as_str()), Some("baoshan.luodian"));
        }
        assert_eq!(directory.successor("baoshan.luodian"), None);
    }
}
