//! The organ that holds the term: investigates, reports, approves.

use access::Role;
use duban_proto::common::v1::Finding;
use duban_proto::routing::v1 as wire;
use jiff::SignedDuration;

use super::{Case, Stage, Stopped};
use crate::demo::cast::Person;

impl Stage {
    pub(super) async fn appoint(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::AppointInvestigatorsRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
            investigators: investigators(case).into(),
        };
        self.by(case, Role::Leader)?.appoint_investigators(request).await?;
        Ok(())
    }

    pub(super) async fn record(&self, case: &mut Case) -> Result<(), Stopped> {
        let taken = self.now().checked_sub(SignedDuration::from_hours(1)).unwrap_or_default();
        let kind = if case.number.is_multiple_of(2) {
            wire::RecordKind::Interview
        } else {
            wire::RecordKind::Investigation
        };
        let request = wire::RecordInvestigationRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
            kind: kind.into(),
            taken_at: Some(prost_types::Timestamp { seconds: taken.as_second(), nanos: 0 }),
            place: "本单位谈话室".to_owned(),
            investigators: investigators(case).into(),
            text: "问:请说明办理的经过。答:材料收到后没有当日登记,也没有出具书面的补正告知单。".to_owned(),
            confirmed: true,
        };
        self.by(case, Role::Handler)?.record_investigation(request).await?;
        Ok(())
    }

    pub(super) async fn submit_disposition(&self, case: &mut Case) -> Result<(), Stopped> {
        let (finding, measures) = findings(case.number);
        let request = wire::SubmitDispositionRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
            finding: finding.into(),
            measures: measures.iter().map(ToString::to_string).collect(),
            report: "经调阅受理台账、走访窗口和询问当事工作人员,查明事实如下……".to_owned(),
            opinion: "建议按处理表所列措施处理,并在三个工作日内答复投诉人。".to_owned(),
            findings: Vec::new(),
        };
        self.by(case, Role::Handler)?.submit_disposition(request).await?;
        Ok(())
    }

    pub(super) async fn return_disposition(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::ReturnDispositionRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
            reason: "调查报告没有写明整改的期限,请补充后再报。".to_owned(),
        };
        self.by(case, Role::Leader)?.return_disposition(request).await?;
        Ok(())
    }

    pub(super) async fn approve(&self, case: &mut Case) -> Result<(), Stopped> {
        let request = wire::ApproveDispositionRequest {
            request_id: self.request_id(),
            case_id: case.id.clone(),
            term: case.term,
        };
        self.by(case, Role::Leader)?.approve_disposition(request).await?;
        case.concluded = true;
        Ok(())
    }

    fn by(&self, case: &Case, role: Role) -> Result<Casework, Stopped> {
        Ok(self.cast.casework(&Person::new(&case.holder, role))?)
    }
}

type Casework = wire::casework_service_client::CaseworkServiceClient<crate::client::Endpoint>;

fn investigators(case: &Case) -> [String; 2] {
    [1, 2].map(|which| Person::handler(&case.holder, which).subject())
}

/// What is found, and the measures; about half of the complaints have something in them.
fn findings(number: usize) -> (Finding, &'static [&'static str]) {
    match number % 6 {
        0 => (Finding::Founded, &["criticism_and_education", "written_self_examination"]),
        1 => (Finding::PartlyFounded, &["criticism_and_education"]),
        2 => (Finding::Founded, &["circulated_criticism"]),
        3 => (Finding::NotEstablished, &[]),
        _ => (Finding::Unfounded, &[]),
    }
}
