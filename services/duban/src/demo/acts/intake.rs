//! The desk: takes in, decides, tells the complainant.

use access::Role;
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1 as wire;

use super::{Case, Stage, Step, Stopped};
use crate::demo::cast::Person;
use crate::demo::script::Scenario;
use crate::demo::stage::until;

/// The ground that the desk settles on where the complainant named none: not doing one's duty as it should be done.
const USUAL_GROUND: &str = "8.3";

impl Stage {
    pub(super) async fn arrive(&self, case: &mut Case) -> Result<Option<Step>, Stopped> {
        // A system may hand in only what is complete; the samples name no authorisation of a legal person.
        let complete = case.line.is_of_a_citizen() && !case.scenario.is_incomplete();
        let by_system = case.line.is_of_a_system() && complete;
        let role = if by_system { Role::Agency } else { Role::Desk };
        let mut intake = self.cast.intake(&Person::new(&case.door, role))?;
        let request = case.line.clone().into_request(&case.door, &self.request_id());
        let receipt = intake.submit_complaint(request).await?.into_inner();
        let waits = receipt.state() == CaseState::Received;
        case.id = receipt.case_id;
        case.version = self.version(case).await?;
        Ok(waits.then_some(Step::Register))
    }

    pub(super) async fn register(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::RegisterCaseRequest { request_id: self.request_id(), case_id: case.id.clone() };
        let done = self.desk(case)?.register_case(request).await?.into_inner();
        seen(case, done.case)
    }

    pub(super) async fn ask_supplement(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::RequestSupplementRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            version: case.version,
            fields: Vec::new(),
        };
        let done = self.desk(case)?.request_supplement(request).await?.into_inner();
        seen(case, done.case)
    }

    pub(super) async fn provide_supplement(&self, case: &mut Case) -> Result<(), Stopped> {
        if let Some(supplement) = case.supplement.take() {
            supplement.complete(&mut case.line);
        }
        let request = wire::ProvideSupplementRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            complaint: Some(case.line.clone().into_complaint()),
        };
        let done = self.desk(case)?.provide_supplement(request).await?.into_inner();
        seen(case, done.case)
    }

    pub(super) async fn decide(&self, case: &mut Case) -> Result<(), Stopped> {
        match case.scenario {
            Scenario::DeclineSpecialLaw => {
                self.decline(case, "special_law", "《工伤保险条例》等专门规定").await
            }
            Scenario::DeclineCourt => self.direct(case, "court", "有管辖权的人民法院").await,
            Scenario::Elsewhere => self.direct(case, "other_district", "有管辖权的机关").await,
            Scenario::Refer => self.refer(case, case.line.first_respondent().to_owned()).await,
            // Nobody investigates themselves: a complaint about the centre goes to the organ above it.
            Scenario::ReportUp => self.refer(case, "shanghai".to_owned()).await,
            _ => self.accept(case).await,
        }
    }

    async fn accept(&self, case: &mut Case) -> Result<(), Stopped> {
        let settled = if case.line.has_ground() { Vec::new() } else { vec![USUAL_GROUND.to_owned()] };
        let request = wire::AcceptCaseRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            version: case.version,
            grounds: settled,
            note: "经核,属于不依法履行职责的其他行为。".to_owned(),
            despite_missing: true,
        };
        let done = self.desk(case)?.accept_case(request).await?.into_inner();
        seen(case, done.case)
    }

    async fn decline(&self, case: &mut Case, ground: &str, explanation: &str) -> Result<(), Stopped> {
        let request = wire::DeclineCaseRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            version: case.version,
            ground: ground.to_owned(),
            explanation: explanation.to_owned(),
        };
        let done = self.desk(case)?.decline_case(request).await?.into_inner();
        seen(case, done.case)
    }

    async fn refer(&self, case: &mut Case, department: String) -> Result<(), Stopped> {
        let request = wire::ReferCaseRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            version: case.version,
            department,
            explanation: "不属于行政效能投诉受理范围,按归口管理的原则移交。".to_owned(),
        };
        let done = self.desk(case)?.refer_case(request).await?.into_inner();
        seen(case, done.case)
    }

    async fn direct(&self, case: &mut Case, way: &str, explanation: &str) -> Result<(), Stopped> {
        let request = wire::DirectElsewhereRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            version: case.version,
            way: way.to_owned(),
            explanation: explanation.to_owned(),
        };
        let done = self.desk(case)?.direct_elsewhere(request).await?.into_inner();
        seen(case, done.case)
    }

    pub(super) async fn confirm_masks(&self, case: &mut Case) -> Result<(), Stopped> {
        let mut desk = self.desk(case)?;
        let asked = wire::ProposeMasksRequest { case_id: case.id.clone() };
        let proposed = desk.propose_masks(asked).await?.into_inner();
        let request = wire::ConfirmMasksRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            content_version: proposed.content_version,
            masks: proposed.masks,
        };
        let done = desk.confirm_masks(request).await?.into_inner();
        seen(case, done.case)
    }

    pub(super) async fn withdraw(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::WithdrawComplaintRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            goes_on: false,
        };
        let done = self.desk(case)?.withdraw_complaint(request).await?.into_inner();
        seen(case, done.case)
    }

    /// Tells the complainant whatever is still to be told; after the conclusion the result is.
    pub(super) async fn reply(&self, case: &mut Case) -> Result<(), Stopped> {
        let open = if case.concluded {
            let result = wire::ReplyOccasion::Result;
            until("the result is there to be told", || async {
                let open = self.open_replies(case).await?;
                Ok(open.iter().any(|reply| reply.occasion() == result).then_some(open))
            })
            .await?
        } else {
            self.open_replies(case).await?
        };
        for reply in open {
            let request = wire::SendReplyRequest {
                request_id: self.request_id(),
                case_id: case.id.clone(),
                reply_id: reply.reply_id,
                form: case.line.reply_form().to_owned(),
                text: String::new(),
                outcome: wire::DeliveryOutcome::Acknowledged.into(),
            };
            let done = self.desk(case)?.send_reply(request).await?.into_inner();
            seen(case, done.case)?;
        }
        Ok(())
    }

    async fn open_replies(&self, case: &Case) -> Result<Vec<wire::Reply>, Stopped> {
        let request = wire::ListRepliesRequest {
            case_id: case.id.clone(),
            open_only: true,
            page_size: 50,
            ..wire::ListRepliesRequest::default()
        };
        Ok(self.desk(case)?.list_replies(request).await?.into_inner().replies)
    }

    async fn version(&self, case: &Case) -> Result<u32, Stopped> {
        let request = wire::GetCaseRequest { case_id: case.id.clone() };
        let found = self.desk(case)?.get_case(request).await?.into_inner();
        Ok(found.case.map_or(0, |case| case.version))
    }

    fn desk(&self, case: &Case) -> Result<Intake, Stopped> {
        Ok(self.cast.intake(&Person::new(&case.door, Role::Desk))?)
    }
}

type Intake = wire::intake_service_client::IntakeServiceClient<crate::client::Endpoint>;

/// Remembers the version of what was answered.
#[allow(clippy::unnecessary_wraps)] // the last line of every act
fn seen(case: &mut Case, now: Option<wire::CaseSummary>) -> Result<(), Stopped> {
    case.version = now.map_or(case.version, |now| now.version);
    Ok(())
}
