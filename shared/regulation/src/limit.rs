//! Time limits, their extension, and the ladder of rungs around their end.

use crate::choice::choices;
use crate::clause::{Basis, Text, take_code};
use crate::condition::{Condition, Evaluation, Sight};
use crate::facts::{CaseFacts, ComplaintFacts, Scope};
use crate::read::Table;
use crate::vocabulary::Vocabulary;
use calendar::Length;

choices! {
    /// What a limit is for. Each is started by one event, see [`Stage::starts`].
    pub enum Stage {
        /// The case as a whole (article 17).
        Case = "case",
        /// One organ's term of responsibility, capped by the case's (article 17).
        Handling = "handling",
        /// The receiver of a transfer acknowledges it.
        Acknowledge = "acknowledge",
        /// The receiver of a transfer returns it.
        Return = "return",
        /// The complainant completes an incomplete complaint.
        Supplement = "supplement",
        /// An officer decides on acceptance.
        Acceptance = "acceptance",
        /// The result is told to the complainant (article 17).
        Reply = "reply",
        /// An organ answers the centre about a report of obstruction or retaliation (article 12).
        ReportAnswer = "report_answer",
        /// A co-handling organ gives its opinion on its part.
        Joint = "joint",
        /// A plan is made of what will be said to the complainant.
        Plan = "plan",
        /// The complainant is spoken to for the first time.
        FirstContact = "first_contact",
        /// How it goes is asked after the first contact.
        Callback = "callback",
        /// The form with what was done goes back to who follows it up.
        FormReturn = "form_return",
        /// The complainant is spoken to again, on whether it succeeded.
        SecondContact = "second_contact",
        /// An inquiry is answered.
        Inquiry = "inquiry",
        /// The decision on acceptance is told, with reasons where it is not accepted.
        Told = "told",
        /// A claim is answered, with the time it will take.
        ClaimAnswer = "claim_answer",
        /// A claim is settled.
        Claim = "claim",
        /// What was agreed on is paid.
        Payment = "payment",
        /// What a complainant is not content with is verified again.
        Verification = "verification",
    }
}

choices! {
    /// The event from which a limit runs.
    pub enum Start {
        /// Registration.
        Registered = "registered",
        /// Acceptance.
        Accepted = "accepted",
        /// The start of a term: transfer or assignment.
        Transferred = "transferred",
        /// A supplement was asked for.
        SupplementAsked = "supplement_asked",
        /// The disposition form was approved.
        Concluded = "concluded",
        /// The centre demanded an answer.
        AnswerDemanded = "answer_demanded",
        /// The complainant was spoken to.
        Contacted = "contacted",
        /// The form came back.
        FormReturned = "form_returned",
        /// It was decided whether it is accepted.
        AdmissionDecided = "admission_decided",
        /// The claim came in.
        ClaimMade = "claim_made",
        /// The parties agreed.
        Agreed = "agreed",
        /// The complainant was not content.
        Dissatisfied = "dissatisfied",
    }
}

choices! {
    /// Who approves, in the words of the measures.
    pub enum Approver {
        /// 本单位行政主要负责人: the unit's principal head.
        PrincipalHead = "principal_head",
        /// 上级主管机关: the competent superior.
        CompetentSuperior = "competent_superior",
        /// 受理机构主管领导: the leader in charge of the complaint body.
        LeaderInCharge = "leader_in_charge",
    }
}

choices! {
    /// How a clock looks on a board.
    pub enum Colour {
        /// In time.
        Green = "green",
        /// Soon due, or due.
        Yellow = "yellow",
        /// Overdue.
        Red = "red",
    }
}

choices! {
    /// Who is told when a rung is reached.
    pub enum Recipient {
        /// The persons who handle it.
        Handler = "handler",
        /// The responsible organ's leader in charge.
        LeaderInCharge = "leader_in_charge",
        /// The responsible organ's principal head.
        PrincipalHead = "principal_head",
        /// The home organ.
        Home = "home",
        /// The district centre.
        Centre = "centre",
    }
}

choices! {
    /// What a rung issues.
    pub enum Instrument {
        /// 催办.
        Reminder = "reminder",
        /// 督办单, under a number.
        SupervisionNotice = "supervision_notice",
        /// On the centre's list of what needs its attention.
        Attention = "attention",
    }
}

/// A rung's place, relative to the end of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offset {
    /// That long before the end.
    Before(Length),
    /// At the end.
    AtEnd,
    /// That long after the end.
    After(Length),
}

/// One rung of a ladder; fires once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// The code in contracts and ledgers.
    pub code: String,
    /// When.
    pub offset: Offset,
    /// The clock's colour from then on.
    pub colour: Colour,
    /// Who is told.
    pub tells: Vec<Recipient>,
    /// What is issued.
    pub issues: Option<Instrument>,
    /// By when a supervision notice is to be answered, from its issue.
    pub reply_within: Option<Length>,
    /// The rung in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// How far a limit can be extended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The longest in all, counted from the same start as the limit itself.
    pub most: Length,
    /// A reason has to be given, and the complainant is told it.
    pub needs_reason: bool,
    /// Who may approve; one of them does.
    pub approvers: Vec<Approver>,
    /// The longest in all that the unit's principal head may approve; what is longer is for the others. Absent: any length.
    pub head_up_to: Option<Length>,
    /// The extension in words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
}

/// A cause for which the time of a limit stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The code in contracts and ledgers.
    pub code: String,
    /// The longest that one pause lasts: the time goes on by itself then.
    pub most: Length,
    /// The cause in words.
    pub text: Text,
    /// The article, or a house setting.
    pub basis: Basis,
}

/// A time limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What tells it apart from others of its stage; only where it is for some kinds of complaint.
    pub code: Option<String>,
    /// What it is for.
    pub stage: Stage,
    /// How long.
    pub length: Length,
    /// In words.
    pub text: Text,
    /// The article.
    pub basis: Basis,
    /// How far it can be extended, if at all.
    pub extension: Option<Extension>,
    /// For what it stands still; none where nothing stops it.
    pub pauses: Vec<Pause>,
    /// The ladder, in order of time.
    pub rungs: Vec<Rung>,
    when: Option<Condition>,
}

impl Stage {
    /// The event that starts the clock; the one and only that the services start it by.
    pub const fn starts(self) -> Start {
        match self {
            Self::Case => Start::Accepted,
            Self::Handling | Self::Acknowledge | Self::Joint | Self::Return => Start::Transferred,
            Self::Supplement => Start::SupplementAsked,
            Self::Reply => Start::Concluded,
            Self::ReportAnswer => Start::AnswerDemanded,
            Self::Acceptance | Self::Plan | Self::FirstContact | Self::Inquiry => Start::Registered,
            Self::Callback | Self::FormReturn => Start::Contacted,
            Self::SecondContact => Start::FormReturned,
            Self::Told => Start::AdmissionDecided,
            Self::ClaimAnswer | Self::Claim => Start::ClaimMade,
            Self::Payment => Start::Agreed,
            Self::Verification => Start::Dissatisfied,
        }
    }
}

impl Limit {
    /// The complaints it is for, as the file has it; all of them where it says nothing.
    pub fn when(&self) -> Option<&str> {
        self.when.as_ref().map(Condition::source)
    }

    /// The first limit of a stage that is for such a complaint.
    pub(crate) fn first<'l>(
        limits: &'l [Self],
        stage: Stage,
        complaint: &ComplaintFacts,
        case: &CaseFacts,
    ) -> Option<&'l Self> {
        let scope = Scope { case: Some(case), ..Scope::of(complaint) };
        let evaluation = Evaluation::new(&scope);
        let applies = |limit: &&Self| limit.when.as_ref().is_none_or(|when| when.holds(&evaluation));
        limits.iter().filter(|limit| limit.stage == stage).find(applies)
    }

    /// Reads every `[[limit]]`: of a stage, those for some complaints before the one for all others.
    pub(crate) fn read_all(root: &Table<'_>, vocabulary: &Vocabulary) -> Vec<Self> {
        let mut limits: Vec<Self> = Vec::new();
        let mut all_read = true;
        let mut taken = Vec::new();
        for table in root.tables("limit") {
            let Some(limit) = Self::read(&table, vocabulary, &mut taken) else {
                all_read = false;
                continue;
            };
            let before = |other: &&Self| other.stage == limit.stage && other.when.is_none();
            if limits.iter().any(|other| before(&other)) {
                let expected = "the one without `when` last".to_owned();
                table.fault(format!("a limit for `{}` after the one for all", limit.stage), Some(expected));
            }
            limits.push(limit);
        }
        if all_read && !limits.iter().any(|limit| limit.stage == Stage::Case && limit.when.is_none()) {
            root.fault("there is no limit for the case", Some("[[limit]] with stage = \"case\"".into()));
        }
        limits
    }

    fn read(table: &Table<'_>, vocabulary: &Vocabulary, taken: &mut Vec<String>) -> Option<Self> {
        let (stage, starts) = (table.choice::<Stage>("stage"), table.choice::<Start>("starts"));
        let code = table.get("code").map(|_| take_code(table, taken));
        let when = Condition::read_when(table, Sight::Case, vocabulary);
        if table.get("when").is_some() && code.is_none() {
            table.fault("a limit for some complaints has no code", Some("`code` of its own".into()));
        }
        let (length, text, basis) = (table.length("length"), Text::read(table), Basis::read(table));
        let extension = table.get("extension").and_then(|node| Extension::read(&node.table()?, length));
        let (rungs, pauses) = (read_rungs(table), Pause::read_all(table));
        table.finish();
        let (stage, starts) = (stage?, starts?);
        if starts != stage.starts() {
            let expected = format!("`{}`: no other start is carried out", stage.starts());
            table.get("starts")?.fault(format!("`{stage}` cannot start with `{starts}`"), Some(expected));
        }
        let pauses = pauses?;
        if !pauses.is_empty() && stage != Stage::Case {
            table.fault("only the case's limit says for what the time stands still", None);
        }
        let code = code.flatten();
        Some(Self {
            code,
            stage,
            length: length?,
            text: text?,
            basis: basis?,
            extension,
            pauses,
            rungs: rungs?,
            when,
        })
    }
}

impl Extension {
    /// Whether this approver may approve this length in all.
    pub fn may_approve(&self, approver: Approver, length: Length) -> bool {
        let within = |most| compare(length, most).is_some_and(std::cmp::Ordering::is_le);
        self.approvers.contains(&approver)
            && (approver != Approver::PrincipalHead || self.head_up_to.is_none_or(within))
    }

    fn read(table: &Table<'_>, length: Option<Length>) -> Option<Self> {
        let (most, needs_reason) = (table.length("most"), table.flag_or("needs_reason", true));
        let (approvers, text, basis) = (table.choices("approvers"), Text::read(table), Basis::read(table));
        let head_up_to = table.opt_length("head_up_to");
        table.finish();
        let most = most?;
        let approvers: Option<Vec<Approver>> = approvers;
        if approvers.as_ref().is_some_and(|all| all.contains(&Approver::LeaderInCharge)) {
            let expected = "`principal_head`, `competent_superior`: no other is carried out";
            table.get("approvers")?.fault("a leader in charge extends nothing", Some(expected.into()));
        }
        if head_up_to
            .is_some_and(|most_of_head| compare(most_of_head, most).is_none_or(std::cmp::Ordering::is_ge))
        {
            let expected = format!("less than {most}, in the same unit");
            table.get("head_up_to")?.fault("the head may approve any length", Some(expected));
        }
        let others = |all: &Vec<Approver>| all.iter().any(|one| *one != Approver::PrincipalHead);
        if head_up_to.is_some() && !approvers.as_ref().is_none_or(others) {
            let expected = "another in `approvers`, as \"competent_superior\"";
            table.get("head_up_to")?.fault("nobody may approve what is longer", Some(expected.into()));
        }
        let node = table.get("most")?;
        match length.map(|length| (length, compare(most, length))) {
            None | Some((_, Some(std::cmp::Ordering::Greater))) => {}
            Some((length, Some(_))) => {
                node.fault(
                    format!("{most} in all is no longer than the limit"),
                    Some(format!("more than {length}")),
                );
            }
            Some((length, None)) => {
                node.fault(format!("{most} cannot be compared with {length}"), Some("the same unit".into()));
            }
        }
        Some(Self {
            most,
            needs_reason: needs_reason?,
            approvers: approvers?,
            head_up_to,
            text: text?,
            basis: basis?,
        })
    }
}

impl Pause {
    fn read_all(table: &Table<'_>) -> Option<Vec<Self>> {
        let mut taken = Vec::new();
        table.tables("pause").iter().map(|table| Self::read(table, &mut taken)).collect()
    }

    fn read(table: &Table<'_>, taken: &mut Vec<String>) -> Option<Self> {
        let (code, most) = (take_code(table, taken), table.length("most"));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        Some(Self { code: code?, most: most?, text: text?, basis: basis? })
    }
}

fn read_rungs(table: &Table<'_>) -> Option<Vec<Rung>> {
    let mut taken = Vec::new();
    let mut rungs: Vec<Rung> = Vec::new();
    let mut sound = true;
    for t in table.tables("rung") {
        let Some(rung) = Rung::read(&t, &mut taken) else {
            sound = false;
            continue;
        };
        if rungs.last().is_some_and(|last| earlier(rung.offset, last.offset)) {
            t.fault("the rung is earlier than the one before it", Some("rungs in order of time".into()));
        }
        rungs.push(rung);
    }
    sound.then_some(rungs)
}

impl Rung {
    fn read(table: &Table<'_>, taken: &mut Vec<String>) -> Option<Self> {
        let (code, offset) = (take_code(table, taken), read_offset(table));
        let (colour, tells) = (table.choice("colour"), table.choices("tells"));
        let (issues, reply_within) = (table.opt_choice("issues"), table.opt_length("reply_within"));
        let (text, basis) = (Text::read(table), Basis::read(table));
        table.finish();
        if reply_within.is_some() && issues != Some(Instrument::SupervisionNotice) {
            let expected = "issues = \"supervision_notice\"";
            table.get("reply_within")?.fault("only a supervision notice is answered", Some(expected.into()));
            return None;
        }
        Some(Self {
            code: code?,
            offset: offset?,
            colour: colour?,
            tells: tells?,
            issues,
            reply_within,
            text: text?,
            basis: basis?,
        })
    }
}

fn read_offset(table: &Table<'_>) -> Option<Offset> {
    const EXPECTED: &str = "\"2 workdays before\", \"end\" or \"1 workdays after\"";
    let node = table.need("at", EXPECTED)?;
    let text = node.string()?;
    let offset = parse_offset(&text);
    if offset.is_none() {
        node.fault(format!("`{text}` is no place on the ladder"), Some(EXPECTED.into()));
    }
    offset
}

/// A place on the ladder, as a file writes it.
pub(crate) fn parse_offset(text: &str) -> Option<Offset> {
    match text.rsplit_once(' ') {
        None if text == "end" => Some(Offset::AtEnd),
        Some((length, "before")) => length.parse().ok().map(Offset::Before),
        Some((length, "after")) => length.parse().ok().map(Offset::After),
        _ => None,
    }
}

/// Whether `a` is certainly earlier than `b`; of different units only the side is compared.
pub(crate) fn earlier(a: Offset, b: Offset) -> bool {
    use std::cmp::Ordering::{Greater, Less};
    match (a, b) {
        (Offset::Before(x), Offset::Before(y)) => compare(x, y) == Some(Greater),
        (Offset::After(x), Offset::After(y)) => compare(x, y) == Some(Less),
        (Offset::Before(_), _) | (Offset::AtEnd, Offset::After(_)) => true,
        (Offset::AtEnd | Offset::After(_), _) => false,
    }
}

/// Compares two lengths of the same unit, hours and minutes being one; of different units nothing can be said without a
/// calendar.
pub(crate) fn compare(a: Length, b: Length) -> Option<std::cmp::Ordering> {
    match (a, b) {
        (Length::Workdays(x), Length::Workdays(y))
        | (Length::Days(x), Length::Days(y))
        | (Length::Months(x), Length::Months(y))
        | (Length::DutyMinutes(x), Length::DutyMinutes(y)) => Some(x.cmp(&y)),
        _ => Some(minutes(a)?.cmp(&minutes(b)?)),
    }
}

/// A length that runs day and night, in minutes.
fn minutes(length: Length) -> Option<u64> {
    match length {
        Length::Hours(hours) => Some(u64::from(hours) * 60),
        Length::Minutes(minutes) => Some(minutes.into()),
        _ => None,
    }
}
