//! The same person in any spelling has the same index.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests are tests")]

mod disguise;

use proptest::prelude::*;
use seal::{BlindIndex, Identifier, Identity, SecretKey};

fn index(key: u8) -> BlindIndex {
    BlindIndex::new(SecretKey::from_bytes(&[key; 32]).unwrap())
}

proptest! {
    #[test]
    fn of_a_phone(
        (number, spelled) in disguise::mobile().prop_flat_map(|n| (Just(n.clone()), disguise::digits(&n))),
        prefix in proptest::sample::select(&["", "+86 ", "0086", "86-", "0", "（+86）"][..]),
    ) {
        let plain = index(1).index(Identifier::Phone, &number);
        prop_assert!(plain.is_some());
        prop_assert_eq!(index(1).index(Identifier::Phone, &format!("{prefix}{spelled}")), plain);
    }

    #[test]
    fn of_a_name((name, spelled) in disguise::name().prop_flat_map(|n| (Just(n), disguise::spelled(n)))) {
        prop_assert_eq!(index(1).index(Identifier::Name, &spelled), index(1).index(Identifier::Name, name));
    }

    #[test]
    fn of_other_phones_differs(a in disguise::mobile(), b in disguise::mobile()) {
        prop_assume!(a != b);
        prop_assert_ne!(index(1).index(Identifier::Phone, &a), index(1).index(Identifier::Phone, &b));
    }
}

#[test]
fn depends_on_key_and_kind() {
    let value = "11010519491231002X";
    let plain = index(1).index(Identifier::IdNumber, value);
    assert_eq!(index(1).index(Identifier::IdNumber, "110105 19491231 002ｘ"), plain);
    assert_ne!(index(2).index(Identifier::IdNumber, value), plain);
    assert_ne!(index(1).index(Identifier::Name, value), plain);
    assert_eq!(index(1).index(Identifier::Email, "A@B.cn"), index(1).index(Identifier::Email, " ａ@b.cn"));
}

#[test]
fn of_an_identity_has_one_for_each_identifier_that_is_there() {
    let mut identity = Identity::default();
    identity.name = "张伟强".into();
    identity.phones =
        vec!["13812345678".into(), "+86 138 1234 5678".into(), "021-56781234".into(), "无".into()];
    let kinds: Vec<_> = index(1).of(&identity).into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Identifier::Name, Identifier::Phone, Identifier::Phone]);
}

#[test]
fn the_pairs_of_a_word_are_among_those_of_a_text_that_has_it() {
    let has = |text: &str, word: &str| {
        let text = index(1).pairs("baoshan", text);
        let word = index(1).pairs("baoshan", word);
        !word.is_empty() && word.iter().all(|pair| text.contains(pair))
    };
    let text = "窗口辦事,推諉扯皮;ＡＢＣ大廳";
    for word in ["办事", "推诿扯皮", "abc大厅", "窗口办事", "窗 口"] {
        assert!(has(text, word), "{word}");
    }
    for word in ["扯推", "事窗", "大听", "窗"] {
        assert!(!has(text, word), "{word}");
    }
}

#[test]
fn the_pairs_of_another_organ_or_key_are_others() {
    let pairs = index(1).pairs("baoshan", "窗口窗口");
    assert_eq!(pairs.len(), 2, "each pair once");
    assert!(pairs.iter().all(|pair| (0..1 << 40).contains(pair)));
    for other in [index(1).pairs("baoshan.luodian", "窗口窗口"), index(2).pairs("baoshan", "窗口窗口")]
    {
        assert!(other.iter().all(|pair| !pairs.contains(pair)));
    }
}
