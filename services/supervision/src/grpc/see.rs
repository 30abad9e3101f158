//! What a caller may see, and what it may do with it.

use directory::Directory;
use duban_proto::supervision::v1 as wire;
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Asker, allowed_actions, answer};
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
        let Running { organ, clock, asked_by } = running;
        let principal = caller.principal();
        let asker = Asker {
            subject: caller.subject(),
            own: principal.organ == *organ,
            above: directory.tree().is_under(organ, &principal.organ),
            has: &|role| caller.has(role),
        };
        let now = self.writer.clock().now();
        let actions = allowed_actions(self.rules(), organ, clock, asked_by.as_deref(), &asker, now);
        let mut told = answer::clock(organ, clock);
        told.allowed_actions = actions.into_iter().map(i32::from).collect();
        told
    }
}
