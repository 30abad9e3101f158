//! What organs tell each other: terms, acknowledgements, results, the move of a home (6, 14), loans of officers (18).

use std::sync::Arc;

use content::ErasureList;
use directory::Live;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{HomeSucceeded, ReportedUp};
use ledger::{Incoming, Translate, TranslateError};

use super::{event, know_organs, listed, listed_under, need, on_case};
use crate::domain::{Act, AnyGuidance, Command, guidance_id};
use crate::event::Event;
use crate::ledgers::Ledgers;

/// Translates what is addressed to another organ.
#[derive(Debug)]
pub(crate) struct Mailboxes {
    pub(crate) directory: Live,
    pub(crate) erasures: Arc<ErasureList>,
}

impl Translate<Ledgers> for Mailboxes {
    const KINDS: &'static [&'static str] = &[
        "term_begun",
        "transfer_acknowledged",
        "result_reported",
        "reported_up",
        "home_assumed",
        "home_moved",
        "home_succeeded",
        "home_moved",
        "passed_on",
        "working_copy_noted",
        "outcome_returned",
        "withdrawal_noted",
        "facts_corrected",
        "reply_noted",
        "case_archived",
        "loan_requested",
        "loan_decided",
        "content_erased",
        "part_begun",
        "part_acknowledged",
        "part_returned",
        "opinion_decided",
        "opinion_queried",
        "part_changed",
        "transfer_returned",
        "return_decided",
        "recall_requested",
        "recall_answered",
        "term_superseded",
        "term_left",
        "designation_asked",
        "designated",
        "guidance_asked",
        "guidance_given",
        "acknowledgement_overdue",
        "case_reopened",
        "appeal_noted",
        "guidance_erased",
        "instrument_sent",
        "instrument_acknowledged",
        "instrument_replied",
        "instrument_delivered",
        "instrument_answer_accepted",
        "instrument_answer_rejected",
        "instrument_withdrawn",
        "instrument_reminded",
        "instrument_overdue",
        "urgency_noted",
        "home_takeover_asked",
        "home_takeover_refused",
        "home_noted",
    ];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let kind = need(event::<Event>(entry)?.0.kind, "event", entry)?;
        if let Kind::ReportedUp(ReportedUp { facts, .. }) | Kind::HomeSucceeded(HomeSucceeded { facts, .. }) =
            &kind
        {
            know_organs(&self.directory, facts.as_ref()).await?;
        }
        if let Kind::ContentErased(erased) = &kind {
            let listed =
                listed(&self.erasures, entry, erased.erased_at.as_ref(), erased.article.clone()).await?;
            return on_case(entry, Act::Erase(listed));
        }
        if let Kind::GuidanceErased(erased) = &kind {
            let id = need(guidance_id(&erased.guidance_id), "guidance_id", entry)?;
            let at = erased.erased_at.as_ref();
            let listed = listed_under(&self.erasures, entry, id, at, erased.article.clone()).await?;
            let act = Act::Guidance(Box::new(AnyGuidance::NoteErased { id, listed }));
            return Ok(vec![Command { case_id: None, act }]);
        }
        if let Some(guidance) = AnyGuidance::heard(&kind, entry.source.as_str()) {
            // At the organ that is told it, it is about no case of that one's.
            return Ok(vec![Command { case_id: None, act: Act::Guidance(Box::new(guidance)) }]);
        }
        let heard = Act::heard(kind, entry.source.as_str(), entry.recorded_at)
            .map_err(|lacks| TranslateError::Malformed(format!("{}: {lacks}", entry.kind)))?;
        heard.map_or_else(|| Ok(Vec::new()), |act| on_case(entry, act))
    }
}
