//! What tells of the complainant in a text for the respondent (15): for the program's own use, and for the approver's eyes alone.

use access::Role;
use directory::Directory;
use duban_proto::common::v1::Organ;
use duban_proto::intake::v1::{
    self as wire, ComplainantKind, Complaint, FindingForm, FindingKind, SummaryKind,
};
use regulation::{Approver, Permission, Regulation};
use seal::reveal::{self, Against, Finding, Form, Kind};
use server::{Caller, Error, Reason};

use super::Grpc;
use super::seal::identity;
use crate::domain::{Case, Rejection, Summary};

impl Grpc {
    /// What is found in a text that goes to the respondent. A copy of the original has passages of it by its nature.
    pub(super) async fn findings(
        &self,
        organ: &str,
        case: &Case,
        directory: &Directory,
        kind: SummaryKind,
        text: &str,
    ) -> Result<Vec<Finding>, Error> {
        let complainant = self.complainant(organ, case.case_id).await?;
        let complaint = self.read_original(organ, case).await?;
        let is_unit =
            matches!(complainant.kind(), ComplainantKind::LegalPerson | ComplainantKind::Organisation);
        let persons: Vec<String> = complaint
            .respondents
            .iter()
            .filter_map(|respondent| Some(respondent.person.as_ref()?.name.clone()))
            .collect();
        let expected_units = expected_units(directory, organ, case, &complaint);
        let own_words = kind == SummaryKind::Summary;
        let original =
            if own_words { format!("{}\n{}", complaint.title, complaint.text) } else { String::new() };
        let passage = self.regulation(organ).confidentiality().check.passage;
        Ok(reveal::check(
            text,
            &Against {
                identity: Some(&identity(&complainant)),
                is_unit,
                representative: &complainant.representative,
                respondents: &persons,
                expected_units: &expected_units,
                original: &original,
                passage: usize::try_from(passage).unwrap_or(usize::MAX),
            },
        ))
    }
}

/// What a text may name anyway: the units complained about, and those that registered and handle the case.
fn expected_units(directory: &Directory, organ: &str, case: &Case, complaint: &Complaint) -> Vec<String> {
    let respondents = complaint.respondents.iter();
    let codes =
        respondents.clone().map(|one| one.organ.as_str()).chain([organ, case.responsible_organ.as_str()]);
    let names = |organ: &Organ| {
        let names = [organ.name.clone(), organ.short_name.clone()];
        names.into_iter().chain(organ.aliases.clone()).collect::<Vec<_>>()
    };
    let known = codes.filter_map(|code| directory.get(code)).flat_map(names);
    known.chain(respondents.map(|one| one.name.clone())).filter(|name| !name.is_empty()).collect()
}

/// How many of these leave no doubt.
pub(super) fn certain(findings: &[Finding]) -> u32 {
    u32::try_from(findings.iter().filter(|finding| finding.certain).count()).unwrap_or(u32::MAX)
}

/// Whether the regulation lets this caller approve such a one.
pub(super) fn may_approve(caller: &Caller, regulation: &Regulation, kind: SummaryKind) -> bool {
    let rules = regulation.confidentiality();
    let permission: &Permission =
        if kind == SummaryKind::Original { &rules.original } else { &rules.summary };
    permission.approvers.iter().any(|approver| match approver {
        Approver::LeaderInCharge => caller.has(Role::Leader),
        Approver::PrincipalHead => caller.has(Role::Head),
        Approver::CompetentSuperior => caller.has(Role::Supervisor),
    })
}

/// The same, or the error.
pub(super) fn must_approve(caller: &Caller, regulation: &Regulation, kind: SummaryKind) -> Result<(), Error> {
    if may_approve(caller, regulation, kind) {
        return Ok(());
    }
    Err(Error::of(Reason::RoleNotAllowed).article("15"))
}

/// The writer, and who has not looked at it on record, learn nothing of the identity by trying words (15).
pub(super) fn must_have_reviewed(caller: &Caller, summary: &Summary) -> Result<(), Error> {
    let person = caller.subject();
    if summary.held.writer == person {
        return Err(Rejection::PersonExcluded { person: person.to_owned(), article: "15" }.into());
    }
    if summary.held.reviewers.iter().any(|reviewer| reviewer == person) {
        return Ok(());
    }
    Err(Rejection::NotReviewed.into())
}

/// As the contracts have it.
pub(super) fn finding(finding: &Finding) -> wire::Finding {
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    wire::Finding {
        kind: kind(finding.kind).into(),
        form: form(finding.form).into(),
        certain: finding.certain,
        start: at(finding.chars.start),
        end: at(finding.chars.end),
    }
}

fn kind(kind: Kind) -> FindingKind {
    match kind {
        Kind::Name => FindingKind::Name,
        Kind::Representative => FindingKind::Representative,
        Kind::Phone => FindingKind::Phone,
        Kind::IdNumber => FindingKind::IdNumber,
        Kind::Email | Kind::Wechat => FindingKind::Email,
        Kind::WorkUnit => FindingKind::WorkUnit,
        Kind::Address => FindingKind::Address,
        Kind::Occasion => FindingKind::Occasion,
        Kind::Plate => FindingKind::Plate,
        Kind::Reference => FindingKind::Reference,
        Kind::Passage => FindingKind::Passage,
        _ => FindingKind::Unspecified,
    }
}

fn form(form: Form) -> FindingForm {
    match form {
        Form::Whole => FindingForm::Whole,
        Form::Part => FindingForm::Part,
        Form::Titled => FindingForm::Titled,
        Form::Blanked => FindingForm::Blanked,
        Form::Pinyin => FindingForm::Pinyin,
        Form::Initials => FindingForm::Initials,
        Form::Sound => FindingForm::Sound,
        Form::Short => FindingForm::Short,
        Form::LastDigits => FindingForm::LastDigits,
        Form::BirthDate => FindingForm::BirthDate,
        Form::Together => FindingForm::Together,
        Form::AsWritten => FindingForm::AsWritten,
        _ => FindingForm::Unspecified,
    }
}
