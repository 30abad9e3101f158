//! `ReceivedInstrumentService` (7, 22).

use duban_proto::routing::v1 as wire;
use duban_proto::routing::v1::ReceivedInstrumentState;
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use super::instruments::{MAX_TEXT, ids};
use super::seal::Text;
use crate::domain::{
    Act, Answer, Asker, Command, OnReceived, Received, Sealed, received_actions, wire_received,
};
use crate::store::{self, ReceivedKey};

/// One as this caller is told it, without its words; what may be done next is for the staff of that very organ.
fn told(caller: &Caller, organ: &str, one: &Received) -> wire::ReceivedInstrument {
    let mut told = wire_received(organ, one);
    if caller.principal().organ == organ {
        let asker = Asker { subject: caller.subject(), organ, has: &|role| caller.has(role) };
        told.allowed_actions = received_actions(one, &asker).into_iter().map(i32::from).collect();
    }
    told
}

impl Grpc {
    pub(super) async fn sign_for(
        &self,
        caller: &Caller,
        mut request: wire::AcknowledgeInstrumentRequest,
    ) -> Result<wire::AcknowledgeInstrumentResponse, Error> {
        let mut check = Violations::default();
        let named = ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id);
        let ((request_id, case_id, id),) = check.finish_with((named,))?;
        let (organ, _) = self.own_organ(caller).await?;
        request.request_id.clear();
        let act = Act::Received(OnReceived::Acknowledge { id: id.to_string() });
        let command = Command { case_id: Some(case_id), act };
        let answer = self.submit(&organ, caller, (request_id, &request), command).await?.answer;
        let instrument = Some(self.received_now(caller, &organ, (case_id, id), answer).await?);
        Ok(wire::AcknowledgeInstrumentResponse { instrument })
    }

    pub(super) async fn answer_received(
        &self,
        caller: &Caller,
        mut request: wire::AnswerInstrumentRequest,
    ) -> Result<wire::AnswerInstrumentResponse, Error> {
        let (organ, _) = self.own_organ(caller).await?;
        let mut check = Violations::default();
        let decision = (&*request.measure, &*request.decided_by, &*request.decided_on);
        let values = (
            ids(&mut check, &request.request_id, &request.case_id, &request.instrument_id),
            self.decided(&mut check, &organ, decision),
        );
        check.required_text("text", &request.text, MAX_TEXT);
        let ((request_id, case_id, id), decided) = check.finish_with(values)?;
        let words = wire::InstrumentAnswer {
            text: request.text.clone(),
            decided_by: request.decided_by.clone(),
            ..wire::InstrumentAnswer::default()
        };
        let words = words.encode_to_vec();
        request.request_id.clear();
        let text = Text { kind: "instrument_answer", text: &words };
        let act = |text: Sealed| {
            let decided = decided.clone().map(|(measure, on)| (measure, on.to_string()));
            Act::Received(OnReceived::Reply { id: id.to_string(), decided, text: Box::new(text) })
        };
        let answer =
            self.submit_sealed(&organ, caller, (request_id, &request), case_id, (text, act)).await?.answer;
        let instrument = Some(self.received_now(caller, &organ, (case_id, id), answer).await?);
        Ok(wire::AnswerInstrumentResponse { instrument })
    }

    /// The instrument of an answer, as this caller is told it now.
    async fn received_now(
        &self,
        caller: &Caller,
        organ: &str,
        (case_id, id): (Uuid, Uuid),
        answer: Answer,
    ) -> Result<wire::ReceivedInstrument, Error> {
        let answered = answer.received.ok_or_else(|| Error::internal("an answer without its instrument"))?;
        let now = store::find_received(self.pool(), &[organ.to_owned()], case_id, id).await?;
        let allowed_actions =
            now.map(|(organ, one)| told(caller, &organ, &one).allowed_actions).unwrap_or_default();
        Ok(wire::ReceivedInstrument { allowed_actions, ..answered })
    }

    pub(super) async fn received(
        &self,
        caller: &Caller,
        request: wire::GetReceivedInstrumentRequest,
    ) -> Result<wire::GetReceivedInstrumentResponse, Error> {
        let mut check = Violations::default();
        let values =
            (check.uuid("case_id", &request.case_id), check.uuid("instrument_id", &request.instrument_id));
        let (case_id, id) = check.finish_with(values)?;
        let (_, directory) = self.own_organ(caller).await?;
        let organs = directory.visible(caller.visibility(directory.tree()));
        let found = store::find_received(self.pool(), &organs, case_id, id).await?;
        let (organ, one) =
            found.ok_or_else(|| Error::of(Reason::InstrumentNotFound).meta("instrument_id", id))?;
        let mut told = told(caller, &organ, &one);
        self.with_received_words(&mut told, case_id, &one).await?;
        Ok(wire::GetReceivedInstrumentResponse { instrument: Some(told) })
    }

    async fn with_received_words(
        &self,
        told: &mut wire::ReceivedInstrument,
        case_id: Uuid,
        one: &Received,
    ) -> Result<(), Error> {
        let words = self.instrument_words(&one.from, case_id, one.sent.text.as_ref()).await?;
        let words = wire::Instrument::decode(words.as_slice()).map_err(Error::internal)?;
        (told.title, told.text) = (words.title, words.text);
        let organ = told.organ.clone();
        for (told, reply) in told.answers.iter_mut().zip(&one.replies) {
            let words = self.instrument_words(&organ, case_id, reply.replied.answer.as_ref()).await?;
            let words = wire::InstrumentAnswer::decode(words.as_slice()).map_err(Error::internal)?;
            (told.text, told.decided_by) = (words.text, words.decided_by);
            told.rejected_because = self.words(&one.from, case_id, reply.reason.as_ref()).await?;
        }
        Ok(())
    }

    pub(super) async fn all_received(
        &self,
        caller: &Caller,
        request: wire::ListReceivedInstrumentsRequest,
    ) -> Result<wire::ListReceivedInstrumentsResponse, Error> {
        let wire::ListReceivedInstrumentsRequest { states, organ, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<ReceivedInstrumentState>(format!("states[{index}]"), *state));
        }
        check.finish()?;
        if wanted.is_empty() {
            wanted = (1..).map_while(|number| ReceivedInstrumentState::try_from(number).ok()).collect();
        }
        let directory = self.directory.knowing([organ.as_str(), caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListReceivedInstruments").filter(&organ).filter(filter);
        let after: Option<ReceivedKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let rows = store::list_received(self.pool(), &organs, &wanted, after, size).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count >= size);
        let next_page_token = match rows.last().filter(|_| full) {
            Some((_, last)) => tokens.encode(&ReceivedKey::of(last))?,
            None => String::new(),
        };
        let instruments = rows.iter().map(|(organ, one)| told(caller, organ, one)).collect();
        Ok(wire::ListReceivedInstrumentsResponse { instruments, next_page_token })
    }
}
