//! Officers on loan (18, 19): in whose ledger a caller works on a case.

use duban_proto::routing::v1::{LoanState, TermState};
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Case, Tenure};
use crate::store;

/// For what an officer is on loan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LentTo {
    /// To investigate, and appointed (18).
    Investigate,
    /// To decide on the disposition (19).
    Decide,
    /// Either: to read.
    Either,
}

impl LentTo {
    fn holds(self, case: &Case, person: &str, lender: &str) -> bool {
        let investigates = self != Self::Decide && case.has_on_loan(person, lender);
        investigates || (self != Self::Investigate && case.has_on_loan_to_decide(person, lender))
    }
}

impl Grpc {
    /// The organ to which the caller's own lent the caller for this case, as it has it on record; none where the access table
    /// does not let that count for this rpc, or the term is over.
    pub(super) async fn lent(
        &self,
        caller: &Caller,
        case_id: Uuid,
        lent_to: LentTo,
    ) -> Result<Option<String>, Error> {
        if !caller.may_be_lent() {
            return Ok(None);
        }
        let own = caller.principal().organ.as_str();
        let lent = store::loans_of_case(self.pool(), own, case_id).await?.into_iter().filter(|loan| {
            loan.state() == LoanState::Granted
                && loan.officers.iter().any(|officer| officer == caller.subject())
        });
        for loan in lent {
            let case = store::find_case(self.pool(), &loan.borrower, case_id).await?;
            let open = case.is_some_and(|case| {
                let ended =
                    |tenure: &Tenure| matches!(tenure.state(), TermState::Superseded | TermState::Concluded);
                !case.current().is_none_or(ended) && lent_to.holds(&case, caller.subject(), own)
            });
            if open {
                return Ok(Some(loan.borrower));
            }
        }
        Ok(None)
    }

    /// The organ whose case the caller reads on loan.
    pub(super) async fn lent_to(&self, caller: &Caller, case_id: Uuid) -> Result<Option<String>, Error> {
        self.lent(caller, case_id, LentTo::Either).await
    }

    /// The organ in whose ledger the caller works on this case: the one to which it is lent, or its own.
    pub(super) async fn working_organ(&self, caller: &Caller, case_id: Uuid) -> Result<String, Error> {
        self.organ_for(caller, case_id, LentTo::Investigate).await
    }

    /// The organ in whose ledger the caller decides on the disposition: the one to which it is lent for that, or its own.
    pub(super) async fn deciding_organ(&self, caller: &Caller, case_id: Uuid) -> Result<String, Error> {
        self.organ_for(caller, case_id, LentTo::Decide).await
    }

    async fn organ_for(&self, caller: &Caller, case_id: Uuid, lent_to: LentTo) -> Result<String, Error> {
        match self.lent(caller, case_id, lent_to).await? {
            Some(borrower) => Ok(borrower),
            None => Ok(self.own_organ(caller).await?.0),
        }
    }
}
