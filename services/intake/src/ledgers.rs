//! Intake's ledgers: the rules ([`domain`](crate::domain)) and tables as the crate `ledger` sees them.

use std::sync::Arc;

use ledger::{CaseId, Context, Organ, Recorded, Service};
use regulation::Rules;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{Act, Answer, At, Book, Command, Entry, Rejection, Write, decide};
use crate::event::Event;
use crate::store;

/// The domain of the ledgers of intake.
#[derive(Debug)]
pub struct Ledgers {
    rules: Arc<Rules>,
    pub(crate) organs: directory::Changes,
}

impl Ledgers {
    /// Ledgers that decide by these rules.
    pub fn new(rules: Arc<Rules>) -> Self {
        Self { rules, organs: directory::Changes::default() }
    }

    /// The regulation and the calendar.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.rules
    }
}

impl ledger::Domain for Ledgers {
    const SERVICE: Service = Service::Intake;
    const FOLLOWS: &'static [Service] = &[Service::Routing, Service::Supervision];
    const PROJECTIONS: &'static [&'static str] = &[
        "case_file",
        "case_facet",
        "reply",
        "number_register",
        "case_link",
        "identity_grant",
        "attachment",
        "identity_reading",
        "referral",
        "report",
        "report_demand",
        "case_retention",
        "summary",
        "instruction",
        "lent",
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
        let mut cases: Vec<Uuid> = cases.iter().map(|case| case.0).collect();
        let many: Vec<Uuid> = commands.iter().flat_map(|command| command.act.many()).collect();
        cases.extend(&many);
        cases.sort_unstable();
        cases.dedup();
        let of = |acts: fn(&Act) -> bool| -> Vec<Uuid> {
            commands
                .iter()
                .filter(|command| acts(&command.act))
                .filter_map(|command| command.case_id)
                .collect()
        };
        // A rebuild replays entries without commands: it needs all that they may change.
        let rebuilt = |of: Vec<Uuid>| if commands.is_empty() { cases.clone() } else { of };
        let more = store::More {
            reports: rebuilt(of(|act| matches!(act, Act::OnReport(_)))),
            referrals: rebuilt(of(|act| {
                matches!(act, Act::RecordReferralAnswer(_) | Act::ReferralOverdue { .. })
            })),
            links: of(|act| matches!(act, Act::Link(_) | Act::Unlink(_))),
            grants: of(|act| matches!(act, Act::DecideGrant(_) | Act::OpenByGrant { .. })),
            // Its entries tell of one step each: a rebuild goes on from the rows it has made.
            attachments: if commands.is_empty() {
                cases.clone()
            } else {
                [of(|act| matches!(act, Act::Attach(_) | Act::OnInstruction(_))), many.clone()].concat()
            },
            instructions: rebuilt(of(|act| matches!(act, Act::OnInstruction(_)))),
            summaries: rebuilt(of(|act| matches!(act, Act::OnSummary(_)))),
            retained: match commands {
                // In a rebuild all there is.
                [] => cases.clone(),
                _ => [of(Act::needs_retention), many.clone()].concat(),
            },
            held: many,
        };
        store::load(tx, organ.as_str(), &cases, &more).await
    }

    fn decide(
        &self,
        book: &Book,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<ledger::Decision<Self>, Rejection> {
        let at = At { organ: context.organ.as_str(), now: context.now, actor: context.actor };
        let outcome = decide(&self.rules, book, command, at)?;
        let case = command.case_id.map(CaseId);
        let fact = |kind| ledger::Fact { case, event: Event::new(kind), audience: None };
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
                seq: entry.seq,
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
