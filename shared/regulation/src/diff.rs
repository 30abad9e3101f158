//! What changes from one regulation to another, and for whom.

use std::fmt::Write as _;

use crate::clause::Language;
use crate::outline::OutlineClause;
use crate::regulation::Regulation;
use crate::tighten::{Way, way};

/// Whom a clause concerns first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concerned {
    /// Who complains.
    Complainant,
    /// Who is complained about.
    Respondent,
    /// Whoever handles a case.
    Handler,
    /// Who approves, and who may see what.
    Leader,
    /// Whoever keeps the files and draws up figures.
    Archive,
    /// The house: settings and how days are counted.
    House,
}

/// One thing that is otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whom it concerns first.
    pub concerns: Concerned,
    /// The clause, as `limit[case].extension`.
    pub clause: String,
    /// The key; none where the whole clause is new or gone.
    pub key: Option<String>,
    /// What it was.
    pub from: Option<String>,
    /// What it is.
    pub to: Option<String>,
    /// The article, of the side that has one, the new one first.
    pub article: Option<String>,
    /// Which way it went, where that can be said.
    pub way: Option<Way>,
}

/// Sections by whom they concern first; the first that a path begins with counts.
const CONCERNED: &[(&str, Concerned)] = &[
    ("admission", Concerned::Complainant),
    ("channel", Concerned::Complainant),
    ("claim", Concerned::Complainant),
    ("confidentiality", Concerned::Leader),
    ("counting", Concerned::House),
    ("exclusion", Concerned::Complainant),
    ("form", Concerned::Archive),
    ("archive", Concerned::Archive),
    ("ground", Concerned::Complainant),
    ("instrument", Concerned::Respondent),
    ("investigation.approval", Concerned::Leader),
    ("investigation.measure", Concerned::Respondent),
    ("investigation.outcome", Concerned::Respondent),
    ("level", Concerned::Complainant),
    ("numbering", Concerned::Archive),
    ("parties", Concerned::Complainant),
    ("power", Concerned::Leader),
    ("remedy", Concerned::Complainant),
    ("reply", Concerned::Complainant),
    ("replies", Concerned::Complainant),
    ("retention", Concerned::Archive),
    ("rounds", Concerned::Complainant),
    ("sanction", Concerned::Respondent),
    ("settings", Concerned::House),
    ("source", Concerned::Complainant),
    ("statistic", Concerned::Archive),
];

impl Concerned {
    fn of(clause: &OutlineClause) -> Self {
        if clause.section == "limit" && clause.value("stage") == Some("supplement") {
            return Self::Complainant;
        }
        let begins = |prefix: &str| {
            clause.section.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        CONCERNED.iter().find(|(prefix, _)| begins(prefix)).map_or(Self::Handler, |(_, concerned)| *concerned)
    }

    /// Who it is, in words.
    pub const fn say(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Complainant, Language::Zh) => "投诉人",
            (Self::Complainant, Language::En) => "Who complains",
            (Self::Respondent, Language::Zh) => "被投诉人",
            (Self::Respondent, Language::En) => "Who is complained about",
            (Self::Handler, Language::Zh) => "承办单位和承办人员",
            (Self::Handler, Language::En) => "Who handles a case",
            (Self::Leader, Language::Zh) => "审批人",
            (Self::Leader, Language::En) => "Who approves",
            (Self::Archive, Language::Zh) => "文书、归档和统计",
            (Self::Archive, Language::En) => "Forms, files and figures",
            (Self::House, Language::Zh) => "内部设定",
            (Self::House, Language::En) => "The house",
        }
    }
}

impl Regulation {
    /// Everything in which `other` differs from this one, by whom it concerns, in the order of the clauses.
    pub fn changes(&self, other: &Self) -> Vec<Change> {
        let (old, new) = (self.outline(), other.outline());
        let mut changes = Vec::new();
        for clause in old {
            match new.iter().find(|one| one.path == clause.path) {
                Some(now) => changed(clause, now, &mut changes),
                None => changes.push(whole(clause, true)),
            }
        }
        let added = new.iter().filter(|clause| !old.iter().any(|one| one.path == clause.path));
        changes.extend(added.map(|clause| whole(clause, false)));
        changes.sort_by_key(|change| change.concerns);
        changes
    }

    /// The same in words, in Markdown.
    pub fn explain_changes(&self, other: &Self, language: Language) -> String {
        let mut text = String::new();
        let title = |one: &Self| format!("{} (`{}`)", one.title().in_language(language), one.code());
        let _ = writeln!(text, "# {} → {}", title(self), title(other));
        let changes = self.changes(other);
        if changes.is_empty() {
            let same = if language == Language::Zh { "没有不同。" } else { "Nothing is otherwise." };
            let _ = writeln!(text, "\n{same}");
        }
        let mut last = None;
        for change in &changes {
            if last != Some(change.concerns) {
                let _ = writeln!(text, "\n## {}\n", change.concerns.say(language));
                last = Some(change.concerns);
            }
            let _ = writeln!(text, "{}", change.say(language));
        }
        text
    }
}

impl Change {
    fn say(&self, language: Language) -> String {
        let mut line = match (&self.key, &self.from, &self.to) {
            (None, _, Some(to)) => format!("- + `{}` {to}", self.clause),
            (None, from, None) => format!("- − `{}` {}", self.clause, from.as_deref().unwrap_or_default()),
            (Some(key), from, to) => {
                let nothing = if language == Language::Zh { "无" } else { "nothing" };
                let side = |side: &Option<String>| side.clone().unwrap_or_else(|| nothing.to_owned());
                format!("- `{}.{key}`: {} → {}", self.clause, side(from), side(to))
            }
        };
        if let Some(way) = self.way {
            let _ = write!(line, " [{}]", way.say(language));
        }
        if let Some(article) = &self.article {
            let cite = crate::clause::Basis::Article(article.clone()).cite(language);
            let _ = write!(line, " ({cite})");
        }
        line
    }
}

/// A clause that is there on one side only, by its words or what it says.
fn whole(clause: &OutlineClause, gone: bool) -> Change {
    let said = clause.value("zh").or_else(|| clause.value("when")).unwrap_or_default().to_owned();
    let (from, to) = if gone { (Some(said), None) } else { (None, Some(said)) };
    let (concerns, article) = (Concerned::of(clause), clause.value("article").map(str::to_owned));
    Change { concerns, clause: clause.path.clone(), key: None, from, to, article, way: None }
}

fn changed(old: &OutlineClause, new: &OutlineClause, changes: &mut Vec<Change>) {
    let keys = old.says.keys().chain(new.says.keys().filter(|key| !old.says.contains_key(*key)));
    for key in keys {
        let (from, to) = (old.says.get(key), new.says.get(key));
        if from.map(|said| &said.shown) == to.map(|said| &said.shown) {
            continue;
        }
        let article = new.value("article").or_else(|| old.value("article"));
        let stage = new.value("stage");
        changes.push(Change {
            concerns: Concerned::of(new),
            clause: new.path.clone(),
            key: Some(key.clone()),
            from: from.map(|said| said.shown.clone()),
            to: to.map(|said| said.shown.clone()),
            article: article.map(str::to_owned),
            way: from.zip(to).and_then(|(from, to)| way(&new.section, key, stage, &from.raw, &to.raw)),
        });
    }
}
