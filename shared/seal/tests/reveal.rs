//! What is found in a text for the respondent, what is not, and how long that takes.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers of tests are tests")]

mod disguise;

use proptest::prelude::*;
use seal::{
    Identity,
    reveal::{Against, Finding, Form, Kind, black_out, check},
};

fn identity() -> Identity {
    Identity {
        name: "章槐序".into(),
        work_unit: "上海宝钢机械厂".into(),
        address: "宝山区友谊支路9999弄77号201室".into(),
        phones: vec!["13800009421".into(), "021-56781234".into()],
        id_number: "310113190505051234".into(),
        email: "huai.xu@example.com".into(),
        wechat: String::new(),
    }
}

fn named(name: &str) -> Identity {
    let mut identity = Identity::default();
    identity.name = name.into();
    identity
}

fn of(identity: &Identity) -> Against<'_> {
    Against { identity: Some(identity), ..Against::default() }
}

fn found(text: &str) -> Vec<Finding> {
    check(text, &of(&identity()))
}

/// The stretches that are found, with what they tell.
fn told(text: &str, findings: &[Finding]) -> Vec<(Kind, Form, bool, String)> {
    let stretch =
        |finding: &Finding| text.chars().skip(finding.chars.start).take(finding.chars.len()).collect();
    findings.iter().map(|one| (one.kind, one.form, one.certain, stretch(one))).collect()
}

#[track_caller]
fn is_certain(text: &str, kind: Kind, form: Form) {
    let all = told(text, &found(text));
    assert!(all.iter().any(|one| (one.0, one.1, one.2) == (kind, form, true)), "{text}: {all:?}");
}

#[track_caller]
fn is_warned_of(text: &str, kind: Kind, form: Form) {
    let all = told(text, &found(text));
    assert!(all.iter().any(|one| (one.0, one.1, one.2) == (kind, form, false)), "{text}: {all:?}");
    assert!(all.iter().all(|one| !one.2), "{text}: {all:?}");
}

#[track_caller]
fn is_clean(text: &str, against: &Against<'_>) {
    let all = told(text, &check(text, against));
    assert!(all.is_empty(), "{text}: {all:?}");
}

#[test]
fn the_name_in_its_spellings() {
    for text in
        ["章槐序反映", "章 槐\u{200b}序", "【章】【槐】【序】", "章,槐,序", "章\n槐\n序", "章／槐／序"]
    {
        is_certain(text, Kind::Name, Form::Whole);
    }
    for text in
        ["Zhang Huaixu", "huaixu ZHANG", "Zhāng Huái-xù", "zhang1 huai2 xu4", "ＺＨＡＮＧ　ＨＵＡＩＸＵ"]
    {
        is_certain(text, Kind::Name, Form::Pinyin);
    }
    let lv = named("吕娥璐");
    for text in ["lv elu", "lǚ élù", "LU ELU", "Lyu E-lu"] {
        let all = check(text, &of(&lv));
        assert!(all.iter().any(|one| one.form == Form::Pinyin), "{text}: {all:?}");
    }
    let traditional = named("劉曉萍");
    let all = check("刘晓萍来访", &of(&traditional));
    assert_eq!(told("刘晓萍来访", &all), [(Kind::Name, Form::Whole, true, "刘晓萍".into())]);
}

#[test]
fn the_name_in_parts() {
    is_certain("槐序多次来访", Kind::Name, Form::Part);
    for text in ["章女士到窗口", "章先生", "市民章某", "章某某反映", "章 师 傅"] {
        is_certain(text, Kind::Name, Form::Titled);
    }
    for text in ["章×序", "章*序", "章某序", "章 _ 序", "章■序"] {
        is_certain(text, Kind::Name, Form::Blanked);
    }
    is_warned_of("章**来电", Kind::Name, Form::Blanked);
    for text in ["老章来过", "姓章的群众", "章科长"] {
        is_warned_of(text, Kind::Name, Form::Titled);
    }
    is_warned_of("Z. H. X.", Kind::Name, Form::Initials);
    is_warned_of("投诉人zhx称", Kind::Name, Form::Initials);
    is_warned_of("张怀旭反映", Kind::Name, Form::Sound);
    is_warned_of("huaixu", Kind::Name, Form::Pinyin);
    is_warned_of("小序", Kind::Name, Form::Part);
}

#[test]
fn a_surname_alone_is_nobody_and_a_shared_one_is_a_warning() {
    let identity = identity();
    is_clean("按照规章制度,章程第三条", &of(&identity));
    let respondents = ["章立本".to_owned()];
    let against = Against { respondents: &respondents, ..of(&identity) };
    let shared = told("章某态度生硬", &check("章某态度生硬", &against));
    assert_eq!(shared, [(Kind::Name, Form::Titled, false, "章某".into())]);
    // Words of every sentence.
    for (name, text) in [("于大海", "关于某些窗口"), ("何平安", "任何某一窗口,平安"), ("王建设", "建设局")]
    {
        let findings = check(text, &of(&named(name)));
        assert!(findings.iter().all(|one| !one.certain), "{name}: {findings:?}");
    }
    is_clean("我们的工作", &of(&named("王")));
}

#[test]
fn phones_and_what_is_left_of_them() {
    for text in [
        "电话13800009421",
        "+86 138-0000-9421",
        "一三八零零零零九四二一",
        "壹叁捌〇〇〇〇玖肆贰壹",
        "１３８００００９４２１",
        "138OOOO942l",
        "138 ... 0000 ... 9421",
        "座机56781234",
        "(021) 5678-1234",
    ] {
        is_certain(text, Kind::Phone, Form::Whole);
    }
    for text in ["尾号9421", "尾号 009421", "138****9421", "尾号九四二一"] {
        is_warned_of(text, Kind::Phone, Form::LastDigits);
    }
}

#[test]
fn the_id_number_and_the_date_of_birth() {
    for text in ["310113190505051234", "310113 1905 0505 1234", "三一〇一一三一九〇五〇五〇五一二三四"]
    {
        is_certain(text, Kind::IdNumber, Form::Whole);
    }
    for text in ["1905年5月5日生", "生于一九〇五年五月五日", "1905-05-05", "1905.5.5", "19050505"]
    {
        is_warned_of(text, Kind::IdNumber, Form::BirthDate);
    }
    is_warned_of("证件尾号1234的", Kind::IdNumber, Form::LastDigits);
}

#[test]
fn mail_unit_and_address() {
    is_certain("邮箱Huai.Xu＠example.com", Kind::Email, Form::Whole);
    is_warned_of("昵称huai.xu", Kind::Email, Form::Part);
    is_certain("上海寶鋼機械廠职工", Kind::WorkUnit, Form::Whole);
    is_certain("宝钢机械厂职工", Kind::WorkUnit, Form::Short);
    is_warned_of("宝钢职工", Kind::WorkUnit, Form::Short);
    is_certain("住友谊支路9999弄77号", Kind::Address, Form::Part);
    is_certain("住宝山区友誼支路九九九九弄七七號二〇一室", Kind::Address, Form::Whole);
    for text in ["住友谊支路", "9999弄居民", "77号201室"] {
        is_warned_of(text, Kind::Address, Form::Part);
    }
    let mut clerk = named("章槐序");
    clerk.work_unit = "罗店镇人民政府".into();
    let expected = ["罗店镇人民政府".to_owned()];
    let against = Against { expected_units: &expected, ..of(&clerk) };
    let text = "由罗店镇人民政府办理";
    assert!(check(text, &against).iter().all(|one| !one.certain), "a unit that the text may name");
    assert!(check(text, &of(&clerk)).iter().any(|one| one.certain));
    let mut builder = named("章槐序");
    builder.work_unit = "上海市建设工程有限公司".into();
    let text = "建设工程施工许可";
    assert!(check(text, &of(&builder)).iter().all(|one| !one.certain), "anybody's trade");
}

#[test]
fn a_company_and_who_speaks_for_it() {
    let company = named("上海宝钢机械有限公司");
    let against = Against { is_unit: true, representative: "李守仁", ..of(&company) };
    let text = "宝钢机械有限公司的李守仁";
    let all = told(text, &check(text, &against));
    assert!(all.iter().any(|one| one.0 == Kind::Name && one.2), "{all:?}");
    assert!(all.iter().any(|one| one.0 == Kind::Representative && one.2), "{all:?}");
}

#[test]
fn what_tells_who_was_there() {
    for text in
        ["2026年2月4日在3号窗口办理", "三号窗口,时间为2月4日上午", "上周三在窗口5排队", "二月四日取号A023"]
    {
        is_warned_of(text, Kind::Occasion, Form::Together);
    }
    let far = format!("2月4日{}3号窗口", "有关情况".repeat(30));
    let identity = identity();
    is_clean(&far, &of(&identity));
    is_clean("3号窗口工作人员态度生硬", &of(&identity));
    is_warned_of("车牌沪A·12B45的车", Kind::Plate, Form::Whole);
}

#[test]
fn what_comes_from_the_original() {
    let identity = identity();
    let original = "我于二月到窗口申办,合同编号HT-2025-0133,工作人员让我跑了三次,每次要求的材料都不一样。";
    let against = Against { original, passage: 12, ..of(&identity) };
    let text = "合同ht2025/0133;反映人称:工作人员让我跑了三次,每次要求的材料都不同。";
    let all = told(text, &check(text, &against));
    assert_eq!(
        all,
        [
            (Kind::Reference, Form::AsWritten, false, "ht2025/0133".into()),
            (Kind::Passage, Form::AsWritten, false, "工作人员让我跑了三次,每次要求的材料都不".into()),
        ]
    );
    is_clean("要求群众多次往返", &against);
    is_clean(text, &Against { passage: 0, original: "", ..against });
}

#[test]
fn certain_ones_are_never_crowded_out() {
    let text = format!("{}章槐序", "老章、".repeat(5000));
    let all = found(&text);
    assert_eq!(all.len(), 1000);
    assert!(all.iter().any(|one| one.certain));
}

#[test]
fn what_is_certain_is_blacked_out_and_then_nothing_is() {
    let text = "投诉人章某,电话 1380000 9421,住友谊支路9999弄77号201室。章槐序,槐序。";
    let copy = black_out(text, &found(text));
    assert_eq!(copy, "投诉人〔姓名〕,电话 〔电话〕,住〔住址〕。〔姓名〕,〔姓名〕。");
    assert!(found(&copy).iter().all(|one| !one.certain), "{copy}");
}

/// A text of a summary that has nothing of anybody.
fn innocent() -> impl Strategy<Value = String> {
    "[窗口工作人员在办理过程中未一次性告知,应予整改。；：！\n]{0,40}"
}

/// Ways to write something of [`identity`] that leave no doubt.
const LEAVES_NO_DOUBT: [&str; 14] = [
    "章槐序",
    "章槐序女士",
    "槐序",
    "章女士",
    "章先生",
    "章某",
    "章某某",
    "Zhang Huaixu",
    "huaixu zhang",
    "上海寶鋼機械廠",
    "宝钢机械厂",
    "友谊支路9999弄77号201室",
    "友誼支路九九九九弄七七号",
    "宝山区友谊支路9999弄77号",
];

/// Somebody, and one way to write something of them.
fn planted() -> impl Strategy<Value = (Identity, String)> {
    let name = disguise::name();
    (name, disguise::mobile(), "[1-6][0-9]{5}19[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])[0-9]{4}").prop_flat_map(
        |(name, phone, id_number)| {
            let ways = prop_oneof![
                disguise::spelled(name),
                disguise::digits(&phone),
                disguise::digits(&id_number),
                Just(format!("住{}", "友谊支路9999弄77号")),
                Just("Zhang.Wq ＠ example.com".to_owned()),
            ];
            let mut identity = named(name);
            identity.phones = vec![phone];
            identity.id_number = id_number;
            identity.address = "上海市宝山区友谊支路9999弄77号".into();
            identity.email = "zhang.wq@example.com".into();
            (Just(identity), ways)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn whatever_is_planted_is_found_where_it_stands(
        (identity, written) in planted(),
        before in innocent(),
        after in innocent(),
    ) {
        // A clause's end around it: what runs into its neighbour is another number.
        let text = format!("{before}:{written}:{after}");
        let start = before.chars().count() + 1;
        let planted = start..start + written.chars().count();
        let all = check(&text, &of(&identity));
        let there = |one: &Finding| one.certain && one.chars.start < planted.end && planted.start < one.chars.end;
        prop_assert!(all.iter().any(there), "{text}: {all:?}");
    }

    #[test]
    fn parts_and_other_scripts_are_found_with_anything_between_their_characters(
        form in proptest::sample::select(&LEAVES_NO_DOUBT[..]),
        separator in proptest::sample::select(&["", " ", "\u{200b}", "·", "　", "-", "\n", "/", "*"][..]),
        before in innocent(),
        after in innocent(),
    ) {
        let written = form.chars().map(String::from).collect::<Vec<_>>().join(separator);
        let text = format!("{before}:{written}:{after}");
        let start = before.chars().count() + 1;
        let planted = start..start + written.chars().count();
        let all = found(&text);
        let there = |one: &Finding| one.certain && one.chars.start < planted.end && planted.start < one.chars.end;
        prop_assert!(all.iter().any(there), "{text}: {all:?}");
    }

    #[test]
    fn a_text_that_tells_of_nobody_has_nothing_certain(text in innocent()) {
        let all = found(&text);
        prop_assert!(all.iter().all(|one| !one.certain), "{text}: {all:?}");
    }

    #[test]
    fn findings_are_stretches_of_the_text_in_order(
        text in any::<String>(),
        more in "[章槐序老某女士*0-9一三八月日号窗口a-z@. -]{0,60}",
    ) {
        let text = format!("{text}{more}{text}");
        let count = text.chars().count();
        let against = identity();
        let all = check(&text, &Against { original: &text, passage: 5, ..of(&against) });
        prop_assert!(all.windows(2).all(|two| two[0].chars.start <= two[1].chars.start));
        prop_assert!(all.iter().all(|one| one.chars.start < one.chars.end && one.chars.end <= count));
    }
}

/// Not a test of time: it prints what the check takes on texts made to be slow. `cargo test -p seal --test reveal -- slow --nocapture`
#[test]
fn slow_texts_are_read_to_their_end() {
    let identity = identity();
    let texts =
        ["章", "1", "章某", "2月4日3号窗口", "zhang", "序", "9421-", "友谊支路9999弄", "\u{200b}", "沪a1"];
    for piece in texts {
        let text: String = piece.chars().cycle().take(50_000).collect();
        let against = Against { original: &text, passage: 15, ..of(&identity) };
        let begun = std::time::Instant::now();
        let all = check(&text, &against);
        println!("{piece:>16}: {:>5} findings in {:?}", all.len(), begun.elapsed());
        assert!(all.len() <= 1000);
    }
}
