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
    #[prost(message, optional, tag = "40")]
    pub change: Option<wire::PlannedChange>,
    /// What an import of organs changed.
    #[prost(message, optional, tag = "4")]
    pub import: Option<wire::ImportOrgansResponse>,
    /// The parts concerned, without texts.
    #[prost(message, repeated, tag = "50")]
    pub parts: Vec<wire::Part>,
    /// The return waits for approval.
    #[prost(bool, tag = "24")]
    pub awaits_approval: bool,
    /// The question to the centre that was asked.
    #[prost(string, tag = "25")]
    pub guidance_id: String,
    /// When guidance was given.
    #[prost(message, optional, tag = "26")]
    pub given_at: Option<WireTime>,
    /// The instrument as it is after the command.
    #[prost(message, optional, tag = "55")]
    pub instrument: Option<wire::Instrument>,
    /// An instrument that another organ sent, as it is after the command.
    #[prost(message, optional, tag = "80")]
    pub received: Option<wire::ReceivedInstrument>,
    /// The takeover that was asked for.
    #[prost(message, optional, tag = "70")]
    pub takeover: Option<wire::HomeTakeoverAsked>,
    /// What an act of an investigation came to.
    #[prost(message, optional, tag = "30")]
    pub inquiry: Option<Inquired>,
}

/// What the acts of an investigation tell beside the case.
#[derive(Clone, PartialEq, prost::Message)]
pub struct Inquired {
    /// The version of a plan or record, or the number of a piece of evidence.
    #[prost(uint32, tag = "1")]
    pub number: u32,
    /// A loan.
    #[prost(message, optional, tag = "2")]
    pub loan: Option<wire::Loan>,
    /// A deputyship.
    #[prost(message, optional, tag = "3")]
    pub deputy: Option<wire::Deputy>,
    /// A hand-over.
    #[prost(message, optional, tag = "4")]
    pub hand_over: Option<wire::HandOverResponse>,
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
        current_term: case.known_term(),
        working_copy_ready: case.is_ready(),
        finding: case.finding,
        measures: case.measures.clone(),
        replied: case.replied,
        void_acts: case.void_acts.clone(),
        allowed_actions: Vec::new(),
        findings: case.findings.clone(),
        earlier_results: case.results.clone(),
        reopened_at: case.reopened_at.map(moment),
        owes_announcement: case.owes_announcement(organ),
        appeals: case.appeals.clone(),
        reinvestigation: case.reinvestigation.clone(),
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
        return_by: tenure.return_by,
        compulsory: tenure.compulsory,
        superseded_by: tenure.superseded_by,
        acknowledgement_overdue_since: tenure
            .acknowledgement_overdue_at
            .filter(|_| tenure.acknowledged_at.is_none())
            .map(moment),
        reopenings: tenure.reopenings,
    }
}

pub(super) fn moment(micros: i64) -> WireTime {
    server::time::to_proto(ledger::from_micros(micros))
}
