//! The table `case_text`.

use std::collections::BTreeSet;

use sqlx::PgPool;
use uuid::Uuid;

use super::case_file::{CaseKey, Range};
use super::text_waiting::{self, Waiting};

/// By what a working copy is found.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) organ: String,
    pub(crate) case_id: Uuid,
    pub(crate) version: i32,
    /// The keyed hashes of its pairs of characters, 40 bits each.
    pub(crate) pairs: Vec<i64>,
}

/// A stretch of an organ's ledger, the hashes of whose cases stand together in the index.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Span {
    pub(crate) organ: String,
    pub(crate) number: i64,
    /// No case of it was received later. Microseconds since 1970.
    pub(crate) ends_at: i64,
}

/// A case whose working copy has all the pairs that were looked for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub(crate) struct Found {
    /// Microseconds since 1970.
    pub(crate) received_at: i64,
    pub(crate) case_id: Uuid,
    pub(crate) organ: String,
}

/// A case with a working copy, and whether that has all the pairs that were looked for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Newest {
    #[sqlx(flatten)]
    pub(crate) found: Found,
    pub(crate) has: bool,
}

/// What is looked for in these spans: for each, the hashes as its organ has them.
#[derive(Debug, Default)]
pub(crate) struct Words<'a> {
    organs: Vec<&'a str>,
    spans: Vec<i64>,
    first: Vec<i32>,
    last: Vec<i32>,
    hashes: Vec<i64>,
}

impl Found {
    /// Its place in a list.
    pub(crate) fn key(&self) -> CaseKey {
        CaseKey { received_at: self.received_at, case_id: self.case_id }
    }
}

impl<'a> Words<'a> {
    /// Looks for these hashes in a span.
    pub(crate) fn look(&mut self, span: &'a Span, hashes: &[i64]) {
        self.spans.push(span.number);
        self.look_at(&span.organ, hashes);
    }

    /// Looks for them at an organ.
    pub(crate) fn look_at(&mut self, organ: &'a str, hashes: &[i64]) {
        self.organs.push(organ);
        self.first.push(place(self.hashes.len() + 1));
        self.hashes.extend_from_slice(hashes);
        self.last.push(place(self.hashes.len()));
    }
}

/// A place in an array of Postgres, which counts from 1.
fn place(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Takes working copies from those that wait and puts the index in their place, both or neither; not those that were erased
/// meanwhile.
pub(crate) async fn index_texts(
    pool: &PgPool,
    waiting: &[Waiting],
    texts: &[Text],
) -> Result<(), sqlx::Error> {
    let mut tx = pool.begin().await?;
    sqlx::query(include_str!("hold_keys.sql"))
        .bind(waiting.iter().map(|text| text.organ.as_str()).collect::<Vec<_>>())
        .bind(waiting.iter().map(|text| text.case_id).collect::<Vec<_>>())
        .execute(&mut *tx)
        .await?;
    let waited: BTreeSet<(String, Uuid)> =
        text_waiting::delete(&mut tx, waiting).await?.into_iter().collect();
    let texts = || texts.iter().filter(|text| waited.contains(&(text.organ.clone(), text.case_id)));
    let (mut first, mut last, mut hashes) = (Vec::new(), Vec::new(), Vec::new());
    for text in texts() {
        first.push(place(hashes.len() + 1));
        hashes.extend_from_slice(&text.pairs);
        last.push(place(hashes.len()));
    }
    sqlx::query(include_str!("save_texts.sql"))
        .bind(texts().map(|text| text.organ.as_str()).collect::<Vec<_>>())
        .bind(texts().map(|text| text.case_id).collect::<Vec<_>>())
        .bind(texts().map(|text| text.version).collect::<Vec<_>>())
        .bind(first)
        .bind(last)
        .bind(hashes)
        .execute(&mut *tx)
        .await?;
    sqlx::query("select clean_case_text()").execute(&mut *tx).await?;
    tx.commit().await
}

/// The spans of these organs' ledgers in which cases of this stretch of a list can have begun, newest first.
pub(crate) async fn find_spans(
    pool: &PgPool,
    organs: &[String],
    range: Range,
    most: i64,
) -> Result<Vec<Span>, sqlx::Error> {
    sqlx::query_as(include_str!("find_spans.sql"))
        .bind(organs)
        .bind(range.after.received_at)
        .bind(range.from)
        .bind(most)
        .fetch_all(pool)
        .await
}

/// The cases that have the words, the newest `most` of each span.
pub(crate) async fn find_texts(
    pool: &PgPool,
    words: Words<'_>,
    range: Range,
    most: i64,
) -> Result<Vec<Found>, sqlx::Error> {
    let Words { organs, spans, first, last, hashes } = words;
    sqlx::query_as(include_str!("find_texts.sql"))
        .bind(organs)
        .bind(spans)
        .bind(first)
        .bind(last)
        .bind(hashes)
        .bind(range.after.received_at)
        .bind(range.after.case_id)
        .bind(range.from)
        .bind(most)
        .fetch_all(pool)
        .await
}

/// The newest cases with a working copy, up to `most`, and which of them have the words.
pub(crate) async fn find_newest_texts(
    pool: &PgPool,
    words: Words<'_>,
    range: Range,
    most: i64,
) -> Result<Vec<Newest>, sqlx::Error> {
    let Words { organs, spans: _, first, last, hashes } = words;
    sqlx::query_as(include_str!("find_newest_texts.sql"))
        .bind(organs)
        .bind(first)
        .bind(last)
        .bind(hashes)
        .bind(range.after.received_at)
        .bind(range.after.case_id)
        .bind(range.from)
        .bind(most)
        .fetch_all(pool)
        .await
}
