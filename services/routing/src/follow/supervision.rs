//! Supervision's entries of the same organ: a reinvestigation was ordered, or a respondent's appeal decided (5(2), 20).

use duban_proto::supervision::v1::{self as supervision, event::Kind};
use ledger::{Incoming, Translate, TranslateError};

use super::{event, need, on_case};
use crate::domain::{Act, Command, Ordered};
use crate::ledgers::Ledgers;

/// Translates supervision's entries.
#[derive(Debug)]
pub(crate) struct Supervision;

impl Translate<Ledgers> for Supervision {
    const KINDS: &'static [&'static str] = &["reinvestigation_ordered", "appeal_decided"];

    async fn translate(&self, entry: &Incoming) -> Result<Vec<Command>, TranslateError> {
        let own = entry.target.as_str();
        let ordered = match need(event::<supervision::Event>(entry)?.kind, "event", entry)? {
            // An order from above is the home's to carry out, whose supervision notes it in its own ledger.
            Kind::ReinvestigationOrdered(order) if order.home == own => Ordered::Reinvestigate(order),
            Kind::AppealDecided(decided) if decided.home == own => Ordered::Appeal(decided),
            _ => return Ok(Vec::new()),
        };
        on_case(entry, Act::Ordered(Box::new(ordered)))
    }
}
