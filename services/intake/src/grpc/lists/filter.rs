//! From the filter on the wire to what cases have in common: everything that is wrong, at once.

use directory::Directory;
use duban_proto::common::v1::{CaseState, Source, Urgency};
use duban_proto::intake::v1::CaseFilter;
use jiff::Timestamp;
use seal::normalize;
use server::{Error, Violations};

use crate::domain::{Facet, Filter, PUBLIC_OPINION, source_code, urgency_code};
use crate::grpc::complaint::unknown_organ;

/// The most codes of one kind.
const MOST_CODES: usize = 50;
/// The longest code, number or search text, in characters.
const LONGEST: usize = 100;
/// The shortest word that is searched for, in characters.
const SHORTEST_WORD: usize = 2;

/// Checks what is asked for.
pub(super) fn filter(states: &[i32], filter: &CaseFilter, directory: &Directory) -> Result<Filter, Error> {
    let CaseFilter {
        channels,
        sources,
        grounds,
        respondent,
        respondent_below,
        received_from,
        received_before,
        number,
        text,
        urgencies,
        public_opinion,
    } = filter;
    let mut check = Violations::default();
    let states = enums::<CaseState>(&mut check, "states", states);
    codes(&mut check, "filter.channels", channels);
    let sources = enums::<Source>(&mut check, "filter.sources", sources);
    codes(&mut check, "filter.grounds", grounds);
    let urgencies = enums::<Urgency>(&mut check, "filter.urgencies", urgencies);
    let urgencies = urgencies.into_iter().map(|urgency| urgency_code(urgency).to_owned()).collect();
    let watched = public_opinion.then(|| PUBLIC_OPINION.to_owned()).into_iter().collect();
    if !respondent.is_empty() && directory.get(respondent).is_none() {
        unknown_organ(&mut check, "filter.respondent", respondent, directory);
    }
    let from = check.optional_timestamp("filter.received_from", received_from.as_ref()).flatten();
    let before = check.optional_timestamp("filter.received_before", received_before.as_ref()).flatten();
    if let (Some(from), Some(before)) = (from, before)
        && from >= before
    {
        check.add("filter.received_before", "应晚于起始时间", "must be after received_from");
    }
    check.text("filter.number", number, LONGEST);
    let words = words(&mut check, text);
    check.finish()?;
    let sources = sources.into_iter().map(|source| source_code(source).to_owned()).collect();
    let respondents = match (respondent.as_str(), respondent_below) {
        ("", _) => Vec::new(),
        (_, true) => directory.tree().subtree(respondent),
        (_, false) => vec![respondent.clone()],
    };
    let facets = [
        (Facet::Channel, distinct(channels.clone())),
        (Facet::Source, distinct(sources)),
        (Facet::Ground, distinct(grounds.clone())),
        (Facet::Respondent, distinct(respondents)),
        (Facet::Urgency, distinct(urgencies)),
        (Facet::PublicOpinion, watched),
    ];
    Ok(Filter {
        states: distinct(states),
        facets: facets.into_iter().filter(|(_, values)| !values.is_empty()).collect(),
        number: number.clone(),
        from: from.and_then(whole_microseconds),
        before: before.and_then(whole_microseconds),
        words,
    })
}

fn enums<E: TryFrom<i32>>(check: &mut Violations, field: &str, numbers: &[i32]) -> Vec<E> {
    let numbers = numbers.iter().enumerate();
    numbers
        .filter_map(|(index, number)| check.required_enum::<E>(format!("{field}[{index}]"), *number))
        .collect()
}

/// Codes that no regulation in force has are looked for all the same: older cases may have them.
fn codes(check: &mut Violations, field: &str, codes: &[String]) {
    if check.max_items(field, codes.len(), MOST_CODES) {
        for (index, code) in codes.iter().enumerate() {
            check.required_text(format!("{field}[{index}]"), code, LONGEST);
        }
    }
}

/// The words of a search, in the one spelling in which they are searched for.
fn words(check: &mut Violations, text: &str) -> Vec<String> {
    if text.is_empty() || !check.text("filter.text", text, LONGEST) {
        return Vec::new();
    }
    let words: Vec<String> = text.split_whitespace().map(normalize::text).collect();
    if words.is_empty() || words.iter().any(|word| word.chars().count() < SHORTEST_WORD) {
        check.add(
            "filter.text",
            "每个检索词至少两个字(标点不计)",
            "each word needs two characters or more, punctuation not counted",
        );
    }
    distinct(words)
}

/// Each once: twice in a request is once in a list.
fn distinct<T: Ord>(mut values: Vec<T>) -> Vec<T> {
    values.sort_unstable();
    values.dedup();
    values
}

/// A moment as the tables have it.
fn whole_microseconds(moment: Timestamp) -> Option<Timestamp> {
    Timestamp::from_microsecond(moment.as_microsecond()).ok()
}
