//! Joint handling over gRPC: its lists, its texts, what is not well-formed (house).

use access::Role;
use duban_proto::common::v1::{Action, Finding};
use duban_proto::routing::v1::{
    AcknowledgePartRequest, AddCoHandlersRequest, DecideOpinionRequest, DecidePartRequest, GetPartsRequest,
    ListPartsRequest, Part, PartChange, PartReturnGround, ReturnPartRequest, RouteCaseRequest,
    SubmitOpinionRequest,
};
use jiff::SignedDuration;
use ledger::Clock as _;
use ledger::rebuild::{Mode, rebuild};
use tonic::Code;
use uuid::Uuid;

use crate::harness::{
    CENTRE, INVESTIGATORS, OTHER, Running, TOWN, UNIT, a_clerk, case, fields, id, reason, start,
};

/// The request to ask the other organ a question, which is due in so many days.
fn question(running: &Running, number: u128, days: i64) -> AddCoHandlersRequest {
    let due_at = running.clock.now() + SignedDuration::from_hours(24 * days);
    AddCoHandlersRequest {
        request_id: id(100 + number),
        case_id: case(number).to_string(),
        term: 1,
        organ: OTHER.into(),
        question: "请说明跨镇通办的受理口径。".into(),
        reason: "涉及大场镇的受理口径".into(),
        due_at: Some(server::time::to_proto(due_at)),
        ..AddCoHandlersRequest::default()
    }
}

impl Running {
    /// A case with the town that asks the other organ.
    async fn asks_parts(&mut self, number: u128, days: i64) {
        self.accepted(CENTRE, number, a_clerk()).await;
        let version = self.until(CENTRE, number, |case| case.working_copy_ready).await.version;
        let route = RouteCaseRequest {
            request_id: id(10 + number),
            case_id: case(number).to_string(),
            version,
            ..RouteCaseRequest::default()
        };
        let route = self.by(Role::Leader, CENTRE, route);
        self.routing.route_case(route).await.unwrap();
        let request = self.by(Role::Desk, CENTRE, question(self, number, days));
        self.joint.add_co_handlers(request).await.unwrap();
        self.until(OTHER, number, |_| true).await;
    }

    async fn parts_of(&mut self, role: Role, organ: &str, number: u128) -> Vec<Part> {
        let request = GetPartsRequest { case_id: case(number).to_string(), organ: String::new() };
        let request = self.by(role, organ, request);
        self.joint.get_parts(request).await.unwrap().into_inner().parts
    }

    async fn listed_parts(&mut self, role: Role, organ: &str, mut request: ListPartsRequest) -> Vec<Part> {
        let mut found = Vec::new();
        loop {
            let page = self.by(role, organ, request.clone());
            let page = self.joint.list_parts(page).await.unwrap().into_inner();
            found.extend(page.parts);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return found;
            }
        }
    }
}

fn numbers(parts: &[Part]) -> Vec<u128> {
    parts.iter().map(|part| Uuid::try_parse(&part.case_id).unwrap().as_u128()).collect()
}

#[tokio::test]
async fn house_parts_are_listed_by_their_dates_to_those_who_handle_them_or_wait_for_them() {
    let mut running = start().await;
    for (number, days) in [(1, 9), (2, 3), (3, 6)] {
        running.asks_parts(number, days).await;
    }
    let pages = ListPartsRequest { page_size: 2, ..ListPartsRequest::default() };
    let elsewhere = ListPartsRequest { elsewhere: true, ..pages.clone() };
    let to_do = running.listed_parts(Role::Desk, OTHER, pages.clone()).await;
    assert_eq!(numbers(&to_do), [2, 3, 1], "the most urgent first, over two pages");
    assert_eq!(to_do[0].allowed_actions, [i32::from(Action::AcknowledgePart)]);
    assert_eq!(numbers(&running.listed_parts(Role::Desk, CENTRE, elsewhere.clone()).await), [2, 3, 1]);
    assert_eq!(numbers(&running.listed_parts(Role::Desk, CENTRE, pages.clone()).await), [0; 0]);
    assert_eq!(numbers(&running.listed_parts(Role::Desk, OTHER, elsewhere.clone()).await), [0; 0]);
    let below = ListPartsRequest { organ: OTHER.into(), ..pages.clone() };
    assert_eq!(numbers(&running.listed_parts(Role::Supervisor, CENTRE, below.clone()).await), [2, 3, 1]);
    let refused = running.by(Role::Desk, CENTRE, below);
    let refused = running.joint.list_parts(refused).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused)), (Code::PermissionDenied, "ORGAN_OUT_OF_SCOPE".into()));

    assert!(to_do.iter().all(|part| !part.overdue));
    running.clock.advance(SignedDuration::from_hours(24 * 4));
    let overdue = running.listed_parts(Role::Handler, OTHER, pages.clone()).await;
    assert_eq!(overdue.iter().map(|part| part.overdue).collect::<Vec<_>>(), [true, false, false]);

    let dropped = DecidePartRequest {
        request_id: id(200),
        case_id: case(2).to_string(),
        term: 1,
        part: 1,
        reason: "已无必要".into(),
        ..DecidePartRequest::default()
    };
    let dropped = running.by(Role::Leader, CENTRE, dropped);
    running.joint.decide_part(dropped).await.unwrap();
    assert_eq!(numbers(&running.listed_parts(Role::Desk, CENTRE, elsewhere.clone()).await), [3, 1]);
    let closed = ListPartsRequest { closed: true, ..elsewhere };
    let closed = running.listed_parts(Role::Desk, CENTRE, closed).await;
    assert_eq!((numbers(&closed), closed[0].ended_by()), (vec![2], PartChange::Dropped));
    for organ in [CENTRE, TOWN, OTHER] {
        let organ = ledger::Organ::new(organ).unwrap();
        for table in rebuild(running.service.writer(), &organ, Mode::Check).await.unwrap() {
            assert!(table.same, "{table:?}");
        }
    }
    running.stop().await;
}

#[tokio::test]
async fn house_each_reads_of_a_part_what_concerns_it() {
    let mut running = start().await;
    running.asks_parts(1, 5).await;
    let [at_home] = running.parts_of(Role::Leader, CENTRE, 1).await.try_into().unwrap();
    assert_eq!(at_home.question, "请说明跨镇通办的受理口径。");
    assert_eq!(at_home.chosen_because, "涉及大场镇的受理口径");
    let [asked] = running.parts_of(Role::Handler, OTHER, 1).await.try_into().unwrap();
    assert_eq!((asked.question.as_str(), asked.chosen_because.as_str()), ("请说明跨镇通办的受理口径。", ""));

    let note = "非本镇受理事项";
    let give_back = ReturnPartRequest {
        request_id: id(201),
        case_id: case(1).to_string(),
        term: 1,
        part: 1,
        ground: PartReturnGround::NotCompetent.into(),
        note: note.into(),
    };
    let give_back = running.by(Role::Handler, OTHER, give_back);
    running.joint.return_part(give_back).await.unwrap();
    for organ in [CENTRE, TOWN] {
        let mut heads = running.service.writer().heads().subscribe();
        loop {
            heads.mark_unchanged();
            let [part] = running.parts_of(Role::Leader, organ, 1).await.try_into().unwrap();
            let last = part.steps.last().unwrap();
            if last.change() == PartChange::Returned {
                assert_eq!(
                    (last.reason.as_str(), part.ground()),
                    (note, PartReturnGround::NotCompetent),
                    "{organ}"
                );
                break;
            }
            heads.changed().await.unwrap();
        }
    }
    let unknown = running.by(
        Role::Leader,
        CENTRE,
        GetPartsRequest { case_id: case(9).to_string(), organ: String::new() },
    );
    assert_eq!(reason(&running.joint.get_parts(unknown).await.unwrap_err()), "CASE_NOT_FOUND");
    running.stop().await;
}

#[tokio::test]
async fn what_is_not_well_formed_is_told_at_once() {
    let mut running = start().await;
    let past = Some(server::time::to_proto(running.clock.now()));
    let request = AddCoHandlersRequest {
        request_id: "1".into(),
        organ: OTHER.into(),
        respondents: vec![],
        due_at: past,
        ..AddCoHandlersRequest::default()
    };
    let refused = running.by(Role::Desk, CENTRE, request);
    let refused = running.joint.add_co_handlers(refused).await.unwrap_err();
    assert_eq!(fields(&refused), ["request_id", "case_id", "due_at", "reason", "question"]);
    let by_rule = AddCoHandlersRequest {
        request_id: id(1),
        case_id: case(1).to_string(),
        respondents: vec![1, 1],
        reason: "理由".into(),
        ..AddCoHandlersRequest::default()
    };
    let refused = running.by(Role::Desk, CENTRE, by_rule.clone());
    let refused = running.joint.add_co_handlers(refused).await.unwrap_err();
    assert_eq!(fields(&refused), ["respondents[1]", "reason"]);
    let nowhere = AddCoHandlersRequest { organ: "baoshan.dachan".into(), respondents: vec![1], ..by_rule };
    let refused = running.by(Role::Desk, CENTRE, nowhere);
    assert_eq!(reason(&running.joint.add_co_handlers(refused).await.unwrap_err()), "ORGAN_NOT_FOUND");
    let opinion = SubmitOpinionRequest {
        finding: Finding::Unfounded.into(),
        measures: vec!["criticism_and_education".into()],
        investigators: vec![String::new()],
        ..SubmitOpinionRequest::default()
    };
    let refused = running.as_person(INVESTIGATORS[0], Role::Handler, OTHER, opinion);
    let refused = running.joint.submit_opinion(refused).await.unwrap_err();
    assert_eq!(fields(&refused), ["request_id", "case_id", "measures", "opinion", "investigators[0]"]);
    let decision =
        DecideOpinionRequest { request_id: id(1), case_id: case(1).to_string(), ..Default::default() };
    for (approve, words) in [(false, ""), (true, "理由")] {
        let decision = DecideOpinionRequest { approve, reason: words.into(), ..decision.clone() };
        let refused = running.by(Role::Leader, OTHER, decision);
        assert_eq!(fields(&running.joint.decide_opinion(refused).await.unwrap_err()), ["reason"]);
    }
    let dropped = DecidePartRequest {
        request_id: id(1),
        case_id: case(1).to_string(),
        reason: "理由".into(),
        due_at: Some(server::time::to_proto(running.clock.now() + SignedDuration::from_hours(1))),
        ..DecidePartRequest::default()
    };
    let refused = running.by(Role::Leader, CENTRE, dropped);
    assert_eq!(fields(&running.joint.decide_part(refused).await.unwrap_err()), ["due_at"]);
    let acknowledge = AcknowledgePartRequest { request_id: id(1), case_id: "x".into(), term: 1, part: 1 };
    let refused = running.by(Role::Desk, UNIT, acknowledge);
    assert_eq!(fields(&running.joint.acknowledge_part(refused).await.unwrap_err()), ["case_id"]);
    running.stop().await;
}
