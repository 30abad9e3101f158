//! `PreviewCalendar` (17).

use std::sync::Arc;

use duban_proto::supervision::v1::{MovedClock, PreviewCalendarRequest, PreviewCalendarResponse};
use regulation::Rules as Both;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::domain::Rules;
use crate::domain::decide::again;
use crate::store::{self, DueKey, Running};

/// The longest arrangement, in characters: a year's is a tenth of it.
const MAX_ARRANGEMENT: usize = 64 * 1024;

impl Grpc {
    pub(super) async fn preview(
        &self,
        caller: &Caller,
        request: PreviewCalendarRequest,
    ) -> Result<PreviewCalendarResponse, Error> {
        let PreviewCalendarRequest { year, arrangement, organ, page_size: size, page_token } = request;
        let mut check = Violations::default();
        check.required_text("arrangement", &arrangement, MAX_ARRANGEMENT);
        let year_read = i16::try_from(year).ok().filter(|year| (1949..=2200).contains(year));
        check.must(year_read.is_some(), "year", "应为年份,如2027", "expected a year, as 2027");
        check.finish()?;
        let year = year_read.unwrap_or_default();
        let rules = self.with_year(year, &arrangement)?;
        let directory = self.directory(caller, &organ).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens = PageToken::of("PreviewCalendar").filter(&organ).filter(rules.calendar.version());
        let after: Option<DueKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let clocks = store::list_due_clocks(self.pool(), &organs, None, after.as_ref(), size).await?;
        let next_page_token = super::next(&tokens, &clocks, size, DueKey::of)?;
        let now = self.writer.clock().now();
        let moved = clocks.iter().filter_map(|running| {
            let Running { organ, clock, .. } = running;
            let moved = again::preview(&Rules::of(&rules, organ), clock, now)?;
            Some(MovedClock {
                clock: Some(self.told(caller, &directory, running)),
                due_at: moved.due_at,
                rungs_standing: moved.rungs_standing,
            })
        });
        Ok(PreviewCalendarResponse {
            calendar: rules.calendar.version().to_owned(),
            moved: moved.collect(),
            looked_at: u32::try_from(clocks.len()).unwrap_or(u32::MAX),
            next_page_token,
        })
    }

    /// The rules, with another arrangement of a year.
    fn with_year(&self, year: i16, arrangement: &str) -> Result<Both, Error> {
        let rules = self.rules();
        let calendar = rules.calendar.with_year(year, arrangement);
        let calendar = calendar.map_err(|wrong| {
            let mut check = Violations::default();
            check.add("arrangement", format!("不是该年的放假安排:{wrong}"), wrong.to_string());
            check.finish().err().unwrap_or_else(|| Error::internal(wrong))
        })?;
        Ok(Both::new(Arc::clone(&rules.regulation), Arc::new(calendar)))
    }
}
