//! What the tick does beside the ladder: answers to notices that are overdue (20), and what is to be told to the organ that may hold
//! accountable (21).

use std::collections::BTreeMap;

use directory::Directory;
use jiff::Timestamp;
use sqlx::PgPool;

use crate::domain::{AccountabilityCommand, Command, NoticeCommand};
use crate::store;

/// What is due, by organ, and when the next will be.
pub(crate) struct Waiting {
    pub(crate) due: Vec<(String, Command)>,
    pub(crate) next: Option<Timestamp>,
    /// There may be more.
    pub(crate) whole_page: bool,
}

/// What is due at `now`: up to `most` of each kind.
pub(crate) async fn waiting(
    pool: &PgPool,
    directory: &Directory,
    now: Timestamp,
    most: i64,
) -> Result<Waiting, sqlx::Error> {
    let lapsing = store::lapsing(pool, now, most).await?;
    let conducts = store::due_conducts(pool, most).await?;
    let is_whole = |count: usize| i64::try_from(count).is_ok_and(|count| count == most);
    let whole_page = is_whole(lapsing.due.len()) || is_whole(conducts.len());
    let mut notices = BTreeMap::<String, Vec<_>>::new();
    for (organ, case_id, notice_id) in lapsing.due {
        notices.entry(organ).or_default().push((case_id, notice_id));
    }
    let lapse =
        |(organ, notices)| (organ, Command::Notice(Box::new(NoticeCommand::Lapse { at: now, notices })));
    let mut due: Vec<_> = notices.into_iter().map(lapse).collect();
    due.extend(conducts.into_iter().map(|(organ, conduct)| {
        let handler = if conduct.handler.is_empty() { &organ } else { &conduct.handler };
        // Where nobody is above, the organ itself keeps the file, by people who had no hand in the case.
        let authority = directory.parent(handler).map_or(handler, |parent| &parent.code).clone();
        let case_id = conduct.case();
        let tell = AccountabilityCommand::Tell { authority };
        (organ, Command::Accountability(case_id, Box::new(tell)))
    }));
    Ok(Waiting { due, next: lapsing.next, whole_page })
}
