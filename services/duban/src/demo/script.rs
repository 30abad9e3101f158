//! What happens with a case, and in which order.

use std::str::FromStr;

/// How a case goes on; see `deploy/samples/README.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scenario {
    Normal,
    SupplementAnswered,
    SupplementUnanswered,
    DeclineSpecialLaw,
    DeclineCourt,
    Refer,
    Elsewhere,
    Withdrawn,
    ReturnedDisposition,
    Extension,
    Overdue,
    ReportUp,
}

/// One step, taken by one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Arrive,
    Register,
    AskSupplement,
    ProvideSupplement,
    Decide,
    ConfirmMasks,
    Route,
    RouteAbove,
    Acknowledge,
    Appoint,
    Record,
    RequestExtension,
    DecideExtension,
    Submit,
    ReturnDisposition,
    SubmitAgain,
    Approve,
    Reply,
    Archive,
    Withdraw,
}

/// A step, and how many minutes of office hours after the one before.
pub(super) type Next = (i64, Step);

const HOUR: i64 = 60;
/// Minutes of office hours in a day.
const DAY: i64 = 8 * HOUR;

impl FromStr for Scenario {
    type Err = ();

    /// A repeat is handled as any other: that it is one is for the desk to see.
    fn from_str(name: &str) -> Result<Self, ()> {
        Ok(match name {
            "normal" | "repeated" => Self::Normal,
            "supplement_answered" => Self::SupplementAnswered,
            "supplement_unanswered" => Self::SupplementUnanswered,
            "decline_special_law" => Self::DeclineSpecialLaw,
            "decline_court" => Self::DeclineCourt,
            "refer" => Self::Refer,
            "elsewhere" => Self::Elsewhere,
            "withdrawn" => Self::Withdrawn,
            "returned_disposition" => Self::ReturnedDisposition,
            "extension" => Self::Extension,
            "overdue" => Self::Overdue,
            "report_up" => Self::ReportUp,
            _ => return Err(()),
        })
    }
}

impl Scenario {
    /// Whether the complaint lacks something that article 10 asks for; no system may hand in such a one.
    pub(super) fn is_incomplete(self) -> bool {
        matches!(self, Self::SupplementAnswered | Self::SupplementUnanswered)
    }

    /// What follows a step that is done. `number` makes people differ in pace.
    pub(super) fn after(self, step: Step, number: usize) -> &'static [Next] {
        match step {
            Step::Arrive if self.is_incomplete() => &[(HOUR, Step::AskSupplement)],
            Step::Arrive | Step::Register => pace(number, DECIDE),
            Step::AskSupplement if self == Self::SupplementAnswered => {
                &[(HOUR / 2, Step::Reply), (2 * DAY, Step::ProvideSupplement)]
            }
            Step::AskSupplement => &[(HOUR / 2, Step::Reply)],
            Step::ProvideSupplement => &[(2 * HOUR, Step::Decide)],
            Step::Decide if self.goes_on() => &[(5, Step::ConfirmMasks), (HOUR, Step::Reply)],
            Step::Decide => &[(HOUR, Step::Reply)],
            Step::ConfirmMasks => pace(number, ROUTE),
            Step::Route | Step::RouteAbove if self == Self::Withdrawn => &[(2 * DAY, Step::Withdraw)],
            Step::Route | Step::RouteAbove => &[(3 * HOUR, Step::Acknowledge)],
            Step::Acknowledge => &[(DAY / 2, Step::Appoint)],
            Step::Appoint => pace(number, RECORD),
            Step::Record => self.after_record(number),
            Step::RequestExtension => &[(4 * HOUR, Step::DecideExtension)],
            Step::DecideExtension => &[(2 * HOUR, Step::Reply), (8 * DAY, Step::Submit)],
            Step::Submit if self == Self::ReturnedDisposition => &[(DAY / 2, Step::ReturnDisposition)],
            Step::ReturnDisposition => &[(DAY, Step::SubmitAgain)],
            Step::Submit | Step::SubmitAgain => pace(number, APPROVE),
            Step::Approve => &[(2 * HOUR, Step::Reply), (2 * DAY, Step::Archive)],
            Step::Reply | Step::Archive | Step::Withdraw => &[],
        }
    }

    fn after_record(self, number: usize) -> &'static [Next] {
        match self {
            // The last time to ask is before the end, ten workdays after acceptance.
            Self::Extension => &[(2 * DAY, Step::RequestExtension)],
            Self::Overdue if number.is_multiple_of(2) => &[(10 * DAY, Step::Submit)],
            // One that nobody works on any more.
            Self::Overdue => &[],
            _ => pace(number, SUBMIT),
        }
    }

    /// Whether the case is accepted.
    fn goes_on(self) -> bool {
        !matches!(
            self,
            Self::DeclineSpecialLaw
                | Self::DeclineCourt
                | Self::Refer
                | Self::Elsewhere
                | Self::ReportUp
                | Self::SupplementUnanswered
        )
    }
}

const DECIDE: [&[Next]; 3] = [&[(HOUR, Step::Decide)], &[(3 * HOUR, Step::Decide)], &[(DAY, Step::Decide)]];
const ROUTE: [&[Next]; 3] = [&[(20, Step::Route)], &[(2 * HOUR, Step::Route)], &[(5 * HOUR, Step::Route)]];
const RECORD: [&[Next]; 3] =
    [&[(2 * DAY, Step::Record)], &[(3 * DAY, Step::Record)], &[(4 * DAY, Step::Record)]];
const SUBMIT: [&[Next]; 3] = [&[(DAY, Step::Submit)], &[(2 * DAY, Step::Submit)], &[(3 * DAY, Step::Submit)]];
const APPROVE: [&[Next]; 3] =
    [&[(3 * HOUR, Step::Approve)], &[(DAY, Step::Approve)], &[(DAY / 2, Step::Approve)]];

fn pace(number: usize, choices: [&'static [Next]; 3]) -> &'static [Next] {
    let [first, second, third] = choices;
    match number % 3 {
        0 => first,
        1 => second,
        _ => third,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{COMPLAINTS, Line};

    #[test]
    fn every_sample_has_a_scenario_that_comes_to_an_end() {
        for (number, text) in COMPLAINTS.lines().enumerate() {
            let line = Line::parse(text, number).unwrap();
            let scenario: Scenario = line.scenario.parse().unwrap();
            let mut steps = vec![Step::Arrive];
            let mut taken = 0;
            while let Some(step) = steps.pop() {
                taken += 1;
                assert!(taken < 40, "{scenario:?} goes round in circles");
                steps.extend(scenario.after(step, number).iter().map(|(_, next)| *next));
            }
        }
    }
}
