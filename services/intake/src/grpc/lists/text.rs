//! Search in working copies (15): the keyed pairs of characters find what may have the words, and opening it makes certain.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use content::Place;
use server::Error;
use uuid::Uuid;

use super::{Asked, Page};
use crate::grpc::Grpc;
use crate::store::{self, CaseKey, Filed, Found, Range, Span, Words};

/// The most working copies that are opened in one call.
const MOST_OPENED: usize = 200;
/// How many are opened at once.
const OPENED_AT_ONCE: usize = 50;
/// The most cases that are taken from the index in one call.
const MOST_FOUND: usize = 300;
/// The most organs that are searched one by one from the start.
const FEW_ORGANS: usize = 4;
/// How many of the newest cases of more organs are looked at first.
const MOST_NEWEST: usize = 500;
/// The most spans of ledgers that are searched in one call: some 32 million entries.
const MOST_SPANS: usize = 1_000;
/// How many spans are searched first, and at the most at once.
const FIRST_SPANS: usize = 1;
const SPANS_AT_ONCE: usize = 64;
/// The most pairs of characters that are looked for: enough to leave little to open in vain.
const MOST_PAIRS: usize = 16;

/// What is looked for, as each organ has it.
type Hashes<'a> = HashMap<&'a str, Vec<i64>>;

/// What was found so far, newest first.
#[derive(Default)]
struct Finds(BTreeSet<Reverse<Found>>);

impl Finds {
    /// Takes in what a search found; keeps the newest.
    fn extend(&mut self, found: Vec<Found>) {
        self.0.extend(found.into_iter().map(Reverse));
        while self.0.len() > MOST_FOUND {
            self.0.pop_last();
        }
    }

    /// The oldest, where there is no room for older ones.
    fn oldest_wanted(&self) -> Option<CaseKey> {
        let full = self.0.len() >= MOST_FOUND;
        self.0.last().filter(|_| full).map(|Reverse(found)| found.key())
    }
}

impl Grpc {
    /// The cases after a key that have all pairs of the words, and fit otherwise.
    pub(super) async fn with_pairs(
        &self,
        asked: &Asked,
        after: Option<CaseKey>,
        size: usize,
    ) -> Result<Page, Error> {
        let range = asked.range(after);
        let hashes: Hashes<'_> = asked
            .organs
            .iter()
            .map(|organ| (organ.as_str(), self.pairs(organ, &asked.filter.words)))
            .collect();
        if asked.organs.len() > FEW_ORGANS
            && let Some(page) = self.among_the_newest(asked, &hashes, range, size.min(MOST_OPENED)).await?
        {
            return Ok(page);
        }
        let limit = i64::try_from(MOST_SPANS + 1).unwrap_or(i64::MAX);
        let spans = store::find_spans(self.pool(), &asked.organs, range, limit).await?;
        let (searched, rest) = spans.split_at(spans.len().min(MOST_SPANS));
        let mut finds = self.finds(&hashes, range, searched).await?;
        let mut next = finds.oldest_wanted();
        // Of cases as old as what was not searched, some may be missing.
        if let Some(first) =
            rest.first().map(|span| CaseKey { received_at: span.ends_at, case_id: Uuid::max() })
            && next.is_none_or(|next| next < first)
        {
            finds.0.retain(|Reverse(found)| found.key() > first);
            next = Some(first);
        }
        let found: Vec<&Found> = finds.0.iter().map(|Reverse(found)| found).collect();
        self.page_of(asked, &found, next).await
    }

    /// The newest cases of all organs together, one by one: where a word is common, enough of them have it, and no organ's
    /// index is read for older ones. Absent where it is not so common.
    async fn among_the_newest(
        &self,
        asked: &Asked,
        hashes: &Hashes<'_>,
        range: Range,
        wanted: usize,
    ) -> Result<Option<Page>, Error> {
        let mut words = Words::default();
        for (organ, hashes) in hashes {
            words.look_at(organ, hashes);
        }
        let most = i64::try_from(MOST_NEWEST).unwrap_or(i64::MAX);
        let newest = store::find_newest_texts(self.pool(), words, range, most).await?;
        let found: Vec<&Found> = newest.iter().filter(|one| one.has).map(|one| &one.found).collect();
        let all = newest.len() < MOST_NEWEST;
        if found.len() < wanted && !all {
            return Ok(None);
        }
        let next = newest.last().filter(|_| !all).map(|one| one.found.key());
        Ok(Some(self.page_of(asked, &found, next).await?))
    }

    /// Those of these cases that fit otherwise, newest first.
    async fn page_of(&self, asked: &Asked, found: &[&Found], next: Option<CaseKey>) -> Result<Page, Error> {
        let (organs, cases): (Vec<&str>, Vec<Uuid>) =
            found.iter().map(|found| (found.organ.as_str(), found.case_id)).unzip();
        let mut cases = store::find_cases(self.pool(), &organs, &cases).await?;
        cases.retain(|filed| asked.has(filed));
        Ok(Page { cases, next })
    }

    /// The newest cases of these spans that have all pairs of the words.
    async fn finds(&self, hashes: &Hashes<'_>, mut range: Range, spans: &[Span]) -> Result<Finds, Error> {
        let most = i64::try_from(MOST_FOUND).unwrap_or(i64::MAX);
        let (mut finds, mut rest, mut stride) = (Finds::default(), spans, FIRST_SPANS);
        while rest.first().is_some_and(|span| span.ends_at >= range.from) {
            let (now, later) = rest.split_at(rest.len().min(stride));
            let mut words = Words::default();
            for span in now {
                words.look(span, hashes.get(span.organ.as_str()).map_or(&[], Vec::as_slice));
            }
            finds.extend(store::find_texts(self.pool(), words, range, most).await?);
            if let Some(oldest) = finds.oldest_wanted() {
                range.from = range.from.max(oldest.received_at);
            }
            (rest, stride) = (later, (2 * stride).min(SPANS_AT_ONCE));
        }
        Ok(finds)
    }

    /// The hashes of the words' pairs, as an organ has them.
    fn pairs(&self, organ: &str, words: &[String]) -> Vec<i64> {
        let mut pairs: Vec<i64> = words.iter().flat_map(|word| self.blind_index.pairs(organ, word)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs.truncate(MOST_PAIRS);
        pairs
    }

    /// The first of these cases whose working copies have the words: all of them where no words are asked for.
    pub(super) async fn first_with_words(
        &self,
        asked: &Asked,
        from: Page,
        size: usize,
    ) -> Result<Page, Error> {
        let mut page = Page { cases: Vec::new(), next: from.next };
        let most = if asked.filter.words.is_empty() { usize::MAX } else { MOST_OPENED };
        let (mut opened, mut last, mut rest) = (0, None, from.cases.into_iter().peekable());
        while rest.peek().is_some() {
            let some: Vec<Filed> = rest.by_ref().take(OPENED_AT_ONCE).collect();
            let fits = self.have_words(asked, &some).await?;
            opened += some.len();
            for (filed, fits) in some.into_iter().zip(fits) {
                last = Some(CaseKey::of(&filed.case));
                if fits {
                    page.cases.push(filed);
                }
                if page.cases.len() >= size {
                    page.next = last;
                    return Ok(page);
                }
            }
            if opened >= most && rest.peek().is_some() {
                page.next = last;
                break;
            }
        }
        Ok(page)
    }

    async fn have_words(&self, asked: &Asked, cases: &[Filed]) -> Result<Vec<bool>, Error> {
        if asked.filter.words.is_empty() {
            return Ok(vec![true; cases.len()]);
        }
        let mut places = Vec::with_capacity(cases.len());
        for Filed { organ, case } in cases {
            let Some(copy) = &case.working_copy else { continue };
            places.push(Place {
                organ: organ.clone(),
                case_id: case.case_id,
                item_id: Uuid::try_parse(&copy.item_id).map_err(Error::internal)?,
                version: copy.version,
            });
        }
        let texts = self.vault.read_texts(&places).await?;
        let with_words: BTreeSet<Uuid> = places
            .iter()
            .zip(texts)
            .filter(|(_, text)| text.as_ref().is_some_and(|text| asked.filter.is_in(text)))
            .map(|(place, _)| place.case_id)
            .collect();
        Ok(cases.iter().map(|filed| with_words.contains(&filed.case.case_id)).collect())
    }
}
