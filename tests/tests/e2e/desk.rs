//! What makes the desk's work easier: previews, drafts, cases from paper.

use duban_proto::common::v1::{CaseState, Rank, Weight};
use duban_proto::intake::v1::{
    Complainant, Complaint, DeleteDraftRequest, FieldViolation, GetDraftRequest, Identifier,
    ImportCaseRequest, ListDraftsRequest, ListRepliesRequest, PreviewComplaintRequest,
    PreviewComplaintResponse, RespondentPerson, SaveDraftRequest, SubmitComplaintResponse,
};
use duban_proto::routing::v1::Handling;
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};
use ledger::Clock as _;
use tonic::Code;

async fn preview(officer: &Officer, complaint: Complaint) -> PreviewComplaintResponse {
    let request = PreviewComplaintRequest { organ: String::new(), complaint: Some(complaint) };
    officer.intake().preview_complaint(request).await.expect("a preview").into_inner()
}

fn fields(violations: &[FieldViolation]) -> Vec<&str> {
    violations.iter().map(|violation| violation.field.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_a_preview_tells_what_is_wrong_and_missing_at_once_and_writes_nothing() {
    let world = World::new().await;
    let desk = world.desk(CENTRE);
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.occurred_on = "2026-02-30".into();
    complaint.grounds = vec!["8.9".into()];
    complaint.complainant = Some(Complainant { name: "章**".into(), ..Complainant::default() });
    let answer = preview(&desk, complaint).await;
    assert_eq!(
        fields(&answer.violations),
        ["complaint.grounds[0]", "complaint.occurred_on", "complaint.complainant.name"]
    );
    assert_eq!(fields(&answer.missing), ["complaint.complainant.work_unit", "complaint.complainant.contact"]);
    assert!(!answer.acceptable);

    let answer = preview(&desk, complaints::about_a_clerk(UNIT)).await;
    assert_eq!((fields(&answer.violations).len(), fields(&answer.missing).len()), (0, 0));
    assert!(answer.acceptable && answer.refusals.is_empty() && answer.repeats.is_empty());
    let list = duban_proto::intake::v1::ListCasesRequest::default();
    assert!(desk.intake().list_cases(list).await.expect("a list").into_inner().cases.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn art_8_a_preview_names_the_grounds_that_the_words_point_to() {
    let world = World::new().await;
    let text = "工作人員態度惡劣,故意刁難,推諉扯皮,還辱罵群眾。";
    let complaint = Complaint { text: text.into(), title: String::new(), ..complaints::about_a_clerk(UNIT) };
    let answer = preview(&world.desk(CENTRE), complaint).await;
    let hints: Vec<(&str, usize)> =
        answer.grounds.iter().map(|hint| (hint.ground.as_str(), hint.words.len())).collect();
    assert_eq!(hints, [("8.4", 3), ("8.2", 2)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_a_preview_routes_as_the_case_would_be_routed() {
    let world = World::new().await;
    let desk = world.desk(CENTRE);
    let mut weighty = complaints::about_a_clerk(UNIT);
    weighty.weights = vec![Weight::Complex.into()];
    let division = complaints::about_a_person(UNIT, Rank::Division, false);
    for complaint in [complaints::about_a_clerk(UNIT), weighty, division] {
        let previewed = preview(&desk, complaint.clone()).await.route.expect("a route");
        let (_, routed) = Journey::routed(&world, CENTRE, complaint).await;
        assert_eq!(previewed, routed.route.expect("a route"));
    }
    let transferred = preview(&desk, complaints::about_a_clerk(UNIT)).await.route.expect("a route");
    assert_eq!((transferred.organ.as_str(), transferred.handling()), (SUB_CENTRE, Handling::Transferred));
    let nobody = Complaint { respondents: Vec::new(), ..complaints::about_a_clerk(UNIT) };
    assert_eq!(preview(&desk, nobody).await.route, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_a_preview_tells_what_would_be_repeated_and_only_as_much_as_the_desk_may_see() {
    let world = World::new().await;
    let before = Journey::registered(&world, SUB_CENTRE, complaints::about_a_clerk(UNIT)).await;
    let own = preview(&world.desk(SUB_CENTRE), complaints::about_a_clerk(UNIT)).await.repeats;
    let [repeat] = own.as_slice() else { panic!("{own:?}") };
    assert_eq!((repeat.case_id.clone(), repeat.organ.as_str()), (before.case_id(), SUB_CENTRE));
    assert!(repeat.matched().any(|one| one == Identifier::Phone), "{repeat:?}");
    assert!(!repeat.number.is_empty());

    let other = preview(&world.desk(CENTRE), complaints::about_a_clerk(UNIT)).await.repeats;
    let [repeat] = other.as_slice() else { panic!("{other:?}") };
    let told = (repeat.case_id.as_str(), repeat.number.as_str(), repeat.organ.as_str(), repeat.received_at);
    assert_eq!(told, ("", "", "", None), "only that there is one");

    let mut another_matter = complaints::about_a_clerk(UNIT);
    another_matter.grounds = vec!["8.3".into()];
    let mut another_person = complaints::about_a_clerk(UNIT);
    another_person.complainant = Some(Complainant { name: "另一人".into(), ..Complainant::default() });
    for complaint in [another_matter, another_person] {
        assert!(preview(&world.desk(SUB_CENTRE), complaint).await.repeats.is_empty());
    }
    let request = PreviewComplaintRequest::default();
    for refused in [world.agency(SUB_CENTRE), world.supervisor(CENTRE)] {
        let status = refused.intake().preview_complaint(request.clone()).await.expect_err("not the desk");
        assert_eq!(status.code(), Code::PermissionDenied);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_draft_is_kept_for_its_author_alone_and_for_thirty_days() {
    let world = World::new().await;
    let desk = world.desk(CENTRE);
    let draft_id = complaints::request_id();
    // A draft may be wrong in every way.
    let mut complaint = complaints::about_a_clerk("nowhere");
    complaint.respondents[0].person = Some(RespondentPerson::default());
    let save = SaveDraftRequest { draft_id: draft_id.clone(), complaint: Some(complaint.clone()) };
    desk.drafts().save_draft(save.clone()).await.expect("saved");
    complaint.title = "第二稿".into();
    let again = SaveDraftRequest { complaint: Some(complaint.clone()), ..save };
    let saved = desk.drafts().save_draft(again).await.expect("saved again").into_inner();

    let list = desk.drafts().list_drafts(ListDraftsRequest {}).await.expect("a list").into_inner().drafts;
    let [listed] = list.as_slice() else { panic!("{list:?}") };
    assert_eq!(listed.saved_at, saved.saved_at);
    let short = Complaint { title: "第二稿".into(), channel: "online".into(), ..Complaint::default() };
    assert_eq!(listed.complaint, Some(short), "no more than that in a list");
    let get = GetDraftRequest { draft_id: draft_id.clone() };
    let draft = desk.drafts().get_draft(get.clone()).await.expect("the draft").into_inner().draft;
    assert_eq!(draft.expect("there").complaint, Some(complaint));

    for other in [world.officer("desk", CENTRE, "another"), world.desk(SUB_CENTRE)] {
        let list = other.drafts().list_drafts(ListDraftsRequest {}).await.expect("a list").into_inner();
        assert!(list.drafts.is_empty());
        assert_eq!(rejection(other.drafts().get_draft(get.clone()).await).reason, "NOTHING_TO_ACT_ON");
        let delete = DeleteDraftRequest { draft_id: draft_id.clone() };
        other.drafts().delete_draft(delete).await.expect("nothing of theirs");
    }
    desk.drafts().get_draft(get.clone()).await.expect("still there");

    world.clock().advance(jiff::SignedDuration::from_hours(30 * 24));
    assert_eq!(rejection(desk.drafts().get_draft(get).await).reason, "NOTHING_TO_ACT_ON");
    let pool = world.instance.db().admin_pool().await.expect("a pool");
    eventually("the draft's end", async || {
        let left = sqlx::query_scalar::<_, i64>("select count(*) from intake.draft").fetch_one(&pool).await;
        (left.expect("a count") == 0).then_some(())
    })
    .await;
    let bad = SaveDraftRequest { draft_id: "1".into(), complaint: None };
    assert_eq!(rejection(desk.drafts().save_draft(bad).await).fields, ["draft_id", "complaint"]);
    let too_large = Complaint { text: "长".repeat(30_000), ..Complaint::default() };
    let save = SaveDraftRequest { draft_id, complaint: Some(too_large) };
    assert_eq!(rejection(desk.drafts().save_draft(save).await).fields, ["complaint"]);
}

fn paper(number: &str, received_on: &str, accepted_on: &str) -> ImportCaseRequest {
    ImportCaseRequest {
        request_id: complaints::request_id(),
        organ: String::new(),
        complaint: Some(complaints::about_a_clerk(UNIT)),
        number: number.into(),
        received_on: received_on.into(),
        accepted_on: accepted_on.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_running_case_from_paper_keeps_its_number_and_its_time() {
    let world = World::new().await;
    let mut desk = world.desk(CENTRE).intake();
    let today =
        jiff::tz::TimeZone::get("Asia/Shanghai").expect("the zone").to_datetime(world.clock().now()).date();
    let days_ago = |days: i32| (today - jiff::Span::new().days(days)).to_string();
    let (received_on, accepted_on) = (days_ago(21), days_ago(20));
    let year = today.year();
    let number = |ordinal: u32| format!("宝效投〔{year}〕{ordinal}号");

    let accepted = paper(&number(41), &received_on, &accepted_on);
    let first = desk.import_case(accepted.clone()).await.expect("imported").into_inner();
    let again = desk.import_case(accepted).await.expect("the first answer").into_inner();
    assert_eq!(first, again);
    let case = first.case.expect("a case");
    assert_eq!((case.state(), case.number.as_str()), (CaseState::Accepted, number(41).as_str()));
    assert_eq!(case.received_on, received_on);
    let accepted_at = server::time::from_proto(&case.accepted_at.expect("accepted")).expect("a moment");
    assert_eq!(accepted_at.to_string(), format!("{}T16:00:00Z", days_ago(21)), "midnight in Shanghai");
    // The clock counts from paper: it ran out before the case came here.
    let receipt = SubmitComplaintResponse { case_id: case.case_id, ..SubmitComplaintResponse::default() };
    let journey = Journey { world: &world, organ: CENTRE.into(), receipt };
    let clocks = world.clocks_when(&journey, CENTRE, |clocks| !clocks.is_empty()).await;
    let due_at = clocks[0].due_at.as_ref().and_then(server::time::from_proto).expect("a moment");
    assert!(due_at < world.clock().now(), "{clocks:?}");

    // Not decided yet, and under a number of another register.
    let open = paper("信访转〔2025〕7号", &received_on, "");
    let case = desk.import_case(open).await.expect("imported").into_inner().case.expect("a case");
    assert_eq!((case.state(), case.accepted_at), (CaseState::Registered, None));
    // Nobody is told what was told on paper, and the register goes on after the number.
    let replies =
        desk.list_replies(ListRepliesRequest::default()).await.expect("a list").into_inner().replies;
    assert!(replies.is_empty(), "{replies:?}");
    let next = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    assert_eq!(next.at_intake().await.number, number(42));

    let taken = rejection(desk.import_case(paper(&number(41), &received_on, "")).await);
    assert_eq!(taken.fields, ["number"]);
    let slip = rejection(desk.import_case(paper(&number(4_294_967_295), &received_on, "")).await);
    assert_eq!(slip.fields, ["number"]);
    let refused = rejection(desk.import_case(paper("", &days_ago(-1), &days_ago(3))).await);
    assert_eq!(refused.fields, ["number", "received_on", "accepted_on"]);
    let mut groundless = paper("甲1", &received_on, &accepted_on);
    groundless.complaint.as_mut().expect("there").grounds.clear();
    assert_eq!(rejection(desk.import_case(groundless).await).fields, ["complaint.grounds"]);
    world.ledgers_verify().await;
}
