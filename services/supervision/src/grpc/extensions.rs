//! `RequestExtension`, `DecideExtension`, `ListExtensions` (17).

mod list;

use calendar::Length;
use duban_proto::supervision::v1::{
    self as wire, DecideExtensionRequest, DecideExtensionResponse, RequestExtensionRequest,
    RequestExtensionResponse,
};
use regulation::Stage;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::sealed::Texts;
use super::see::approves;
use crate::domain::{Answer, ClockKey, Command, DecideExtension, RequestExtension};
use crate::store::{self, Asked};

/// The longest reason, in characters.
const MAX_REASON: usize = 2000;
/// The longest that the complainant is told for one.
const MAX_TOLD: usize = 500;

/// An extension to ask for, as the request says.
struct Wanted {
    request_id: Uuid,
    clock: ClockKey,
    length: Length,
    reason: String,
}

/// A decision, as the request says.
struct Ruling {
    request_id: Uuid,
    case_id: Uuid,
    extension_id: Uuid,
    granted: bool,
    told: String,
    refusal: String,
}

impl Grpc {
    pub(super) async fn ask_for_extension(
        &self,
        caller: &Caller,
        mut request: RequestExtensionRequest,
    ) -> Result<RequestExtensionResponse, Error> {
        let directory = self.directory(caller, "").await?;
        let organ = caller.organ_code("", directory.tree())?;
        let wanted = self.wanted(&organ, &request)?;
        request.request_id.clear();
        let Wanted { request_id, clock, length, reason } = wanted;
        let extension_id = self.ids.new_id(self.writer.clock().now());
        let texts = Texts { case_id: clock.case_id, fields: &[("reason", &reason)] };
        let ask = |reason| {
            Command::RequestExtension(Box::new(RequestExtension { extension_id, clock, length, reason }))
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, ask).await?;
        let extension = answer.extension.ok_or_else(|| Error::internal("an answer without its extension"))?;
        Ok(RequestExtensionResponse { extension: Some(wire::Extension { reason, ..extension }) })
    }

    fn wanted(&self, organ: &str, request: &RequestExtensionRequest) -> Result<Wanted, Error> {
        let RequestExtensionRequest { request_id, case_id, term, length, reason } = request;
        let mut check = Violations::default();
        let request_id = check.uuid("request_id", request_id);
        let case_id = check.uuid("case_id", case_id);
        let length = check.parsed("length", length, "应为数字加单位,如 20 workdays");
        let stage = if *term == 0 { Stage::Case } else { Stage::Handling };
        let limit = self.rules().for_organ(organ).limit(stage);
        if limit.and_then(|limit| limit.extension.as_ref()).is_none_or(|it| it.needs_reason) {
            check.required_text("reason", reason, MAX_REASON);
        } else {
            check.text("reason", reason, MAX_REASON);
        }
        let (request_id, case_id, length) = check.finish_with((request_id, case_id, length))?;
        Ok(Wanted { request_id, clock: ClockKey::term(case_id, *term), length, reason: reason.clone() })
    }

    /// The complainant is told why (17), where the regulation asks for a reason; who asked is told why it was refused.
    fn ruling(&self, caller: &Caller, request: &DecideExtensionRequest) -> Result<Ruling, Error> {
        let DecideExtensionRequest { request_id, case_id, extension_id, granted, told, refusal } = request;
        let mut check = Violations::default();
        let ids = (
            check.uuid("request_id", request_id),
            check.uuid("case_id", case_id),
            check.uuid("extension_id", extension_id),
        );
        let limit = self.rules().for_organ(&caller.principal().organ).limit(Stage::Case);
        let extension = limit.and_then(|limit| limit.extension.as_ref());
        if !granted {
            check.text("told", told, 0);
            check.required_text("refusal", refusal, MAX_REASON);
        } else if extension.is_none_or(|it| it.needs_reason) {
            check.required_text("told", told, MAX_TOLD);
            check.text("refusal", refusal, 0);
        } else {
            check.text("told", told, MAX_TOLD);
            check.text("refusal", refusal, 0);
        }
        let (request_id, case_id, extension_id) = check.finish_with(ids)?;
        let (told, refusal) = (told.clone(), refusal.clone());
        Ok(Ruling { request_id, case_id, extension_id, granted: *granted, told, refusal })
    }

    pub(super) async fn decide_on_extension(
        &self,
        caller: &Caller,
        mut request: DecideExtensionRequest,
    ) -> Result<DecideExtensionResponse, Error> {
        let Ruling { request_id, case_id, extension_id, granted, told, refusal } =
            self.ruling(caller, &request)?;
        let directory = self.directory(caller, "").await?;
        let Asked { organ, extension } = self.asked(caller, &directory, case_id, extension_id).await?;
        caller.must_act_for(&organ, directory.tree())?;
        request.request_id.clear();
        let approves = approves(caller, &directory, &organ);
        let texts = Texts { case_id, fields: &[("told", &told), ("refusal", &refusal)] };
        let decide = |words| {
            let approves = approves.clone();
            let decide = DecideExtension { case_id, extension_id, granted, approves, words };
            Command::DecideExtension(Box::new(decide))
        };
        let answer = self.submit_sealed((&organ, caller), request_id, &request, texts, decide).await?;
        let Answer { extension: decided, mut clock, .. } = answer;
        let decided = decided.ok_or_else(|| Error::internal("an answer without its extension"))?;
        let reason = self.words(&organ, case_id, Some(&extension.reason)).await?;
        if let Some(clock) = &mut clock {
            // What may be done next depends on who asks, so it is not in the answer that the ledger keeps.
            let clocks = self.visible_clocks(caller, &directory, case_id).await?;
            let same = clocks.iter().find(|it| it.organ == organ && it.clock.key == extension.clock);
            if let Some(told) = same.map(|running| self.told(caller, &directory, running)) {
                clock.allowed_actions = told.allowed_actions;
                clock.paused_workdays = told.paused_workdays;
            }
        }
        let extension = wire::Extension { reason, told, refusal, ..decided };
        Ok(DecideExtensionResponse { extension: Some(extension), clock })
    }

    /// The extension, where the caller may see it.
    async fn asked(
        &self,
        caller: &Caller,
        directory: &directory::Directory,
        case_id: Uuid,
        extension_id: Uuid,
    ) -> Result<Asked, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let found = store::find_extension(self.pool(), &organs, case_id, extension_id).await?;
        if let Some(asked) = found {
            return Ok(asked);
        }
        self.visible_clocks(caller, directory, case_id).await?;
        Err(Error::nothing_to_act_on("extension", extension_id))
    }
}
