//! Routing's ledgers: the rules ([`domain`](crate::domain)) and tables as the crate `ledger` sees them.

use std::sync::Arc;

use directory::Live;
use ledger::{CaseId, Context, Organ, Recorded, Service};
use regulation::Rules;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Answer, At, Book, Command, Entry, Fact, Rejection, Write, decide};
use crate::event::Event;
use crate::store;

/// The domain of the ledgers of routing.
#[derive(Debug)]
pub struct Ledgers {
    rules: Arc<Rules>,
    directory: Live,
    pub(crate) organs: directory::Changes,
}

impl Ledgers {
    /// Ledgers that decide by these rules, on the directory as it is at the time.
    pub fn new(rules: Arc<Rules>, directory: Live) -> Self {
        Self { rules, directory, organs: directory::Changes::default() }
    }

    /// The regulation and the calendar.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }
}

impl ledger::Domain for Ledgers {
    const SERVICE: Service = Service::Routing;
    const FOLLOWS: &'static [Service] = &[Service::Intake, Service::Supervision];
    const PROJECTIONS: &'static [&'static str] = &[
        "routed_case",
        "case_home",
        "organ_change",
        "organ_version",
        "case_officer",
        "deputy",
        "loan",
        "case_part",
        "guidance",
        "instrument",
        "instrument_register",
        "received_instrument",
        directory::TABLE,
    ];

    type Command = Command;
    type Event = Event;
    type Answer = Answer;
    type Rejection = Rejection;
    type Write = Write;
    type Book = Book;

    fn case_of(&self, command: &Command) -> Option<CaseId> {
        command.case_id.map(CaseId)
    }

    async fn load(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        cases: &[CaseId],
        commands: &[&Command],
    ) -> Result<Book, sqlx::Error> {
        let many = commands.iter().flat_map(|command| command.act.cases().iter().copied());
        let mut cases: Vec<Uuid> = cases.iter().map(|case| case.0).chain(many).collect();
        cases.sort_unstable();
        cases.dedup();
        store::load(tx, organ.as_str(), &cases, commands).await
    }

    fn decide(
        &self,
        book: &Book,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<ledger::Decision<Self>, Rejection> {
        let at = At { organ: context.organ.as_str(), now: context.now, actor: context.actor };
        let outcome = decide(&self.rules, &self.directory.current(), book, command, at)?;
        let case = command.case_id.map(CaseId);
        let fact = |Fact { kind, audience }| ledger::Fact {
            case,
            event: Event::new(kind),
            audience: audience.and_then(|organ| Organ::new(&organ).ok()),
        };
        let on_other = |(case_id, kind)| ledger::Fact {
            case: Some(CaseId(case_id)),
            event: Event::new(kind),
            audience: None,
        };
        let on_others = outcome.on_others.into_iter().map(on_other);
        Ok(ledger::Decision {
            facts: outcome.facts.into_iter().map(fact).chain(on_others).collect(),
            answer: outcome.answer,
            writes: outcome.writes,
        })
    }

    fn evolve(&self, book: &mut Book, entry: &Recorded<'_, Event>) {
        if let Some(kind) = &entry.event.0.kind {
            book.evolve(&Entry {
                organ: entry.organ.as_str(),
                at: entry.recorded_at,
                actor: entry.actor,
                case_id: entry.case.map(|case| case.0),
                kind,
            });
        }
    }

    async fn save(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        book: Book,
        writes: Vec<Write>,
    ) -> Result<(), sqlx::Error> {
        let changes = book.into_changes();
        self.organs.note(&changes.organs);
        store::save(tx, organ.as_str(), changes, writes).await
    }
}
