//! The handshake and guidance through the ledgers and tables: articles 5(4), 6(2) and 23.

use access::Role;
use duban_proto::routing::v1::{
    AskGuidanceRequest, DecideReturnRequest, GiveGuidanceRequest, Guidance, ListGuidanceRequest,
    ReturnTransferRequest, TakeOverRequest,
};

use crate::harness::{CENTRE, OTHER, Running, TOWN, a_clerk, case, fields, id, start};

impl Running {
    async fn gives_back(&mut self, organ: &str, term: u32, request: u128) {
        let request = ReturnTransferRequest {
            request_id: id(request),
            case_id: case(1).to_string(),
            term,
            ground: "not_competent".into(),
            reason: "不属于本镇管辖。".into(),
        };
        let request = self.by(Role::Leader, organ, request);
        self.transfers.return_transfer(request).await.unwrap();
    }

    async fn asks(&mut self, request: u128, case_id: String) -> String {
        let question = "应如何认定?".to_owned();
        let request = AskGuidanceRequest { request_id: id(request), case_id, question };
        let request = self.by(Role::Desk, TOWN, request);
        self.transfers.ask_guidance(request).await.unwrap().into_inner().guidance_id
    }

    async fn guidance(
        &mut self,
        organ: &str,
        open_only: bool,
        page_size: u32,
        page_token: &str,
    ) -> (Vec<Guidance>, String) {
        let request = ListGuidanceRequest { open_only, page_size, page_token: page_token.into() };
        let request = self.by(Role::Leader, organ, request);
        let answer = self.transfers.list_guidance(request).await.unwrap().into_inner();
        (answer.guidance, answer.next_page_token)
    }

    /// Waits until the organ knows so many questions.
    async fn until_asked(&mut self, organ: &str, count: usize, open_only: bool) -> Vec<Guidance> {
        let mut heads = self.service.writer().heads().subscribe();
        loop {
            heads.mark_unchanged();
            let (known, _) = self.guidance(organ, open_only, 0, "").await;
            if known.len() == count {
                return known;
            }
            let moved = tokio::time::timeout(std::time::Duration::from_secs(20), heads.changed()).await;
            moved.expect("it never is").unwrap();
        }
    }
}

#[tokio::test]
async fn art_6_2_the_tables_of_a_handshake_are_made_again_from_the_ledgers() {
    let mut running = start().await;
    running.accepted(CENTRE, 1, a_clerk()).await;
    running.routes(CENTRE, "").await;
    running.until(TOWN, 1, |case| case.current_term == 1).await;
    running.gives_back(TOWN, 1, 40).await;
    let decision = |request: u128| DecideReturnRequest {
        request_id: id(request),
        case_id: case(1).to_string(),
        term: 1,
        agree: true,
        organ: OTHER.into(),
        compulsory: false,
        reason: "同意退回。".into(),
    };
    let wrong = DecideReturnRequest { agree: false, compulsory: true, reason: String::new(), ..decision(41) };
    let request = running.by(Role::Leader, CENTRE, wrong);
    let refused = running.transfers.decide_return(request).await.unwrap_err();
    assert_eq!(fields(&refused), ["reason", "organ", "compulsory"]);
    let opened_copied_routed_returned = 4;
    running.until(CENTRE, 1, |case| case.version == opened_copied_routed_returned).await;
    let request = running.by(Role::Leader, CENTRE, decision(42));
    running.transfers.decide_return(request).await.unwrap();
    running.until(OTHER, 1, |case| case.current_term == 2).await;
    running.until(TOWN, 1, |case| case.terms[0].superseded_by == 2).await;
    let take_over = TakeOverRequest {
        request_id: id(2000),
        case_id: case(1).to_string(),
        term: 2,
        reason: "直接调查。".into(),
    };
    let request = running.by(Role::Leader, CENTRE, take_over);
    running.transfers.take_over(request).await.unwrap();
    running.until(OTHER, 1, |case| case.current_term == 3).await;
    let on_case = running.asks(2001, case(1).to_string()).await;
    running.until_asked(CENTRE, 1, true).await;
    let answer =
        GiveGuidanceRequest {
            request_id: id(2002), guidance_id: on_case, answer: "按第八条认定。".into()
        };
    let request = running.by(Role::Leader, CENTRE, answer);
    running.transfers.give_guidance(request).await.unwrap();
    running.until_asked(TOWN, 0, true).await;
    running.is_rebuilt_from_its_ledgers(&[CENTRE, TOWN, OTHER]).await;
    running.stop().await;
}

#[tokio::test]
async fn art_23_questions_are_listed_page_by_page_newest_first() {
    let mut running = start().await;
    let mut asked = Vec::new();
    for number in 0..3 {
        asked.push(running.asks(10 + number, String::new()).await);
        running.clock.advance(jiff::SignedDuration::from_mins(1));
    }
    running.until_asked(CENTRE, 3, true).await;
    let (mut listed, mut token) = (Vec::new(), String::new());
    loop {
        let (page, next) = running.guidance(CENTRE, false, 2, &token).await;
        listed.extend(page.into_iter().map(|guidance| guidance.guidance_id));
        token = next;
        if token.is_empty() {
            break;
        }
    }
    asked.reverse();
    assert_eq!(listed, asked);
    running.stop().await;
}
