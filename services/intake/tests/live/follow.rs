use std::time::Duration;

use access::Role;
use duban_proto::common::v1::{CaseState, Citation, Finding, Organ, OrganKind};
use duban_proto::intake::v1::{DeliveryOutcome, ListRepliesRequest, Reply, ReplyOccasion, SendReplyRequest};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{CaseArchived, CaseConcluded, HomeMoved, OrganEstablished, TermBegun};
use duban_proto::supervision::v1::ExtensionDecided;
use server::time::to_proto;

use crate::complaint::{about_a_clerk, id, submission};
use crate::harness::{CENTRE, Running, TOWN, at, start_following};

fn term(number: u32, organ: &str) -> Kind {
    Kind::TermBegun(TermBegun { term: number, organ: organ.into(), ..TermBegun::default() })
}

async fn replies(running: &mut Running, case_id: &str) -> Vec<Reply> {
    let list = ListRepliesRequest { case_id: case_id.into(), open_only: true, ..Default::default() };
    let request = running.by(Role::Desk, CENTRE, list);
    running.client.list_replies(request).await.unwrap().into_inner().replies
}

#[tokio::test]
async fn art_17_from_the_term_to_the_reply_as_routing_tells() {
    let mut running = start_following().await;
    let case_id = running.accepted(1).await.case_id;
    running.others().routing_says(Some(&case_id), term(1, TOWN)).await;
    let case = running.until(&case_id, |case| case.state() == CaseState::InHandling).await;
    assert_eq!(case.responsible_organ, TOWN);

    let concluded = CaseConcluded {
        term: 1,
        organ: TOWN.into(),
        finding: Finding::Founded.into(),
        approved_at: Some(to_proto(at("2026-03-02 10:00"))),
        registering_organ: CENTRE.into(),
        ..CaseConcluded::default()
    };
    running.others().routing_says(Some(&case_id), Kind::CaseConcluded(concluded)).await;
    running.until(&case_id, |case| case.state() == CaseState::Concluded).await;
    let replies = replies(&mut running, &case_id).await;
    let reply = replies.into_iter().find(|reply| reply.occasion() == ReplyOccasion::Result).unwrap();
    assert_eq!(reply.due_at, Some(to_proto(at("2026-03-06 00:00"))), "three workdays");
    assert_eq!(reply.proposed_text, "您的投诉(宝效投〔2026〕1号)已办结。办理结果:属实");

    let send = SendReplyRequest {
        request_id: id(2),
        case_id: case_id.clone(),
        reply_id: reply.reply_id,
        form: "letter".into(),
        text: String::new(),
        outcome: DeliveryOutcome::Sent.into(),
    };
    let sent = running.client.send_reply(running.by(Role::Desk, CENTRE, send)).await.unwrap().into_inner();
    assert_eq!(sent.case.unwrap().state(), CaseState::Replied);
    running.others().routing_says(Some(&case_id), Kind::CaseArchived(CaseArchived::default())).await;
    running.until(&case_id, |case| case.state() == CaseState::Archived).await;
    running.stop().await;
}

#[tokio::test]
async fn a_home_that_moves_is_responsible_from_then_on() {
    let mut running = start_following().await;
    let case_id = running.accepted(1).await.case_id;
    let elsewhere = uuid::Uuid::from_u128(5).to_string();
    running.others().routing_says(Some(&elsewhere), term(1, CENTRE)).await;
    running
        .others()
        .routing_says(
            Some(&case_id),
            Kind::HomeMoved(HomeMoved { home: TOWN.into(), ..HomeMoved::default() }),
        )
        .await;
    let case = running.until(&case_id, |case| case.state() == CaseState::InHandling).await;
    assert_eq!(case.responsible_organ, TOWN, "and the case that is registered elsewhere stopped nothing");
    running.stop().await;
}

#[tokio::test]
async fn art_17_the_complainant_is_told_of_an_extension_that_was_granted() {
    let mut running = start_following().await;
    let case_id = running.accepted(1).await.case_id;
    let decided = |granted, length: &str, registering_organ: &str| ExtensionDecided {
        granted,
        length: length.into(),
        citation: Some(Citation { article: "17".into(), ..Citation::default() }),
        registering_organ: registering_organ.into(),
        ..ExtensionDecided::default()
    };
    let mut heads = running.service.writer().heads().subscribe();
    running.others().extension_decided(&case_id, decided(false, "15 workdays", CENTRE)).await;
    running.others().extension_decided(&case_id, decided(true, "25 workdays", TOWN)).await;
    running.others().extension_decided(&case_id, decided(true, "20 workdays", CENTRE)).await;
    let told = loop {
        heads.mark_unchanged();
        let replies = replies(&mut running, &case_id).await;
        // The last of the three: what the others would have led to is there by then.
        if replies.iter().any(|reply| reply.proposed_text.contains("2026年3月30日")) {
            break replies;
        }
        tokio::time::timeout(Duration::from_secs(20), heads.changed())
            .await
            .expect("nobody is told")
            .unwrap();
    };
    let mut occasions: Vec<_> = told.iter().map(Reply::occasion).collect();
    occasions.sort();
    assert_eq!(occasions, [ReplyOccasion::Accepted, ReplyOccasion::Extended], "{told:?}");
    running.stop().await;
}

#[tokio::test]
async fn art_4_an_organ_that_routing_establishes_can_be_named_at_once() {
    let mut running = start_following().await;
    let organ = Organ {
        code: "baoshan.dachang".into(),
        name: "大场镇".into(),
        parent: CENTRE.into(),
        number_prefix: "大效投".into(),
        kind: OrganKind::SubCentre.into(),
        ..Organ::default()
    };
    let mut heads = running.service.writer().heads().subscribe();
    running
        .others()
        .routing_says(
            None,
            Kind::OrganEstablished(OrganEstablished { organ: Some(organ), ..OrganEstablished::default() }),
        )
        .await;
    let noted = "select exists (select 1 from organ_directory where code = 'baoshan.dachang')";
    while !sqlx::query_scalar::<_, bool>(noted).fetch_one(running.service.writer().pool()).await.unwrap() {
        let heard = tokio::time::timeout(Duration::from_secs(20), heads.changed());
        heard.await.expect("it is not noted").unwrap();
    }
    let request = running.by(Role::Desk, "baoshan.dachang", submission(1, about_a_clerk()));
    let receipt = running.client.submit_complaint(request).await.unwrap().into_inner();
    assert_eq!(receipt.number, "大效投〔2026〕1号");
    running.stop().await;
}
