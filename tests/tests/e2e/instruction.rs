//! Leaders' instructions (14(1), house).

use duban_proto::common::v1::Action;
use duban_proto::intake::v1::{
    Instruction, InstructionState, InstructionUrgency, LeaderInstruction, ListInstructionsRequest,
    RecordInstructionRequest, ReportBackRequest, SubmitProposalRequest,
};
use e2e::{CENTRE, Journey, Officer, SUB_CENTRE, UNIT, World, complaints, rejection};

async fn listed(officer: &Officer, case_id: &str) -> Vec<Instruction> {
    let request = ListInstructionsRequest { case_id: case_id.into(), ..ListInstructionsRequest::default() };
    officer.instructions().list_instructions(request).await.expect("a list").into_inner().instructions
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_1_a_leaders_instruction_makes_it_the_centres_and_is_reported_back() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    let desk = world.desk(CENTRE);
    let proposal = SubmitProposalRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        text: format!("{}反映窗口推诿,拟由中心直接调查。", complaints::NAME),
    };
    let proposed = desk.instructions().submit_proposal(proposal).await.expect("proposed").into_inner();
    let proposed = proposed.instruction.expect("one");
    assert_eq!(proposed.state(), InstructionState::Proposed);
    assert!(
        proposed.proposal.starts_with(complaints::NAME),
        "the desk registered the case, and reads what it wrote"
    );
    let mut record = RecordInstructionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instruction_id: proposed.instruction_id.clone(),
        instruction: Some(LeaderInstruction {
            leader: "分管副区长".into(),
            words: format!("请认真调查,给{}一个答复。", complaints::NAME),
            date: "2026-02-10".into(),
        }),
        scan_attachment_id: String::new(),
        due_at: Some(world.timestamp()),
        urgency: InstructionUrgency::MostUrgent.into(),
    };
    let mut lacking = record.clone();
    lacking.instruction = Some(LeaderInstruction::default());
    let refused = rejection(desk.instructions().record_instruction(lacking).await);
    assert_eq!(refused.fields, ["instruction.date", "instruction.leader", "instruction.words"]);
    desk.instructions().record_instruction(record.clone()).await.expect("recorded");
    record.request_id = complaints::request_id();
    let twice = rejection(desk.instructions().record_instruction(record).await);
    assert_eq!(twice.reason, "NOTHING_TO_ACT_ON");

    // The clerk would be the sub-centre's; with the instruction the centre organises it (14(1)).
    journey
        .at_when(CENTRE, "the correction at routing", |case| {
            case.facts.as_ref().is_some_and(|facts| facts.leader_instruction)
        })
        .await;
    let route = journey.route().await;
    let decision = format!("{route:?}");
    assert!(decision.contains("leader-instruction"), "{decision}");
    let open = listed(&desk, "").await;
    assert_eq!((open.len(), open[0].urgency()), (1, InstructionUrgency::MostUrgent));
    assert_eq!(open[0].allowed_actions().collect::<Vec<_>>(), [Action::ReportBack]);

    let report = ReportBackRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        instruction_id: proposed.instruction_id,
        text: "已责成中心立即调查。".into(),
    };
    let reported = desk.instructions().report_back(report).await.expect("reported").into_inner();
    assert_eq!(reported.instruction.expect("one").state(), InstructionState::Reported);
    assert!(listed(&desk, "").await.is_empty());
    let all = listed(&world.officer("handler", CENTRE, "wu.min"), &journey.case_id()).await;
    assert_eq!(all[0].proposal, "〔姓名〕反映窗口推诿,拟由中心直接调查。", "nobody is named");
    assert_eq!(all[0].report, "", "nobody reads own words masked");
    assert_eq!(all[0].allowed_actions, [0; 0], "once");
    let words = all[0].instruction.clone().expect("an instruction");
    assert_eq!(
        (words.leader.as_str(), words.words.as_str()),
        ("分管副区长", "请认真调查,给〔姓名〕一个答复。")
    );
    let stranger = world.desk(SUB_CENTRE);
    let request =
        ListInstructionsRequest { case_id: journey.case_id(), ..ListInstructionsRequest::default() };
    let refused = rejection(stranger.instructions().list_instructions(request).await);
    assert_eq!(refused.reason, "CASE_NOT_FOUND");
    crate::retention::projections_hold(&world).await;
}
