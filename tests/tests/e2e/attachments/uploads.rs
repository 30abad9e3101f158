//! Uploads: resumable, checked, limited, once.

use std::time::Instant;

use duban::testing::TestSettings;
use duban_proto::intake::v1::{AttachmentKind, AttachmentState};
use e2e::{CENTRE, Journey, Rejected, UNIT, World, complaints, eventually, rejection};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use super::photo::photo;
use super::play::{
    File, begun, finish, finished, listed, messages, open, opened, pass_on, pdf_like, remove, sent, stands,
    uploaded,
};

const MIB: usize = 1024 * 1024;

async fn journey(world: &World) -> Journey<'_> {
    Journey::registered(world, CENTRE, complaints::about_a_clerk(UNIT)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_a_large_upload_broken_off_twice_goes_on_and_comes_out_as_it_went_in() {
    let mut world = World::new().await;
    let data = pdf_like(100 * MIB);
    let Journey { organ, receipt, .. } = journey(&world).await;
    let began = Instant::now();
    let (id, broken_at) = {
        let journey = Journey { world: &world, organ: organ.clone(), receipt: receipt.clone() };
        let desk = world.desk(CENTRE);
        let request = File::evidence("录像.pdf", &data).announced(&journey);
        let id = begun(&desk, request).await.expect("announced").attachment_id;
        // The first stream goes on for ever, in the middle of a part, and then its client is gone.
        let (send, receive) = mpsc::channel(1);
        let mut client = desk.attachments();
        let stream = tokio::spawn(async move { client.upload_chunks(ReceiverStream::new(receive)).await });
        for message in messages(&journey, &id, 0, &data[..40 * MIB + MIB / 2]) {
            send.send(message).await.expect("taken");
        }
        let stored = || async { stands(&journey, &desk, &id).await.received_bytes };
        let broken_at = eventually("the parts that are whole", async || {
            let stored = stored().await;
            (stored == 40 * MIB as u64).then_some(stored)
        })
        .await;
        stream.abort();
        assert!(stream.await.is_err_and(|error| error.is_cancelled()));
        (id, broken_at)
    };
    world.instance.restart().await.expect("started again");

    let journey = Journey { world: &world, organ, receipt };
    let desk = world.desk(CENTRE);
    let stood = stands(&journey, &desk, &id).await;
    assert_eq!((stood.received_bytes, stood.size), (broken_at, data.len() as u64));
    assert_eq!(stood.state(), AttachmentState::Uploading);
    let from = usize::try_from(broken_at).expect("a place in the file");
    let early = rejection(sent(&journey, &desk, &id, broken_at - 1, &data[from - 1..from + 9]).await);
    assert_eq!((early.code, early.fields), (Code::InvalidArgument, vec!["offset".to_owned()]));
    let short = rejection(finished(&desk, finish(&journey, &id)).await);
    assert_eq!(short.fields, ["size"]);
    // Ends by itself in the middle: only whole parts are told.
    let to = from + 9 * MIB + 7;
    assert_eq!(
        sent(&journey, &desk, &id, broken_at, &data[from..to]).await.expect("stored"),
        49 * MIB as u64
    );
    let rest = &data[49 * MIB..];
    let all = data.len() as u64;
    assert_eq!(sent(&journey, &desk, &id, 49 * MIB as u64, rest).await.expect("stored"), all);
    let file = finished(&desk, finish(&journey, &id)).await.expect("finished");
    assert_eq!((file.state(), file.media_type.as_str()), (AttachmentState::Received, "application/pdf"));
    let uploaded = began.elapsed();

    let began = Instant::now();
    let (head, whole) = opened(&desk, open(&file, "verify")).await.expect("the original");
    assert!(whole == data, "another file came out");
    assert_eq!((head.file_name.as_str(), head.size), ("录像.pdf", all));
    println!("100 MiB up, broken off twice: {uploaded:?}; down: {:?}", began.elapsed());
    let mut from_there = open(&file, "verify");
    from_there.offset = all - 5;
    assert_eq!(opened(&desk, from_there).await.expect("the rest").1, data[data.len() - 5..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_a_file_that_is_not_what_was_announced_is_refused_by_its_field() {
    let world = World::new().await;
    let journey = journey(&world).await;
    let desk = world.desk(CENTRE);
    let wrong = |change: fn(&mut duban_proto::intake::v1::BeginUploadRequest)| {
        let mut request = File::evidence("a.pdf", b"%PDF-1.7 ...").announced(&journey);
        change(&mut request);
        let desk = desk.clone();
        async move { rejection(begun(&desk, request).await).fields }
    };
    assert_eq!(wrong(|request| request.size = 0).await, ["size"]);
    assert_eq!(wrong(|request| request.size = 100 * 1024 * 1024 + 1).await, ["size"]);
    assert_eq!(wrong(|request| request.file_name = "../a.pdf".into()).await, ["file_name"]);
    assert_eq!(wrong(|request| request.sha256 = vec![1; 31].into()).await, ["sha256"]);
    let all = wrong(|request| {
        *request = duban_proto::intake::v1::BeginUploadRequest::default();
        request.redacts = "no id".into();
    });
    assert_eq!(all.await, ["request_id", "case_id", "kind", "redacts", "file_name", "size", "sha256"]);

    let pdf = pdf_like(4000);
    let mut request = File::evidence("a.pdf", &pdf).announced(&journey);
    request.sha256 = vec![7; 32].into();
    let mismatch = rejection(uploaded(&journey, &desk, request, &pdf).await);
    assert_eq!((mismatch.code, mismatch.fields), (Code::InvalidArgument, vec!["sha256".to_owned()]));
    assert!(mismatch.chinese);

    let request = File::evidence("a.pdf", &pdf).announced(&journey);
    let id = begun(&desk, request).await.expect("announced").attachment_id;
    let more = [pdf.as_slice(), b"more"].concat();
    assert_eq!(rejection(sent(&journey, &desk, &id, 0, &more).await).fields, ["data"]);
    assert_eq!(sent(&journey, &desk, &id, 0, &pdf).await.expect("stored"), 4000);

    // A program under the name of a picture, a script, and what is nothing at all.
    let mut program = b"MZ".to_vec();
    program.resize(4000, 0);
    for data in [program, b"#!/bin/sh\necho".repeat(20), vec![1, 2, 3, 4, 5]] {
        let request = File::evidence("picture.jpg", &data).announced(&journey);
        let refused = rejection(uploaded(&journey, &desk, request, &data).await);
        assert_eq!((refused.code, refused.fields), (Code::InvalidArgument, vec!["data".to_owned()]));
    }
    assert!(listed(&journey, &desk).await.iter().all(|file| file.state() == AttachmentState::Uploading));
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_each_step_of_a_file_happens_once_for_a_request() {
    let world = World::new().await;
    let journey = journey(&world).await;
    let desk = world.desk(CENTRE);
    let photo = photo();
    let request = File::evidence("a.jpg", &photo).announced(&journey);
    let first = begun(&desk, request.clone()).await.expect("announced");
    assert_eq!(begun(&desk, request.clone()).await.expect("the same"), first);
    let other = rejection(
        begun(&desk, {
            let mut r = request.clone();
            r.size += 1;
            r
        })
        .await,
    );
    assert_eq!(other.reason, "REQUEST_ID_REUSED");
    assert_eq!(listed(&journey, &desk).await.len(), 1);

    sent(&journey, &desk, &first.attachment_id, 0, &photo).await.expect("stored");
    let request = finish(&journey, &first.attachment_id);
    let file = finished(&desk, request.clone()).await.expect("finished");
    assert_eq!(finished(&desk, request).await.expect("the same"), file);
    let again = rejection(finished(&desk, finish(&journey, &first.attachment_id)).await);
    assert_eq!(again.reason, "NOTHING_TO_ACT_ON");

    let request = pass_on(&file);
    let mut client = desk.attachments();
    let passed = client.pass_on_attachment(request.clone()).await.expect("passed on").into_inner();
    let same = client.pass_on_attachment(request).await.expect("the same").into_inner();
    assert_eq!(same, passed);
    assert_eq!(rejection(client.pass_on_attachment(pass_on(&file)).await).reason, "NOTHING_TO_ACT_ON");

    let request = remove(&file);
    let removed = client.remove_attachment(request.clone()).await.expect("removed").into_inner();
    assert_eq!(client.remove_attachment(request).await.expect("the same").into_inner(), removed);
    assert_eq!(rejection(client.remove_attachment(remove(&file)).await).reason, "NOTHING_TO_ACT_ON");
    assert_eq!(rejection(opened(&desk, open(&file, "verify")).await).reason, "NOTHING_TO_ACT_ON");
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_a_case_has_so_many_files_and_so_many_bytes() {
    let mut settings = TestSettings::new().expect("the samples' organs");
    (settings.config.attachments.per_case, settings.config.attachments.per_case_bytes) = (2, 10_000);
    let world = World::with(settings).await;
    let journey = journey(&world).await;
    let desk = world.desk(CENTRE);
    let (photo, large) = (photo(), pdf_like(10_000));
    let file = File::evidence("a.jpg", &photo).uploaded(&journey, &desk).await;
    let field = |rejected: Rejected| {
        assert_eq!(rejected.reason, "REGULATION_FORBIDS");
        rejected.metadata.into_iter().find(|(key, _)| key == "fields").map(|(_, fields)| fields)
    };
    let too_large = rejection(begun(&desk, File::evidence("b.pdf", &large).announced(&journey)).await);
    assert_eq!(field(too_large).as_deref(), Some("size"));
    let scan = File { kind: AttachmentKind::NarrativeScan, ..File::evidence("b.jpg", &photo) };
    begun(&desk, scan.announced(&journey)).await.expect("the second");
    let one_more = rejection(begun(&desk, scan.announced(&journey)).await);
    assert_eq!(field(one_more).as_deref(), Some("case_id"));
    // A removed file leaves its place to another one.
    desk.attachments().remove_attachment(remove(&file)).await.expect("removed");
    begun(&desk, scan.announced(&journey)).await.expect("the third");
}
