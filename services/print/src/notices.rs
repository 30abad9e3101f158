//! Reminders and supervision notices with what became of them (16, 20): their answers, and those that were issued by hand.

use client::Fault;
use duban_proto::common::v1::{VolumeDocument, VolumePassage};
use duban_proto::supervision::v1::chain_link::What;
use duban_proto::supervision::v1::notice_service_client::NoticeServiceClient;
use duban_proto::supervision::v1::{
    FiredRung, GetChainRequest, GetNoticeRequest, Notice, NoticeAnswer, RungFired,
};
use jiff::tz::TimeZone;

use crate::gather::{Services, day, passage};

/// The notices of a case that the caller may see, with their texts.
pub(crate) async fn fetch(services: &Services, case_id: &str) -> Result<Vec<Notice>, Fault> {
    let mut client = NoticeServiceClient::new(services.supervision.clone());
    let request = GetChainRequest { case_id: case_id.to_owned() };
    let links = client.get_chain(request).await?.into_inner().links;
    let mut notices = Vec::new();
    for link in links {
        let Some(What::Notice(notice)) = link.what else { continue };
        let Notice { case_id, notice_id, .. } = notice;
        let answer = client.get_notice(GetNoticeRequest { case_id, notice_id }).await?;
        notices.extend(answer.into_inner().notice);
    }
    Ok(notices)
}

/// One that was issued by hand, as a rung is told that issued one: so both make the same document.
pub(crate) fn as_fired(notice: &Notice) -> FiredRung {
    FiredRung {
        case_id: notice.case_id.clone(),
        number: notice.case_number.clone(),
        organ: notice.issued_by.clone(),
        fired_at: notice.issued_at,
        rung: Some(RungFired {
            instrument: notice.instrument,
            instrument_number: notice.number.clone(),
            organ: notice.organ.clone(),
            answer_by: notice.answer_by,
            citation: notice.citation.clone(),
            notice_id: notice.notice_id.clone(),
            ..RungFired::default()
        }),
    }
}

/// Adds to the document of a notice who signed it, what it says, and what became of it.
pub(crate) fn complete(document: &mut VolumeDocument, notice: &Notice, zone: &TimeZone) {
    document.signatory.clone_from(&notice.signed_by);
    if !notice.text.is_empty() {
        document.passages.push(wide("内容", "text", &notice.text));
    }
    if !notice.seen_by.is_empty() {
        let seen = format!("{},{}", notice.seen_by, day(notice.seen_at, zone));
        document.passages.push(passage("签收", "seen", &seen));
    }
    for answer in &notice.answers {
        document.passages.extend(answered(answer, zone));
    }
    if !notice.withdrawn_because.is_empty() {
        document.passages.push(wide("撤回原因", "withdrawn because", &notice.withdrawn_because));
    }
}

fn answered(answer: &NoticeAnswer, zone: &TimeZone) -> Vec<VolumePassage> {
    let by = format!("{},{}", answer.answered_by, day(answer.answered_at, zone));
    let mut passages = vec![passage("反馈", "answered", &by), wide("反馈内容", "the answer", &answer.text)];
    if !answer.rejected_because.is_empty() {
        passages.push(wide("退回原因", "sent back because", &answer.rejected_because));
    }
    passages
}

fn wide(zh: &str, en: &str, text: &str) -> VolumePassage {
    VolumePassage { wide: true, ..passage(zh, en, text) }
}
