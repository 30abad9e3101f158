//! Routing's entries of the same organ about the result of a case, for its review and for appeals (5(2), 20).

use directory::Directory;
use duban_proto::routing::v1::{self as routing, CaseConcluded, DispositionApproved, event::Kind};
use duban_proto::supervision::v1::{Conclusion, ResultOverturned};
use ledger::{Incoming, TranslateError};

use super::{case_of, event, need};
use crate::domain::Command;
use crate::domain::review::{OnResult, ResultAct};

/// What an entry says of a result; nothing where it says nothing of one.
pub(super) fn results(directory: &Directory, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
    let own = entry.target.as_str();
    let acts = match need(event::<routing::Event>(entry)?.kind, "event", entry)? {
        Kind::DispositionApproved(approved) => approval(own, entry, approved),
        Kind::CaseConcluded(concluded) if concluded.home == own => {
            let authority = authority(directory, own, &concluded.organ);
            vec![ResultAct::NoteConclusion(Box::new(conclusion(authority, concluded)))]
        }
        Kind::CaseReopened(reopened) => {
            let told = ResultOverturned { term: reopened.term, reopening: reopened.reopening };
            vec![ResultAct::NoteOverturned(told)]
        }
        _ => return Ok(Vec::new()),
    };
    let case_id = case_of(entry)?;
    Ok(acts.into_iter().map(|act| Command::OnResult(OnResult { case_id, act })).collect())
}

/// Where the home is another organ, this one knows the result from its own approval.
fn approval(own: &str, entry: &Incoming, approved: DispositionApproved) -> Vec<ResultAct> {
    let DispositionApproved { term, finding, measures, home, number, respondents, .. } = approved;
    if home.is_empty() || home == own {
        return Vec::new();
    }
    vec![ResultAct::NoteConclusion(Box::new(Conclusion {
        term,
        organ: own.to_owned(),
        authority: home.clone(),
        home,
        number,
        respondents,
        finding,
        measures,
        concluded_at: Some(server::time::to_proto(entry.recorded_at)),
        ..Conclusion::default()
    }))]
}

fn conclusion(authority: String, concluded: CaseConcluded) -> Conclusion {
    Conclusion {
        term: concluded.term,
        organ: concluded.organ,
        home: concluded.home,
        registering_organ: concluded.registering_organ,
        authority,
        number: concluded.number,
        grounds: concluded.grounds,
        respondents: concluded.respondents,
        finding: concluded.finding,
        measures: concluded.measures,
        accepted_at: concluded.accepted_at,
        concluded_at: concluded.approved_at,
        late: false,
        repeated: false,
    }
}

/// The home where another organ handled the case; else the nearest above that receives complaints; at the top the home itself.
fn authority(directory: &Directory, home: &str, handled_by: &str) -> String {
    let tree = directory.tree();
    let above = || std::iter::successors(tree.parent(home), |organ| tree.parent(organ));
    let above = || above().find(|organ| directory.receives(organ));
    let authority = if handled_by == home { above() } else { None };
    authority.unwrap_or(home).to_owned()
}
