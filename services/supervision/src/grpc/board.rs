//! `GetBoard` (16, 20).

use std::collections::BTreeMap;

use directory::Directory;
use duban_proto::supervision::v1::{BoardLine, GetBoardRequest, GetBoardResponse};
use server::{Caller, Error};

use super::Grpc;
use crate::domain::Counts;
use crate::domain::time::to_wire;
use crate::store;

impl Grpc {
    pub(super) async fn board(
        &self,
        caller: &Caller,
        request: GetBoardRequest,
    ) -> Result<GetBoardResponse, Error> {
        let GetBoardRequest { organ } = request;
        let directory = self.directory(caller, &organ).await?;
        let mut organs = directory.visible(caller.visibility(directory.tree()));
        if !organ.is_empty() {
            caller.visibility_of(&organ, directory.tree())?;
            organs.retain(|code| directory.tree().is_under(code, &organ));
        }
        let counted = store::read_board(self.pool(), &organs).await?;
        let mut total = Counts::default();
        for (_, counts) in &counted {
            total += *counts;
        }
        // An organ that receives cases has a line before its first.
        let receiving = organs.into_iter().filter(|code| directory.receives(code));
        let mut lines: BTreeMap<String, Counts> = receiving.map(|code| (code, Counts::default())).collect();
        lines.extend(counted);
        Ok(GetBoardResponse {
            at: Some(to_wire(self.writer.clock().now())),
            lines: lines.into_iter().map(|(code, counts)| line(code, counts, &directory)).collect(),
            total: Some(line(String::new(), total, &directory)),
        })
    }
}

pub(super) fn line(organ: String, counts: Counts, directory: &Directory) -> BoardLine {
    let Counts { received, open, due_soon, overdue, concluded, on_time, held, repeated } = counts;
    let name = directory
        .get(&organ)
        .map(|organ| if organ.short_name.is_empty() { organ.name.clone() } else { organ.short_name.clone() });
    let figure = |count: i64| u64::try_from(count).unwrap_or_default();
    BoardLine {
        organ,
        name: name.unwrap_or_default(),
        received: figure(received),
        open: figure(open),
        due_soon: figure(due_soon),
        overdue: figure(overdue),
        concluded: figure(concluded),
        on_time: figure(on_time),
        held: figure(held),
        repeated: figure(repeated),
    }
}
