//! Supervision's ledgers: the rules ([`domain`](crate::domain)) and tables ([`store`](crate::store)) as the crate
//! `ledger` sees them.

use std::sync::Arc;

use directory::Changes;
use ledger::{CaseId, Context, Organ, Recorded, Service};
use regulation::Rules;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::evolve::Stamp;
use crate::domain::{Answer, Book, Command, Rejection, Write, decide, evolve};
use crate::event::Event;
use crate::horizon::Horizon;
use crate::store;

/// The domain of the ledgers of supervision.
#[derive(Debug)]
pub struct Ledgers {
    rules: Arc<Rules>,
    pub(crate) horizon: Horizon,
    pub(crate) organs: Changes,
}

impl Ledgers {
    /// Ledgers that decide by these rules.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { rules, horizon: Horizon::default(), organs: Changes::default() }
    }

    /// The regulation and the calendar.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }
}

impl ledger::Domain for Ledgers {
    const SERVICE: Service = Service::Supervision;
    const FOLLOWS: &'static [Service] = &[Service::Routing, Service::Intake];
    const PROJECTIONS: &'static [&'static str] = &[
        "clock",
        "extension",
        "concern",
        "fired_rung",
        "told_rung",
        "notice_register",
        "notice",
        "conduct",
        "accountability_file",
        "board",
        "review",
        "appeal",
        "follow_up",
        "case_handler",
        "counted",
        "day_figure",
        "month_figure",
        "exclusion",
        "analysis",
        "frozen_period",
        directory::TABLE,
    ];

    type Command = Command;
    type Event = Event;
    type Answer = Answer;
    type Rejection = Rejection;
    type Write = Write;
    type Book = Book;

    fn case_of(&self, command: &Command) -> Option<CaseId> {
        command.case_id().map(CaseId)
    }

    async fn load(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        cases: &[CaseId],
        commands: &[&Command],
    ) -> Result<Book, sqlx::Error> {
        let cases: Vec<Uuid> = cases.iter().map(|case| case.0).collect();
        store::load(tx, organ.as_str(), &cases, commands).await
    }

    fn decide(
        &self,
        book: &Book,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<ledger::Decision<Self>, Rejection> {
        let decide::Decision { facts, answer, writes } =
            decide::decide(&self.rules, book, command, *context)?;
        let facts = facts.into_iter().map(|decide::Fact { case_id, kind, audience }| ledger::Fact {
            case: case_id.map(CaseId),
            event: Event::new(kind),
            audience,
        });
        Ok(ledger::Decision { facts: facts.collect(), answer, writes })
    }

    fn evolve(&self, book: &mut Book, entry: &Recorded<'_, Event>) {
        let zone = &self.rules.for_organ(entry.organ.as_str()).counting().zone;
        let stamp = Stamp { seq: entry.seq, recorded_at: entry.recorded_at, actor: entry.actor, zone };
        if let Some(kind) = &entry.event.0.kind {
            evolve::evolve(book, entry.case.map(|case| case.0), kind, stamp);
        }
    }

    async fn save(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        book: Book,
        writes: Vec<Write>,
    ) -> Result<(), sqlx::Error> {
        store::save(tx, organ.as_str(), &book, writes).await?;
        if let Some(next) = book.changed_clocks().iter().filter_map(|clock| clock.next_at()).min() {
            self.horizon.note(next);
        }
        if let Some(next) = book.changed_issued().iter().filter_map(|notice| notice.next_at()).min() {
            self.horizon.note(next);
        }
        if book.changed_conducts().iter().any(|conduct| conduct.due) {
            // At once.
            self.horizon.note(jiff::Timestamp::UNIX_EPOCH);
        }
        self.organs.note(book.organs());
        Ok(())
    }
}
