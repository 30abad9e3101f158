//! Intake's own entries: a complaint that came before, at whichever organ, is found and linked (21). Nothing is opened for
//! it: equal identifiers have equal blind indexes.

use std::cmp::Reverse;
use std::collections::HashMap;

use duban_proto::intake::v1::LinkKind;
use ledger::{Incoming, Translate, TranslateError, Translated};
use sqlx::PgPool;
use uuid::Uuid;

use super::{need, on_case};
use crate::domain::{Act, Case, Command, LinkCases, identifiers, is_same_matter};
use crate::ledgers::Ledgers;
use crate::store::{self, Candidate};

/// The most links that one complaint gets: to the latest before it, which lead on to those before them.
const MOST: usize = 3;

/// Finds repeated complaints.
///
/// In one organ the later complaint is linked to the earlier, by their place in the ledger: two may have one time. Of two
/// that come in at one moment at two organs, each may be looked for before the other is committed, and whichever is looked
/// for last sees both: there a link does not depend on which was received first.
pub(crate) struct Repeats {
    pub(crate) pool: PgPool,
}

impl Translate<Ledgers> for Repeats {
    const KINDS: &'static [&'static str] = &["complaint_received", "supplement_provided", "case_corrected"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        self.translate_page(&[entry]).await.pop().unwrap_or_else(|| Ok(Vec::new()))
    }

    async fn translate_page(&self, page: &[&Incoming]) -> Translated<Ledgers> {
        match self.found(page).await {
            Ok(mut found) => page
                .iter()
                .map(|entry| {
                    let case_id = need(entry.case, "case", entry)?.0;
                    let links = found.remove(&case_id).unwrap_or_default();
                    links.into_iter().map(|link| on_case(entry, Act::Link(link))).collect()
                })
                .collect(),
            Err(error) => vec![Err(TranslateError::Later(Box::new(error)))],
        }
    }
}

impl Repeats {
    /// The links to be made, by case.
    async fn found(&self, page: &[&Incoming]) -> Result<HashMap<Uuid, Vec<LinkCases>>, sqlx::Error> {
        let Some(organ) = page.first().map(|entry| entry.target.as_str()) else {
            return Ok(HashMap::new());
        };
        let mut cases: Vec<Uuid> = page.iter().filter_map(|entry| Some(entry.case?.0)).collect();
        cases.sort_unstable();
        cases.dedup();
        let candidates = store::find_repeats(&self.pool, organ, &cases).await?;
        let mut of_case = HashMap::<Uuid, Vec<Candidate>>::new();
        for candidate in candidates {
            of_case.entry(candidate.case_id).or_default().push(candidate);
        }
        cases.retain(|case_id| of_case.contains_key(case_id));
        let own = store::cases(&self.pool, organ, &cases).await?;
        let links = own.into_iter().filter_map(|case| {
            let candidates = of_case.remove(&case.case_id)?;
            Some((case.case_id, links(organ, &case, candidates)))
        });
        Ok(links.collect())
    }
}

/// The latest that are on the same matter.
fn links(organ: &str, case: &Case, mut candidates: Vec<Candidate>) -> Vec<LinkCases> {
    candidates.retain(|candidate| {
        let due = candidate.came_before || candidate.other.organ != organ;
        due && is_same_matter(&case.received, &candidate.received)
    });
    candidates.sort_unstable_by_key(|candidate| Reverse((candidate.received_at, candidate.other.case_id)));
    candidates.truncate(MOST);
    candidates
        .into_iter()
        .map(|candidate| LinkCases {
            matched: identifiers(candidate.matched),
            other: candidate.other,
            kind: LinkKind::Repeated,
        })
        .collect()
}
