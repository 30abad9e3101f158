use duban_proto::common::v1::{Finding, RespondentFacts, RespondentKind};

use super::finding_name;

/// Whom a case is about, as far as figures tell it: no person is named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Against {
    /// The organ's code: the respondent itself, or where the person works.
    pub organ: String,
    /// It is one of its people.
    pub person: bool,
}

impl Against {
    /// As a case's facts have it.
    pub fn of(respondent: &RespondentFacts) -> Self {
        Self { organ: respondent.organ.clone(), person: respondent.kind() == RespondentKind::Person }
    }
}

/// The value of the facet: "baoshan.luodian/person/FOUNDED".
pub fn against_key(against: &Against, finding: Finding) -> String {
    let whom = if against.person { "person" } else { "organ" };
    format!("{}/{whom}/{}", against.organ, finding_name(finding))
}

/// The same, read.
pub fn read_against(key: &str) -> Option<(Against, Finding)> {
    let mut parts = key.rsplitn(3, '/');
    let finding = Finding::from_str_name(&format!("FINDING_{}", parts.next()?))?;
    let person = parts.next()? == "person";
    Some((Against { organ: parts.next()?.to_owned(), person }, finding))
}
