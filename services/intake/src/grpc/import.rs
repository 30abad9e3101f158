//! `ImportCase` (house): a running case from paper, with the number and the days it has there.

use std::sync::Arc;

use duban_proto::intake::v1::{Complaint, ImportCaseRequest, ImportCaseResponse};
use jiff::Timestamp;
use jiff::civil::Date;
use regulation::{Numbered, Regulation};
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use super::complaint::{Judge, Taken};
use super::error::wrong;
use super::seal::Item;
use super::submit::{must_receive, prefix};
use crate::domain::{Act, Import, Private};
use crate::store;

const MAX_NUMBER: usize = 100;
/// The register goes on after an imported number: what is beyond any real one is a slip of the pen.
const MOST_ORDINAL: u32 = 100_000;

impl Grpc {
    pub(super) async fn imported(
        &self,
        caller: &Caller,
        mut request: ImportCaseRequest,
    ) -> Result<ImportCaseResponse, Error> {
        let (organ, directory) = self.own_organ(caller, &request.organ).await?;
        must_receive(&organ, &directory)?;
        let regulation = self.regulation(&organ);
        let (request_id, accepted_at) = self.in_order(regulation, &request)?;
        let directory = self.directory_for(directory, request.complaint.as_ref()).await?;
        let judge = Judge { regulation, directory: &directory, complete: false };
        let mut taken = judge.judge(request.complaint.as_ref())?;
        taken.received.received_on.clone_from(&request.received_on);
        let case_id = self.new_id();
        let number = regulation.numbering(Numbered::Case);
        let place = number.and_then(|rule| rule.template.parse(&prefix(&directory, &organ), &request.number));
        let place = place.and_then(|(year, ordinal)| Some((year.try_into().ok()?, ordinal.try_into().ok()?)));
        if place.is_some_and(|(_, ordinal): (u32, u32)| ordinal > MOST_ORDINAL) {
            return Err(wrong(
                "number",
                format!("登记号不得超过 {MOST_ORDINAL}"),
                format!("no register has more than {MOST_ORDINAL} numbers"),
            ));
        }
        let complaint =
            request.complaint.as_ref().ok_or_else(|| Error::internal("a judged complaint is there"))?;
        let (taken, private) = self.sealed(&organ, case_id, complaint, taken)?;
        let number = request.number.clone();
        let import = Import { received: taken.received, number: number.clone(), place, accepted_at, private };
        request.request_id.clear();
        let act = Act::Import(Box::new(import));
        let committed = match self.submit(&organ, caller, (request_id, &request), case_id, act).await {
            Ok(committed) => committed,
            // The database refused a second case under the number.
            Err(error) if error.reason() == Reason::Internal => {
                return Err(self.is_number_taken(&organ, &number).await?.unwrap_or(error));
            }
            Err(error) => return Err(error),
        };
        let receipt = self.receipt(&organ, committed.answer.clone())?;
        let case = self.told_now(caller, &organ, committed.answer.case).await?;
        Ok(ImportCaseResponse { case: Some(case), tracking_code: receipt.tracking_code })
    }

    /// The days have to be in order, and none to come.
    fn in_order(
        &self,
        regulation: &Regulation,
        request: &ImportCaseRequest,
    ) -> Result<(Uuid, Option<Timestamp>), Error> {
        let zone = &regulation.counting().zone;
        let today = zone.to_datetime(self.writer.clock().now()).date();
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        check.required_text("number", &request.number, MAX_NUMBER);
        let received = check.date("received_on", &request.received_on);
        let accepted = check.optional_date("accepted_on", &request.accepted_on).flatten();
        for (field, day) in [("received_on", received), ("accepted_on", accepted)] {
            let past = day.is_none_or(|day| day <= today);
            check.must(past, field, "不得晚于今天", "must not be later than today");
        }
        if let (Some(received), Some(accepted)) = (received, accepted) {
            check.must(
                received <= accepted,
                "accepted_on",
                "不得早于收件日期",
                "must not be earlier than received_on",
            );
        }
        let grounds = request.complaint.as_ref().is_some_and(|complaint| !complaint.grounds.is_empty());
        check.must(
            accepted.is_none() || grounds,
            "complaint.grounds",
            "已受理的投诉至少应有一项事由",
            "an accepted complaint has at least one ground",
        );
        let (request_id,) = check.finish_with((request_id,))?;
        let begins = |day: Date| zone.to_timestamp(day.at(0, 0, 0, 0)).map_err(Error::internal);
        Ok((request_id, accepted.map(begins).transpose()?))
    }

    /// A complaint and who complains, sealed under a key of the case's own.
    fn sealed(
        &self,
        organ: &str,
        case_id: Uuid,
        complaint: &Complaint,
        mut taken: Taken,
    ) -> Result<(Taken, Arc<Private>), Error> {
        let (key, new_key) = self.new_key(organ, case_id)?;
        let item = Item { organ, case_id, id: self.new_id(), version: 1, kind: "original" };
        let original = self.original(&key, &item, complaint)?;
        taken.received.original = Some(original.reference());
        let identity = self.sealed_identity(&key, organ, case_id, &taken.complainant)?;
        let private = Private { key: Some(new_key), drafts: vec![original], identity: Some(identity) };
        Ok((taken, Arc::new(private)))
    }

    async fn is_number_taken(&self, organ: &str, number: &str) -> Result<Option<Error>, Error> {
        let found = store::find_case_by_number(self.pool(), &[organ.to_owned()], number).await?;
        Ok(found.map(|_| {
            wrong("number", "本单位已有投诉使用此编号", "another case of the organ has this number")
        }))
    }
}
