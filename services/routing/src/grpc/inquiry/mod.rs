//! `InvestigationService` (18, 19): a file a subject.

mod evidence;
mod hand_over;
mod loans;
mod persons;
mod plan;
mod records;
mod staff;
mod tell;

use duban_proto::routing::v1::RoutedCase;
use prost::Message;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::{Grpc, seal::Text};
use crate::domain::{Act, Answer, Command, Inquire, Inquired, Sealed};

/// The longest reason, in characters.
const MAX_REASON: usize = 2000;

/// The ids of a request, each noted where it is not well-formed.
fn ids(check: &mut Violations, request_id: &str, case_id: &str) -> (Option<Uuid>, Option<Uuid>) {
    (check.uuid("request_id", request_id), check.uuid("case_id", case_id))
}

/// What an act of an investigation told.
fn answered(answer: &Answer) -> Inquired {
    answer.inquiry.clone().unwrap_or_default()
}

/// A request, as it is submitted in the ledger of `organ`; `message` is without its id.
struct Asked<'a, M> {
    organ: &'a str,
    request_id: Uuid,
    case_id: Uuid,
    message: &'a M,
}

impl Grpc {
    /// Submits an act without a text.
    async fn inquire<M: Message>(
        &self,
        caller: &Caller,
        asked: Asked<'_, M>,
        inquire: Inquire,
    ) -> Result<Answer, Error> {
        let Asked { organ, request_id, case_id, message } = asked;
        let command = Command { case_id: Some(case_id), act: Act::Inquire(Box::new(inquire)) };
        Ok(self.submit(organ, caller, (request_id, message), command).await?.answer)
    }

    /// Submits an act with a text of its own.
    async fn inquire_with<M: Message>(
        &self,
        caller: &Caller,
        asked: Asked<'_, M>,
        text: Text<'_>,
        inquire: impl Fn(Sealed) -> Inquire + Send + Sync,
    ) -> Result<Answer, Error> {
        let Asked { organ, request_id, case_id, message } = asked;
        let act = |sealed| Act::Inquire(Box::new(inquire(sealed)));
        let submitted = self.submit_sealed(organ, caller, (request_id, message), case_id, (text, act));
        Ok(submitted.await?.answer)
    }

    /// The case of an answer, where there is one to tell.
    async fn case_now(
        &self,
        caller: &Caller,
        organ: &str,
        answered: Option<RoutedCase>,
    ) -> Result<Option<RoutedCase>, Error> {
        Ok(Some(self.told_now(caller, organ, answered).await?))
    }
}
