//! `FindRespondents` (2, 10): whom a complaint is about, in the directory.

use directory::{Directory, Hit, How};
use duban_proto::intake::v1::{
    FindRespondentsRequest, FindRespondentsResponse, RespondentHit, RespondentMatch,
};
use server::{Caller, Error, Violations};

use super::Grpc;
use super::complaint::unknown_organ;

const MAX_QUERY: usize = 100;
/// Hits where no number is asked for.
const DEFAULT_SIZE: u32 = 20;
const MAX_SIZE: u32 = 50;

impl Grpc {
    pub(super) async fn respondents(
        &self,
        _: &Caller,
        request: FindRespondentsRequest,
    ) -> Result<FindRespondentsResponse, Error> {
        let FindRespondentsRequest { query, below, page_size } = request;
        self.directory.knowing([below.as_str()]).await?;
        let directory = self.directory.indexed().await;
        let mut check = Violations::default();
        check.required_text("query", &query, MAX_QUERY);
        if !below.is_empty() && directory.get(&below).is_none() {
            unknown_organ(&mut check, "below", &below, &directory);
        }
        check.finish()?;
        let size = if page_size == 0 { DEFAULT_SIZE } else { page_size.min(MAX_SIZE) };
        let below = Some(below.as_str()).filter(|below| !below.is_empty());
        let hits = directory.find(&query, below, usize::try_from(size).unwrap_or(usize::MAX));
        Ok(FindRespondentsResponse { hits: hits.iter().map(|hit| told(hit, &directory)).collect() })
    }
}

fn told(hit: &Hit<'_>, directory: &Directory) -> RespondentHit {
    let Hit { organ, matched, how } = hit;
    let successor = directory.successor(&organ.code);
    RespondentHit {
        code: organ.code.clone(),
        name: organ.name.clone(),
        short_name: organ.short_name.clone(),
        matched: (*matched).to_owned(),
        matched_by: kind_of_match(*how).into(),
        kind: organ.kind,
        parent: organ.parent.clone(),
        path: directory.path(&organ.code).iter().rev().map(|above| above.name.clone()).collect(),
        closed: !organ.successor.is_empty(),
        successor: successor.map_or_else(|| organ.successor.clone(), |successor| successor.code.clone()),
        successor_name: successor.map(|successor| successor.name.clone()).unwrap_or_default(),
    }
}

fn kind_of_match(how: How) -> RespondentMatch {
    match how {
        How::Code => RespondentMatch::Code,
        How::Name => RespondentMatch::Name,
        How::ShortName => RespondentMatch::ShortName,
        How::Alias => RespondentMatch::Alias,
        How::Prefix => RespondentMatch::Prefix,
        How::Partial => RespondentMatch::Partial,
        How::Pinyin => RespondentMatch::Pinyin,
        How::Initials => RespondentMatch::Initials,
        How::Fuzzy => RespondentMatch::Fuzzy,
    }
}
