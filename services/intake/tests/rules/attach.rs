use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{Attachment, AttachmentKind, AttachmentState};
use intake::domain::{Act, Attach, BeginUpload, Outcome, PassedCopy, Rejection, shows_complainant};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::support::{CASE, Ledger, draft, ledger, names, note};

const FILE: Uuid = Uuid::from_u128(60);
const OTHER: Uuid = Uuid::from_u128(61);

fn begin(id: Uuid, kind: AttachmentKind, redacts: Option<Uuid>) -> BeginUpload {
    BeginUpload {
        attachment_id: id,
        kind,
        size: 100,
        redacts,
        manifest: draft(id, 1),
        most: 2,
        most_bytes: 250,
    }
}

fn begins(ledger: &mut Ledger, begin: BeginUpload) -> Result<Attachment, Rejection> {
    attaches(ledger, Attach::Begin(Box::new(begin)))
}

fn attaches(ledger: &mut Ledger, attach: Attach) -> Result<Attachment, Rejection> {
    Ok(ledger.acts(Act::Attach(attach))?.answer.attachment.unwrap())
}

fn receives(ledger: &mut Ledger, id: Uuid) -> Result<Attachment, Rejection> {
    attaches(ledger, Attach::Receive { attachment_id: id, media_type: Some("image/jpeg".into()) })
}

fn passes_on(ledger: &mut Ledger, id: Uuid) -> Result<Attachment, Rejection> {
    let copy = PassedCopy { blob_id: Uuid::from_u128(70), size: 90, manifest: draft(id, 2) };
    attaches(ledger, Attach::PassOn { attachment_id: id, copy: Some(Box::new(copy)) })
}

fn removes(ledger: &mut Ledger, id: Uuid) -> Result<Attachment, Rejection> {
    attaches(ledger, Attach::Remove { attachment_id: id, reason: draft(Uuid::from_u128(80), 1) })
}

fn abandons(ledger: &mut Ledger, begun_before: Timestamp) -> Outcome {
    ledger.acts(Act::Attach(Attach::Abandon { attachment_id: FILE, begun_before })).unwrap()
}

fn evidence(ledger: &mut Ledger, id: Uuid) {
    begins(ledger, begin(id, AttachmentKind::Evidence, None)).unwrap();
    receives(ledger, id).unwrap();
}

fn nothing(id: Uuid) -> Rejection {
    Rejection::Nothing { what: "attachment", id }
}

fn fields(rejection: Rejection) -> Vec<String> {
    match rejection {
        Rejection::Forbidden { fields, .. } => fields,
        other => panic!("{other:?}"),
    }
}

#[test]
fn everywhere_a_file_is_announced_received_passed_on_and_removed_in_this_order_only() {
    let mut ledger = ledger().with_registered();
    assert_eq!(receives(&mut ledger, FILE), Err(nothing(FILE)));
    let file = begins(&mut ledger, begin(FILE, AttachmentKind::Evidence, None)).unwrap();
    assert_eq!((file.state(), file.file_name.as_str()), (AttachmentState::Uploading, "attachment-1"));
    assert_eq!(passes_on(&mut ledger, FILE), Err(nothing(FILE)));
    assert_eq!(receives(&mut ledger, FILE).unwrap().state(), AttachmentState::Received);
    assert_eq!(receives(&mut ledger, FILE), Err(nothing(FILE)));
    assert_eq!(passes_on(&mut ledger, FILE).unwrap().copy_size, 90);
    assert_eq!(passes_on(&mut ledger, FILE), Err(nothing(FILE)), "once");
    let opens = || Attach::Open { attachment_id: FILE, purpose: "verify".into() };
    attaches(&mut ledger, opens()).unwrap();
    assert_eq!(removes(&mut ledger, FILE).unwrap().state(), AttachmentState::Removed);
    assert_eq!(removes(&mut ledger, FILE), Err(nothing(FILE)));
    assert_eq!(attaches(&mut ledger, opens()), Err(nothing(FILE)));
    let erases = || Act::Attach(Attach::Erased { attachment_id: FILE });
    let erased = ledger.acts(erases()).unwrap().answer.attachment.unwrap();
    assert_eq!(erased.state(), AttachmentState::Erased);
    assert!(ledger.acts(erases()).unwrap().facts.is_empty(), "by another replica already");
}

#[test]
fn everywhere_a_case_version_is_not_changed_by_its_files() {
    let mut ledger = ledger().with_registered();
    let before = ledger.book.case(CASE).unwrap().version;
    evidence(&mut ledger, FILE);
    assert_eq!(ledger.book.case(CASE).unwrap().version, before);
}

#[test]
fn everywhere_so_many_files_and_bytes_and_a_removed_one_counts_no_more() {
    let mut ledger = ledger().with_registered();
    evidence(&mut ledger, FILE);
    let large = BeginUpload { size: 151, ..begin(OTHER, AttachmentKind::Evidence, None) };
    assert_eq!(fields(begins(&mut ledger, large).unwrap_err()), ["size"]);
    let fits = BeginUpload { size: 150, ..begin(OTHER, AttachmentKind::Evidence, None) };
    begins(&mut ledger, fits).unwrap();
    let third = || BeginUpload { size: 1, ..begin(Uuid::from_u128(62), AttachmentKind::Evidence, None) };
    assert_eq!(fields(begins(&mut ledger, third()).unwrap_err()), ["case_id"]);
    removes(&mut ledger, OTHER).unwrap();
    assert_eq!(begins(&mut ledger, third()).unwrap().file_name, "attachment-3", "no number is used twice");
}

#[test]
fn everywhere_an_archived_case_takes_no_more_files() {
    let mut ledger = ledger().with_concluded();
    ledger.acts(Act::NoteHandling(note(CaseState::Archived))).unwrap();
    let refused = begins(&mut ledger, begin(FILE, AttachmentKind::Evidence, None));
    assert_eq!(refused, Err(Rejection::State(CaseState::Archived)));
}

#[test]
fn art_15_what_shows_the_complainant_is_passed_on_blacked_out_only() {
    let shown = [
        AttachmentKind::NarrativeScan,
        AttachmentKind::LetterStamp,
        AttachmentKind::Authorisation,
        AttachmentKind::IdentityDocument,
    ];
    for kind in shown {
        assert!(shows_complainant(kind));
        let mut ledger = ledger().with_registered();
        begins(&mut ledger, begin(FILE, kind, None)).unwrap();
        let early = begin(OTHER, kind, Some(FILE));
        assert_eq!(begins(&mut ledger, early.clone()), Err(nothing(FILE)), "of what is not there yet");
        receives(&mut ledger, FILE).unwrap();
        let refused = passes_on(&mut ledger, FILE).unwrap_err();
        let Rejection::Forbidden { article, .. } = refused else { panic!("{refused:?}") };
        assert_eq!(article.as_deref(), Some("15"));
        begins(&mut ledger, early).unwrap();
        receives(&mut ledger, OTHER).unwrap();
        passes_on(&mut ledger, OTHER).unwrap();
    }
    for kind in [AttachmentKind::Evidence, AttachmentKind::HandedOver, AttachmentKind::Other] {
        assert!(!shows_complainant(kind));
    }
}

#[test]
fn everywhere_only_an_upload_that_is_old_enough_is_given_up() {
    let mut ledger = ledger().with_registered();
    begins(&mut ledger, begin(FILE, AttachmentKind::Evidence, None)).unwrap();
    let begun = ledger.now;
    assert!(abandons(&mut ledger, begun).facts.is_empty(), "not before its time");
    let later = begun + SignedDuration::from_mins(1);
    assert_eq!(names(&abandons(&mut ledger, later)), ["attachment removed"]);
    assert!(abandons(&mut ledger, later).facts.is_empty(), "once");

    let mut ledger = crate::support::ledger().with_registered();
    evidence(&mut ledger, FILE);
    assert!(abandons(&mut ledger, later).facts.is_empty(), "it was finished");
}
