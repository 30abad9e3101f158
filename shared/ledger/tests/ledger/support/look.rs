//! A look at what is in the database, past the code under test.

use std::collections::{BTreeMap, BTreeSet};

use ledger::{CaseId, Organ, verify::verify};
use prost::Message;
use sqlx::{PgPool, Row};
use uuid::Uuid;

use super::{Event, domain::Counter};

/// An entry, as it stands in the table.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub(crate) seq: i64,
    pub(crate) case: CaseId,
    pub(crate) event: Event,
    pub(crate) actor: String,
    pub(crate) recorded_at: i64,
    pub(crate) request: Option<Uuid>,
    /// Service, organ, number.
    pub(crate) cause: Option<(i16, String, i64)>,
}

async fn entries(pool: &PgPool, organ: &Organ) -> Vec<Seen> {
    let rows = sqlx::query("select * from entry where organ = $1 order by seq").bind(organ.as_str());
    let seen = |row: &sqlx::postgres::PgRow| Seen {
        seq: row.get("seq"),
        case: CaseId(row.get("case_id")),
        event: Event::decode(row.get::<&[u8], _>("body")).unwrap(),
        actor: row.get("actor"),
        recorded_at: row.get("recorded_at"),
        request: row.get("request_id"),
        cause: row
            .get::<Option<i16>, _>("cause_service")
            .map(|service| (service, row.get::<String, _>("cause_organ"), row.get::<i64, _>("cause_seq"))),
    };
    rows.fetch_all(pool).await.unwrap().iter().map(seen).collect()
}

/// Checks that an organ's ledger is whole (gapless, chained, in order of time; each command once and entire; tables
/// beside it as it says), and gives back its entries.
pub(crate) async fn sound(pool: &PgPool, organ: &Organ) -> Vec<Seen> {
    let verified = verify(pool, Some(organ)).await.unwrap();
    let entries = entries(pool, organ).await;
    if let Some(verified) = verified.first() {
        assert_eq!(verified.fault, None, "{organ}");
        assert_eq!(verified.upto.seq, entries.len() as u64, "{organ}");
    } else {
        assert_eq!(entries, [], "{organ} has entries and no head");
    }
    let mut counters: BTreeMap<CaseId, Counter> = BTreeMap::new();
    for (seq, entry) in (1..).zip(&entries) {
        assert_eq!(entry.seq, seq, "{organ}: gapless");
        let counter = counters.entry(entry.case).or_default();
        counter.total += entry.event.by;
        counter.entries += 1;
        counter.last_tag.clone_from(&entry.event.tag);
        counter.changed_at = entry.recorded_at;
    }
    assert_eq!(stored_counters(pool, organ).await, counters, "{organ}: the projection");
    once_and_entire(&entries);
    let tags: BTreeSet<String> = entries.iter().map(|entry| entry.event.tag.clone()).collect();
    let notes: Vec<String> =
        sqlx::query_scalar("select tag from note where organ = $1 order by tag collate \"C\"")
            .bind(organ.as_str())
            .fetch_all(pool)
            .await
            .unwrap();
    assert_eq!(notes, tags.into_iter().collect::<Vec<_>>(), "{organ}: the notes");
    entries
}

async fn stored_counters(pool: &PgPool, organ: &Organ) -> BTreeMap<CaseId, Counter> {
    let rows = sqlx::query("select * from counter where organ = $1").bind(organ.as_str());
    let rows = rows.fetch_all(pool).await.unwrap();
    rows.iter().map(|row| (CaseId(row.get("case_id")), Counter::from_row(row).unwrap())).collect()
}

/// All entries of a command stand together, each once.
fn once_and_entire(entries: &[Seen]) {
    let mut done = BTreeSet::new();
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let of = first.event.of as usize;
        assert!(rest.len() >= of, "{} is not entire", first.event.tag);
        let (command, after) = rest.split_at(of);
        for (index, entry) in (0..).zip(command) {
            assert_eq!((&entry.event.tag, entry.event.index), (&first.event.tag, index));
        }
        assert!(done.insert(&first.event.tag), "{} is there twice", first.event.tag);
        rest = after;
    }
}

/// The tags of entries, in order.
pub(crate) fn tags(entries: &[Seen]) -> Vec<&str> {
    entries.iter().map(|entry| entry.event.tag.as_str()).collect()
}

/// How many transactions wrote an organ's entries.
pub(crate) async fn transactions(pool: &PgPool, organ: &Organ) -> i64 {
    sqlx::query_scalar("select count(distinct xmin::text) from entry where organ = $1")
        .bind(organ.as_str())
        .fetch_one(pool)
        .await
        .unwrap()
}

/// What was put aside for an organ: number and reason.
pub(crate) async fn parked(pool: &PgPool, organ: &Organ) -> Vec<(i64, String)> {
    sqlx::query("select seq, error from parked where organ = $1 order by seq")
        .bind(organ.as_str())
        .fetch_all(pool)
        .await
        .unwrap()
        .iter()
        .map(|row| (row.get("seq"), row.get("error")))
        .collect()
}

/// How far an organ has followed others: (service, organ, mailbox) and number.
pub(crate) async fn cursors(pool: &PgPool, organ: &Organ) -> BTreeMap<(i16, String, bool), i64> {
    sqlx::query("select * from cursor where organ = $1")
        .bind(organ.as_str())
        .fetch_all(pool)
        .await
        .unwrap()
        .iter()
        .map(|row| ((row.get("source_service"), row.get("source_organ"), row.get("mailbox")), row.get("seq")))
        .collect()
}
