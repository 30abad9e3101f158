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

#[test]
fn who_is_in_the_place_of_closed_organs_sees_what_they_had_and_nobody_else_does() {
    let tree = Tree::new([
        ("baoshan", None),
        ("baoshan.a", Some("baoshan")),
        ("baoshan.b", Some("baoshan")),
        ("baoshan.c", Some("baoshan")),
        ("pudong.d", Some("pudong")),
    ])
    .with_successors([
        ("baoshan.a", "baoshan.b"),
        ("baoshan.b", "baoshan.c"),
        ("pudong.d", "baoshan.c"),
    ]);
    let mut closed = tree.took_over("baoshan.c");
    closed.sort();
    assert_eq!(closed, ["baoshan.a", "baoshan.b", "pudong.d"], "in several turns, from elsewhere, too");
    assert!(tree.took_over("baoshan.b").is_empty(), "it is closed itself");
    assert!(tree.stands_for("baoshan.c", "baoshan.a") && !tree.stands_for("baoshan.b", "baoshan.a"));
    assert!(!tree.stands_for("baoshan.c", "baoshan.c"), "nobody is in its own place");
    assert!(tree.subtree_with_closed("baoshan").contains(&"pudong.d".to_owned()));
    assert!(tree.answers_to("pudong.d", "baoshan") && !tree.is_under("pudong.d", "baoshan"));
}

#[test]
fn organs_in_each_others_place_end() {
    let tree = Tree::new([("a", None::<&str>), ("b", None)]).with_successors([("a", "b"), ("b", "a")]);
    assert!(tree.took_over("a").is_empty());
    assert!(!tree.stands_for("c", "a"));
}
