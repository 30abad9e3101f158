//! What one batch works on: the cases, replies and registers of one organ.

mod changes;
mod evolve;

pub use changes::Changes;

use std::collections::{BTreeMap, HashMap, HashSet};

use duban_proto::common::v1::Organ;
use duban_proto::intake::v1::{ReplyOccasion, event::Kind};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Attachment, Case, FacetRows, Grant, Instruction, Lent, Link, Other, Referral, Reply, Report, Retained,
    Summary,
};

/// A reading of an identity, on record (15): the row of `identity_reading`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The case.
    pub case_id: Uuid,
    /// The number of its entry in the ledger.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who: the subject of the token.
    pub reader: String,
    /// For what.
    pub purpose: String,
}

/// An entry, as far as intake's tables depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its number in the ledger.
    pub seq: u64,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub actor: &'a str,
    /// The case.
    pub case_id: Option<Uuid>,
    /// What happened.
    pub kind: &'a Kind,
}

/// The rows of a batch, and which of them changed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    cases: HashMap<Uuid, Tracked<Case>>,
    replies: HashMap<Uuid, Tracked<Reply>>,
    registers: BTreeMap<u32, Tracked<u32>>,
    links: HashMap<(Uuid, Other), Tracked<Link>>,
    grants: HashMap<Uuid, Tracked<Grant>>,
    attachments: BTreeMap<Uuid, Tracked<Attachment>>,
    retained: HashMap<Uuid, Tracked<Retained>>,
    held: HashSet<Uuid>,
    readings: Vec<Reading>,
    organs: Vec<Organ>,
    facets: FacetRows,
    referrals: HashMap<Uuid, Tracked<Referral>>,
    reports: HashMap<Uuid, Tracked<Report>>,
    summaries: BTreeMap<Uuid, Tracked<Summary>>,
    instructions: BTreeMap<Uuid, Tracked<Instruction>>,
    lent: Vec<Lent>,
}

#[derive(Clone, Debug, PartialEq)]
struct Tracked<T> {
    value: T,
    changed: bool,
}

impl Book {
    /// The book of what was loaded.
    pub fn new(cases: Vec<Case>, replies: Vec<Reply>, registers: Vec<(u32, u32)>) -> Self {
        Self {
            cases: cases.into_iter().map(|case| (case.case_id, Tracked::loaded(case))).collect(),
            replies: replies.into_iter().map(|reply| (reply.reply_id, Tracked::loaded(reply))).collect(),
            registers: registers.into_iter().map(|(year, last)| (year, Tracked::loaded(last))).collect(),
            ..Self::default()
        }
    }

    /// The case of this id.
    pub fn case(&self, case_id: Uuid) -> Option<&Case> {
        self.cases.get(&case_id).map(|tracked| &tracked.value)
    }

    /// The reply of this id.
    pub fn reply(&self, reply_id: Uuid) -> Option<&Reply> {
        self.replies.get(&reply_id).map(|tracked| &tracked.value)
    }

    /// All replies.
    pub fn replies(&self) -> impl Iterator<Item = &Reply> {
        self.replies.values().map(|tracked| &tracked.value)
    }

    /// Whether the complainant has to be told the same sort of thing again later.
    pub fn has_later(&self, reply: &Reply) -> bool {
        let mut others = self.replies.values().map(|tracked| &tracked.value);
        others.any(|other| {
            (other.case_id, other.occasion) == (reply.case_id, reply.occasion) && other.since > reply.since
        })
    }

    /// Whether a result of the case waits to be told.
    pub fn owes_result(&self, case_id: Uuid) -> bool {
        let mut replies = self.replies.values().map(|tracked| &tracked.value);
        replies.any(|reply| {
            reply.case_id == case_id && reply.occasion == ReplyOccasion::Result && reply.is_open()
        })
    }

    /// The same book, with these links.
    #[must_use]
    pub fn with_links(mut self, links: Vec<Link>) -> Self {
        let key = |link: &Link| (link.case_id, link.other.clone());
        self.links = links.into_iter().map(|link| (key(&link), Tracked::loaded(link))).collect();
        self
    }

    /// The same book, with these grants.
    #[must_use]
    pub fn with_grants(mut self, grants: Vec<Grant>) -> Self {
        self.grants = grants.into_iter().map(|grant| (grant.grant_id, Tracked::loaded(grant))).collect();
        self
    }

    /// The same book, with these files of cases.
    #[must_use]
    pub fn with_attachments(mut self, attachments: Vec<Attachment>) -> Self {
        let keyed = |attachment: Attachment| (attachment.attachment_id, Tracked::loaded(attachment));
        self.attachments = attachments.into_iter().map(keyed).collect();
        self
    }

    /// The files of a case.
    pub fn attachments_of(&self, case_id: Uuid) -> impl Iterator<Item = &Attachment> {
        self.attachments.values().map(|tracked| &tracked.value).filter(move |file| file.case_id == case_id)
    }

    /// A file of a case.
    pub fn attachment(&self, case_id: Uuid, attachment_id: Uuid) -> Option<&Attachment> {
        let tracked = self.attachments.get(&attachment_id)?;
        Some(&tracked.value).filter(|file| file.case_id == case_id)
    }

    /// The same book, with these referrals.
    #[must_use]
    pub fn with_referrals(mut self, referrals: Vec<Referral>) -> Self {
        self.referrals = referrals.into_iter().map(|one| (one.case_id, Tracked::loaded(one))).collect();
        self
    }

    /// The referral of a case.
    pub fn referral(&self, case_id: Uuid) -> Option<&Referral> {
        self.referrals.get(&case_id).map(|tracked| &tracked.value)
    }

    /// The same book, with these reports.
    #[must_use]
    pub fn with_reports(mut self, reports: Vec<Report>) -> Self {
        self.reports = reports.into_iter().map(|one| (one.report_id, Tracked::loaded(one))).collect();
        self
    }

    /// The report of this id.
    pub fn report(&self, report_id: Uuid) -> Option<&Report> {
        self.reports.get(&report_id).map(|tracked| &tracked.value)
    }

    /// The same book, with these summaries.
    #[must_use]
    pub fn with_summaries(mut self, summaries: Vec<Summary>) -> Self {
        self.summaries = summaries.into_iter().map(|one| (one.summary_id, Tracked::loaded(one))).collect();
        self
    }

    /// The summaries of a case.
    pub fn summaries_of(&self, case_id: Uuid) -> impl Iterator<Item = &Summary> {
        self.summaries.values().map(|tracked| &tracked.value).filter(move |one| one.case_id == case_id)
    }

    /// A summary of a case.
    pub fn summary(&self, case_id: Uuid, summary_id: Uuid) -> Option<&Summary> {
        let tracked = self.summaries.get(&summary_id)?;
        Some(&tracked.value).filter(|one| one.case_id == case_id)
    }

    /// The same book, with these leaders' instructions.
    #[must_use]
    pub fn with_instructions(mut self, instructions: Vec<Instruction>) -> Self {
        let keyed = |one: Instruction| (one.instruction_id, Tracked::loaded(one));
        self.instructions = instructions.into_iter().map(keyed).collect();
        self
    }

    /// A leader's instruction on a case.
    pub fn instruction(&self, case_id: Uuid, instruction_id: Uuid) -> Option<&Instruction> {
        let tracked = self.instructions.get(&instruction_id)?;
        Some(&tracked.value).filter(|one| one.case_id == case_id)
    }

    /// The same book, with how long cases are kept, and those of them that are linked to an open one.
    #[must_use]
    pub fn with_retained(mut self, retained: Vec<(Uuid, Retained)>, held: Vec<Uuid>) -> Self {
        self.retained = retained.into_iter().map(|(id, retained)| (id, Tracked::loaded(retained))).collect();
        self.held = held.into_iter().collect();
        self
    }

    /// How long a case is kept, and what became of it.
    pub fn retained(&self, case_id: Uuid) -> Option<&Retained> {
        self.retained.get(&case_id).map(|tracked| &tracked.value)
    }

    /// Whether a case is linked to an open one.
    pub fn is_held(&self, case_id: Uuid) -> bool {
        self.held.contains(&case_id)
    }

    /// A grant on a case.
    pub fn grant(&self, case_id: Uuid, grant_id: Uuid) -> Option<&Grant> {
        self.grants.get(&grant_id).map(|tracked| &tracked.value).filter(|grant| grant.case_id == case_id)
    }

    /// The link of a case to another, also one that was taken back.
    pub fn link(&self, case_id: Uuid, other: &Other) -> Option<&Link> {
        self.links.get(&(case_id, other.clone())).map(|tracked| &tracked.value)
    }

    /// The same where the other's organ is not known.
    pub fn link_to(&self, case_id: Uuid, other: Uuid) -> Option<&Link> {
        let mut links = self.links.values().map(|tracked| &tracked.value);
        links.find(|link| link.case_id == case_id && link.other.case_id == other)
    }

    /// The next number in the register of a year, from 1.
    pub fn next_ordinal(&self, year: u32) -> u32 {
        self.registers.get(&year).map_or(0, |last| last.value).saturating_add(1)
    }
}

impl<T> Tracked<T> {
    fn loaded(value: T) -> Self {
        Self { value, changed: false }
    }

    fn new(value: T) -> Self {
        Self { value, changed: true }
    }

    fn if_changed(self) -> Option<T> {
        self.changed.then_some(self.value)
    }
}
