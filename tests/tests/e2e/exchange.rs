//! Instruments that go to another organ (7, 22): it signs for them and answers itself.

use duban_proto::common::v1::Action;
use duban_proto::routing::v1::instrument_addressee::To;
use duban_proto::routing::v1::{
    AcceptInstrumentAnswerRequest, AcknowledgeInstrumentRequest, AnswerInstrumentRequest,
    DraftInstrumentRequest, GetInstrumentRequest, GetReceivedInstrumentRequest, Instrument,
    InstrumentAddressee, InstrumentDelivery, InstrumentKind, InstrumentState, IssueInstrumentRequest,
    ListReceivedInstrumentsRequest, ReceivedInstrument, ReceivedInstrumentState,
    RejectInstrumentAnswerRequest,
};
use e2e::{
    CENTRE, INVESTIGATORS, Journey, OTHER_SUB_CENTRE, Officer, SUB_CENTRE, World, complaints, eventually,
    rejection,
};

use crate::retention::projections_hold;

/// Drafted by an officer of the centre to another organ, signed and issued.
pub(crate) async fn issued(world: &World, case_id: &str, kind: InstrumentKind, to: &str) -> Instrument {
    let request = DraftInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: case_id.into(),
        kind: kind.into(),
        addressee: Some(InstrumentAddressee { to: Some(To::Organ(to.into())) }),
        title: "协助调查函".into(),
        text: "请提供二月四日办事大厅三号窗口的取号记录。".into(),
        ..DraftInstrumentRequest::default()
    };
    let [first, _] = INVESTIGATORS;
    let mut handler = world.officer("handler", CENTRE, first).instruments();
    let drafted = handler.draft_instrument(request).await.expect("drafted").into_inner();
    let drafted = drafted.instrument.expect("an instrument");
    let request = IssueInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: case_id.into(),
        instrument_id: drafted.instrument_id,
    };
    let answer = world.leader(CENTRE).instruments().issue_instrument(request).await.expect("issued");
    answer.into_inner().instrument.expect("an instrument")
}

/// The first of those that an organ received, once it is there and stands so.
pub(crate) async fn received(officer: &Officer, state: ReceivedInstrumentState) -> ReceivedInstrument {
    eventually(&format!("an instrument in {state:?}"), async || {
        let request = ListReceivedInstrumentsRequest { states: vec![state.into()], ..Default::default() };
        let page = officer.received().list_received_instruments(request).await.ok()?.into_inner();
        page.instruments.into_iter().next()
    })
    .await
}

pub(crate) async fn read(officer: &Officer, of: &ReceivedInstrument) -> ReceivedInstrument {
    let request =
        GetReceivedInstrumentRequest { case_id: of.case_id.clone(), instrument_id: of.instrument_id.clone() };
    let answer = officer.received().get_received_instrument(request).await.expect("it").into_inner();
    answer.instrument.expect("an instrument")
}

pub(crate) fn answer(of: &ReceivedInstrument, text: &str) -> AnswerInstrumentRequest {
    AnswerInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: of.case_id.clone(),
        instrument_id: of.instrument_id.clone(),
        text: text.into(),
        ..AnswerInstrumentRequest::default()
    }
}

async fn at_the_issuer(world: &World, of: &Instrument, state: InstrumentState) -> Instrument {
    eventually(&format!("the instrument in {state:?}"), async || {
        let request =
            GetInstrumentRequest { case_id: of.case_id.clone(), instrument_id: of.instrument_id.clone() };
        let answer =
            world.leader(CENTRE).instruments().get_instrument(request).await.expect("it").into_inner();
        answer.instrument.filter(|now| now.state() == state)
    })
    .await
}

async fn at_the_centre(world: &World) -> Journey<'_> {
    let journey = Journey::routed(world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await.0;
    journey.appoint(CENTRE).await;
    journey
}

#[tokio::test(flavor = "multi_thread")]
async fn art_7_the_organ_that_is_asked_signs_for_it_and_answers_itself() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let paper = issued(&world, &journey.case_id(), InstrumentKind::DemandDocuments, OTHER_SUB_CENTRE).await;
    assert_eq!(paper.sent_to, OTHER_SUB_CENTRE);
    let desk = world.desk(OTHER_SUB_CENTRE);
    let came = received(&desk, ReceivedInstrumentState::Received).await;
    assert_eq!(
        (came.issued_by.as_str(), came.number.as_str(), came.text.as_str()),
        (CENTRE, &*paper.number, "")
    );
    assert_eq!(came.allowed_actions().collect::<Vec<_>>(), [Action::AcknowledgeInstrument]);
    let whole = read(&desk, &came).await;
    assert_eq!((whole.title.as_str(), whole.signed_by.as_str()), ("协助调查函", "leader.baoshan"));
    assert_eq!(whole.text, "请提供二月四日办事大厅三号窗口的取号记录。");
    let stranger = rejection(
        world
            .desk(SUB_CENTRE)
            .received()
            .get_received_instrument(GetReceivedInstrumentRequest {
                case_id: came.case_id.clone(),
                instrument_id: came.instrument_id.clone(),
            })
            .await,
    );
    assert_eq!(stranger.reason, "INSTRUMENT_NOT_FOUND", "it was sent to another organ");

    let acknowledge = AcknowledgeInstrumentRequest {
        request_id: complaints::request_id(),
        case_id: came.case_id.clone(),
        instrument_id: came.instrument_id.clone(),
    };
    let signed = desk.received().acknowledge_instrument(acknowledge.clone()).await.expect("signed for");
    let again = desk.received().acknowledge_instrument(acknowledge).await.expect("the same answer");
    assert_eq!(signed.into_inner(), again.into_inner());
    let delivered = at_the_issuer(&world, &paper, InstrumentState::Delivered).await;
    assert_eq!(
        (delivered.delivered_by(), delivered.delivered_on.as_str()),
        (InstrumentDelivery::Exchange, "2026-02-10")
    );

    let handler = world.officer("handler", OTHER_SUB_CENTRE, "qian.yi");
    let lacking = AnswerInstrumentRequest { measure: "criticism_and_education".into(), ..answer(&came, "") };
    let refused = rejection(handler.received().answer_instrument(lacking).await);
    assert_eq!(refused.fields, ["decided_by", "decided_on", "text"]);
    handler.received().answer_instrument(answer(&came, "取号记录共三页。")).await.expect("answered");
    let answered = at_the_issuer(&world, &paper, InstrumentState::Answered).await;
    let [told] = answered.answers.as_slice() else { panic!("one answer: {answered:?}") };
    assert_eq!((told.text.as_str(), told.organ.as_str()), ("取号记录共三页。", OTHER_SUB_CENTRE));
    assert_eq!(told.recorded_by, "qian.yi");

    let back = RejectInstrumentAnswerRequest {
        request_id: complaints::request_id(),
        case_id: paper.case_id.clone(),
        instrument_id: paper.instrument_id.clone(),
        reason: "缺第二页。".into(),
        answer_within: String::new(),
    };
    world.leader(CENTRE).instruments().reject_instrument_answer(back).await.expect("sent back");
    let came_back = received(&handler, ReceivedInstrumentState::Acknowledged).await;
    let words = read(&handler, &came_back).await;
    assert_eq!(
        (words.answers[0].rejected_because.as_str(), words.answers[0].text.as_str()),
        ("缺第二页。", "取号记录共三页。")
    );
    handler.received().answer_instrument(answer(&came, "三页齐全。")).await.expect("answered again");
    at_the_issuer(&world, &paper, InstrumentState::Answered).await;
    let accept = AcceptInstrumentAnswerRequest {
        request_id: complaints::request_id(),
        case_id: paper.case_id.clone(),
        instrument_id: paper.instrument_id.clone(),
    };
    world.leader(CENTRE).instruments().accept_instrument_answer(accept).await.expect("in order");
    received(&desk, ReceivedInstrumentState::Settled).await;
    projections_hold(&world).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn house_an_answer_that_is_late_is_seen_as_overdue_by_who_owes_it() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    issued(&world, &journey.case_id(), InstrumentKind::RequestCooperation, OTHER_SUB_CENTRE).await;
    let desk = world.desk(OTHER_SUB_CENTRE);
    received(&desk, ReceivedInstrumentState::Received).await;
    world.turn_to("2026-02-25 08:00");
    let desk = world.desk(OTHER_SUB_CENTRE);
    let late = received(&desk, ReceivedInstrumentState::Overdue).await;
    assert!(late.overdue_since.is_some() && late.reminded_at.is_some());
    let supervisor = world.officer("supervisor", CENTRE, "supervisor.baoshan");
    let seen = received(&supervisor, ReceivedInstrumentState::Overdue).await;
    assert_eq!(seen.allowed_actions, [0; 0], "supervision reads");
}
