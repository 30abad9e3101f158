use access::Role;
use duban_proto::intake::v1::{
    Complaint, ConfirmMasksRequest, GetCaseRequest, LeaderInstruction, Mask, MaskKind, ProposeMasksRequest,
};

use crate::complaint::{NAME, PHONE, about_a_clerk, id, submission};
use crate::harness::{CENTRE, Running, TOWN, fields, reason, start, start_automatic};

async fn proposed(running: &mut Running, case_id: &str) -> Vec<Mask> {
    let request = running.by(Role::Desk, CENTRE, ProposeMasksRequest { case_id: case_id.into() });
    let proposal = running.client.propose_masks(request).await.unwrap().into_inner();
    assert!(proposal.text.contains(NAME) && proposal.content_version == 1);
    proposal.masks
}

fn confirm(number: u128, case_id: &str, masks: Vec<Mask>) -> ConfirmMasksRequest {
    ConfirmMasksRequest { request_id: id(number), case_id: case_id.into(), content_version: 1, masks }
}

#[tokio::test]
async fn art_15_the_working_copy_is_what_everybody_else_reads() {
    let mut running = start().await;
    let case_id = running.accepted(1).await.case_id;
    let masks = proposed(&mut running, &case_id).await;
    let kinds: Vec<_> = masks.iter().map(Mask::kind).collect();
    assert_eq!(kinds, [MaskKind::Name, MaskKind::Phone]);
    let request = running.by(Role::Desk, CENTRE, confirm(2, &case_id, masks));
    let confirmed = running.client.confirm_masks(request).await.unwrap().into_inner();
    assert!(!confirmed.working_copy.contains(NAME) && !confirmed.working_copy.contains(PHONE));
    assert!(confirmed.case.unwrap().masks_confirmed);

    let request = running.by(Role::Handler, CENTRE, GetCaseRequest { case_id });
    let seen = running.client.get_case(request).await.unwrap().into_inner();
    assert_eq!(seen.working_copy, confirmed.working_copy);
    running.stop().await;
}

#[tokio::test]
async fn masking_again_makes_a_new_copy_and_asking_again_gives_the_first() {
    let mut running = start().await;
    let case_id = running.accepted(1).await.case_id;
    let masks = proposed(&mut running, &case_id).await;
    let request = running.by(Role::Desk, CENTRE, confirm(2, &case_id, masks.clone()));
    let first = running.client.confirm_masks(request).await.unwrap().into_inner();
    let more = [masks.clone(), vec![Mask { start: 0, end: 2, kind: MaskKind::Other.into() }]].concat();
    let request = running.by(Role::Desk, CENTRE, confirm(3, &case_id, more));
    let second = running.client.confirm_masks(request).await.unwrap().into_inner();
    assert_ne!(first.working_copy, second.working_copy);
    let request = running.by(Role::Desk, CENTRE, confirm(2, &case_id, masks));
    assert_eq!(
        running.client.confirm_masks(request).await.unwrap().into_inner().working_copy,
        first.working_copy
    );
    running.stop().await;
}

#[tokio::test]
async fn masks_that_do_not_fit_the_text_are_told_by_their_place() {
    let mut running = start().await;
    let case_id = running.accepted(1).await.case_id;
    let mask = |start, end, kind: MaskKind| Mask { start, end, kind: kind.into() };
    let wrong = vec![
        mask(0, 2, MaskKind::Name),
        mask(5, 90_000, MaskKind::Name),
        mask(3, 3, MaskKind::Phone),
        mask(6, 8, MaskKind::Unspecified),
    ];
    let request = running.by(Role::Desk, CENTRE, confirm(2, &case_id, wrong));
    let status = running.client.confirm_masks(request).await.unwrap_err();
    assert_eq!(fields(&status), ["masks[1]", "masks[2]", "masks[3].kind"]);
    let request = running.by(Role::Desk, TOWN, ProposeMasksRequest { case_id });
    let status = running.client.propose_masks(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    running.stop().await;
}

#[tokio::test]
async fn a_masked_value_is_never_taken_in_as_data() {
    let mut running = start_automatic().await;
    let case_id = running.registered(1, about_a_clerk()).await.case_id;
    let request = running.by(Role::Desk, CENTRE, GetCaseRequest { case_id });
    let text = running.client.get_case(request).await.unwrap().into_inner().working_copy;
    let request = running.by(Role::Desk, CENTRE, submission(2, Complaint { text, ..about_a_clerk() }));
    let status = running.client.submit_complaint(request).await.unwrap_err();
    assert_eq!(reason(&status), "MASKED_VALUE");
    running.stop().await;
}

#[tokio::test]
async fn art_15_a_leaders_words_name_the_complainant_to_nobody() {
    let mut running = start().await;
    let instruction = LeaderInstruction {
        leader: "区政府分管领导".into(),
        words: format!("请核实{NAME}({PHONE})反映的问题。"),
        date: "2026-03-01".into(),
    };
    let complaint = Complaint { leader_instruction: Some(instruction), ..about_a_clerk() };
    let case_id = running.registered(1, complaint).await.case_id;
    let request = running.by(Role::Handler, CENTRE, GetCaseRequest { case_id });
    let told = running.client.get_case(request).await.unwrap().into_inner().leader_instruction.unwrap();
    assert!(told.words.starts_with("请核实") && told.words.ends_with("反映的问题。"), "{}", told.words);
    assert!(!told.words.contains(NAME) && !told.words.contains(PHONE), "{}", told.words);
    running.stop().await;
}
