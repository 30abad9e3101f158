//! `AskGuidance`, `GiveGuidance`, `ListGuidance` (5(4), 23).

use duban_proto::routing::v1::{
    AskGuidanceRequest, AskGuidanceResponse, GiveGuidanceRequest, GiveGuidanceResponse,
    Guidance as WireGuidance, ListGuidanceRequest, ListGuidanceResponse,
};
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::seal::{ATTEMPTS, Text};
use super::{Grpc, Submitted};
use crate::domain::{Act, Answer, AnyGuidance, Command, Guidance, Rejection, Sealed, guidance_id};
use crate::store::{self, GuidanceKey};

/// The longest question or answer, in characters.
const MAX_WORDS: usize = 5000;

/// The case a command is about, if any, and the key its words are under.
type Under = (Option<Uuid>, Uuid);

impl Grpc {
    pub(super) async fn ask_guidance(
        &self,
        caller: &Caller,
        mut request: AskGuidanceRequest,
    ) -> Result<AskGuidanceResponse, Error> {
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.optional_uuid("case_id", &request.case_id));
        check.required_text("question", &request.question, MAX_WORDS);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.own_organ(caller).await?;
        request.request_id.clear();
        let (id, words) = (self.new_id(), request.question.clone());
        let under = (case_id, case_id.unwrap_or(id));
        let act = |question| AnyGuidance::Ask { id, question };
        let answer = self.guided(&organ, caller, (request_id, &request), under, (&words, act)).await?;
        Ok(AskGuidanceResponse { guidance_id: answer.guidance_id })
    }

    pub(super) async fn give_guidance(
        &self,
        caller: &Caller,
        mut request: GiveGuidanceRequest,
    ) -> Result<GiveGuidanceResponse, Error> {
        let mut check = Violations::default();
        let ids =
            (check.uuid("request_id", &request.request_id), check.uuid("guidance_id", &request.guidance_id));
        check.required_text("answer", &request.answer, MAX_WORDS);
        let (request_id, id) = check.finish_with(ids)?;
        let (organ, _) = self.own_organ(caller).await?;
        request.request_id.clear();
        let words = request.answer.clone();
        let act = |answer| AnyGuidance::Give { id, answer };
        let answer = self.guided(&organ, caller, (request_id, &request), (None, id), (&words, act)).await?;
        Ok(GiveGuidanceResponse { given_at: answer.given_at })
    }

    pub(super) async fn guidance(
        &self,
        caller: &Caller,
        request: ListGuidanceRequest,
    ) -> Result<ListGuidanceResponse, Error> {
        let ListGuidanceRequest { open_only, page_size: size, page_token } = request;
        let (organ, _) = self.own_organ(caller).await?;
        let tokens = PageToken::of("ListGuidance").filter(&organ).filter([u8::from(open_only)]);
        let after: Option<GuidanceKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let known = store::list_guidance(self.pool(), &organ, open_only, after, size).await?;
        let full = i64::try_from(known.len()).is_ok_and(|count| count >= size);
        let next_page_token = match known.last().filter(|_| full) {
            Some((id, last)) => tokens.encode(&GuidanceKey::of(*id, last))?,
            None => String::new(),
        };
        let mut guidance = Vec::with_capacity(known.len());
        for (id, known) in known {
            guidance.push(self.told_guidance(id, known).await?);
        }
        Ok(ListGuidanceResponse { guidance, next_page_token })
    }

    /// The words are sealed again where another was quicker to bring a key.
    async fn guided(
        &self,
        organ: &str,
        caller: &Caller,
        request: (Uuid, &impl Message),
        (case_id, key): Under,
        (words, act): (&str, impl Fn(Sealed) -> AnyGuidance + Send),
    ) -> Result<Answer, Error> {
        let item_id = self.new_id();
        let text = Text { kind: "guidance", text: words.as_bytes() };
        let mut attempt = 1;
        loop {
            let sealed = self.sealed(organ, key, (item_id, 1), &text).await?;
            let command = Command { case_id, act: Act::Guidance(Box::new(act(sealed))) };
            match self.submit(organ, caller, request, command).await {
                Err(Submitted::Rejected(Rejection::KeyIsThere(_))) if attempt < ATTEMPTS => attempt += 1,
                other => return Ok(other?.answer),
            }
        }
    }

    async fn told_guidance(&self, id: Uuid, guidance: Guidance) -> Result<WireGuidance, Error> {
        let asked = guidance.asked.unwrap_or_default();
        let given = guidance.given.unwrap_or_default();
        let key = guidance_id(&asked.case_id).unwrap_or(id);
        Ok(WireGuidance {
            guidance_id: id.to_string(),
            question: self.words(&asked.organ, key, asked.question.as_ref()).await?,
            answer: self.words(&given.organ, id, given.answer.as_ref()).await?,
            case_id: asked.case_id,
            asked_by_organ: asked.organ,
            asked_of: asked.asked_of,
            asked_by: asked.asked_by,
            asked_at: asked.asked_at,
            given_by: given.given_by,
            given_at: given.given_at,
        })
    }
}
