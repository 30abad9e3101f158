//! `ReportService`: a report is read, an answer demanded and given, the outcome recorded (12).

use std::sync::Arc;

use duban_proto::common::v1::{ContentRef, Finding};
use duban_proto::intake::v1::{
    AnswerDemandRequest, AnswerDemandResponse, CloseReportRequest, CloseReportResponse, Complainant,
    Demand as WireDemand, DemandAnswerRequest, DemandAnswerResponse, ListDemandsRequest, ListDemandsResponse,
    OpenReportRequest, OpenReportResponse, Report as WireReport,
};
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::complaint::{one_of, unknown_organ};
use super::error::wrong;
use super::masks::propose;
use super::reports::centre;
use super::seal::Item;
use crate::domain::{
    Act, Answer, Demand, DemandAnswer, OnReport, Private, Report, demand_message, report_message,
};
use crate::store::{self, DemandKey};

/// For what a report may be opened.
const PURPOSES: [&str; 3] = ["assess", "contact", "protect"];
/// The longest demand, in characters.
const MAX_DEMAND: usize = 5000;
/// The longest answer, and the longest outcome, in characters.
const MAX_TEXT: usize = 10_000;

impl Grpc {
    /// The reading is on record before anything is opened.
    pub(super) async fn report_opened(
        &self,
        caller: &Caller,
        mut request: OpenReportRequest,
    ) -> Result<OpenReportResponse, Error> {
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.uuid("report_id", &request.report_id));
        if check.required("purpose", &request.purpose) && !PURPOSES.contains(&request.purpose.as_str()) {
            one_of(&mut check, "purpose", PURPOSES.iter());
        }
        let (request_id, report_id) = check.finish_with(ids)?;
        let (centre, _) = self.at_the_centre(caller).await?;
        let report = self.known_report(caller, &centre, report_id).await?;
        request.request_id.clear();
        let act = Act::OnReport(Box::new(OnReport::Open { purpose: request.purpose.clone() }));
        let committed = self.submit(&centre, caller, (request_id, &request), report_id, act).await?;
        self.must_be_on_record(&committed)?;
        let mut told = report_message(&report);
        for (told, demand) in told.demands.iter_mut().zip(&report.demands) {
            *told = self.demand_in_words(&centre, demand).await?;
        }
        let outcome = report.closed.as_ref().and_then(|closed| closed.text.as_ref());
        Ok(OpenReportResponse {
            report: Some(told),
            text: self.words(&centre, report_id, report.received.text.as_ref()).await?,
            reporter: self.reporter(&centre, report_id).await?,
            outcome: self.words(&centre, report_id, outcome).await?,
        })
    }

    /// Who reported, where the report says so: for a reading on record, and so that no demand names them.
    async fn reporter(&self, centre: &str, report_id: Uuid) -> Result<Option<Complainant>, Error> {
        let Some(sealed) = store::read_identity(self.pool(), centre, report_id).await? else {
            return Ok(None);
        };
        let key = self.key(centre, report_id).await?;
        Ok(Some(self.opened(&key, centre, report_id, &sealed)?))
    }

    pub(super) async fn answer_demanded(
        &self,
        caller: &Caller,
        mut request: DemandAnswerRequest,
    ) -> Result<DemandAnswerResponse, Error> {
        let directory = self.directory.knowing([request.organ.as_str()]).await?;
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.uuid("report_id", &request.report_id));
        if !request.organ.is_empty() && directory.get(&request.organ).is_none() {
            unknown_organ(&mut check, "organ", &request.organ, &directory);
        }
        check.required_text("text", &request.text, MAX_DEMAND);
        let (request_id, report_id) = check.finish_with(ids)?;
        let (centre, _) = self.at_the_centre(caller).await?;
        let report = self.known_report(caller, &centre, report_id).await?;
        let organ = demanded_of(&request.organ, &report)?;
        let reporter = self.reporter(&centre, report_id).await?;
        if reporter.is_some_and(|reporter| !propose(&request.text, &reporter, &directory).is_empty()) {
            let en = "names the reporter, who is hidden from the organ";
            return Err(wrong("text", "写有反映人的信息,反映人对被反映单位保密", en).article("12"));
        }
        let demand_id = self.new_id();
        let (key, new_key) = self.new_key(&centre, demand_id)?;
        let item = Item { organ: &centre, case_id: demand_id, id: self.new_id(), version: 1, kind: "demand" };
        let text = self.draft(&key, &item, request.text.as_bytes())?;
        let act = Act::OnReport(Box::new(OnReport::Demand(DemandAnswer {
            demand_id,
            organ,
            text: text.reference(),
            private: Arc::new(Private { key: Some(new_key), drafts: vec![text], identity: None }),
        })));
        request.request_id.clear();
        let answer = self.submit(&centre, caller, (request_id, &request), report_id, act).await?.answer;
        Ok(DemandAnswerResponse { report: Some(report_of(answer)?) })
    }

    pub(super) async fn report_closed(
        &self,
        caller: &Caller,
        mut request: CloseReportRequest,
    ) -> Result<CloseReportResponse, Error> {
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.uuid("report_id", &request.report_id),
            check.required_enum::<Finding>("finding", request.finding),
        );
        check.required_text("text", &request.text, MAX_TEXT);
        let (request_id, report_id, finding) = check.finish_with(values)?;
        let (centre, _) = self.at_the_centre(caller).await?;
        self.known_report(caller, &centre, report_id).await?;
        let text = self.words_on(&centre, report_id, "report_outcome", &request.text).await?;
        let act = Act::OnReport(Box::new(OnReport::Close { finding, text }));
        request.request_id.clear();
        let answer = self.submit(&centre, caller, (request_id, &request), report_id, act).await?.answer;
        Ok(CloseReportResponse { report: Some(report_of(answer)?) })
    }

    pub(super) async fn demands(
        &self,
        caller: &Caller,
        request: ListDemandsRequest,
    ) -> Result<ListDemandsResponse, Error> {
        let ListDemandsRequest { page_size: size, page_token } = request;
        let (organ, directory) = self.own_organ(caller, "").await?;
        let centre = centre(&directory, &organ)?;
        let tokens = PageToken::of("ListDemands").filter(&organ);
        let after: Option<DemandKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let demands = store::list_demands(self.pool(), &centre, &organ, after, size).await?;
        let full = i64::try_from(demands.len()).is_ok_and(|count| count >= size);
        let next_page_token = match demands.last().filter(|_| full) {
            Some(last) => tokens.encode(&DemandKey::of(last))?,
            None => String::new(),
        };
        let mut told = Vec::with_capacity(demands.len());
        for demand in &demands {
            told.push(self.demand_in_words(&centre, demand).await?);
        }
        Ok(ListDemandsResponse { demands: told, next_page_token })
    }

    /// To any organ but the one of which it was demanded, there is no such demand.
    pub(super) async fn demand_answered(
        &self,
        caller: &Caller,
        mut request: AnswerDemandRequest,
    ) -> Result<AnswerDemandResponse, Error> {
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.uuid("demand_id", &request.demand_id));
        check.required_text("text", &request.text, MAX_TEXT);
        let (request_id, demand_id) = check.finish_with(ids)?;
        let (organ, directory) = self.own_organ(caller, "").await?;
        let centre = centre(&directory, &organ)?;
        let found = store::find_demand(self.pool(), &centre, &organ, demand_id).await?;
        let demand = found.ok_or_else(|| Error::nothing_to_act_on("demand", demand_id))?;
        let text = self.words_on(&centre, demand_id, "demand_answer", &request.text).await?;
        let act = Act::OnReport(Box::new(OnReport::Answer { demand_id, organ, text }));
        request.request_id.clear();
        let request_with_id = (request_id, &request);
        let answer = self.submit(&centre, caller, request_with_id, demand.report_id, act).await?.answer;
        let told = answer.demand.ok_or_else(|| Error::internal("an answer without its demand"))?;
        let asked = self.words(&centre, demand_id, demand.demanded.text.as_ref()).await?;
        Ok(AnswerDemandResponse { demand: Some(WireDemand { text: asked, answer: request.text, ..told }) })
    }

    async fn demand_in_words(&self, centre: &str, demand: &Demand) -> Result<WireDemand, Error> {
        let answer = demand.answered.as_ref().and_then(|answered| answered.text.as_ref());
        Ok(WireDemand {
            text: self.words(centre, demand.demand_id, demand.demanded.text.as_ref()).await?,
            answer: self.words(centre, demand.demand_id, answer).await?,
            ..demand_message(demand)
        })
    }

    /// A text that an entry commits to; empty where there is none.
    async fn words(&self, centre: &str, of: Uuid, text: Option<&ContentRef>) -> Result<String, Error> {
        match text {
            Some(text) => self.read_text(centre, of, text).await,
            None => Ok(String::new()),
        }
    }

    /// A text on a report or a demand, under its key.
    async fn words_on(
        &self,
        centre: &str,
        of: Uuid,
        kind: &'static str,
        text: &str,
    ) -> Result<content::Draft, Error> {
        let key = self.key(centre, of).await?;
        let item = Item { organ: centre, case_id: of, id: self.new_id(), version: 1, kind };
        self.draft(&key, &item, text.as_bytes())
    }
}

/// The organ that has to answer: the one named, or the one concerned.
fn demanded_of(organ: &str, report: &Report) -> Result<String, Error> {
    let organ = if organ.is_empty() { report.received.organ.as_str() } else { organ };
    let mut check = Violations::default();
    check.required("organ", organ);
    check.finish()?;
    Ok(organ.to_owned())
}

fn report_of(answer: Answer) -> Result<WireReport, Error> {
    answer.report.ok_or_else(|| Error::internal("an answer without its report"))
}
