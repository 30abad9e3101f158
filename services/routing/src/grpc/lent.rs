//! Officers on loan (18): in whose ledger a caller works on a case.

use duban_proto::routing::v1::{LoanState, TermState};
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::Tenure;
use crate::store;

impl Grpc {
    /// The organ to which the caller's own lent the caller for this case, and which appointed the caller; none where the
    /// access table does not let that count for this rpc, or the term is over.
    pub(super) async fn lent_to(&self, caller: &Caller, case_id: Uuid) -> Result<Option<String>, Error> {
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
                !case.current().is_none_or(ended) && case.has_on_loan(caller.subject(), own)
            });
            if open {
                return Ok(Some(loan.borrower));
            }
        }
        Ok(None)
    }

    /// The organ in whose ledger the caller works on this case: the one to which it is lent, or its own.
    pub(super) async fn working_organ(&self, caller: &Caller, case_id: Uuid) -> Result<String, Error> {
        match self.lent_to(caller, case_id).await? {
            Some(borrower) => Ok(borrower),
            None => Ok(self.own_organ(caller).await?.0),
        }
    }
}
