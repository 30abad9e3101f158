//! The versions of one procedure, and which of them governs a case.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::clause::Language;
use crate::identity::Transition;
use crate::regulation::Regulation;
use crate::shelf::Shelf;

/// The versions of one procedure, the oldest first; never none. A version names the one whose place it takes (`replaces`).
#[derive(Clone, Debug)]
pub struct Versions {
    oldest: Arc<Regulation>,
    later: Vec<Arc<Regulation>>,
}

/// Why regulations are no versions of one procedure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VersionsError {
    /// There is none of that code.
    #[error("there is no regulation `{code}`; expected one that lies beside it")]
    Unknown {
        /// The code.
        code: String,
    },
    /// Two take the place of one, so that it is not certain which governs.
    #[error("`{one}` and `{other}` both replace `{code}`; expected one of them")]
    Two {
        /// What is replaced.
        code: String,
        /// One that replaces it.
        one: String,
        /// The other.
        other: String,
    },
    /// A version is in force before, or while, the one it replaces is.
    #[error("`{code}` is in force from {from}, and `{replaced}` {}; expected a later day", until_words(*.began, *.until))]
    Order {
        /// The later version.
        code: String,
        /// Its first day.
        from: Date,
        /// The one it replaces.
        replaced: String,
        /// The first day of that one.
        began: Date,
        /// The last day of that one, where it says so.
        until: Option<Date>,
    },
    /// Each replaces the other.
    #[error("`{code}` replaces itself in the end; expected a first version")]
    Circle {
        /// One of them.
        code: String,
    },
}

fn until_words(began: Date, until: Option<Date>) -> String {
    until.map_or_else(|| format!("from {began}"), |until| format!("from {began} to {until}"))
}

/// What governs a case.
///
/// Of substance are the channels, sources and grounds by which it was accepted, what it can come to (outcomes, measures,
/// remedies, sanctions) and who the parties are. Procedure is all else: limits, jurisdiction, investigation, approvals, replies,
/// forms, the file. What was done before stays done.
#[derive(Clone, Copy, Debug)]
pub struct Governing<'v> {
    /// The version of the day of registration (实体从旧).
    pub substance: &'v Arc<Regulation>,
    /// The same, or a later one that takes open cases over (程序从新).
    pub procedure: &'v Arc<Regulation>,
}

/// An open case that a version takes over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moved<K> {
    /// The case.
    pub case: K,
    /// The code of the version that governed its procedure until then.
    pub from: String,
    /// The code of the one that does from then on.
    pub to: String,
}

impl Versions {
    /// A procedure of which there is one version.
    pub fn one(regulation: Arc<Regulation>) -> Self {
        Self { oldest: regulation, later: Vec::new() }
    }

    /// All versions of the procedure that `code` is one of.
    pub fn of(shelf: &Shelf, code: &str) -> Result<Self, VersionsError> {
        let get = |code: &str| {
            shelf.get(code).cloned().ok_or_else(|| VersionsError::Unknown { code: code.to_owned() })
        };
        let mut oldest = get(code)?;
        let mut seen = BTreeSet::from([oldest.code().to_owned()]);
        while let Some(replaced) = oldest.identity().replaces.clone() {
            if !seen.insert(replaced.clone()) {
                return Err(VersionsError::Circle { code: replaced });
            }
            oldest = get(&replaced)?;
        }
        let mut later: Vec<Arc<Regulation>> = Vec::new();
        loop {
            let last = later.last().unwrap_or(&oldest);
            let mut next = shelf.iter().filter(|one| one.identity().replaces.as_deref() == Some(last.code()));
            let Some(one) = next.next() else { break };
            if let Some(other) = next.next() {
                let (code, one, other) =
                    (last.code().to_owned(), one.code().to_owned(), other.code().to_owned());
                return Err(VersionsError::Two { code, one, other });
            }
            follows(last, one)?;
            later.push(Arc::clone(one));
        }
        Ok(Self { oldest, later })
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Regulation>> {
        std::iter::once(&self.oldest).chain(&self.later)
    }

    /// The version that complaints of a day come under: the last that has begun, the oldest before its first day.
    pub fn on(&self, date: Date) -> &Arc<Regulation> {
        let begun = |one: &&Arc<Regulation>| one.identity().in_force_from <= date;
        self.later.iter().rfind(begun).unwrap_or(&self.oldest)
    }

    /// What governs, on a day, a case that was registered on another and is open.
    pub fn governing(&self, registered: Date, today: Date) -> Governing<'_> {
        let substance = self.on(registered);
        let takes_over = |one: &&Arc<Regulation>| {
            let identity = one.identity();
            identity.transition == Transition::ProcedureFromNew
                && identity.in_force_from > registered
                && identity.in_force_from <= today
        };
        Governing { substance, procedure: self.later.iter().rfind(takes_over).unwrap_or(substance) }
    }

    /// Which of these open cases (each with its day of registration) another version governs from `day` on than the day before.
    pub fn moved<K>(&self, open: impl IntoIterator<Item = (K, Date)>, day: Date) -> Vec<Moved<K>> {
        let Ok(eve) = day.yesterday() else { return Vec::new() };
        let changed = |(case, registered): (K, Date)| {
            if registered >= day {
                return None;
            }
            let (from, to) =
                (self.governing(registered, eve).procedure, self.governing(registered, day).procedure);
            let (from, to) = (from.code().to_owned(), to.code().to_owned());
            (from != to).then_some(Moved { case, from, to })
        };
        open.into_iter().filter_map(changed).collect()
    }
}

impl Governing<'_> {
    /// Why, in words.
    pub fn explain(&self, language: Language) -> String {
        let title = |one: &Regulation| one.title().in_language(language).to_owned();
        let (old, new) = (title(self.substance), title(self.procedure));
        let (was, is) = (self.substance.identity().in_force_from, self.procedure.identity().in_force_from);
        match (language, self.substance.code() == self.procedure.code()) {
            (Language::Zh, true) => format!("适用登记之日施行的《{old}》({was}起施行)。"),
            (Language::En, true) => {
                format!("Governed by {old} (in force from {was}), as on the day of registration.")
            }
            (Language::Zh, false) => {
                format!("实体适用登记之日施行的《{old}》({was}起施行),程序自{is}起适用《{new}》。")
            }
            (Language::En, false) => {
                format!(
                    "In substance governed by {old} (in force from {was}); in procedure, from {is} on, by {new}."
                )
            }
        }
    }
}

/// A version follows the one it replaces.
fn follows(replaced: &Regulation, later: &Regulation) -> Result<(), VersionsError> {
    let (was, is) = (replaced.identity(), later.identity());
    if is.in_force_from > was.in_force_until.unwrap_or(was.in_force_from) {
        return Ok(());
    }
    Err(VersionsError::Order {
        code: is.code.clone(),
        from: is.in_force_from,
        replaced: was.code.clone(),
        began: was.in_force_from,
        until: was.in_force_until,
    })
}
