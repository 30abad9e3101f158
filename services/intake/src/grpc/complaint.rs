//! From the complaint on the wire to what the rules work on: everything that is wrong, at once (8, 9, 10).

mod facts;
mod fields;

pub(super) use fields::{complainant, one_of, unknown_organ};

use directory::Directory;
use duban_proto::common::v1::{Citation, RespondentFacts, Urgency};
use duban_proto::intake::v1::{Complainant, Complaint, ComplaintReceived};
use regulation::Regulation;
use server::{Error, Reason, Violations};

/// By what a complaint is judged.
pub(super) struct Judge<'a> {
    pub(super) regulation: &'a Regulation,
    pub(super) directory: &'a Directory,
    /// What article 10 asks for has to be there: a system corrects it, a desk asks for a supplement.
    pub(super) complete: bool,
}

/// A complaint that is well-formed.
pub(super) struct Taken {
    /// What the entry says; the original is added when it is sealed.
    pub(super) received: ComplaintReceived,
    /// Who complains.
    pub(super) complainant: Complainant,
    /// Nothing is missing and nothing speaks against it: it may be accepted as it is (13).
    pub(super) acceptable: bool,
}

/// What would become of a complaint.
pub(super) struct Preview {
    /// What is wrong with its fields.
    pub(super) violations: Vec<server::Violation>,
    /// What article 10 asks for and is not there.
    pub(super) missing: Vec<server::Violation>,
    /// What it might be refused for, by code.
    pub(super) refusals: Vec<String>,
    /// It may be accepted as it is (13).
    pub(super) acceptable: bool,
    /// What the entry would say.
    pub(super) received: ComplaintReceived,
}

impl Judge<'_> {
    /// Checks a complaint, and finds what article 10 misses in it.
    pub(super) fn judge(&self, complaint: Option<&Complaint>) -> Result<Taken, Error> {
        let mut check = Violations::default();
        let Some(complaint) = check.message("complaint", complaint) else {
            return Err(check.finish().err().unwrap_or_else(|| Error::of(Reason::FieldViolations)));
        };
        fields::check(&mut check, complaint, self.regulation, self.directory);
        let respondents = facts::respondents(complaint, self.directory);
        let about = facts::complaint(complaint);
        let missing = self.missing(&mut check, complaint.anonymous, &about);
        let malformed = check.finish();
        let article = if missing.is_empty() { "" } else { "10" };
        malformed.map_err(|error| error.article(if self.complete { article } else { "" }))?;
        if let Some(field) = fields::masked(complaint) {
            return Err(Error::of(Reason::MaskedValue).meta("field", field));
        }
        let acceptable = missing.is_empty() && self.regulation.admit(&about).acceptable();
        Ok(Taken {
            received: ComplaintReceived {
                anonymous: self.regulation.receive(&about).anonymous.is_some(),
                no_contact: !about.has_contact,
                ..self.received(complaint, respondents, missing)
            },
            complainant: complaint.complainant.clone().unwrap_or_default(),
            acceptable,
        })
    }

    /// The same, told rather than refused.
    pub(super) fn preview(&self, complaint: &Complaint) -> Preview {
        let mut check = Violations::default();
        fields::check(&mut check, complaint, self.regulation, self.directory);
        if let Some(field) = fields::masked(complaint) {
            check.add(field, "含有遮盖符号,不是真实内容", "holds a mask, which is no data");
        }
        let about = facts::complaint(complaint);
        let missing = self.regulation.receive(&about).violations;
        let admission = self.regulation.admit(&about);
        Preview {
            missing: missing
                .iter()
                .map(|violation| server::Violation {
                    field: at(violation.field),
                    zh: violation.zh.to_owned().into(),
                    en: violation.en.to_owned().into(),
                })
                .collect(),
            refusals: admission.refusals.iter().map(|refusal| refusal.code.clone()).collect(),
            acceptable: check.is_empty() && missing.is_empty() && admission.acceptable(),
            violations: check.into_all(),
            received: self.received(complaint, facts::respondents(complaint, self.directory), Vec::new()),
        }
    }

    /// What is missing, by name; where it has to be there, also as violations. Of who stays anonymous on purpose, nothing that
    /// says who it is has to be there.
    fn missing(
        &self,
        check: &mut Violations,
        anonymous: bool,
        about: &regulation::ComplaintFacts,
    ) -> Vec<String> {
        let mut missing = Vec::new();
        for violation in self.regulation.receive(about).violations {
            missing.push(violation.field.to_owned());
            let nameless = anonymous && violation.field.starts_with("complainant.");
            if self.complete && !nameless {
                check.add(at(violation.field), violation.zh.to_owned(), violation.en.to_owned());
            }
        }
        missing
    }

    fn received(
        &self,
        complaint: &Complaint,
        respondents: Vec<RespondentFacts>,
        missing: Vec<String>,
    ) -> ComplaintReceived {
        let external = complaint.external_reference.as_ref();
        ComplaintReceived {
            channel: complaint.channel.clone(),
            source: facts::source(complaint).into(),
            agency: String::new(),
            grounds: complaint.grounds.clone(),
            respondents,
            weights: complaint.weights.clone(),
            leader_instruction: complaint.leader_instruction.is_some(),
            external_due_at: external.and_then(|external| external.due_at),
            original: None,
            missing,
            anonymous: false,
            no_contact: false,
            urgency: Urgency::Unspecified.into(),
            public_opinion: false,
            citation: Some(Citation {
                regulation: self.regulation.code().to_owned(),
                version: self.regulation.version().to_owned(),
                article: "10".to_owned(),
                ..Citation::default()
            }),
            received_on: String::new(),
        }
    }
}

/// Where in the contract a requirement of the regulation is.
fn at(field: &str) -> String {
    format!("complaint.{}", if field == "content" { "text" } else { field })
}
