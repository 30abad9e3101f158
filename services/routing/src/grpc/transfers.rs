//! `GetTransfers`: all that was asked and decided about a case's terms, with its words (6(2)).

use duban_proto::common::v1::ContentRef;
use duban_proto::routing::v1::{
    DepartureRequest, Dispute, GetTransfersRequest, GetTransfersResponse, Recall, ReturnOfTransfer,
    ReturnProposal, TermState, Transfer,
};
use prost_types::Timestamp as WireTime;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Case, Departed, Disputed, Proposed, Recalled, Returned, Tenure, wire_term};

/// Whose words of which case are read; what one organ wrote to another is for both.
struct Words<'a> {
    grpc: &'a Grpc,
    case_id: Uuid,
    organ: &'a str,
    /// The home, and those that were it before, as far as they are known.
    homes: Vec<&'a str>,
}

impl Grpc {
    pub(super) async fn transfers(
        &self,
        caller: &Caller,
        request: GetTransfersRequest,
    ) -> Result<GetTransfersResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([request.organ.as_str(), own]).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        let case = self.known(&organ, case_id).await?;
        let mut homes: Vec<&str> =
            vec![&case.home, &case.inherited_from, &case.came_from, case.registering_organ()];
        homes.retain(|home| !home.is_empty());
        let words = Words { grpc: self, case_id, organ: &organ, homes };
        words.all(&case).await
    }
}

impl Words<'_> {
    async fn all(&self, case: &Case) -> Result<GetTransfersResponse, Error> {
        let mut transfers = Vec::with_capacity(case.terms.len());
        for tenure in &case.terms {
            transfers.push(self.transfer(tenure).await?);
        }
        let mut departures = Vec::with_capacity(case.departures.len());
        for departed in &case.departures {
            departures.push(self.departure(departed).await?);
        }
        let mut disputes = Vec::with_capacity(case.disputes.len());
        for disputed in &case.disputes {
            disputes.push(self.dispute(disputed).await?);
        }
        let void_acts = case.void_acts.clone();
        Ok(GetTransfersResponse { transfers, departures, disputes, void_acts, returns: case.returns })
    }

    async fn transfer(&self, tenure: &Tenure) -> Result<Transfer, Error> {
        let mut proposals = Vec::with_capacity(tenure.proposals.len());
        for proposed in &tenure.proposals {
            proposals.push(self.proposal(proposed).await?);
        }
        let mut recalls = Vec::with_capacity(tenure.recalls.len());
        for recalled in &tenure.recalls {
            recalls.push(self.recalled(recalled).await?);
        }
        let returned = match &tenure.returned {
            Some(returned) => Some(self.returned(returned).await?),
            None => None,
        };
        let now = self.grpc.writer.clock().now();
        let by = tenure.acknowledge_by.as_ref().and_then(server::time::from_proto);
        let waits = tenure.state() == TermState::Begun;
        Ok(Transfer {
            term: Some(wire_term(tenure)),
            acknowledgement_overdue: waits && by.is_some_and(|by| now > by),
            proposals,
            returned,
            recalls,
            superseded_because: tenure.superseded_because,
        })
    }

    async fn proposal(&self, proposed: &Proposed) -> Result<ReturnProposal, Error> {
        Ok(ReturnProposal {
            ground: proposed.ground.clone(),
            reason: self.of(self.organ, proposed.reason.as_ref()).await?,
            proposed_by: proposed.proposed_by.clone(),
            proposed_at: Some(moment(proposed.proposed_at)),
            decided_by: proposed.decided_by.clone(),
            approved: proposed.approved,
            dropped_because: self.of(self.organ, proposed.dropped.as_ref()).await?,
        })
    }

    async fn returned(&self, returned: &Returned) -> Result<ReturnOfTransfer, Error> {
        let given_back = returned.returned.clone().unwrap_or_default();
        let decided = returned.decided.clone().unwrap_or_default();
        Ok(ReturnOfTransfer {
            ground: given_back.ground,
            reason: self.of(&given_back.organ, given_back.reason.as_ref()).await?,
            returned_by: given_back.returned_by,
            returned_at: given_back.returned_at,
            decided_by: decided.decided_by,
            decided_at: decided.decided_at,
            agreed: decided.agreed,
            decided_because: self.of_home(decided.reason.as_ref()).await?,
        })
    }

    async fn recalled(&self, recalled: &Recalled) -> Result<Recall, Error> {
        let asked = recalled.asked.clone().unwrap_or_default();
        let answered = recalled.answered.clone().unwrap_or_default();
        Ok(Recall {
            recall: asked.recall,
            organ: asked.organ,
            reason: self.of_home(asked.reason.as_ref()).await?,
            requested_by: asked.requested_by,
            requested_at: asked.requested_at,
            answered_by: answered.answered_by,
            answered_at: answered.answered_at,
            agreed: answered.agreed,
            kept_because: self.of(&answered.organ, answered.reason.as_ref()).await?,
        })
    }

    async fn departure(&self, departed: &Departed) -> Result<DepartureRequest, Error> {
        Ok(DepartureRequest {
            organ: departed.organ.clone(),
            reason: self.of_home(departed.reason.as_ref()).await?,
            proposed_by: departed.proposed_by.clone(),
            proposed_at: Some(moment(departed.proposed_at)),
            decided_by: departed.decided_by.clone(),
            approved: departed.approved,
            rejected_because: self.of(self.organ, departed.rejected.as_ref()).await?,
        })
    }

    async fn dispute(&self, disputed: &Disputed) -> Result<Dispute, Error> {
        let asked = disputed.asked.clone().unwrap_or_default();
        let settled = disputed.settled.clone().unwrap_or_default();
        Ok(Dispute {
            reason: self.of(&asked.organ, asked.reason.as_ref()).await?,
            organ: asked.organ,
            asked_by: asked.asked_by,
            asked_at: asked.asked_at,
            designated: settled.organ,
            designated_by: settled.designated_by,
            designated_at: settled.designated_at,
            designated_because: self.of_home(settled.reason.as_ref()).await?,
        })
    }

    /// The words that the home wrote, the one of now or one before it.
    async fn of_home(&self, text: Option<&ContentRef>) -> Result<String, Error> {
        for home in &self.homes {
            let words = self.of(home, text).await?;
            if !words.is_empty() {
                return Ok(words);
            }
        }
        Ok(String::new())
    }

    /// The words that `organ` wrote.
    async fn of(&self, organ: &str, text: Option<&ContentRef>) -> Result<String, Error> {
        let Some(text) = text else { return Ok(String::new()) };
        String::from_utf8(self.grpc.read(organ, self.case_id, text).await?).map_err(Error::internal)
    }
}

fn moment(micros: i64) -> WireTime {
    server::time::to_proto(ledger::from_micros(micros))
}
