//! `RecordReferralAnswer`, `ListReferrals` (14(4), house).

use std::collections::BTreeSet;

use duban_proto::intake::v1::{
    ListReferralsRequest, ListReferralsResponse, RecordReferralAnswerRequest, RecordReferralAnswerResponse,
    Referral as WireReferral, ReferralOutcome, ReferralState,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::see::{Hidden, is_in_place};
use crate::domain::{Act, RecordReferralAnswer, Referral, referral_message};
use crate::store::{self, Filed, ReferralKey, ReferralRow};

/// The longest answer, in characters.
const MAX_TEXT: usize = 10_000;

impl Grpc {
    pub(super) async fn referral_answered(
        &self,
        caller: &Caller,
        mut request: RecordReferralAnswerRequest,
    ) -> Result<RecordReferralAnswerResponse, Error> {
        let (organ, _) = self.organ_of(caller, &request.case_id).await?;
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.date("answered_on", &request.answered_on),
            check.required_enum::<ReferralOutcome>("outcome", request.outcome),
        );
        let now = self.writer.clock().now();
        let today = self.regulation(&organ).counting().zone.to_datetime(now).date();
        let past = values.2.is_none_or(|on| on <= today);
        check.must(past, "answered_on", "不得晚于今天", "is later than today");
        check.text("text", &request.text, MAX_TEXT);
        let (request_id, case_id, answered_on, outcome) = check.finish_with(values)?;
        let text = self.note(&organ, case_id, self.new_id(), "referral_answer", &request.text).await?;
        request.request_id.clear();
        let act = Act::RecordReferralAnswer(Box::new(RecordReferralAnswer { answered_on, outcome, text }));
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let referral = answer.referral.ok_or_else(|| Error::internal("an answer without its referral"))?;
        Ok(RecordReferralAnswerResponse { referral: Some(WireReferral { text: request.text, ..referral }) })
    }

    pub(super) async fn referrals(
        &self,
        caller: &Caller,
        request: ListReferralsRequest,
    ) -> Result<ListReferralsResponse, Error> {
        let ListReferralsRequest { states, organ, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<ReferralState>(format!("states[{index}]"), *state));
        }
        check.finish()?;
        if wanted.is_empty() {
            wanted = vec![ReferralState::Overdue, ReferralState::Open, ReferralState::Answered];
        }
        let directory = self.directory.knowing([organ.as_str(), caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListReferrals").filter(&organ).filter(filter);
        let after: Option<ReferralKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let rows = store::list_referrals(self.pool(), &organs, &wanted, after, size).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count >= size);
        let next_page_token = match rows.last().filter(|_| full) {
            Some(last) => tokens.encode(&ReferralKey::of(&last.referral))?,
            None => String::new(),
        };
        let mut referrals = Vec::with_capacity(rows.len());
        let hidden = Hidden::from(caller, directory.tree());
        let ids: (Vec<&str>, Vec<Uuid>) =
            rows.iter().map(|row| (row.organ.as_str(), row.referral.case_id)).unzip();
        let cases = match hidden {
            Some(_) => store::find_cases(self.pool(), &ids.0, &ids.1).await?,
            None => Vec::new(),
        };
        let hides = |filed: &Filed| hidden.as_ref().is_some_and(|it| it.hides(&filed.organ, &filed.case));
        let hidden: BTreeSet<Uuid> = cases.iter().filter(|it| hides(it)).map(|it| it.case.case_id).collect();
        for ReferralRow { organ, number, referral } in &rows {
            if hidden.contains(&referral.case_id) {
                continue;
            }
            let text = if is_in_place(caller, directory.tree(), organ) {
                self.referral_text(organ, referral).await?
            } else {
                String::new()
            };
            referrals.push(WireReferral { text, ..referral_message(referral, organ, number) });
        }
        Ok(ListReferralsResponse { referrals, next_page_token })
    }

    /// The department's words; empty where there are none.
    async fn referral_text(&self, organ: &str, referral: &Referral) -> Result<String, Error> {
        match referral.answer.as_ref().and_then(|answer| answer.text.as_ref()) {
            Some(text) => self.read_kept(organ, referral.case_id, text).await,
            None => Ok(String::new()),
        }
    }
}
