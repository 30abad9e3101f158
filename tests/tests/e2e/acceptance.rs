//! Receipt, registration, acceptance and what is not accepted: chapters 3 and 4.

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::{
    AcceptCaseRequest, DeclineCaseRequest, DirectElsewhereRequest, GetCaseRequest, ListCasesRequest,
    ProvideSupplementRequest, RecordConductRequest, ReferCaseRequest, RegisterCaseRequest, ReplyOccasion,
    RequestSupplementRequest, WithdrawComplaintRequest,
};
use e2e::{CENTRE, Journey, UNIT, World, complaints, rejection};
use tonic::Code;

#[tokio::test(flavor = "multi_thread")]
async fn art_13_a_system_submits_into_the_desks_queue_and_an_officer_registers() {
    let world = World::new().await;
    let receipt = world
        .agency(CENTRE)
        .intake()
        .submit_complaint(complaints::submit(complaints::about_a_clerk(UNIT)))
        .await
        .expect("received")
        .into_inner();
    assert_eq!((receipt.state(), receipt.number.as_str()), (CaseState::Received, ""));
    assert!(!receipt.tracking_code.is_empty());

    let register = RegisterCaseRequest { request_id: complaints::request_id(), case_id: receipt.case_id };
    let case =
        world.desk(CENTRE).intake().register_case(register).await.expect("registered").into_inner().case;
    assert_eq!(case.expect("a case").number, "宝效投〔2026〕1号");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_13_numbers_are_gapless_per_organ_and_year_also_when_some_are_rejected() {
    let world = World::new().await;
    let mut desk = world.desk(CENTRE).intake();
    for expected in 1..=3 {
        let mut incomplete = complaints::about_a_clerk(UNIT);
        incomplete.channel = "pigeon".into();
        rejection(desk.submit_complaint(complaints::submit(incomplete)).await);
        let receipt = desk.submit_complaint(complaints::submit(complaints::about_a_clerk(UNIT))).await;
        assert_eq!(receipt.expect("registered").into_inner().number, format!("宝效投〔2026〕{expected}号"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_what_is_missing_comes_back_all_at_once_with_the_article() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.complainant = None;
    complaint.respondents.clear();
    let refused =
        rejection(world.agency(CENTRE).intake().submit_complaint(complaints::submit(complaint)).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::InvalidArgument, "FIELD_VIOLATIONS"));
    for field in ["respondents", "complainant.name", "complainant.contact"] {
        assert!(
            refused.fields.iter().any(|named| named.ends_with(field)),
            "{field} not in {:?}",
            refused.fields
        );
    }
    assert!(refused.chinese);
    let listed = world.desk(CENTRE).intake().list_cases(ListCasesRequest::default()).await.expect("a list");
    assert!(listed.into_inner().cases.is_empty(), "nothing is half-written");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_10_a_desk_registers_an_incomplete_one_and_asks_for_a_supplement() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    if let Some(complainant) = complaint.complainant.as_mut() {
        complainant.phones.clear();
        complainant.address.clear();
        complainant.email.clear();
    }
    let journey = Journey::registered(&world, CENTRE, complaint).await;
    assert_eq!(journey.receipt.missing, ["complainant.contact"]);

    let mut desk = world.desk(CENTRE).intake();
    let accept = AcceptCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        ..AcceptCaseRequest::default()
    };
    let refused = rejection(desk.accept_case(accept).await);
    assert_eq!((refused.code, refused.reason.as_str()), (Code::FailedPrecondition, "REGULATION_FORBIDS"));

    let ask = RequestSupplementRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        fields: vec![],
    };
    let asked = desk.request_supplement(ask).await.expect("asked").into_inner();
    assert_eq!(asked.case.expect("a case").state(), CaseState::SupplementRequested);
    assert!(asked.due_at.is_some());
    journey.reply_due(ReplyOccasion::Supplement).await;

    let supply = ProvideSupplementRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        complaint: Some(complaints::about_a_clerk(UNIT)),
    };
    let supplied = desk.provide_supplement(supply).await.expect("supplied").into_inner();
    assert!(supplied.missing.is_empty());
    journey.accept().await;
    journey.reaches(CaseState::Accepted).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_8_a_case_without_a_ground_is_not_accepted() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    complaint.grounds.clear();
    let journey = Journey::registered(&world, CENTRE, complaint).await;
    let accept = |grounds: Vec<String>, note: &str, version| AcceptCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version,
        grounds,
        note: note.into(),
        despite_missing: false,
    };
    let version = journey.at_intake().await.version;
    let mut desk = world.desk(CENTRE).intake();
    assert_eq!(rejection(desk.accept_case(accept(vec![], "", version)).await).reason, "REGULATION_FORBIDS");
    let no_note = rejection(desk.accept_case(accept(vec!["8.6".into()], "", version)).await);
    assert!(
        no_note.fields.iter().any(|field| field.contains("note")) || no_note.reason == "REGULATION_FORBIDS"
    );
    desk.accept_case(accept(vec!["8.6".into()], "多次拒绝出具书面答复", version))
        .await
        .expect("accepted with a note");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_2_a_matter_under_a_special_law_is_declined_and_the_complainant_told() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let decline = |ground: &str, version| DeclineCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version,
        ground: ground.into(),
        explanation: "《信访工作条例》".into(),
    };
    let version = journey.at_intake().await.version;
    let mut desk = world.desk(CENTRE).intake();
    let unknown = rejection(desk.decline_case(decline("no_such_ground", version)).await);
    assert!(unknown.fields.contains(&"ground".to_owned()), "{unknown:?}");
    let declined = desk.decline_case(decline("special_law", version)).await.expect("declined").into_inner();
    assert_eq!(declined.case.expect("a case").state(), CaseState::Declined);
    let reply = journey.reply_due(ReplyOccasion::Declined).await;
    assert!(reply.proposed_text.contains("信访工作条例"), "{}", reply.proposed_text);

    let again = rejection(desk.decline_case(decline("special_law", version + 1)).await);
    assert_eq!((again.code, again.reason.as_str()), (Code::FailedPrecondition, "STATE_NOT_ALLOWED"));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_4_out_of_scope_is_referred_to_the_department_in_charge() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let refer = ReferCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        department: "baoshan.market".into(),
        explanation: "属于消费纠纷".into(),
    };
    let case = world.desk(CENTRE).intake().refer_case(refer).await.expect("referred").into_inner().case;
    assert_eq!(case.expect("a case").state(), CaseState::Referred);
    journey.reply_due(ReplyOccasion::Referred).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_what_belongs_to_a_court_is_directed_there() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let direct = DirectElsewhereRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: journey.at_intake().await.version,
        way: "court".into(),
        explanation: "宝山区人民法院".into(),
    };
    let case =
        world.desk(CENTRE).intake().direct_elsewhere(direct).await.expect("directed").into_inner().case;
    assert_eq!(case.expect("a case").state(), CaseState::DirectedElsewhere);
    journey.reply_due(ReplyOccasion::DirectedElsewhere).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_withdrawn_complaint_ends_unless_the_centre_goes_on() {
    let world = World::new().await;
    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let withdraw = WithdrawComplaintRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        goes_on: false,
    };
    world.desk(CENTRE).intake().withdraw_complaint(withdraw).await.expect("withdrawn");
    journey.at_when(CENTRE, "the withdrawal at routing", |case| case.state() == CaseState::Withdrawn).await;
    let clocks = world
        .clocks_when(&journey, CENTRE, |clocks| clocks.iter().all(|clock| clock.stopped_at.is_some()))
        .await;
    assert!(!clocks.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn house_two_officers_cannot_act_on_the_same_version() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let stale = journey.at_intake().await.version;
    journey.accept().await;
    let decline = DeclineCaseRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        version: stale,
        ground: "special_law".into(),
        explanation: "某法".into(),
    };
    let refused = rejection(world.desk(CENTRE).intake().decline_case(decline).await);
    assert!(["VERSION_MISMATCH", "STATE_NOT_ALLOWED"].contains(&refused.reason.as_str()), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_11_disturbing_conduct_is_put_on_record_and_the_substance_is_still_handled() {
    let world = World::new().await;
    let journey = Journey::registered(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let before = journey.at_intake().await;
    let desk = world.desk(CENTRE);
    let text = "在接待大厅大声喧哗,拍打柜台,经劝阻后离开";
    let mut record = RecordConductRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        occurred_at: None,
        text: String::new(),
    };
    let refused = rejection(desk.intake().record_conduct(record.clone()).await);
    assert_eq!(refused.fields, ["occurred_at", "text"]);
    let mut tomorrow = world.timestamp();
    tomorrow.seconds += 86_400;
    (record.occurred_at, record.text) = (Some(tomorrow), text.into());
    assert_eq!(rejection(desk.intake().record_conduct(record.clone()).await).fields, ["occurred_at"]);
    record.occurred_at = Some(world.timestamp());
    let case = desk.intake().record_conduct(record).await.expect("on record").into_inner().case;
    assert_eq!(case.expect("a case"), before, "nothing else has changed");

    journey.accept().await;
    journey.mask().await;
    journey.route().await;
    let of = async |officer: e2e::Officer| {
        let request = GetCaseRequest { case_id: journey.case_id() };
        let case =
            e2e::eventually("the case", async || officer.intake().get_case(request.clone()).await.ok());
        case.await.into_inner().conduct
    };
    let seen = of(world.desk(CENTRE)).await;
    assert_eq!(seen.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), [text]);
    assert_eq!(of(world.officer("handler", e2e::SUB_CENTRE, "wu.min")).await, [], "not for who investigates");
}
