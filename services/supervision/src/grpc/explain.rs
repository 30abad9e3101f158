//! `ExplainDeadline` (17).

use duban_proto::common::v1::LocalizedText;
use duban_proto::supervision::v1::{self as wire, ExplainDeadlineRequest, ExplainDeadlineResponse};
use server::{Caller, Error, Violations};

use super::Grpc;
use crate::domain::{Explained, explanation};

impl Grpc {
    pub(super) async fn explain(
        &self,
        caller: &Caller,
        request: ExplainDeadlineRequest,
    ) -> Result<ExplainDeadlineResponse, Error> {
        let ExplainDeadlineRequest { case_id, term } = request;
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory(caller, "").await?;
        let clocks = self.visible_clocks(caller, &directory, case_id).await?;
        let running = clocks.iter().find(|running| running.clock.key.term == term);
        let running =
            running.ok_or_else(|| Error::nothing_to_act_on("clock", format!("{case_id}/{term}")))?;
        let days = explanation(self.rules(), &running.organ, &running.clock);
        Ok(ExplainDeadlineResponse {
            clock: Some(self.told(caller, &directory, running)),
            days: days.iter().map(day).collect(),
        })
    }
}

fn day(Explained { day, paused }: &Explained) -> wire::ExplainedDay {
    let reason = if *paused {
        LocalizedText {
            zh: "工作日，办理期限中止，不计入。".to_owned(),
            en: "A workday on which the time stood still: not counted.".to_owned(),
        }
    } else {
        LocalizedText { zh: day.zh(), en: day.en() }
    };
    wire::ExplainedDay {
        date: day.date.to_string(),
        counted: day.counted.unwrap_or_default(),
        reason: Some(reason),
    }
}
