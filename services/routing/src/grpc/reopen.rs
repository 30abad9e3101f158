//! `ReopenCase` (3).

use duban_proto::routing::v1::{ReopenCaseRequest, ReopenCaseResponse};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::seal::Text;
use crate::domain::{Act, After, Departure, Reopen, Sealed};

impl Grpc {
    /// In the ledger of the home: the caller's organ, or one below that a supervisor names.
    pub(super) async fn reopen(
        &self,
        caller: &Caller,
        mut request: ReopenCaseRequest,
    ) -> Result<ReopenCaseResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("reason", &request.reason, 2000);
        // Another replica may have changed the organs that the rules name.
        let directory = self.directory.reload().await?;
        let (request_id, case_id) = check.finish_with(ids)?;
        let home = caller.organ_code(&request.home, directory.tree())?;
        if !request.organ.is_empty() && directory.get(&request.organ).is_none() {
            return Err(Error::organ_not_found(&request.organ, directory.nearest(&request.organ)));
        }
        let (version, to, words) = (request.version, request.organ.clone(), request.reason.clone());
        request.request_id.clear();
        let text = Text { kind: "reopening", text: words.as_bytes() };
        let act = |reason: Sealed| {
            let departs = !to.is_empty();
            let departure =
                departs.then(|| Departure { organ: to.clone(), reason: reason.clone(), stands: true });
            Act::After(After::Reopen(Box::new(Reopen { version, departure, reason })))
        };
        let answer =
            self.submit_sealed(&home, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let route = answer.route.clone();
        Ok(ReopenCaseResponse { route, case: Some(self.told_now(caller, &home, answer.case).await?) })
    }
}
