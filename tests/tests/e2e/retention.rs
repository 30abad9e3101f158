//! How long cases are kept, and that nobody comes back who was erased: articles 15 and 16.

use std::fs;

use duban::instance::Running;
use duban::place::Service;
use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    DecideDisposalRequest, DecideDisposalResponse, DecideErasureRequest, DeclineCaseRequest, DeliveryOutcome,
    ErasureGround, GetCaseRequest, GetCaseResponse, LinkCasesRequest, LinkKind, ListGrantsRequest,
    ListRetentionRequest, OpenIdentityRequest, ProposeDisposalRequest, ProposeMasksRequest, ReplyOccasion,
    RequestErasureRequest, RequestGrantRequest, Retention, RetentionStage,
};
use duban_proto::routing::v1::{
    ArchiveCaseRequest, AskGuidanceRequest, GetCaseworkRequest, GiveGuidanceRequest, Guidance,
    InstrumentKind, ListGuidanceRequest, ReceivedInstrumentState,
};
use duban_proto::supervision::v1::{ListExtensionsRequest, RequestExtensionRequest};
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use ledger::rebuild::{self, Mode};
use ledger::{Domain, Writer};
use sqlx::{AssertSqlSafe, PgPool};
use tonic::Code;

/// After ten years, counted from the year after.
const DUE: &str = "2037-01-05 09:00";
/// After thirty.
const DUE_IF_FOUNDED: &str = "2057-01-05 09:00";

async fn admin(world: &World) -> PgPool {
    world.instance.db().admin_pool().await.expect("a pool")
}

/// Rows of a table about a case.
async fn rows(pool: &PgPool, table: &str, case_id: &str) -> i64 {
    let query = AssertSqlSafe(format!("select count(*) from {table} where case_id = '{case_id}'::uuid"));
    sqlx::query_scalar(query).fetch_one(pool).await.expect("rows")
}

/// What is there of a case beside the ledgers, in all services.
async fn left(pool: &PgPool, case_id: &str) -> Vec<(&'static str, i64)> {
    let tables = [
        "intake.case_key",
        "intake.content",
        "intake.sealed_identity",
        "intake.blind_index",
        "routing.case_key",
        "routing.content",
        "supervision.case_key",
        "supervision.content",
    ];
    let mut left = Vec::new();
    for table in tables {
        left.push((table, rows(pool, table, case_id).await));
    }
    left.retain(|(_, rows)| *rows > 0);
    left
}

/// A declined complaint.
async fn declined(world: &World) -> Journey<'_> {
    let journey = Journey::registered(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let request = DeclineCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        ground: "special_law".into(),
        explanation: "应按专门规定处理。".into(),
    };
    world.desk(CENTRE).intake().decline_case(request).await.expect("declined");
    journey
}

/// A case that a sub-centre handled, with an extension asked for, told and archived.
async fn archived(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    journey.acknowledge(SUB_CENTRE).await;
    let term = journey.at(SUB_CENTRE).await.current_term;
    eventually("the term's clock", async || {
        let ask = RequestExtensionRequest {
            request_id: complaints::request_id(),
            case_id: journey.case_id(),
            term,
            length: "20 workdays".into(),
            reason: "案情复杂,需要外调。".into(),
        };
        let asked = world.leader(SUB_CENTRE).supervision().request_extension(ask).await;
        asked.ok()
    })
    .await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    journey.at_when(CENTRE, "the reply at routing", |case| case.replied).await;
    let archive = ArchiveCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        retention_years: 10,
    };
    world.archivist(CENTRE).casework().archive_case(archive).await.expect("archived");
    journey.reaches(CaseState::Archived).await;
    journey
}

async fn listed(world: &World, stage: RetentionStage) -> Vec<Retention> {
    let request = ListRetentionRequest { stage: stage.into(), ..ListRetentionRequest::default() };
    world.archivist(CENTRE).retention().list_retention(request).await.expect("a list").into_inner().cases
}

fn propose(journey: &Journey<'_>) -> ProposeDisposalRequest {
    ProposeDisposalRequest { request_id: complaints::request_id(), case_ids: vec![journey.case_id()] }
}

/// Proposed by the archivist, approved by the leader.
async fn disposed(world: &World, journey: &Journey<'_>) -> DecideDisposalResponse {
    let proposed = world.archivist(CENTRE).retention().propose_disposal(propose(journey)).await;
    let list_id = proposed.expect("proposed").into_inner().list_id;
    let decide = DecideDisposalRequest { request_id: complaints::request_id(), list_id, approved: true };
    let mut leader = world.leader(CENTRE).retention();
    let answer = leader.decide_disposal(decide.clone()).await.expect("approved").into_inner();
    let again = leader.decide_disposal(decide).await.expect("the same answer").into_inner();
    assert_eq!(answer, again);
    answer
}

async fn looked_at(world: &World, journey: &Journey<'_>) -> GetCaseResponse {
    let request = GetCaseRequest { case_id: journey.case_id() };
    world.desk(CENTRE).intake().get_case(request).await.expect("the facts").into_inner()
}

fn open(journey: &Journey<'_>) -> OpenIdentityRequest {
    OpenIdentityRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        purpose: "contact".into(),
    }
}

async fn is_erased(world: &World, journey: &Journey<'_>, what: &str, article: &str) {
    let refused = rejection(world.desk(CENTRE).identity().open_identity(open(journey)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "ERASED"));
    assert_eq!(refused.articles, [format!("article {article}")]);
    let told =
        |key: &str| refused.metadata.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
    assert_eq!(told("what").as_deref(), Some(what));
    assert!(told("erased_at").is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()));
}

/// Every projection is what its ledger says.
pub(crate) async fn projections_hold(world: &World) {
    async fn check<D: Domain>(writer: &Writer<D>) {
        for organ in rebuild::organs(writer).await.expect("organs") {
            for table in rebuild::rebuild(writer, &organ, Mode::Check).await.expect("rebuilt") {
                assert!(table.same, "{table:?}");
            }
        }
    }
    for service in Service::ALL {
        match world.instance.instance().and_then(|instance| instance.running(service)).expect("running") {
            Running::Intake(intake) => check(intake.writer()).await,
            Running::Routing(routing) => check(routing.writer()).await,
            Running::Supervision(supervision) => check(supervision.writer()).await,
        }
    }
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_what_is_due_is_disposed_of_by_two_persons_and_no_service_can_open_anything_of_it() {
    let world = World::new().await;
    let journey = archived(&world).await;
    let pool = admin(&world).await;
    let before = left(&pool, &journey.case_id()).await;
    assert_eq!(before.len(), 8, "every service keeps something: {before:?}");
    assert!(listed(&world, RetentionStage::Kept).await.is_empty());
    let early = rejection(world.archivist(CENTRE).retention().propose_disposal(propose(&journey)).await);
    assert_eq!(
        (early.reason.as_str(), early.articles),
        ("REGULATION_FORBIDS", vec!["article 16".to_owned()])
    );

    // Founded: thirty years, although the archivist filed it for ten.
    world.turn_to(DUE_IF_FOUNDED);
    let due = listed(&world, RetentionStage::Kept).await;
    let [due] = due.as_slice() else { panic!("one is due: {due:?}") };
    assert_eq!((due.case_id.clone(), due.years), (journey.case_id(), 30));
    let mut desk = world.desk(CENTRE).retention();
    assert_eq!(rejection(desk.propose_disposal(propose(&journey)).await).reason, "ROLE_NOT_ALLOWED");
    let mut archivist = world.archivist(CENTRE).retention();
    let list = archivist.propose_disposal(propose(&journey)).await.expect("proposed").into_inner();
    let decide = |approved| DecideDisposalRequest {
        request_id: complaints::request_id(),
        list_id: list.list_id.clone(),
        approved,
    };
    let both = world.officer("leader", CENTRE, &format!("archivist.{CENTRE}"));
    assert_eq!(rejection(both.retention().decide_disposal(decide(true)).await).reason, "PERSON_EXCLUDED");
    world.leader(CENTRE).retention().decide_disposal(decide(false)).await.expect("kept");
    assert_eq!(disposed(&world, &journey).await.erased, 1);

    is_erased(&world, &journey, "case", "16").await;
    eventually("nothing is left anywhere", async || {
        let left = left(&pool, &journey.case_id()).await;
        left.is_empty().then_some(())
    })
    .await;
    assert_eq!(listed(&world, RetentionStage::Erased).await.len(), 1);
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_the_facts_of_an_erased_case_stay_and_what_was_written_is_told_as_erased() {
    let world = World::new().await;
    let journey = archived(&world).await;
    world.turn_to(DUE_IF_FOUNDED);
    disposed(&world, &journey).await;
    let case = looked_at(&world, &journey).await;
    let summary = case.case.expect("a case");
    assert_eq!((summary.state(), summary.number.is_empty()), (CaseState::Archived, false));
    assert_eq!(case.working_copy, "");
    let retention = case.retention.expect("a retention");
    assert_eq!(retention.stage(), RetentionStage::Erased);
    assert!(retention.erased_at.is_some());
    assert!(case.timeline.iter().any(|line| line.kind == "case_erased"));

    let masks = ProposeMasksRequest { case_id: journey.case_id() };
    assert_eq!(rejection(world.desk(CENTRE).intake().propose_masks(masks).await).reason, "ERASED");
    let ask = RequestGrantRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        purpose: "verify".into(),
        reason: "需当面核对".into(),
    };
    assert_eq!(rejection(world.leader(CENTRE).identity().request_grant(ask).await).reason, "ERASED");
    let grants = ListGrantsRequest { case_id: journey.case_id() };
    world.leader(CENTRE).identity().list_grants(grants).await.expect("a list");

    eventually("the casework is erased", async || {
        let look = GetCaseworkRequest { case_id: journey.case_id(), term: 0 };
        let casework =
            world.leader(SUB_CENTRE).casework().get_casework(look).await.expect("facts").into_inner();
        casework.erased_at?;
        assert!(
            casework.records.iter().all(|record| record.text.is_empty() && !record.investigators.is_empty())
        );
        assert!(casework.dispositions.iter().all(|form| form.report.is_empty() && form.opinion.is_empty()));
        Some(())
    })
    .await;
    eventually("the reason of the extension is erased", async || {
        let list = ListExtensionsRequest::default();
        let extensions =
            world.leader(SUB_CENTRE).supervision().list_extensions(list).await.expect("a list").into_inner();
        let [extension] = extensions.extensions.as_slice() else { panic!("one extension: {extensions:?}") };
        extension.reason.is_empty().then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_case_linked_to_an_open_one_is_not_due() {
    let world = World::new().await;
    let journey = declined(&world).await;
    world.turn_to(DUE);
    assert_eq!(listed(&world, RetentionStage::Kept).await.len(), 1);
    let open = Journey::registered(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let link = LinkCasesRequest {
        request_id: complaints::request_id(),
        case_id: open.case_id(),
        other_case_id: journey.case_id(),
        kind: LinkKind::Repeated.into(),
    };
    world.desk(CENTRE).intake().link_cases(link).await.expect("linked");
    assert!(listed(&world, RetentionStage::Kept).await.is_empty());
    let refused = rejection(world.archivist(CENTRE).retention().propose_disposal(propose(&journey)).await);
    assert_eq!(refused.reason, "REGULATION_FORBIDS");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_15_an_identity_is_erased_on_demand_by_two_persons_and_the_case_goes_on() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let copy = looked_at(&world, &journey).await.working_copy;
    assert!(!copy.is_empty());
    let ask = |ground: ErasureGround| RequestErasureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        ground: ground.into(),
    };
    let mut desk = world.desk(CENTRE).retention();
    assert_eq!(rejection(desk.request_erasure(ask(ErasureGround::RetentionEnded)).await).fields, ["ground"]);
    let demand = desk.request_erasure(ask(ErasureGround::ConsentWithdrawn)).await.expect("taken in");
    let decide = DecideErasureRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        demand_id: demand.into_inner().demand_id,
        granted: true,
    };
    let own = world.officer("leader", CENTRE, &format!("desk.{CENTRE}"));
    assert_eq!(rejection(own.retention().decide_erasure(decide.clone()).await).reason, "PERSON_EXCLUDED");
    let granted =
        world.leader(CENTRE).retention().decide_erasure(decide).await.expect("granted").into_inner();
    let retention = granted.retention.expect("a retention");
    assert_eq!(retention.identity_stage(), RetentionStage::Erased);

    is_erased(&world, &journey, "identity", "15").await;
    let pool = admin(&world).await;
    for table in ["intake.sealed_identity", "intake.blind_index"] {
        assert_eq!(rows(&pool, table, &journey.case_id()).await, 0, "{table}");
    }
    let kinds: Vec<String> =
        sqlx::query_scalar("select kind from intake.content").fetch_all(&pool).await.expect("kinds");
    assert_eq!(kinds, ["working_copy"], "nothing stays that may name somebody");
    assert_eq!(looked_at(&world, &journey).await.working_copy, copy);

    journey.acknowledge(SUB_CENTRE).await;
    journey.handle(SUB_CENTRE).await;
    journey.reaches(CaseState::Concluded).await;
    projections_hold(&world).await;
}

/// Copies every table, or puts the copies back.
async fn copy(pool: &PgPool, back: bool) {
    for service in Service::ALL.map(Service::name) {
        let tables: Vec<String> = sqlx::query_scalar(
            "select table_name::text from information_schema.tables where table_schema = $1 order by 1",
        )
        .bind(service)
        .fetch_all(pool)
        .await
        .expect("tables");
        let begin = (!back).then(|| format!("create schema backup_{service}"));
        let statement = |table: String| {
            let (own, backup) = (format!("{service}.{table}"), format!("backup_{service}.{table}"));
            if back {
                format!("truncate {own}; insert into {own} table {backup}")
            } else {
                format!("create table {backup} as table {own}")
            }
        };
        let statements: Vec<String> = begin.into_iter().chain(tables.into_iter().map(statement)).collect();
        let statements = statements.join(";");
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(pool).await.expect("copied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_restored_backup_brings_nobody_back() {
    let mut world = World::new().await;
    let pool = admin(&world).await;
    let journey = archived(&world).await;
    let case_id = journey.case_id();
    world.turn_to(DUE_IF_FOUNDED);
    copy(&pool, false).await;
    disposed(&world, &journey).await;
    eventually("nothing is left", async || left(&pool, &case_id).await.is_empty().then_some(())).await;

    let receipt = journey.receipt.clone();
    world.instance.halt().await.expect("stopped");
    copy(&pool, true).await;
    assert_eq!(left(&pool, &case_id).await.len(), 8, "the backup has everything");
    world.instance.run().await.expect("started");
    // Before anybody could call anything.
    assert_eq!(left(&pool, &case_id).await, []);

    let journey = Journey { world: &world, organ: CENTRE.into(), receipt };
    is_erased(&world, &journey, "case", "16").await;
    assert_eq!(looked_at(&world, &journey).await.working_copy, "");
    // The ledger that was brought back tells of it again, and so do those that follow it.
    eventually("the ledger tells of it", async || {
        let retention = looked_at(&world, &journey).await.retention?;
        (retention.stage() == RetentionStage::Erased).then_some(())
    })
    .await;
    eventually("routing and supervision tell of it", async || {
        let untold: i64 = sqlx::query_scalar(
            "select (select count(*) from routing.erasure where not told)
                  + (select count(*) from supervision.erasure where not told)",
        )
        .fetch_one(&pool)
        .await
        .expect("a count");
        (untold == 0).then_some(())
    })
    .await;
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_an_erasure_list_that_was_cut_or_changed_stops_the_start() {
    let mut world = World::new().await;
    let journey = declined(&world).await;
    let (case_id, path) = (journey.case_id(), world.instance.erasure_list());
    world.turn_to(DUE);
    disposed(&world, &journey).await;
    let list = fs::read_to_string(&path).expect("the list");
    assert!(list.contains(&case_id) && !list.contains(complaints::NAME));
    world.instance.halt().await.expect("stopped");
    let head = format!("{}.head", path.display());

    fs::write(&path, "").expect("cut");
    let error = world.instance.run().await.expect_err("a cut list").to_string();
    assert!(error.contains("was cut"), "{error}");
    fs::write(&path, list.replacen(CENTRE, SUB_CENTRE, 1)).expect("changed");
    let error = world.instance.run().await.expect_err("a changed list").to_string();
    assert!(error.contains("was changed at line 1"), "{error}");
    // Both files are gone: the database knows that there was a line.
    fs::remove_file(&path).expect("removed");
    fs::remove_file(head).expect("removed");
    let error = world.instance.run().await.expect_err("no list");
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(format!("{error} {cause}").contains("was cut"), "{error}: {cause}");

    fs::write(&path, list).expect("put back");
    world.instance.run().await.expect("started");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_nothing_is_deleted_before_it_is_listed_and_nobody_reads_it_meanwhile() {
    let world = World::new().await;
    let pool = admin(&world).await;
    let (journey, path) = (declined(&world).await, world.instance.erasure_list());
    let aside = path.with_extension("aside");
    fs::rename(&path, &aside).expect("put aside");
    fs::create_dir(&path).expect("in its way");
    world.turn_to(DUE);
    assert_eq!(disposed(&world, &journey).await.erased, 1);
    assert_eq!(left(&pool, &journey.case_id()).await.len(), 4, "all that intake keeps");
    is_erased(&world, &journey, "case", "16").await;
    let masks = ProposeMasksRequest { case_id: journey.case_id() };
    assert_eq!(rejection(world.desk(CENTRE).intake().propose_masks(masks).await).reason, "ERASED");
    let retention = looked_at(&world, &journey).await.retention.expect("a retention");
    assert_eq!((retention.stage(), retention.erased_at), (RetentionStage::Decided, None));

    fs::remove_dir(&path).expect("out of its way");
    fs::rename(&aside, &path).expect("put back");
    eventually("it is erased", async || left(&pool, &journey.case_id()).await.is_empty().then_some(())).await;
    assert!(fs::read_to_string(&path).expect("the list").contains(&journey.case_id()));
}

async fn guidance(officer: &Officer) -> Vec<Guidance> {
    let answer = officer.transfers().list_guidance(ListGuidanceRequest::default()).await.expect("a list");
    answer.into_inner().guidance
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_what_other_organs_wrote_for_a_case_goes_with_it_and_what_is_general_stays() {
    let world = World::new().await;
    let journey = archived(&world).await;
    let mut desk = world.desk(SUB_CENTRE).transfers();
    for case_id in [journey.case_id(), String::new()] {
        let question = "派遣人员算不算被投诉人?".into();
        let ask = AskGuidanceRequest { request_id: complaints::request_id(), case_id, question };
        desk.ask_guidance(ask).await.expect("asked");
    }
    let leader = world.leader(CENTRE);
    let asked =
        eventually("both questions", async || Some(guidance(&leader).await).filter(|asked| asked.len() == 2))
            .await;
    for one in &asked {
        let give = GiveGuidanceRequest {
            request_id: complaints::request_id(),
            guidance_id: one.guidance_id.clone(),
            answer: "属于。".into(),
        };
        leader.transfers().give_guidance(give).await.expect("given");
    }
    let kind = InstrumentKind::OrderDuty;
    crate::exchange::issued(&world, &journey.case_id(), kind, OTHER_SUB_CENTRE).await;
    let handler = world.officer("handler", OTHER_SUB_CENTRE, "qian.yi");
    let came = crate::exchange::received(&handler, ReceivedInstrumentState::Received).await;
    handler.received().answer_instrument(crate::exchange::answer(&came, "已履行。")).await.expect("answered");

    world.turn_to(DUE_IF_FOUNDED);
    disposed(&world, &journey).await;
    // A token lasts for hours, not for decades.
    let handler = world.officer("handler", OTHER_SUB_CENTRE, "qian.yi");
    let leader = world.leader(CENTRE);
    eventually("the answers are erased", async || {
        let left = crate::exchange::read(&handler, &came).await;
        let gone = left.erased_at.is_some() && left.text.is_empty() && left.answers[0].text.is_empty();
        let answers: Vec<String> = guidance(&leader)
            .await
            .into_iter()
            .filter(|one| one.case_id == journey.case_id())
            .map(|one| one.answer)
            .collect();
        (gone && answers == [""]).then_some(())
    })
    .await;
    let general: Vec<Guidance> =
        guidance(&leader).await.into_iter().filter(|one| one.case_id.is_empty()).collect();
    assert_eq!(general[0].answer, "属于。", "it speaks of the rules");
    let refused =
        rejection(handler.received().answer_instrument(crate::exchange::answer(&came, "再答复。")).await);
    assert!(["ERASED", "INSTRUMENT_STATE"].contains(&refused.reason.as_str()), "{refused:?}");
    let pool = admin(&world).await;
    eventually("nothing is left", async || left(&pool, &journey.case_id()).await.is_empty().then_some(()))
        .await;
    projections_hold(&world).await;
}
