//! The file of a case: what is in it, who sees which part, and that it closes only when it is complete (13, 15, 16, 19).

use duban_proto::common::v1::{CaseState, VolumeDocument};
use duban_proto::intake::v1::{
    DeliveryOutcome, GetIntakeVolumeRequest, LeaderInstruction, OpenIdentityRequest, ReplyOccasion,
};
use duban_proto::routing::v1::{
    ArchiveCaseRequest, CheckVolumeRequest, CheckVolumeResponse, GetVolumeRequest, GetVolumeResponse,
};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, rejection};
use tonic::Code;

pub(crate) async fn volume(officer: &Officer, journey: &Journey<'_>) -> GetVolumeResponse {
    let request = GetVolumeRequest { case_id: journey.case_id() };
    officer.archive().get_volume(request).await.expect("the file").into_inner()
}

async fn intake_documents(officer: &Officer, journey: &Journey<'_>) -> Vec<VolumeDocument> {
    let request = GetIntakeVolumeRequest { case_id: journey.case_id() };
    officer.intake_volume().get_intake_volume(request).await.expect("intake's part").into_inner().documents
}

pub(crate) fn codes(documents: &[VolumeDocument]) -> Vec<&str> {
    documents.iter().map(|document| document.code.as_str()).collect()
}

pub(crate) fn one<'d>(documents: &'d [VolumeDocument], code: &str) -> &'d VolumeDocument {
    documents.iter().find(|document| document.code == code).unwrap_or_else(|| panic!("no {code}"))
}

/// What a document says under a label.
pub(crate) fn says<'d>(document: &'d VolumeDocument, label: &str) -> &'d str {
    let labelled = |title: &str| title == label;
    let passage = document.passages.iter().find(|one| labelled(&one.label.clone().unwrap_or_default().zh));
    passage.map_or_else(|| panic!("no {label} in {document:?}"), |passage| passage.text.as_str())
}

async fn check(officer: &Officer, journey: &Journey<'_>, organ: &str) -> CheckVolumeResponse {
    let request = CheckVolumeRequest { case_id: journey.case_id(), organ: organ.into() };
    officer.archive().check_volume(request).await.expect("checked").into_inner()
}

fn missing(checked: &CheckVolumeResponse) -> Vec<(&str, &str)> {
    let missing = checked.requirements.iter().filter(|one| !one.there);
    missing.map(|one| (one.code.as_str(), one.article.as_str())).collect()
}

fn archive_request(journey: &Journey<'_>) -> ArchiveCaseRequest {
    ArchiveCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        retention_years: 30,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_an_incomplete_file_does_not_close_and_all_that_is_missing_is_said_at_once() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let archivist = world.archivist(CENTRE);
    let checked = check(&archivist, &journey, "").await;
    let expected = [
        ("appointment", "18"),
        ("investigation_record", "18"),
        ("investigation_report", "19"),
        ("disposition_form", "19"),
        ("reply", "17"),
    ];
    assert!(!checked.complete);
    assert_eq!(missing(&checked), expected);
    let refused = rejection(archivist.casework().archive_case(archive_request(&journey)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "VOLUME_INCOMPLETE"));
    let all = expected.map(|(code, _)| code).join(",");
    assert!(refused.metadata.contains(&("missing".to_owned(), all)), "{refused:?}");
    assert!(refused.chinese && refused.articles.iter().any(|article| article.contains("16")), "{refused:?}");

    journey.handle(CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    assert_eq!(missing(&check(&archivist, &journey, "").await), [("reply", "17")]);
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    journey.at_when(CENTRE, "the reply at routing", |case| case.replied).await;
    assert!(check(&archivist, &journey, "").await.complete);
    archivist.casework().archive_case(archive_request(&journey)).await.expect("a complete file closes");
    let filed = volume(&archivist, &journey).await;
    assert_eq!((filed.state(), filed.retention_years), (CaseState::Archived, 30));
    assert!(filed.archived_at.is_some() && codes(&filed.documents).last() == Some(&"archived"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_the_file_has_every_document_in_order_with_number_signatory_and_words() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.at_when(CENTRE, "the conclusion at home", |case| case.state() == CaseState::Concluded).await;

    let whole = volume(&world.archivist(CENTRE), &journey).await;
    let expected = [
        "transfer_form",
        "acknowledgement",
        "appointment",
        "investigation_record",
        "investigation_report",
        "disposition_form",
        "report_back",
        "conclusion",
    ];
    assert_eq!(codes(&whole.documents), expected);
    assert!(whole.kept_elsewhere.is_empty());
    let transfer = one(&whole.documents, "transfer_form");
    assert_eq!(transfer.number, format!("{}(转1)", journey.receipt.number));
    assert_eq!(transfer.signatory, format!("leader.{CENTRE}"));
    assert!(
        transfer.seal && transfer.addressee.contains("罗店") && transfer.article == "14(2)",
        "{transfer:?}"
    );
    let record = one(&whole.documents, "investigation_record");
    assert!(says(record, "笔录").contains("监控") && says(record, "调查人员") == "he.jun、wu.min");
    let form = one(&whole.documents, "disposition_form");
    assert_eq!((form.article.as_str(), form.organ.as_str()), ("19", SUB_CENTRE));
    assert_eq!(form.signatory, format!("leader.{SUB_CENTRE}"), "the leader in charge signs");
    assert_eq!((says(form, "调查结论"), says(form, "处理建议")), ("属实", "批评教育"));
    assert_eq!(says(form, "主管领导审批意见"), "同意。");
    assert!(whole.forms.iter().any(|form| form.code == "supervision_notice" && form.seal));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_who_reads_which_part_of_a_file() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.at_when(CENTRE, "the conclusion at home", |case| case.state() == CaseState::Concluded).await;

    let leader = volume(&world.leader(CENTRE), &journey).await;
    assert_eq!(codes(&leader.documents), ["transfer_form", "acknowledgement", "conclusion"]);
    assert!(leader.kept_elsewhere.iter().any(|name| name.contains("罗店")), "{:?}", leader.kept_elsewhere);
    let handler = volume(&world.officer("handler", SUB_CENTRE, "wu.min"), &journey).await;
    assert_eq!(codes(&handler.documents).first(), Some(&"transfer_form"), "as it was received");
    assert!(codes(&handler.documents).contains(&"investigation_record") && handler.requirements.is_empty());
    let desk = volume(&world.desk(SUB_CENTRE), &journey).await;
    assert!(!codes(&desk.documents).contains(&"investigation_record"), "a desk gets no casework");
    let supervisor = volume(&world.supervisor(CENTRE), &journey).await;
    assert!(codes(&supervisor.documents).contains(&"investigation_record"));

    // What the sub-centre registered itself is no business of the centre's archivist, but of its supervision.
    let (own, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    own.handle(SUB_CENTRE).await;
    let request = GetVolumeRequest { case_id: own.case_id() };
    let refused = rejection(world.archivist(CENTRE).archive().get_volume(request).await);
    assert_eq!(refused.reason, "CASE_NOT_FOUND");
    assert!(!volume(&world.supervisor(CENTRE), &own).await.documents.is_empty());
    assert!(check(&world.supervisor(CENTRE), &own, SUB_CENTRE).await.requirements.len() > 5);
    let elsewhere = CheckVolumeRequest { case_id: journey.case_id(), organ: String::new() };
    let refused = rejection(world.archivist(SUB_CENTRE).archive().check_volume(elsewhere).await);
    assert_eq!(refused.reason, "NOTHING_TO_ACT_ON", "only the home files");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_13_the_record_form_says_what_was_registered_and_nothing_of_who_complains() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.leader_instruction = Some(LeaderInstruction {
        leader: "区政府分管领导".into(),
        words: format!("请认真调查{}反映的问题。", complaints::NAME),
        date: "2026-02-09".into(),
    });
    let (journey, _) = Journey::routed(&world, CENTRE, complaint).await;
    journey.handle(CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;

    let documents = intake_documents(&world.archivist(CENTRE), &journey).await;
    let form = one(&documents, "record_form");
    assert_eq!((form.number.as_str(), form.article.as_str()), (journey.receipt.number.as_str(), "13"));
    assert_eq!(form.title.clone().expect("a title").zh, "行政效能投诉记录表");
    assert_eq!((says(form, "投诉形式"), says(form, "发生地点")), ("网上投诉", "办事大厅"));
    assert!(
        says(form, "被投诉人").contains("三号窗口工作人员") && says(form, "投诉内容").contains("跑了三次")
    );
    let instruction = one(&documents, "instruction_form");
    assert!(says(instruction, "领导批示").contains("请认真调查"));
    assert!(codes(&documents).contains(&"acceptance"));
    let notices: Vec<_> = documents.iter().filter(|document| document.code == "notice").collect();
    assert!(notices.iter().any(|notice| says(notice, "正文").contains("属实") && notice.seal), "{notices:?}");
    assert!(notices.iter().any(|notice| says(notice, "送达情况") == "已送出"));
    let text = format!("{documents:?}");
    for secret in [complaints::NAME, complaints::PHONE, complaints::ID_NUMBER, complaints::ADDRESS] {
        assert!(!text.contains(secret), "{secret} in the file");
    }
    assert!(!text.contains(&journey.receipt.tracking_code), "a tracking code is the complainant's");

    // Who handles the case elsewhere reads the record form, and not what the complainant was told.
    let (handed, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    handed.acknowledge(SUB_CENTRE).await;
    handed.reaches(CaseState::InHandling).await;
    let handler = intake_documents(&world.officer("handler", SUB_CENTRE, "wu.min"), &handed).await;
    assert_eq!(codes(&handler), ["record_form", "acceptance"]);

    // With the identity: only by the way that is on record.
    let open = OpenIdentityRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        purpose: "verify".into(),
    };
    let refused = rejection(world.archivist(CENTRE).identity().open_identity(open).await);
    assert_eq!(refused.reason, "ROLE_NOT_ALLOWED");
}
