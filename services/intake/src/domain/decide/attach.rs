//! The files of a case: how many, in which order things happen to them, and what is passed on (15).

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    AttachmentBegun, AttachmentOpened, AttachmentPassedOn, AttachmentReceived, AttachmentRemoval,
    AttachmentRemoved, AttachmentState,
};
use uuid::Uuid;

use super::step::Step;
use super::{Outcome, Write};
use crate::domain::attachment::shows_complainant;
use crate::domain::{Attach, Attachment, BeginUpload, Book, PassedCopy, Rejection};

pub(super) fn decide(step: Step<'_>, book: &Book, attach: &Attach) -> Result<Outcome, Rejection> {
    match attach {
        Attach::Begin(begin) => self::begin(step, book, begin),
        Attach::Receive { attachment_id, media_type } => {
            let media_type = media_type.as_deref().ok_or_else(|| nothing(*attachment_id))?;
            receive(step, book, *attachment_id, media_type)
        }
        Attach::PassOn { attachment_id, copy } => pass_on(step, book, *attachment_id, copy.as_deref()),
        Attach::Open { attachment_id, purpose } => open(step, book, *attachment_id, purpose),
        Attach::Remove { attachment_id, reason } => {
            let reference = reason.reference();
            let mut step = step;
            step.keeps(Write::Draft(reason.clone()));
            let event = AttachmentRemoved {
                attachment_id: attachment_id.to_string(),
                ground: AttachmentRemoval::ByOfficer.into(),
                erased: false,
                reason: Some(reference),
            };
            remove(step, book, *attachment_id, event)
        }
        Attach::Abandon { attachment_id, begun_before } => {
            let known = book.attachment(step.case.case_id, *attachment_id);
            let abandoned = known.is_some_and(|attachment| {
                attachment.state() == AttachmentState::Uploading && attachment.begun_at() < *begun_before
            });
            if !abandoned {
                // Finished, removed, or abandoned by another replica in the meantime.
                return Ok(Outcome::default());
            }
            let event = AttachmentRemoved {
                attachment_id: attachment_id.to_string(),
                ground: AttachmentRemoval::Abandoned.into(),
                ..AttachmentRemoved::default()
            };
            remove(step, book, *attachment_id, event)
        }
        Attach::Erased { attachment_id } => Ok(erased(step, book, *attachment_id)),
    }
}

/// Until the case is archived; so many files, and so many bytes.
fn begin(mut step: Step<'_>, book: &Book, begin: &BeginUpload) -> Result<Outcome, Rejection> {
    if step.case.state == CaseState::Archived {
        return Err(Rejection::State(step.case.state));
    }
    let of_case: Vec<&Attachment> = book.attachments_of(step.case.case_id).collect();
    let counting = || of_case.iter().filter(|attachment| attachment.counts());
    if counting().count() >= usize::try_from(begin.most).unwrap_or(usize::MAX) {
        return Err(too_much(
            "case_id",
            format!("一件投诉最多可附 {} 个文件。", begin.most),
            format!("A case has {} files at the most.", begin.most),
        ));
    }
    let bytes = counting().fold(begin.size, |bytes, attachment| bytes.saturating_add(attachment.size()));
    if bytes > begin.most_bytes {
        return Err(too_much(
            "size",
            format!("一件投诉的文件合计不得超过 {} 字节。", begin.most_bytes),
            format!("The files of a case have {} bytes at the most, all together.", begin.most_bytes),
        ));
    }
    if let Some(redacts) = begin.redacts {
        let original = received(&step, book, redacts)?;
        if !original.redacts().is_empty() {
            return Err(nothing(redacts));
        }
    }
    let ordinal = u32::try_from(of_case.len()).unwrap_or(u32::MAX).saturating_add(1);
    let event = Kind::AttachmentBegun(AttachmentBegun {
        attachment_id: begin.attachment_id.to_string(),
        kind: begin.kind.into(),
        size: begin.size,
        redacts: begin.redacts.map(|id| id.to_string()).unwrap_or_default(),
        manifest: Some(begin.manifest.reference()),
        ordinal,
    });
    step.keeps(Write::Draft(begin.manifest.clone()));
    let case_id = step.case.case_id;
    Ok(happened(step, Attachment::new(case_id, begin.attachment_id), event))
}

fn receive(step: Step<'_>, book: &Book, id: Uuid, media_type: &str) -> Result<Outcome, Rejection> {
    let attachment = in_state(&step, book, id, &[AttachmentState::Uploading])?;
    let event = AttachmentReceived { attachment_id: id.to_string(), media_type: media_type.to_owned() };
    Ok(happened(step, attachment, Kind::AttachmentReceived(event)))
}

/// Once. Of what shows who complains, only a blacked-out file (15).
fn pass_on(
    mut step: Step<'_>,
    book: &Book,
    id: Uuid,
    copy: Option<&PassedCopy>,
) -> Result<Outcome, Rejection> {
    let attachment = received(&step, book, id)?;
    if attachment.held.passed_on.is_some() {
        return Err(nothing(id));
    }
    if shows_complainant(attachment.kind()) && attachment.redacts().is_empty() {
        return Err(Rejection::Forbidden {
            article: Some("15".to_owned()),
            fields: vec!["attachment_id".to_owned()],
            zh: "该类文件载有投诉人身份信息,原件不得转出;请上传遮盖后的文件。".to_owned(),
            en: "files of this kind show who complains: the original is not passed on; upload a blacked-out one"
                .to_owned(),
        });
    }
    let copy = copy.ok_or_else(|| nothing(id))?;
    step.keeps(Write::Draft(copy.manifest.clone()));
    let event = AttachmentPassedOn {
        attachment_id: id.to_string(),
        size: copy.size,
        blob_id: copy.blob_id.to_string(),
        manifest: Some(copy.manifest.reference()),
    };
    Ok(happened(step, attachment, Kind::AttachmentPassedOn(event)))
}

fn open(step: Step<'_>, book: &Book, id: Uuid, purpose: &str) -> Result<Outcome, Rejection> {
    let attachment = received(&step, book, id)?;
    let event = AttachmentOpened { attachment_id: id.to_string(), purpose: purpose.to_owned() };
    Ok(happened(step, attachment, Kind::AttachmentOpened(event)))
}

fn remove(step: Step<'_>, book: &Book, id: Uuid, event: AttachmentRemoved) -> Result<Outcome, Rejection> {
    let attachment = in_state(&step, book, id, &[AttachmentState::Uploading, AttachmentState::Received])?;
    Ok(happened(step, attachment, Kind::AttachmentRemoved(event)))
}

fn erased(step: Step<'_>, book: &Book, id: Uuid) -> Outcome {
    let Ok(attachment) = in_state(&step, book, id, &[AttachmentState::Removed]) else {
        return Outcome::default();
    };
    let event = AttachmentRemoved { erased: true, ..attachment.held.removed.clone().unwrap_or_default() };
    happened(step, attachment, Kind::AttachmentRemoved(event))
}

/// The event, and the file as it is after it in the answer.
fn happened(mut step: Step<'_>, mut attachment: Attachment, event: Kind) -> Outcome {
    attachment.apply(&event, step.at.now, step.at.actor);
    step.answer().attachment = Some(attachment.message());
    step.happens(event);
    step.done()
}

fn received(step: &Step<'_>, book: &Book, id: Uuid) -> Result<Attachment, Rejection> {
    in_state(step, book, id, &[AttachmentState::Received])
}

fn in_state(
    step: &Step<'_>,
    book: &Book,
    id: Uuid,
    states: &[AttachmentState],
) -> Result<Attachment, Rejection> {
    let known = book.attachment(step.case.case_id, id);
    known.filter(|known| states.contains(&known.state())).cloned().ok_or_else(|| nothing(id))
}

fn nothing(id: Uuid) -> Rejection {
    Rejection::Nothing { what: "attachment", id }
}

fn too_much(field: &str, zh: String, en: String) -> Rejection {
    Rejection::Forbidden { article: None, fields: vec![field.to_owned()], zh, en }
}
