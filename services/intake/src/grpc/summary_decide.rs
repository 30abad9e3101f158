//! `SummaryService`: what the respondent is given is looked at, decided on and handed over (15).

use duban_proto::intake::v1::{
    ApproveOriginalRequest, ApproveOriginalResponse, ApproveSummaryRequest, ApproveSummaryResponse,
    FindingPassed, HandOverWay, RecordHandedOverRequest, RecordHandedOverResponse, ReturnSummaryRequest,
    ReturnSummaryResponse, ReviewSummaryRequest, ReviewSummaryResponse, Summary as WireSummary, SummaryKind,
};
use prost::Message;
use seal::reveal::Finding;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::error::wrong;
use super::summary::{MAX_REASON, summary_of};
use super::summary_check::{certain, finding, must_approve, must_have_reviewed};
use crate::domain::{Act, ApproveSummary, HandOverSummary, OnSummary};
use crate::store;

/// The longest reason to let a finding pass, in characters.
const MAX_PASSED: usize = 500;
/// How many findings can be let pass.
const MOST_PASSED: usize = 100;
/// The longest recipient, in characters.
const MAX_RECIPIENT: usize = 200;

impl Grpc {
    /// The reading is on record before anything is opened, whatever is found.
    pub(super) async fn summary_reviewed(
        &self,
        caller: &Caller,
        mut request: ReviewSummaryRequest,
    ) -> Result<ReviewSummaryResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("summary_id", &request.summary_id),
        );
        let (request_id, case_id, summary_id) = check.finish_with(ids)?;
        let (own, directory, case, summary) = self.own_summary(caller, case_id, summary_id).await?;
        must_approve(caller, self.regulation(&own), summary.kind())?;
        request.request_id.clear();
        let act = Act::OnSummary(Box::new(OnSummary::Review { summary_id }));
        let reading = self.submit(&own, caller, (request_id, &request), case_id, act).await?;
        self.must_be_on_record(&reading)?;
        self.identity_must_be_there(&own, case_id).await?;
        let submitted = summary.submitted();
        let text = match &submitted.text {
            Some(text) => self.read_text(&own, case_id, text).await?,
            None => String::new(),
        };
        let reason = match &submitted.reason {
            Some(reason) => self.read_kept(&own, case_id, reason).await?,
            None => String::new(),
        };
        let findings = self.findings(&own, &case, &directory, summary.kind(), &text).await?;
        let all = store::summaries_of_case(self.pool(), &own, case_id).await?;
        let on_case = all.iter().filter(|one| one.kind() == SummaryKind::Summary).count();
        let of_writer = all.iter().filter(|one| one.held.writer == summary.held.writer);
        Ok(ReviewSummaryResponse {
            summary: Some(self.summary_told(caller, &own, &summary).await?),
            text,
            findings: findings.iter().map(finding).collect(),
            attempts: of_writer.map(|one| one.submitted().attempt).max().unwrap_or(0),
            most_attempts: self.regulation(&own).confidentiality().check.attempts,
            reason,
            attempts_on_case: u32::try_from(on_case).unwrap_or(u32::MAX),
        })
    }

    pub(super) async fn summary_approved(
        &self,
        caller: &Caller,
        mut request: ApproveSummaryRequest,
    ) -> Result<ApproveSummaryResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("summary_id", &request.summary_id),
        );
        check.max_items("passed", request.passed.len(), MOST_PASSED);
        for (index, passed) in request.passed.iter().enumerate() {
            check.required_text(format!("passed[{index}].reason"), &passed.reason, MAX_PASSED);
        }
        let (request_id, case_id, summary_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let passed = request.passed.clone();
        let what = (case_id, summary_id, SummaryKind::Summary);
        let summary = self.approved(caller, (request_id, &request), what, &passed).await?;
        Ok(ApproveSummaryResponse { summary: Some(summary) })
    }

    pub(super) async fn original_approved(
        &self,
        caller: &Caller,
        mut request: ApproveOriginalRequest,
    ) -> Result<ApproveOriginalResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("summary_id", &request.summary_id),
        );
        let (request_id, case_id, summary_id) = check.finish_with(ids)?;
        request.request_id.clear();
        let what = (case_id, summary_id, SummaryKind::Original);
        let summary = self.approved(caller, (request_id, &request), what, &[]).await?;
        Ok(ApproveOriginalResponse { summary: Some(summary) })
    }

    /// Checked once more, against the identity as it is now.
    async fn approved(
        &self,
        caller: &Caller,
        request: (Uuid, &impl Message),
        (case_id, summary_id, kind): (Uuid, Uuid, SummaryKind),
        passed: &[FindingPassed],
    ) -> Result<WireSummary, Error> {
        let (own, directory, case, summary) = self.own_summary(caller, case_id, summary_id).await?;
        if summary.kind() != kind {
            return Err(Error::nothing_to_act_on("summary", summary_id));
        }
        must_approve(caller, self.regulation(&own), kind)?;
        self.identity_must_be_there(&own, case_id).await?;
        must_have_reviewed(caller, &summary)?;
        let submitted = summary.submitted();
        let text = match &submitted.text {
            Some(text) => self.read_text(&own, case_id, text).await?,
            None => String::new(),
        };
        let findings = self.findings(&own, &case, &directory, kind, &text).await?;
        let reasons = match reasons(&findings, passed) {
            Some(reasons) => {
                Some(self.summary_draft(&own, case_id, self.new_id(), "summary_passed", &reasons).await?)
            }
            None => None,
        };
        let approve = ApproveSummary { summary_id, certain: certain(&findings), reasons };
        self.decided(caller, &own, request, case_id, OnSummary::Approve(approve)).await
    }

    pub(super) async fn summary_returned(
        &self,
        caller: &Caller,
        mut request: ReturnSummaryRequest,
    ) -> Result<ReturnSummaryResponse, Error> {
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("summary_id", &request.summary_id),
        );
        check.required_text("reason", &request.reason, MAX_REASON);
        let (request_id, case_id, summary_id) = check.finish_with(ids)?;
        let (own, directory, case, summary) = self.own_summary(caller, case_id, summary_id).await?;
        must_approve(caller, self.regulation(&own), summary.kind())?;
        self.identity_must_be_there(&own, case_id).await?;
        must_have_reviewed(caller, &summary)?;
        let findings = self.findings(&own, &case, &directory, SummaryKind::Summary, &request.reason).await?;
        if certain(&findings) > 0 {
            let en = "tells who complains, which the writer must not learn";
            return Err(wrong("reason", "写有可以认出投诉人的内容,不得告知撰写人", en).article("15"));
        }
        let reason_id = self.new_id();
        let reason = self.summary_draft(&own, case_id, reason_id, "summary_return", &request.reason).await?;
        request.request_id.clear();
        let act = OnSummary::Return { summary_id, reason };
        let summary = self.decided(caller, &own, (request_id, &request), case_id, act).await?;
        Ok(ReturnSummaryResponse { summary: Some(summary) })
    }

    pub(super) async fn summary_handed_over(
        &self,
        caller: &Caller,
        mut request: RecordHandedOverRequest,
    ) -> Result<RecordHandedOverResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.uuid("summary_id", &request.summary_id),
            check.required_enum::<HandOverWay>("way", request.way),
            request.handed_over_at.as_ref().and_then(server::time::from_proto),
        );
        check.required_text("recipient", &request.recipient, MAX_RECIPIENT);
        check.must(values.4.is_some(), "handed_over_at", "必填", "is required");
        let (request_id, case_id, summary_id, way, at) = check.finish_with(values)?;
        let (own, _) = self.own_organ(caller, "").await?;
        let (home, known) = self.known_summaries(caller, case_id).await?;
        if !known.iter().any(|one| one.summary_id == summary_id) {
            return Err(Error::nothing_to_act_on("summary", summary_id));
        }
        let recipient_id = self.new_id();
        let recipient =
            self.summary_draft(&home, case_id, recipient_id, "summary_recipient", &request.recipient).await?;
        request.request_id.clear();
        let over = HandOverSummary { summary_id, organ: own, way, at, recipient };
        let act = OnSummary::HandOver(over);
        let summary = self.decided(caller, &home, (request_id, &request), case_id, act).await?;
        Ok(RecordHandedOverResponse { summary: Some(summary) })
    }

    /// Has it decided, and tells how it stands now, with its words.
    async fn decided(
        &self,
        caller: &Caller,
        home: &str,
        (request_id, request): (Uuid, &impl Message),
        case_id: Uuid,
        act: OnSummary,
    ) -> Result<WireSummary, Error> {
        let act = Act::OnSummary(Box::new(act));
        let answered =
            summary_of(self.submit(home, caller, (request_id, request), case_id, act).await?.answer)?;
        let summaries = store::summaries_of_case(self.pool(), home, case_id).await?;
        match summaries.iter().find(|one| one.summary_id.to_string() == answered.summary_id) {
            Some(summary) => self.summary_told(caller, home, summary).await,
            None => Ok(answered),
        }
    }
}

/// Why each certain finding passes, by its place; absent where one has no reason.
fn reasons(findings: &[Finding], passed: &[FindingPassed]) -> Option<String> {
    let mut reasons = Vec::new();
    for finding in findings.iter().filter(|one| one.certain).map(finding) {
        let of_place = |one: &&FindingPassed| (one.start, one.end) == (finding.start, finding.end);
        let passed = passed.iter().find(of_place)?;
        reasons.push(format!("{}-{}: {}", finding.start, finding.end, passed.reason));
    }
    (!reasons.is_empty()).then(|| reasons.join("\n"))
}
