//! The directory changes on a day, and open cases follow: article 4.

use duban_proto::common::v1::{CaseState, Organ, OrganKind};
use duban_proto::intake::v1::{
    AcceptCaseRequest, ConfirmMasksRequest, DeliveryOutcome, GetCaseRequest, ListRepliesRequest,
    ProposeMasksRequest, ReplyOccasion, SendReplyRequest,
};
use duban_proto::routing::v1::organ_change::What;
use duban_proto::routing::v1::preview_change_request::Subject;
use duban_proto::routing::v1::{
    ArchiveCaseRequest, CancelChangeRequest, ChangeState, ExportOrgansRequest, GetOrganHistoryRequest,
    GetOrganRequest, ImportOrgansRequest, ListChangesRequest, OrganChange, OrganClosing, OrganFormat,
    OrganMerge, OrganPart, OrganRename, OrganSplit, PlanChangeRequest, PlannedChange, PreviewChangeRequest,
    TermState,
};
use duban_proto::supervision::v1::{Clock, ClockKind};
use e2e::{
    CENTRE, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection,
};
use tonic::{Code, Status};

/// A third sub-centre: 杨行镇.
const THIRD: &str = "baoshan.yanghang";

fn keeper(world: &World) -> Officer {
    world.officer("directory_admin", CENTRE, "admin.baoshan")
}

fn on(day: &str, what: What) -> OrganChange {
    OrganChange { effective_on: day.into(), document: "宝府办〔2026〕12号".into(), what: Some(what) }
}

fn closing(organ: &str, successor: &str) -> What {
    What::Closing(OrganClosing { organ: organ.into(), successor: successor.into() })
}

async fn try_plan(world: &World, change: OrganChange) -> Result<PlannedChange, Status> {
    let request = PlanChangeRequest { request_id: complaints::request_id(), change: Some(change) };
    let planned = keeper(world).directory().plan_change(request).await?;
    Ok(planned.into_inner().change.expect("a change"))
}

async fn plan(world: &World, change: OrganChange) -> PlannedChange {
    try_plan(world, change).await.expect("planned")
}

async fn organ(world: &World, code: &str) -> Organ {
    let request = GetOrganRequest { code: code.into() };
    let answer = world.desk(CENTRE).directory().get_organ(request).await.expect("an organ");
    answer.into_inner().organ.expect("an organ")
}

/// Waits until the organ is closed, as routing and the caller's intake know it.
async fn is_closed(world: &World, code: &str, successor: &str) {
    eventually("the closing", async || (organ(world, code).await.successor == successor).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_4_on_the_day_an_organ_is_closed_open_cases_follow_to_its_successor() {
    let world = World::new().await;
    let (held, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    held.acknowledge(SUB_CENTRE).await;
    let (own, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let accepted = [&held, &own].map(|journey| (journey.case_id(), journey.organ.clone()));
    let accepted_at = held.at(CENTRE).await.facts.expect("facts").accepted_at;

    let change = on("2026-03-02", closing(SUB_CENTRE, OTHER_SUB_CENTRE));
    let preview =
        PreviewChangeRequest { subject: Some(Subject::Change(change.clone())), ..Default::default() };
    let preview = keeper(&world).directory().preview_change(preview).await.expect("a preview").into_inner();
    assert_eq!((preview.homes, preview.held), (1, 1));
    let mut touched: Vec<_> =
        preview.cases.iter().map(|case| (case.case_id.clone(), case.home.clone())).collect();
    touched.sort();
    let mut expected = accepted.to_vec();
    expected.sort();
    assert_eq!(touched, expected);
    assert!(preview.cases.iter().all(|case| case.successor == OTHER_SUB_CENTRE && case.holder == SUB_CENTRE));
    assert!(preview.organs.iter().any(|organ| organ.code == UNIT && organ.parent == OTHER_SUB_CENTRE));

    plan(&world, change).await;
    world.turn_to("2026-03-01 23:59");
    assert_eq!(organ(&world, SUB_CENTRE).await.successor, "");
    assert_eq!(held.at(CENTRE).await.current_term, 1, "nothing happens before its day");
    world.turn_to("2026-03-02 00:00");

    // A term that the closed organ held.
    let home = held.at_when(CENTRE, "the next term", |case| case.current_term == 2).await;
    let [first, second] = home.terms.as_slice() else { panic!("two terms, got {:?}", home.terms) };
    assert_eq!((first.state(), second.organ.as_str()), (TermState::Superseded, OTHER_SUB_CENTRE));
    let citation = second.citation.as_ref().expect("a citation");
    assert_eq!((citation.article.as_str(), citation.rule.as_str()), ("4", "succession"));
    assert_eq!(home.facts.expect("facts").accepted_at, accepted_at, "the case's clock goes on");
    held.acknowledge(OTHER_SUB_CENTRE).await;
    held.handle(OTHER_SUB_CENTRE).await;
    held.reaches(CaseState::Concluded).await;

    // A case whose home it was.
    let moved = own.at_when(OTHER_SUB_CENTRE, "the home", |case| case.current_term == 2).await;
    assert_eq!((moved.home.as_str(), moved.terms.len()), (OTHER_SUB_CENTRE, 2));
    own.at_when(SUB_CENTRE, "the move", |case| case.home == OTHER_SUB_CENTRE).await;
    let here = |clock: &&Clock| clock.organ == OTHER_SUB_CENTRE;
    let both = |clocks: &[Clock]| clocks.iter().filter(here).count() == 2;
    let clocks = world.clocks_when(&own, OTHER_SUB_CENTRE, both).await;
    let case_clock = clocks.iter().filter(here).find(|clock| clock.kind() == ClockKind::Case);
    let case_clock = case_clock.expect("the case's clock");
    assert_eq!(case_clock.start, moved.facts.expect("facts").accepted_at);
    own.handle(OTHER_SUB_CENTRE).await;
    own.reaches(CaseState::Concluded).await;
    answer_and_archive(&world, &own).await;
    world.ledgers_verify().await;
}

/// The successor's desk tells the complainant at the closed organ's door, and its archivist files the case.
async fn answer_and_archive(world: &World, own: &Journey<'_>) {
    let desk = world.desk(OTHER_SUB_CENTRE);
    let reply = eventually("the reply at the successor", async || {
        let request = ListRepliesRequest { case_id: own.case_id(), open_only: true, ..Default::default() };
        let listed = desk.intake().list_replies(request).await.ok()?.into_inner();
        listed.replies.into_iter().find(|reply| reply.occasion() == ReplyOccasion::Result)
    })
    .await;
    let request = SendReplyRequest {
        request_id: complaints::request_id(),
        case_id: own.case_id(),
        reply_id: reply.reply_id,
        form: "call".into(),
        text: String::new(),
        outcome: DeliveryOutcome::Acknowledged.into(),
    };
    let stranger = world.desk(THIRD).intake().send_reply(request.clone()).await;
    assert_eq!(rejection(stranger).reason, "CASE_NOT_FOUND");
    desk.intake().send_reply(request).await.expect("the successor replies");
    own.at_when(OTHER_SUB_CENTRE, "the reply", |case| case.state() == CaseState::Replied).await;
    let request = ArchiveCaseRequest {
        request_id: complaints::request_id(),
        case_id: own.case_id(),
        retention_years: 10,
    };
    world.archivist(OTHER_SUB_CENTRE).casework().archive_case(request).await.expect("archived");
    own.reaches(CaseState::Archived).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_4_the_successor_goes_on_at_the_closed_organs_door() {
    let world = World::new().await;
    let journey = Journey::registered(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    // A day that has begun: at once.
    plan(&world, on("2026-02-10", closing(SUB_CENTRE, OTHER_SUB_CENTRE))).await;
    is_closed(&world, SUB_CENTRE, OTHER_SUB_CENTRE).await;
    let mut desk = world.desk(OTHER_SUB_CENTRE).intake();
    let case = eventually("the case at the successor's desk", async || {
        let request = GetCaseRequest { case_id: journey.case_id() };
        desk.get_case(request).await.ok()?.into_inner().case
    })
    .await;
    assert!(!case.allowed_actions.is_empty(), "its desk may act on it");
    let accept = AcceptCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: case.version,
        ..AcceptCaseRequest::default()
    };
    assert_eq!(
        rejection(world.desk(THIRD).intake().accept_case(accept.clone()).await).reason,
        "CASE_NOT_FOUND"
    );
    desk.accept_case(accept).await.expect("accepted by the successor");
    let proposed = desk.propose_masks(ProposeMasksRequest { case_id: journey.case_id() }).await;
    let proposed = proposed.expect("masks proposed").into_inner();
    let confirm = ConfirmMasksRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        content_version: proposed.content_version,
        masks: proposed.masks,
    };
    desk.confirm_masks(confirm).await.expect("masks confirmed");
    let route = journey.route_at(OTHER_SUB_CENTRE).await.route.expect("a route");
    assert_eq!((route.organ.as_str(), route.up), (OTHER_SUB_CENTRE, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_4_mergers_in_turn_and_a_split_find_every_case() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let east = Organ {
        code: "baoshan.east".into(),
        name: "上海市宝山区罗东镇人民政府".into(),
        short_name: "罗东镇".into(),
        kind: OrganKind::SubCentre.into(),
        parent: CENTRE.into(),
        number_prefix: "罗东效投".into(),
        ..Organ::default()
    };
    let merge = OrganMerge {
        organs: vec![SUB_CENTRE.into(), OTHER_SUB_CENTRE.into()],
        into: east.code.clone(),
        established: Some(east.clone()),
    };
    plan(&world, on("2026-03-02", What::Merge(merge))).await;
    let part = |code: &str, prefix: &str, units: &[&str]| OrganPart {
        organ: code.into(),
        established: Some(Organ { code: code.into(), number_prefix: prefix.into(), ..east.clone() }),
        units: units.iter().map(|unit| (*unit).to_owned()).collect(),
    };
    let split = OrganSplit {
        organ: east.code.clone(),
        parts: vec![part("baoshan.north", "罗北效投", &[]), part("baoshan.south", "罗南效投", &[UNIT])],
        rest: "baoshan.north".into(),
    };
    // It can be planned because of what is planned before.
    plan(&world, on("2026-03-03", What::Split(split))).await;
    world.turn_to("2026-03-02 00:00");
    journey.at_when(&east.code, "the home after the merger", |case| case.home == east.code).await;
    world.turn_to("2026-03-03 00:00");
    let case =
        journey.at_when("baoshan.south", "the home after the split", |case| case.current_term == 3).await;
    assert_eq!(case.home, "baoshan.south", "with the part that manages the unit");
    journey.at_when(SUB_CENTRE, "the door", |case| case.home == "baoshan.south").await;
    journey.handle("baoshan.south").await;
    journey.at_when(SUB_CENTRE, "the result at the door", |case| case.state() == CaseState::Concluded).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_4_what_is_planned_is_listed_and_may_be_cancelled_before_its_day() {
    let world = World::new().await;
    let change = plan(&world, on("2026-03-02", closing(SUB_CENTRE, OTHER_SUB_CENTRE))).await;
    assert_eq!((change.state(), change.planned_by.as_str()), (ChangeState::Planned, "admin.baoshan"));
    let list = |states: &[ChangeState]| ListChangesRequest {
        states: states.iter().map(|state| (*state).into()).collect(),
        ..ListChangesRequest::default()
    };
    let mut desk = world.desk(SUB_CENTRE).directory();
    let planned = desk.list_changes(list(&[ChangeState::Planned])).await.expect("a page").into_inner();
    assert_eq!(planned.changes, std::slice::from_ref(&change), "the staff know what will become of it");
    let cancel =
        || CancelChangeRequest { request_id: complaints::request_id(), change_id: change.change_id.clone() };
    keeper(&world).directory().cancel_change(cancel()).await.expect("cancelled");
    let refused = rejection(keeper(&world).directory().cancel_change(cancel()).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "CHANGE_ENDED"));
    let unknown = CancelChangeRequest { change_id: complaints::request_id(), ..cancel() };
    let refused = rejection(keeper(&world).directory().cancel_change(unknown).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::NotFound, "CHANGE_NOT_FOUND"));
    let all = desk.list_changes(list(&[])).await.expect("a page").into_inner();
    assert_eq!(all.changes.first().map(PlannedChange::state), Some(ChangeState::Cancelled));
}

#[tokio::test(flavor = "multi_thread")]
async fn house_what_the_directory_does_not_let_be_is_refused_when_it_is_planned() {
    let world = World::new().await;
    plan(&world, on("2026-03-02", closing(SUB_CENTRE, OTHER_SUB_CENTRE))).await;
    let refused = rejection(try_plan(&world, on("2026-04-01", closing(OTHER_SUB_CENTRE, SUB_CENTRE))).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "CHANGE_NOT_POSSIBLE"));
    assert!(refused.metadata.contains(&("why".into(), "cycle".into())), "{refused:?}");
    assert!(refused.chinese && refused.articles.iter().any(|article| article.contains('4')), "{refused:?}");
    let nothing = OrganChange { effective_on: "2026-02-30".into(), ..OrganChange::default() };
    let refused = rejection(try_plan(&world, nothing).await);
    assert_eq!(refused.fields, ["change.effective_on", "change.what"]);
    let split = OrganSplit { organ: SUB_CENTRE.into(), parts: Vec::new(), rest: String::new() };
    let refused = rejection(try_plan(&world, on("2026-04-01", What::Split(split))).await);
    assert_eq!(refused.fields, ["change.split.rest", "change.split.parts"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_4_an_organ_has_a_history() {
    let world = World::new().await;
    let rename = |name: &str| {
        What::Rename(OrganRename { organ: SUB_CENTRE.into(), name: name.into(), ..Default::default() })
    };
    let before = organ(&world, SUB_CENTRE).await;
    let change = plan(&world, on("2026-02-10", rename("上海市宝山区罗店街道办事处"))).await;
    eventually("the new name", async || {
        (organ(&world, SUB_CENTRE).await.name == "上海市宝山区罗店街道办事处").then_some(())
    })
    .await;
    let mut versions = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = GetOrganHistoryRequest { code: SUB_CENTRE.into(), page_size: 1, page_token };
        let page =
            world.desk(CENTRE).directory().get_organ_history(request).await.expect("a page").into_inner();
        versions.extend(page.versions);
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
    }
    let [now, first] = versions.as_slice() else { panic!("two versions, got {versions:?}") };
    assert_eq!((now.change_id.as_str(), now.by.as_str()), (change.change_id.as_str(), "service:routing"));
    assert!(
        now.organ.as_ref().expect("an organ").aliases.contains(&before.name),
        "it is found by its old name"
    );
    assert_eq!((first.organ.as_ref(), first.change_id.as_str()), (Some(&before), ""));
    assert!(now.at.expect("a time").seconds >= first.at.expect("a time").seconds);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_4_what_is_exported_is_imported_again_and_changes_nothing() {
    let world = World::new().await;
    plan(&world, on("2026-02-10", closing(SUB_CENTRE, OTHER_SUB_CENTRE))).await;
    is_closed(&world, SUB_CENTRE, OTHER_SUB_CENTRE).await;
    for format in [OrganFormat::Json, OrganFormat::Csv] {
        let request = ExportOrgansRequest { format: format.into(), below: String::new() };
        let answer = keeper(&world).directory().export_organs(request).await.expect("a file").into_inner();
        let file = String::from_utf8(answer.file.to_vec()).expect("UTF-8");
        let organs = match format {
            OrganFormat::Csv => ::directory::file::from_csv(&file),
            _ => ::directory::file::from_json(&file),
        }
        .expect("organs");
        assert_eq!(organs.len(), usize::try_from(answer.organs).expect("a count"));
        let import = ImportOrgansRequest { request_id: complaints::request_id(), organs };
        let done = keeper(&world).directory().import_organs(import).await.expect("imported").into_inner();
        assert_eq!((done.established, done.changed, done.unchanged), (0, 0, answer.organs), "{format:?}");
    }
    let part = ExportOrgansRequest { format: OrganFormat::Json.into(), below: OTHER_SUB_CENTRE.into() };
    let part = keeper(&world).directory().export_organs(part).await.expect("a file").into_inner();
    assert!(part.organs > 1 && part.organs < 20, "{}", part.organs);
}
