//! Officers lent for a case (18): as the organ that asked and the one that lends know a loan.

use duban_proto::routing::v1::{Loan, LoanDecided, LoanRequested, LoanState};
use prost_types::Timestamp;
use uuid::Uuid;

/// A loan that `borrower` asked for at `at`.
pub(super) fn asked(request: &LoanRequested, case_id: Uuid, borrower: &str, at: Option<Timestamp>) -> Loan {
    Loan {
        loan_id: request.loan_id.clone(),
        case_id: case_id.to_string(),
        term: request.term,
        borrower: borrower.to_owned(),
        lender: request.lender.clone(),
        ground: request.ground,
        wanted: request.wanted,
        excluded: request.excluded.clone(),
        facts: request.facts.clone(),
        requested_at: at,
        state: LoanState::Open.into(),
        approves: request.approves,
        ..Loan::default()
    }
}

/// What the lender decided.
pub(super) fn decided(loan: &mut Loan, decision: &LoanDecided, at: Option<Timestamp>) {
    loan.state = if decision.officers.is_empty() { LoanState::Refused } else { LoanState::Granted }.into();
    loan.officers.clone_from(&decision.officers);
    loan.refusal = decision.refusal;
    loan.decided_at = at;
}
