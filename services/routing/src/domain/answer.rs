//! What a command answers with: kept with its first entry, and given again when the request comes again.

use duban_proto::routing::v1::{self as wire, RoutedCase};
use prost_types::Timestamp as WireTime;
use uuid::Uuid;

use super::{Case, Tenure};

/// The answer to any of routing's commands; each fills what its rpc tells. Without what depends on who asks.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Answer {
    /// The case as it is after the command.
    #[prost(message, optional, tag = "1")]
    pub case: Option<RoutedCase>,
    /// The route taken.
    #[prost(message, optional, tag = "2")]
    pub route: Option<wire::Route>,
    /// The record that was filed.
    #[prost(string, tag = "3")]
    pub record_id: String,
    /// A change of the directory, as it is after the command.
    #[prost(message, optional, tag = "25")]
    pub change: Option<wire::PlannedChange>,
    /// What an import of organs changed.
    #[prost(message, optional, tag = "4")]
    pub import: Option<wire::ImportOrgansResponse>,
}

/// A case as it is told.
pub fn routed_case(case_id: Uuid, organ: &str, case: &Case) -> RoutedCase {
    RoutedCase {
        case_id: case_id.to_string(),
        organ: organ.to_owned(),
        home: case.home.clone(),
        version: case.version,
        state: case.state,
        facts: case.facts.clone(),
        terms: case.terms.iter().map(wire_term).collect(),
        current_term: case.current_term(),
        working_copy_ready: case.is_ready(),
        finding: case.finding,
        measures: case.measures.clone(),
        replied: case.replied,
        void_acts: case.void_acts.clone(),
        allowed_actions: Vec::new(),
    }
}

/// A term as it is told.
pub fn wire_term(tenure: &Tenure) -> wire::Term {
    wire::Term {
        term: tenure.term,
        organ: tenure.organ.clone(),
        handling: tenure.handling,
        state: tenure.state,
        begun_at: Some(moment(tenure.begun_at)),
        acknowledged_at: tenure.acknowledged_at.map(moment),
        acknowledge_by: tenure.acknowledge_by,
        citation: tenure.citation.clone(),
        facts_used: tenure.facts_used.clone(),
    }
}

fn moment(micros: i64) -> WireTime {
    server::time::to_proto(ledger::from_micros(micros))
}
