//! What becomes of files that nobody finishes, wants, or has.

use std::fs;
use std::time::{Duration, UNIX_EPOCH};

use duban::instance::Running;
use duban::place::Service;
use duban_proto::intake::v1::{
    Attachment, AttachmentState, CaseFilter, Complaint, DecideErasureRequest, ErasureGround,
    ListCasesRequest, RequestErasureRequest,
};
use e2e::{CENTRE, Journey, UNIT, World, complaints, eventually, rejection};
use jiff::SignedDuration;
use ledger::Organ;
use ledger::rebuild::{Mode, rebuild};

use super::photo::photo;
use super::play::{
    File, begun, downloaded, finish, finished, listed, open, pass_on, pdf_like, remove, sent, stands,
};
use super::privacy::stored;

/// Every projection of intake comes out of the ledger as it is.
async fn rebuilds(world: &World) {
    let instance = world.instance.instance().expect("it runs");
    let Some(Running::Intake(intake)) = instance.running(Service::Intake) else { panic!("no intake") };
    let organ = Organ::new(CENTRE).expect("an organ");
    let rebuilt = rebuild(intake.writer(), &organ, Mode::Check).await.expect("rebuilt");
    let table = rebuilt.iter().find(|table| table.table == "attachment").expect("the table");
    assert!(table.rows_after > 0 && rebuilt.iter().all(|table| table.same), "{rebuilt:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_the_bytes_of_a_removed_file_are_deleted_and_the_fact_stays() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, photo) = (world.desk(CENTRE), photo());
    let kept = File::evidence("a.jpg", &photo).uploaded(&journey, &desk).await;
    let file = File::evidence("b.jpg", &photo).uploaded(&journey, &desk).await;
    desk.attachments().pass_on_attachment(pass_on(&file)).await.expect("passed on");
    assert_eq!(stored(&world).len(), 3);
    rebuilds(&world).await;
    let mut unexplained = remove(&file);
    unexplained.reason.clear();
    let refused = rejection(desk.attachments().remove_attachment(unexplained).await);
    assert_eq!(refused.fields, ["reason"]);
    desk.attachments().remove_attachment(remove(&file)).await.expect("removed");
    assert_eq!(rejection(downloaded(&desk, &file, 0).await).reason, "NOTHING_TO_ACT_ON");
    let states = || async { listed(&journey, &desk).await.iter().map(Attachment::state).collect::<Vec<_>>() };
    eventually("the erasure", async || {
        (states().await == [AttachmentState::Received, AttachmentState::Erased]).then_some(())
    })
    .await;
    let left = stored(&world);
    assert!(left.len() == 1 && left[0].display().to_string().contains(&kept.attachment_id), "{left:?}");
    rebuilds(&world).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_an_upload_that_does_not_go_on_is_given_up_after_a_day() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, data) = (world.desk(CENTRE), pdf_like(1_500_000));
    let id = begun(&desk, File::evidence("a.pdf", &data).announced(&journey)).await.expect("announced");
    let id = id.attachment_id;
    sent(&journey, &desk, &id, 0, &data[..1_200_000]).await.expect("stored");
    let photo = photo();
    File::evidence("b.jpg", &photo).uploaded(&journey, &desk).await;
    world.turn(SignedDuration::from_hours(23));
    File::evidence("c.jpg", &photo).uploaded(&journey, &desk).await;
    assert_eq!(stands(&journey, &desk, &id).await.received_bytes, 1 << 20, "a day is not over");

    world.turn(SignedDuration::from_hours(2));
    // Something happens, and the worker looks.
    begun(&desk, File::evidence("d.jpg", &photo).announced(&journey)).await.expect("announced");
    eventually("the upload given up", async || {
        let first = listed(&journey, &desk).await.remove(0);
        (first.state() == AttachmentState::Erased).then_some(())
    })
    .await;
    assert_eq!(stored(&world).len(), 2, "of the two that were finished");
    assert_eq!(
        rejection(sent(&journey, &desk, &id, 1 << 20, &data[1 << 20..]).await).reason,
        "NOTHING_TO_ACT_ON"
    );
    assert_eq!(rejection(finished(&desk, finish(&journey, &id)).await).reason, "NOTHING_TO_ACT_ON");
    rebuilds(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_objects_of_no_file_are_deleted_and_a_file_without_objects_says_so() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, photo) = (world.desk(CENTRE), photo());
    let file = File::evidence("a.jpg", &photo).uploaded(&journey, &desk).await;
    desk.attachments().pass_on_attachment(pass_on(&file)).await.expect("passed on");
    // A copy of which no entry tells, a file of no row, and what is of another instance that shares the storage.
    let folder = world.instance.files().join(CENTRE).join(journey.case_id());
    let nobody = complaints::request_id();
    let strays = [folder.join(&file.attachment_id).join(&nobody), folder.join(&nobody).join(&nobody)];
    let elsewhere = world.instance.files().join("elsewhere").join(&nobody).join(&nobody).join(&nobody);
    for folder in strays.iter().chain([&elsewhere]) {
        fs::create_dir_all(folder).expect("a folder");
        fs::write(folder.join("00000000"), b"stray").expect("an object");
        let object = fs::File::options().write(true).open(folder.join("00000000")).expect("an object");
        // Well before the clock of the services.
        let written = UNIX_EPOCH + Duration::from_hours(490_896);
        object.set_modified(written).expect("a time");
    }
    world.turn(SignedDuration::from_hours(25));
    begun(&desk, File::evidence("b.jpg", &photo).announced(&journey)).await.expect("announced");
    eventually("the strays gone", async || {
        let left = strays.iter().any(|stray| stray.join("00000000").exists());
        (!left).then_some(())
    })
    .await;
    assert!(elsewhere.join("00000000").exists(), "what is of no organ here is left alone");
    assert!(downloaded(&desk, &file, 0).await.is_ok(), "and so are the parts of files");

    fs::remove_dir_all(folder.join(&file.attachment_id)).expect("lost");
    let lost = rejection(downloaded(&desk, &file, 0).await);
    assert_eq!(lost.reason, "NOTHING_TO_ACT_ON");
    assert!(lost.metadata.contains(&("what".to_owned(), "attachment_bytes".to_owned())), "{lost:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_files_and_search_words_go_with_an_erased_identity() {
    let world = World::new().await;
    let complaint =
        Complaint { text: "集贸市场夜间噪声扰民。".into(), ..complaints::about_a_clerk(UNIT) };
    let journey = Journey::accepted(&world, CENTRE, complaint).await;
    let (desk, photo) = (world.desk(CENTRE), photo());
    let file = File::evidence("a.jpg", &photo).uploaded(&journey, &desk).await;
    desk.attachments().pass_on_attachment(pass_on(&file)).await.expect("passed on");
    let list = ListCasesRequest {
        filter: Some(CaseFilter { text: "夜间噪声".into(), ..CaseFilter::default() }),
        ..ListCasesRequest::default()
    };
    let found = || async { desk.intake().list_cases(list.clone()).await.expect("a list").into_inner().cases };
    eventually("the text in the index", async || (found().await.len() == 1).then_some(())).await;

    let ask = RequestErasureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        ground: ErasureGround::ConsentWithdrawn.into(),
    };
    let demand = desk.retention().request_erasure(ask).await.expect("taken in").into_inner();
    let decide = DecideErasureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        demand_id: demand.demand_id,
        granted: true,
    };
    world.leader(CENTRE).retention().decide_erasure(decide).await.expect("granted");
    assert!(found().await.is_empty());
    let opened = desk.attachments().open_original(open(&file, "verify")).await;
    assert_eq!(rejection(opened.map(|_| ())).reason, "ERASED");
    let begin = File::evidence("b.jpg", &photo).announced(&journey);
    assert_eq!(rejection(begun(&desk, begin).await).reason, "ERASED");
    eventually("the erasure", async || {
        let files = listed(&journey, &desk).await;
        files.iter().all(|file| file.state() == AttachmentState::Erased).then_some(())
    })
    .await;
    assert!(stored(&world).is_empty());
    rebuilds(&world).await;
    world.ledgers_verify().await;
}
