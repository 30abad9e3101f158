//! Organs are found by what people call them (articles 2 and 10).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // clippy sees no test in a helper

mod sample;

use directory::{Directory, Hit, How};
use duban_proto::common::v1::Organ;
use pinyin::{ToPinyin as _, ToPinyinMulti as _};
use proptest::prelude::*;

fn organ(code: &str, name: &str, short_name: &str, aliases: &[&str]) -> Organ {
    let parent = code.rsplit_once('.').map(|(parent, _)| parent.to_owned()).unwrap_or_default();
    Organ {
        code: code.into(),
        parent,
        name: name.into(),
        short_name: short_name.into(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        ..Organ::default()
    }
}

fn told<'a>(hits: &[Hit<'a>]) -> Vec<(&'a str, How)> {
    hits.iter().map(|hit| (hit.organ.code.as_str(), hit.how)).collect()
}

fn codes<'a>(hits: &[Hit<'a>]) -> Vec<&'a str> {
    hits.iter().map(|hit| hit.organ.code.as_str()).collect()
}

fn initials(name: &str) -> String {
    let letters = spelling::letters(name).collect::<String>();
    letters.chars().map(|c| c.to_pinyin().map_or(c, |sound| sound.plain().chars().next().unwrap())).collect()
}

#[test]
fn every_organ_of_the_sample_is_found_by_code_name_short_name_and_alias() {
    let directory = sample::baoshan();
    for organ in directory.iter() {
        let first =
            |query: &str| directory.find(query, None, 1).first().map(|hit| (hit.organ.code.clone(), hit.how));
        assert_eq!(first(&organ.code), Some((organ.code.clone(), How::Code)));
        assert_eq!(first(&organ.name), Some((organ.code.clone(), How::Name)));
        let names = [&organ.short_name].into_iter().chain(&organ.aliases).filter(|name| !name.is_empty());
        for name in names {
            let hits = directory.find(name, None, 50);
            let place = hits.iter().position(|hit| hit.organ.code == organ.code).expect(name);
            assert!(hits[..=place].iter().all(|hit| hit.how <= How::Alias), "{name}: {:?}", told(&hits));
        }
    }
}

#[test]
fn every_organ_of_the_sample_is_found_by_its_initials_and_sounds_among_the_first_hits() {
    let directory = sample::baoshan();
    for organ in directory.iter() {
        for name in [&organ.name, &organ.short_name].into_iter().filter(|name| name.chars().count() > 2) {
            for query in [initials(name), sounds(name)] {
                let hits = directory.find(&query, None, 5);
                assert!(codes(&hits).contains(&organ.code.as_str()), "{query} for {name}: {:?}", told(&hits));
            }
        }
    }
}

fn sounds(name: &str) -> String {
    let letters = spelling::letters(name).collect::<String>();
    letters
        .chars()
        .map(|c| c.to_pinyin().map_or_else(|| c.to_string(), |sound| sound.plain().replace('ü', "v")))
        .collect()
}

#[test]
fn the_better_a_name_fits_the_earlier_it_comes() {
    let directory = Directory::new([
        organ("a", "罗店镇", "", &[]),
        organ("b", "罗店镇人民政府", "", &[]),
        organ("c", "宝山区罗店镇人民政府", "", &[]),
        organ("d", "上海市某某处", "罗店镇", &[]),
        organ("e", "上海市某某所", "", &["罗店镇"]),
        organ("f", "罗占镇", "", &[]),
        organ("g", "落电镇", "", &[]),
        organ("罗店镇", "上海市某某站", "", &[]),
    ]);
    let expected = [
        ("罗店镇", How::Code),
        ("a", How::Name),
        ("d", How::ShortName),
        ("e", How::Alias),
        ("b", How::Prefix),
        ("c", How::Partial),
        ("g", How::Pinyin),
    ];
    assert_eq!(told(&directory.find("罗店镇", None, 50)), expected);
    let expected = [("b", How::Name), ("c", How::Partial)];
    assert_eq!(told(&directory.find("罗店镇人民政府", None, 50)), expected, "and none that is nearly so");
    let expected = [("b", How::Fuzzy), ("c", How::Fuzzy)];
    assert_eq!(told(&directory.find("罗店镇人民政务所", None, 50)), expected);
    assert_eq!(told(&directory.find(" 羅店 鎮 ", None, 3))[0], ("a", How::Name), "folded, and only three");
    assert_eq!(directory.find("罗店镇", None, 3).len(), 3);
}

#[test]
fn sounds_are_known_in_all_their_readings_and_cuts() {
    let directory = Directory::new([
        organ("bank", "重庆银行", "", &[]),
        organ("first", "先进所", "", &[]),
        organ("xian", "西安进所", "", &[]),
        organ("green", "绿化局", "", &[]),
    ]);
    for query in ["chongqingyinhang", "zhongqingyinxing", "Chong Qing Yin Hang", "ｃｈｏｎｇｑｉｎｇ"]
    {
        assert_eq!(told(&directory.find(query, None, 1)), [("bank", How::Pinyin)], "{query}");
    }
    assert_eq!(told(&directory.find("cqyh", None, 1)), [("bank", How::Initials)]);
    assert_eq!(told(&directory.find("zqyx", None, 1)), [("bank", How::Initials)]);
    assert_eq!(codes(&directory.find("xianjinsuo", None, 5)), ["first", "xian"]);
    assert_eq!(told(&directory.find("lvhuaju", None, 5)), [("green", How::Pinyin)]);
    assert_eq!(told(&directory.find("lvhuaj", None, 5)), [("green", How::Pinyin)], "the last is unfinished");
    assert_eq!(told(&directory.find("崇庆银航", None, 5)), [("bank", How::Pinyin)], "as it is heard");
    assert_eq!(told(&directory.find("重庆yinhang", None, 5)), [("bank", How::Pinyin)], "in part");
    assert_eq!(told(&directory.find("重庆yh", None, 5)), [("bank", How::Initials)], "in part");
}

#[test]
fn a_character_or_two_may_be_wrong_anywhere() {
    let directory = Directory::new([
        organ("sh", "上海市宝山区罗店镇人民政府", "罗店镇", &[]),
        organ("sh.luodian", "宝山区大场镇社区事务受理服务中心", "", &[]),
    ]);
    let found = |query: &str| told(&directory.find(query, None, 5));
    for query in
        ["罗占镇", "各店镇", "罗店铁", "上海宝山罗店镇人民政府", "宝山区罗占镇人民政府", "宝山区罗店镇府"]
    {
        assert_eq!(found(query), [("sh", How::Fuzzy)], "{query}");
    }
    for query in ["sh.luodain", "sh.luodin", "sh-luodian"] {
        assert_eq!(found(query), [("sh.luodian", How::Fuzzy)], "{query}");
    }
    for query in ["罗电所", "某某某某某某某", "abcdefgh", "。。", "", "  "] {
        assert!(found(query).is_empty(), "{query}");
    }
}

#[test]
fn a_closed_organ_is_found_after_the_others_that_fit_as_well() {
    let mut closed = organ("a", "办公室", "", &[]);
    closed.successor = "b".into();
    let mut longer = organ("c", "罗店办公室", "", &[]);
    longer.successor = "b".into();
    let directory =
        Directory::new([closed, organ("b", "办公室", "", &[]), longer, organ("d", "大场镇办公室", "", &[])]);
    assert_eq!(codes(&directory.find("办公室", None, 5)), ["b", "a", "d", "c"]);
}

#[test]
fn only_organs_at_and_below_one_are_told_where_it_is_named() {
    let directory = sample::baoshan();
    let hits = directory.find("社区事务受理", Some("baoshan.luodian"), 50);
    assert_eq!(codes(&hits), ["baoshan.luodian.services"]);
    assert_eq!(codes(&directory.find("罗店镇", Some("baoshan.luodian"), 1)), ["baoshan.luodian"]);
    assert!(directory.find("罗店镇", Some("baoshan.dachang"), 50).iter().all(|hit| hit.how >= How::Pinyin));
    assert!(directory.find("罗店镇", Some("nowhere"), 50).is_empty());
}

#[test]
fn a_query_of_any_length_ends() {
    let directory = sample::baoshan();
    for query in ["ma", "店", "罗a", "baoshan."] {
        assert!(directory.find(&query.repeat(200_000), None, 50).is_empty(), "{query}");
        directory.find(&query.repeat(25), None, 50);
        directory.nearest(&query.repeat(200_000));
    }
}

#[test]
fn every_reading_of_a_character_is_found() {
    let directory = sample::baoshan();
    let luodian = directory.get("baoshan.luodian").unwrap();
    for (at, c) in luodian.short_name.chars().enumerate() {
        for reading in c.to_pinyin_multi().unwrap() {
            let mut query: Vec<String> = luodian.short_name.chars().map(String::from).collect();
            query[at] = reading.plain().to_owned();
            let query = query.concat();
            let hits = directory.find(&query, None, 5);
            assert!(codes(&hits).contains(&"baoshan.luodian"), "{query}: {:?}", told(&hits));
        }
    }
}

/// A few organs with short names of few characters, so that they are alike.
fn organs() -> impl Strategy<Value = Vec<Organ>> {
    let names = proptest::collection::vec("[罗店镇区行局A1 ()]{0,6}", 3);
    let one = ("[ab]{1,3}(\\.[ab]{1,3}){0,2}", names, any::<bool>()).prop_map(|(code, names, closed)| {
        let [name, short, alias] = names.try_into().unwrap();
        let mut organ = organ(&code, &name, &short, &[&alias]);
        organ.successor = if closed { "a".into() } else { String::new() };
        organ
    });
    proptest::collection::vec(one, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_text_is_answered(organs in organs(), query in ".{0,120}", limit in 0..60_usize) {
        let directory = Directory::new(organs);
        prop_assert!(directory.find(&query, None, limit).len() <= limit);
        prop_assert!(directory.find(&query, Some("a"), limit).len() <= limit);
        directory.nearest(&query);
    }

    #[test]
    fn hits_come_best_first_and_each_organ_once(organs in organs(), query in "[罗店镇区行局a-z1 .]{0,8}") {
        let directory = Directory::new(organs);
        let hits = directory.find(&query, None, 50);
        prop_assert!(hits.is_sorted_by_key(|hit| hit.how));
        let mut once = codes(&hits);
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), hits.len());
        for limit in 0..hits.len() {
            prop_assert_eq!(&directory.find(&query, None, limit), &hits[..limit], "fewer are the first of more");
        }
    }

    #[test]
    fn a_name_that_fits_is_found_as_well_as_it_fits(organs in organs(), query in "[罗店镇区行局A1]{1,4}") {
        let directory = Directory::new(organs);
        let hits = directory.find(&query, None, 50);
        let query: String = spelling::letters(&query).collect();
        for organ in directory.iter() {
            let names = [&organ.name, &organ.short_name].into_iter().chain(&organ.aliases);
            let fits = |(name, exactly): (&String, How)| {
                let name: String = spelling::letters(name).collect();
                if name == query { Some(exactly) }
                else if name.starts_with(&query) { Some(How::Prefix) }
                else if name.contains(&query) { Some(How::Partial) }
                else if query.chars().count() >= 3 && strsim::levenshtein(&name, &query) <= 1 { Some(How::Fuzzy) }
                else { None }
            };
            let best = names.zip([How::Name, How::ShortName, How::Alias]).filter_map(fits).min();
            let how = hits.iter().find(|hit| hit.organ.code == organ.code).map(|hit| hit.how);
            match best {
                Some(How::Fuzzy) => {
                    let named = hits.first().is_some_and(|hit| hit.how <= How::Alias);
                    prop_assert!(how.is_some() || named, "{} for {:?}", query, organ);
                }
                Some(best) => prop_assert!(how.is_some_and(|how| how <= best), "{:?} for {:?}", how, organ),
                None => prop_assert!(how.is_none_or(|how| how == How::Code || how >= How::Prefix)),
            }
        }
    }

    #[test]
    fn the_index_is_the_same_whatever_the_order(organs in organs(), query in "[罗店镇区行局a-z1]{1,5}") {
        let mut last = std::collections::BTreeMap::new();
        last.extend(organs.iter().map(|organ| (organ.code.clone(), organ.clone())));
        let [forth, back] = [
            Directory::new(last.values().cloned()),
            Directory::new(last.values().rev().cloned()),
        ];
        prop_assert_eq!(forth.find(&query, None, 50), back.find(&query, None, 50));
    }
}
