//! What each step is: one call by the person whose office it is, after what it rests on has arrived.

mod casework;
mod intake;
mod routing;
mod supervision;

use server::Ids as _;

use super::case::Case;
use super::script::Step;
use super::stage::{Stage, Stopped};

impl Stage {
    /// Takes a step. A step given back comes next, in place of what the scenario says.
    pub(super) async fn act(&self, case: &mut Case, step: Step) -> Result<Option<Step>, Stopped> {
        match step {
            Step::Arrive => return self.arrive(case).await,
            Step::Register => self.register(case).await?,
            Step::AskSupplement => self.ask_supplement(case).await?,
            Step::ProvideSupplement => self.provide_supplement(case).await?,
            Step::Decide => self.decide(case).await?,
            Step::ConfirmMasks => self.confirm_masks(case).await?,
            Step::Reply => self.reply(case).await?,
            Step::Withdraw => self.withdraw(case).await?,
            Step::Route => return self.route(case).await,
            Step::RouteAbove => return self.route_above(case).await,
            Step::Acknowledge => self.acknowledge(case).await?,
            Step::Appoint => self.appoint(case).await?,
            Step::Record => self.record(case).await?,
            Step::Submit | Step::SubmitAgain => self.submit_disposition(case).await?,
            Step::ReturnDisposition => self.return_disposition(case).await?,
            Step::Approve => self.approve(case).await?,
            Step::Archive => self.archive(case).await?,
            Step::RequestExtension => self.request_extension(case).await?,
            Step::DecideExtension => self.decide_extension(case).await?,
        }
        Ok(None)
    }

    /// The id of a new request.
    fn request_id(&self) -> String {
        server::RandomIds.new_id(self.now()).to_string()
    }
}
