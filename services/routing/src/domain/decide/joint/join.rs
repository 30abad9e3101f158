//! How the lead's disposition and the opinions on parts become one result.

use duban_proto::common::v1::Finding;
use duban_proto::routing::v1::{DispositionSubmitted, PartState, RespondentFinding};

use super::super::step::Step;
use crate::domain::{Case, Part, PartRejection, Rejection, overall};

/// What was found of each respondent: the parts' findings, and the lead's of all others. Empty where neither told of a
/// respondent: then the one finding is of all.
pub(in super::super) fn join(
    step: &Step<'_>,
    finding: Finding,
    given: &[RespondentFinding],
) -> Result<Vec<RespondentFinding>, Rejection> {
    let open: Vec<String> = step.case.open_parts().map(Part::name).collect();
    if !open.is_empty() {
        return Err(PartRejection::Open(open).into());
    }
    let joined = joined(&step.case, given)?;
    let expected = overall(joined.iter().map(RespondentFinding::finding));
    if joined.is_empty() || expected == finding {
        Ok(joined)
    } else {
        Err(PartRejection::FindingDiffers { given: finding, expected }.into())
    }
}

/// What the leader approves still joins what the parts say: one may have begun, or been answered anew, since it was
/// submitted. Then the leader sends it back.
pub(in super::super) fn must_still_join(
    step: &Step<'_>,
    submitted: &DispositionSubmitted,
) -> Result<(), Rejection> {
    let own: Vec<RespondentFinding> =
        submitted.findings.iter().filter(|finding| finding.part == 0).copied().collect();
    let now = join(step, submitted.finding(), &own)?;
    if now == submitted.findings {
        return Ok(());
    }
    let expected = overall(now.iter().map(RespondentFinding::finding));
    Err(PartRejection::FindingDiffers { given: submitted.finding(), expected }.into())
}

fn joined(case: &Case, given: &[RespondentFinding]) -> Result<Vec<RespondentFinding>, PartRejection> {
    let respondents = case.facts.as_ref().map_or(0, |facts| facts.respondents.len());
    let known = 0..u32::try_from(respondents).unwrap_or(u32::MAX);
    if let Some(unknown) = given.iter().find(|finding| !known.contains(&finding.respondent)) {
        return Err(PartRejection::NoRespondent(unknown.respondent));
    }
    let by_parts = |respondent: u32| {
        let mut answered = case.parts.iter().filter(|part| {
            part.facts.state() == PartState::Answered && part.facts.respondents.contains(&respondent)
        });
        answered.next_back()
    };
    if given.is_empty() && !known.clone().any(|respondent| by_parts(respondent).is_some()) {
        return Ok(Vec::new());
    }
    let (mut joined, mut missing) = (Vec::new(), Vec::new());
    for respondent in known {
        let own = given.iter().find(|finding| finding.respondent == respondent);
        match (by_parts(respondent), own) {
            (Some(part), Some(own)) if own.finding() != part.facts.finding() => {
                let (given, expected) = (own.finding(), part.facts.finding());
                return Err(PartRejection::FindingDiffers { given, expected });
            }
            (Some(part), _) => {
                let (finding, part) = (part.facts.finding, part.facts.part);
                joined.push(RespondentFinding { respondent, finding, part });
            }
            (None, Some(own)) => joined.push(RespondentFinding { part: 0, ..*own }),
            (None, None) => missing.push(respondent),
        }
    }
    if missing.is_empty() { Ok(joined) } else { Err(PartRejection::FindingMissing(missing)) }
}
