//! What a regulation is called, when it is in force, and what the house has set.

use jiff::civil::Date;

use crate::choice::choices;
use crate::clause::Text;
use crate::read::Table;

/// The format of files that this program reads.
pub(crate) const FORMAT: u32 = 1;

choices! {
    /// Which version governs a case that is open when a new one comes into force.
    pub enum Transition {
        /// The version under which the case was registered.
        Keep = "keep",
        /// In substance that of the registration, in procedure the new one from its first day on (程序从新,实体从旧).
        ProcedureFromNew = "procedure_from_new",
    }
}

/// The section `[regulation]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The code, as `baoshan-2009-5`; the file is called so.
    pub code: String,
    /// The title.
    pub title: Text,
    /// The document number, as 宝监〔2009〕5号.
    pub document: String,
    /// When it was issued.
    pub issued: Date,
    /// The first day in force.
    pub in_force_from: Date,
    /// The last day in force, if that is known.
    pub in_force_until: Option<Date>,
    /// The code of the version whose place it takes, if there is one.
    pub replaces: Option<String>,
    /// Who issued and interprets it.
    pub issuer: Text,
    /// What becomes of open cases.
    pub transition: Transition,
}

/// The section `[settings]`: what the house decides and no article says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// A complaint that has everything is accepted without an officer.
    pub automatic_acceptance: bool,
    /// Proposed masks are taken as confirmed without an officer.
    pub automatic_masks: bool,
    /// An accepted case is routed by the rules without an officer.
    pub automatic_routing: bool,
    /// The length of tracking codes, in characters.
    pub tracking_code_length: u32,
}

impl Identity {
    /// Reads the section; `extends` is read by the caller.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let (code, document) = (table.code("code"), table.string("document"));
        let (title, issuer) = (bilingual(table, "title"), bilingual(table, "issuer"));
        let (issued, from) = (table.date("issued"), table.date("in_force_from"));
        let (until, transition) = (table.opt_date("in_force_until"), table.choice("transition"));
        let replaces = table.get("replaces").map(|_| table.code("replaces"));
        let (from, transition) = (from?, transition?);
        if transition == Transition::ProcedureFromNew && replaces.is_none() {
            let expected = "`replaces`: the code of the version before";
            table
                .get("transition")?
                .fault("nothing is taken over from a version before", Some(expected.into()));
        }
        if until.is_some_and(|until| until < from) {
            table
                .get("in_force_until")?
                .fault("the end is before the beginning", Some(format!("{from} or later")));
        }
        Some(Self {
            code: code?,
            title: title?,
            document: document?,
            issued: issued?,
            in_force_from: from,
            in_force_until: until,
            issuer: issuer?,
            transition,
            replaces: replaces.flatten(),
        })
    }
}

impl Settings {
    /// Reads the section.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let flag = |key| table.need(key, "true or false").and_then(|node| node.flag());
        let acceptance = flag("automatic_acceptance");
        let masks = flag("automatic_masks");
        let routing = flag("automatic_routing");
        let length = table.count("tracking_code_length");
        if length.is_some_and(|length| !(8..=32).contains(&length)) {
            table
                .get("tracking_code_length")?
                .fault("too easy to guess, or too long", Some("8 to 32".into()));
        }
        table.finish();
        Some(Self {
            automatic_acceptance: acceptance?,
            automatic_masks: masks?,
            automatic_routing: routing?,
            tracking_code_length: length?,
        })
    }
}

fn bilingual(table: &Table<'_>, key: &'static str) -> Option<Text> {
    let inner = table.table(key)?;
    let text = Text::read(&inner);
    inner.finish();
    text
}
