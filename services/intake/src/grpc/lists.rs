//! `ListCases`, `CountCases` (16).

mod filter;
mod text;
mod walk;

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    CaseFilter, CountCasesRequest, CountCasesResponse, ListCasesRequest, ListCasesResponse,
};
use prost::Message as _;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::see::{Hidden, told};
use crate::domain::Filter;
use crate::store::{self, CaseKey, Filed, Range};

/// The most cases that are counted.
const MOST_COUNTED: i64 = 10_000;
/// The most numbers that may begin alike.
const MOST_NUMBERS: i64 = 1_000;

/// What a caller asks for, of the organs it may see.
struct Asked {
    organs: Vec<String>,
    filter: Filter,
    hidden: Option<Hidden>,
}

/// Some of the cases that were asked for, newest first, and where to go on if these are not all.
#[derive(Default)]
struct Page {
    cases: Vec<Filed>,
    next: Option<CaseKey>,
}

impl Asked {
    /// The stretch of all lists after a key.
    fn range(&self, after: Option<CaseKey>) -> Range {
        let before = self.filter.before.map_or(CaseKey::BEGIN, CaseKey::before);
        Range {
            after: after.unwrap_or(CaseKey::BEGIN).min(before),
            from: self.filter.from.map_or(i64::MIN, jiff::Timestamp::as_microsecond),
        }
    }

    /// Whether a case has it all in common, but for the words; and is not hidden from the caller.
    fn has(&self, filed: &Filed) -> bool {
        let hides = |hidden: &Hidden| hidden.hides(&filed.organ, &filed.case);
        self.filter.fits(&filed.case) && !self.hidden.as_ref().is_some_and(hides)
    }

    /// The states asked for, spelt out.
    fn states(&self) -> Vec<CaseState> {
        if self.filter.states.is_empty() {
            (1..).map_while(|number| CaseState::try_from(number).ok()).collect()
        } else {
            self.filter.states.clone()
        }
    }
}

impl Grpc {
    pub(super) async fn cases(
        &self,
        caller: &Caller,
        request: ListCasesRequest,
    ) -> Result<ListCasesResponse, Error> {
        let ListCasesRequest { states, organ, page_size: size, page_token, filter } = request;
        let filter = filter.unwrap_or_default();
        let asked = self.asked(caller, &states, &organ, &filter).await?;
        let states: Vec<u8> = states.iter().flat_map(|state| state.to_be_bytes()).collect();
        let tokens = PageToken::of("ListCases").filter(&organ).filter(states).filter(filter.encode_to_vec());
        let after: Option<CaseKey> = tokens.decode(&page_token)?;
        let size = usize::try_from(page_size(size)).map_err(Error::internal)?;
        let page = self.page(&asked, after, size).await?;
        let next_page_token = page.next.map_or(Ok(String::new()), |key| tokens.encode(&key))?;
        let directory = self.directory.current();
        let told = |filed: &Filed| told(caller, directory.tree(), &filed.organ, &filed.case);
        let cases = page.cases.iter().map(told).collect();
        Ok(ListCasesResponse { cases, next_page_token })
    }

    pub(super) async fn count(
        &self,
        caller: &Caller,
        request: CountCasesRequest,
    ) -> Result<CountCasesResponse, Error> {
        let CountCasesRequest { states, organ, filter } = request;
        let asked = self.asked(caller, &states, &organ, &filter.unwrap_or_default()).await?;
        let (count, more) = if asked.is_led_alone() {
            self.counted(&asked).await?
        } else {
            let page = self.page(&asked, None, usize::MAX).await?;
            (page.cases.len(), page.next.is_some())
        };
        Ok(CountCasesResponse { count: u32::try_from(count).map_err(Error::internal)?, more })
    }

    /// What is asked for, by somebody who may: the same for a list and a count.
    async fn asked(
        &self,
        caller: &Caller,
        states: &[i32],
        organ: &str,
        filter: &CaseFilter,
    ) -> Result<Asked, Error> {
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([organ, own, filter.respondent.as_str()]).await?;
        let filter = filter::filter(states, filter, &directory)?;
        let organs = directory.visible(caller.visibility_of(organ, directory.tree())?);
        let hidden = Hidden::from(caller, directory.tree());
        Ok(Asked { organs, filter, hidden })
    }

    async fn page(&self, asked: &Asked, after: Option<CaseKey>, size: usize) -> Result<Page, Error> {
        if !asked.filter.number.is_empty() {
            let cases = self.with_number(asked, after).await?;
            return self.first_with_words(asked, Page { cases, next: None }, size).await;
        }
        if asked.filter.words.is_empty() {
            return self.walk(asked, after, size).await;
        }
        let found = self.with_pairs(asked, after, size).await?;
        self.first_with_words(asked, found, size).await
    }

    /// All cases after a key whose number begins as asked.
    async fn with_number(&self, asked: &Asked, after: Option<CaseKey>) -> Result<Vec<Filed>, Error> {
        let number = &asked.filter.number;
        let mut cases =
            store::find_numbered_cases(self.pool(), &asked.organs, number, MOST_NUMBERS + 1).await?;
        if i64::try_from(cases.len()).is_ok_and(|count| count > MOST_NUMBERS) {
            let mut check = Violations::default();
            check.add(
                "filter.number",
                format!("以此开头的编号超过 {MOST_NUMBERS} 个,请写得更完整,或者按收件时间查找"),
                format!("more than {MOST_NUMBERS} numbers begin so; write more of it, or look by the time of receipt"),
            );
            check.finish()?;
        }
        let range = asked.range(after);
        cases.retain(|filed| CaseKey::of(&filed.case) < range.after && asked.has(filed));
        cases.sort_by_key(|filed| std::cmp::Reverse(CaseKey::of(&filed.case)));
        Ok(cases)
    }
}
