//! The tree of organs: against a model, and with data that should not be.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

use access::Tree;
use proptest::prelude::*;

fn code(index: usize) -> String {
    format!("o{index}")
}

proptest! {
    /// Any forest: an organ's subtree is just those that are under it.
    #[test]
    fn subtree_and_is_under_say_the_same(parents in prop::collection::vec(any::<prop::sample::Index>(), 1..24)) {
        let organs: Vec<(String, Option<String>)> = parents
            .iter()
            .enumerate()
            .map(|(index, parent)| (code(index), (index > 0).then(|| code(parent.index(index)))))
            .collect();
        let tree = Tree::new(organs.clone());
        for (top, _) in &organs {
            let mut listed = tree.subtree(top);
            listed.sort();
            let mut under: Vec<String> =
                organs.iter().map(|(code, _)| code.clone()).filter(|code| tree.is_under(code, top)).collect();
            under.sort();
            prop_assert_eq!(listed, under);
        }
    }
}

#[test]
fn a_loop_in_the_data_ends() {
    let tree = Tree::new([("a", Some("b")), ("b", Some("a")), ("c", Some("c"))]);
    assert_eq!(tree.subtree("a"), ["a", "b"]);
    assert_eq!(tree.subtree("c"), ["c"]);
    assert!(tree.is_under("a", "b"));
    assert!(!tree.is_under("a", "c"));
}

#[test]
fn an_unknown_organ_has_nobody_under_it_and_a_nearest_name() {
    let tree = Tree::new([("baoshan", None), ("baoshan.luodian", Some("baoshan"))]);
    assert_eq!(tree.subtree("pudong"), ["pudong"]);
    assert!(!tree.is_under("pudong", "baoshan"));
    assert_eq!(tree.nearest("baoshan.luodan"), Some("baoshan.luodian"));
    assert_eq!(tree.nearest("xyz"), None);
}
