//! A case's instruments (articles 7 and 22) and the reopening of a case (article 3).

use calendar::Length;

use crate::choice::choices;
use crate::clause::{Basis, Text};
use crate::limit::Approver;
use crate::read::{Node, Table};
use crate::reply::{Numbered, NumberingRule};

choices! {
    /// What is issued on a case.
    pub enum InstrumentKind {
        /// Documents are demanded (7(1)).
        DemandDocuments = "demand_documents",
        /// An explanation is demanded (7(1)).
        DemandExplanation = "demand_explanation",
        /// Others are asked to co-operate (7(2)).
        RequestCooperation = "request_cooperation",
        /// The respondent is ordered to perform the duty (7(3)).
        OrderDuty = "order_duty",
        /// Measures are recommended to the appointing authority (7(4), 22).
        Recommendation = "recommendation",
        /// A breach of discipline goes to the supervisory organ (22).
        DisciplineReferral = "discipline_referral",
        /// 整改: what was wrong is to be put right (3).
        Rectification = "rectification",
        /// The respondent is told what came of it.
        Announcement = "announcement",
    }
}

choices! {
    /// Whom an instrument is addressed to.
    pub enum InstrumentTo {
        /// A respondent of the case.
        Respondent = "respondent",
        /// An organ or unit of the directory.
        Organ = "organ",
        /// An authority or person named in words.
        Authority = "authority",
    }
}

choices! {
    /// When an instrument is issued.
    pub enum InstrumentAt {
        /// While the case is handled, by the organ that holds the term.
        Handling = "handling",
        /// After the conclusion, by the organ that handled it or the home.
        Concluded = "concluded",
    }
}

choices! {
    /// From when the time of an answer counts.
    pub enum AnswerFrom {
        /// From the issue.
        Issue = "issue",
        /// From the delivery.
        Delivery = "delivery",
    }
}

/// What an instrument of a kind needs, and what follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentRule {
    /// The kind.
    pub kind: InstrumentKind,
    /// What it is called.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    /// Whom it may be addressed to.
    pub to: Vec<InstrumentTo>,
    /// When it may be issued.
    pub at: Vec<InstrumentAt>,
    /// Who signs it: one of these, and not who drafted it. Empty: whoever drafted it issues it.
    pub signed_by: Vec<Approver>,
    /// How long the answer may take. None: it is not answered.
    pub answer_within: Option<Length>,
    /// From when that counts.
    pub answer_from: AnswerFrom,
    /// How long before the end there is a reminder, if there is one.
    pub remind_before: Option<Length>,
    /// An answer is checked, and goes back where it is not in order.
    pub checked: bool,
}

/// How a concluded case is opened again ex officio.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// Whoever investigated before does not investigate again.
    pub other_investigators: bool,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl InstrumentKind {
    /// The register that its numbers come from.
    pub const fn numbered(self) -> Numbered {
        match self {
            Self::DemandDocuments => Numbered::DemandDocuments,
            Self::DemandExplanation => Numbered::DemandExplanation,
            Self::RequestCooperation => Numbered::RequestCooperation,
            Self::OrderDuty => Numbered::OrderDuty,
            Self::Recommendation => Numbered::Recommendation,
            Self::DisciplineReferral => Numbered::DisciplineReferral,
            Self::Rectification => Numbered::Rectification,
            Self::Announcement => Numbered::Announcement,
        }
    }
}

impl InstrumentRule {
    /// Reads every `[[instrument]]`; one a kind, and each with a number.
    pub(crate) fn read_all(root: &Table<'_>, numberings: &[NumberingRule]) -> Vec<Self> {
        let mut rules: Vec<Self> = Vec::new();
        for table in root.tables("instrument") {
            let Some(rule) = Self::read(&table) else { continue };
            let kind = rule.kind;
            if rules.iter().any(|other| other.kind == kind) {
                table.fault(format!("a second `{kind}`"), Some("one a kind".into()));
            }
            if !numberings.iter().any(|numbering| numbering.of == kind.numbered()) {
                let expected = format!("[[numbering]] with of = \"{kind}\"");
                table.fault(format!("`{kind}` has no number"), Some(expected));
            }
            rules.push(rule);
        }
        rules
    }

    fn read(table: &Table<'_>) -> Option<Self> {
        let (kind, text, basis) = (table.choice("kind"), Text::read(table), Basis::read(table));
        let (to, at) = (table.choices("to"), table.choices("at"));
        let signers = table.get("signed_by").map(|node| node.elements()).unwrap_or_default();
        let signed_by = signers.iter().map(Node::choice).collect::<Option<Vec<_>>>();
        let (answer_within, remind_before) =
            (table.opt_length("answer_within"), table.opt_length("remind_before"));
        let checked = table.flag_or("checked", false)?;
        let from = table.opt_choice("answer_from");
        table.finish();
        if answer_within.is_none() && (remind_before.is_some() || checked || from.is_some()) {
            table.fault("an answer that nobody waits for", Some("`answer_within`".into()));
        }
        Some(Self {
            kind: kind?,
            text: text?,
            basis: basis?,
            to: to?,
            at: at?,
            signed_by: signed_by?,
            answer_within,
            answer_from: from.unwrap_or(AnswerFrom::Issue),
            remind_before,
            checked,
        })
    }
}

impl Reopening {
    /// Reads `[reopening]`; where there is none, nothing is opened again.
    pub(crate) fn read(root: &Table<'_>) -> Option<Self> {
        let table = root.get("reopening")?.table()?;
        let (text, basis) = (Text::read(&table), Basis::read(&table));
        let other_investigators = table.flag_or("other_investigators", true);
        table.finish();
        Some(Self { other_investigators: other_investigators?, text: text?, basis: basis? })
    }
}
