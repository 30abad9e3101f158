//! The tree of organs, as scopes need it: who is under whom (4).

use std::collections::{BTreeMap, BTreeSet};

/// Organs in turn that took each other's place, at the most: bad data must not hang the service.
const TURNS: usize = 16;

/// A snapshot of the directory: each organ's code, and its parent's; and who took the place of whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    parents: BTreeMap<String, Option<String>>,
    children: BTreeMap<String, Vec<String>>,
    successors: BTreeMap<String, String>,
    predecessors: BTreeMap<String, Vec<String>>,
}

impl Tree {
    /// A tree of (code, parent's code); the parent is empty or `None` at the top.
    pub fn new<C, P>(organs: impl IntoIterator<Item = (C, Option<P>)>) -> Self
    where
        C: Into<String>,
        P: Into<String>,
    {
        let mut tree = Self::default();
        for (code, parent) in organs {
            let code = code.into();
            let parent = parent.map(Into::into).filter(|parent| !parent.is_empty());
            if let Some(parent) = &parent {
                tree.children.entry(parent.clone()).or_default().push(code.clone());
            }
            tree.parents.insert(code, parent);
        }
        for children in tree.children.values_mut() {
            children.sort_unstable();
            children.dedup();
        }
        tree
    }

    /// The same, with (closed organ, the organ in its place).
    #[must_use]
    pub fn with_successors<C: Into<String>>(mut self, closed: impl IntoIterator<Item = (C, C)>) -> Self {
        for (code, successor) in closed {
            let (code, successor) = (code.into(), successor.into());
            self.predecessors.entry(successor.clone()).or_default().push(code.clone());
            self.successors.insert(code, successor);
        }
        self
    }

    /// The closed organs whose place this one took, also in several turns; none where it is closed itself.
    pub fn took_over(&self, code: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        if self.successors.contains_key(code) {
            return found;
        }
        let mut turn = vec![code.to_owned()];
        for _ in 0..TURNS {
            turn = turn.iter().filter_map(|at| self.predecessors.get(at)).flatten().cloned().collect();
            found.extend(turn.iter().cloned());
        }
        found
    }

    /// Whether `by` is in the place of `organ`, which is closed.
    pub fn stands_for(&self, by: &str, organ: &str) -> bool {
        self.in_place_of(organ).is_some_and(|last| last == by)
    }

    /// The organ in the place of a closed one, the last of several in turn; `None` where it is not closed.
    fn in_place_of(&self, organ: &str) -> Option<&str> {
        let next = |at: &&String| self.successors.get(at.as_str());
        let last = std::iter::successors(self.successors.get(organ), next).take(TURNS).last()?;
        Some(last.as_str())
    }

    /// Whether the directory has this organ.
    pub fn contains(&self, code: &str) -> bool {
        self.parents.contains_key(code)
    }

    /// How many organs it has.
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// All codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.parents.keys().map(String::as_str)
    }

    /// The organ above; `None` at the top, and for an organ that is not known.
    pub fn parent(&self, code: &str) -> Option<&str> {
        self.parents.get(code)?.as_deref()
    }

    /// The organ and all below it, each once; itself alone where it is not known.
    pub fn subtree(&self, code: &str) -> Vec<String> {
        let mut found = vec![code.to_owned()];
        let mut known = BTreeSet::from([code.to_owned()]);
        let mut next = 0;
        while let Some(children) = found.get(next).map(|at| self.children.get(at)) {
            // A loop in the data must not become an endless one here.
            let fresh = children.into_iter().flatten().filter(|child| known.insert((*child).clone()));
            found.extend(fresh.cloned());
            next += 1;
        }
        found
    }

    /// The same, with the closed organs whose place one of these took.
    pub fn subtree_with_closed(&self, code: &str) -> Vec<String> {
        let mut found = self.subtree(code);
        if !self.successors.is_empty() {
            let known: BTreeSet<String> = found.iter().cloned().collect();
            let closed: BTreeSet<String> =
                found.iter().flat_map(|at| self.took_over(at)).filter(|at| !known.contains(at)).collect();
            found.extend(closed);
        }
        found
    }

    /// Whether `code`, or the organ in its place where it is closed, is `top` or anywhere below it.
    pub fn answers_to(&self, code: &str, top: &str) -> bool {
        self.is_under(code, top) || self.in_place_of(code).is_some_and(|last| self.is_under(last, top))
    }

    /// Whether `code` is `top` or anywhere below it.
    pub fn is_under(&self, code: &str, top: &str) -> bool {
        let mut at = Some(code);
        // No path is longer than the number of organs, unless the data has a loop.
        for _ in 0..=self.parents.len() {
            match at {
                Some(here) if here == top => return true,
                Some(here) => at = self.parent(here),
                None => return false,
            }
        }
        false
    }

    /// The code most like this one, for "did you mean".
    pub fn nearest(&self, code: &str) -> Option<&str> {
        nearest(code, self.codes())
    }
}

/// The candidate most like `name`, if any is alike at all.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    candidates
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.7)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}
