//! The parts of a line, and what they are in the contracts.

use duban_proto::common::v1::{Rank, Source, Weight};
use duban_proto::intake::v1 as wire;
use jiff::Timestamp;
use prost_types::Timestamp as WireTime;
use serde::Deserialize;

/// `source` of a line.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    Citizen,
    LeaderInstruction,
    #[serde(rename = "hotline_12345")]
    Hotline,
    OtherOrgan,
}

#[derive(Clone, Deserialize)]
pub(super) struct Reference {
    system: String,
    number: String,
    pub(super) due: Option<Timestamp>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Respondent {
    #[serde(default)]
    pub(super) organ: String,
    #[serde(default)]
    name: String,
    person: Option<Person>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Person {
    name: Option<String>,
    position: Option<String>,
    rank: Option<RankName>,
    #[serde(default)]
    is_head: bool,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RankName {
    Division,
    Section,
    Unranked,
}

#[derive(Clone, Deserialize)]
pub(super) struct Complainant {
    kind: Option<ComplainantKind>,
    name: Option<String>,
    work_unit: Option<String>,
    #[serde(default)]
    phones: Vec<String>,
    id_number: Option<String>,
    email: Option<String>,
    address: Option<String>,
    representative: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ComplainantKind {
    Citizen,
    LegalPerson,
    Organisation,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Flag {
    SeriousHarm,
    AdverseImpact,
    Special,
    Complex,
}

#[derive(Clone, Deserialize)]
pub(super) struct Instruction {
    leader: String,
    words: String,
    #[serde(default)]
    pub(super) date: String,
}

impl Origin {
    pub(super) fn wire(self) -> Source {
        match self {
            Self::Citizen => Source::Citizen,
            Self::LeaderInstruction => Source::LeaderInstruction,
            Self::Hotline => Source::Hotline12345,
            Self::OtherOrgan => Source::OtherOrgan,
        }
    }
}

impl Flag {
    pub(super) fn wire(self) -> Weight {
        match self {
            Self::SeriousHarm => Weight::SeriousHarm,
            Self::AdverseImpact => Weight::AdverseImpact,
            Self::Special => Weight::Special,
            Self::Complex => Weight::Complex,
        }
    }
}

impl Reference {
    pub(super) fn wire(self) -> wire::ExternalReference {
        let due_at = self.due.map(wire_time);
        wire::ExternalReference { system: self.system, number: self.number, due_at }
    }
}

impl Instruction {
    pub(super) fn wire(self) -> wire::LeaderInstruction {
        wire::LeaderInstruction { leader: self.leader, words: self.words, date: self.date }
    }
}

impl Respondent {
    pub(super) fn wire(self) -> wire::Respondent {
        let person = self.person.map(|person| wire::RespondentPerson {
            name: person.name.unwrap_or_default(),
            position: person.position.unwrap_or_default(),
            rank: person.rank.map_or(Rank::Unspecified, RankName::wire).into(),
            head: person.is_head,
        });
        wire::Respondent { organ: self.organ, name: self.name, person }
    }
}

impl RankName {
    pub(super) fn wire(self) -> Rank {
        match self {
            Self::Division => Rank::Division,
            Self::Section => Rank::Section,
            Self::Unranked => Rank::Unranked,
        }
    }
}

impl Complainant {
    pub(super) fn is_citizen(&self) -> bool {
        matches!(self.kind, None | Some(ComplainantKind::Citizen))
    }

    pub(super) fn wire(self) -> wire::Complainant {
        wire::Complainant {
            kind: self.kind.map_or(wire::ComplainantKind::Unspecified, ComplainantKind::wire).into(),
            name: self.name.unwrap_or_default(),
            work_unit: self.work_unit.unwrap_or_default(),
            phones: self.phones,
            email: self.email.unwrap_or_default(),
            address: self.address.unwrap_or_default(),
            id_number: self.id_number.unwrap_or_default(),
            representative: self.representative.unwrap_or_default(),
        }
    }
}

impl ComplainantKind {
    pub(super) fn wire(self) -> wire::ComplainantKind {
        match self {
            Self::Citizen => wire::ComplainantKind::Citizen,
            Self::LegalPerson => wire::ComplainantKind::LegalPerson,
            Self::Organisation => wire::ComplainantKind::Organisation,
        }
    }
}

fn wire_time(at: Timestamp) -> WireTime {
    WireTime { seconds: at.as_second(), nanos: at.subsec_nanosecond() }
}
