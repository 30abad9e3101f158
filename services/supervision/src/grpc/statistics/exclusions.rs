//! `ProposeExclusion`, `DecideExclusion`, `ListExclusions` (24, house).

use directory::Directory;
use duban_proto::supervision::v1::{
    self as wire, DecideExclusionRequest, DecideExclusionResponse, ListExclusionsRequest,
    ListExclusionsResponse, ProposeExclusionRequest, ProposeExclusionResponse,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::{asking, counted_organs, numbers};
use crate::domain::figures::{ExclusionCommand, FiguresCommand, exclusion_actions, told_exclusion};
use crate::domain::{Command, Sealed};
use crate::grpc::Grpc;
use crate::grpc::sealed::Texts;
use crate::store::{self, ExclusionKey, Proposed};

/// The longest reason, in characters.
const MAX_REASON: usize = 2000;

fn command(exclusion: ExclusionCommand) -> Command {
    Command::Figures(Box::new(FiguresCommand::Exclusion(exclusion)))
}

impl Grpc {
    pub(super) async fn propose(
        &self,
        caller: &Caller,
        mut request: ProposeExclusionRequest,
    ) -> Result<ProposeExclusionResponse, Error> {
        let ProposeExclusionRequest { request_id, case_id, organ, reason } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.uuid("case_id", case_id));
        check.required_text("reason", reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, organ).await?;
        let organ = caller.organ_code(organ, directory.tree())?;
        let id = self.ids.new_id(self.writer.clock().now());
        let words = reason.clone();
        let texts = Texts { case_id, fields: &[("reason", &words)] };
        let propose = |reason: Sealed| command(ExclusionCommand::Propose { id, case_id, reason });
        request.request_id.clear();
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, propose).await?;
        let exclusion = self.exclusion_now(caller, &directory, answer.exclusion).await?;
        Ok(ProposeExclusionResponse { exclusion: Some(exclusion) })
    }

    pub(super) async fn decide_on_exclusion(
        &self,
        caller: &Caller,
        mut request: DecideExclusionRequest,
    ) -> Result<DecideExclusionResponse, Error> {
        let DecideExclusionRequest { request_id, exclusion_id, approved } = &request;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", request_id), check.uuid("exclusion_id", exclusion_id));
        let (request_id, id) = check.finish_with(ids)?;
        let approved = *approved;
        let directory = self.directory(caller, "").await?;
        let Proposed { organ, exclusion } = self.proposed(caller, &directory, id).await?;
        caller.must_act_for(&organ, directory.tree())?;
        let decide = command(ExclusionCommand::Decide { id, case_id: exclusion.case_id, approved });
        request.request_id.clear();
        let committed = self.submit(&organ, caller, request_id, &request, decide).await?;
        let exclusion = self.exclusion_now(caller, &directory, committed.answer.exclusion).await?;
        Ok(DecideExclusionResponse { exclusion: Some(exclusion) })
    }

    /// The exclusion of an answer as it is now.
    async fn exclusion_now(
        &self,
        caller: &Caller,
        directory: &Directory,
        answered: Option<wire::Exclusion>,
    ) -> Result<wire::Exclusion, Error> {
        let answered = answered.ok_or_else(|| Error::internal("an answer without its exclusion"))?;
        let id = answered.exclusion_id.parse().map_err(Error::internal)?;
        let proposed = self.proposed(caller, directory, id).await?;
        self.told_exclusion(caller, directory, proposed).await
    }

    async fn proposed(&self, caller: &Caller, directory: &Directory, id: Uuid) -> Result<Proposed, Error> {
        let organs = counted_organs(caller, directory, "")?;
        let found = store::find_exclusion(self.pool(), &organs, id).await?;
        found.ok_or_else(|| Error::nothing_to_act_on("exclusion", id))
    }

    pub(super) async fn exclusions(
        &self,
        caller: &Caller,
        request: ListExclusionsRequest,
    ) -> Result<ListExclusionsResponse, Error> {
        let ListExclusionsRequest { organ, open_only, page_size: size, page_token } = request;
        let directory = self.directory(caller, &organ).await?;
        let organs = counted_organs(caller, &directory, &organ)?;
        let tokens = PageToken::of("ListExclusions").filter(&organ).filter([u8::from(open_only)]);
        let after: Option<ExclusionKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let proposed = store::list_exclusions(self.pool(), &organs, open_only, after, size).await?;
        let next_page_token = crate::grpc::next(&tokens, &proposed, size, ExclusionKey::of)?;
        let mut exclusions = Vec::with_capacity(proposed.len());
        for proposed in proposed {
            exclusions.push(self.told_exclusion(caller, &directory, proposed).await?);
        }
        Ok(ListExclusionsResponse { exclusions, next_page_token })
    }

    async fn told_exclusion(
        &self,
        caller: &Caller,
        directory: &Directory,
        proposed: Proposed,
    ) -> Result<wire::Exclusion, Error> {
        let Proposed { organ, exclusion } = proposed;
        let actions = asking(caller, directory, &organ, |asker| exclusion_actions(&exclusion, asker));
        let reason = self.words(&organ, exclusion.case_id, Some(&exclusion.reason)).await?;
        Ok(wire::Exclusion {
            reason,
            allowed_actions: numbers(actions),
            ..told_exclusion(&organ, &exclusion)
        })
    }
}
