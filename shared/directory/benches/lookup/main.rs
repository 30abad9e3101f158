//! How fast organs are found: `cargo bench -p directory [-- ENTRIES]`, 100,000 where nothing is said.
//!
//! Prints the time and memory of the index, then the look-ups of each kind: queries made of the names of organs picked
//! at random (always the same), and queries made to be dear.

mod organs;

use std::hint::black_box;
use std::time::{Duration, Instant};

use directory::{Directory, How};
use duban_proto::common::v1::Organ;
use pinyin::ToPinyin as _;

use organs::{Dice, organs};

/// Queries of each kind.
const QUERIES: usize = 1000;
/// Hits asked for.
const HITS: usize = 20;

/// One kind of query: its name, how the organ it is made of is found, and how it is made.
type Kind = (&'static str, Option<How>, fn(&Organ, &mut Dice) -> String);

const KINDS: [Kind; 13] = [
    ("code", Some(How::Code), |organ, _| organ.code.clone()),
    ("full name", Some(How::Name), |organ, _| organ.name.clone()),
    ("short name", Some(How::ShortName), |organ, _| organ.short_name.clone()),
    ("alias", Some(How::Alias), |organ, _| organ.aliases.first().cloned().unwrap_or_default()),
    ("beginning", None, |organ, _| organ.name.chars().take(8).collect()),
    ("part", None, |organ, _| organ.name.chars().skip(6).take(6).collect()),
    ("pinyin", None, |organ, _| sounds(&organ.short_name, 9)),
    ("what sounds the same", None, |organ, _| {
        organ
            .short_name
            .replace('区', "曲")
            .replace('镇', "阵")
            .replace('所', "锁")
            .replace("中心", "忠信")
            .replace('办', "半")
    }),
    ("initials", None, |organ, _| sounds(&organ.short_name, 1)),
    ("a wrong character", None, |organ, dice| wrong(&organ.short_name, 1, dice)),
    ("two wrong characters", None, |organ, dice| wrong(&organ.name, 2, dice)),
    ("a wrong code", None, |organ, dice| wrong(&organ.code, 1, dice)),
    ("what nobody is called", None, |_, dice| (0..6).map(|_| dice.character()).collect()),
];

/// The commonest characters and letters: many names are compared.
const DEAR: [&str; 8] = [
    "中",
    "中心",
    "s",
    "sq",
    "上海市区心镇中",
    "中心镇市海上务事",
    "shishishishishishishi",
    "zxzxzxsqsqsqzxzxzx",
];

fn sounds(name: &str, letters: usize) -> String {
    let plain = name.chars().filter_map(|c| c.to_pinyin().map(pinyin::Pinyin::plain));
    plain.flat_map(|syllable| syllable.chars().take(letters)).collect()
}

fn wrong(text: &str, count: usize, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for _ in 0..count {
        let at = dice.below(letters.len());
        if let Some(letter) = letters.get_mut(at) {
            *letter = if text.is_ascii() { 'x' } else { '误' };
        }
    }
    letters.into_iter().collect()
}

fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}

/// Prints one row: the name, then the times.
fn row(name: &str, mut times: Vec<Duration>, note: &str) {
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len() - 1)).copied();
    let [median, high, most] = [50, 99, 100].map(|share| millis(at(share).unwrap_or_default()));
    println!("{name:<24} {median:>9.3} {high:>9.3} {most:>9.3}   {note}");
}

fn main() {
    let entries = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(100_000);
    let mut dice = Dice::new();
    let made = organs(entries, &mut dice);
    let names: usize = made.iter().map(|organ| 2 + organ.aliases.len()).sum();
    let before = resident_mib();
    let directory = Directory::new(made);
    let whole = resident_mib();
    let began = Instant::now();
    black_box(directory.find("0", None, 1));
    let built = began.elapsed();
    let index = resident_mib() - whole;
    println!(
        "{entries} organs, {names} names; {whole:.0} MiB resident before the index, {before:.0} before the tree"
    );
    println!("index: {:.0} ms, {index:.0} MiB\n", millis(built));
    println!("{:<24} {:>9} {:>9} {:>9}   ms; found", "look-up by", "p50", "p99", "most");
    let all: Vec<&Organ> = directory.iter().collect();
    for (name, how, query) in KINDS {
        let (mut times, mut first, mut among) = (Vec::new(), 0, 0);
        for _ in 0..QUERIES {
            let Some(organ) = all.get(dice.below(all.len())) else { continue };
            let query = query(organ, &mut dice);
            let began = Instant::now();
            let hits = black_box(directory.find(&query, None, HITS));
            times.push(began.elapsed());
            let is = |hit: &directory::Hit<'_>| hit.organ.code == organ.code;
            first +=
                usize::from(hits.first().is_some_and(|hit| is(hit) && how.is_none_or(|how| hit.how == how)));
            among += usize::from(hits.iter().any(is));
        }
        row(name, times, &format!("{first} first, {among} among {HITS} of {QUERIES}"));
    }
    let district = all.iter().find(|organ| organ.parent == "sh").map_or("sh", |organ| organ.code.as_str());
    for query in DEAR {
        for below in [None, Some(district)] {
            let mut times = Vec::new();
            for _ in 0..20 {
                let began = Instant::now();
                black_box(directory.find(query, below, HITS));
                times.push(began.elapsed());
            }
            row(query, times, below.unwrap_or_default());
        }
    }
}
