//! Complaints to submit: complete ones, and what is changed about them.

use duban_proto::common::v1::{Rank, Source};
use duban_proto::intake::v1::{
    Complainant, ComplainantKind, Complaint, Respondent, RespondentPerson, SubmitComplaintRequest,
};
use uuid::Uuid;

/// The name of the planted complainant: found nowhere but in sealed places.
pub const NAME: &str = "章槐序";
/// Their phone.
pub const PHONE: &str = "13800009421";
/// Their ID number.
pub const ID_NUMBER: &str = "310113190505051234";
/// Their address.
pub const ADDRESS: &str = "宝山区友谊支路9999弄77号";

/// A complete complaint about a clerk without rank of a unit that 罗店 manages.
pub fn about_a_clerk(organ: &str) -> Complaint {
    Complaint {
        channel: "online".into(),
        source: Source::Citizen.into(),
        title: "窗口办事推诿".into(),
        text: format!(
            "我叫{NAME},电话{PHONE}。上周三上午到窗口办理居住证明,工作人员让我跑了三次,每次要求的材料都不一样,\
             最后说系统坏了不给办,也不肯出具书面答复。"
        ),
        grounds: vec!["8.2".into()],
        respondents: vec![Respondent {
            organ: organ.into(),
            name: String::new(),
            person: Some(RespondentPerson {
                name: "三号窗口工作人员".into(),
                position: "窗口受理".into(),
                rank: Rank::Unranked.into(),
                head: false,
            }),
        }],
        complainant: Some(complainant()),
        occurred_on: "2026-02-04".into(),
        place: "办事大厅".into(),
        ..Complaint::default()
    }
}

/// A complete complaint about an organ itself.
pub fn about_an_organ(organ: &str) -> Complaint {
    let mut complaint = about_a_clerk(organ);
    if let Some(respondent) = complaint.respondents.first_mut() {
        respondent.person = None;
    }
    complaint
}

/// A complete complaint about a person of a rank.
pub fn about_a_person(organ: &str, rank: Rank, head: bool) -> Complaint {
    let mut complaint = about_a_clerk(organ);
    if let Some(person) = complaint.respondents.first_mut().and_then(|respondent| respondent.person.as_mut())
    {
        person.rank = rank.into();
        person.head = head;
    }
    complaint
}

/// Who complains, with all that article 10 asks for.
pub fn complainant() -> Complainant {
    Complainant {
        kind: ComplainantKind::Citizen.into(),
        name: NAME.into(),
        work_unit: "无".into(),
        phones: vec![PHONE.into()],
        address: ADDRESS.into(),
        id_number: ID_NUMBER.into(),
        ..Complainant::default()
    }
}

/// A request for `complaint` with an id of its own, at the caller's organ.
pub fn submit(complaint: Complaint) -> SubmitComplaintRequest {
    SubmitComplaintRequest { request_id: request_id(), organ: String::new(), complaint: Some(complaint) }
}

/// A new request id.
#[expect(clippy::disallowed_methods, reason = "a client makes its request ids as it likes")]
pub fn request_id() -> String {
    Uuid::new_v4().to_string()
}
