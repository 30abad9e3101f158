//! A case as a caller is told it.

use std::sync::Arc;

use access::Role;
use directory::Directory;
use duban_proto::common::v1::Action;
use duban_proto::routing::v1::RoutedCase;
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{
    Asker, Case, Standing, allowed_from_above, lender, next_actions, represented, routed_case,
    taken_over_from_above,
};
use crate::store;

/// Who looks at cases: what is the same for all of them.
pub(super) struct Look<'c> {
    caller: &'c Caller,
    represents: Vec<String>,
    directory: Arc<Directory>,
}

impl Grpc {
    /// How this caller looks at cases now.
    pub(super) async fn look<'c>(&self, caller: &'c Caller) -> Result<Look<'c>, Error> {
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([own]).await?;
        let represents = if caller.has(Role::Handler) || caller.has(Role::Leader) {
            let deputies = store::deputies(self.pool(), own).await?;
            represented(&deputies, caller.subject(), self.writer.clock().now())
        } else {
            Vec::new()
        };
        Ok(Look { caller, represents, directory })
    }

    /// A case as a caller is told it; what may be done next is for the staff of that very organ, and for whom it has on loan
    /// for the case.
    pub(super) fn told(&self, look: &Look<'_>, organ: &str, case_id: Uuid, case: &Case) -> RoutedCase {
        let mut told = routed_case(case_id, organ, case);
        told.allowed_actions = self.actions(look, organ, case);
        told
    }

    fn actions(&self, look: &Look<'_>, organ: &str, case: &Case) -> Vec<i32> {
        let Look { caller, represents, directory } = look;
        let own = caller.principal().organ == organ;
        let from = &caller.principal().organ;
        let lent = !own && case.has_on_loan(caller.subject(), from);
        let decides = !own && case.has_on_loan_to_decide(caller.subject(), from);
        if !own && !lent && !decides {
            // Who may see it from elsewhere is of an organ above.
            let mut above =
                if caller.has(Role::Supervisor) { allowed_from_above(case, organ) } else { Vec::new() };
            let own = caller.principal().organ.as_str();
            let takes = [Role::Leader, Role::Head, Role::Supervisor].into_iter().any(|role| caller.has(role));
            above.extend(taken_over_from_above(case, organ, own, directory).filter(|_| takes));
            return above.into_iter().map(i32::from).collect();
        }
        let counts = |role: Role| match role {
            Role::Handler => own || lent,
            Role::Leader => own || decides,
            _ => own,
        };
        let has = |role: Role| caller.has(role) && counts(role);
        let asker = Asker { subject: caller.subject(), organ, has: &has };
        let standing = Standing {
            represents: if own { represents.as_slice() } else { &[] },
            rule: Some(self.regulation(organ).investigation()),
            may_borrow: lender(directory, organ).is_some(),
        };
        let mut actions = next_actions(case, &asker, &standing);
        if decides {
            let decisions = [Action::ReturnDisposition, Action::ApproveDisposition];
            actions.retain(|action| lent || decisions.contains(action));
        }
        actions.into_iter().map(i32::from).collect()
    }

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
        answered: Option<RoutedCase>,
    ) -> Result<RoutedCase, Error> {
        let mut answered = answered.ok_or_else(|| Error::internal("an answer without its case"))?;
        let case_id = Uuid::try_parse(&answered.case_id).map_err(Error::internal)?;
        let look = self.look(caller).await?;
        answered.allowed_actions = self.actions(&look, organ, &self.known(organ, case_id).await?);
        Ok(answered)
    }
}
