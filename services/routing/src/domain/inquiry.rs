//! The investigation of a term beside its persons and records (18): who did before, the plan, the evidence, officers on loan.

use duban_proto::common::v1::ContentRef;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    EvidenceListed, InvestigationRecorded, InvestigatorRecused, InvestigatorReplaced, Loan, LoanState,
    PlanSet, RecordKind, loan_noted::Told,
};

use super::loan::{asked, decided};
use super::{Case, Entry, Tenure};

/// What an investigation has beside persons and records. Moments are microseconds since 1970.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Inquiry {
    /// All who were appointed at any time, or acted for one who was.
    #[prost(string, repeated, tag = "1")]
    pub ever: Vec<String>,
    /// Replacements, oldest first.
    #[prost(message, repeated, tag = "2")]
    pub replaced: Vec<Replaced>,
    /// The versions of the plan, oldest first.
    #[prost(message, repeated, tag = "3")]
    pub plans: Vec<Planned>,
    /// The evidence list, by number.
    #[prost(message, repeated, tag = "4")]
    pub exhibits: Vec<Exhibit>,
    /// The loans asked for, oldest first.
    #[prost(message, repeated, tag = "5")]
    pub loans: Vec<Loan>,
    /// Refusals to confirm a record, oldest first.
    #[prost(message, repeated, tag = "6")]
    pub refusals: Vec<Refusal>,
    /// Versions of records that were corrected, oldest first.
    #[prost(message, repeated, tag = "7")]
    pub earlier: Vec<InvestigationRecorded>,
}

/// A withdrawal: of the case, whatever the term.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Recused {
    /// As it was recorded.
    #[prost(message, required, tag = "1")]
    pub event: InvestigatorRecused,
    /// Who declared or ordered it.
    #[prost(string, tag = "2")]
    pub by: String,
    /// When.
    #[prost(int64, tag = "3")]
    pub at: i64,
}

/// A replacement.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Replaced {
    /// As it was recorded.
    #[prost(message, required, tag = "1")]
    pub event: InvestigatorReplaced,
    /// Who decided on it.
    #[prost(string, tag = "2")]
    pub by: String,
    /// When.
    #[prost(int64, tag = "3")]
    pub at: i64,
}

/// A version of the plan.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Planned {
    /// As it was recorded.
    #[prost(message, required, tag = "1")]
    pub event: PlanSet,
    /// Who made it.
    #[prost(string, tag = "2")]
    pub by: String,
    /// When.
    #[prost(int64, tag = "3")]
    pub at: i64,
}

/// A piece of evidence.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Exhibit {
    /// As it was listed.
    #[prost(message, required, tag = "1")]
    pub event: EvidenceListed,
    /// Who listed it.
    #[prost(string, tag = "2")]
    pub by: String,
    /// When.
    #[prost(int64, tag = "3")]
    pub at: i64,
    /// Who took it off; empty where it is on the list.
    #[prost(string, tag = "4")]
    pub removed_by: String,
    /// When.
    #[prost(int64, optional, tag = "5")]
    pub removed_at: Option<i64>,
    /// Why.
    #[prost(message, optional, tag = "6")]
    pub removal_reason: Option<ContentRef>,
}

/// The interviewee refused to confirm a version of a record.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Refusal {
    /// The record.
    #[prost(string, tag = "1")]
    pub record_id: String,
    /// Its version.
    #[prost(uint32, tag = "2")]
    pub version: u32,
    /// Why.
    #[prost(message, optional, tag = "3")]
    pub reason: Option<ContentRef>,
}

/// The version of a record's words.
pub fn version(record: &InvestigationRecorded) -> u32 {
    record.record.as_ref().map_or(1, |words| words.version)
}

/// Whether a record counts among those that have to be there (18).
pub fn counts(record: &InvestigationRecorded, rule: &regulation::Record) -> bool {
    record.confirmed || record.kind() != RecordKind::Interview || !rule.needs_confirmation()
}

impl Case {
    /// Whether this person withdrew from the case here, or was made to.
    pub fn is_recused(&self, person: &str) -> bool {
        self.recused.iter().any(|recused| recused.event.person == person)
    }

    /// Whether this organ has an officer of `lender` on loan for the current term, and appointed the officer (18).
    pub fn has_on_loan(&self, person: &str, lender: &str) -> bool {
        self.current().is_some_and(|tenure| tenure.has_on_loan(person, lender))
    }

    /// Whether this organ has an officer of `lender` on loan who decides on the disposition of the current term (19).
    pub fn has_on_loan_to_decide(&self, person: &str, lender: &str) -> bool {
        self.current().is_some_and(|tenure| tenure.has_on_loan_to_decide(person, lender))
    }
}

impl Tenure {
    /// Whether an officer of `lender` is on loan for this term, and investigates.
    pub fn has_on_loan(&self, person: &str, lender: &str) -> bool {
        self.investigates(person) && self.is_lent(person, lender, false)
    }

    /// Whether an officer of `lender` is on loan for this term to decide on the disposition (19).
    pub fn has_on_loan_to_decide(&self, person: &str, lender: &str) -> bool {
        self.is_lent(person, lender, true)
    }

    /// Whether an officer of `lender` is on loan for this term: to decide on the disposition, or to investigate.
    fn is_lent(&self, person: &str, lender: &str, approves: bool) -> bool {
        self.inquiry.loans.iter().any(|loan| {
            loan.state() == LoanState::Granted
                && loan.approves == approves
                && loan.lender == lender
                && loan.officers.iter().any(|officer| officer == person)
        })
    }

    /// Whether this person investigates now.
    pub fn investigates(&self, person: &str) -> bool {
        self.investigators.iter().any(|name| name == person)
    }

    /// The investigator as whom a person may act: itself, or one whose deputy it is.
    pub fn seat<'s>(&'s self, person: &'s str, represents: &[String]) -> Option<&'s str> {
        if self.investigates(person) {
            return Some(person);
        }
        self.investigators.iter().find(|name| represents.contains(name)).map(String::as_str)
    }

    /// How many records count (18).
    pub fn counted(&self, rule: &regulation::Record) -> usize {
        self.records.iter().filter(|record| counts(record, rule)).count()
    }

    /// How many pieces of evidence are on the list.
    pub fn evidence(&self) -> usize {
        self.inquiry.exhibits.iter().filter(|exhibit| exhibit.removed_at.is_none()).count()
    }

    /// A record, as it is now.
    pub fn record(&self, record_id: &str) -> Option<&InvestigationRecorded> {
        self.records.iter().find(|record| record.record_id == record_id)
    }

    /// The refusal to confirm a record as it is now.
    pub fn refusal(&self, record: &InvestigationRecorded) -> Option<&Refusal> {
        let same =
            |refusal: &&Refusal| refusal.record_id == record.record_id && refusal.version == version(record);
        self.inquiry.refusals.iter().find(same).filter(|_| !record.confirmed)
    }

    /// Takes note of who took part.
    pub(super) fn took(&mut self, persons: &[String]) {
        for person in persons {
            if !self.inquiry.ever.contains(person) {
                self.inquiry.ever.push(person.clone());
            }
        }
    }
}

/// Whether a text was sealed with an entry of these kinds.
pub(super) fn brings_text(kind: &Kind) -> bool {
    match kind {
        Kind::InvestigatorReplaced(event) => event.reason.is_some(),
        Kind::RecordConfirmed(event) => event.reason.is_some(),
        Kind::InvestigatorRecused(_)
        | Kind::PlanSet(_)
        | Kind::RecordCorrected(_)
        | Kind::EvidenceListed(_) => true,
        _ => false,
    }
}

impl Case {
    /// What the investigation's entries change.
    pub(super) fn apply_inquiry(&mut self, entry: &Entry<'_>) {
        let at = entry.at.as_microsecond();
        let by = entry.actor.to_owned();
        match entry.kind {
            Kind::InvestigatorRecused(event) => {
                self.recused.push(Recused { event: event.clone(), by, at });
                for tenure in self.terms.iter_mut().filter(|tenure| tenure.term == event.term) {
                    tenure.investigators.retain(|name| *name != event.person);
                }
            }
            Kind::LoanNoted(event) => match &event.told {
                Some(Told::Requested(requested)) => self.lends.push(requested.loan_id.clone()),
                Some(Told::Decided(told)) => {
                    let loans = self.terms.iter_mut().flat_map(|tenure| &mut tenure.inquiry.loans);
                    for loan in loans.filter(|loan| loan.loan_id == told.loan_id) {
                        decided(loan, told, event.at);
                    }
                }
                None => {}
            },
            Kind::LoanDecided(event) => self.lends.retain(|loan| *loan != event.loan_id),
            _ => {
                let Some(term) = term_of(entry.kind) else { return };
                if let Some(tenure) = self.terms.iter_mut().rev().find(|tenure| tenure.term == term) {
                    tenure.apply_inquiry(entry, by, at);
                }
            }
        }
    }
}

fn term_of(kind: &Kind) -> Option<u32> {
    Some(match kind {
        Kind::InvestigatorReplaced(event) => event.term,
        Kind::LoanRequested(event) => event.term,
        Kind::PlanSet(event) => event.term,
        Kind::RecordConfirmed(event) => event.term,
        Kind::RecordCorrected(event) => event.record.as_ref()?.term,
        Kind::EvidenceListed(event) => event.term,
        _ => return None,
    })
}

impl Tenure {
    fn apply_inquiry(&mut self, entry: &Entry<'_>, by: String, at: i64) {
        match entry.kind {
            Kind::InvestigatorReplaced(event) => {
                match self.investigators.iter_mut().find(|name| **name == event.former) {
                    Some(name) => name.clone_from(&event.successor),
                    None => self.investigators.push(event.successor.clone()),
                }
                self.took(&[event.former.clone(), event.successor.clone()]);
                self.inquiry.replaced.push(Replaced { event: event.clone(), by, at });
            }
            Kind::LoanRequested(event) => {
                let case_id = entry.case_id.unwrap_or_default();
                self.inquiry.loans.push(asked(
                    event,
                    case_id,
                    entry.organ,
                    Some(server::time::to_proto(entry.at)),
                ));
            }
            Kind::PlanSet(event) => {
                self.took(std::slice::from_ref(&by));
                self.inquiry.plans.push(Planned { event: event.clone(), by, at });
            }
            Kind::RecordConfirmed(event) => {
                self.took(&[by]);
                if event.refused {
                    self.inquiry.refusals.push(Refusal {
                        record_id: event.record_id.clone(),
                        version: event.version,
                        reason: event.reason.clone(),
                    });
                } else if let Some(record) =
                    self.records.iter_mut().find(|record| record.record_id == event.record_id)
                {
                    record.confirmed = true;
                }
            }
            Kind::RecordCorrected(event) => {
                self.took(&[by]);
                if let Some(record) = &event.record {
                    self.correct(record);
                }
            }
            Kind::EvidenceListed(event) => self.list(event, by, at),
            _ => {}
        }
    }

    fn correct(&mut self, now: &InvestigationRecorded) {
        self.took(&now.investigators);
        if let Some(record) = self.records.iter_mut().find(|record| record.record_id == now.record_id) {
            self.inquiry.earlier.push(std::mem::replace(record, now.clone()));
        }
    }

    fn list(&mut self, event: &EvidenceListed, by: String, at: i64) {
        self.took(std::slice::from_ref(&by));
        let known = self.inquiry.exhibits.iter_mut().find(|exhibit| exhibit.event.number == event.number);
        if let Some(exhibit) = known.filter(|_| event.removed) {
            exhibit.removed_by = by;
            exhibit.removed_at = Some(at);
            exhibit.removal_reason.clone_from(&event.removal_reason);
        } else {
            self.took(&event.collected_by);
            self.inquiry.exhibits.push(Exhibit { event: event.clone(), by, at, ..Exhibit::default() });
        }
    }
}
