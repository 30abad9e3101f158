//! `TrackCase` (16, 17): for whoever has the number and the code. All that is wrong is told in the same words.

use directory::Directory;
use duban_proto::common::v1::{CaseState, LocalizedText};
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    self as wire, DeliveryOutcome, ReplyDelivered, ReplyOccasion, TrackCaseRequest, TrackCaseResponse,
    TrackStep, Treatment,
};
use jiff::Timestamp;
use prost::Message;
use seal::{CaseRef, TrackingCode};
use server::{Caller, Error, Reason};
use uuid::Uuid;

use super::Grpc;
use super::see::registering;
use crate::store::{self, CaseEntry, Filed};

impl Grpc {
    pub(super) async fn track(
        &self,
        _: &Caller,
        request: TrackCaseRequest,
    ) -> Result<TrackCaseResponse, Error> {
        let Filed { organ, case } = self.tracked(&request.number, &request.tracking_code).await?;
        let entries = store::case_entries(self.pool(), &organ, case.case_id).await?;
        let replies = store::replies_of_case(self.pool(), &organ, case.case_id).await?;
        let (zh, en) = state_text(case.state);
        Ok(TrackCaseResponse {
            number: case.number,
            state: case.state.into(),
            state_text: Some(text(zh, en)),
            received_at: Some(server::time::to_proto(case.received_at)),
            accepted_at: case.accepted_at.map(server::time::to_proto),
            steps: steps(&entries),
            may_rate: self.may_rate(&organ, &replies),
        })
    }

    /// The case of this number and code; what is wrong with them is not told.
    pub(super) async fn tracked(&self, number: &str, tracking_code: &str) -> Result<Filed, Error> {
        let unknown = || Error::of(Reason::TrackingNotFound);
        let code = TrackingCode::parse(tracking_code).ok_or_else(unknown)?;
        let directory = self.directory.current();
        let found = self.numbered(&directory, number.trim()).await?;
        found
            .filter(|filed| {
                self.tracking.matches(CaseRef::new(&filed.organ, filed.case.case_id.as_bytes()), code)
            })
            .ok_or_else(unknown)
    }

    /// The case of this number, or of this id while it has none.
    async fn numbered(&self, directory: &Directory, number: &str) -> Result<Option<Filed>, Error> {
        if number.contains('\0') {
            return Ok(None); // no text of a table, so no number
        }
        if let Ok(case_id) = Uuid::try_parse(number) {
            return Ok(store::find_case(self.pool(), &registering(directory), case_id).await?);
        }
        let begins = |prefix: &str| !prefix.is_empty() && number.starts_with(prefix);
        let organs: Vec<String> = directory
            .iter()
            .filter(|organ| begins(&organ.number_prefix))
            .map(|organ| organ.code.clone())
            .collect();
        Ok(store::find_case_by_number(self.pool(), &organs, number).await?)
    }
}

/// What a complainant may see of a case's entries; the same step is told once.
fn steps(entries: &[CaseEntry]) -> Vec<TrackStep> {
    let mut steps: Vec<TrackStep> = Vec::new();
    for entry in entries {
        let kind = wire::Event::decode(entry.body.as_slice()).ok().and_then(|event| event.kind);
        let Some((zh, en)) = kind.as_ref().and_then(step) else { continue };
        let said = Some(text(zh, en));
        if steps.last().is_none_or(|last| last.text != said) {
            let at = Timestamp::from_microsecond(entry.recorded_at).ok().map(server::time::to_proto);
            steps.push(TrackStep { at, text: said });
        }
    }
    steps
}

fn step(kind: &Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::ComplaintReceived(_) => ("已收到", "Received"),
        Kind::CaseRegistered(_) => ("已登记", "Registered"),
        Kind::SupplementRequested(_) => ("需要补正", "Something is to be supplied"),
        Kind::SupplementProvided(_) => ("已补正", "What was missing was supplied"),
        Kind::CaseAccepted(_) => ("已受理", "Accepted"),
        Kind::CaseDeclined(_) => ("不予受理", "Not accepted"),
        Kind::CaseReferred(_) => ("已移交归口部门", "Referred to the department in charge"),
        Kind::DirectedElsewhere(_) => ("已告知其他途径", "Directed elsewhere"),
        Kind::ComplaintTreated(treated) => match treated.treatment() {
            Treatment::Lead => ("作为线索留存", "Kept as a lead"),
            Treatment::Declined => ("不予受理", "Not accepted"),
            Treatment::WithoutReply | Treatment::Unspecified => return None,
        },
        Kind::ComplaintWithdrawn(_) => ("已撤回", "Withdrawn"),
        Kind::HandlingNoted(noted) => match noted.state() {
            CaseState::InHandling => ("办理中", "Being handled"),
            CaseState::Concluded => ("已办结", "Concluded"),
            _ => return None,
        },
        Kind::CaseReopened(_) => ("重新办理", "Opened again"),
        Kind::ReplyDelivered(reply) if is_told(reply) => ("已答复", "Replied"),
        _ => return None,
    })
}

/// The complainant has the result: a failed attempt to tell it is no step.
fn is_told(reply: &ReplyDelivered) -> bool {
    let told = matches!(reply.outcome(), DeliveryOutcome::Sent | DeliveryOutcome::Acknowledged);
    told && reply.occasion() == ReplyOccasion::Result
}

fn state_text(state: CaseState) -> (&'static str, &'static str) {
    match state {
        CaseState::Unspecified => ("", ""),
        CaseState::Received => ("已收到,待登记", "Received, waiting to be registered"),
        CaseState::Registered => ("已登记,待受理", "Registered, waiting to be accepted"),
        CaseState::SupplementRequested => ("等待补正", "Waiting for what is missing"),
        CaseState::Accepted => ("已受理", "Accepted"),
        CaseState::Declined => ("不予受理", "Not accepted"),
        CaseState::Referred => ("已移交归口部门", "Referred to the department in charge"),
        CaseState::DirectedElsewhere => ("已告知其他途径", "Directed elsewhere"),
        CaseState::Withdrawn => ("已撤回", "Withdrawn"),
        CaseState::InHandling => ("办理中", "Being handled"),
        CaseState::Concluded => ("已办结,待答复", "Concluded, waiting for the reply"),
        CaseState::Lead => ("作为线索留存", "Kept as a lead"),
        CaseState::Replied | CaseState::Archived => ("已答复", "Replied"),
    }
}

fn text(zh: &str, en: &str) -> LocalizedText {
    LocalizedText { zh: zh.to_owned(), en: en.to_owned() }
}
