//! `SubmitDisposition`, `ReturnDisposition`, `ApproveDisposition`, `ArchiveCase` (16, 19, 22).

use duban_proto::common::v1::Finding;
use duban_proto::routing::v1::{
    ApproveDispositionRequest, ApproveDispositionResponse, ArchiveCaseRequest, ArchiveCaseResponse,
    Disposition, RespondentFinding, ReturnDispositionRequest, ReturnDispositionResponse,
    SubmitDispositionRequest, SubmitDispositionResponse,
};
use prost::Message;
use server::{Caller, Error, Violations};

use super::Grpc;
use super::seal::Text;
use crate::domain::{Act, Archive, Command, Submit};

/// Respondents of a case at the most, as intake takes them.
pub(super) const MAX_RESPONDENTS: usize = 20;
/// Years a file is kept; 0 is for ever.
const RETENTION_YEARS: [u32; 3] = [0, 10, 30];

impl Grpc {
    pub(super) async fn put_before_the_leader(
        &self,
        caller: &Caller,
        mut request: SubmitDispositionRequest,
    ) -> Result<SubmitDispositionResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("case_id", &request.case_id),
            check.required_enum::<Finding>("finding", request.finding),
        );
        let organ = match values.1 {
            Some(case_id) => self.working_organ(caller, case_id).await?,
            None => self.own_organ(caller).await?.0,
        };
        self.check_measures(&mut check, &organ, request.finding(), &request.measures);
        check_findings(&mut check, &request.findings);
        check.required_text("report", &request.report, 50_000);
        check.required_text("opinion", &request.opinion, 5_000);
        let (request_id, case_id, finding) = check.finish_with(values)?;
        let words = Disposition {
            report: request.report.clone(),
            opinion: request.opinion.clone(),
            ..Disposition::default()
        };
        let words = words.encode_to_vec();
        request.request_id.clear();
        let (term, measures) = (request.term, request.measures.clone());
        let findings = request.findings.clone();
        let text = Text { kind: "report", text: &words };
        let act = |report| {
            let (measures, findings) = (measures.clone(), findings.clone());
            Act::Submit(Box::new(Submit { term, finding, measures, findings, report }))
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        Ok(SubmitDispositionResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    /// Measures of the regulation, each once, and only where its outcome lets them follow (22).
    pub(super) fn check_measures(
        &self,
        check: &mut Violations,
        organ: &str,
        finding: Finding,
        measures: &[String],
    ) {
        let rule = self.regulation(organ).investigation();
        if !check.max_items("measures", measures.len(), rule.measures.len()) {
            return;
        }
        for (index, measure) in measures.iter().enumerate() {
            if measures.iter().take(index).any(|before| before == measure) {
                check.add(format!("measures[{index}]"), "措施重复", "is given twice");
            } else if rule.measure(measure).is_none() {
                let known =
                    rule.measures.iter().map(|known| known.code.as_str()).collect::<Vec<_>>().join(", ");
                let (zh, en) = (format!("应为下列之一:{known}"), format!("must be one of: {known}"));
                check.add(format!("measures[{index}]"), zh, en);
            }
        }
        let found = rule.outcome(code_of(finding)).is_some_and(|outcome| outcome.measures_may_follow);
        let fits = found || measures.is_empty();
        check.must(
            fits,
            "measures",
            "投诉不属实或者无法查实的,不得提出处理措施",
            "go with a complaint that is founded only",
        );
    }

    pub(super) async fn send_back(
        &self,
        caller: &Caller,
        mut request: ReturnDispositionRequest,
    ) -> Result<ReturnDispositionResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.required_text("reason", &request.reason, 2000);
        let (request_id, case_id) = check.finish_with(ids)?;
        let organ = self.deciding_organ(caller, case_id).await?;
        let (term, words) = (request.term, request.reason.clone());
        request.request_id.clear();
        let text = Text { kind: "return", text: words.as_bytes() };
        let act = |reason| Act::Return { term, reason };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        Ok(ReturnDispositionResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    pub(super) async fn approve(
        &self,
        caller: &Caller,
        mut request: ApproveDispositionRequest,
    ) -> Result<ApproveDispositionResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let (request_id, case_id) = check.finish_with(ids)?;
        let organ = self.deciding_organ(caller, case_id).await?;
        let command = Command { case_id: Some(case_id), act: Act::Approve { term: request.term } };
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), command).await?.answer;
        Ok(ApproveDispositionResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }

    pub(super) async fn archive(
        &self,
        caller: &Caller,
        mut request: ArchiveCaseRequest,
    ) -> Result<ArchiveCaseResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        let retention_years = request.retention_years;
        let known = RETENTION_YEARS.contains(&retention_years);
        check.must(known, "retention_years", "应为 0(永久)、30 或者 10", "must be 0 (for ever), 30 or 10");
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.own_organ(caller).await?;
        let command = Command { case_id: Some(case_id), act: Act::Archive(Archive { retention_years }) };
        request.request_id.clear();
        let answer = self.submit(&organ, caller, (request_id, &request), command).await?.answer;
        Ok(ArchiveCaseResponse { case: Some(self.told_now(caller, &organ, answer.case).await?) })
    }
}

/// Findings of respondents, of each at the most one.
fn check_findings(check: &mut Violations, findings: &[RespondentFinding]) {
    if !check.max_items("findings", findings.len(), MAX_RESPONDENTS) {
        return;
    }
    for (index, finding) in findings.iter().enumerate() {
        check.required_enum::<Finding>(format!("findings[{index}].finding"), finding.finding);
        let twice = findings.iter().take(index).any(|before| before.respondent == finding.respondent);
        check.must(
            !twice,
            format!("findings[{index}].respondent"),
            "同一被投诉人重复",
            "is a respondent given twice",
        );
        check.must(
            finding.part == 0,
            format!("findings[{index}].part"),
            "会办意见由系统并入,不需填写",
            "is joined by the program, and is not given",
        );
    }
}

/// The code of a finding among the regulation's outcomes.
pub(super) fn code_of(finding: Finding) -> &'static str {
    match finding {
        Finding::Unspecified => "",
        Finding::Founded => "founded",
        Finding::PartlyFounded => "partly_founded",
        Finding::Unfounded => "unfounded",
        Finding::NotEstablished => "not_established",
    }
}
