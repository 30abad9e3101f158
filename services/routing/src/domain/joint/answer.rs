//! A part as it is told.

use duban_proto::routing::v1::{self as wire, PartFacts};
use jiff::Timestamp;
use uuid::Uuid;

use super::super::{Case, answer::moment};
use super::{Part, Step};

/// A part as it is told at `now` of `organ`'s ledger: without texts, and without what depends on who asks.
pub fn wire_part(case_id: Uuid, organ: &str, case: &Case, part: &Part, now: Timestamp) -> wire::Part {
    let PartFacts {
        part: number,
        term,
        organ: handler,
        respondents,
        citation,
        facts_used,
        begun_at,
        due_at,
        state,
        ended_by,
        acknowledged_at,
        ground,
        finding,
        measures,
        approved_at,
        ..
    } = part.facts.clone();
    wire::Part {
        case_id: case_id.to_string(),
        ledger: organ.to_owned(),
        home: case.home.clone(),
        term,
        part: number,
        organ: handler,
        respondents,
        citation,
        facts_used,
        state,
        ended_by,
        begun_at,
        acknowledged_at,
        due_at,
        overdue: part.is_overdue(now),
        ground,
        finding,
        measures,
        approved_at,
        steps: part.steps.iter().map(wire_step).collect(),
        ..wire::Part::default()
    }
}

fn wire_step(step: &Step) -> wire::PartStep {
    wire::PartStep {
        change: step.change,
        at: Some(moment(step.at)),
        by: step.by.clone(),
        reason: String::new(),
    }
}
