//! Accountability: shirking that led to repeated complaints, with adverse effect (21).

use duban_proto::common::v1::{Action, Weight};
use duban_proto::supervision::v1::{
    AccountabilityFile, AccountabilityOutcome, AccountabilityState, ConcludeAccountabilityRequest,
    ConductKind, DismissAccountabilityRequest, Evidence, GetAccountabilityRequest, GiveStatementRequest,
    Instrument, ListAccountabilityRequest, ListNoticesRequest, OpenAccountabilityRequest,
};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};

/// The file that an officer may see, once it stands so.
async fn file_in(officer: &Officer, state: AccountabilityState) -> AccountabilityFile {
    eventually(&format!("a file that is {state:?}"), async || {
        let request = ListAccountabilityRequest::default();
        let answer = officer.accountability().list_accountability(request).await.ok()?.into_inner();
        answer.files.into_iter().find(|file| file.state() == state)
    })
    .await
}

async fn read(officer: &Officer, file: &AccountabilityFile) -> AccountabilityFile {
    let (case_id, file_id) = (file.case_id.clone(), file.file_id.clone());
    let answer =
        officer.accountability().get_accountability(GetAccountabilityRequest { case_id, file_id }).await;
    answer.expect("a file").into_inner().file.expect("a file")
}

fn open(case_id: &str, file_id: &str, organ: &str) -> OpenAccountabilityRequest {
    OpenAccountabilityRequest {
        request_id: complaints::request_id(),
        case_id: case_id.into(),
        file_id: file_id.into(),
        organ: organ.into(),
        on_organ: true,
        persons: vec!["wu.min".into()],
        reason: "逾期未办,致使投诉人再次投诉,影响恶劣。".into(),
    }
}

/// A case that the town lets run out, complained of again; its proposed file at the centre.
async fn proposed(world: &World) -> (Journey<'_>, AccountabilityFile) {
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.weights = vec![Weight::AdverseImpact.into()];
    let (journey, _) = Journey::routed(world, CENTRE, complaint).await;
    world.clocks_when(&journey, SUB_CENTRE, |clocks| clocks.iter().any(|clock| clock.term == 1)).await;
    world.turn_to("2026-03-03 09:00");
    Journey::registered(world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let file = file_in(&world.supervisor(CENTRE), AccountabilityState::Proposed).await;
    (journey, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_the_rule_proposes_a_file_with_its_evidence_which_is_opened_heard_and_concluded() {
    let world = World::new().await;
    let (journey, file) = proposed(&world).await;
    assert_eq!(file.case_id, journey.case_id());
    assert_eq!((file.authority.as_str(), file.organ.as_str()), (CENTRE, SUB_CENTRE));
    assert_eq!(file.citation.as_ref().map(|citation| citation.article.as_str()), Some("21"));
    let kinds: Vec<_> = file.evidence.iter().map(Evidence::kind).collect();
    for kind in [ConductKind::AdverseImpact, ConductKind::Overdue, ConductKind::Repeated] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let overdue = file.evidence.iter().find(|it| it.kind() == ConductKind::Overdue).expect("the sign");
    assert_eq!((overdue.organ.as_str(), overdue.article.as_str()), (SUB_CENTRE, "17"));
    let town = world.leader(SUB_CENTRE);
    let before = town.accountability().list_accountability(ListAccountabilityRequest::default()).await;
    assert!(before.expect("a list").into_inner().files.is_empty(), "what is only proposed is not told");

    let leader = world.leader(CENTRE);
    assert!(
        file_in(&leader, AccountabilityState::Proposed)
            .await
            .allowed_actions
            .contains(&Action::OpenAccountability.into())
    );
    let opened = leader.accountability().open_accountability(open(&file.case_id, &file.file_id, "")).await;
    assert!(!opened.expect("opened").into_inner().file.expect("a file").by_hand);
    let told = read(&town, &file_in(&town, AccountabilityState::Open).await).await;
    assert!(told.evidence.is_empty() && told.reason.is_empty(), "the organ gets no evidence: {told:?}");
    assert!(told.allowed_actions.contains(&Action::GiveStatement.into()));

    let conclude = |outcomes: &[(&str, &str)]| ConcludeAccountabilityRequest {
        request_id: complaints::request_id(),
        case_id: file.case_id.clone(),
        file_id: file.file_id.clone(),
        outcomes: outcomes
            .iter()
            .map(|(subject, measure)| AccountabilityOutcome {
                subject: (*subject).into(),
                measure: (*measure).into(),
            })
            .collect(),
        reason: "情况属实。".into(),
    };
    let outcomes = [(SUB_CENTRE, "circulated_criticism"), ("wu.min", "none")];
    let early = rejection(leader.accountability().conclude_accountability(conclude(&outcomes)).await);
    assert_eq!(early.reason, "REGULATION_FORBIDS", "the organ is heard first");
    let statement = GiveStatementRequest {
        request_id: complaints::request_id(),
        case_id: file.case_id.clone(),
        file_id: file.file_id.clone(),
        text: "承办人调离,交接不及时。".into(),
    };
    town.accountability().give_statement(statement).await.expect("heard");
    let heard = eventually("the statement", async || {
        let file = read(&leader, &file).await;
        (!file.statements.is_empty()).then_some(file)
    })
    .await;
    assert_eq!(heard.statements[0].text, "承办人调离,交接不及时。");
    assert!(heard.allowed_actions.contains(&Action::ConcludeAccountability.into()));

    // What happens meanwhile is added by itself.
    world.turn_to("2026-03-06 09:00");
    eventually("the supervision notice", async || {
        let listed = town.notices().list_notices(ListNoticesRequest::default()).await.ok()?.into_inner();
        listed.notices.into_iter().find(|it| it.instrument() == Instrument::SupervisionNotice)
    })
    .await;
    world.turn_to("2026-03-12 09:00");
    eventually("the notice that was not answered", async || {
        let file = read(&leader, &file).await;
        file.evidence.iter().any(|it| it.kind() == ConductKind::NoticeUnanswered).then_some(())
    })
    .await;
    leader.accountability().conclude_accountability(conclude(&outcomes)).await.expect("concluded");
    let told = read(&town, &file_in(&town, AccountabilityState::Concluded).await).await;
    assert_eq!(told.outcomes.len(), 2);
    assert_eq!(told.conclusion, "情况属实。");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_21_by_hand_or_let_drop_and_nobody_decides_who_handled_the_case() {
    let world = World::new().await;
    let (journey, file) = proposed(&world).await;
    let dismiss = DismissAccountabilityRequest {
        request_id: complaints::request_id(),
        case_id: file.case_id.clone(),
        file_id: file.file_id.clone(),
        reason: "系统故障所致。".into(),
    };
    let head = world.head(CENTRE);
    let dismissed = head.accountability().dismiss_accountability(dismiss).await.expect("dismissed");
    let dismissed = dismissed.into_inner().file.expect("a file");
    assert_eq!(
        (dismissed.state(), dismissed.reason.as_str()),
        (AccountabilityState::Dismissed, "系统故障所致。")
    );
    let late = open(&file.case_id, &file.file_id, "");
    assert_eq!(
        rejection(head.accountability().open_accountability(late).await).reason,
        "ACCOUNTABILITY_STATE"
    );
    drop(journey);

    // The centre's own case: whoever approved its result decides nothing of it.
    let (own, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    world.clocks_when(&own, CENTRE, |clocks| clocks.len() == 2).await;
    own.handle(CENTRE).await;
    world.clocks_when(&own, CENTRE, |clocks| clocks.iter().all(|clock| clock.stopped_at.is_some())).await;
    let bad = OpenAccountabilityRequest {
        persons: vec!["三号窗口".into()],
        ..open(&own.case_id(), "", CENTRE)
    };
    assert_eq!(rejection(head.accountability().open_accountability(bad).await).fields, ["persons[0]"]);
    let approver = world.leader(CENTRE);
    let refused = approver.accountability().open_accountability(open(&own.case_id(), "", CENTRE)).await;
    assert_eq!(rejection(refused).reason, "PERSON_EXCLUDED");
    let opened = head.accountability().open_accountability(open(&own.case_id(), "", CENTRE)).await;
    assert!(opened.expect("opened").into_inner().file.expect("a file").by_hand);
    world.ledgers_verify().await;
}
