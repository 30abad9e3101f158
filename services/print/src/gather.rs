//! The parts of a file, asked of the services with the caller's token, and put together.

use std::collections::BTreeMap;

use client::{Endpoint, Fault};
use duban_proto::common::v1::{
    CaseState, DocumentLayout, LocalizedText, VolumeDocument, VolumeForm, VolumePassage,
};
use duban_proto::intake::v1::identity_service_client::IdentityServiceClient;
use duban_proto::intake::v1::volume_service_client::VolumeServiceClient;
use duban_proto::intake::v1::{
    Complainant, GetIntakeVolumeRequest, GetIntakeVolumeResponse, OpenIdentityRequest,
};
use duban_proto::routing::v1::archive_service_client::ArchiveServiceClient;
use duban_proto::routing::v1::directory_service_client::DirectoryServiceClient;
use duban_proto::routing::v1::{GetOrganRequest, GetVolumeRequest, GetVolumeResponse};
use duban_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use duban_proto::supervision::v1::{FiredRung, Instrument, ListFiredRungsRequest, Notice};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};
use prost_types::Timestamp as WireTime;
use tonic::Code;
use uuid::Uuid;

use crate::model::{Document, Requirement, Variant, Volume, date};
use crate::notices;

/// The version of the JSON.
const FORMAT: u32 = 1;
/// How many rungs a page has at the most.
const PAGE: u32 = 500;

/// The three services, each with the caller's token on every call.
#[derive(Clone, Debug)]
pub struct Services {
    /// Intake.
    pub intake: Endpoint,
    /// Routing.
    pub routing: Endpoint,
    /// Supervision.
    pub supervision: Endpoint,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The case's id.
    pub case_id: String,
    /// For what the identity is opened, on record ("contact", "verify", "reply"); absent: without it.
    pub purpose: Option<String>,
    /// The moment of printing, in the zone of the dates.
    pub now: ZonedDateTime,
}

/// The file, and the form for a leader's instruction, which is in the file only where there is one.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The file.
    pub volume: Volume,
    /// The form by which the case is put before a leader; absent where the caller may not read intake's part.
    pub instruction_form: Option<Document>,
}

/// The parts of a file, as the services gave them; absent what the caller may not see.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Intake's.
    pub intake: Option<GetIntakeVolumeResponse>,
    /// Routing's.
    pub routing: Option<GetVolumeResponse>,
    /// What supervision issued.
    pub instruments: Option<Vec<FiredRung>>,
    /// The reminders and supervision notices among it, with their texts, and those issued by hand.
    pub notices: Vec<Notice>,
    /// The names of the organs that are named there, by code.
    pub names: BTreeMap<String, String>,
    /// Who complains, where it was opened.
    pub complainant: Option<Complainant>,
}

/// Gathers what the caller may see of a case's file.
pub async fn gather(services: &Services, wanted: &Wanted) -> Result<Gathered, Fault> {
    Ok(Parts::fetch(services, wanted).await?.bind(wanted))
}

impl Parts {
    /// Asks for each part. The identity comes last, so that nothing is put on record for a file that there is not.
    pub async fn fetch(services: &Services, wanted: &Wanted) -> Result<Self, Fault> {
        let case_id = wanted.case_id.as_str();
        let intake = permitted(intake(services, case_id).await)?;
        let routing = match routing(services, case_id).await {
            // Neither part: the service's own words for it.
            Err(fault) if intake.is_none() => return Err(fault),
            answer => permitted(answer)?,
        };
        let mut instruments = permitted(instruments(services, case_id).await)?;
        let notices = permitted(notices::fetch(services, case_id).await)?.unwrap_or_default();
        if let Some(instruments) = &mut instruments {
            instruments.extend(notices.iter().filter(|it| it.rung.is_empty()).map(notices::as_fired));
        }
        let mut names = BTreeMap::new();
        for fired in instruments.iter().flatten() {
            let addressee = fired.rung.as_ref().map(|rung| &rung.organ);
            for code in addressee.into_iter().chain([&fired.organ]) {
                if !names.contains_key(code) {
                    names.insert(code.clone(), name_of(services, code).await);
                }
            }
        }
        let complainant = match &wanted.purpose {
            Some(purpose) => Some(identity(services, case_id, purpose).await?),
            None => None,
        };
        Ok(Self { intake, routing, instruments, notices, names, complainant })
    }

    /// Puts them together: documents in the order of time, and what is not here named.
    pub fn bind(self, wanted: &Wanted) -> Gathered {
        let Self { intake, routing, instruments, notices, names, complainant } = self;
        let zone = wanted.now.time_zone();
        let parts = [
            (intake.is_some(), "受理登记部分"),
            (routing.is_some(), "办理部分"),
            (instruments.is_some(), "督办部分"),
        ];
        let absent = parts.into_iter().filter(|(there, _)| !there).map(|(_, name)| name.to_owned());
        let mut elsewhere: Vec<_> = absent.collect();
        let (intake, routing) = (intake.unwrap_or_default(), routing.unwrap_or_default());
        let mut documents = intake.documents.clone();
        documents.extend(routing.documents.clone());
        let fired = instruments.unwrap_or_default();
        documents.extend(fired.into_iter().map(|fired| {
            let id = fired.rung.as_ref().map(|rung| rung.notice_id.clone()).unwrap_or_default();
            let mut document = notice(fired, &names, &routing.forms, zone);
            if let Some(whole) = notices.iter().find(|notice| !id.is_empty() && notice.notice_id == id) {
                notices::complete(&mut document, whole, zone);
            }
            document
        }));
        documents.sort_by_key(|document| document.at.map(|at| (at.seconds, at.nanos)));
        elsewhere.extend(routing.kept_elsewhere.clone());
        let mut instruction_form = intake.instruction_form.clone().map(|form| Document::of_wire(form, zone));
        if let Some(form) = &mut instruction_form {
            form.name_complainant(complainant.as_ref());
        }
        let mut volume = bind(wanted, &intake, routing, documents, elsewhere);
        volume.name_complainant(complainant.as_ref());
        Gathered { volume, instruction_form }
    }
}

/// What the caller may not see, or what is not there yet, is left out; anything else is a fault.
fn permitted<T>(answer: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match answer {
        Ok(part) => Ok(Some(part)),
        Err(fault) if matches!(fault.code, Code::NotFound | Code::PermissionDenied) => Ok(None),
        Err(fault) => Err(fault),
    }
}

async fn intake(services: &Services, case_id: &str) -> Result<GetIntakeVolumeResponse, Fault> {
    let request = GetIntakeVolumeRequest { case_id: case_id.to_owned() };
    Ok(VolumeServiceClient::new(services.intake.clone()).get_intake_volume(request).await?.into_inner())
}

async fn routing(services: &Services, case_id: &str) -> Result<GetVolumeResponse, Fault> {
    let request = GetVolumeRequest { case_id: case_id.to_owned() };
    Ok(ArchiveServiceClient::new(services.routing.clone()).get_volume(request).await?.into_inner())
}

/// What supervision issued on the case.
async fn instruments(services: &Services, case_id: &str) -> Result<Vec<FiredRung>, Fault> {
    let mut client = SupervisionServiceClient::new(services.supervision.clone());
    let mut rungs = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListFiredRungsRequest {
            case_id: case_id.to_owned(),
            instruments_only: true,
            page_size: PAGE,
            page_token,
        };
        let page = client.list_fired_rungs(request).await?.into_inner();
        rungs.extend(page.rungs);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            return Ok(rungs);
        }
    }
}

/// The reading is on record before anything is told (15).
#[expect(clippy::disallowed_methods, reason = "a client makes its request ids as it likes")]
async fn identity(services: &Services, case_id: &str, purpose: &str) -> Result<Complainant, Fault> {
    let request = OpenIdentityRequest {
        request_id: Uuid::new_v4().to_string(),
        case_id: case_id.to_owned(),
        purpose: purpose.to_owned(),
    };
    let answer = IdentityServiceClient::new(services.intake.clone()).open_identity(request).await?;
    Ok(answer.into_inner().complainant.unwrap_or_default())
}

/// An instrument of supervision as a document: 督办单 (20), 催办通知 (16), 提请关注 (23).
fn notice(
    fired: FiredRung,
    names: &BTreeMap<String, String>,
    forms: &[VolumeForm],
    zone: &TimeZone,
) -> VolumeDocument {
    let name = |code: &String| names.get(code).unwrap_or(code).clone();
    let FiredRung { number, organ, fired_at, rung, .. } = fired;
    let rung = rung.unwrap_or_default();
    let (code, zh, en) = match rung.instrument() {
        Instrument::SupervisionNotice => ("supervision_notice", "督办单", "Supervision Notice"),
        Instrument::Attention => ("attention", "提请关注", "Attention"),
        Instrument::Reminder | Instrument::Unspecified => ("reminder", "催办通知", "Reminder"),
    };
    let form = forms.iter().find(|form| form.code == code);
    let own = LocalizedText { zh: zh.to_owned(), en: en.to_owned() };
    let citation = rung.citation.clone().unwrap_or_default();
    // The end of a day is the first moment of the next: the day that ends is meant.
    let last = |at: Timestamp| Timestamp::from_nanosecond(at.as_nanosecond() - 1).unwrap_or(at);
    let time = |at: Option<WireTime>| moment(at).map(|at| date(last(at), zone)).unwrap_or_default();
    let asked = match rung.instrument() {
        Instrument::SupervisionNotice => "上述投诉件逾期未办结,现予督办。请抓紧办理,并按期反馈办理情况。",
        Instrument::Attention => "上述投诉件逾期未办结,现提请关注。",
        Instrument::Reminder | Instrument::Unspecified => "上述投诉件已到办理期限,请抓紧办理。",
    };
    let mut passages = vec![
        passage("投诉编号", "number", &number),
        passage("事项", "what", &citation.text.map(|text| text.zh).unwrap_or_default()),
        VolumePassage { wide: true, ..passage("要求", "what is asked", asked) },
    ];
    if rung.answer_by.is_some() {
        passages.push(passage("反馈期限", "answer by", &time(rung.answer_by)));
    }
    VolumeDocument {
        code: code.to_owned(),
        title: form.map_or(Some(own), |form| form.title.clone()),
        at: fired_at,
        organ_name: name(&organ),
        organ,
        term: rung.term,
        number: rung.instrument_number,
        addressee: name(&rung.organ),
        article: citation.article,
        layout: form.map_or(DocumentLayout::RedHead.into(), |form| form.layout),
        seal: form.is_none_or(|form| form.seal),
        passages,
        ..VolumeDocument::default()
    }
}

/// An organ's name; its code where the directory does not know it.
async fn name_of(services: &Services, code: &str) -> String {
    let request = GetOrganRequest { code: code.to_owned() };
    let answer = DirectoryServiceClient::new(services.routing.clone()).get_organ(request).await;
    let organ = answer.ok().and_then(|answer| answer.into_inner().organ);
    organ.map_or_else(|| code.to_owned(), |organ| organ.name)
}

pub(crate) fn passage(zh: &str, en: &str, text: &str) -> VolumePassage {
    let label = LocalizedText { zh: zh.to_owned(), en: en.to_owned() };
    VolumePassage { label: Some(label), text: text.to_owned(), wide: false }
}

fn bind(
    wanted: &Wanted,
    intake: &GetIntakeVolumeResponse,
    routing: GetVolumeResponse,
    documents: Vec<VolumeDocument>,
    kept_elsewhere: Vec<String>,
) -> Volume {
    let zone = wanted.now.time_zone();
    let day = |at: Option<WireTime>| moment(at).map(|at| date(at, zone));
    let archived_on = day(routing.archived_at);
    let kept_for = archived_on.as_ref().map(|_| match routing.retention_years {
        0 => "永久".to_owned(),
        years => format!("{years}年"),
    });
    let requirement = |one: duban_proto::routing::v1::VolumeRequirement| Requirement {
        code: one.code,
        title: one.title.unwrap_or_default().zh,
        article: one.article,
        there: one.there,
    };
    let first = |one: &str, other: &str| if one.is_empty() { other.to_owned() } else { one.to_owned() };
    let state = CaseState::try_from(if routing.state == 0 { intake.state } else { routing.state });
    let state = state.unwrap_or_default().as_str_name();
    Volume {
        format: FORMAT,
        case_id: wanted.case_id.clone(),
        number: first(&routing.number, &intake.number),
        home: first(&routing.home_name, &intake.organ_name),
        state: state.strip_prefix("CASE_STATE_").unwrap_or(state).to_owned(),
        variant: Variant::Casework,
        printed_on: date(wanted.now.timestamp(), zone),
        archived_on,
        kept_for,
        erased_on: day(routing.erased_at),
        documents: documents.into_iter().map(|document| Document::of_wire(document, zone)).collect(),
        requirements: routing.requirements.into_iter().map(requirement).collect(),
        kept_elsewhere,
    }
}

/// The day of a moment, in words; empty where there is none.
pub(crate) fn day(at: Option<WireTime>, zone: &TimeZone) -> String {
    moment(at).map(|at| date(at, zone)).unwrap_or_default()
}

fn moment(at: Option<WireTime>) -> Option<Timestamp> {
    at.and_then(|at| Timestamp::new(at.seconds, at.nanos).ok())
}
