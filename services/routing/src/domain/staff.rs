//! Who acts for whom in an organ (AB 角), and whom it lends (18): what is of the organ rather than of a case.

use std::collections::{BTreeMap, BTreeSet};

use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{Deputy, DeputySet, Loan, LoanState, loan_noted::Told};
use jiff::Timestamp;

use super::Entry;
use super::loan::{asked, decided};

/// The deputyships and loans that a batch works on, by their ids.
#[derive(Debug, Default)]
pub struct Staff {
    deputies: BTreeMap<String, Deputy>,
    loans: BTreeMap<String, Loan>,
    changed: BTreeSet<String>,
}

/// What has to be saved of them.
#[derive(Debug, Default)]
pub struct StaffChanges {
    /// Deputyships.
    pub deputies: Vec<Deputy>,
    /// Loans of which this organ is the lender.
    pub loans: Vec<Loan>,
}

/// Whose deputy a person is at a moment.
pub fn represented<'d>(
    deputies: impl IntoIterator<Item = &'d Deputy>,
    person: &str,
    now: Timestamp,
) -> Vec<String> {
    let acts = deputies.into_iter().filter(|deputy| deputy.deputy == person && is_in_force(deputy, now));
    acts.map(|deputy| deputy.person.clone()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn is_in_force(deputy: &Deputy, now: Timestamp) -> bool {
    let moment = |at: Option<&prost_types::Timestamp>| at.and_then(server::time::from_proto);
    let begun = moment(deputy.begins_at.as_ref()).is_some_and(|begins_at| begins_at <= now);
    begun && ends_at(deputy).is_some_and(|ends_at| now < ends_at)
}

/// When a deputyship ends, or ended.
pub fn ends_at(deputy: &Deputy) -> Option<Timestamp> {
    deputy.ended_at.as_ref().or(deputy.until.as_ref()).and_then(server::time::from_proto)
}

/// A deputyship, as an entry tells of it.
fn deputy(event: &DeputySet) -> Deputy {
    Deputy {
        deputy_id: event.deputy_id.clone(),
        person: event.person.clone(),
        deputy: event.deputy.clone(),
        begins_at: event.begins_at,
        until: event.until,
        ended_at: event.ended_at,
        set_by: event.set_by.clone(),
    }
}

impl Staff {
    /// What was loaded.
    pub fn new(deputies: Vec<Deputy>, loans: Vec<Loan>) -> Self {
        Self {
            deputies: deputies.into_iter().map(|deputy| (deputy.deputy_id.clone(), deputy)).collect(),
            loans: loans.into_iter().map(|loan| (loan.loan_id.clone(), loan)).collect(),
            changed: BTreeSet::new(),
        }
    }

    /// Whose deputy a person is now.
    pub fn represents(&self, person: &str, now: Timestamp) -> Vec<String> {
        represented(self.deputies.values(), person, now)
    }

    /// A deputyship.
    pub fn deputy(&self, deputy_id: &str) -> Option<&Deputy> {
        self.deputies.get(deputy_id)
    }

    /// A loan of which this organ is the lender.
    pub fn loan(&self, loan_id: &str) -> Option<&Loan> {
        self.loans.get(loan_id)
    }

    /// A loan that waits for this organ's decision.
    pub fn open_loan(&self, loan_id: &str) -> Option<&Loan> {
        self.loan(loan_id).filter(|loan| loan.state() == LoanState::Open)
    }

    pub(super) fn evolve(&mut self, entry: &Entry<'_>) {
        match entry.kind {
            Kind::DeputySet(event) => {
                self.changed.insert(event.deputy_id.clone());
                self.deputies.insert(event.deputy_id.clone(), deputy(event));
            }
            Kind::LoanNoted(event) => {
                let (Some(Told::Requested(request)), Some(case_id)) = (&event.told, entry.case_id) else {
                    return;
                };
                self.changed.insert(request.loan_id.clone());
                self.loans.insert(request.loan_id.clone(), asked(request, case_id, &event.organ, event.at));
            }
            Kind::LoanDecided(event) => {
                if let Some(loan) = self.loans.get_mut(&event.loan_id) {
                    decided(loan, event, Some(server::time::to_proto(entry.at)));
                    self.changed.insert(event.loan_id.clone());
                }
            }
            _ => {}
        }
    }

    pub(super) fn into_changes(self) -> StaffChanges {
        let Self { deputies, loans, changed } = self;
        StaffChanges {
            deputies: deputies.into_values().filter(|deputy| changed.contains(&deputy.deputy_id)).collect(),
            loans: loans.into_values().filter(|loan| changed.contains(&loan.loan_id)).collect(),
        }
    }
}
