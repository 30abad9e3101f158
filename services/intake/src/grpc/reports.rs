//! `ReportService` at the centre and at whoever takes a report in (12).

use std::sync::Arc;

use access::Role;
use directory::Directory;
use duban_proto::common::v1::{Citation, OrganKind};
use duban_proto::intake::v1::{
    Complainant, ListReportsRequest, ListReportsResponse, ReportKind, ReportReceived, ReportState, ReportWay,
    SubmitReportRequest, SubmitReportResponse, SubmitTrackedReportRequest, SubmitTrackedReportResponse,
};
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use super::complaint::{complainant, unknown_organ};
use super::seal::Item;
use super::see::agency;
use crate::domain::{Act, OnReport, Private, Report, SealedIdentity, report_message};
use crate::store::{self, Filed, ReportKey};

/// The longest report, in characters.
const MAX_TEXT: usize = 20_000;
/// The most reports on a case that are not closed, before no more are taken by tracking.
const MOST_OPEN: i64 = 10;
/// When one may come again who handed in too many.
const AGAIN: std::time::Duration = std::time::Duration::from_hours(1);

/// A report that is well-formed.
struct Incoming<'a> {
    kind: ReportKind,
    organ: &'a str,
    /// The organ that registered the case, and the case.
    case: Option<(String, Uuid)>,
    way: ReportWay,
    text: &'a str,
    reporter: Option<&'a Complainant>,
}

impl Grpc {
    pub(super) async fn report_submitted(
        &self,
        caller: &Caller,
        mut request: SubmitReportRequest,
    ) -> Result<SubmitReportResponse, Error> {
        let (organ, directory) = self.own_organ(caller, "").await?;
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", &request.request_id),
            check.optional_uuid("case_id", &request.case_id),
            check.required_enum::<ReportKind>("kind", request.kind),
        );
        well_formed(&mut check, &request.organ, &request.text, &directory);
        if let Some(reporter) = &request.reporter {
            complainant(&mut check, "reporter", reporter);
        }
        let (request_id, case_id, kind) = check.finish_with(ids)?;
        if let Some(case_id) = case_id {
            self.own_case(caller, &organ, case_id).await?;
        }
        request.request_id.clear();
        let incoming = Incoming {
            kind,
            organ: &request.organ,
            case: case_id.map(|case_id| (organ.clone(), case_id)),
            way: if agency(caller).is_some() { ReportWay::Agency } else { ReportWay::Desk },
            text: &request.text,
            reporter: request.reporter.as_ref(),
        };
        let centre = centre(&directory, &organ)?;
        let received_at = self.reported(caller, &centre, (request_id, &request), incoming).await?;
        Ok(SubmitReportResponse { received_at })
    }

    pub(super) async fn tracked_report_submitted(
        &self,
        caller: &Caller,
        mut request: SubmitTrackedReportRequest,
    ) -> Result<SubmitTrackedReportResponse, Error> {
        let directory = self.directory.knowing([request.organ.as_str()]).await?;
        let mut check = Violations::default();
        let values = (
            check.uuid("request_id", &request.request_id),
            check.required_enum::<ReportKind>("kind", request.kind),
        );
        well_formed(&mut check, &request.organ, &request.text, &directory);
        let (request_id, kind) = check.finish_with(values)?;
        let Filed { organ, case } = self.tracked(&request.number, &request.tracking_code).await?;
        let centre = centre(&directory, &organ)?;
        let open = store::open_reports(self.pool(), &centre, case.case_id).await?;
        // A request that was taken in gets its answer again, however many there are since.
        let is_new = store::find_submission(self.pool(), &centre, request_id).await?.is_none();
        if open >= MOST_OPEN && is_new {
            return Err(Error::of(Reason::Overloaded).meta("open", MOST_OPEN).retry_after(AGAIN));
        }
        request.request_id.clear();
        let incoming = Incoming {
            kind,
            organ: &request.organ,
            case: Some((organ, case.case_id)),
            way: ReportWay::Tracking,
            text: &request.text,
            reporter: None,
        };
        let received_at = self.reported(caller, &centre, (request_id, &request), incoming).await?;
        Ok(SubmitTrackedReportResponse { received_at })
    }

    /// Sealed under a key of the report's own at the centre, and put into its ledger.
    async fn reported(
        &self,
        caller: &Caller,
        centre: &str,
        request: (Uuid, &impl Message),
        incoming: Incoming<'_>,
    ) -> Result<Option<prost_types::Timestamp>, Error> {
        let Incoming { kind, organ, case, way, text, reporter } = incoming;
        let report_id = self.new_id();
        let (key, new_key) = self.new_key(centre, report_id)?;
        let item = Item { organ: centre, case_id: report_id, id: self.new_id(), version: 1, kind: "report" };
        let text = self.draft(&key, &item, text.as_bytes())?;
        // Not indexed: nobody finds a reporter again by a blind index.
        let sealed = reporter.map(|reporter| self.sealed_identity(&key, centre, report_id, reporter));
        let identity = sealed.transpose()?.map(|sealed| SealedIdentity { indexes: Vec::new(), ..sealed });
        let regulation = self.regulation(centre);
        let (case_organ, case_id) = case.map(|(organ, id)| (organ, id.to_string())).unwrap_or_default();
        let received = ReportReceived {
            kind: kind.into(),
            organ: organ.to_owned(),
            case_organ,
            case_id,
            way: way.into(),
            text: Some(text.reference()),
            citation: Some(Citation {
                regulation: regulation.code().to_owned(),
                version: regulation.version().to_owned(),
                article: "12".to_owned(),
                ..Citation::default()
            }),
        };
        let private = Arc::new(Private { key: Some(new_key), drafts: vec![text], identity });
        let act = Act::OnReport(Box::new(OnReport::Submit { received: Box::new(received), private }));
        let answer = self.submit(centre, caller, request, report_id, act).await?.answer;
        Ok(answer.report.and_then(|report| report.received_at))
    }

    pub(super) async fn reports(
        &self,
        caller: &Caller,
        request: ListReportsRequest,
    ) -> Result<ListReportsResponse, Error> {
        let ListReportsRequest { states, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<ReportState>(format!("states[{index}]"), *state));
        }
        check.finish()?;
        if wanted.is_empty() {
            wanted = (1..).map_while(|number| ReportState::try_from(number).ok()).collect();
        }
        let (centre, _) = self.at_the_centre(caller).await?;
        let restricted: &[bool] = if caller.has(Role::Supervisor) { &[false, true] } else { &[false] };
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListReports").filter(&centre).filter(filter);
        let after: Option<ReportKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let reports = store::list_reports(self.pool(), &centre, restricted, &wanted, after, size).await?;
        let full = i64::try_from(reports.len()).is_ok_and(|count| count >= size);
        let next_page_token = match reports.last().filter(|_| full) {
            Some(last) => tokens.encode(&ReportKey::of(last))?,
            None => String::new(),
        };
        Ok(ListReportsResponse { reports: reports.iter().map(report_message).collect(), next_page_token })
    }

    /// The caller's organ, which has to be the centre: at any other, nothing is known of reports.
    pub(super) async fn at_the_centre(&self, caller: &Caller) -> Result<(String, Arc<Directory>), Error> {
        let (organ, directory) = self.own_organ(caller, "").await?;
        if centre(&directory, &organ)? == organ {
            return Ok((organ, directory));
        }
        Err(Error::organ_out_of_scope(&organ))
    }

    /// A report that this caller of the centre may know: one about the centre itself is for its supervision alone.
    pub(super) async fn known_report(
        &self,
        caller: &Caller,
        centre: &str,
        report_id: Uuid,
    ) -> Result<Report, Error> {
        let found = store::find_report(self.pool(), centre, report_id).await?;
        let known = |report: &Report| report.received.organ != centre || caller.has(Role::Supervisor);
        found.filter(known).ok_or_else(|| Error::nothing_to_act_on("report", report_id))
    }
}

/// The centre above an organ: the topmost of its kind on the way up; reports are for it alone.
pub(super) fn centre(directory: &Directory, organ: &str) -> Result<String, Error> {
    let way = directory.get(organ).into_iter().chain(directory.path(organ));
    let centre = way.rev().find(|organ| organ.kind() == OrganKind::Centre);
    centre.map(|centre| centre.code.clone()).ok_or_else(|| Error::organ_not_found(organ, None))
}

fn well_formed(check: &mut Violations, organ: &str, text: &str, directory: &Directory) {
    if !organ.is_empty() && directory.get(organ).is_none() {
        unknown_organ(check, "organ", organ, directory);
    }
    check.required_text("text", text, MAX_TEXT);
}
