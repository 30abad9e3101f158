//! What one batch works on: the cases, replies and registers of one organ.

use std::collections::{BTreeMap, HashMap, HashSet};

use duban_proto::common::v1::{ContentRef, Organ};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseLinked, DeliveryOutcome, IdentityGrant, ReplyOccasion, RetentionStage};
use jiff::Timestamp;
use uuid::Uuid;

use super::attachment::attachment_of;
use super::instruction::instruction_of;
use super::summary::summary_of;
use super::{
    Attachment, Case, Demand, FacetRows, Grant, Instruction, Link, Other, Referral, Reply, Report, Retained,
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
}

#[derive(Clone, Debug, PartialEq)]
struct Tracked<T> {
    value: T,
    changed: bool,
}

/// The rows that changed, to be saved.
#[derive(Debug, Default)]
pub struct Changes {
    /// Cases.
    pub cases: Vec<Case>,
    /// Replies.
    pub replies: Vec<Reply>,
    /// Years, and the last number given out in each.
    pub registers: Vec<(u32, u32)>,
    /// Links.
    pub links: Vec<Link>,
    /// Grants.
    pub grants: Vec<Grant>,
    /// Files of cases.
    pub attachments: Vec<Attachment>,
    /// How long cases are kept, and what became of them.
    pub retained: Vec<(Uuid, Retained)>,
    /// New readings.
    pub readings: Vec<Reading>,
    /// Organs as they are now.
    pub organs: Vec<Organ>,
    /// What cases are looked for by.
    pub facets: FacetRows,
    /// Referrals.
    pub referrals: Vec<Referral>,
    /// Reports, with what was demanded on them.
    pub reports: Vec<Report>,
    /// What respondents are given.
    pub summaries: Vec<Summary>,
    /// Leaders' instructions.
    pub instructions: Vec<Instruction>,
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

    /// Takes in an entry: the only way anything changes, in a batch as in a rebuild.
    pub fn evolve(&mut self, entry: &Entry<'_>) {
        if let Kind::OrganNoted(event) = entry.kind {
            self.organs.extend(event.organ.clone());
        }
        let Some(case_id) = entry.case_id else { return };
        match entry.kind {
            Kind::ComplaintReceived(event) => {
                let case = Case::begin(case_id, event.clone(), entry.at);
                self.facets.change(None, &case);
                self.cases.insert(case_id, Tracked::new(case));
                return;
            }
            Kind::CaseRegistered(event) if event.ordinal > 0 => {
                let last = self.registers.entry(event.year).or_insert_with(|| Tracked::loaded(0));
                *last = Tracked::new(last.value.max(event.ordinal));
            }
            Kind::ReplyDue(event) => {
                if let Some(reply) = Reply::due(case_id, event, entry.at) {
                    self.replies.insert(reply.reply_id, Tracked::new(reply));
                }
            }
            Kind::ReplyDelivered(event) => {
                let id = Uuid::try_parse(&event.reply_id).unwrap_or_default();
                if let Some(reply) = self.replies.get_mut(&id) {
                    reply.value.apply(event);
                    reply.changed = true;
                }
            }
            Kind::HandlingRated(event) => {
                let id = Uuid::try_parse(&event.reply_id).unwrap_or_default();
                if let Some(reply) = self.replies.get_mut(&id) {
                    reply.value.rated = true;
                    reply.changed = true;
                }
            }
            Kind::CaseReferred(event) => {
                let referral = Referral::of(case_id, event, entry.at);
                self.referrals.insert(case_id, Tracked::new(referral));
            }
            Kind::ReferralAnswered(event) => {
                self.refers(case_id, |referral| referral.answer = Some(event.clone()));
            }
            Kind::ReferralOverdue(_) => {
                self.refers(case_id, |referral| referral.overdue_since = Some(entry.at));
            }
            Kind::ReportReceived(event) => {
                let report = Report::begin(case_id, event.clone(), entry.at);
                self.reports.insert(case_id, Tracked::new(report));
            }
            Kind::AnswerDemanded(event) => {
                let demand = Demand::of(case_id, event, entry.at);
                self.reports(case_id, |report| report.demands.extend(demand));
            }
            Kind::DemandAnswered(event) => self.reports(case_id, |report| {
                report.change_demand(&event.demand_id, |demand| {
                    (demand.answered, demand.answered_at) = (Some(event.clone()), Some(entry.at));
                });
            }),
            Kind::DemandOverdue(event) => self.reports(case_id, |report| {
                report.change_demand(&event.demand_id, |demand| demand.overdue_since = Some(entry.at));
            }),
            Kind::ReportClosed(event) => self.reports(case_id, |report| {
                (report.closed, report.closed_at) = (Some(event.clone()), Some(entry.at));
            }),
            Kind::CaseReopened(_) => self.tells_no_earlier_result(case_id),
            Kind::DeliveryBegun(event) => self.delivers(&event.reply_id, |reply| reply.begins(event)),
            Kind::DeliveryFailed(event) => self.delivers(&event.reply_id, |reply| reply.fails(event)),
            Kind::DeliveryDeferred(event) => self.delivers(&event.reply_id, |reply| reply.defers(event)),
            Kind::DeliveryDecided(event) => self.delivers(&event.reply_id, |reply| reply.decided(event)),
            Kind::CaseLinked(linked) => self.linked(case_id, linked, entry.at, true),
            Kind::CaseUnlinked(event) => {
                if let Some(linked) = &event.link {
                    self.linked(case_id, linked, entry.at, false);
                }
            }
            Kind::GrantRequested(event) => self.granted(case_id, event.grant.as_ref(), event.reason.as_ref()),
            Kind::GrantDecided(event) => self.granted(case_id, event.grant.as_ref(), event.reason.as_ref()),
            Kind::IdentityOpened(event) => self.readings.push(Reading {
                case_id,
                seq: entry.seq,
                at: entry.at,
                reader: entry.actor.to_owned(),
                purpose: event.purpose.clone(),
            }),
            Kind::AttachmentOpened(event) => self.readings.push(Reading {
                case_id,
                seq: entry.seq,
                at: entry.at,
                reader: entry.actor.to_owned(),
                purpose: format!("attachment_{}", event.purpose),
            }),
            kind => {
                self.attached(case_id, kind, entry);
                self.summarised(case_id, kind, entry);
                self.instructed(case_id, kind, entry);
            }
        }
        let before = self.retained(case_id);
        if let Some(retained) = Retained::after(before, entry.kind, entry.actor, entry.at) {
            self.retained.insert(case_id, Tracked::new(retained));
        }
        self.sends_nothing_to_nobody(case_id);
        if let Some(case) = self.cases.get_mut(&case_id) {
            let before = FacetRows::may_change(entry.kind).then(|| case.value.clone());
            if case.value.apply(entry.kind, entry.at) {
                case.changed = true;
                if let Some(before) = before {
                    self.facets.change(Some(&before), &case.value);
                }
            }
        }
    }

    /// Of who was erased nothing is left to send, or nobody to send it to: no courier tries it, whatever made it due. Where
    /// the case itself is gone, no person can tell it either.
    fn sends_nothing_to_nobody(&mut self, case_id: Uuid) {
        let Some(retained) = self.retained(case_id).filter(|it| it.identity_gone().is_some()) else { return };
        let is_gone = retained.stage() == RetentionStage::Erased;
        let of_case = |reply: &&mut Tracked<Reply>| reply.value.case_id == case_id;
        for reply in self.replies.values_mut().filter(of_case) {
            reply.changed |= reply.value.delivery.next_at.take().is_some();
            if is_gone && reply.value.is_open() {
                (reply.value.outcome, reply.changed) = (DeliveryOutcome::Erased, true);
            }
        }
    }

    /// The case was opened again: a result that was not told yet is none any more (3).
    fn tells_no_earlier_result(&mut self, case_id: Uuid) {
        let of_result = |reply: &&mut Tracked<Reply>| {
            reply.value.case_id == case_id && reply.value.occasion == ReplyOccasion::Result
        };
        for reply in self.replies.values_mut().filter(of_result) {
            reply.changed |= reply.value.obsolete();
        }
    }

    /// Changes a referral.
    fn refers(&mut self, case_id: Uuid, change: impl FnOnce(&mut Referral)) {
        if let Some(referral) = self.referrals.get_mut(&case_id) {
            change(&mut referral.value);
            referral.changed = true;
        }
    }

    /// Changes a report.
    fn reports(&mut self, report_id: Uuid, change: impl FnOnce(&mut Report)) {
        if let Some(report) = self.reports.get_mut(&report_id) {
            change(&mut report.value);
            report.changed = true;
        }
    }

    /// The delivery of a reply goes on.
    fn delivers(&mut self, reply_id: &str, goes_on: impl FnOnce(&mut Reply)) {
        let id = Uuid::try_parse(reply_id).unwrap_or_default();
        if let Some(reply) = self.replies.get_mut(&id) {
            goes_on(&mut reply.value);
            reply.changed = true;
        }
    }

    /// A link as it is now: an entry tells all of it.
    fn linked(&mut self, case_id: Uuid, linked: &CaseLinked, at: Timestamp, stands: bool) {
        if let Some(link) = Link::of(case_id, linked, at, stands) {
            self.links.insert((case_id, link.other.clone()), Tracked::new(link));
        }
    }

    /// A grant as it is now: an entry tells all of it.
    fn granted(&mut self, case_id: Uuid, grant: Option<&IdentityGrant>, reason: Option<&ContentRef>) {
        if let Some(grant) = grant.and_then(|grant| Grant::of(case_id, grant, reason)) {
            self.grants.insert(grant.grant_id, Tracked::new(grant));
        }
    }

    /// What happened to a file of the case, where the entry is about one.
    fn attached(&mut self, case_id: Uuid, kind: &Kind, entry: &Entry<'_>) {
        let Some(id) = attachment_of(kind) else { return };
        let fresh = || Tracked::loaded(Attachment::new(case_id, id));
        let tracked = self.attachments.entry(id).or_insert_with(fresh);
        tracked.changed |= tracked.value.apply(kind, entry.at, entry.actor);
    }

    /// What happened to a leader's instruction, where the entry is about one.
    fn instructed(&mut self, case_id: Uuid, kind: &Kind, entry: &Entry<'_>) {
        let Some(id) = instruction_of(kind) else { return };
        let begun = || Tracked::loaded(Instruction::new(case_id, id, entry.at, entry.actor));
        let tracked = self.instructions.entry(id).or_insert_with(begun);
        tracked.changed |= tracked.value.apply(kind, entry.at);
    }

    /// What happened to a summary for the respondent, where the entry is about one. Who looks at one learns who complains.
    fn summarised(&mut self, case_id: Uuid, kind: &Kind, entry: &Entry<'_>) {
        if let Kind::SummarySubmitted(event) = kind {
            let of_case = |one: &&mut Tracked<Summary>| one.value.case_id == case_id;
            for other in self.summaries.values_mut().filter(of_case) {
                other.changed |= other.value.is_replaced_by(event, entry.actor);
            }
            if let Some(begun) = Summary::begin(case_id, event, entry.at, entry.actor) {
                self.summaries.insert(begun.summary_id, Tracked::new(begun));
            }
        }
        if matches!(kind, Kind::SummaryReviewed(_)) {
            self.readings.push(Reading {
                case_id,
                seq: entry.seq,
                at: entry.at,
                reader: entry.actor.to_owned(),
                purpose: "summary".to_owned(),
            });
        }
        if let Some(tracked) = summary_of(kind).and_then(|id| self.summaries.get_mut(&id)) {
            tracked.changed |= tracked.value.apply(kind, entry.at, entry.actor);
        }
    }

    /// The rows that changed.
    pub fn into_changes(self) -> Changes {
        Changes {
            cases: self.cases.into_values().filter_map(Tracked::if_changed).collect(),
            replies: self.replies.into_values().filter_map(Tracked::if_changed).collect(),
            registers: self
                .registers
                .into_iter()
                .filter_map(|(year, last)| Some((year, last.if_changed()?)))
                .collect(),
            links: self.links.into_values().filter_map(Tracked::if_changed).collect(),
            grants: self.grants.into_values().filter_map(Tracked::if_changed).collect(),
            attachments: self.attachments.into_values().filter_map(Tracked::if_changed).collect(),
            retained: self
                .retained
                .into_iter()
                .filter_map(|(case_id, retained)| Some((case_id, retained.if_changed()?)))
                .collect(),
            readings: self.readings,
            organs: self.organs,
            facets: self.facets,
            instructions: self.instructions.into_values().filter_map(Tracked::if_changed).collect(),
            summaries: self.summaries.into_values().filter_map(Tracked::if_changed).collect(),
            reports: self.reports.into_values().filter_map(Tracked::if_changed).collect(),
            referrals: self.referrals.into_values().filter_map(Tracked::if_changed).collect(),
        }
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
