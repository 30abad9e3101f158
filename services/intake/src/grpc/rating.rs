//! `RatingService` (16, house): what complainants think of the result of their own accord.

use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    self as wire, GetRatingRequest, GetRatingResponse, HandlingRated, RateHandlingRequest,
    RateHandlingResponse,
};
use prost::Message as _;
use server::time::to_proto;
use server::{Caller, Error, Reason, Violations};

use super::Grpc;
use super::cases::moment;
use super::seal::Item;
use crate::domain::{Act, Rate, Reply, to_rate};
use crate::store::{self, CaseEntry, Filed};

/// The longest words, in characters.
const MAX_WORDS: usize = 2000;

impl Grpc {
    pub(super) async fn rated(
        &self,
        caller: &Caller,
        mut request: RateHandlingRequest,
    ) -> Result<RateHandlingResponse, Error> {
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", &request.request_id);
        check.required("attitude", &request.attitude);
        check.required("result", &request.result);
        check.text("words", &request.words, MAX_WORDS);
        let (request_id,) = check.finish_with((request_id,))?;
        // From here on the caller has proved that the case is its own.
        let Filed { organ, case } = self.tracked(&request.number, &request.tracking_code).await?;
        self.on_the_scale(&organ, &request)?;
        let key = self.key(&organ, case.case_id).await?;
        let item =
            Item { organ: &organ, case_id: case.case_id, id: self.new_id(), version: 1, kind: "rating" };
        let words = match request.words.trim() {
            "" => None,
            words => Some(self.draft(&key, &item, words.as_bytes())?),
        };
        let act = Act::Rate(Box::new(Rate {
            attitude: request.attitude.clone(),
            result: request.result.clone(),
            words,
            look_asked: request.look_asked,
        }));
        request.request_id.clear();
        let committed = self.submit(&organ, caller, (request_id, &request), case.case_id, act).await?;
        Ok(RateHandlingResponse { rated_at: Some(to_proto(committed.recorded_at)) })
    }

    /// Whether the complainant may rate the result: it was told, and is not rated yet.
    pub(super) fn may_rate(&self, organ: &str, replies: &[Reply]) -> bool {
        self.regulation(organ).follow_ups().is_some() && to_rate(replies).is_some()
    }

    /// Both answers are codes of the regulation's scale, where it asks complainants at all.
    fn on_the_scale(&self, organ: &str, request: &RateHandlingRequest) -> Result<(), Error> {
        let Some(rule) = self.regulation(organ).follow_ups() else {
            return Err(Error::of(Reason::RegulationForbids));
        };
        let codes: Vec<&str> = rule.scale.iter().map(|answer| answer.code.as_str()).collect();
        let mut check = Violations::default();
        for (field, code) in [("attitude", &request.attitude), ("result", &request.result)] {
            if rule.answer(code).is_none() {
                let codes = codes.join(", ");
                check.add(field, format!("应为下列之一:{codes}"), format!("must be one of {codes}"));
            }
        }
        check.finish()
    }

    pub(super) async fn rating(
        &self,
        caller: &Caller,
        request: GetRatingRequest,
    ) -> Result<GetRatingResponse, Error> {
        let (organ, case_id) = self.registered_in_scope(caller, &request.case_id).await?;
        let entries = store::case_entries(self.pool(), &organ, case_id).await?;
        let last = entries.iter().rev().find_map(|entry| Some((entry.recorded_at, rating(entry)?)));
        let Some((at, rated)) = last else { return Err(Error::nothing_to_act_on("rating", case_id)) };
        let HandlingRated { reply_id, attitude, result, words, .. } = rated;
        let words = match words {
            None => String::new(),
            Some(words) => {
                let item_id = words.item_id.parse().map_err(Error::internal)?;
                match self.vault.read_text(&organ, case_id, item_id, words.version).await {
                    Ok(text) => text.to_string(),
                    Err(
                        content::ContentError::Missing { .. }
                        | content::ContentError::NoKey { .. }
                        | content::ContentError::Erased(_),
                    ) => String::new(),
                    Err(error) => return Err(error.into()),
                }
            }
        };
        Ok(GetRatingResponse { attitude, result, words, rated_at: moment(at), reply_id })
    }
}

fn rating(entry: &CaseEntry) -> Option<HandlingRated> {
    match wire::Event::decode(entry.body.as_slice()).ok()?.kind? {
        Kind::HandlingRated(rated) => Some(rated),
        _ => None,
    }
}
