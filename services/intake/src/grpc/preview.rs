//! `PreviewComplaint` (8, 10, 14, 21): what would become of a complaint.

use std::cmp::Reverse;

use competence::{Competent, competent};
use directory::Directory;
use duban_proto::intake::v1::{
    Complaint, ComplaintReceived, GroundHint, PreviewComplaintRequest, PreviewComplaintResponse, RepeatHint,
};
use duban_proto::routing::v1::Route;
use regulation::Regulation;
use seal::normalize;
use server::{Caller, Error, Violations};

use super::Grpc;
use super::complaint::{Judge, Preview};
use super::stream::violation;
use super::submit::must_receive;
use crate::domain::{facts, identifiers, is_same_matter};
use crate::store::{self, Same};

/// The most repeats that are told.
const MOST_REPEATS: usize = 20;

impl Grpc {
    pub(super) async fn previewed(
        &self,
        caller: &Caller,
        request: PreviewComplaintRequest,
    ) -> Result<PreviewComplaintResponse, Error> {
        let (organ, directory) = self.own_organ(caller, &request.organ).await?;
        must_receive(&organ, &directory)?;
        let mut check = Violations::default();
        let complaint = check.message("complaint", request.complaint);
        let (complaint,) = check.finish_with((complaint,))?;
        let directory = self.directory_for(directory, Some(&complaint)).await?;
        let regulation = self.regulation(&organ);
        let judge = Judge { regulation, directory: &directory, complete: false };
        let Preview { violations, missing, refusals, acceptable, received } = judge.preview(&complaint);
        Ok(PreviewComplaintResponse {
            violations: violations.iter().map(violation).collect(),
            missing: missing.iter().map(violation).collect(),
            refusals,
            acceptable,
            grounds: grounds(regulation, &complaint),
            repeats: self.repeats(caller, &directory, &complaint, &received).await?,
            route: route(regulation, &directory, &organ, &received),
        })
    }

    /// The complaints of the same person on the same matter, the latest first.
    async fn repeats(
        &self,
        caller: &Caller,
        directory: &Directory,
        complaint: &Complaint,
        received: &ComplaintReceived,
    ) -> Result<Vec<RepeatHint>, Error> {
        let Some(complainant) = &complaint.complainant else { return Ok(Vec::new()) };
        let mut same = store::find_same(self.pool(), &self.blind_indexes(complainant)).await?;
        same.retain(|one| is_same_matter(received, &one.received));
        same.sort_unstable_by_key(|one| Reverse((one.received_at, one.other.case_id)));
        same.truncate(MOST_REPEATS);
        let visibility = caller.visibility(directory.tree());
        let hint = |one: Same| {
            let sees = visibility.includes(&one.other.organ);
            RepeatHint {
                case_id: if sees { one.other.case_id.to_string() } else { String::new() },
                number: if sees { one.number } else { String::new() },
                received_at: jiff::Timestamp::from_microsecond(one.received_at)
                    .ok()
                    .filter(|_| sees)
                    .map(server::time::to_proto),
                matched: identifiers(one.matched).into_iter().map(i32::from).collect(),
                organ: if sees { one.other.organ } else { String::new() },
            }
        };
        Ok(same.into_iter().map(hint).collect())
    }
}

/// The grounds of which the complaint has words, those with most first.
fn grounds(regulation: &Regulation, complaint: &Complaint) -> Vec<GroundHint> {
    let text = normalize::text(&format!("{} {}", complaint.title, complaint.text));
    let has = |word: &&String| text.contains(&normalize::text(word));
    let hint = |ground: &regulation::Ground| GroundHint {
        ground: ground.code.clone(),
        words: ground.words.iter().filter(has).cloned().collect(),
    };
    let mut hints: Vec<GroundHint> =
        regulation.grounds().iter().map(hint).filter(|hint| !hint.words.is_empty()).collect();
    hints.sort_by_key(|hint| Reverse(hint.words.len()));
    hints
}

/// Where it would go; nowhere while a respondent is unknown.
fn route(
    regulation: &Regulation,
    directory: &Directory,
    organ: &str,
    received: &ComplaintReceived,
) -> Option<Route> {
    let Competent { organ, handling, up, citation, facts_used, .. } =
        competent(regulation, directory, organ, &facts(organ, received)).ok()?;
    Some(Route { organ, handling: handling.into(), up, citation: Some(citation), facts_used })
}
