//! What a caller may see, and what it may do with it.

use access::Role;
use directory::Directory;
use duban_proto::supervision::v1 as wire;
use regulation::Approver;
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Asker, Rules, allowed_actions, answer};
use crate::store::{self, Running};

impl Grpc {
    /// The clocks of a case that the caller may see: at least one, or the case is not known to it.
    pub(super) async fn visible_clocks(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
    ) -> Result<Vec<Running>, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let clocks = store::clocks_of_case(self.pool(), &organs, case_id).await?;
        if clocks.is_empty() { Err(Error::case_not_found(case_id)) } else { Ok(clocks) }
    }

    /// A clock as this caller is told it.
    pub(super) fn told(&self, caller: &Caller, directory: &Directory, running: &Running) -> wire::Clock {
        let Running { organ, clock, asked } = running;
        let principal = caller.principal();
        let asker = Asker {
            subject: caller.subject(),
            own: principal.organ == *organ,
            above: directory.tree().is_under(organ, &principal.organ),
            approves: approves(caller, directory, organ),
            has: &|role| caller.has(role),
        };
        let now = self.writer.clock().now();
        let actions = allowed_actions(self.rules(), organ, clock, asked.as_ref(), &asker, now);
        let mut told = answer::clock(organ, clock);
        told.paused_workdays = Rules::of(self.rules(), organ).paused_workdays(clock);
        told.allowed_actions = actions.into_iter().map(i32::from).collect();
        told
    }
}

/// As whom the caller may approve more time for a clock of this organ (17): as its principal head; as the competent
/// superior, supervision of an organ above it, or of the organ itself where none is above.
pub(super) fn approves(caller: &Caller, directory: &Directory, organ: &str) -> Vec<Approver> {
    let (tree, own) = (directory.tree(), caller.principal().organ.as_str());
    let here = own == organ || tree.stands_for(own, organ);
    let above = tree.answers_to(organ, own) && (!here || tree.parent(organ).is_none());
    let roles = [
        (Approver::PrincipalHead, here && caller.has(Role::Head)),
        (Approver::CompetentSuperior, above && caller.has(Role::Supervisor)),
    ];
    roles.into_iter().filter(|(_, is)| *is).map(|(approver, _)| approver).collect()
}
