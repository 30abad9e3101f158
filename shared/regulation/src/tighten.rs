//! What a regulation may change of one that it extends (article 25 of the Baoshan measures: 参照本办法,结合实际).
//!
//! A clause is `binding` (by default one with an article) or `free` (by default one of the house). A free clause may be
//! changed; a binding one may only be made tighter, in the direction that [`order`] has for its key. What asks something of
//! the complainant never asks for more, whatever it rests on. Anything else loosens, and is refused with the parent's article
//! and place.

mod order;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::clause::Language;
use crate::read::Sink;
use crate::tree::{below, is_nested, is_set, listed, show};
use order::{Order, Rule, is_closed, is_complainants, is_kept, may_add, rule, rule_at};

/// Which way a clause went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// More is asked of the organs.
    Tighter,
    /// Less is asked of them.
    Looser,
    /// It is better for the complainant.
    Better,
    /// It is worse for the complainant.
    Worse,
}

impl Way {
    /// In words.
    pub const fn say(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Tighter, Language::Zh) => "更严",
            (Self::Tighter, Language::En) => "tighter",
            (Self::Looser, Language::Zh) => "放宽",
            (Self::Looser, Language::En) => "looser",
            (Self::Better, Language::Zh) => "对投诉人更有利",
            (Self::Better, Language::En) => "better for the complainant",
            (Self::Worse, Language::Zh) => "对投诉人不利",
            (Self::Worse, Language::En) => "worse for the complainant",
        }
    }
}

/// Which way a key of a clause went from one value, as a file has it, to another; none where they cannot be compared. The stage is
/// that of a limit.
pub(crate) fn way(section: &str, key: &str, stage: Option<&str>, from: &str, to: &str) -> Option<Way> {
    let (from, to) = (DeValue::parse(from).ok()?, DeValue::parse(to).ok()?);
    let (from, to) = (from.get_ref(), to.get_ref());
    let (order, on, back) = match rule_at(section, key, stage)? {
        Rule::Duty(order) => (order, Way::Tighter, Way::Looser),
        Rule::Complainant(order) => (order, Way::Better, Way::Worse),
        Rule::Fixed | Rule::Hint => return None,
    };
    match (order.allows(Some(from), Some(to)), order.allows(Some(to), Some(from))) {
        (true, false) => Some(on),
        (false, true) => Some(back),
        _ => None,
    }
}

/// Sections that are each file's own.
const OWN: [&str; 4] = ["format", "regulation", "settings", "example"];
/// What says what a clause rests on.
const MARKS: [&str; 4] = ["article", "house", "binding", "free"];
const WORDS: [&str; 2] = ["zh", "en"];

/// Refuses everything in which `child` is looser than the ancestor it was laid over. `code` is the ancestor's.
pub(crate) fn compare(ancestor: &DeTable<'_>, child: &DeTable<'_>, code: &str, sink: &Sink<'_>) {
    let own = |key: &str| OWN.contains(&key);
    let compared = Comparison { code, sink };
    // A section that belongs to no clause is the text's: binding.
    let root = Bond { free: false, article: None };
    for (key, value) in ancestor.iter().filter(|(key, _)| !own(key.get_ref())) {
        compared.key(key.get_ref(), value, child.get(key.get_ref().as_ref()), ancestor, "", "", &root);
    }
    let added = |key: &str| !own(key) && !ancestor.contains_key(key);
    for (key, value) in child.iter().filter(|(key, _)| added(key.get_ref())) {
        compared.added(key.get_ref(), value, "", "", &root);
    }
}

/// What a clause rests on, for those that it holds.
#[derive(Clone)]
struct Bond {
    free: bool,
    article: Option<String>,
}

struct Comparison<'c> {
    code: &'c str,
    sink: &'c Sink<'c>,
}

impl Comparison<'_> {
    /// The bond of a clause; that around it, where the table is none.
    fn bond(table: &DeTable<'_>, around: &Bond) -> Bond {
        let article = table.get("article").map(|article| show(article.get_ref()));
        let free = match (is_set(table, "binding"), is_set(table, "free")) {
            (true, _) => false,
            (_, true) => true,
            _ if article.is_some() => false,
            _ if is_set(table, "house") => true,
            _ => return around.clone(),
        };
        Bond { free, article }
    }

    /// One key of an ancestor's table.
    #[allow(clippy::too_many_arguments)] // a key, its two values, and where they stand
    fn key(
        &self,
        key: &str,
        old: &Spanned<DeValue<'_>>,
        new: Option<&Spanned<DeValue<'_>>>,
        clause: &DeTable<'_>,
        section: &str,
        place: &str,
        bond: &Bond,
    ) {
        let (section_below, place_below) = (below(section, key), below(place, key));
        let Some(new) = new else {
            self.left_out(key, old, clause, section, &place_below, bond);
            return;
        };
        match (old.get_ref(), new.get_ref()) {
            (DeValue::Table(a), DeValue::Table(b)) if is_nested(old.get_ref()) => {
                self.table(a, b, &section_below, &place_below, bond);
            }
            (a, b) => match (listed(a), listed(b)) {
                (Some(a), Some(b)) => self.list(&a, &b, new.span().start, &section_below, &place_below, bond),
                _ => self.value(key, old, new, clause, section, &place_below, bond),
            },
        }
    }

    fn table(&self, old: &DeTable<'_>, new: &DeTable<'_>, section: &str, place: &str, around: &Bond) {
        let bond = Self::bond(old, around);
        for (key, value) in old {
            let key = key.get_ref().as_ref();
            if bond.free && MARKS.contains(&key) {
                continue;
            }
            if WORDS.contains(&key) && Self::words_may_change(old, new, section) {
                continue;
            }
            self.key(key, value, new.get(key), old, section, place, &bond);
        }
        for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            if is_nested(value.get_ref()) {
                self.added(name, value, section, place, &bond);
            } else if MARKS.contains(&name) {
                if !bond.free {
                    let at = key.span().start;
                    self.refuse(
                        at,
                        &below(place, name),
                        "a binding clause stays one",
                        &bond,
                        value,
                        "without it",
                    );
                }
            } else if !Self::sets(section, name, value.get_ref(), new, &bond) {
                let at = key.span().start;
                self.refuse(
                    at,
                    &below(place, name),
                    &format!("`{name}` is added to"),
                    &bond,
                    value,
                    "without it",
                );
            }
        }
    }

    /// Whether a key may be set that the ancestor's clause does not have.
    fn sets(section: &str, key: &str, new: &DeValue<'_>, clause: &DeTable<'_>, bond: &Bond) -> bool {
        match rule(section, key, clause) {
            Some(Rule::Fixed) => false,
            Some(Rule::Hint) => true,
            // Nothing said means the better for the complainant.
            Some(Rule::Complainant(order)) => matches!(order, Order::More) && bond.free,
            Some(Rule::Duty(order)) => bond.free || order.allows(None, Some(new)),
            None => bond.free,
        }
    }

    /// Words change where a number in them does.
    fn words_may_change(old: &DeTable<'_>, new: &DeTable<'_>, section: &str) -> bool {
        old.iter().any(|(key, value)| {
            let key = key.get_ref().as_ref();
            let changed = new.get(key).is_some_and(|new| show(new.get_ref()) != show(value.get_ref()));
            let ordered = !WORDS.contains(&key) && rule(section, key, old).is_some();
            changed && ordered
        })
    }

    #[allow(clippy::too_many_arguments)] // as above
    fn value(
        &self,
        key: &str,
        old: &Spanned<DeValue<'_>>,
        new: &Spanned<DeValue<'_>>,
        clause: &DeTable<'_>,
        section: &str,
        place: &str,
        bond: &Bond,
    ) {
        let (was, is) = (show(old.get_ref()), show(new.get_ref()));
        if was == is {
            return;
        }
        let (order, governs) = match rule(section, key, clause) {
            Some(Rule::Hint) => return,
            Some(Rule::Fixed) => (None, true),
            Some(Rule::Complainant(order)) => (Some(order), true),
            Some(Rule::Duty(order)) => (Some(order), !bond.free),
            None => (None, !bond.free),
        };
        if !governs || order.is_some_and(|order| order.allows(Some(old.get_ref()), Some(new.get_ref()))) {
            return;
        }
        let expected = order.map_or_else(|| format!("`{was}`"), |order| order.expected(&was));
        self.refuse(new.span().start, place, &format!("`{is}` loosens"), bond, old, &expected);
    }

    fn list(
        &self,
        old: &[(String, &Spanned<DeValue<'_>>)],
        new: &[(String, &Spanned<DeValue<'_>>)],
        at: usize,
        section: &str,
        place: &str,
        bond: &Bond,
    ) {
        for (id, value) in old {
            let Some(table) = value.get_ref().as_table() else { continue };
            let place = format!("{place}[{id}]");
            let own = Self::bond(table, bond);
            match new.iter().find(|(other, _)| other == id) {
                Some((_, now)) => {
                    let Some(now_table) = now.get_ref().as_table() else { continue };
                    self.table(table, now_table, section, &place, bond);
                }
                None if own.free && is_kept(section, table) => {
                    let message = format!("the complainant loses what `{}` has", self.code);
                    self.sink.push(at, &place, message, Some("the clause".to_owned()));
                }
                // Fewer demands on the complainant are no loss to anybody, where the house made them.
                None if own.free => {}
                None => {
                    self.refuse(at, &place, "it leaves out", &own, value, "the clause");
                }
            }
        }
        for (id, value) in new.iter().filter(|(id, _)| !old.iter().any(|(other, _)| other == id)) {
            let place = format!("{place}[{id}]");
            let Some(table) = value.get_ref().as_table() else { continue };
            if !may_add(section, false) && (is_closed(section) || !bond.free) {
                self.refuse_addition(value, section, &place);
            } else if section == "limit" {
                self.added_limit(table, value, old, &place, bond);
            }
        }
    }

    /// A limit besides those of the ancestor: it may not undo one that binds, nor be the complainant's.
    fn added_limit(
        &self,
        limit: &DeTable<'_>,
        value: &Spanned<DeValue<'_>>,
        old: &[(String, &Spanned<DeValue<'_>>)],
        place: &str,
        around: &Bond,
    ) {
        if is_complainants(limit) {
            self.refuse_addition(value, "limit", place);
            return;
        }
        let stage = |table: &DeTable<'_>| table.get("stage").map(|stage| show(stage.get_ref()));
        for (_, other) in old {
            let Some(table) = other.get_ref().as_table() else { continue };
            let bond = Self::bond(table, around);
            if bond.free || stage(table) != stage(limit) {
                continue;
            }
            let (was, is) =
                (table.get("length").map(Spanned::get_ref), limit.get("length").map(Spanned::get_ref));
            if !Order::Shorter.allows(was, is) || limit.contains_key("extension") {
                let was = was.map(show).unwrap_or_default();
                let expected = format!("{}, and no extension of its own", Order::Shorter.expected(&was));
                self.refuse(
                    value.span().start,
                    place,
                    "another limit of the stage loosens",
                    &bond,
                    other,
                    &expected,
                );
            }
        }
    }

    /// A section or table that the ancestor does not have.
    fn added(&self, key: &str, value: &Spanned<DeValue<'_>>, section: &str, place: &str, bond: &Bond) {
        let (section, place) = (below(section, key), below(place, key));
        if may_add(&section, bond.free) {
            return;
        }
        self.refuse_addition(value, &section, &place);
    }

    fn refuse_addition(&self, value: &Spanned<DeValue<'_>>, section: &str, place: &str) {
        let message = if is_closed(section) || section == "limit" {
            format!("more is asked of the complainant than by `{}`", self.code)
        } else {
            format!("what is added cannot be compared with `{}`", self.code)
        };
        let expected = format!("nothing besides the parent's `{section}`");
        self.sink.push(value.span().start, place, message, Some(expected));
    }

    fn left_out(
        &self,
        key: &str,
        old: &Spanned<DeValue<'_>>,
        clause: &DeTable<'_>,
        section: &str,
        place: &str,
        bond: &Bond,
    ) {
        // Time that cannot be had any more is no loosening.
        if bond.free || key == "extension" && section == "limit" && !is_complainants(clause) {
            return;
        }
        let own = old.get_ref().as_table().map_or_else(|| bond.clone(), |table| Self::bond(table, bond));
        let elements = listed(old.get_ref()).unwrap_or_default();
        let all_free = !elements.is_empty()
            && elements.iter().all(|(_, v)| v.get_ref().as_table().is_some_and(|t| Self::bond(t, bond).free));
        if own.free || all_free {
            return;
        }
        self.refuse(old.span().start, place, "it leaves out", &own, old, "the clause");
    }

    /// A fault with the ancestor's article, line and column.
    fn refuse(
        &self,
        at: usize,
        place: &str,
        what: &str,
        bond: &Bond,
        old: &Spanned<DeValue<'_>>,
        expected: &str,
    ) {
        let (file, line, column) = self.sink.place(old.span().start);
        let clause = match &bond.article {
            Some(article) => format!("article {article} of `{}`", self.code),
            None => format!("a binding clause of `{}`", self.code),
        };
        let message = format!("{what} {clause} ({file}:{line}:{column})");
        self.sink.push(at, place, message, Some(expected.to_owned()));
    }
}
