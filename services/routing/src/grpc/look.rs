//! A case as a caller is told it.

use access::Role;
use duban_proto::routing::v1::RoutedCase;
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Answer, Asker, Case, allowed_actions, allowed_from_above, routed_case};
use crate::store;

/// A case as this caller is told it; what may be done next is for the staff of that very organ, and for supervision above.
pub(super) fn told(caller: &Caller, organ: &str, case_id: Uuid, case: &Case) -> RoutedCase {
    let mut told = routed_case(case_id, organ, case);
    told.allowed_actions = actions(caller, organ, case);
    told
}

fn actions(caller: &Caller, organ: &str, case: &Case) -> Vec<i32> {
    if caller.principal().organ != organ {
        // Who may see it from elsewhere is of an organ above.
        let above = if caller.has(Role::Supervisor) { allowed_from_above(case, organ) } else { Vec::new() };
        return above.into_iter().map(i32::from).collect();
    }
    let asker = Asker { subject: caller.subject(), organ, has: &|role| caller.has(role) };
    allowed_actions(case, &asker).into_iter().map(i32::from).collect()
}

impl Grpc {
    /// A case in this organ's ledger.
    pub(super) async fn known(&self, organ: &str, case_id: Uuid) -> Result<Case, Error> {
        let found = store::find_case(self.pool(), organ, case_id).await?;
        found.ok_or_else(|| Error::case_not_found(case_id))
    }

    /// The case of an answer, as this caller is told it now.
    pub(super) async fn told_now(
        &self,
        caller: &Caller,
        organ: &str,
        answer: Answer,
    ) -> Result<RoutedCase, Error> {
        let mut answered = answer.case.ok_or_else(|| Error::internal("an answer without its case"))?;
        let case_id = Uuid::try_parse(&answered.case_id).map_err(Error::internal)?;
        answered.allowed_actions = actions(caller, organ, &self.known(organ, case_id).await?);
        Ok(answered)
    }
}
