//! The facts of a complaint that the regulation decides by.

use directory::Directory;
use duban_proto::common::v1::{Organ, OrganKind, RespondentFacts, RespondentKind, Source, Weight};
use duban_proto::intake::v1::{Complainant, ComplainantKind, Complaint, Respondent};
use regulation::ComplaintFacts;

use crate::domain::source_code;

/// The key in `channel_details` under which an authorisation is named (2).
const AUTHORISATION: &str = "authorisation";

/// Where it came from; not said counts as a citizen.
pub(super) fn source(complaint: &Complaint) -> Source {
    match complaint.source() {
        Source::Unspecified => Source::Citizen,
        source => source,
    }
}

/// Whom it is about, as the ledger may know it: no names.
pub(super) fn respondents(complaint: &Complaint, directory: &Directory) -> Vec<RespondentFacts> {
    let facts = |respondent: &Respondent| {
        let kind = match (&respondent.person, directory.get(&respondent.organ).map(Organ::kind)) {
            (Some(_), _) => RespondentKind::Person,
            (None, Some(OrganKind::Unit)) => RespondentKind::Unit,
            (None, _) => RespondentKind::Organ,
        };
        RespondentFacts {
            organ: respondent.organ.clone(),
            kind: kind.into(),
            rank: respondent.person.as_ref().map_or(0, |person| person.rank),
            head: respondent.person.as_ref().is_some_and(|person| person.head),
        }
    };
    complaint.respondents.iter().map(facts).collect()
}

/// What is there, for article 10.
pub(super) fn complaint(complaint: &Complaint) -> ComplaintFacts {
    let given = |text: &str| !text.trim().is_empty();
    let nobody = Complainant::default();
    let who = complaint.complainant.as_ref().unwrap_or(&nobody);
    let weighs = |weight: Weight| complaint.weights.contains(&weight.into());
    let named = |respondent: &Respondent| given(&respondent.organ) || given(&respondent.name);
    ComplaintFacts {
        complainant: match who.kind() {
            ComplainantKind::Unspecified | ComplainantKind::Citizen => regulation::ComplainantKind::Citizen,
            ComplainantKind::LegalPerson => regulation::ComplainantKind::LegalPerson,
            ComplainantKind::Organisation => regulation::ComplainantKind::Organisation,
        },
        grounds: complaint.grounds.clone(),
        has_respondent: complaint.respondents.iter().any(named),
        has_content: given(&complaint.text),
        has_name: given(&who.name),
        has_work_unit: given(&who.work_unit),
        has_contact: given(&who.email) || given(&who.address) || who.phones.iter().any(|phone| given(phone)),
        has_representative: given(&who.representative),
        has_authorisation: complaint.channel_details.get(AUTHORISATION).is_some_and(|text| given(text)),
        leader_instruction: complaint.leader_instruction.is_some(),
        serious_harm: weighs(Weight::SeriousHarm),
        adverse_impact: weighs(Weight::AdverseImpact),
        special: weighs(Weight::Special),
        complex: weighs(Weight::Complex),
        ..ComplaintFacts::complete(&complaint.channel, source_code(source(complaint)))
    }
}
