//! Lists by state, channel, source, ground and respondent: one condition leads through its index, the others are looked at on
//! the way.

use duban_proto::common::v1::CaseState;
use server::Error;

use super::{Asked, MOST_COUNTED, Page};
use crate::domain::Facet;
use crate::grpc::Grpc;
use crate::store::{self, CaseKey, Filed, Range};

/// The most cases that are looked at in one call where several conditions have to hold.
const MOST_LOOKED_AT: usize = 1_000;
/// How many are read at once then, at the least.
const STRIDE: usize = 250;

/// The most values at all organs together by which a condition leads: more are not read side by side.
const WIDEST: usize = 400;

/// The condition that leads.
enum Lead<'a> {
    States(Vec<CaseState>),
    Facet(Facet, &'a [String]),
}

impl Lead<'_> {
    /// Whether a case can be found twice.
    fn may_repeat(&self) -> bool {
        matches!(self, Self::Facet(_, values) if values.len() > 1)
    }
}

impl Asked {
    /// Whether one index has all that fits and nothing else.
    pub(super) fn is_led_alone(&self) -> bool {
        let states = usize::from(!self.filter.states.is_empty());
        let leading = self.leading_facets().count() + states;
        leading <= 1
            && leading == self.filter.facets.len() + states
            && self.hidden.is_none()
            && self.filter.number.is_empty()
            && self.filter.words.is_empty()
    }

    fn leading_facets(&self) -> impl Iterator<Item = (Facet, &[String])> {
        let narrow = |values: &[String]| values.len() * self.organs.len() <= WIDEST;
        let facets = self.filter.facets.iter().map(|(facet, values)| (*facet, values.as_slice()));
        facets.filter(move |(_, values)| narrow(values))
    }
}

impl Grpc {
    /// The cases after a key, as many as `size`, or those among the next [`MOST_LOOKED_AT`].
    pub(super) async fn walk(
        &self,
        asked: &Asked,
        after: Option<CaseKey>,
        size: usize,
    ) -> Result<Page, Error> {
        let lead = self.lead(asked, after).await?;
        let stride = if asked.is_led_alone() { size } else { size.clamp(STRIDE, MOST_LOOKED_AT) };
        let (mut page, mut looked_at, mut last) = (Page::default(), 0, after);
        loop {
            let rows = self.led(asked, &lead, asked.range(last), count(stride)).await?;
            let ended = rows.len() < stride;
            looked_at += rows.len();
            for filed in rows {
                last = Some(CaseKey::of(&filed.case));
                if !asked.has(&filed) {
                    continue;
                }
                page.cases.push(filed);
                if page.cases.len() >= size {
                    page.next = last;
                    return Ok(page);
                }
            }
            if ended || looked_at >= MOST_LOOKED_AT {
                page.next = last.filter(|_| !ended);
                return Ok(page);
            }
        }
    }

    /// How many cases there are where one condition has to hold, and whether there are more.
    pub(super) async fn counted(&self, asked: &Asked) -> Result<(usize, bool), Error> {
        let lead = self.lead(asked, None).await?;
        // A case with two of the values asked for has two rows; with more than that, there may be more.
        let rows_a_case = if lead.may_repeat() { 2 } else { 1 };
        let most = rows_a_case * (MOST_COUNTED + 1);
        let (rows, cases) = self.amount(asked, &lead, asked.range(None), most).await?;
        let counted = usize::try_from(cases.min(MOST_COUNTED)).map_err(Error::internal)?;
        Ok((counted, cases > MOST_COUNTED || rows >= most))
    }

    /// The condition that fewest cases after a key fulfil.
    async fn lead<'a>(&self, asked: &'a Asked, after: Option<CaseKey>) -> Result<Lead<'a>, Error> {
        let mut leads: Vec<Lead<'a>> =
            asked.leading_facets().map(|(facet, values)| Lead::Facet(facet, values)).collect();
        if leads.is_empty() || !asked.filter.states.is_empty() {
            leads.push(Lead::States(asked.states()));
        }
        if leads.len() == 1 {
            return leads.pop().ok_or_else(|| Error::internal("one is there"));
        }
        let mut best: Option<(i64, Lead<'a>)> = None;
        for lead in leads {
            let (amount, _) =
                self.amount(asked, &lead, asked.range(after), count(MOST_LOOKED_AT) + 1).await?;
            if best.as_ref().is_none_or(|(least, _)| amount < *least) {
                best = Some((amount, lead));
            }
        }
        best.map(|(_, lead)| lead).ok_or_else(|| Error::internal("one is there"))
    }

    async fn led(
        &self,
        asked: &Asked,
        lead: &Lead<'_>,
        range: Range,
        most: i64,
    ) -> Result<Vec<Filed>, sqlx::Error> {
        match lead {
            Lead::States(states) => store::list_cases(self.pool(), &asked.organs, states, range, most).await,
            Lead::Facet(facet, values) => {
                store::list_cases_by_facet(self.pool(), &asked.organs, (*facet, values), range, most).await
            }
        }
    }

    /// Rows up to `most`, and cases among them.
    async fn amount(
        &self,
        asked: &Asked,
        lead: &Lead<'_>,
        range: Range,
        most: i64,
    ) -> Result<(i64, i64), sqlx::Error> {
        match lead {
            Lead::States(states) => {
                let cases = store::count_cases(self.pool(), &asked.organs, states, range, most).await?;
                Ok((cases, cases))
            }
            Lead::Facet(facet, values) => {
                store::count_cases_by_facet(self.pool(), &asked.organs, (*facet, values), range, most).await
            }
        }
    }
}

/// A number of rows as Postgres takes it.
fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
