//! A case as one organ's ledger knows it: as home, as holder of a term, or both.

use duban_proto::common::v1::{CaseFacts, CaseState, Citation, ContentRef, Finding};
use duban_proto::routing::v1::{
    AppealNoted, DispositionSubmitted, EarlierResult, Handling, InvestigationRecorded, ReinvestigationNoted,
    RespondentFinding, SupersededBy, TermState, VoidAct,
};

use super::inquiry::{Inquiry, Recused};
use super::transfer::{Departed, Disputed, OwnAct, Proposed, Recalled, Returned};
use super::{Instrument, Part, Question};

/// A case in one organ's ledger: the row of `routed_case`, kept as one message because it is read and written whole.
/// Moments are microseconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
#[allow(clippy::struct_excessive_bools)] // each is told by an entry of its own
pub struct Case {
    /// The home.
    #[prost(string, tag = "1")]
    pub home: String,
    /// Counts the entries that changed it, from 1.
    #[prost(uint32, tag = "2")]
    pub version: u32,
    /// Where it stands.
    #[prost(enumeration = "CaseState", tag = "3")]
    pub state: i32,
    /// The facts it came with.
    #[prost(message, optional, tag = "4")]
    pub facts: Option<CaseFacts>,
    /// When it was opened here.
    #[prost(int64, tag = "5")]
    pub opened_at: i64,
    /// The organ it came up from; empty where it was registered here.
    #[prost(string, tag = "6")]
    pub came_from: String,
    /// The working copy, where this organ registered the case.
    #[prost(message, optional, tag = "7")]
    pub working_copy: Option<ContentRef>,
    /// The terms known here, oldest first.
    #[prost(message, repeated, tag = "8")]
    pub terms: Vec<Tenure>,
    /// The parent it was reported up to; empty where it was not.
    #[prost(string, tag = "9")]
    pub reported_to: String,
    /// What was found.
    #[prost(enumeration = "Finding", tag = "10")]
    pub finding: i32,
    /// The measures.
    #[prost(string, repeated, tag = "11")]
    pub measures: Vec<String>,
    /// The complainant has the result.
    #[prost(bool, tag = "12")]
    pub replied: bool,
    /// Acts of superseded terms.
    #[prost(message, repeated, tag = "13")]
    pub void_acts: Vec<VoidAct>,
    /// It was withdrawn, also where the centre goes on with it.
    #[prost(bool, tag = "14")]
    pub withdrawn: bool,
    /// The home concluded it; a holder may have approved its own disposition before that.
    #[prost(bool, tag = "15")]
    pub concluded: bool,
    /// The parts known here, by number.
    #[prost(message, repeated, tag = "50")]
    pub parts: Vec<Part>,
    /// What was found of each respondent; empty where `finding` is of all of them.
    #[prost(message, repeated, tag = "51")]
    pub findings: Vec<RespondentFinding>,
    /// Who withdrew from it here, or was made to, oldest first.
    #[prost(message, repeated, tag = "30")]
    pub recused: Vec<Recused>,
    /// The loans that an organ below asked of this one and that wait for a decision.
    #[prost(string, repeated, tag = "31")]
    pub lends: Vec<String>,
    /// The departures from the rule that were asked for, oldest first.
    #[prost(message, repeated, tag = "16")]
    pub departures: Vec<Departed>,
    /// How often it was returned, as far as it is known here.
    #[prost(uint32, tag = "17")]
    pub returns: u32,
    /// The disputes of competence, oldest first.
    #[prost(message, repeated, tag = "18")]
    pub disputes: Vec<Disputed>,
    /// The centre above its home, which settles disputes of competence; empty at a centre.
    #[prost(string, tag = "19")]
    pub centre: String,
    /// Its instruments in this organ's ledger, oldest first (7, 22).
    #[prost(message, repeated, tag = "35")]
    pub instruments: Vec<Instrument>,
    /// The results of before it was opened again, oldest first (3).
    #[prost(message, repeated, tag = "36")]
    pub results: Vec<EarlierResult>,
    /// How often it was opened again.
    #[prost(uint32, tag = "37")]
    pub reopenings: u32,
    /// When it was last opened again.
    #[prost(int64, optional, tag = "38")]
    pub reopened_at: Option<i64>,
    /// What this organ found clears the respondent.
    #[prost(bool, tag = "39")]
    pub cleared: bool,
    /// The closed organ that was its home before this one.
    #[prost(string, tag = "25")]
    pub inherited_from: String,
    /// Counts the homes it had by succession.
    #[prost(uint32, tag = "26")]
    pub homes: u32,
    /// This organ was closed as its home, and left it to `reported_to`.
    #[prost(bool, tag = "27")]
    pub passed: bool,
    /// Since when its texts are erased.
    #[prost(int64, optional, tag = "70")]
    pub erased_at: Option<i64>,
    /// The reinvestigation that was ordered, of the latest reopening (20, 5(2)).
    #[prost(message, optional, tag = "200")]
    pub reinvestigation: Option<ReinvestigationNoted>,
    /// The appeals of respondents that were decided, oldest first (5(2)).
    #[prost(message, repeated, tag = "201")]
    pub appeals: Vec<AppealNoted>,
    /// The questions to the centre that this organ asked on it, oldest first.
    #[prost(message, repeated, tag = "240")]
    pub questions: Vec<Question>,
    /// It was left to an organ above that takes it over (20).
    #[prost(bool, tag = "220")]
    pub taken_over: bool,
    /// The organ that is to handle it then; empty where it is the next home itself.
    #[prost(string, tag = "221")]
    pub assigned_to: String,
    /// When organs above asked for it in vain (20): each is answered once.
    #[prost(int64, repeated, tag = "222")]
    pub refused: Vec<i64>,
}

/// A term with its casework, as far as it is known here.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Tenure {
    /// Its number at the home, from 1.
    #[prost(uint32, tag = "1")]
    pub term: u32,
    /// The organ responsible.
    #[prost(string, tag = "2")]
    pub organ: String,
    /// How it is handled.
    #[prost(enumeration = "Handling", tag = "3")]
    pub handling: i32,
    /// Where it stands.
    #[prost(enumeration = "TermState", tag = "4")]
    pub state: i32,
    /// When it began.
    #[prost(int64, tag = "5")]
    pub begun_at: i64,
    /// When it was acknowledged.
    #[prost(int64, optional, tag = "6")]
    pub acknowledged_at: Option<i64>,
    /// Until when it has to be.
    #[prost(message, optional, tag = "7")]
    pub acknowledge_by: Option<prost_types::Timestamp>,
    /// The rule, article and version.
    #[prost(message, optional, tag = "8")]
    pub citation: Option<Citation>,
    /// The facts the rule stood on.
    #[prost(string, repeated, tag = "9")]
    pub facts_used: Vec<String>,
    /// Who investigates.
    #[prost(string, repeated, tag = "10")]
    pub investigators: Vec<String>,
    /// The records, oldest first.
    #[prost(message, repeated, tag = "11")]
    pub records: Vec<InvestigationRecorded>,
    /// The submissions, oldest first.
    #[prost(message, repeated, tag = "12")]
    pub rounds: Vec<Round>,
    /// What else the investigation has.
    #[prost(message, required, tag = "30")]
    pub inquiry: Inquiry,
    /// Until when it may be returned; absent where it may not.
    #[prost(message, optional, tag = "20")]
    pub return_by: Option<prost_types::Timestamp>,
    /// A compulsory assignment: it can't be returned.
    #[prost(bool, tag = "21")]
    pub compulsory: bool,
    /// How often the case was returned before.
    #[prost(uint32, tag = "22")]
    pub returns_before: u32,
    /// The return; absent where it was not returned.
    #[prost(message, optional, tag = "23")]
    pub returned: Option<Returned>,
    /// The returns that need or needed approval, oldest first.
    #[prost(message, repeated, tag = "24")]
    pub proposals: Vec<Proposed>,
    /// The recalls, oldest first.
    #[prost(message, repeated, tag = "25")]
    pub recalls: Vec<Recalled>,
    /// The later term that took over; 0 where none did.
    #[prost(uint32, tag = "26")]
    pub superseded_by: u32,
    /// Why, as far as it is known here.
    #[prost(enumeration = "SupersededBy", tag = "27")]
    pub superseded_because: i32,
    /// At its holder: what was done under it, oldest first.
    #[prost(message, repeated, tag = "28")]
    pub own_acts: Vec<OwnAct>,
    /// The holder took note that a later one took over.
    #[prost(bool, tag = "29")]
    pub left: bool,
    /// Since when the acknowledgement is overdue.
    #[prost(int64, optional, tag = "40")]
    pub acknowledgement_overdue_at: Option<i64>,
    /// How often the case had been opened again when it began.
    #[prost(uint32, tag = "41")]
    pub reopenings: u32,
}

/// A submission of report and form, and what the leader said.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Round {
    /// What was submitted.
    #[prost(message, optional, tag = "1")]
    pub submitted: Option<DispositionSubmitted>,
    /// By whom.
    #[prost(string, tag = "2")]
    pub submitted_by: String,
    /// Who decided; empty before.
    #[prost(string, tag = "3")]
    pub decided_by: String,
    /// It was approved.
    #[prost(bool, tag = "4")]
    pub approved: bool,
    /// Why it was returned.
    #[prost(message, optional, tag = "5")]
    pub reason: Option<ContentRef>,
    /// Whose deputy the leader was who decided.
    #[prost(string, repeated, tag = "30")]
    pub deputy_for: Vec<String>,
}

impl Case {
    /// A case that begins here.
    pub(crate) fn begin(home: &str, facts: Option<CaseFacts>, state: CaseState, at: i64) -> Self {
        Self {
            home: home.to_owned(),
            version: 1,
            state: state.into(),
            facts,
            opened_at: at,
            ..Self::default()
        }
    }

    /// The current term: the last one known here.
    pub fn current(&self) -> Option<&Tenure> {
        self.terms.last()
    }

    /// The current term's number; 0 before it is routed.
    pub fn current_term(&self) -> u32 {
        self.current().map_or(0, |tenure| tenure.term)
    }

    /// The working copy can be handed on: masks are confirmed, here or where the case came up from.
    pub fn is_ready(&self) -> bool {
        self.working_copy.is_some() || !self.came_from.is_empty()
    }

    /// Whether `organ` is its home.
    pub fn is_home(&self, organ: &str) -> bool {
        self.home == organ
    }

    /// The organ that registered it.
    pub fn registering_organ(&self) -> &str {
        self.facts.as_ref().map_or("", |facts| facts.registering_organ.as_str())
    }
}

impl Tenure {
    /// Whether this person took part: investigates or did, also as a deputy, was present at a record, or submitted a
    /// report. Also where others were appointed later: whoever took part does not decide (19).
    pub fn took_part(&self, person: &str) -> bool {
        let recorded = self.records.iter().flat_map(|record| &record.investigators);
        let submitted = self.rounds.iter().map(|round| &round.submitted_by);
        let ever = &self.inquiry.ever;
        self.investigators.iter().chain(recorded).chain(submitted).chain(ever).any(|name| name == person)
    }

    /// The submission that waits for the leader.
    pub fn open_round(&self) -> Option<&Round> {
        self.rounds.last().filter(|round| round.decided_by.is_empty())
    }
}
