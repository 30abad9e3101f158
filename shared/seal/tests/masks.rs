//! What is proposed for masking, what is not, and that nothing is left.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests are tests")]

mod disguise;

use proptest::prelude::*;
use seal::{
    Identity,
    mask::{Kind, Mask, MaskError, apply, contains_marker, propose},
    normalize,
};

fn nowhere(_: &str) -> bool {
    false
}

fn identity() -> Identity {
    Identity {
        name: "张伟强".into(),
        work_unit: "上海宝钢机械厂".into(),
        address: "上海市宝山区友谊路街道友谊路1号201室".into(),
        phones: vec!["13812345678".into(), "021-56781234".into()],
        id_number: "11010519491231002X".into(),
        email: "zhang.wq@example.com".into(),
        wechat: "zwq_1949".into(),
    }
}

fn named(name: &str) -> Identity {
    let mut identity = Identity::default();
    identity.name = name.into();
    identity
}

fn masked(text: &str, identity: &Identity) -> String {
    apply(text, &propose(text, identity, &nowhere)).unwrap()
}

#[track_caller]
fn assert_masked(text: &str, expected: &str) {
    assert_eq!(masked(text, &identity()), expected);
}

#[test]
fn the_full_name_in_its_spellings() {
    assert_masked("本人张伟强反映", "本人〔姓名〕反映");
    assert_masked("本人張 偉 強、张　伟强，张·伟·强", "本人〔姓名〕、〔姓名〕，〔姓名〕");
}

#[test]
fn a_lone_surname_is_left() {
    assert_masked("张科长让老张明天再来，伟强工程", "张科长让老张明天再来，伟强工程");
    for name in ["张", "欧阳", ""] {
        let identity = named(name);
        assert_eq!(masked("张科长、欧阳主任", &identity), "张科长、欧阳主任");
    }
}

#[test]
fn a_latin_name_only_as_a_word() {
    let identity = named("An Li");
    assert_eq!(masked("AN  LI came; Anlie; plan li", &identity), "〔姓名〕 came; Anlie; plan li");
}

#[test]
fn phones_with_their_prefixes_and_local_forms() {
    assert_masked("电话+86 138-1234-5678。", "电话〔电话〕。".replace("〔电话〕", "+〔电话〕").as_str());
    assert_masked("座机56781234或（021）5678-1234", "座机〔电话〕或（〔电话〕");
    assert_masked("幺三八，一二三四，五六七八", "〔电话〕");
}

#[test]
fn anybodys_mobile_and_id_number() {
    let nobody = Identity::default();
    assert_eq!(masked("经办人13900001111转告", &nobody), "经办人〔电话〕转告");
    assert_eq!(masked("第二8613900001111", &nobody), "第二〔电话〕");
    assert_eq!(masked("证号 440524 18800101 0014", &nobody), "证号 〔证件号码〕");
    assert_eq!(masked("证号11010519491231002x", &nobody), "证号〔证件号码〕");
    let kept = "单号 139000011112345，12345热线，2024-03-15 10:20:30，统一代码913101130000000000";
    assert_eq!(masked(kept, &nobody), kept);
}

#[test]
fn id_number_mail_and_wechat() {
    assert_masked("身份证１１０１０５一九四九1231-002Ｘ", "身份证〔证件号码〕");
    assert_masked("老证号110105491231002", "老证号〔证件号码〕");
    assert_masked("邮箱 Zhang.WQ＠example.com，微信zwq_1949", "邮箱 〔电子邮箱〕，微信〔微信〕");
}

#[test]
fn unit_and_address_and_the_part_that_tells_the_house() {
    assert_masked("我在上海寶鋼機械廠上班", "我在〔工作单位〕上班");
    assert_masked("家住友谊路一号201室", "家住〔住址〕");
    assert_masked("友谊路1号门口，友谊路街道，友谊路12号", "〔住址〕门口，友谊路街道，友谊路12号");
    assert_masked("住上海市宝山区友谊路街道，友谊路1号201室。", "住〔住址〕。");
}

#[test]
fn neighbours_stay_two_and_what_overlaps_becomes_one() {
    assert_masked("张伟强13812345678", "〔姓名〕〔电话〕");
    let mut owner = named("张伟强");
    owner.work_unit = "伟强机械厂".into();
    assert_eq!(masked("在张伟强机械厂旁", &owner), "在〔工作单位〕旁");
}

#[test]
fn what_the_directory_knows_stays() {
    let known = |unit: &str| unit == "上海宝钢机械厂" || unit.starts_with("上海市宝山区");
    let text = "上海宝钢机械厂，上海市宝山区友谊路街道友谊路1号201室";
    assert!(propose(text, &identity(), &known).is_empty());
    let mut retired = Identity::default();
    retired.work_unit = "退休".into();
    assert_eq!(masked("退休手续", &retired), "退休手续");
}

#[test]
fn masks_of_an_officer_are_checked() {
    let text = "老张的儿子小张";
    let mask = |chars| Mask::from_chars(text, Kind::FullName, chars);
    let (son, old) = (mask(5..7).unwrap(), mask(0..2).unwrap());
    assert_eq!(apply(text, &[son.clone(), old]).unwrap(), "〔姓名〕的儿子〔姓名〕");
    assert_eq!(apply(text, &[son, mask(6..7).unwrap()]), Err(MaskError::Overlap { at: 6 }));
    for wrong in [7..8, 3..3, 5..9] {
        assert!(matches!(mask(wrong), Err(MaskError::OutOfText { .. })));
    }
    assert!(matches!(apply("短", &[mask(5..7).unwrap()]), Err(MaskError::OutOfText { .. })));
    assert!(apply("ab短", &[Mask::from_chars("短短", Kind::Phone, 1..2).unwrap()]).is_err());
}

#[test]
fn markers_are_known_again() {
    for kind in Kind::ALL {
        assert!(contains_marker(&format!("x{}y", kind.marker())));
    }
    assert!(!contains_marker("（姓名）张伟强"));
}

#[test]
fn offsets_are_in_bytes_and_characters() {
    let text = "我叫张伟强，电话13812345678";
    let masks = propose(text, &identity(), &nowhere);
    assert_eq!(masks.iter().map(Mask::chars).collect::<Vec<_>>(), [2..5, 8..19]);
    assert_eq!(&text[masks[1].bytes()], "13812345678");
    let from_chars = masks.iter().map(|mask| Mask::from_chars(text, mask.kind(), mask.chars()).unwrap());
    assert_eq!(from_chars.collect::<Vec<_>>(), masks);
}

/// Text of a complaint without any number or name.
fn innocent() -> impl Strategy<Value = String> {
    "[我到窗口办事工作人员态度很差，。；：！\n（）a-f ]{0,24}"
}

/// Each planted value: how it is written in the text.
fn planted() -> impl Strategy<Value = (Identity, Vec<String>)> {
    (disguise::name(), disguise::mobile(), "[1-6][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])[0-9]{4}")
        .prop_flat_map(|(name, phone, id_number)| {
            let written = (disguise::spelled(name), disguise::digits(&phone), disguise::digits(&id_number));
            let mut identity = named(name);
            identity.phones = vec![phone];
            identity.id_number = id_number;
            (Just(identity), written.prop_map(|(a, b, c)| vec![a, b, c]))
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_is_planted_is_masked_and_nothing_is_left(
        (identity, written) in planted(),
        between in proptest::collection::vec(innocent(), 4),
    ) {
        // A sentence's end between them: what runs into its neighbour is another number.
        let text = format!(
            "{}：{}，见{}：{}，见{}：{}，见{}",
            between[0], written[0], between[1], written[1], between[2], written[2], between[3]
        );
        let copy = masked(&text, &identity);
        for (value, kind) in written.iter().zip([Kind::FullName, Kind::Phone, Kind::IdNumber]) {
            prop_assert!(copy.contains(kind.marker()), "{copy}");
            prop_assert!(!copy.contains(value.as_str()), "{copy}");
        }
        let left: String = normalize::characters(&copy).filter_map(normalize::digit).collect();
        prop_assert!(!left.contains(&identity.phones[0]) && !left.contains(&identity.id_number), "{copy}");
        prop_assert!(!normalize::name(&copy).contains(&normalize::name(&identity.name)), "{copy}");
        prop_assert!(propose(&copy, &identity, &nowhere).is_empty(), "{copy}");
        for kept in &between {
            prop_assert!(copy.contains(kept.as_str()), "{kept:?} in {copy}");
        }
    }

    #[test]
    fn a_text_that_names_nobody_is_left_as_it_is(text in innocent()) {
        prop_assert_eq!(masked(&text, &identity()), text);
    }

    #[test]
    fn masks_of_any_text_are_ordered_apart_and_apply(text in any::<String>(), digits in "[0-9０-９一二三 x-]{0,40}") {
        let text = format!("{text}{digits}{text}");
        let masks = propose(&text, &identity(), &nowhere);
        prop_assert!(masks.windows(2).all(|pair| pair[0].bytes().end <= pair[1].bytes().start));
        prop_assert!(apply(&text, &masks).is_ok());
    }
}
