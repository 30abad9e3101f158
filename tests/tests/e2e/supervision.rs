//! Time: article 17, and what follows when it runs out (16, 20).

use duban_proto::common::v1::Light;
use duban_proto::intake::v1::ReplyOccasion;
use duban_proto::supervision::v1::{
    DecideExtensionRequest, ExplainDeadlineRequest, FiredRung, GetBoardRequest, Instrument,
    ListDueClocksRequest, ListFiredRungsRequest, RequestExtensionRequest,
};
use e2e::{CENTRE, Journey, SUB_CENTRE, UNIT, World, complaints, eventually, rejection};

async fn at_the_centre(world: &World) -> Journey<'_> {
    let (journey, _) = Journey::routed(world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    world.clocks_when(&journey, CENTRE, |clocks| clocks.len() == 2).await;
    journey
}

/// The rungs of the case's own clock, oldest first, once there are so many.
async fn rungs(world: &World, journey: &Journey<'_>, count: usize) -> Vec<FiredRung> {
    eventually(&format!("{count} rungs"), async || {
        let request =
            ListFiredRungsRequest { case_id: journey.case_id(), ..ListFiredRungsRequest::default() };
        let fired = world.supervisor(CENTRE).supervision().list_fired_rungs(request).await.ok()?.into_inner();
        let of_case = |fired: &FiredRung| fired.rung.as_ref().is_some_and(|rung| rung.term == 0);
        let mut fired: Vec<FiredRung> = fired.rungs.into_iter().filter(of_case).collect();
        fired.reverse();
        (fired.len() >= count).then_some(fired)
    })
    .await
}

fn names(rungs: &[FiredRung]) -> Vec<&str> {
    rungs.iter().filter_map(|fired| Some(fired.rung.as_ref()?.rung.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_ten_workdays_over_spring_festival_each_day_explained() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let request = ExplainDeadlineRequest { case_id: journey.case_id(), term: 0 };
    let told =
        world.leader(CENTRE).supervision().explain_deadline(request).await.expect("explained").into_inner();
    let clock = told.clock.expect("a clock");
    // Accepted on 10 February; Spring Festival from 15 to 23; 14 and 28 February are made up.
    assert_eq!(
        clock.due_at.map(|due| due.seconds),
        Some(1_772_467_200),
        "the end of 2 March 2026 in Shanghai"
    );
    let counted: Vec<&str> =
        told.days.iter().filter(|day| day.counted > 0).map(|day| day.date.as_str()).collect();
    assert_eq!(counted.len(), 10);
    assert!(counted.contains(&"2026-02-14") && counted.contains(&"2026-02-28"), "{counted:?}");
    assert!(!counted.contains(&"2026-02-17"));
    assert!(told.days.iter().all(|day| day.reason.as_ref().is_some_and(|reason| !reason.zh.is_empty())));
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_20_the_ladder_fires_in_order_a_reminder_and_a_numbered_supervision_notice() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    world.turn_to("2026-02-28 09:00");
    let fired = rungs(&world, &journey, 1).await;
    assert_eq!(names(&fired), ["due_soon"]);
    let light = |clocks: &[duban_proto::supervision::v1::Clock], light: Light| {
        clocks.iter().any(|clock| clock.term == 0 && clock.light() == light)
    };
    world.clocks_when(&journey, CENTRE, |clocks| light(clocks, Light::Yellow)).await;

    world.turn_to("2026-03-12 09:00");
    let fired = rungs(&world, &journey, 6).await;
    assert_eq!(names(&fired), ["due_soon", "due", "overdue", "reminder", "supervision_notice", "attention"]);
    let notice =
        fired.iter().filter_map(|fired| fired.rung.as_ref()).find(|rung| rung.rung == "supervision_notice");
    let notice = notice.expect("a notice");
    assert_eq!(notice.instrument(), Instrument::SupervisionNotice);
    assert!(notice.instrument_number.contains("〔2026〕") && notice.answer_by.is_some(), "{notice:?}");
    world.clocks_when(&journey, CENTRE, |clocks| light(clocks, Light::Red)).await;

    let board =
        world.supervisor(CENTRE).supervision().get_board(GetBoardRequest::default()).await.expect("a board");
    let line = board.into_inner().lines.into_iter().find(|line| line.organ == CENTRE).expect("a line");
    assert_eq!((line.received, line.open, line.overdue), (1, 1, 1));

    journey.handle(CENTRE).await;
    let stopped = |clocks: &[duban_proto::supervision::v1::Clock]| {
        clocks.iter().all(|clock| clock.stopped_at.is_some())
    };
    let clocks = world.clocks_when(&journey, CENTRE, stopped).await;
    assert!(clocks.iter().all(|clock| !clock.on_time));
    world.turn_to("2026-04-20 09:00");
    let due = world.supervisor(CENTRE).supervision().list_due_clocks(ListDueClocksRequest::default()).await;
    assert!(due.expect("a list").into_inner().clocks.is_empty(), "a concluded case is due no more");
    assert_eq!(rungs(&world, &journey, 6).await.len(), 6, "and fires no more");
    world.ledgers_verify().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_an_extension_is_asked_before_the_end_approved_by_the_head_and_the_complainant_told() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    let ask = |length: &str| RequestExtensionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 0,
        length: length.into(),
        reason: "案情复杂,需要外调。".into(),
    };
    let mut handler = world.officer("handler", CENTRE, "wu.min").supervision();
    let too_long = rejection(handler.request_extension(ask("31 workdays")).await);
    assert_eq!(too_long.reason, "EXTENSION_NOT_ALLOWED");
    assert!(too_long.articles.iter().any(|article| article.contains("17")), "{too_long:?}");
    let asked = handler.request_extension(ask("20 workdays")).await.expect("asked").into_inner().extension;
    let decide = DecideExtensionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        extension_id: asked.expect("an extension").extension_id,
        granted: true,
        told: "案情复杂,需要核实外部资料。".into(),
        refusal: String::new(),
    };
    let before = world.clocks(&journey, CENTRE).await;
    let decided =
        world.head(CENTRE).supervision().decide_extension(decide).await.expect("granted").into_inner();
    let clock = decided.clock.expect("a clock");
    let was = before.iter().find(|clock| clock.term == 0).and_then(|clock| clock.due_at).expect("an end");
    assert!(clock.due_at.expect("an end").seconds > was.seconds);
    let reply = journey.reply_due(ReplyOccasion::Extended).await;
    assert!(reply.proposed_text.contains("延长至2026年3月16日"), "{}", reply.proposed_text);
    assert!(reply.proposed_text.contains("因案情复杂,需要核实外部资料,办理期限"), "{}", reply.proposed_text);
    assert!(
        !reply.proposed_text.contains("外调"),
        "the reason that was asked with is not for the complainant"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_nobody_asks_after_the_end() {
    let world = World::new().await;
    let journey = at_the_centre(&world).await;
    world.turn_to("2026-03-03 09:00");
    let late = RequestExtensionRequest {
        request_id: complaints::request_id(),
        case_id: journey.case_id(),
        term: 0,
        length: "20 workdays".into(),
        reason: "忘记了。".into(),
    };
    let refused = rejection(world.leader(CENTRE).supervision().request_extension(late).await);
    assert_eq!(refused.reason, "EXTENSION_NOT_ALLOWED");
}

#[tokio::test(flavor = "multi_thread")]
async fn art_17_a_term_ends_no_later_than_its_case() {
    let world = World::new().await;
    let journey = Journey::accepted(&world, CENTRE, complaints::about_a_clerk(UNIT)).await;
    world.turn_to("2026-02-13 10:00");
    journey.route().await;
    let clocks =
        world.clocks_when(&journey, SUB_CENTRE, |clocks| clocks.iter().any(|clock| clock.term == 1)).await;
    let term = clocks.iter().find(|clock| clock.term == 1).expect("the term's clock");
    let home = world.clocks_when(&journey, CENTRE, |clocks| clocks.iter().any(|clock| clock.term == 0)).await;
    let case = home.iter().find(|clock| clock.term == 0).expect("the case's clock");
    assert_eq!(term.due_at, case.due_at);
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_a_rung_that_was_missed_while_stopped_fires_once_and_says_so() {
    let mut world = World::new().await;
    let case_id = {
        let journey = at_the_centre(&world).await;
        journey.case_id()
    };
    world.instance.restart().await.expect("started again");
    world.turn_to("2026-03-03 09:00");
    world.instance.restart().await.expect("started again");
    let fired = eventually("the missed rungs", async || {
        let request = ListFiredRungsRequest { case_id: case_id.clone(), ..ListFiredRungsRequest::default() };
        let fired =
            world.supervisor(CENTRE).supervision().list_fired_rungs(request).await.ok()?.into_inner().rungs;
        let of_case = |fired: &&FiredRung| fired.rung.as_ref().is_some_and(|rung| rung.term == 0);
        let of_case: Vec<FiredRung> = fired.iter().filter(of_case).cloned().collect();
        (of_case.len() >= 3).then_some(of_case)
    })
    .await;
    assert_eq!(fired.len(), 3);
    let late = |fired: &FiredRung| fired.rung.as_ref().is_some_and(|rung| rung.late);
    assert!(fired.iter().all(late), "{fired:?}");
}
