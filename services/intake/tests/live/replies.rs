use access::Role;
use duban_proto::intake::v1::{DeliveryOutcome, ListRepliesRequest, Reply, ReplyOccasion, SendReplyRequest};

use crate::complaint::id;
use crate::harness::{CENTRE, Running, TOWN, fields, reason, start};

async fn listed(running: &mut Running, open_only: bool) -> Vec<Reply> {
    let list = ListRepliesRequest { open_only, ..ListRepliesRequest::default() };
    let request = running.by(Role::Desk, CENTRE, list);
    running.client.list_replies(request).await.unwrap().into_inner().replies
}

fn send(number: u128, reply: &Reply, outcome: DeliveryOutcome) -> SendReplyRequest {
    SendReplyRequest {
        request_id: id(number),
        case_id: reply.case_id.clone(),
        reply_id: reply.reply_id.clone(),
        form: "call".into(),
        text: String::new(),
        outcome: outcome.into(),
    }
}

#[tokio::test]
async fn art_16_the_complainant_is_told_in_the_measures_words_and_every_try_counts() {
    let mut running = start().await;
    running.accepted(1).await;
    let replies = listed(&mut running, true).await;
    let [reply] = replies.as_slice() else { panic!("{replies:?}") };
    assert_eq!(reply.occasion(), ReplyOccasion::Accepted);
    assert_eq!(reply.proposed_text, "您的投诉(宝效投〔2026〕1号)已受理,将于2026年3月16日前办结。");

    let request = running.by(Role::Desk, CENTRE, send(2, reply, DeliveryOutcome::Failed));
    let failed = running.client.send_reply(request).await.unwrap().into_inner().reply.unwrap();
    assert_eq!((failed.outcome(), failed.attempts), (DeliveryOutcome::Failed, 1));
    assert_eq!(listed(&mut running, true).await.len(), 1, "it stays open");
    let request = running.by(Role::Desk, CENTRE, send(3, reply, DeliveryOutcome::Sent));
    running.client.send_reply(request).await.unwrap();
    assert!(listed(&mut running, true).await.is_empty());
    assert_eq!(listed(&mut running, false).await[0].attempts, 2);

    let request = running.by(Role::Desk, CENTRE, send(4, reply, DeliveryOutcome::Sent));
    let status = running.client.send_reply(request).await.unwrap_err();
    assert_eq!(reason(&status), "NOTHING_TO_ACT_ON");
    running.stop().await;
}

#[tokio::test]
async fn a_reply_is_told_by_the_registering_organ_in_a_form_of_the_measures() {
    let mut running = start().await;
    running.accepted(1).await;
    let reply = listed(&mut running, true).await.remove(0);
    let wrong = SendReplyRequest {
        form: "pigeon".into(),
        text: "长".repeat(10_001),
        ..send(2, &reply, DeliveryOutcome::Unspecified)
    };
    let request = running.by(Role::Desk, CENTRE, wrong);
    let mut wrong = fields(&running.client.send_reply(request).await.unwrap_err());
    wrong.sort();
    assert_eq!(wrong, ["form", "outcome", "text"]);
    let request = running.by(Role::Desk, TOWN, send(3, &reply, DeliveryOutcome::Sent));
    let status = running.client.send_reply(request).await.unwrap_err();
    assert_eq!(reason(&status), "CASE_NOT_FOUND");
    running.stop().await;
}
