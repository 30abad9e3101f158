//! Complaints to submit.

use duban_proto::common::v1::{Rank, Source};
use duban_proto::intake::v1::{
    Complainant, ComplainantKind, Complaint, Respondent, RespondentPerson, SubmitComplaintRequest,
};
use uuid::Uuid;

use crate::harness::UNIT;

pub(crate) const NAME: &str = "章槐序";
pub(crate) const PHONE: &str = "13800009421";

/// A complete complaint about a clerk.
pub(crate) fn about_a_clerk() -> Complaint {
    Complaint {
        channel: "online".into(),
        source: Source::Citizen.into(),
        title: "窗口办事推诿".into(),
        text: format!("我叫{NAME},电话{PHONE}。上周三到窗口办理居住证明,跑了三次,每次要求的材料都不一样。"),
        grounds: vec!["8.2".into()],
        respondents: vec![Respondent {
            organ: UNIT.into(),
            name: String::new(),
            person: Some(RespondentPerson {
                name: "三号窗口工作人员".into(),
                rank: Rank::Unranked.into(),
                ..RespondentPerson::default()
            }),
        }],
        complainant: Some(complainant()),
        ..Complaint::default()
    }
}

/// The same without anything by which the complainant can be reached.
pub(crate) fn without_contact() -> Complaint {
    let complainant = Complainant { phones: Vec::new(), ..complainant() };
    Complaint { complainant: Some(complainant), ..about_a_clerk() }
}

pub(crate) fn complainant() -> Complainant {
    Complainant {
        kind: ComplainantKind::Citizen.into(),
        name: NAME.into(),
        work_unit: "无".into(),
        phones: vec![PHONE.into()],
        ..Complainant::default()
    }
}

/// A request id.
pub(crate) fn id(number: u128) -> String {
    Uuid::from_u128(1_000 + number).to_string()
}

pub(crate) fn submission(number: u128, complaint: Complaint) -> SubmitComplaintRequest {
    SubmitComplaintRequest { request_id: id(number), organ: String::new(), complaint: Some(complaint) }
}
