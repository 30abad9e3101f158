//! How each entry changes the rows of a batch.

use duban_proto::common::v1::ContentRef;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{CaseLinked, DeliveryOutcome, IdentityGrant, ReplyOccasion, RetentionStage};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Book, Entry, Reading, Tracked};
use crate::domain::attachment::attachment_of;
use crate::domain::instruction::instruction_of;
use crate::domain::summary::summary_of;
use crate::domain::{
    Attachment, Case, Demand, FacetRows, Grant, Instruction, Lent, Link, Referral, Reply, Report, Retained,
    Summary,
};

impl Book {
    /// Takes in an entry: the only way anything changes, in a batch as in a rebuild.
    pub fn evolve(&mut self, entry: &Entry<'_>) {
        if let Kind::OrganNoted(event) = entry.kind {
            self.organs.extend(event.organ.clone());
        }
        let Some(case_id) = entry.case_id else { return };
        if let Kind::ComplaintReceived(event) = entry.kind {
            let case = Case::begin(case_id, event.clone(), entry.at);
            self.facets.change(None, &case);
            self.cases.insert(case_id, Tracked::new(case));
            return;
        }
        self.replied(case_id, entry);
        self.referred(case_id, entry);
        self.reported(case_id, entry);
        self.shared(case_id, entry);
        self.attached(case_id, entry.kind, entry);
        self.summarised(case_id, entry.kind, entry);
        self.instructed(case_id, entry.kind, entry);
        let before = self.retained(case_id);
        if let Some(retained) = Retained::after(before, entry.kind, entry.actor, entry.at) {
            self.retained.insert(case_id, Tracked::new(retained));
        }
        self.sends_nothing_to_nobody(case_id);
        self.changed(case_id, entry);
    }

    /// The case itself.
    fn changed(&mut self, case_id: Uuid, entry: &Entry<'_>) {
        if let Kind::CaseRegistered(event) = entry.kind
            && event.ordinal > 0
        {
            let last = self.registers.entry(event.year).or_insert_with(|| Tracked::loaded(0));
            *last = Tracked::new(last.value.max(event.ordinal));
        }
        let Some(case) = self.cases.get_mut(&case_id) else { return };
        let before = FacetRows::may_change(entry.kind).then(|| case.value.clone());
        if case.value.apply(entry.kind, entry.at) {
            case.changed = true;
            if let Some(before) = before {
                self.facets.change(Some(&before), &case.value);
            }
        }
    }

    /// What the complainant is told.
    fn replied(&mut self, case_id: Uuid, entry: &Entry<'_>) {
        match entry.kind {
            Kind::ReplyDue(event) => {
                if let Some(reply) = Reply::due(case_id, event, entry.at) {
                    self.replies.insert(reply.reply_id, Tracked::new(reply));
                }
            }
            Kind::ReplyDelivered(event) => self.delivers(&event.reply_id, |reply| reply.apply(event)),
            Kind::CaseReopened(_) => self.tells_no_earlier_result(case_id),
            Kind::DeliveryBegun(event) => self.delivers(&event.reply_id, |reply| reply.begins(event)),
            Kind::DeliveryFailed(event) => self.delivers(&event.reply_id, |reply| reply.fails(event)),
            Kind::DeliveryDeferred(event) => self.delivers(&event.reply_id, |reply| reply.defers(event)),
            Kind::DeliveryDecided(event) => self.delivers(&event.reply_id, |reply| reply.decided(event)),
            Kind::HandlingRated(event) => self.delivers(&event.reply_id, |reply| reply.rated = true),
            _ => {}
        }
    }

    /// What went to a department.
    fn referred(&mut self, case_id: Uuid, entry: &Entry<'_>) {
        match entry.kind {
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
            _ => {}
        }
    }

    /// A report of obstruction or retaliation.
    fn reported(&mut self, case_id: Uuid, entry: &Entry<'_>) {
        match entry.kind {
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
            _ => {}
        }
    }

    /// Links to other cases; who may read of this one, and who did.
    fn shared(&mut self, case_id: Uuid, entry: &Entry<'_>) {
        match entry.kind {
            Kind::CaseLinked(linked) => self.linked(case_id, linked, entry.at, true),
            Kind::CaseUnlinked(event) => {
                if let Some(linked) = &event.link {
                    self.linked(case_id, linked, entry.at, false);
                }
            }
            Kind::GrantRequested(event) => self.granted(case_id, event.grant.as_ref(), event.reason.as_ref()),
            Kind::GrantDecided(event) => self.granted(case_id, event.grant.as_ref(), event.reason.as_ref()),
            Kind::OfficersLent(event) => self.lent.push(Lent { case_id, lent: event.clone() }),
            Kind::IdentityOpened(event) => self.read(case_id, entry, event.purpose.clone()),
            Kind::AttachmentOpened(event) => {
                self.read(case_id, entry, format!("attachment_{}", event.purpose));
            }
            _ => {}
        }
    }

    fn read(&mut self, case_id: Uuid, entry: &Entry<'_>, purpose: String) {
        let (seq, at, reader) = (entry.seq, entry.at, entry.actor.to_owned());
        self.readings.push(Reading { case_id, seq, at, reader, purpose });
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
}
