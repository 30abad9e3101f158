//! What is sealed, what is passed on, and who sees which: article 15.

use std::path::PathBuf;

use duban_proto::intake::v1::{AttachmentKind, ListReadingsRequest, PassingOn};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use jiff::SignedDuration;
use sqlx::AssertSqlSafe;
use tonic::Code;
use uuid::Uuid;

use super::photo::{PICTURE, PLACE, has, photo};
use super::play::{
    File, begun, downloaded, finish, finished, listed, open, opened, pass_on, pdf_like, sent, sha256,
    uploaded,
};

/// Every file below the folder of attachments.
pub(super) fn stored(world: &World) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![world.instance.files().to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

async fn readings(journey: &Journey<'_>, leader: &Officer) -> Vec<(String, String)> {
    let request = ListReadingsRequest { case_id: journey.case_id() };
    let readings = leader.identity().list_readings(request).await.expect("readings").into_inner().readings;
    readings.into_iter().map(|reading| (reading.reader, reading.purpose)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_who_handles_the_case_sees_the_picture_and_nothing_of_who_took_it() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, photo) = (world.desk(CENTRE), photo());
    let file = File::evidence("章槐序拍的.jpg", &photo).uploaded(&journey, &desk).await;
    assert_eq!((file.passing_on(), file.file_name.as_str()), (PassingOn::Possible, "attachment-1.jpg"));

    let handler = world.officer("handler", SUB_CENTRE, "wu.min");
    eventually("the case at the sub-centre", async || {
        let request = duban_proto::intake::v1::GetCaseRequest { case_id: journey.case_id() };
        handler.intake().get_case(request).await.ok()
    })
    .await;
    assert_eq!(listed(&journey, &handler).await, [], "not passed on yet");
    assert_eq!(rejection(downloaded(&handler, &file, 0).await).reason, "NOTHING_TO_ACT_ON");
    let passed = desk.attachments().pass_on_attachment(pass_on(&file)).await.expect("passed on").into_inner();
    assert_eq!(passed.attachment.expect("a file").passing_on(), PassingOn::Done);

    let seen = listed(&journey, &handler).await;
    let [seen] = seen.as_slice() else { panic!("one file, got {seen:?}") };
    assert_eq!((seen.size, seen.begun_by.as_str()), (0, ""), "the original's are not told");
    let (head, copy) = downloaded(&handler, seen, 0).await.expect("the copy");
    assert!(has(&copy, PICTURE) && copy.starts_with(&[0xff, 0xd8]));
    for secret in [PLACE, complaints::NAME, "Exif"] {
        assert!(has(&photo, secret.as_bytes()), "{secret} was in the original");
        assert!(!has(&copy, secret.as_bytes()), "{secret} is in the copy");
        assert!(!format!("{head:?} {seen:?}").contains(secret), "{secret} is told");
    }
    assert_eq!((head.size, head.sha256.to_vec()), (copy.len() as u64, sha256(&copy)));
    assert_eq!(downloaded(&handler, seen, 10).await.expect("the rest").1, copy[10..]);
    let past = rejection(downloaded(&handler, seen, head.size + 1).await);
    assert_eq!(past.fields, ["offset"]);

    let original = rejection(opened(&handler, open(&file, "verify")).await);
    assert_eq!((original.code, original.reason.as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    let elsewhere = rejection(opened(&world.desk(SUB_CENTRE), open(&file, "verify")).await);
    assert_eq!(elsewhere.reason, "CASE_NOT_FOUND");
    let stranger = world.officer("handler", e2e::OTHER_SUB_CENTRE, "li.na");
    assert_eq!(rejection(downloaded(&stranger, &file, 0).await).reason, "CASE_NOT_FOUND");
    let request = duban_proto::intake::v1::GetCaseRequest { case_id: journey.case_id() };
    let case = handler.intake().get_case(request).await.expect("the case").into_inner();
    let told: Vec<_> = case.timeline.iter().filter(|entry| entry.kind.starts_with("attachment")).collect();
    assert_eq!(told.iter().map(|entry| entry.kind.as_str()).collect::<Vec<_>>(), ["attachment_passed_on"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_each_reading_of_an_original_is_on_record() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, leader, photo) = (world.desk(CENTRE), world.leader(CENTRE), photo());
    let file = File::evidence("章槐序拍的.jpg", &photo).uploaded(&journey, &desk).await;
    assert_eq!(rejection(opened(&desk, open(&file, "curiosity")).await).fields, ["purpose"]);
    assert_eq!(readings(&journey, &leader).await, []);
    let request = open(&file, "verify");
    let (head, original) = opened(&desk, request.clone()).await.expect("the original");
    assert!(original == photo && head.file_name == "章槐序拍的.jpg");
    let mut resumed = request.clone();
    resumed.offset = 7;
    assert_eq!(opened(&desk, resumed).await.expect("the rest").1, photo[7..]);
    let once = [("desk.baoshan".to_owned(), "attachment_verify".to_owned())];
    assert_eq!(readings(&journey, &leader).await, once, "going on is the same reading");

    world.turn(SignedDuration::from_hours(1));
    let late = rejection(opened(&desk, request).await);
    assert_eq!(late.reason, "REQUEST_ID_REUSED");
    opened(&leader, open(&file, "redact")).await.expect("the original");
    assert_eq!(readings(&journey, &leader).await.len(), 2);
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_of_a_letter_only_a_blacked_out_scan_is_passed_on() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, photo) = (world.desk(CENTRE), photo());
    let scan = File { kind: AttachmentKind::NarrativeScan, name: "信.jpg", data: &photo };
    let letter = scan.uploaded(&journey, &desk).await;
    assert_eq!(letter.passing_on(), PassingOn::ShowsComplainant);
    let refused = rejection(desk.attachments().pass_on_attachment(pass_on(&letter)).await);
    let articles = vec!["article 15".to_owned()];
    assert_eq!((refused.reason.as_str(), refused.articles), ("REGULATION_FORBIDS", articles));

    let mut request = scan.announced(&journey);
    request.redacts = letter.attachment_id.clone();
    let redacted = uploaded(&journey, &desk, request, &photo).await.expect("uploaded");
    assert_eq!((redacted.passing_on(), &redacted.redacts), (PassingOn::Possible, &letter.attachment_id));
    desk.attachments().pass_on_attachment(pass_on(&redacted)).await.expect("passed on");
    // Not of a blacked-out one, and not of a file of another case.
    let mut again = scan.announced(&journey);
    again.redacts = redacted.attachment_id;
    assert_eq!(rejection(begun(&desk, again).await).reason, "NOTHING_TO_ACT_ON");
    let other = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let mut elsewhere = scan.announced(&other);
    elsewhere.redacts = letter.attachment_id;
    assert_eq!(rejection(begun(&desk, elsewhere).await).reason, "NOTHING_TO_ACT_ON");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_what_can_not_be_cleaned_is_not_passed_on() {
    let mut settings = duban::testing::TestSettings::new().expect("the samples' organs");
    settings.config.attachments.clean_bytes = 5_000;
    let world = World::with(settings).await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let desk = world.desk(CENTRE);
    let mut wave = b"RIFF\0\0\0\0WAVEfmt ".to_vec();
    wave.resize(3000, 0);
    let (broken, large) = (pdf_like(3000), pdf_like(6000));
    let cases = [
        (wave.as_slice(), PassingOn::TypeNotCleaned),
        (large.as_slice(), PassingOn::TooLarge),
        (broken.as_slice(), PassingOn::Possible),
    ];
    for (data, passing_on) in cases {
        let file = File::evidence("a", data).uploaded(&journey, &desk).await;
        assert_eq!(file.passing_on(), passing_on);
        let refused = rejection(desk.attachments().pass_on_attachment(pass_on(&file)).await);
        assert_eq!(refused.reason, "REGULATION_FORBIDS", "{passing_on:?}");
        assert!(refused.chinese);
        assert_eq!(rejection(downloaded(&desk, &file, 0).await).reason, "NOTHING_TO_ACT_ON");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_a_file_is_sealed_in_the_storage_and_gone_with_the_key_of_its_case() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let (desk, photo) = (world.desk(CENTRE), photo());
    let file = File::evidence("章槐序拍的.jpg", &photo).uploaded(&journey, &desk).await;
    desk.attachments().pass_on_attachment(pass_on(&file)).await.expect("passed on");
    let objects = stored(&world);
    assert_eq!(objects.len(), 2, "{objects:?}");
    for object in &objects {
        let bytes = std::fs::read(object).expect("an object");
        for secret in [PICTURE, PLACE.as_bytes(), complaints::NAME.as_bytes()] {
            assert!(!has(&bytes, secret), "in clear in {}", object.display());
        }
    }
    let admin = world.instance.db().admin_pool().await.expect("a pool");
    for table in ["entry", "attachment", "content"] {
        let rows = AssertSqlSafe(format!("select t::text from intake.{table} as t"));
        let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(&admin).await.expect("rows");
        let name = hex("拍的.jpg".as_bytes());
        let hash = hex(&sha256(&photo));
        assert!(!rows.is_empty());
        assert!(!rows.iter().any(|row| row.contains("拍的") || row.contains(&name)), "the name, in {table}");
        assert!(!rows.iter().any(|row| row.contains(&hash)), "the hash, in {table}");
    }

    let case_id: Uuid = journey.case_id().parse().expect("an id");
    let forget = sqlx::query("delete from intake.case_key where case_id = $1").bind(case_id);
    assert_eq!(forget.execute(&admin).await.expect("forgotten").rows_affected(), 1);
    assert_eq!(rejection(downloaded(&desk, &file, 0).await).reason, "CASE_NOT_FOUND");
    assert_eq!(rejection(opened(&desk, open(&file, "verify")).await).reason, "CASE_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_9_an_agency_uploads_to_its_own_submissions_only() {
    let world = World::new().await;
    let agency = world.agency(CENTRE);
    let request = complaints::submit(complaints::about_a_clerk(UNIT));
    let receipt = agency.intake().submit_complaint(request).await.expect("taken in").into_inner();
    let own = Journey { world: &world, organ: CENTRE.into(), receipt };
    let others = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let photo = photo();
    let file = File::evidence("a.jpg", &photo);
    assert_eq!(rejection(begun(&agency, file.announced(&others)).await).reason, "CASE_NOT_FOUND");
    let desks = begun(&world.desk(CENTRE), file.announced(&others)).await.expect("announced").attachment_id;
    assert_eq!(rejection(sent(&others, &agency, &desks, 0, &photo).await).reason, "CASE_NOT_FOUND");
    // Nor by naming it under a case of its own.
    assert_eq!(rejection(sent(&own, &agency, &desks, 0, &photo).await).reason, "NOTHING_TO_ACT_ON");
    assert_eq!(rejection(finished(&agency, finish(&own, &desks)).await).reason, "NOTHING_TO_ACT_ON");
    file.uploaded(&own, &agency).await;
}
