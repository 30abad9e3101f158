use std::collections::{BTreeMap, HashSet};

use ledger::{CaseId, Context, Decision, Domain, Fact, Organ, Recorded, Service, to_micros};
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::command::{Answer, Command, Does, Event, Rejection};

/// Counters of cases, as the service with this number.
#[derive(Debug)]
pub(crate) struct Counters<const SERVICE: u8>;

/// The counters of intake, followed by the others.
pub(crate) type Intake = Counters<1>;
/// The counters of routing, which follows intake.
pub(crate) type Routing = Counters<2>;
/// The counters of supervision, which follows both.
pub(crate) type Supervision = Counters<3>;

/// One row of the projection.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Counter {
    pub(crate) total: i64,
    pub(crate) entries: i64,
    pub(crate) last_tag: String,
    pub(crate) changed_at: i64,
}

/// The counters a batch works on.
#[derive(Debug, Default)]
pub(crate) struct Book {
    counters: BTreeMap<CaseId, Counter>,
    changed: HashSet<CaseId>,
}

/// A row beside the ledger.
#[derive(Debug)]
pub(crate) struct Note {
    tag: String,
    parent: Option<String>,
    crash: bool,
}

impl<const SERVICE: u8> Domain for Counters<SERVICE> {
    const SERVICE: Service = match SERVICE {
        1 => Service::Intake,
        2 => Service::Routing,
        _ => Service::Supervision,
    };
    const FOLLOWS: &'static [Service] = match SERVICE {
        1 => &[],
        2 => &[Service::Intake],
        _ => &[Service::Intake, Service::Routing],
    };
    const PROJECTIONS: &'static [&'static str] = &["counter"];
    type Command = Command;
    type Event = Event;
    type Answer = Answer;
    type Rejection = Rejection;
    type Write = Note;
    type Book = Book;

    fn case_of(&self, command: &Command) -> Option<CaseId> {
        Some(command.case)
    }

    async fn load(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        cases: &[CaseId],
        _commands: &[&Command],
    ) -> Result<Book, sqlx::Error> {
        let cases: Vec<Uuid> = cases.iter().map(|case| case.0).collect();
        let rows = sqlx::query(
            "select c.* from unnest($2::uuid[]) as k (id) \
             cross join lateral (select * from counter where organ = $1 and case_id = k.id) as c",
        )
        .bind(organ.as_str())
        .bind(cases)
        .fetch_all(tx)
        .await?;
        let counters = rows.iter().map(|row| Ok((CaseId(row.try_get("case_id")?), Counter::from_row(row)?)));
        Ok(Book { counters: counters.collect::<Result<_, sqlx::Error>>()?, changed: HashSet::new() })
    }

    fn decide(
        &self,
        book: &Book,
        command: &Command,
        context: &Context<'_>,
    ) -> Result<Decision<Self>, Rejection> {
        let total = book.counters.get(&command.case).map_or(0, |counter| counter.total);
        let one = Event { tag: command.tag.clone(), by: 1, index: 0, of: 1, panics: false, sent: false };
        let mut audience = None;
        let events = match &command.does {
            Does::Add(by) => vec![Event { by: *by, ..one }],
            Does::Burst(of) => (0..*of).map(|index| Event { index, of: *of, ..one.clone() }).collect(),
            Does::Send(to) => {
                audience = Some(to.clone());
                vec![Event { sent: true, ..one }]
            }
            Does::Nothing => Vec::new(),
            Does::Reject => return Err(Rejection(command.tag.clone())),
            Does::Panic => panic!("{} panics", command.tag),
            Does::PanicLate => {
                vec![Event { of: 2, ..one.clone() }, Event { index: 1, of: 2, panics: true, ..one }]
            }
            Does::Violate => vec![Event { by: i64::MIN / 2, ..one }],
            Does::ViolateLate | Does::CrashSaving => vec![one],
        };
        let by: i64 = events.iter().map(|event| event.by).sum();
        let note = Note {
            tag: command.tag.clone(),
            parent: (command.does == Does::ViolateLate).then(|| "nowhere".to_owned()),
            crash: command.does == Does::CrashSaving,
        };
        Ok(Decision {
            writes: if events.is_empty() { Vec::new() } else { vec![note] },
            facts: events
                .into_iter()
                .map(|event| Fact { case: Some(command.case), event, audience: audience.clone() })
                .collect(),
            answer: Answer { total: total + by, seq: context.next_seq },
        })
    }

    fn evolve(&self, book: &mut Book, entry: &Recorded<'_, Event>) {
        let Some(case) = entry.case else { return };
        assert!(!entry.event.panics, "{} panics when it is taken in", entry.event.tag);
        let counter = book.counters.entry(case).or_default();
        counter.total += entry.event.by;
        counter.entries += 1;
        counter.last_tag.clone_from(&entry.event.tag);
        counter.changed_at = to_micros(entry.recorded_at);
        book.changed.insert(case);
    }

    async fn save(
        &self,
        tx: &mut PgConnection,
        organ: &Organ,
        book: Book,
        writes: Vec<Note>,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("insert into note select $1, n.* from unnest($2::text[], $3::text[]) as n")
            .bind(organ.as_str())
            .bind(writes.iter().map(|note| note.tag.as_str()).collect::<Vec<_>>())
            .bind(writes.iter().map(|note| note.parent.as_deref()).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
        assert!(!writes.iter().any(|note| note.crash), "saving panics");
        let changed = || book.counters.iter().filter(|(case, _)| book.changed.contains(case));
        sqlx::query(
            "insert into counter \
             select $1, c.* from unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::text[], $6::bigint[]) as c \
             on conflict on constraint counter_pk do update set total = excluded.total, \
             entries = excluded.entries, last_tag = excluded.last_tag, changed_at = excluded.changed_at",
        )
        .bind(organ.as_str())
        .bind(changed().map(|(case, _)| case.0).collect::<Vec<_>>())
        .bind(changed().map(|(_, counter)| counter.total).collect::<Vec<_>>())
        .bind(changed().map(|(_, counter)| counter.entries).collect::<Vec<_>>())
        .bind(changed().map(|(_, counter)| counter.last_tag.as_str()).collect::<Vec<_>>())
        .bind(changed().map(|(_, counter)| counter.changed_at).collect::<Vec<_>>())
        .execute(tx)
        .await?;
        Ok(())
    }
}

impl Counter {
    pub(crate) fn from_row(row: &sqlx::postgres::PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            total: row.try_get("total")?,
            entries: row.try_get("entries")?,
            last_tag: row.try_get("last_tag")?,
            changed_at: row.try_get("changed_at")?,
        })
    }
}
