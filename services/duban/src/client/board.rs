//! The board, as lines of text.

use std::fmt::Write as _;

use duban_proto::supervision::v1::supervision_service_client::SupervisionServiceClient;
use duban_proto::supervision::v1::{BoardLine, GetBoardRequest, GetBoardResponse};

use super::{Endpoint, Fault};

/// Reads the board of the organs at or below `organ`; all the caller may see where it is empty.
pub async fn read(supervision: Endpoint, organ: &str) -> Result<GetBoardResponse, Fault> {
    let request = GetBoardRequest { organ: organ.to_owned() };
    Ok(SupervisionServiceClient::new(supervision).get_board(request).await?.into_inner())
}

/// The board as a table. Names come last, because nobody knows how wide a terminal draws them. Organs that never had a
/// case are left out, unless `all`.
pub fn table(board: &GetBoardResponse, all: bool) -> String {
    let mut text = String::from("received     open due soon  overdue concluded  in time     held  organ\n");
    let mut lines: Vec<_> = board.lines.iter().filter(|line| all || line.received + line.held > 0).collect();
    lines.sort_by(|a, b| {
        (b.overdue, b.due_soon, b.open, &a.organ).cmp(&(a.overdue, a.due_soon, a.open, &b.organ))
    });
    for line in lines {
        row(&mut text, line, &line.name);
    }
    if let Some(total) = &board.total {
        row(&mut text, total, "all / 合计");
    }
    text
}

fn row(text: &mut String, line: &BoardLine, name: &str) {
    let BoardLine { received, open, due_soon, overdue, concluded, on_time, held, .. } = line;
    let name = if name.is_empty() { &line.organ } else { name };
    let _ = writeln!(
        text,
        "{received:>8} {open:>8} {due_soon:>8} {overdue:>8} {concluded:>9} {on_time:>8} {held:>8}  {name}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_overdue_stands_at_the_top_and_organs_without_cases_are_left_out() {
        let line = |organ: &str, received, overdue| BoardLine {
            organ: organ.to_owned(),
            received,
            overdue,
            ..BoardLine::default()
        };
        let board = GetBoardResponse {
            at: None,
            lines: vec![line("a", 5, 0), line("b", 0, 0), line("c", 1, 1)],
            total: Some(line("", 6, 1)),
        };
        let text = table(&board, false);
        let organs: Vec<_> = text.lines().skip(1).filter_map(|line| line.split_whitespace().nth(7)).collect();
        assert_eq!(organs, ["c", "a", "all"]);
        assert!(table(&board, true).contains("  b\n"));
    }
}
