//! The play itself: one step after the other, the clock put forward from each to the next.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use std::time::Duration;

use access::Role;
use duban_proto::supervision::v1::{Clock as RunningClock, ListDueClocksRequest};
use jiff::{SignedDuration, Timestamp};
use ledger::{Clock as _, TurnedClock};
use tokio::time::Instant;
use tonic::Code;

use super::case::{CENTRE, Case};
use super::cast::{Cast, Person};
use super::hours::Hours;
use super::script::Step;
use super::{DemoError, Progress};
use crate::client::Fault;

/// How long the services may take for what follows from an act.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(4);

/// What came of the play.
#[derive(Debug, Default)]
pub struct Played {
    /// Complaints that came in.
    pub complaints: usize,
    /// Steps taken.
    pub steps: usize,
    /// Organs whose officers acted.
    pub organs: usize,
    /// Steps that a service refused; there should be none.
    pub refused: Vec<Refused>,
}

/// A step that a service refused.
#[derive(Debug)]
pub struct Refused {
    /// The line of the sample, from 1.
    pub line: usize,
    /// The step.
    pub step: String,
    /// Why.
    pub fault: Fault,
}

/// A step to come: ordered by time, then by who was first.
type Due = Reverse<(Timestamp, usize, Step)>;

/// Why a step was not taken.
pub(super) enum Stopped {
    /// The service refused it.
    Fault(Fault),
    /// The demo can't go on.
    Demo(DemoError),
}

impl From<tonic::Status> for Stopped {
    fn from(status: tonic::Status) -> Self {
        Self::Fault(status.into())
    }
}

impl From<DemoError> for Stopped {
    fn from(error: DemoError) -> Self {
        Self::Demo(error)
    }
}

pub(super) struct Stage {
    pub(super) cast: Cast,
    clock: Arc<TurnedClock>,
    hours: Hours,
    cases: Vec<Case>,
    due: BinaryHeap<Due>,
    /// Up to here no rung is due; beyond, it has to be asked.
    quiet_until: Timestamp,
}

impl Stage {
    pub(super) fn new(cast: Cast, clock: Arc<TurnedClock>, hours: Hours, cases: Vec<Case>) -> Self {
        let due = cases.iter().map(|case| Reverse((case.at, case.number, Step::Arrive))).collect();
        Self { cast, quiet_until: clock.now(), clock, hours, cases, due }
    }

    /// Takes every step before `end`, and puts the clock to `end`.
    pub(super) async fn play(&mut self, end: Timestamp, progress: Progress<'_>) -> Result<Played, DemoError> {
        let mut played = Played::default();
        while let Some(Reverse((at, number, step))) = self.due.pop() {
            if at >= end {
                break;
            }
            self.put_forward(at).await?;
            progress(at);
            let Some(mut case) = self.take(number) else { continue };
            let taken = self.act(&mut case, step).await;
            match taken {
                Ok(again) => {
                    played.steps += 1;
                    played.complaints += usize::from(step == Step::Arrive);
                    self.plan(&case, step, again, at);
                }
                Err(Stopped::Fault(fault)) => {
                    played.refused.push(Refused { line: number + 1, step: format!("{step:?}"), fault });
                }
                Err(Stopped::Demo(error)) => return Err(error),
            }
            self.cases.push(case);
        }
        self.put_forward(end).await?;
        played.organs = self.cast.organs();
        Ok(played)
    }

    fn take(&mut self, number: usize) -> Option<Case> {
        let place = self.cases.iter().position(|case| case.number == number)?;
        Some(self.cases.swap_remove(place))
    }

    /// What follows: by the scenario, or by a step that stands in between.
    fn plan(&mut self, case: &Case, step: Step, instead: Option<Step>, at: Timestamp) {
        let one;
        let next = match instead {
            Some(step) => {
                one = [(40, step)];
                one.as_slice()
            }
            None => case.scenario.after(step, case.number),
        };
        for (minutes, step) in next {
            self.due.push(Reverse((self.hours.later(at, *minutes), case.number, *step)));
        }
    }

    /// Puts the clock to `at`, stopping wherever a rung of a clock is due, so that each fires at its time and not late.
    async fn put_forward(&mut self, at: Timestamp) -> Result<(), DemoError> {
        while at >= self.quiet_until {
            let stop = self.next_rung().await?.filter(|rung| *rung < at).unwrap_or(at);
            self.clock.set(stop.max(self.clock.now()));
            self.wait_for_rungs(stop).await?;
            // A new clock's first rung is days away; half a day is a safe time not to look.
            let next = self.next_rung().await?.unwrap_or(Timestamp::MAX);
            let half_a_day = stop.checked_add(SignedDuration::from_hours(12)).unwrap_or(stop);
            self.quiet_until = next.min(half_a_day);
            if stop == at {
                break;
            }
        }
        self.clock.set(at.max(self.clock.now()));
        Ok(())
    }

    async fn next_rung(&self) -> Result<Option<Timestamp>, DemoError> {
        let clocks = self.running().await?;
        Ok(clocks.iter().filter_map(|clock| moment(clock.next_rung_at)).min())
    }

    async fn wait_for_rungs(&self, until: Timestamp) -> Result<(), DemoError> {
        let begun = Instant::now();
        while self.next_rung().await?.is_some_and(|rung| rung <= until) {
            if begun.elapsed() > PATIENCE {
                return Err(DemoError::Waited { what: "the rungs of a clock that are due have fired" });
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    async fn running(&self) -> Result<Vec<RunningClock>, DemoError> {
        let mut supervision = self.cast.supervision(&Person::new(CENTRE, Role::Supervisor))?;
        let mut clocks = Vec::new();
        let mut request = ListDueClocksRequest { page_size: 500, ..ListDueClocksRequest::default() };
        loop {
            let page = supervision.list_due_clocks(request.clone()).await;
            let page =
                page.map_err(|_| DemoError::Waited { what: "the running clocks are listed" })?.into_inner();
            clocks.extend(page.clocks);
            request.page_token = page.next_page_token;
            if request.page_token.is_empty() {
                return Ok(clocks);
            }
        }
    }

    /// The moment on the turned clock.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// Asks until there is an answer: what was done is on its way through the services.
pub(super) async fn until<T, F>(what: &'static str, mut ask: impl FnMut() -> F) -> Result<T, Stopped>
where
    F: Future<Output = Result<Option<T>, Stopped>>,
{
    let begun = Instant::now();
    loop {
        if let Some(found) = ask().await? {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            let message = format!("the services did not get as far as: {what}");
            return Err(Stopped::Fault(Fault::of_item(
                Code::DeadlineExceeded.into(),
                String::new(),
                message,
                vec![],
            )));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

fn moment(at: Option<prost_types::Timestamp>) -> Option<Timestamp> {
    let at = at?;
    Timestamp::new(at.seconds, at.nanos).ok()
}
