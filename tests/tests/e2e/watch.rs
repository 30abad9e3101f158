//! The board and the clocks as they change (16, 17).

use duban_proto::supervision::v1::{
    GetBoardRequest, WatchBoardRequest, WatchBoardResponse, WatchCasesRequest, WatchCasesResponse,
};
use e2e::{CENTRE, Journey, SUB_CENTRE, World, complaints};
use tonic::Streaming;

async fn next<T>(stream: &mut Streaming<T>) -> T {
    let told = tokio::time::timeout(std::time::Duration::from_secs(30), stream.message()).await;
    told.expect("nothing is told").expect("told").expect("the stream ended")
}

#[tokio::test(flavor = "multi_thread")]
async fn art_16_17_the_board_and_the_clocks_are_told_as_they_change() {
    let mut world = World::new().await;
    let watch_board = |resume_token: String| WatchBoardRequest { organ: String::new(), resume_token };
    let watch_cases = |resume_token: String| WatchCasesRequest { organ: String::new(), resume_token };
    let supervisor = world.supervisor(CENTRE);
    let mut board =
        supervisor.watch().watch_board(watch_board(String::new())).await.expect("watched").into_inner();
    let mut cases =
        supervisor.watch().watch_cases(watch_cases(String::new())).await.expect("watched").into_inner();
    let WatchBoardResponse { begins, lines, resume_token: board_token, .. } = next(&mut board).await;
    assert!(begins && lines.iter().any(|line| line.organ == CENTRE), "{lines:?}");
    let WatchCasesResponse { begins, clocks, resume_token: cases_token } = next(&mut cases).await;
    assert!(begins && clocks.is_empty(), "{clocks:?}");

    let (journey, _) = Journey::routed(&world, CENTRE, complaints::about_an_organ(SUB_CENTRE)).await;
    let case_id = journey.case_id();
    let told = next(&mut cases).await;
    assert!(
        told.clocks.iter().all(|clock| clock.case_id == case_id && clock.stopped_at.is_none()),
        "{told:?}"
    );
    let line = next(&mut board).await.lines.into_iter().find(|line| line.organ == CENTRE).expect("a line");
    assert_eq!((line.received, line.open), (1, 1));
    journey.handle(CENTRE).await;
    loop {
        let told = next(&mut cases).await;
        if told.clocks.iter().any(|clock| clock.term == 0 && clock.stopped_at.is_some()) {
            break;
        }
    }
    while next(&mut board).await.total.is_none_or(|total| total.concluded == 0) {}
    drop((board, cases));

    // Also after a stop of the service the token is good, and nothing that happened before is lost.
    world.instance.restart().await.expect("started again");
    let supervisor = world.supervisor(CENTRE);
    let mut board =
        supervisor.watch().watch_board(watch_board(board_token)).await.expect("watched").into_inner();
    let told = next(&mut board).await;
    let read =
        supervisor.supervision().get_board(GetBoardRequest::default()).await.expect("read").into_inner();
    assert!(!told.begins, "{told:?}");
    let of = |lines: &[duban_proto::supervision::v1::BoardLine]| {
        lines.iter().find(|line| line.organ == CENTRE).cloned().expect("a line")
    };
    assert_eq!(of(&told.lines), of(&read.lines));
    let mut cases =
        supervisor.watch().watch_cases(watch_cases(cases_token)).await.expect("watched").into_inner();
    let told = next(&mut cases).await;
    assert!(!told.begins && !told.clocks.is_empty(), "{told:?}");
    assert!(
        told.clocks.iter().all(|clock| clock.case_id == case_id && clock.stopped_at.is_some()),
        "{told:?}"
    );
}
