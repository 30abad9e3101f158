//! Routing's entries of the same organ: who is responsible for a case now, and its conclusion (14, 17, 18).

use std::sync::Arc;

use duban_proto::common::v1::{AppealOutcome, CaseState, Finding};
use duban_proto::intake::v1::OfficersLent;
use duban_proto::routing::v1::{self as routing, event::Kind};
use ledger::{Incoming, Translate, TranslateError};
use server::Ids;
use uuid::Uuid;

use super::{event, need, on_case};
use crate::domain::{Act, Command, NoteChanged, NoteHandling, NoteReopened};
use crate::ledgers::Ledgers;

/// Translates routing's entries.
pub(crate) struct Routing {
    pub(crate) ids: Arc<dyn Ids>,
}

impl Translate<Ledgers> for Routing {
    const KINDS: &'static [&'static str] = &[
        "organ_established",
        "term_begun",
        "case_concluded",
        "case_reopened",
        "home_moved",
        "case_archived",
        "appeal_noted",
        "loan_decided",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let kind = need(event::<routing::Event>(entry)?.kind, "event", entry)?;
        let note = match kind {
            Kind::OrganEstablished(established) => {
                let organ = need(established.organ, "organ", entry)?;
                let act = Act::NoteOrgan(Box::new(organ));
                return Ok(vec![Command { case_id: None, agency: None, act }]);
            }
            Kind::LoanDecided(loan) if !loan.officers.is_empty() => {
                let routing::LoanDecided { loan_id, borrower, term, officers, .. } = loan;
                let lent = Box::new(OfficersLent { loan_id, borrower, term, officers });
                return Ok(vec![on_case(entry, Act::NoteLent(lent))?]);
            }
            Kind::CaseReopened(reopened) => {
                let note = NoteReopened {
                    reopening: reopened.reopening,
                    home: reopened.home,
                    article: reopened.citation.map(|citation| citation.article).unwrap_or_default(),
                    reply_id: self.ids.new_id(entry.recorded_at),
                };
                return Ok(vec![on_case(entry, Act::NoteReopened(note))?]);
            }
            Kind::AppealNoted(noted) => {
                let changed = noted.outcome() == AppealOutcome::Changed
                    && noted.registering_organ == entry.target.as_str();
                if !changed {
                    return Ok(Vec::new());
                }
                let note = NoteChanged {
                    finding: noted.finding(),
                    article: noted.citation.map(|citation| citation.article).unwrap_or_default(),
                    reply_id: self.ids.new_id(entry.recorded_at),
                };
                return Ok(vec![on_case(entry, Act::NoteChanged(note))?]);
            }
            Kind::TermBegun(term) => {
                NoteHandling { organ: term.organ, term: term.term, ..note(CaseState::InHandling) }
            }
            Kind::HomeMoved(moved) => {
                // The home moved to the successor of a closed one, and who handles the case goes on.
                let organ = if moved.holder.is_empty() { moved.home } else { moved.holder };
                NoteHandling { organ, ..note(CaseState::InHandling) }
            }
            Kind::CaseConcluded(concluded) => NoteHandling {
                finding: concluded.finding(),
                approved_at: concluded.approved_at.as_ref().and_then(server::time::from_proto),
                reply_id: self.ids.new_id(entry.recorded_at),
                organ: concluded.organ,
                ..note(CaseState::Concluded)
            },
            Kind::CaseArchived(archived) => {
                NoteHandling { retention_years: archived.retention_years, ..note(CaseState::Archived) }
            }
            _ => return Ok(Vec::new()),
        };
        Ok(vec![on_case(entry, Act::NoteHandling(note))?])
    }
}

fn note(state: CaseState) -> NoteHandling {
    NoteHandling {
        state,
        organ: String::new(),
        term: 0,
        finding: Finding::Unspecified,
        approved_at: None,
        reply_id: Uuid::nil(),
        retention_years: 0,
    }
}
