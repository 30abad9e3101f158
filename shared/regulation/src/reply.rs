//! Replies: which event is told to whom, in what words; and the numbers under which things go out.

use crate::choice::choices;
use crate::clause::{Basis, Language};
use crate::read::Table;
use crate::template::{MissingPlace, Numbering, Template};
use crate::vocabulary::{Medium, Term};

choices! {
    /// What is told.
    pub enum Event {
        /// Received and registered (article 16).
        Registered = "registered",
        /// Something is missing.
        SupplementAsked = "supplement_asked",
        /// 受理.
        Accepted = "accepted",
        /// 不予受理.
        Declined = "declined",
        /// 归口移交.
        Referred = "referred",
        /// The complainant is told where to go.
        DirectedElsewhere = "directed_elsewhere",
        /// The limit was extended, with the reason (article 17).
        Extended = "extended",
        /// The result (article 17).
        Concluded = "concluded",
        /// A concluded case was opened again (article 3).
        Reopened = "reopened",
        /// The respondent is cleared.
        Cleared = "cleared",
    }
}

choices! {
    /// Who is told.
    pub enum Addressee {
        /// 投诉人.
        Complainant = "complainant",
        /// 被投诉人.
        Respondent = "respondent",
    }
}

choices! {
    /// In which form a reply is given.
    pub enum ReplyForm {
        /// On paper.
        Written = "written",
        /// By word of mouth.
        Oral = "oral",
        /// As the complaint came: a written one gets a written reply.
        AsComplaint = "as_complaint",
    }
}

choices! {
    /// What is numbered.
    pub enum Numbered {
        /// A case, at registration.
        Case = "case",
        /// A supervision notice.
        SupervisionNotice = "supervision_notice",
        /// A demand for documents (7(1)).
        DemandDocuments = "demand_documents",
        /// A demand for an explanation (7(1)).
        DemandExplanation = "demand_explanation",
        /// A request for co-operation (7(2)).
        RequestCooperation = "request_cooperation",
        /// An order to perform a duty (7(3)).
        OrderDuty = "order_duty",
        /// A recommendation to the appointing authority (7(4), 22).
        Recommendation = "recommendation",
        /// A breach of discipline, to the supervisory organ (22).
        DisciplineReferral = "discipline_referral",
        /// A demand to put something right (3).
        Rectification = "rectification",
        /// An announcement to the respondent.
        Announcement = "announcement",
    }
}

/// A reply to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The event.
    pub event: Event,
    /// Who is told.
    pub to: Addressee,
    /// The words.
    pub template: Template,
    /// In which form; absent: in any.
    pub form: Option<ReplyForm>,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// A kind of number with its basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberingRule {
    /// What is numbered.
    pub of: Numbered,
    /// The template.
    pub template: Numbering,
    /// The article, or a house setting.
    pub basis: Basis,
}

impl Event {
    /// The places a reply to this event can have.
    pub const fn places(self) -> &'static [&'static str] {
        match self {
            Self::Registered => &["number", "tracking_code"],
            Self::SupplementAsked => &["number", "tracking_code", "missing", "due"],
            Self::Accepted => &["number", "tracking_code", "due", "organ"],
            Self::Declined => &["number", "tracking_code", "reason"],
            Self::Referred | Self::DirectedElsewhere => &["number", "tracking_code", "reason", "department"],
            Self::Extended => &["number", "tracking_code", "reason", "due"],
            Self::Concluded => &["number", "tracking_code", "result", "organ"],
            Self::Reopened => &["number", "tracking_code", "organ"],
            Self::Cleared => &["number", "result", "organ"],
        }
    }
}

impl Reply {
    /// The words with their places filled.
    pub fn render(&self, language: Language, fields: &[(&str, &str)]) -> Result<String, MissingPlace> {
        self.template.render(language, fields)
    }

    /// In which form it is given on a complaint that came by a channel; none where any will do.
    pub fn medium(&self, channel: &Term) -> Option<Medium> {
        match self.form? {
            ReplyForm::Written => Some(Medium::Written),
            ReplyForm::Oral => Some(Medium::Oral),
            ReplyForm::AsComplaint => channel.medium,
        }
    }

    /// Reads every `[[reply]]`; one an event.
    pub(crate) fn read_all(root: &Table<'_>, channels: &[Term]) -> Vec<Self> {
        let mut replies: Vec<Self> = Vec::new();
        for table in root.tables("reply") {
            let (event, to) = (table.choice::<Event>("event"), table.choice("to"));
            let template = Template::read(&table, event.map_or(&[], Event::places));
            let form = table.opt_choice("form");
            let basis = Basis::read(&table);
            table.finish();
            if form == Some(ReplyForm::AsComplaint)
                && let Some(channel) = channels.iter().find(|channel| channel.medium.is_none())
                && let Some(node) = table.get("form")
            {
                let expected = "`form` on every [[channel]]".to_owned();
                node.fault(format!("nothing says in which form `{}` comes", channel.code), Some(expected));
            }
            let (Some(event), Some(to), Some(template), Some(basis)) = (event, to, template, basis) else {
                continue;
            };
            if replies.iter().any(|other| other.event == event) {
                table.fault(format!("a second reply to `{event}`"), Some("one an event".into()));
            }
            replies.push(Self { event, to, template, form, basis });
        }
        replies
    }
}

impl NumberingRule {
    /// Reads every `[[numbering]]`; one a kind, and one for cases in any case.
    pub(crate) fn read_all(root: &Table<'_>) -> Vec<Self> {
        let mut rules: Vec<Self> = Vec::new();
        let mut all_read = true;
        for table in root.tables("numbering") {
            let (of, template) = (table.choice::<Numbered>("of"), Numbering::read(&table, "template"));
            let basis = Basis::read(&table);
            table.finish();
            let (Some(of), Some(template), Some(basis)) = (of, template, basis) else {
                all_read = false;
                continue;
            };
            if rules.iter().any(|other| other.of == of) {
                table.fault(format!("a second numbering of `{of}`"), Some("one a kind".into()));
            }
            rules.push(Self { of, template, basis });
        }
        if all_read && !rules.iter().any(|rule| rule.of == Numbered::Case) {
            root.fault("cases have no number", Some("[[numbering]] with of = \"case\"".into()));
        }
        rules
    }
}
