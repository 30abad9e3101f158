use access::Role;
use duban_proto::supervision::v1::{BoardLine, GetBoardRequest};
use supervision::domain::ClockKey;

use crate::harness::{CENTRE, OTHER, TOWN, at, case, reason, start};

#[tokio::test]
async fn art_16_the_board_counts_a_line_an_organ_and_the_sum() {
    let mut running = start().await;
    running.accepted(CENTRE, 1).await;
    running.accepted(CENTRE, 2).await;
    running.accepted(TOWN, 3).await;
    running.starts(TOWN, ClockKey::term(case(1), 1), CENTRE).await;
    running.concluded(CENTRE, 2).await;
    running.clock.set(at("2026-03-17 00:00"));
    running.fired(CENTRE, 8).await;

    let request = running.by(Role::Supervisor, CENTRE, GetBoardRequest::default());
    let board = running.client.get_board(request).await.unwrap().into_inner();
    let line = |code: &str| board.lines.iter().find(|line| line.organ == code).unwrap().clone();
    let named = |code: &str| BoardLine { organ: code.into(), name: code.into(), ..BoardLine::default() };
    let centre = BoardLine { received: 2, open: 1, overdue: 1, concluded: 1, on_time: 1, ..named(CENTRE) };
    assert_eq!(line(CENTRE), centre);
    assert_eq!(line(TOWN), BoardLine { received: 1, open: 1, overdue: 2, held: 1, ..named(TOWN) });
    assert_eq!(line(OTHER), named(OTHER));
    let total = board.total.unwrap();
    assert_eq!((total.received, total.open, total.overdue, total.held), (3, 2, 3, 1));

    let request = running.by(Role::Desk, TOWN, GetBoardRequest::default());
    let board = running.client.get_board(request).await.unwrap().into_inner();
    assert_eq!(board.lines.len(), 1);
    let request = running.by(Role::Desk, TOWN, GetBoardRequest { organ: CENTRE.into() });
    let status = running.client.get_board(request).await.unwrap_err();
    assert_eq!(reason(&status), "ORGAN_OUT_OF_SCOPE");
    let below = GetBoardRequest { organ: TOWN.into() };
    let request = running.by(Role::Supervisor, CENTRE, below);
    let board = running.client.get_board(request).await.unwrap().into_inner();
    assert_eq!(board.lines.iter().map(|line| line.organ.as_str()).collect::<Vec<_>>(), [TOWN]);
    running.stop().await;
}
