//! Casework: who investigates, what comes out, what may be done, who may see what.

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::limit::Approver;
use crate::read::Table;
use crate::template::FormNumber;

choices! {
    /// Who has to withdraw from an investigation.
    pub enum Recusal {
        /// The respondent.
        Respondent = "respondent",
        /// Kin of the respondent or of the complainant.
        Kin = "kin",
        /// A subordinate of the respondent.
        Subordinate = "subordinate",
        /// Anyone with a declared interest.
        DeclaredInterest = "declared_interest",
    }
}

choices! {
    /// What an investigation record has to hold.
    pub enum RecordPart {
        /// Where.
        Place = "place",
        /// When.
        Time = "time",
        /// The investigators present, at least as many as are required.
        Investigators = "investigators",
        /// The interviewee's confirmation.
        Confirmation = "confirmation",
    }
}

choices! {
    /// Who holds a power or takes a measure.
    pub enum Holder {
        /// 区监察局 and its centre.
        Centre = "centre",
        /// The organ that is responsible for the case.
        ResponsibleOrgan = "responsible_organ",
        /// 任免机关.
        AppointingAuthority = "appointing_authority",
        /// 监察机关.
        SupervisoryOrgan = "supervisory_organ",
    }
}

choices! {
    /// When a form is filled in.
    pub enum FormAt {
        /// At registration.
        Registration = "registration",
        /// With each interview.
        Interview = "interview",
        /// When the investigation ends.
        Report = "report",
        /// When the disposition is put before the leader.
        Disposition = "disposition",
        /// When a case is put before a leader for an instruction.
        Instruction = "instruction",
        /// When a case is handed to another organ.
        Transfer = "transfer",
        /// When somebody is told.
        Notice = "notice",
        /// When supervision writes to the organ that handles a case.
        Supervision = "supervision",
    }
}

/// What is missing before a report can be put before the leader (18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Investigators.
    Investigators,
    /// Records.
    Records,
    /// Evidence.
    Evidence,
}

/// How a case is investigated, and who approves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Investigation {
    /// The least number of investigators (article 18).
    pub least_investigators: u32,
    /// In words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
    /// What each record has to hold, and how many there have to be.
    pub record: Record,
    /// The evidence list.
    pub evidence: EvidenceRule,
    /// Who withdraws.
    pub recusal: RecusalRule,
    /// Who approves the result.
    pub approval: Approval,
    /// What can come out, in order.
    pub outcomes: Vec<Outcome>,
    /// What can follow for staff (article 22), in order.
    pub measures: Vec<Measure>,
}

/// What an investigation record holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The parts required. With the confirmation among them, an interview record counts once it is confirmed; an
    /// investigation record has no interviewee.
    pub parts: Vec<RecordPart>,
    /// How many have to be there before the report; those that count.
    pub least: u32,
    /// The article.
    pub basis: Basis,
}

/// The evidence list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceRule {
    /// How many pieces have to be on it before the report.
    pub least: u32,
    /// The article, or a house setting.
    pub basis: Basis,
    /// What evidence can be, in order.
    pub kinds: Vec<EvidenceKind>,
}

/// What a piece of evidence can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceKind {
    /// The code in contracts and ledgers.
    pub code: String,
    /// What it is called.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// Who withdraws, and how a replacement is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecusalRule {
    /// Who withdraws.
    pub of: Vec<Recusal>,
    /// A replacement needs a reason on record.
    pub replacement_needs_reason: bool,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// The approval of a disposition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who may; one of them does.
    pub approvers: Vec<Approver>,
    /// In words.
    pub text: Text,
    /// The article (19).
    pub basis: Basis,
    /// The approver is none of the investigators (four eyes): always a house setting, on or off.
    pub not_investigator: bool,
}

/// What an investigation can come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The code in contracts and ledgers.
    pub code: String,
    /// What it is called.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
    /// Measures may follow.
    pub measures_may_follow: bool,
    /// The respondent is cleared, and told so.
    pub clears_respondent: bool,
}

/// What can follow for a member of staff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The code in contracts and ledgers.
    pub code: String,
    /// What it is called.
    pub text: Text,
    /// Who decides on it; the centre recommends.
    pub decided_by: Holder,
    /// The article.
    pub basis: Basis,
}

/// Something that somebody may do (articles 5, 7, 12, 20, 21), to be cited where it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Power {
    /// The code in contracts and ledgers.
    pub code: String,
    /// Who may.
    pub holder: Holder,
    /// What, in words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
}

/// Who may let whom see what (article 15).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confidentiality {
    /// Handing a summary of the complaint to the respondent.
    pub summary: Permission,
    /// Handing over the original as an exception, with the identity blacked out.
    pub original: Permission,
    /// Letting a named handler read the complainant's identity.
    pub grant: Permission,
    /// Publishing a case; the complainant's consent is needed besides, unless it is anonymised.
    pub publication: Permission,
    /// How a text for the respondent is checked.
    pub check: SummaryCheck,
}

choices! {
    /// What becomes of a summary in which something certainly tells who complains.
    pub enum DespiteFindings {
        /// It is not approved.
        Never = "never",
        /// It may be, with a reason for each finding.
        WithReasons = "with_reasons",
    }
}

/// How a summary for the respondent is checked against the complainant's identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryCheck {
    /// How many one person may send in on a case, whatever becomes of them.
    pub attempts: u32,
    /// From how many characters on a passage of the original is pointed out; 0 points out none.
    pub passage: u32,
    /// Whether one can be approved despite what was found.
    pub despite_findings: DespiteFindings,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// A permission and who gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Who may give it; one of them does.
    pub approvers: Vec<Approver>,
    /// In words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

choices! {
    /// How a form is laid out on paper.
    pub enum Layout {
        /// A table of labels and values.
        Table = "table",
        /// A letter.
        Letter = "letter",
        /// An official document with the issuing organ in red at its head.
        RedHead = "red_head",
    }
}

/// A form that the regulation names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The code in contracts and ledgers.
    pub code: String,
    /// Its title.
    pub text: Text,
    /// When it is filled in.
    pub at: FormAt,
    /// How it is laid out; a table where nothing is said.
    pub layout: Layout,
    /// It has a place for the seal.
    pub seal: bool,
    /// How it is numbered; absent where it has no number of its own.
    pub number: Option<FormNumber>,
    /// The article that names it.
    pub basis: Basis,
}

/// Reads a table that has to be there, and refuses what nobody asked for.
fn part<T>(table: &Table<'_>, key: &'static str, read: impl Fn(&Table<'_>) -> Option<T>) -> Option<T> {
    let inner = table.table(key)?;
    let value = read(&inner);
    inner.finish();
    value
}

/// Reads an array of tables, each with a code of its own.
fn coded<T>(table: &Table<'_>, key: &'static str, read: impl Fn(&Table<'_>, String) -> Option<T>) -> Vec<T> {
    let mut taken = Vec::new();
    let one = |inner: &Table<'_>| {
        let code = take_code(inner, &mut taken);
        // Read on with a code that is refused already, for the other faults.
        let value = read(inner, code.clone().unwrap_or_default());
        inner.finish();
        code.and(value)
    };
    table.tables(key).iter().filter_map(one).collect()
}

impl Investigation {
    /// Reads the section `[investigation]`.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let least = table.count("least_investigators").filter(|least| *least > 0);
        if least.is_none() {
            table.fault("nobody would investigate", Some("least_investigators of 1 or more".into()));
        }
        let (text, basis) = (Text::read(table), Basis::read(table));
        let record = part(table, "record", |t| {
            let (parts, least, basis) = (t.choices("parts"), t.count("least"), Basis::read(t));
            Some(Record { parts: parts?, least: least?, basis: basis? })
        });
        let evidence = part(table, "evidence", EvidenceRule::read);
        let (recusal, approval) =
            (part(table, "recusal", RecusalRule::read), part(table, "approval", Approval::read));
        let outcomes = coded(table, "outcome", Outcome::read);
        let measures = coded(table, "measure", |t, code| {
            let (text, decided_by, basis) = (Text::read(t), t.choice("decided_by"), Basis::read(t));
            Some(Measure { code, text: text?, decided_by: decided_by?, basis: basis? })
        });
        if outcomes.is_empty() {
            table.fault("there is no outcome", Some("at least one [[investigation.outcome]]".into()));
        }
        table.finish();
        Some(Self {
            least_investigators: least?,
            text: text?,
            basis: basis?,
            record: record?,
            evidence: evidence?,
            recusal: recusal?,
            approval: approval?,
            outcomes,
            measures,
        })
    }

    /// The first of what is missing for a report with so many records that count, pieces of evidence and investigators.
    pub fn missing(&self, records: usize, evidence: usize, investigators: usize) -> Option<Missing> {
        let fewer = |given: usize, least: u32| given < usize::try_from(least).unwrap_or(usize::MAX);
        if fewer(records, self.record.least) {
            Some(Missing::Records)
        } else if fewer(evidence, self.evidence.least) {
            Some(Missing::Evidence)
        } else if fewer(investigators, self.least_investigators) {
            Some(Missing::Investigators)
        } else {
            None
        }
    }

    /// The outcome of a code.
    pub fn outcome(&self, code: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.code == code)
    }

    /// The measure of a code.
    pub fn measure(&self, code: &str) -> Option<&Measure> {
        self.measures.iter().find(|measure| measure.code == code)
    }
}

impl Record {
    /// Whether an interview record has to be confirmed by the interviewee.
    pub fn needs_confirmation(&self) -> bool {
        self.parts.contains(&RecordPart::Confirmation)
    }
}

impl EvidenceRule {
    fn read(table: &Table<'_>) -> Option<Self> {
        let (least, basis) = (table.count("least"), Basis::read(table));
        let kinds = coded(table, "kind", |t, code| {
            let (text, basis) = (Text::read(t), Basis::read(t));
            Some(EvidenceKind { code, text: text?, basis: basis? })
        });
        if kinds.is_empty() {
            table.fault(
                "there is no kind of evidence",
                Some("at least one [[investigation.evidence.kind]]".into()),
            );
        }
        Some(Self { least: least?, basis: basis?, kinds })
    }

    /// The kind of a code.
    pub fn kind(&self, code: &str) -> Option<&EvidenceKind> {
        self.kinds.iter().find(|kind| kind.code == code)
    }
}

impl RecusalRule {
    fn read(table: &Table<'_>) -> Option<Self> {
        let (of, reason) = (table.choices("of"), table.flag_or("replacement_needs_reason", true));
        let basis = Basis::read(table);
        Some(Self { of: of?, replacement_needs_reason: reason?, basis: basis? })
    }
}

impl Approval {
    fn read(table: &Table<'_>) -> Option<Self> {
        let (approvers, text, basis) = (table.choices("approvers"), Text::read(table), Basis::read(table));
        let not_investigator = table.flag_or("not_investigator", true);
        Some(Self { approvers: approvers?, text: text?, basis: basis?, not_investigator: not_investigator? })
    }
}

impl Outcome {
    fn read(table: &Table<'_>, code: String) -> Option<Self> {
        let (text, basis) = (Text::read(table), Basis::read(table));
        let (measures, clears) =
            (table.flag_or("measures_may_follow", false), table.flag_or("clears_respondent", false));
        let (measures_may_follow, clears_respondent) = (measures?, clears?);
        if measures_may_follow && clears_respondent {
            table.fault("measures against a cleared respondent", Some("one of the two flags".into()));
        }
        Some(Self { code, text: text?, basis: basis?, measures_may_follow, clears_respondent })
    }
}

impl Power {
    /// Reads every `[[power]]`.
    pub(crate) fn read_all(root: &Table<'_>) -> Vec<Self> {
        coded(root, "power", |t, code| {
            let (holder, text, basis) = (t.choice("holder"), Text::read(t), Basis::read(t));
            Some(Self { code, holder: holder?, text: text?, basis: basis? })
        })
    }
}

impl Form {
    /// Reads every `[[form]]`.
    pub(crate) fn read_all(root: &Table<'_>) -> Vec<Self> {
        coded(root, "form", |t, code| {
            let (text, at, basis) = (Text::read(t), t.choice("at"), Basis::read(t));
            let layout = t.get("layout").map_or(Some(Layout::Table), |node| node.choice());
            let (seal, number) = (
                t.flag_or("seal", false),
                t.get("number").map_or(Some(None), |node| FormNumber::read(&node).map(Some)),
            );
            Some(Self {
                code,
                text: text?,
                at: at?,
                layout: layout?,
                seal: seal?,
                number: number?,
                basis: basis?,
            })
        })
    }
}

impl Confidentiality {
    /// Reads the section `[confidentiality]`.
    pub(crate) fn read(table: &Table<'_>) -> Option<Self> {
        let permission = |key| {
            part(table, key, |t| {
                let (approvers, text, basis) = (t.choices("approvers"), Text::read(t), Basis::read(t));
                Some(Permission { approvers: approvers?, text: text?, basis: basis? })
            })
        };
        let (summary, original) = (permission("summary"), permission("original"));
        let (grant, publication) = (permission("grant"), permission("publication"));
        let check = part(table, "check", SummaryCheck::read);
        table.finish();
        Some(Self {
            summary: summary?,
            original: original?,
            grant: grant?,
            publication: publication?,
            check: check?,
        })
    }
}

impl SummaryCheck {
    fn read(table: &Table<'_>) -> Option<Self> {
        let attempts = table.count("attempts").filter(|attempts| *attempts > 0);
        if attempts.is_none() {
            table.fault("nobody could send one in", Some("attempts of 1 or more".into()));
        }
        let (passage, despite) = (table.count("passage"), table.choice("despite_findings"));
        let (text, basis) = (Text::read(table), Basis::read(table));
        Some(Self {
            attempts: attempts?,
            passage: passage?,
            despite_findings: despite?,
            text: text?,
            basis: basis?,
        })
    }
}
