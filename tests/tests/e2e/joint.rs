//! Joint handling (会办): one lead, several co-handlers with their own dates and opinions, one result.

use duban_proto::common::v1::{Action, CaseFacts, CaseState, Finding, Rank, RespondentFacts, RespondentKind};
use duban_proto::intake::v1::{Complaint, DeliveryOutcome, ReplyOccasion};
use duban_proto::routing::v1::{
    AcknowledgePartRequest, AddCoHandlersRequest, AddCoHandlersResponse, DecideOpinionRequest,
    DecidePartRequest, ExcusePartRequest, GetPartsRequest, ListPartsRequest, Part, PartChange, PartState,
    PreviewRouteRequest, RespondentFinding, ReturnOpinionRequest, SubmitOpinionRequest,
    preview_route_request::Subject,
};
use e2e::{
    CENTRE, INVESTIGATORS, Journey, OTHER_SUB_CENTRE, SUB_CENTRE, UNIT, World, complaints, eventually,
    rejection,
};
use tonic::Code;

/// About clerks of a unit of 罗店 and of 大场: the first leads.
fn about_two() -> Complaint {
    let mut complaint = complaints::about_a_clerk(UNIT);
    let other = complaints::about_a_clerk(OTHER_SUB_CENTRE).respondents;
    complaint.respondents.extend(other);
    complaint
}

fn person(code: &str, rank: Rank, head: bool) -> RespondentFacts {
    RespondentFacts { organ: code.into(), kind: RespondentKind::Person.into(), rank: rank.into(), head }
}

/// A case at the sub-centre, with a part at the other one.
struct Joint<'w> {
    journey: Journey<'w>,
}

impl<'w> Joint<'w> {
    async fn asked(world: &'w World) -> Self {
        let (journey, _) = Journey::routed(world, CENTRE, about_two()).await;
        journey.acknowledge(SUB_CENTRE).await;
        let joint = Self { journey };
        joint.adds("", &[]).await;
        joint.part_at(OTHER_SUB_CENTRE, PartState::Begun).await;
        joint.part_at(SUB_CENTRE, PartState::Begun).await;
        joint
    }

    fn world(&self) -> &'w World {
        self.journey.world
    }

    fn add_request(&self, organ: &str, respondents: &[u32]) -> AddCoHandlersRequest {
        AddCoHandlersRequest {
            request_id: complaints::request_id(),
            case_id: self.journey.case_id(),
            term: 1,
            organ: organ.into(),
            respondents: respondents.to_vec(),
            question: "请就你单位工作人员的情况提出意见。".into(),
            reason: if organ.is_empty() { String::new() } else { "牵涉该单位".into() },
            due_at: None,
        }
    }

    async fn adds(&self, organ: &str, respondents: &[u32]) -> AddCoHandlersResponse {
        let request = self.add_request(organ, respondents);
        let added = self.world().desk(CENTRE).joint().add_co_handlers(request).await;
        added.expect("co-handlers").into_inner()
    }

    /// The first part as an organ knows it.
    async fn part(&self, organ: &str) -> Option<Part> {
        let request = GetPartsRequest { case_id: self.journey.case_id(), organ: organ.into() };
        let parts = self.world().leader(organ).joint().get_parts(request).await.ok()?.into_inner().parts;
        parts.into_iter().next()
    }

    async fn part_at(&self, organ: &str, state: PartState) -> Part {
        eventually(&format!("the part at {organ} {state:?}"), async || {
            self.part(organ).await.filter(|part| part.state() == state)
        })
        .await
    }

    async fn acknowledges(&self) {
        let request = AcknowledgePartRequest {
            request_id: complaints::request_id(),
            case_id: self.journey.case_id(),
            term: 1,
            part: 1,
        };
        self.world().desk(OTHER_SUB_CENTRE).joint().acknowledge_part(request).await.expect("acknowledged");
    }

    fn opinion_request(&self, finding: Finding) -> SubmitOpinionRequest {
        SubmitOpinionRequest {
            request_id: complaints::request_id(),
            case_id: self.journey.case_id(),
            term: 1,
            part: 1,
            finding: finding.into(),
            measures: Vec::new(),
            opinion: "经核实,我镇窗口当日按规定受理,投诉不属实。".into(),
            investigators: INVESTIGATORS.map(String::from).to_vec(),
        }
    }

    fn decision(&self, approve: bool) -> DecideOpinionRequest {
        DecideOpinionRequest {
            request_id: complaints::request_id(),
            case_id: self.journey.case_id(),
            term: 1,
            part: 1,
            approve,
            reason: if approve { String::new() } else { "请补充监控核查情况。".into() },
        }
    }

    async fn opines(&self, finding: Finding) {
        let request = self.opinion_request(finding);
        let mut handler = self.world().officer("handler", OTHER_SUB_CENTRE, INVESTIGATORS[0]).joint();
        handler.submit_opinion(request).await.expect("submitted");
    }

    async fn answers(&self, finding: Finding) {
        self.opines(finding).await;
        let mut leader = self.world().leader(OTHER_SUB_CENTRE).joint();
        leader.decide_opinion(self.decision(true)).await.expect("approved");
        self.part_at(SUB_CENTRE, PartState::Answered).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn house_the_lead_and_a_co_handler_come_to_one_result() {
    let world = World::new().await;
    let joint = Joint::asked(&world).await;
    let journey = &joint.journey;
    let to_do = world.desk(OTHER_SUB_CENTRE).joint().list_parts(ListPartsRequest::default()).await;
    let [to_do] = to_do.expect("a list").into_inner().parts.try_into().expect("one part");
    assert_eq!(
        (to_do.case_id, to_do.organ.as_str(), to_do.overdue),
        (journey.case_id(), OTHER_SUB_CENTRE, false)
    );
    assert_eq!(to_do.citation.expect("a rule").article, "14(2)");
    joint.acknowledges().await;

    journey.appoint(SUB_CENTRE).await;
    journey.record(SUB_CENTRE).await;
    let mut request = journey.disposition_request(1);
    request.finding = Finding::PartlyFounded.into();
    request.findings = vec![RespondentFinding { respondent: 0, finding: Finding::Founded.into(), part: 0 }];
    let mut handler = world.officer("handler", SUB_CENTRE, INVESTIGATORS[0]).casework();
    let open = rejection(handler.submit_disposition(request.clone()).await);
    assert_eq!((open.code, open.reason.as_str()), (Code::FailedPrecondition, "PARTS_OPEN"));
    assert!(open.metadata.contains(&("parts".into(), "1.1".into())) && open.chinese, "{open:?}");

    joint.answers(Finding::Unfounded).await;
    let at_lead = joint.part(SUB_CENTRE).await.expect("the part");
    let [opinion] = at_lead.opinions.as_slice() else { panic!("one opinion: {at_lead:?}") };
    assert!(opinion.text.contains("投诉不属实") && opinion.approved, "{opinion:?}");
    let mut differs = request.clone();
    differs.finding = Finding::Founded.into();
    let differs = rejection(handler.submit_disposition(differs).await);
    assert_eq!(differs.reason, "FINDING_DIFFERS");
    assert!(differs.metadata.contains(&("expected".into(), "PARTLY_FOUNDED".into())), "{differs:?}");
    let mut missing = request.clone();
    missing.request_id = complaints::request_id();
    missing.findings.clear();
    assert_eq!(rejection(handler.submit_disposition(missing).await).reason, "FINDING_MISSING");
    request.request_id = complaints::request_id();
    handler.submit_disposition(request).await.expect("submitted");
    journey.approve(SUB_CENTRE).await;

    let home =
        journey.at_when(CENTRE, "the conclusion at home", |case| case.state() == CaseState::Concluded).await;
    let of =
        |respondent, finding: Finding, part| RespondentFinding { respondent, finding: finding.into(), part };
    assert_eq!(home.findings, [of(0, Finding::Founded, 0), of(1, Finding::Unfounded, 1)]);
    assert_eq!((home.finding(), home.terms.len()), (Finding::PartlyFounded, 1), "one organ was responsible");
    let at_intake = journey.reaches(CaseState::Concluded).await;
    assert_eq!(at_intake.responsible_organ, SUB_CENTRE);
    journey
        .at_when(OTHER_SUB_CENTRE, "the end at the co-handler", |case| case.state() == CaseState::Concluded)
        .await;
    journey.reply(ReplyOccasion::Result, DeliveryOutcome::Sent).await;
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_14_a_preview_tells_the_parts_that_there_would_be() {
    let world = World::new().await;
    let facts = CaseFacts {
        registering_organ: CENTRE.into(),
        channel: "online".into(),
        grounds: vec!["8.2".into()],
        respondents: vec![
            person(UNIT, Rank::Unranked, false),
            person(OTHER_SUB_CENTRE, Rank::Division, false),
            person(OTHER_SUB_CENTRE, Rank::Section, false),
        ],
        ..CaseFacts::default()
    };
    let request = PreviewRouteRequest { organ: CENTRE.into(), subject: Some(Subject::Facts(facts)) };
    let preview = world.leader(CENTRE).routing().preview_route(request).await.expect("a route").into_inner();
    assert_eq!(preview.route.expect("a route").organ, CENTRE, "the highest rank decides the lead");
    let [town, other] = preview.parts.as_slice() else { panic!("two parts: {:?}", preview.parts) };
    assert_eq!((town.organ.as_str(), town.respondents.as_slice()), (SUB_CENTRE, &[0][..]));
    assert_eq!((other.organ.as_str(), other.respondents.as_slice()), (OTHER_SUB_CENTRE, &[2][..]));
    assert_eq!(town.citation.as_ref().expect("a rule").article, "14(2)");
    assert!(town.facts_used.iter().any(|fact| fact.contains('=')), "{town:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_18_an_opinion_needs_two_investigators_and_art_19_another_person_to_approve_it() {
    let world = World::new().await;
    let joint = Joint::asked(&world).await;
    joint.acknowledges().await;
    let mut alone = joint.opinion_request(Finding::Unfounded);
    alone.investigators.truncate(1);
    let mut handler = world.officer("handler", OTHER_SUB_CENTRE, INVESTIGATORS[0]).joint();
    let refused = rejection(handler.submit_opinion(alone).await);
    assert_eq!(refused.reason, "TOO_FEW_INVESTIGATORS");
    assert!(refused.articles.iter().any(|article| article.contains("18")), "{refused:?}");
    joint.opines(Finding::Unfounded).await;
    let mut investigator = world.officer("leader", OTHER_SUB_CENTRE, INVESTIGATORS[1]).joint();
    let refused = rejection(investigator.decide_opinion(joint.decision(true)).await);
    assert_eq!(refused.reason, "PERSON_EXCLUDED");
    assert!(refused.articles.iter().any(|article| article.contains("19")), "{refused:?}");

    let mut leader = world.leader(OTHER_SUB_CENTRE).joint();
    leader.decide_opinion(joint.decision(false)).await.expect("sent back");
    let own = joint.part(OTHER_SUB_CENTRE).await.expect("the part");
    assert_eq!(own.opinions.first().expect("an opinion").returned_because, "请补充监控核查情况。");
    let home = joint.part_at(CENTRE, PartState::Acknowledged).await;
    assert!(home.opinions.is_empty(), "nothing went up: {home:?}");
    joint.answers(Finding::Unfounded).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_the_lead_has_an_opinion_sent_back_once_with_a_new_date() {
    let world = World::new().await;
    let joint = Joint::asked(&world).await;
    joint.acknowledges().await;
    joint.answers(Finding::Unfounded).await;
    let query = || ReturnOpinionRequest {
        request_id: complaints::request_id(),
        case_id: joint.journey.case_id(),
        term: 1,
        part: 1,
        reason: "请说明未查看监控的原因。".into(),
        due_at: None,
    };
    world.leader(SUB_CENTRE).joint().return_opinion(query()).await.expect("sent back");
    let back = joint.part_at(OTHER_SUB_CENTRE, PartState::Queried).await;
    let last = back.steps.last().expect("a step");
    assert_eq!((last.change(), last.reason.as_str()), (PartChange::Queried, "请说明未查看监控的原因。"));
    joint.part_at(CENTRE, PartState::Queried).await;
    joint.answers(Finding::Founded).await;
    let twice = rejection(world.leader(SUB_CENTRE).joint().return_opinion(query()).await);
    assert_eq!(twice.reason, "PART_NOT_ALLOWED");
}

#[tokio::test(flavor = "multi_thread")]
async fn house_the_home_goes_on_without_an_overdue_part() {
    let world = World::new().await;
    let joint = Joint::asked(&world).await;
    let excuse = || ExcusePartRequest {
        request_id: complaints::request_id(),
        case_id: joint.journey.case_id(),
        term: 1,
        part: 1,
        reason: "会办单位逾期未答复,先行办结。".into(),
    };
    let early = rejection(world.leader(CENTRE).joint().excuse_part(excuse()).await);
    assert_eq!(early.reason, "PART_NOT_ALLOWED");
    let waits = joint.part(CENTRE).await.expect("the part");
    assert!(!waits.allowed_actions.contains(&Action::ExcusePart.into()), "{waits:?}");
    world.turn_to("2026-03-02 10:00");
    let overdue = ListPartsRequest { elsewhere: true, ..ListPartsRequest::default() };
    let overdue = world.leader(CENTRE).joint().list_parts(overdue).await.expect("a list").into_inner().parts;
    assert!(
        overdue.iter().all(|part| part.overdue && part.allowed_actions.contains(&Action::ExcusePart.into()))
    );
    world.leader(CENTRE).joint().excuse_part(excuse()).await.expect("excused");
    let ended = joint.part_at(SUB_CENTRE, PartState::Ended).await;
    assert_eq!(ended.ended_by(), PartChange::Excused);
    assert_eq!(ended.steps.last().expect("a step").reason, "会办单位逾期未答复,先行办结。");
}

#[tokio::test(flavor = "multi_thread")]
async fn house_no_part_goes_to_the_one_complained_about_and_a_foreign_organ_sees_none() {
    let world = World::new().await;
    let mut complaint = complaints::about_a_clerk(UNIT);
    let head = complaints::about_a_person(OTHER_SUB_CENTRE, Rank::Section, true).respondents;
    complaint.respondents.extend(head);
    let (journey, route) = Journey::routed(&world, CENTRE, complaint).await;
    assert_eq!(route.route.expect("a route").organ, CENTRE, "a case against a head goes up");
    let joint = Joint { journey };
    let mut desk = world.desk(CENTRE).joint();
    let lead = rejection(desk.add_co_handlers(joint.add_request(CENTRE, &[0])).await);
    assert_eq!(lead.reason, "NO_COMPETENT_ORGAN", "the lead is no co-handler");
    let own_head = rejection(desk.add_co_handlers(joint.add_request(OTHER_SUB_CENTRE, &[1])).await);
    assert_eq!((own_head.code, own_head.reason.as_str()), (Code::FailedPrecondition, "NO_COMPETENT_ORGAN"));
    let question =
        AddCoHandlersRequest { respondents: Vec::new(), ..joint.add_request(OTHER_SUB_CENTRE, &[]) };
    assert_eq!(
        rejection(desk.add_co_handlers(question).await).reason,
        "NO_COMPETENT_ORGAN",
        "nor asked about itself"
    );
    let request = GetPartsRequest { case_id: joint.journey.case_id(), organ: String::new() };
    let foreign = rejection(world.leader(OTHER_SUB_CENTRE).joint().get_parts(request).await);
    assert_eq!(foreign.reason, "CASE_NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn house_a_part_is_given_to_another_organ_and_what_its_old_one_does_is_refused() {
    let world = World::new().await;
    let joint = Joint::asked(&world).await;
    let moves = DecidePartRequest {
        request_id: complaints::request_id(),
        case_id: joint.journey.case_id(),
        term: 1,
        part: 1,
        organ: CENTRE.into(),
        reason: "由中心直接核查。".into(),
        due_at: None,
    };
    let moved = world.leader(CENTRE).joint().decide_part(moves).await.expect("moved").into_inner();
    let next = moved.next.expect("a part in its place");
    assert_eq!((next.part, next.organ.as_str(), next.respondents.as_slice()), (2, CENTRE, &[1][..]));
    let ended = joint.part_at(OTHER_SUB_CENTRE, PartState::Ended).await;
    assert_eq!(ended.ended_by(), PartChange::Moved);
    let late = AcknowledgePartRequest {
        request_id: complaints::request_id(),
        case_id: joint.journey.case_id(),
        term: 1,
        part: 1,
    };
    let late = rejection(world.desk(OTHER_SUB_CENTRE).joint().acknowledge_part(late).await);
    assert_eq!(late.reason, "PART_NOT_ALLOWED");
}
