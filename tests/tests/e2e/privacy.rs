//! Who complains is sealed: article 15.

use duban::place::Service;
use duban_proto::feed::v1::{FollowRequest, feed_service_client::FeedServiceClient};
use duban_proto::intake::v1::{DeliveryOutcome, ReplyOccasion};
use duban_proto::intake::v1::{
    GetCaseRequest, GetSummaryRequest, ListReadingsRequest, ListSummariesRequest, OpenIdentityRequest,
    ReviewSummaryRequest, SubmitSummaryRequest,
};
use e2e::{CENTRE, Journey, Logs, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use sqlx::{AssertSqlSafe, PgPool};
use tonic::Code;

/// Every row of every table of a schema, as text; bytes in hexadecimal.
async fn dump(pool: &PgPool, schema: &str) -> String {
    let tables: Vec<String> = sqlx::query_scalar(
        "select table_name::text from information_schema.tables where table_schema = $1 order by 1",
    )
    .bind(schema)
    .fetch_all(pool)
    .await
    .expect("tables");
    assert!(tables.len() > 5, "{schema}: {tables:?}");
    let mut text = String::new();
    for table in tables {
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(format!("select t::text from {schema}.{table} as t")))
                .fetch_all(pool)
                .await
                .expect("rows");
        text.extend(rows);
    }
    text
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A summary that tells all of the complainant is written, and looked at by the approver. All that its writer is told.
async fn a_telling_summary(world: &World, journey: &Journey<'_>) -> String {
    let case_id = journey.case_id();
    let mut handler = world.officer("handler", SUB_CENTRE, "wu.min").summaries();
    let [name, phone] = [complaints::NAME, complaints::PHONE];
    let text = format!("{name},{phone},{},{}", complaints::ID_NUMBER, complaints::ADDRESS);
    let request =
        SubmitSummaryRequest { request_id: complaints::request_id(), case_id: case_id.clone(), text };
    let sent = handler.submit_summary(request).await.expect("sent").into_inner();
    let summary_id = sent.summary.clone().expect("a summary").summary_id;
    let request_id = complaints::request_id();
    let review =
        ReviewSummaryRequest { request_id, case_id: case_id.clone(), summary_id: summary_id.clone() };
    let mut leader = world.leader(CENTRE).summaries();
    let seen = leader.review_summary(review).await.expect("reviewed").into_inner();
    assert!(seen.text.contains(name) && seen.findings.iter().filter(|one| one.certain).count() >= 4);
    let got = GetSummaryRequest { case_id: case_id.clone(), summary_id };
    let got = handler.get_summary(got).await.expect("it").into_inner();
    let list = ListSummariesRequest { case_id, ..ListSummariesRequest::default() };
    let list = handler.list_summaries(list).await.expect("a list").into_inner();
    let work = leader.list_summaries(ListSummariesRequest::default()).await.expect("a list").into_inner();
    format!("{sent:?}{got:?}{list:?}{work:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_a_planted_identity_is_nowhere_in_clear() {
    let logs = Logs::kept();
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    eventually("the term at intake", async || {
        (journey.at_intake().await.responsible_organ == SUB_CENTRE).then_some(())
    })
    .await;
    let told = a_telling_summary(&world, &journey).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(duban_proto::common::v1::CaseState::Concluded).await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;

    let logged = logs.text();
    assert!(logged.len() > 100, "the services log: {logged}");
    for secret in [complaints::NAME, complaints::PHONE, complaints::ID_NUMBER, complaints::ADDRESS] {
        assert!(!told.contains(secret), "the writer is told {secret}");
        assert!(!logged.contains(secret), "{secret} in a log");
    }
    let admin = world.instance.db().admin_pool().await.expect("a pool");
    for service in Service::ALL {
        let dump = dump(&admin, service.name()).await;
        assert!(dump.contains(&journey.case_id()), "the dump has the case");
        for secret in [complaints::NAME, complaints::PHONE, complaints::ID_NUMBER, complaints::ADDRESS] {
            assert!(!dump.contains(secret), "{secret} in clear at {}", service.name());
            assert!(!dump.contains(&hex(secret)), "{secret} in bytes at {}", service.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_the_working_copy_names_nobody_and_is_all_the_handler_sees() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.reaches(duban_proto::common::v1::CaseState::InHandling).await;
    let mut handler = world.officer("handler", SUB_CENTRE, "wu.min").intake();
    let seen =
        handler.get_case(GetCaseRequest { case_id: journey.case_id() }).await.expect("the case").into_inner();
    assert!(seen.working_copy.contains("居住证明"), "{}", seen.working_copy);
    let all = format!("{seen:?}");
    for secret in [complaints::NAME, complaints::PHONE, complaints::ID_NUMBER] {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_each_reading_of_an_identity_is_on_record() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let open = |purpose: &str| OpenIdentityRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        purpose: purpose.into(),
    };
    let mut desk = world.desk(CENTRE).identity();
    assert_eq!(rejection(desk.open_identity(open("curiosity")).await).fields, ["purpose"]);
    let opened = desk.open_identity(open("contact")).await.expect("opened").into_inner();
    assert_eq!(opened.complainant.expect("a complainant").name, complaints::NAME);

    let handler =
        rejection(world.officer("handler", CENTRE, "wu.min").identity().open_identity(open("contact")).await);
    assert_eq!((handler.code, handler.reason.as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    let elsewhere = rejection(world.desk(SUB_CENTRE).identity().open_identity(open("contact")).await);
    assert_eq!(elsewhere.reason, "CASE_NOT_FOUND");

    let list = ListReadingsRequest { case_id: journey.case_id() };
    let readings =
        world.leader(CENTRE).identity().list_readings(list).await.expect("readings").into_inner().readings;
    let [reading] = readings.as_slice() else { panic!("one reading, got {readings:?}") };
    assert_eq!((reading.reader.as_str(), reading.purpose.as_str()), ("desk.baoshan", "contact"));
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_a_services_role_reaches_its_own_schema_only() {
    let world = World::new().await;
    for (service, other) in [("intake", "routing"), ("routing", "supervision"), ("supervision", "intake")] {
        let pool = world.instance.db().pool(service).await.expect("a pool");
        let own: i64 =
            sqlx::query_scalar("select count(*) from entry").fetch_one(&pool).await.expect("its own");
        assert!(own > 0);
        let query = AssertSqlSafe(format!("select count(*) from {other}.entry"));
        let refused = sqlx::query_scalar::<_, i64>(query).fetch_one(&pool).await.expect_err("another's");
        let code = refused.as_database_error().and_then(sqlx::error::DatabaseError::code);
        assert_eq!(code.as_deref(), Some("42501"), "{service} reads {other}: {refused}");
        let change = sqlx::query("update entry set actor = 'nobody'").execute(&pool).await;
        assert!(change.is_err(), "{service} changed its own ledger");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everywhere_a_feed_is_for_services_only() {
    let world = World::new().await;
    let desk = access::Principal::new("desk", CENTRE, [access::Role::Desk]);
    let channel = world.instance.call(Service::Intake, &desk).await.expect("a channel");
    let refused = rejection(FeedServiceClient::new(channel).follow(FollowRequest::default()).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
}
