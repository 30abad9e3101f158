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
