//! `ListFollowUps`, `GetFollowUp`, and what may be done with one.

use access::Role;
use directory::Directory;
use duban_proto::common::v1::Action;
use duban_proto::supervision::v1::{
    FollowUp as WireFollowUp, FollowUpState, GetFollowUpRequest, GetFollowUpResponse, ListFollowUpsRequest,
    ListFollowUpsResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use crate::domain::time::opt_from_wire;
use crate::store::{self, FollowUpKey, Followed};

impl Grpc {
    pub(super) async fn follow_ups(
        &self,
        caller: &Caller,
        request: ListFollowUpsRequest,
    ) -> Result<ListFollowUpsResponse, Error> {
        let ListFollowUpsRequest { organ, case_id, open_only, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let wanted = check.optional_uuid("case_id", &case_id);
        let (wanted,) = check.finish_with((wanted,))?;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens =
            PageToken::of("ListFollowUps").filter(&organ).filter(&case_id).filter([u8::from(open_only)]);
        let after: Option<FollowUpKey> = tokens.decode(&page_token)?;
        let (size, asker) = (page_size(size), caller.subject());
        let (followed, next_page_token) = if let Some(case_id) = wanted {
            let mut followed = store::follow_ups_of_case(self.pool(), &organs, case_id, asker).await?;
            followed.retain(|it| !open_only || it.follow_up.state() == FollowUpState::Open);
            (followed, String::new())
        } else {
            let followed =
                store::list_follow_ups(self.pool(), &organs, open_only, after, size, asker).await?;
            let next = crate::grpc::next(&tokens, &followed, size, FollowUpKey::of)?;
            (followed, next)
        };
        let follow_ups = followed.iter().map(|it| self.told_follow_up(caller, &directory, it)).collect();
        Ok(ListFollowUpsResponse { follow_ups, next_page_token })
    }

    pub(super) async fn follow_up(
        &self,
        caller: &Caller,
        request: GetFollowUpRequest,
    ) -> Result<GetFollowUpResponse, Error> {
        let GetFollowUpRequest { case_id, follow_up_id } = request;
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &case_id), check.uuid("follow_up_id", &follow_up_id));
        let (case_id, id) = check.finish_with(ids)?;
        let directory = self.directory(caller, "").await?;
        let followed = self.followed(caller, &directory, case_id, id).await?;
        let words = self
            .words(&followed.organ, followed.follow_up.key.case_id, followed.follow_up.words.as_ref())
            .await?;
        let follow_up = WireFollowUp { words, ..self.told_follow_up(caller, &directory, &followed) };
        Ok(GetFollowUpResponse { follow_up: Some(follow_up) })
    }

    /// The follow-up, where the caller may see it.
    pub(super) async fn followed(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
        id: Uuid,
    ) -> Result<Followed, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let all = store::follow_ups_of_case(self.pool(), &organs, case_id, caller.subject()).await?;
        if let Some(followed) = all.into_iter().find(|it| it.follow_up.key.id == id) {
            return Ok(followed);
        }
        self.visible_clocks(caller, directory, case_id).await?;
        Err(Error::nothing_to_act_on("follow_up", id))
    }

    /// A follow-up as this caller is told it, without the words.
    pub(super) fn told_follow_up(
        &self,
        caller: &Caller,
        directory: &Directory,
        followed: &Followed,
    ) -> WireFollowUp {
        let Followed { organ, follow_up, number, .. } = followed;
        let actions = self.follow_up_actions(caller, directory, followed);
        WireFollowUp {
            organ: organ.clone(),
            number: number.clone(),
            allowed_actions: actions.into_iter().map(i32::from).collect(),
            ..follow_up.shown.clone()
        }
    }

    fn follow_up_actions(&self, caller: &Caller, directory: &Directory, followed: &Followed) -> Vec<Action> {
        let Followed { organ, follow_up, took_part, .. } = followed;
        let own = &caller.principal().organ;
        let at_home = own == organ || directory.tree().stands_for(own, organ);
        let may = at_home && (caller.has(Role::Desk) || caller.has(Role::Leader));
        if !may || *took_part || follow_up.told_by == caller.subject() {
            return Vec::new();
        }
        let again_from = follow_up.shown.again_from.as_ref().and_then(opt_from_wire);
        let waits = again_from.is_some_and(|from| self.writer.clock().now() < from);
        match follow_up.state() {
            FollowUpState::Open if waits => vec![Action::RecordFollowUp],
            FollowUpState::Open => vec![Action::RecordFollowUpAttempt, Action::RecordFollowUp],
            FollowUpState::NotReached => vec![Action::RecordFollowUp],
            _ => Vec::new(),
        }
    }
}
