//! An organ's ledger in memory, by the Baoshan measures.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use calendar::Calendar;
use content::Draft;
use duban_proto::common::v1::{CaseState, Finding, Rank, RespondentFacts, RespondentKind, Source};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseSummary, ComplaintReceived, DeliveryOutcome, ReplyDue};
use intake::domain::{
    Accept, Act, At, Automatic, Book, Case, Close, Command, ConfirmMasks, Entry, NoteExtension, NoteHandling,
    Outcome, Private, ProvideSupplement, Register, Rejection, RequestSupplement, SendReply, Submit, Way,
    decide,
};
use jiff::Timestamp;
use regulation::{Regulation, Rules};
use uuid::Uuid;

pub(crate) const CENTRE: &str = "baoshan";
pub(crate) const CASE: Uuid = Uuid::from_u128(1);
pub(crate) const OTHER_CASE: Uuid = Uuid::from_u128(2);
/// The id of the reply that a command makes due.
pub(crate) const REPLY: Uuid = Uuid::from_u128(100);

/// The id of the reply of a limit that ran out.
pub(crate) const LATE_REPLY: Uuid = Uuid::from_u128(102);

const ORIGINAL: Uuid = Uuid::from_u128(10);
const COPY: Uuid = Uuid::from_u128(11);

/// One organ, its rules and its book; `now` goes on as the test says.
pub(crate) struct Ledger {
    pub(crate) rules: Rules,
    pub(crate) book: Book,
    pub(crate) now: Timestamp,
    seq: u64,
}

/// A moment in Shanghai: "2026-03-02 10:00".
pub(crate) fn at(text: &str) -> Timestamp {
    format!("{}+08:00", text.replace(' ', "T")).parse().unwrap()
}

fn measures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml")
}

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    Rules::new(Arc::new(Regulation::load(&measures()).unwrap()), Arc::new(Calendar::bundled().unwrap()))
});

/// A ledger on Monday, 2 March 2026, 10:00.
pub(crate) fn ledger() -> Ledger {
    Ledger { rules: RULES.clone(), book: Book::default(), now: at("2026-03-02 10:00"), seq: 0 }
}

/// The same under measures with quiet hours from 21:00 to 08:00.
pub(crate) fn quiet_ledger() -> Ledger {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/regulations/baoshan-2009-5.toml");
    let hours =
        "[replies]\nquiet_hours = \"21:00-08:00\"\nzh = \"静\"\nen = \"quiet\"\nhouse = true\n\n[settings]";
    let source = std::fs::read_to_string(path).unwrap().replacen("[settings]", hours, 1);
    let regulation = Arc::new(Regulation::parse(&source, "quiet.toml").unwrap());
    Ledger { rules: Rules::new(regulation, Arc::new(Calendar::bundled().unwrap())), ..ledger() }
}

/// What the entry of a complete complaint says.
pub(crate) fn received() -> ComplaintReceived {
    ComplaintReceived {
        channel: "online".into(),
        source: Source::Citizen.into(),
        grounds: vec!["8.2".into()],
        respondents: vec![RespondentFacts {
            organ: "baoshan.luodian.services".into(),
            kind: RespondentKind::Person.into(),
            rank: Rank::Unranked.into(),
            head: false,
        }],
        original: Some(draft(ORIGINAL, 1).reference()),
        ..ComplaintReceived::default()
    }
}

/// A sealed text.
pub(crate) fn draft(item_id: Uuid, version: u32) -> Draft {
    Draft {
        case_id: CASE,
        item_id,
        version,
        kind: "text",
        sealed: b"sealed".as_slice().into(),
        commitment: [7; 32],
    }
}

pub(crate) fn kept(drafts: Vec<Draft>) -> Arc<Private> {
    Arc::new(Private { key: None, drafts, identity: None })
}

/// How the case goes on, as routing tells.
pub(crate) fn note(state: CaseState) -> NoteHandling {
    NoteHandling {
        state,
        organ: String::new(),
        term: 0,
        finding: Finding::Unspecified,
        approved_at: None,
        reply_id: REPLY,
        retention_years: 0,
    }
}

impl Ledger {
    /// Decides, and takes the entries into the book.
    pub(crate) fn does(&mut self, command: &Command) -> Result<Outcome, Rejection> {
        self.has_done("zhang.wei", command)
    }

    /// The same, for a command about the case.
    pub(crate) fn acts(&mut self, act: Act) -> Result<Outcome, Rejection> {
        self.by("zhang.wei", act)
    }

    /// The same, by this person.
    pub(crate) fn by(&mut self, actor: &str, act: Act) -> Result<Outcome, Rejection> {
        self.has_done(actor, &Command { case_id: Some(CASE), agency: None, act })
    }

    pub(crate) fn has_done(&mut self, actor: &str, command: &Command) -> Result<Outcome, Rejection> {
        let outcome = decide(&self.rules, &self.book, command, At { organ: CENTRE, now: self.now, actor })?;
        let own = outcome.facts.iter().map(|kind| (command.case_id, kind));
        let others = outcome.on_others.iter().map(|(case_id, kind)| (Some(*case_id), kind));
        for (case_id, kind) in own.chain(others) {
            self.seq += 1;
            let entry = Entry { seq: self.seq, at: self.now, actor, case_id, kind };
            self.book.evolve(&entry);
        }
        Ok(outcome)
    }

    /// The same by the measures with this instead of that, everywhere.
    pub(crate) fn by_measures(mut self, that: &str, this: &str) -> Self {
        let source = std::fs::read_to_string(measures()).unwrap();
        assert!(source.contains(that));
        let regulation = Regulation::parse(&source.replace(that, this), "changed.toml").unwrap();
        self.rules = Rules::new(Arc::new(regulation), Arc::new(Calendar::bundled().unwrap()));
        self
    }

    /// A complaint comes in through a desk, or through a system.
    pub(crate) fn submits(&mut self, case_id: Uuid, received: ComplaintReceived, desk: bool) -> Outcome {
        let register = desk.then(register);
        let submit = Submit { received, register, automatic: None, private: kept(Vec::new()) };
        let command = Command { case_id: Some(case_id), agency: None, act: Act::Submit(Box::new(submit)) };
        self.does(&command).unwrap()
    }

    /// A complaint that has everything is accepted by the rules, with its masks.
    pub(crate) fn submits_automatically(&mut self) -> Outcome {
        let automatic = Some(Automatic { working_copy: Some((draft(COPY, 1).reference(), 3)) });
        let submit =
            Submit { received: received(), register: Some(register()), automatic, private: kept(Vec::new()) };
        self.acts(Act::Submit(Box::new(submit))).unwrap()
    }

    /// A case that a desk registered, complete.
    pub(crate) fn with_registered(mut self) -> Self {
        self.submits(CASE, received(), true);
        self
    }

    /// A case that a desk registered without a contact.
    pub(crate) fn with_incomplete(mut self) -> Self {
        let missing = vec!["complainant.contact".to_owned()];
        self.submits(CASE, ComplaintReceived { missing, ..received() }, true);
        self
    }

    /// A case that was accepted.
    pub(crate) fn with_accepted(self) -> Self {
        let mut ledger = self.with_registered();
        ledger.accepts(&[], false).unwrap();
        ledger
    }

    /// A case that was concluded, with the result to tell.
    pub(crate) fn with_concluded(self) -> Self {
        let mut ledger = self.with_accepted();
        let concluded = NoteHandling { finding: Finding::Founded, ..note(CaseState::Concluded) };
        ledger.acts(Act::NoteHandling(concluded)).unwrap();
        ledger
    }

    pub(crate) fn registers(&mut self) -> Result<Outcome, Rejection> {
        self.acts(Act::Register(register()))
    }

    pub(crate) fn asks(&mut self, fields: &[&str]) -> Result<Outcome, Rejection> {
        let fields = fields.iter().map(ToString::to_string).collect();
        let version = self.version();
        self.acts(Act::RequestSupplement(RequestSupplement { version, fields, reply_id: REPLY }))
    }

    /// The complainant supplies all, in this version of the original.
    pub(crate) fn supplies(&mut self, version: u32) -> Result<Outcome, Rejection> {
        self.supplies_but(version, Vec::new())
    }

    /// The same, but for what is still missing.
    pub(crate) fn supplies_but(&mut self, version: u32, missing: Vec<String>) -> Result<Outcome, Rejection> {
        let original = draft(ORIGINAL, version);
        self.acts(Act::ProvideSupplement(Box::new(ProvideSupplement {
            original: original.reference(),
            missing,
            respondents: received().respondents,
            anonymous: false,
            no_contact: false,
            reply_id: LATE_REPLY,
            private: kept(vec![original]),
        })))
    }

    pub(crate) fn accepts(&mut self, grounds: &[&str], with_note: bool) -> Result<Outcome, Rejection> {
        let accept = self.acceptance(grounds, with_note);
        self.acts(Act::Accept(accept))
    }

    pub(crate) fn acceptance(&self, grounds: &[&str], with_note: bool) -> Accept {
        Accept {
            version: self.version(),
            grounds: grounds.iter().map(ToString::to_string).collect(),
            note: with_note.then(|| draft(Uuid::from_u128(12), 1)),
            despite_missing: false,
            reply_id: REPLY,
        }
    }

    pub(crate) fn closes(&mut self, way: Way) -> Result<Outcome, Rejection> {
        let explanation = Some(draft(REPLY, 1));
        let version = self.version();
        self.acts(Act::Close(Close { version, way, explanation, reply_id: REPLY }))
    }

    /// Masks of this version of the original, for this version of the working copy.
    pub(crate) fn masks(&mut self, content_version: u32, copy: u32) -> Result<Outcome, Rejection> {
        self.acts(Act::ConfirmMasks(ConfirmMasks { content_version, masks: 2, copy: draft(COPY, copy) }))
    }

    pub(crate) fn tells(&mut self, reply_id: Uuid, outcome: DeliveryOutcome) -> Result<Outcome, Rejection> {
        let text = draft(Uuid::from_u128(13), 1);
        self.acts(Act::SendReply(SendReply { reply_id, form: "call".into(), outcome, text }))
    }

    pub(crate) fn notes_extension(&mut self, length: &str) -> Outcome {
        let length = length.to_owned();
        let note = NoteExtension {
            length,
            article: "17".into(),
            due_at: None,
            reply_id: Uuid::from_u128(101),
            told: None,
        };
        self.acts(Act::NoteExtension(note)).unwrap()
    }

    pub(crate) fn case(&self) -> &Case {
        self.book.case(CASE).unwrap()
    }

    pub(crate) fn version(&self) -> u32 {
        self.case().version
    }
}

fn register() -> Register {
    Register { prefix: "宝效投".into(), reply_id: REPLY }
}

/// The names of what happened.
pub(crate) fn names(outcome: &Outcome) -> Vec<&'static str> {
    outcome.facts.iter().map(name).collect()
}

fn name(kind: &Kind) -> &'static str {
    match kind {
        Kind::ComplaintReceived(_) => "received",
        Kind::CaseRegistered(_) => "registered",
        Kind::SupplementRequested(_) => "supplement requested",
        Kind::SupplementProvided(_) => "supplement provided",
        Kind::CaseAccepted(_) => "accepted",
        Kind::CaseDeclined(_) => "declined",
        Kind::CaseReferred(_) => "referred",
        Kind::DirectedElsewhere(_) => "directed elsewhere",
        Kind::MasksConfirmed(_) => "masks confirmed",
        Kind::ComplaintWithdrawn(_) => "withdrawn",
        Kind::HandlingNoted(_) => "handling noted",
        Kind::ReplyDue(_) => "reply due",
        Kind::ReplyDelivered(_) => "reply delivered",
        Kind::IdentityOpened(_) => "identity opened",
        Kind::OrganNoted(_) => "organ noted",
        Kind::CaseLinked(_) => "linked",
        Kind::CaseUnlinked(_) => "unlinked",
        Kind::GrantRequested(_) => "grant requested",
        Kind::GrantDecided(_) => "grant decided",
        Kind::ConductRecorded(_) => "conduct recorded",
        Kind::CaseCorrected(_) => "corrected",
        Kind::AttachmentBegun(_) => "attachment begun",
        Kind::AttachmentReceived(_) => "attachment received",
        Kind::AttachmentPassedOn(_) => "attachment passed on",
        Kind::AttachmentOpened(_) => "attachment opened",
        Kind::AttachmentRemoved(_) => "attachment removed",
        Kind::ComplaintTreated(_) => "treated",
        Kind::ReferralAnswered(_) => "referral answered",
        Kind::ReferralOverdue(_) => "referral overdue",
        Kind::ReportReceived(_) => "report received",
        Kind::ReportOpened(_) => "report opened",
        Kind::AnswerDemanded(_) => "answer demanded",
        Kind::DemandAnswered(_) => "demand answered",
        Kind::DemandOverdue(_) => "demand overdue",
        Kind::ReportClosed(_) => "report closed",
        Kind::DeliveryBegun(_) => "delivery begun",
        Kind::DeliveryFailed(_) => "delivery failed",
        Kind::DeliveryDeferred(_) => "delivery deferred",
        Kind::DeliveryDecided(_) => "delivery decided",
        Kind::RetentionSet(_) => "retention set",
        Kind::DisposalProposed(_) => "disposal proposed",
        Kind::ErasureDecided(_) => "erasure decided",
        Kind::ErasureRequested(_) => "erasure requested",
        Kind::CaseErased(_) => "erased",
        Kind::CaseReopened(_) => "reopened",
        Kind::SummarySubmitted(_) => "summary submitted",
        Kind::SummaryReviewed(_) => "summary reviewed",
        Kind::SummaryApproved(_) => "summary approved",
        Kind::SummaryReturned(_) => "summary returned",
        Kind::SummaryHandedOver(_) => "summary handed over",
        Kind::InstructionProposed(_) => "proposed",
        Kind::InstructionRecorded(_) => "instructed",
        Kind::InstructionReported(_) => "reported back",
        Kind::UrgencySet(_) => "urgency set",
        Kind::OfficersLent(_) => "officers lent",
        Kind::HandlingRated(_) => "rated",
    }
}

pub(crate) fn told(outcome: &Outcome) -> &CaseSummary {
    outcome.answer.case.as_ref().unwrap()
}

/// The reply that has to be made.
pub(crate) fn due(outcome: &Outcome) -> &ReplyDue {
    let due = outcome.facts.iter().find_map(|kind| match kind {
        Kind::ReplyDue(due) => Some(due),
        _ => None,
    });
    due.expect("a reply is due")
}
