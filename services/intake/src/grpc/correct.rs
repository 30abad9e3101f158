//! `CorrectCase` (house): what was registered wrong is put right, and both stay on record.

use std::sync::Arc;

use duban_proto::intake::v1::{Complaint, ComplaintReceived, CorrectCaseRequest, CorrectCaseResponse};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::complaint::{Judge, Taken};
use super::error::wrong;
use super::seal::Item;
use crate::domain::{Act, Case, Correct, Private};

const MAX_REASON: usize = 2000;

impl Grpc {
    pub(super) async fn corrected(
        &self,
        caller: &Caller,
        mut request: CorrectCaseRequest,
    ) -> Result<CorrectCaseResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, directory) = self.organ_of(caller, case_id).await?;
        let directory = self.directory_for(directory, request.complaint.as_ref()).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        let judge = Judge { regulation: self.regulation(&organ), directory: &directory, complete: false };
        let taken = judge.judge(request.complaint.as_ref())?;
        if case.accepted_at.is_some() && taken.received.grounds.is_empty() {
            return Err(wrong(
                "complaint.grounds",
                "已受理的投诉至少应有一项事由",
                "an accepted complaint has at least one ground",
            ));
        }
        let correct = self.correction(&organ, &case, &request, taken).await?;
        request.request_id.clear();
        let act = Act::Correct(Box::new(correct));
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let case = self.told_now(caller, &organ, answer.case).await?;
        Ok(CorrectCaseResponse { case: Some(case), fields: answer.corrected })
    }

    async fn correction(
        &self,
        organ: &str,
        case: &Case,
        request: &CorrectCaseRequest,
        taken: Taken,
    ) -> Result<Correct, Error> {
        let complaint =
            request.complaint.as_ref().ok_or_else(|| Error::internal("a judged complaint is there"))?;
        let before = Complaint {
            complainant: Some(self.complainant(organ, case.case_id).await?),
            grounds: case.received.grounds.clone(),
            ..self.read_original(organ, case).await?
        };
        let fields = differences(&before, complaint);
        if fields.is_empty() && case.version == request.version {
            return Err(wrong("complaint", "与现有登记内容相同", "is as it was registered"));
        }
        let key = self.key(organ, case.case_id).await?;
        let original = self.next_original(&key, organ, case, complaint)?;
        let why =
            Item { organ, case_id: case.case_id, id: self.new_id(), version: 1, kind: "correction_reason" };
        let reason = self.draft(&key, &why, request.reason.as_bytes())?;
        let identity = self.sealed_identity(&key, organ, case.case_id, &taken.complainant)?;
        let received = ComplaintReceived {
            original: Some(original.reference()),
            agency: case.received.agency.clone(),
            received_on: case.received.received_on.clone(),
            leader_instruction: taken.received.leader_instruction
                || self.is_instructed(organ, case.case_id).await?,
            ..taken.received
        };
        Ok(Correct {
            version: request.version,
            received,
            fields,
            reason: reason.reference(),
            private: Arc::new(Private {
                key: None,
                drafts: vec![original, reason],
                identity: Some(identity),
            }),
        })
    }
}

/// The fields of a complaint in which two differ, by name.
fn differences(before: &Complaint, now: &Complaint) -> Vec<String> {
    let compared = [
        ("channel", before.channel != now.channel),
        ("source", before.source != now.source),
        ("title", before.title != now.title),
        ("text", before.text != now.text),
        ("grounds", before.grounds != now.grounds),
        ("respondents", before.respondents != now.respondents),
        (
            "complainant",
            before.complainant.clone().unwrap_or_default() != now.complainant.clone().unwrap_or_default(),
        ),
        ("occurred_on", before.occurred_on != now.occurred_on),
        ("place", before.place != now.place),
        ("weights", before.weights != now.weights),
        ("leader_instruction", before.leader_instruction != now.leader_instruction),
        ("external_reference", before.external_reference != now.external_reference),
        ("channel_details", before.channel_details != now.channel_details),
    ];
    compared.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field.to_owned()).collect()
}
