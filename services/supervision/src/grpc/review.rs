//! `ReviewService` (20).

use directory::Directory;
use duban_proto::supervision::v1::review_service_server::ReviewService;
use duban_proto::supervision::v1::{self as wire, ReviewList, ReviewOutcome};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use tonic::{Request, Response, Status};
use uuid::Uuid;

use super::Grpc;
use super::sealed::Texts;
use super::see::approves;
use crate::domain::docket::Docket;
use crate::domain::review::{DecideReview, OnResult, ResultAct};
use crate::domain::{Answer, Asker, Command, answer, review_actions};
use crate::store::{self, ReviewKey, Reviewed};

/// The longest reason, in characters.
const MAX_REASON: usize = 2000;

#[tonic::async_trait]
impl ReviewService for Grpc {
    async fn list_reviews(
        &self,
        request: Request<wire::ListReviewsRequest>,
    ) -> Result<Response<wire::ListReviewsResponse>, Status> {
        answer!(self.reviews(request))
    }

    async fn get_reviews(
        &self,
        request: Request<wire::GetReviewsRequest>,
    ) -> Result<Response<wire::GetReviewsResponse>, Status> {
        answer!(self.reviews_of_case(request))
    }

    async fn take_up_review(
        &self,
        request: Request<wire::TakeUpReviewRequest>,
    ) -> Result<Response<wire::TakeUpReviewResponse>, Status> {
        answer!(self.take_up(request))
    }

    async fn decide_review(
        &self,
        request: Request<wire::DecideReviewRequest>,
    ) -> Result<Response<wire::DecideReviewResponse>, Status> {
        answer!(self.decide_on_review(request))
    }
}

impl Grpc {
    async fn reviews(
        &self,
        caller: &Caller,
        request: wire::ListReviewsRequest,
    ) -> Result<wire::ListReviewsResponse, Error> {
        let wire::ListReviewsRequest { organ, list, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let list = check.enum_value::<ReviewList>("list", list);
        let (list,) = check.finish_with((list,))?;
        let list: i16 = match list {
            ReviewList::Unspecified => 1,
            ReviewList::Decided => 2,
            ReviewList::NotListed => 3,
        };
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("ListReviews").filter(&organ).filter(list.to_be_bytes());
        let after: Option<ReviewKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let found = store::list_reviews(self.pool(), &organs, list, after.as_ref(), size).await?;
        let next_page_token = super::next(&tokens, &found, size, ReviewKey::of)?;
        let reviews = found.iter().map(|reviewed| {
            let part = reviewed.review.handlers.iter().any(|person| person == caller.subject());
            self.told_review(caller, &directory, reviewed, part)
        });
        Ok(wire::ListReviewsResponse { reviews: reviews.collect(), next_page_token })
    }

    async fn reviews_of_case(
        &self,
        caller: &Caller,
        request: wire::GetReviewsRequest,
    ) -> Result<wire::GetReviewsResponse, Error> {
        let wire::GetReviewsRequest { case_id } = request;
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory(caller, "").await?;
        let found = self.visible_results(caller, &directory, case_id).await?;
        let mut reviews = Vec::new();
        for reviewed in found.iter().filter(|reviewed| reviewed.review.conclusion.is_some()) {
            let part = took_part(&found, reviewed, caller.subject());
            let mut told = self.told_review(caller, &directory, reviewed, part);
            told.reason = self.reason_of(reviewed).await?;
            reviews.push(told);
        }
        Ok(wire::GetReviewsResponse { reviews })
    }

    async fn take_up(
        &self,
        caller: &Caller,
        mut request: wire::TakeUpReviewRequest,
    ) -> Result<wire::TakeUpReviewResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let directory = self.directory(caller, &request.organ).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        request.request_id.clear();
        let command = Command::OnResult(OnResult { case_id, act: ResultAct::TakeUp });
        let answer = self.submit(&organ, caller, request_id, &request, command).await?.answer;
        let review = self.review_now(caller, &directory, case_id, answer).await?;
        Ok(wire::TakeUpReviewResponse { review: Some(review) })
    }

    async fn decide_on_review(
        &self,
        caller: &Caller,
        mut request: wire::DecideReviewRequest,
    ) -> Result<wire::DecideReviewResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let outcome = check.required_enum::<ReviewOutcome>("outcome", request.outcome);
        if outcome == Some(ReviewOutcome::Endorsed) {
            check.text("reason", &request.reason, MAX_REASON);
        } else {
            check.required_text("reason", &request.reason, MAX_REASON);
        }
        let (request_id, case_id, outcome) = check.finish_with((ids.0, ids.1, outcome))?;
        let directory = self.directory(caller, &request.organ).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        request.request_id.clear();
        let order_id = self.ids.new_id(self.writer.clock().now());
        let texts = Texts { case_id, fields: &[("reason", &request.reason)] };
        let decide = |reason| {
            let act = ResultAct::Decide(DecideReview { outcome, order_id, reason });
            Command::OnResult(OnResult { case_id, act })
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, decide).await?;
        let review = self.review_now(caller, &directory, case_id, answer).await?;
        Ok(wire::DecideReviewResponse { review: Some(wire::Review { reason: request.reason, ..review }) })
    }

    /// The results of a case that the caller may see: at least one, or the case is not known to it.
    pub(super) async fn visible_results(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
    ) -> Result<Vec<Reviewed>, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let found = store::reviews_of_case(self.pool(), &organs, case_id).await?;
        if found.is_empty() {
            // One that is not concluded yet has clocks.
            self.visible_clocks(caller, directory, case_id).await?;
        }
        Ok(found)
    }

    /// The review of an answer, with what this caller may do next.
    async fn review_now(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
        answer: Answer,
    ) -> Result<wire::Review, Error> {
        let mut review = answer.review.ok_or_else(|| Error::internal("an answer without its review"))?;
        let term = review.conclusion.as_ref().map_or(0, |conclusion| conclusion.term);
        let found = store::reviews_of_case(self.pool(), std::slice::from_ref(&review.organ), case_id).await?;
        if let Some(now) = found.iter().find(|reviewed| reviewed.key.term == term) {
            let part = took_part(&found, now, caller.subject());
            review.allowed_actions = self.told_review(caller, directory, now, part).allowed_actions;
        }
        Ok(review)
    }

    fn told_review(
        &self,
        caller: &Caller,
        directory: &Directory,
        reviewed: &Reviewed,
        took_part: bool,
    ) -> wire::Review {
        let Reviewed { organ, key, review } = reviewed;
        let regulation = self.rules().for_organ(organ);
        let has = |role| caller.has(role);
        let asker = asker(caller, directory, organ, &has);
        let actions = review_actions(regulation, organ, review, took_part, &asker);
        let mut told = answer::review(organ, key.case_id, review);
        told.allowed_actions = actions.into_iter().map(i32::from).collect();
        told
    }

    /// Why it was decided so, or a reinvestigation ordered.
    async fn reason_of(&self, reviewed: &Reviewed) -> Result<String, Error> {
        let Reviewed { organ, key, review } = reviewed;
        let keeper = if review.reason_by.is_empty() { organ } else { &review.reason_by };
        self.words(keeper, key.case_id, review.reason.as_ref()).await
    }
}

/// Who asks, about something in the ledger of `organ`.
pub(super) fn asker<'a>(
    caller: &'a Caller,
    directory: &Directory,
    organ: &str,
    has: &'a dyn Fn(access::Role) -> bool,
) -> Asker<'a> {
    let principal = caller.principal();
    Asker {
        subject: caller.subject(),
        own: principal.organ == organ,
        above: directory.tree().is_under(organ, &principal.organ),
        approves: approves(caller, directory, organ),
        has,
    }
}

/// Whether this person took part in the handling of the case, as the ledger of this result has it.
fn took_part(all: &[Reviewed], of: &Reviewed, person: &str) -> bool {
    docket(all, &of.organ).took_part(of.key.case_id, person)
}

/// The results that stand in the ledger of an organ.
pub(super) fn docket(all: &[Reviewed], organ: &str) -> Docket {
    let own = all.iter().filter(|reviewed| reviewed.organ == organ);
    Docket::new(own.map(|reviewed| (reviewed.key, reviewed.review.clone())), [])
}
