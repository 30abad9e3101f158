//! Admission: what a complaint must have, what is not accepted, and what becomes of an incomplete one.

use crate::choice::choices;
use crate::clause::{Basis, Language, Text, take_code};
use crate::condition::{Condition, Evaluation, Sight};
use crate::facts::{ComplaintFacts, Scope};
use crate::read::Table;
use crate::template::Template;
use crate::vocabulary::Vocabulary;

choices! {
    /// When something must be there.
    pub enum RequiredAt {
        /// From the start: its absence is told to whoever submits.
        Submission = "submission",
        /// Once an officer accepts.
        Acceptance = "acceptance",
    }
}

choices! {
    /// What becomes of a complaint that is anonymous, or that nobody completes.
    pub enum Treatment {
        /// Kept as a lead only.
        Lead = "lead",
        /// Handled, with nobody to reply to.
        WithoutReply = "without_reply",
        /// Declined.
        Decline = "decline",
    }
}

choices! {
    /// What becomes of what a complainant supplies after the limit. It is kept in any case.
    pub enum LateSupplement {
        /// What had become of the complaint is undone, where nothing is missing any more; it is decided on anew.
        Reopen = "reopen",
        /// It stays as it was.
        Keep = "keep",
    }
}

choices! {
    /// How a complaint leaves without being accepted.
    pub enum RefusalKind {
        /// 不予受理.
        Decline = "decline",
        /// 归口移交: to a department outside the complaint system.
        Refer = "refer",
        /// 告知: the complainant is told where to go.
        DirectElsewhere = "direct_elsewhere",
    }
}

/// Something a complaint must have.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The field of the contract that is meant, as `complainant.contact`.
    pub field: String,
    /// The machine-readable reason, as `CONTACT_MISSING`.
    pub reason: String,
    /// When it is required.
    pub at: RequiredAt,
    /// What is said where it is missing.
    pub text: Text,
    /// The article that asks for it.
    pub basis: Basis,
    when: Option<Condition>,
    test: Condition,
}

/// A requirement that is not met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation<'r> {
    /// The field of the contract.
    pub field: &'r str,
    /// The machine-readable reason, UPPER_SNAKE.
    pub reason: &'r str,
    /// The article, unless it is a house requirement.
    pub article: Option<&'r str>,
    /// In Chinese.
    pub zh: &'r str,
    /// In English.
    pub en: &'r str,
}

/// A way of not accepting a complaint.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The code in contracts and ledgers.
    pub code: String,
    /// What happens with the complaint.
    pub kind: RefusalKind,
    /// What the complainant is told; places: `number`, `statute`, `department`.
    pub reply: Template,
    /// The article.
    pub basis: Basis,
    /// By when the department's answer is looked for; only with [`RefusalKind::Refer`].
    pub answer_within: Option<calendar::Length>,
    when: Option<Condition>,
}

/// A department outside the complaint system to which things are referred.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferTarget {
    /// The code in contracts and ledgers.
    pub code: String,
    /// The department's name.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// A treatment with its words.
#[derive(Clone, Debug)]
pub struct TreatmentRule {
    /// What happens.
    pub treatment: Treatment,
    /// Why, in words.
    pub text: Text,
    /// Mostly a house setting.
    pub basis: Basis,
}

/// The answer to "may this be accepted?".
#[derive(Clone, Debug)]
pub struct Admission<'r> {
    /// Everything that is missing, at once.
    pub violations: Vec<Violation<'r>>,
    /// What becomes of it as an anonymous complaint, where it is one. Its violations stand beside it.
    pub anonymous: Option<&'r TreatmentRule>,
    /// The refusals whose condition holds, in the order of the file. The officer decides.
    pub refusals: Vec<&'r Refusal>,
}

impl Admission<'_> {
    /// Nothing is missing and nothing speaks against it: it must be accepted (article 13).
    pub fn acceptable(&self) -> bool {
        self.violations.is_empty() && self.refusals.is_empty()
    }
}

/// The sections `[admission]` and below.
#[derive(Clone, Debug)]
pub(crate) struct AdmissionRules {
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) refusals: Vec<Refusal>,
    pub(crate) refer_targets: Vec<ReferTarget>,
    pub(crate) unanswered: TreatmentRule,
    pub(crate) late: LateSupplement,
    pub(crate) anonymous: TreatmentRule,
    anonymous_when: Condition,
}

impl AdmissionRules {
    /// Judges a complaint; `at` leaves out what is asked for later only.
    pub(crate) fn judge(&self, facts: &ComplaintFacts, at: RequiredAt) -> Admission<'_> {
        let scope = Scope::of(facts);
        let evaluation = Evaluation::new(&scope);
        let applies = |when: &Option<Condition>| when.as_ref().is_none_or(|when| when.holds(&evaluation));
        let missing =
            |rule: &&Requirement| rule.at <= at && applies(&rule.when) && !rule.test.holds(&evaluation);
        let proposed = |refusal: &&Refusal| refusal.when.as_ref().is_some_and(|when| when.holds(&evaluation));
        Admission {
            violations: self.requirements.iter().filter(missing).map(Requirement::violation).collect(),
            anonymous: self.anonymous_when.holds(&evaluation).then_some(&self.anonymous),
            refusals: self.refusals.iter().filter(proposed).collect(),
        }
    }

    /// Reads the section.
    pub(crate) fn read(table: &Table<'_>, vocabulary: &Vocabulary) -> Option<Self> {
        let requirements =
            table.tables("require").iter().filter_map(|t| Requirement::read(t, vocabulary)).collect();
        let (mut refusal_codes, mut target_codes) = (Vec::new(), Vec::new());
        let refusals = table
            .tables("refusal")
            .iter()
            .filter_map(|t| Refusal::read(t, vocabulary, &mut refusal_codes))
            .collect();
        let refer_targets = table
            .tables("refer_target")
            .iter()
            .filter_map(|t| ReferTarget::read(t, &mut target_codes))
            .collect();
        let unanswered = table.table("unanswered").and_then(|t| {
            let (rule, late) = (TreatmentRule::read(&t), t.opt_choice("late"));
            t.finish();
            Some((rule?, late.unwrap_or(LateSupplement::Keep)))
        });
        let anonymous = table.table("anonymous").and_then(|t| {
            let when =
                t.need("when", "a condition").and_then(|n| Condition::read(&n, Sight::Complaint, vocabulary));
            let rule = TreatmentRule::read(&t);
            t.finish();
            Some((when?, rule?))
        });
        table.finish();
        let (anonymous_when, anonymous) = anonymous?;
        let (unanswered, late) = unanswered?;
        Some(Self { requirements, refusals, refer_targets, unanswered, late, anonymous, anonymous_when })
    }
}

impl Requirement {
    fn violation(&self) -> Violation<'_> {
        Violation {
            field: &self.field,
            reason: &self.reason,
            article: self.basis.article(),
            zh: &self.text.zh,
            en: &self.text.en,
        }
    }

    fn read(table: &Table<'_>, vocabulary: &Vocabulary) -> Option<Self> {
        let field = table.code("field");
        let reason = table.string("reason").and_then(|reason| {
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if reason.chars().all(plain) {
                return Some(reason);
            }
            table.get("reason")?.fault(format!("`{reason}` is no reason"), Some("UPPER_SNAKE".into()));
            None
        });
        let at = table.opt_choice("at");
        let when = read_when(table, vocabulary);
        let test =
            table.need("test", "a condition").and_then(|n| Condition::read(&n, Sight::Complaint, vocabulary));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self {
            field: field?,
            reason: reason?,
            at: at.unwrap_or(RequiredAt::Submission),
            text: text?,
            basis: basis?,
            when,
            test: test?,
        })
    }
}

impl Refusal {
    /// The reply to the complainant, with its places filled.
    pub fn reply(&self, language: Language, fields: &[(&str, &str)]) -> Result<String, crate::MissingPlace> {
        self.reply.render(language, fields)
    }

    fn read(table: &Table<'_>, vocabulary: &Vocabulary, taken: &mut Vec<String>) -> Option<Self> {
        let (code, kind) = (take_code(table, taken), table.choice::<RefusalKind>("kind"));
        let when = read_when(table, vocabulary);
        let answer_within = table.opt_length("answer_within");
        let reply = Template::read(table, &["number", "statute", "department"]);
        let basis = Basis::read(table);
        table.finish();
        let kind = kind?;
        if answer_within.is_some() && kind != RefusalKind::Refer {
            table.fault("`answer_within` is for what is referred", Some("kind = \"refer\"".into()));
            return None;
        }
        Some(Self { code: code?, kind, reply: reply?, basis: basis?, answer_within, when })
    }
}

impl ReferTarget {
    fn read(table: &Table<'_>, taken: &mut Vec<String>) -> Option<Self> {
        let (code, text, basis) = (take_code(table, taken), Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { code: code?, text: text?, basis: basis? })
    }
}

impl TreatmentRule {
    fn read(table: &Table<'_>) -> Option<Self> {
        let (treatment, text, basis) = (table.choice("treatment"), Text::read(table), Basis::read(table));
        Some(Self { treatment: treatment?, text: text?, basis: basis? })
    }
}

/// The condition `when`, if there is one.
fn read_when(table: &Table<'_>, vocabulary: &Vocabulary) -> Option<Condition> {
    Condition::read(&table.get("when")?, Sight::Complaint, vocabulary)
}
