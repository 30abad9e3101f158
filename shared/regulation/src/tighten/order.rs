//! Which way a key of a clause is tighter, and where a clause may be added.

use std::cmp::Ordering;

use toml::de::{DeTable, DeValue};

use crate::limit::{compare, earlier, parse_offset};
use crate::retention::Period;
use crate::tree::show;

/// How two values of a key compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// A length of time that is shorter.
    Shorter,
    /// A length of time that is longer.
    Longer,
    /// A greater number.
    More,
    /// A smaller number.
    Fewer,
    /// `true`.
    True,
    /// Fewer of the same codes, and at least one.
    Subset,
    /// The same codes, and more.
    Superset,
    /// An earlier place on the ladder.
    Earlier,
    /// Kept for longer.
    Kept,
    /// Further on in a list of codes.
    Ranked(&'static [&'static str]),
    /// Other words with the same places.
    Places,
    /// There, where it was not.
    There,
}

/// What the policy says of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// An organ's duty: tighter is allowed, also of a binding clause.
    Duty(Order),
    /// The complainant's burden or due: better for the complainant is allowed, and nothing else, also of a free clause.
    Complainant(Order),
    /// A demand on the complainant that cannot be compared: as the parent has it, also in a free clause.
    Fixed,
    /// A hint that decides nothing.
    Hint,
}

const TREATMENTS: &[&str] = &["decline", "lead", "without_reply"];

/// The policy: section, key, rule. A key that is not here is never changed in a binding clause.
const POLICY: &[(&str, &str, Rule)] = &[
    ("admission.anonymous", "treatment", Rule::Complainant(Order::Ranked(TREATMENTS))),
    ("admission.anonymous", "when", Rule::Fixed),
    ("admission.refusal", "answer_within", Rule::Duty(Order::Shorter)),
    ("admission.refusal", "kind", Rule::Fixed),
    ("admission.refusal", "when", Rule::Fixed),
    ("admission.refusal", "zh", Rule::Duty(Order::Places)),
    ("admission.refusal", "en", Rule::Duty(Order::Places)),
    ("admission.require", "at", Rule::Complainant(Order::Ranked(&["submission", "acceptance"]))),
    ("admission.require", "test", Rule::Fixed),
    ("admission.require", "when", Rule::Fixed),
    ("admission.unanswered", "late", Rule::Complainant(Order::Ranked(&["keep", "reopen"]))),
    ("admission.unanswered", "treatment", Rule::Complainant(Order::Ranked(TREATMENTS))),
    ("confidentiality.check", "attempts", Rule::Duty(Order::Fewer)),
    ("confidentiality.check", "despite_findings", Rule::Duty(Order::Ranked(&["with_reasons", "never"]))),
    ("confidentiality.grant", "approvers", Rule::Duty(Order::Subset)),
    ("confidentiality.original", "approvers", Rule::Duty(Order::Subset)),
    ("confidentiality.publication", "approvers", Rule::Duty(Order::Subset)),
    ("confidentiality.summary", "approvers", Rule::Duty(Order::Subset)),
    ("ground", "words", Rule::Hint),
    ("instrument", "answer_within", Rule::Duty(Order::Shorter)),
    ("instrument", "checked", Rule::Duty(Order::True)),
    ("instrument", "remind_before", Rule::Duty(Order::Longer)),
    ("instrument", "signed_by", Rule::Duty(Order::Subset)),
    ("investigation", "least_investigators", Rule::Duty(Order::More)),
    ("investigation.approval", "approvers", Rule::Duty(Order::Subset)),
    ("investigation.approval", "not_investigator", Rule::Duty(Order::True)),
    ("investigation.evidence", "least", Rule::Duty(Order::More)),
    ("investigation.record", "least", Rule::Duty(Order::More)),
    ("investigation.record", "parts", Rule::Duty(Order::Superset)),
    ("investigation.recusal", "of", Rule::Duty(Order::Superset)),
    ("investigation.recusal", "replacement_needs_reason", Rule::Duty(Order::True)),
    ("limit", "length", Rule::Duty(Order::Shorter)),
    ("limit.extension", "approvers", Rule::Duty(Order::Subset)),
    ("limit.extension", "most", Rule::Duty(Order::Shorter)),
    ("limit.extension", "needs_reason", Rule::Duty(Order::True)),
    ("limit.rung", "at", Rule::Duty(Order::Earlier)),
    ("limit.rung", "colour", Rule::Duty(Order::Ranked(&["green", "yellow", "red"]))),
    ("limit.rung", "issues", Rule::Duty(Order::There)),
    ("limit.rung", "reply_within", Rule::Duty(Order::Shorter)),
    ("limit.rung", "tells", Rule::Duty(Order::Superset)),
    ("reopening", "other_investigators", Rule::Duty(Order::True)),
    ("reply", "zh", Rule::Duty(Order::Places)),
    ("reply", "en", Rule::Duty(Order::Places)),
    ("retention", "keep", Rule::Duty(Order::Kept)),
    ("rounds", "most", Rule::Complainant(Order::More)),
    ("transfers", "approvers", Rule::Duty(Order::Subset)),
    ("transfers", "free_returns", Rule::Duty(Order::Fewer)),
    ("transfers", "most_returns", Rule::Duty(Order::Fewer)),
];

/// Sections to which elements may be added: what organs owe besides, and ways to complain.
const ADDITIONS: &[&str] = &[
    "archive.document",
    "channel",
    "source",
    "ground",
    "admission.refer_target",
    "limit",
    "limit.rung",
    "investigation.evidence.kind",
    "investigation.outcome",
    "form",
    "instrument",
    "numbering",
    "reply",
    "statistic",
    "unit",
];

/// Sections to which nothing may be added whatever they rest on: they would ask more of the complainant, or accept less.
const CLOSED: &[&str] = &["admission.require", "admission.refusal", "exclusion"];

/// Sections out of which nothing is taken whatever it rests on: ways to complain, and what complainants are told.
const KEPT: &[&str] = &["channel", "ground", "reply"];

/// Stages in which the complainant has to do something: a longer limit is better for the complainant.
const COMPLAINANT_STAGES: &[&str] = &["supplement"];

/// What the policy says of a key of a clause.
pub(crate) fn rule(section: &str, key: &str, clause: &DeTable<'_>) -> Option<Rule> {
    rule_at(section, key, clause.get("stage").and_then(|stage| stage.get_ref().as_str()))
}

/// The same, by the stage of a limit.
pub(crate) fn rule_at(section: &str, key: &str, stage: Option<&str>) -> Option<Rule> {
    if section == "limit" && key == "length" && stage.is_some_and(|stage| COMPLAINANT_STAGES.contains(&stage))
    {
        return Some(Rule::Complainant(Order::Longer));
    }
    POLICY.iter().find(|(s, k, _)| *s == section && *k == key).map(|(_, _, rule)| *rule)
}

/// Whether a limit is one in which the complainant has to do something.
pub(crate) fn is_complainants(limit: &DeTable<'_>) -> bool {
    limit.get("stage").and_then(|v| v.get_ref().as_str()).is_some_and(|s| COMPLAINANT_STAGES.contains(&s))
}

/// Whether something may be added to a section; `free` where the clause around it is.
pub(crate) fn may_add(section: &str, free: bool) -> bool {
    !CLOSED.contains(&section) && (free || ADDITIONS.contains(&section))
}

/// Whether an element of a section is the complainant's, so that it is never taken out.
pub(crate) fn is_kept(section: &str, element: &DeTable<'_>) -> bool {
    KEPT.contains(&section) || section == "limit" && is_complainants(element)
}

/// Whether nothing is ever added to a section.
pub(crate) fn is_closed(section: &str) -> bool {
    CLOSED.contains(&section)
}

impl Order {
    /// Whether `new` is as `old` or beyond it in this direction; absent values are none.
    pub(crate) fn allows(self, old: Option<&DeValue<'_>>, new: Option<&DeValue<'_>>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => show(old) == show(new) || self.beyond(old, new),
            // Nothing was asked for, and now something is.
            (None, Some(new)) => self != Self::True || new.as_bool() == Some(true),
            (Some(_), None) => false,
            (None, None) => true,
        }
    }

    fn beyond(self, old: &DeValue<'_>, new: &DeValue<'_>) -> bool {
        let lengths = || Some(compare(new.as_str()?.parse().ok()?, old.as_str()?.parse().ok()?)).flatten();
        let numbers = || Some(number(new)?.cmp(&number(old)?));
        match self {
            Self::Shorter => lengths() == Some(Ordering::Less),
            Self::Longer => lengths() == Some(Ordering::Greater),
            Self::More => numbers() == Some(Ordering::Greater),
            Self::Fewer => numbers() == Some(Ordering::Less),
            Self::True => new.as_bool() == Some(true),
            Self::Subset => codes(new).iter().all(|code| codes(old).contains(code)) && !codes(new).is_empty(),
            Self::Superset => codes(old).iter().all(|code| codes(new).contains(code)),
            Self::Earlier => {
                let offset = |value: &DeValue<'_>| value.as_str().and_then(parse_offset);
                offset(new).zip(offset(old)).is_some_and(|(new, old)| earlier(new, old))
            }
            Self::Kept => {
                let period =
                    |value: &DeValue<'_>| value.as_str().and_then(|text| text.parse::<Period>().ok());
                period(new).zip(period(old)).is_some_and(|(new, old)| new > old)
            }
            Self::Ranked(codes) => {
                let rank = |value: &DeValue<'_>| codes.iter().position(|code| value.as_str() == Some(code));
                rank(new).zip(rank(old)).is_some_and(|(new, old)| new > old)
            }
            Self::Places => places(&show(old)) == places(&show(new)),
            Self::There => false,
        }
    }

    /// What would be allowed instead of a value, in words.
    pub(crate) fn expected(self, old: &str) -> String {
        match self {
            Self::Shorter => format!("{old} or shorter, in the same unit"),
            Self::Longer => format!("{old} or longer, in the same unit"),
            Self::More => format!("{old} or more"),
            Self::Fewer => format!("{old} or fewer"),
            Self::True => "true".to_owned(),
            Self::Subset => format!("{old} or some of these"),
            Self::Superset => format!("all of {old}"),
            Self::Earlier => format!("`{old}` or earlier"),
            Self::Kept => format!("{old} or longer"),
            Self::Ranked(codes) => {
                let from = codes.iter().position(|code| *code == old).unwrap_or_default();
                format!("one of {}", codes.get(from..).unwrap_or_default().join(", "))
            }
            Self::Places => format!("a text with all the places of `{old}`"),
            Self::There => format!("`{old}`"),
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<i64> {
    let integer = value.as_integer()?;
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn codes(value: &DeValue<'_>) -> Vec<String> {
    value.as_array().map(|array| array.iter().map(|code| show(code.get_ref())).collect()).unwrap_or_default()
}

/// The names of the places of a text, each once.
fn places(text: &str) -> Vec<&str> {
    let mut names: Vec<_> =
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
    names.sort_unstable();
    names.dedup();
    names
}
