//! What cases are looked for by, beside state and time.

use std::collections::BTreeSet;

use duban_proto::intake::v1::event::Kind;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Case, PUBLIC_OPINION, source_code, urgency_code};

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Facet {
    /// The channel's code (9).
    Channel,
    /// The source's code in the regulation (9).
    Source,
    /// A ground's code (8).
    Ground,
    /// The code of an organ it is about, or whose people (2).
    Respondent,
    /// The number in the register (13).
    Number,
    /// How urgent it is, where it is more so than any other (house).
    Urgency,
    /// The public watches it (house).
    PublicOpinion,
}

/// One thing by which a case is found: a row of `case_facet`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FacetRow {
    /// What.
    pub facet: Facet,
    /// The code or number.
    pub value: String,
    /// When the case was received: lists are sorted by it.
    pub received_at: Timestamp,
    /// The case.
    pub case_id: Uuid,
}

/// The rows that come and go in a batch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetRows {
    /// New rows.
    pub added: BTreeSet<FacetRow>,
    /// Rows that hold no more.
    pub gone: BTreeSet<FacetRow>,
}

impl Facet {
    /// Its number in `case_facet`; never changed once given.
    pub(crate) fn column(self) -> i16 {
        match self {
            Self::Channel => 1,
            Self::Source => 2,
            Self::Ground => 3,
            Self::Respondent => 4,
            Self::Number => 5,
            Self::Urgency => 6,
            Self::PublicOpinion => 7,
        }
    }

    /// What a case has of it.
    pub(crate) fn values(self, case: &Case) -> Vec<&str> {
        let received = &case.received;
        let all: Vec<&str> = match self {
            Self::Channel => vec![&received.channel],
            Self::Source => vec![source_code(received.source())],
            Self::Ground => received.grounds.iter().map(String::as_str).collect(),
            Self::Respondent => received.respondents.iter().map(|one| one.organ.as_str()).collect(),
            Self::Number => vec![&case.number],
            Self::Urgency => vec![urgency_code(received.urgency())],
            Self::PublicOpinion => received.public_opinion.then_some(PUBLIC_OPINION).into_iter().collect(),
        };
        all.into_iter().filter(|value| !value.is_empty()).collect()
    }
}

impl FacetRows {
    /// Whether an entry may change by what a case is found: most change its state only.
    pub(crate) fn may_change(kind: &Kind) -> bool {
        matches!(
            kind,
            Kind::CaseRegistered(_)
                | Kind::SupplementProvided(_)
                | Kind::CaseCorrected(_)
                | Kind::CaseAccepted(_)
                | Kind::UrgencySet(_)
        )
    }

    /// A case is found by other things now; `before` is absent where it begins.
    pub(crate) fn change(&mut self, before: Option<&Case>, now: &Case) {
        let (before, now) = (before.map(rows).unwrap_or_default(), rows(now));
        for gone in before.difference(&now) {
            if !self.added.remove(gone) {
                self.gone.insert(gone.clone());
            }
        }
        for added in now.difference(&before) {
            if !self.gone.remove(added) {
                self.added.insert(added.clone());
            }
        }
    }
}

fn rows(case: &Case) -> BTreeSet<FacetRow> {
    let facets = [
        Facet::Channel,
        Facet::Source,
        Facet::Ground,
        Facet::Respondent,
        Facet::Number,
        Facet::Urgency,
        Facet::PublicOpinion,
    ];
    let row = |facet, value: &str| FacetRow {
        facet,
        value: value.to_owned(),
        received_at: case.received_at,
        case_id: case.case_id,
    };
    facets
        .into_iter()
        .flat_map(|facet| facet.values(case).into_iter().map(move |value| row(facet, value)))
        .collect()
}
