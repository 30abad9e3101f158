//! `SubmitComplaint` (9, 10, 13).

use std::sync::Arc;

use directory::Directory;
use duban_proto::intake::v1::{Complaint, SubmitComplaintRequest, SubmitComplaintResponse};
use seal::CaseRef;
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use super::complaint::{Judge, Taken};
use super::masks::automatic_copy;
use super::seal::Item;
use super::see::agency;
use crate::domain::{Act, Answer, Automatic, Private, Register, Submit, WORKING_COPY};

impl Grpc {
    /// Takes a complaint in: judged, sealed, submitted.
    pub(super) async fn take_in(
        &self,
        caller: &Caller,
        mut request: SubmitComplaintRequest,
    ) -> Result<SubmitComplaintResponse, Error> {
        let request_id = request_id(&request.request_id)?;
        let (organ, directory) = self.own_organ(caller, &request.organ).await?;
        must_receive(&organ, &directory)?;
        let directory = self.directory_for(directory, request.complaint.as_ref()).await?;
        let judge = Judge {
            regulation: self.regulation(&organ),
            directory: &directory,
            complete: agency(caller).is_some(),
        };
        let taken = judge.judge(request.complaint.as_ref())?;
        let case_id = self.new_id();
        let complaint =
            request.complaint.as_ref().ok_or_else(|| Error::internal("a judged complaint is there"))?;
        let submit = self.prepared(caller, &organ, &directory, case_id, complaint, taken)?;
        request.request_id.clear();
        let committed = self
            .submit(&organ, caller, (request_id, &request), case_id, Act::Submit(Box::new(submit)))
            .await?;
        self.receipt(&organ, committed.answer)
    }

    /// The directory, read again if it does not know whom a complaint is about.
    pub(super) async fn directory_for(
        &self,
        directory: Arc<Directory>,
        complaint: Option<&Complaint>,
    ) -> Result<Arc<Directory>, Error> {
        let Some(complaint) = complaint else { return Ok(directory) };
        Ok(self
            .directory
            .knowing(complaint.respondents.iter().map(|respondent| respondent.organ.as_str()))
            .await?)
    }

    fn prepared(
        &self,
        caller: &Caller,
        organ: &str,
        directory: &Directory,
        case_id: Uuid,
        complaint: &Complaint,
        taken: Taken,
    ) -> Result<Submit, Error> {
        let Taken { mut received, complainant, acceptable } = taken;
        let regulation = self.regulation(organ);
        let (key, new_key) = self.new_key(organ, case_id)?;
        let item = Item { organ, case_id, id: self.new_id(), version: 1, kind: "original" };
        let original = self.original(&key, &item, complaint)?;
        received.original = Some(original.reference());
        agency(caller).unwrap_or_default().clone_into(&mut received.agency);
        let mut drafts = vec![original];
        let at_once = regulation.automatic_acceptance() && acceptable;
        let mut automatic = at_once.then_some(Automatic { working_copy: None });
        if let Some(automatic) = automatic.as_mut().filter(|_| regulation.automatic_masks()) {
            let item = Item { id: self.new_id(), kind: WORKING_COPY, ..item };
            let (text, masks) = automatic_copy(complaint, &complainant, directory)?;
            let copy = self.draft(&key, &item, text.as_bytes())?;
            automatic.working_copy = Some((copy.reference(), masks));
            drafts.push(copy);
        }
        let registered = agency(caller).is_none() || at_once;
        let register =
            registered.then(|| Register { prefix: prefix(directory, organ), reply_id: Uuid::nil() });
        let identity = self.sealed_identity(&key, organ, case_id, &complainant)?;
        let private = Arc::new(Private { key: Some(new_key), drafts, identity: Some(identity) });
        Ok(Submit { received, register, automatic, private })
    }

    /// The receipt; the tracking code is worked out again each time, and stored nowhere.
    pub(super) fn receipt(&self, organ: &str, answer: Answer) -> Result<SubmitComplaintResponse, Error> {
        let case = answer.case.ok_or_else(|| Error::internal("an answer without its case"))?;
        let case_id = Uuid::try_parse(&case.case_id).map_err(Error::internal)?;
        Ok(SubmitComplaintResponse {
            tracking_code: self.tracking.of(CaseRef::new(organ, case_id.as_bytes())).expose(),
            case_id: case.case_id,
            number: case.number,
            state: case.state,
            missing: case.missing,
            received_at: case.received_at,
        })
    }
}

/// Complaints are handed in at a centre or sub-centre (4).
pub(super) fn must_receive(organ: &str, directory: &Directory) -> Result<(), Error> {
    if directory.receives(organ) {
        return Ok(());
    }
    let forbidden = Error::new(
        Reason::RegulationForbids,
        "投诉由受理中心或者分中心受理,该单位不受理投诉。",
        "Complaints are received by a centre or sub-centre; this organ receives none.",
    );
    Err(forbidden.article("4").meta("organ", organ))
}

/// The prefix of an organ's numbers.
pub(super) fn prefix(directory: &Directory, organ: &str) -> String {
    directory.get(organ).map(|organ| organ.number_prefix.clone()).unwrap_or_default()
}

/// The id of a request, where nothing else of it can be wrong yet.
pub(super) fn request_id(text: &str) -> Result<Uuid, Error> {
    let mut check = Violations::default();
    let id = check.uuid("request_id", text);
    Ok(check.finish_with((id,))?.0)
}
