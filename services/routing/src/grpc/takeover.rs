//! `TakeOverCase`: an organ above takes over a case whose home is below (20).

use directory::Directory;
use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::{TakeOverCaseRequest, TakeOverCaseResponse};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::seal::Text;
use super::transfer::MAX_REASON;
use crate::domain::{Act, Rejection, Sealed, Takeover};
use crate::store;

impl Grpc {
    pub(super) async fn take_over_case(
        &self,
        caller: &Caller,
        mut request: TakeOverCaseRequest,
    ) -> Result<TakeOverCaseResponse, Error> {
        let (own, _) = self.own_organ(caller).await?;
        let directory = self.directory.reload().await?;
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let below = request.home != own && directory.tree().is_under(&request.home, &own);
        let named = !request.home.is_empty();
        check.must(!named || below, "home", "应为本机关的下级机关", "must be an organ below the caller's");
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let assign_to = self.known_organ(&request.assign_to).await?;
        let home = self.home_below(&directory, &own, &request.home, case_id).await?;
        request.request_id.clear();
        let words = request.reason.clone();
        let text = Text { kind: "transfer", text: words.as_bytes() };
        let act = |reason: Sealed| {
            let (home, assign_to) = (home.clone(), assign_to.clone());
            Act::Takeover(Box::new(Takeover::Ask { home, assign_to, reason }))
        };
        let answer =
            self.submit_sealed(&own, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let asked = answer.takeover.ok_or_else(|| Error::internal("an answer without its takeover"))?;
        Ok(TakeOverCaseResponse { home: asked.home, asked_at: asked.asked_at })
    }

    /// The home, where the ledgers below are here; otherwise the organ that is named, which hands on what it is asked.
    async fn home_below(
        &self,
        directory: &Directory,
        own: &str,
        named: &str,
        case_id: Uuid,
    ) -> Result<String, Error> {
        let below: Vec<String> =
            directory.tree().subtree(own).into_iter().filter(|organ| organ != own).collect();
        let known = store::find_known(self.pool(), &below, case_id).await?;
        if let Some(home) = known.iter().find(|known| known.case.numbers_terms(&known.organ)) {
            let state = home.case.state();
            let open = matches!(state, CaseState::Accepted | CaseState::InHandling);
            return if open { Ok(home.organ.clone()) } else { Err(Rejection::State(state).into()) };
        }
        // On its way from one home to the next, or in ledgers elsewhere: who knows it passes on what it is asked.
        let first = known.first().map(|known| known.organ.as_str());
        let asked = Some(named).filter(|organ| !organ.is_empty()).or(first);
        asked.map(str::to_owned).ok_or_else(|| Error::case_not_found(case_id))
    }
}
