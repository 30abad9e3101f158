//! `PreviewRoute`, `RouteCase`, `AcknowledgeTransfer` (5, 6, 14).

use access::Role;
use competence::{CoHandler, co_handlers, competent};
use duban_proto::common::v1::CaseFacts;
use duban_proto::routing::v1::preview_route_request::Subject;
use duban_proto::routing::v1::{
    AcknowledgeTransferRequest, AcknowledgeTransferResponse, PreviewRouteRequest, PreviewRouteResponse,
    ProposedPart, Route as WireRoute, RouteCaseRequest, RouteCaseResponse,
};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::seal::Text;
use crate::domain::{Act, Command, Departure, Rejection, Route};

/// The longest reason, in characters.
const MAX_REASON: usize = 2000;

impl Grpc {
    pub(super) async fn preview(
        &self,
        caller: &Caller,
        request: PreviewRouteRequest,
    ) -> Result<PreviewRouteResponse, Error> {
        let PreviewRouteRequest { organ, subject } = request;
        let directory = self.directory.knowing([organ.as_str(), caller.principal().organ.as_str()]).await?;
        let home = caller.organ_code(&organ, directory.tree())?;
        let mut check = Violations::default();
        let subject = check.message("subject", subject);
        let case_id = match &subject {
            Some(Subject::CaseId(id)) => check.uuid("case_id", id).map(Some),
            _ => Some(None),
        };
        let (subject, case_id) = check.finish_with((subject, case_id))?;
        let facts: CaseFacts = match (subject, case_id) {
            (Subject::Facts(facts), _) => facts,
            (Subject::CaseId(_), Some(case_id)) => {
                self.known(&home, case_id).await?.facts.unwrap_or_default()
            }
            (Subject::CaseId(_), None) => CaseFacts::default(),
        };
        let codes = facts.respondents.iter().map(|respondent| respondent.organ.as_str());
        let directory = self.directory.knowing(codes.clone()).await?;
        if let Some(unknown) = codes.into_iter().find(|code| directory.get(code).is_none()) {
            return Err(Error::organ_not_found(unknown, directory.nearest(unknown)));
        }
        let competent =
            competent(self.regulation(&home), &directory, &home, &facts).map_err(Rejection::from)?;
        let parts = co_handlers(self.regulation(&home), &directory, &home, &facts, &competent.organ);
        Ok(PreviewRouteResponse {
            route: Some(WireRoute {
                organ: competent.organ,
                handling: competent.handling.into(),
                up: competent.up,
                citation: Some(competent.citation),
                facts_used: competent.facts_used,
            }),
            parts: parts.into_iter().map(proposed).collect(),
        })
    }

    pub(super) async fn route(
        &self,
        caller: &Caller,
        mut request: RouteCaseRequest,
    ) -> Result<RouteCaseResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        // Another replica may have changed the organs that the rules name.
        let directory = self.directory.reload().await?;
        let departs = !request.organ.is_empty();
        if departs {
            check.required_text("reason", &request.reason, MAX_REASON);
        } else {
            let nothing = request.reason.is_empty();
            check.must(
                nothing,
                "reason",
                "未指定机关时不需要理由",
                "goes with an organ that departs from the rule",
            );
        }
        let (request_id, case_id) = check.finish_with(ids)?;
        if departs && directory.get(&request.organ).is_none() {
            return Err(Error::organ_not_found(&request.organ, directory.nearest(&request.organ)));
        }
        let (organ, _) = self.own_organ(caller).await?;
        let (version, to, reason) = (request.version, request.organ.clone(), request.reason.clone());
        request.request_id.clear();
        let answer = if departs {
            let text = Text { kind: "departure", text: reason.as_bytes() };
            let stands = caller.has(Role::Leader);
            let act = |reason| {
                let departure = Some(Departure { organ: to.clone(), reason, stands });
                Act::Route(Box::new(Route { version, departure }))
            };
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer
        } else {
            let act = Act::Route(Box::new(Route { version, departure: None }));
            let command = Command { case_id: Some(case_id), act };
            self.submit(&organ, caller, (request_id, &request), command).await?.answer
        };
        let route = answer.route.clone();
        Ok(RouteCaseResponse { route, case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    pub(super) async fn acknowledge(
        &self,
        caller: &Caller,
        mut request: AcknowledgeTransferRequest,
    ) -> Result<AcknowledgeTransferResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.own_organ(caller).await?;
        let command = Command { case_id: Some(case_id), act: Act::Acknowledge { term: request.term } };
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), command).await?.answer;
        Ok(AcknowledgeTransferResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }
}

fn proposed(part: CoHandler) -> ProposedPart {
    let CoHandler { organ, respondents, citation, facts_used } = part;
    ProposedPart { organ: organ.unwrap_or_default(), respondents, citation, facts_used }
}
