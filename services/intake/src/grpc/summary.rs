//! `SummaryService`: what the respondent is given is written, and shown to those who may know of it (15).

use std::sync::Arc;

use access::Role;
use content::Draft;
use directory::Directory;
use duban_proto::intake::v1::{
    GetSummaryRequest, GetSummaryResponse, ListSummariesRequest, ListSummariesResponse,
    RequestOriginalRequest, RequestOriginalResponse, SubmitSummaryRequest, SubmitSummaryResponse,
    Summary as WireSummary, SummaryKind,
};
use prost::Message;
use seal::reveal;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use super::error::wrong;
use super::seal::Item;
use super::see::registering;
use super::summary_check::may_approve;
use crate::domain::{Act, Answer, OnSummary, SubmitSummary, Summary, summary_message};
use crate::store::{self, Filed, SummaryKey};

/// The longest summary, in characters.
const MAX_TEXT: usize = 20_000;
/// The longest reason, in characters.
pub(super) const MAX_REASON: usize = 2_000;

impl Grpc {
    /// Nothing is opened and nothing checked here: the answer can't tell anything, and takes no longer where something would be found.
    pub(super) async fn summary_submitted(
        &self,
        caller: &Caller,
        mut request: SubmitSummaryRequest,
    ) -> Result<SubmitSummaryResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("text", &request.text, MAX_TEXT);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (own, directory) = self.own_organ(caller, "").await?;
        let home = self.visible(caller, &directory, case_id).await?.organ;
        let summary_id = self.new_id();
        let text = self.summary_draft(&home, case_id, summary_id, "summary", &request.text).await?;
        let submit = SubmitSummary {
            summary_id,
            kind: SummaryKind::Summary,
            organ: own,
            text,
            reason: None,
            working_copy_version: 0,
        };
        request.request_id.clear();
        let request = (request_id, &request);
        let summary = self.on_summary(caller, &home, request, case_id, OnSummary::Submit(submit)).await?;
        Ok(SubmitSummaryResponse { summary: Some(summary) })
    }

    /// The copy is made now, from the working copy; who asks does not see it.
    pub(super) async fn original_requested(
        &self,
        caller: &Caller,
        mut request: RequestOriginalRequest,
    ) -> Result<RequestOriginalResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (own, directory) = self.own_organ(caller, "").await?;
        let Filed { organ: home, case } = self.visible(caller, &directory, case_id).await?;
        self.identity_must_be_there(&home, case_id).await?;
        let Some(copy) = &case.working_copy else {
            return Err(Error::of(Reason::MasksNotConfirmed).article("15"));
        };
        let copy = self.read_text(&home, case_id, copy).await?;
        let findings = self.findings(&home, &case, &directory, SummaryKind::Original, &copy).await?;
        let text = reveal::black_out(&copy, &findings);
        let summary_id = self.new_id();
        let reason_id = self.new_id();
        let submit = SubmitSummary {
            summary_id,
            kind: SummaryKind::Original,
            organ: own,
            text: self.summary_draft(&home, case_id, summary_id, "original_copy", &text).await?,
            reason: Some(
                self.summary_draft(&home, case_id, reason_id, "original_reason", &request.reason).await?,
            ),
            working_copy_version: case.working_copy_version(),
        };
        request.request_id.clear();
        let request = (request_id, &request);
        let summary = self.on_summary(caller, &home, request, case_id, OnSummary::Submit(submit)).await?;
        Ok(RequestOriginalResponse { summary: Some(summary) })
    }

    pub(super) async fn summary(
        &self,
        caller: &Caller,
        request: GetSummaryRequest,
    ) -> Result<GetSummaryResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("case_id", &request.case_id), check.uuid("summary_id", &request.summary_id));
        let (case_id, summary_id) = check.finish_with(ids)?;
        let (home, summaries) = self.known_summaries(caller, case_id).await?;
        let found = summaries.iter().find(|one| one.summary_id == summary_id);
        let summary = found.ok_or_else(|| Error::nothing_to_act_on("summary", summary_id))?;
        Ok(GetSummaryResponse { summary: Some(self.summary_told(caller, &home, summary).await?) })
    }

    pub(super) async fn summaries(
        &self,
        caller: &Caller,
        request: ListSummariesRequest,
    ) -> Result<ListSummariesResponse, Error> {
        let ListSummariesRequest { case_id, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let case_id = check.optional_uuid("case_id", &case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        if let Some(case_id) = case_id {
            return self.summaries_of(caller, case_id, size, &page_token).await;
        }
        let (own, _) = self.own_organ(caller, "").await?;
        if !decides(caller) {
            return Err(wrong(
                "case_id",
                "必填:工作清单供审批人使用",
                "is required: the work list is for those who decide",
            ));
        }
        let tokens = PageToken::of("ListSummaries").filter(&own);
        let after: Option<SummaryKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let waiting = store::list_summaries(self.pool(), &own, after, size).await?;
        let full = i64::try_from(waiting.len()).is_ok_and(|count| count >= size);
        let next_page_token = match waiting.last().filter(|_| full) {
            Some(last) => tokens.encode(&SummaryKey::of(last))?,
            None => String::new(),
        };
        let told = |summary: &Summary| WireSummary {
            allowed_actions: self.summary_actions(caller, &own, summary),
            ..summary_message(summary, &own)
        };
        Ok(ListSummariesResponse { summaries: waiting.iter().map(told).collect(), next_page_token })
    }

    /// A page of those of a case.
    async fn summaries_of(
        &self,
        caller: &Caller,
        case_id: Uuid,
        size: u32,
        page_token: &str,
    ) -> Result<ListSummariesResponse, Error> {
        let (home, known) = self.known_summaries(caller, case_id).await?;
        let tokens = PageToken::of("ListSummaries").filter(case_id.as_bytes());
        let after: Option<SummaryKey> = tokens.decode(page_token)?;
        let size = usize::try_from(page_size(size)).unwrap_or(usize::MAX);
        let mut rest = known.iter().filter(|one| after.is_none_or(|after| after < SummaryKey::of(one)));
        let page: Vec<&Summary> = rest.by_ref().take(size).collect();
        let next_page_token = match page.last().filter(|_| rest.next().is_some()) {
            Some(last) => tokens.encode(&SummaryKey::of(last))?,
            None => String::new(),
        };
        let mut summaries = Vec::with_capacity(page.len());
        for summary in page {
            summaries.push(self.summary_told(caller, &home, summary).await?);
        }
        Ok(ListSummariesResponse { summaries, next_page_token })
    }

    /// The summaries of a case that this caller may know of: those that the own organ wrote, and all for those who decide at
    /// the organ that registered it.
    pub(super) async fn known_summaries(
        &self,
        caller: &Caller,
        case_id: Uuid,
    ) -> Result<(String, Vec<Summary>), Error> {
        let (own, directory) = self.own_organ(caller, "").await?;
        let found = store::find_case(self.pool(), &registering(&directory), case_id).await?;
        let Filed { organ: home, case } = found.ok_or_else(|| Error::case_not_found(case_id))?;
        let mut summaries = store::summaries_of_case(self.pool(), &home, case_id).await?;
        if !(own == home && decides(caller)) {
            summaries.retain(|one| one.submitted().organ == own);
        }
        let concerned = own == home || own == case.responsible_organ || !summaries.is_empty();
        if concerned { Ok((home, summaries)) } else { Err(Error::case_not_found(case_id)) }
    }

    /// One with the words that this caller may read: of the text, nothing before it is approved.
    pub(super) async fn summary_told(
        &self,
        caller: &Caller,
        home: &str,
        summary: &Summary,
    ) -> Result<WireSummary, Error> {
        let (held, submitted) = (&summary.held, summary.submitted());
        let mut told = summary_message(summary, home);
        told.allowed_actions = self.summary_actions(caller, home, summary);
        if self.retained(home, summary.case_id).await?.is_some_and(|it| it.identity_gone().is_some()) {
            return Ok(told);
        }
        if let Some(reason) = held.returned.as_ref().and_then(|returned| returned.reason.as_ref()) {
            told.return_reason = self.read_kept(home, summary.case_id, reason).await?;
        }
        if let Some(text) = submitted.text.as_ref().filter(|_| summary.is_approved()) {
            told.text = self.read_kept(home, summary.case_id, text).await?;
        }
        for (told, held) in told.handed_over.iter_mut().zip(&held.handed_over) {
            if let Some(recipient) = held.event.as_ref().and_then(|event| event.recipient.as_ref()) {
                told.recipient = self.read_kept(home, summary.case_id, recipient).await?;
            }
        }
        Ok(told)
    }

    fn summary_actions(&self, caller: &Caller, home: &str, summary: &Summary) -> Vec<i32> {
        let own = caller.principal().organ.as_str();
        let may = own == home && may_approve(caller, self.regulation(home), summary.kind());
        let records = caller.has(Role::Handler) || caller.has(Role::Leader);
        let of_writers_organ = records && own == summary.submitted().organ;
        let actions = summary.allowed_actions(caller.subject(), may, of_writers_organ);
        actions.into_iter().map(i32::from).collect()
    }

    /// Has something decided about one, in the ledger of the organ that registered the case.
    pub(super) async fn on_summary(
        &self,
        caller: &Caller,
        home: &str,
        request: (Uuid, &impl Message),
        case_id: Uuid,
        act: OnSummary,
    ) -> Result<WireSummary, Error> {
        let act = Act::OnSummary(Box::new(act));
        summary_of(self.submit(home, caller, request, case_id, act).await?.answer)
    }

    /// Words about one, under the case's key.
    pub(super) async fn summary_draft(
        &self,
        home: &str,
        case_id: Uuid,
        id: Uuid,
        kind: &'static str,
        text: &str,
    ) -> Result<Draft, Error> {
        let key = self.key(home, case_id).await?;
        let item = Item { organ: home, case_id, id, version: 1, kind };
        self.draft(&key, &item, text.as_bytes())
    }

    /// The caller's organ, a case that it registered, and one of its summaries.
    pub(super) async fn own_summary(
        &self,
        caller: &Caller,
        case_id: Uuid,
        summary_id: Uuid,
    ) -> Result<(String, Arc<Directory>, crate::domain::Case, Summary), Error> {
        let (own, directory) = self.own_organ(caller, "").await?;
        let case = self.own_case(caller, &own, case_id).await?;
        let summaries = store::summaries_of_case(self.pool(), &own, case_id).await?;
        let found = summaries.into_iter().find(|one| one.summary_id == summary_id);
        let summary = found.ok_or_else(|| Error::nothing_to_act_on("summary", summary_id))?;
        Ok((own, directory, case, summary))
    }
}

/// Whether the caller is one of those who decide on what respondents are given.
fn decides(caller: &Caller) -> bool {
    caller.has(Role::Leader) || caller.has(Role::Head)
}

pub(super) fn summary_of(answer: Answer) -> Result<WireSummary, Error> {
    answer.summary.ok_or_else(|| Error::internal("an answer without its summary"))
}
