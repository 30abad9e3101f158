//! `GetInstrument`, `ListInstruments` (7, 16, 22).

use duban_proto::common::v1::ContentRef;
use duban_proto::routing::v1 as wire;
use duban_proto::routing::v1::InstrumentState;
use duban_proto::routing::v1::instrument_addressee::To;
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Asker, Case, Instrument, instrument_actions, wire_instrument};
use crate::store::{self, InstrumentKey, Known, ListedInstrument};

/// An instrument as this caller is told it, without its words; what may be done next is for the staff of that very organ.
pub(super) fn told(
    caller: &Caller,
    organ: &str,
    case_id: Uuid,
    case: &Case,
    instrument: &Instrument,
) -> wire::Instrument {
    let mut told = wire_instrument(case_id, organ, case, instrument);
    if caller.principal().organ == organ {
        let asker = Asker { subject: caller.subject(), organ, has: &|role| caller.has(role) };
        let actions = instrument_actions(case, instrument, &asker);
        told.allowed_actions = actions.into_iter().map(i32::from).collect();
    }
    told
}

impl Grpc {
    pub(super) async fn instrument(
        &self,
        caller: &Caller,
        request: wire::GetInstrumentRequest,
    ) -> Result<wire::GetInstrumentResponse, Error> {
        let mut check = Violations::default();
        let values =
            (check.uuid("case_id", &request.case_id), check.uuid("instrument_id", &request.instrument_id));
        let (case_id, id) = check.finish_with(values)?;
        let known = self.known_to(caller, case_id).await?;
        let id = id.to_string();
        let found = known.iter().find_map(|known| Some((known, known.case.instrument(&id)?)));
        let (known, instrument) =
            found.ok_or_else(|| Error::of(Reason::InstrumentNotFound).meta("instrument_id", &id))?;
        let (organ, case) = (known.organ.as_str(), &known.case);
        let erasure = self.vault.erasure(organ, case_id).await?;
        let mut told = told(caller, organ, case_id, case, instrument);
        self.with_words(&mut told, case_id, instrument).await?;
        Ok(wire::GetInstrumentResponse {
            instrument: Some(told),
            erased_at: erasure.map(|erasure| server::time::to_proto(erasure.at)),
        })
    }

    /// The case in each ledger that the caller may see.
    async fn known_to(&self, caller: &Caller, case_id: Uuid) -> Result<Vec<Known>, Error> {
        let (_, directory) = self.own_organ(caller).await?;
        let organs = directory.visible(caller.visibility(directory.tree()));
        let known = store::find_known(self.pool(), &organs, case_id).await?;
        if known.is_empty() { Err(Error::case_not_found(case_id)) } else { Ok(known) }
    }

    async fn with_words(
        &self,
        told: &mut wire::Instrument,
        case_id: Uuid,
        instrument: &Instrument,
    ) -> Result<(), Error> {
        let organ = told.organ.clone();
        let drafted = instrument.drafted.as_ref().and_then(|drafted| drafted.text.as_ref());
        let words = self.instrument_words(&organ, case_id, drafted).await?;
        let words = wire::Instrument::decode(words.as_slice()).map_err(Error::internal)?;
        (told.title, told.text) = (words.title, words.text);
        told.addressee_name = match told.addressee.as_ref().and_then(|addressee| addressee.to.as_ref()) {
            Some(To::Organ(code)) => {
                self.directory.knowing([code.as_str()]).await?.get(code).map(|organ| organ.name.clone())
            }
            Some(To::Authority(_)) => Some(words.addressee_name),
            Some(To::Respondent(_)) | None => None,
        }
        .unwrap_or_default();
        for (told, answer) in told.answers.iter_mut().zip(&instrument.answers) {
            let text = answer.answered.as_ref().and_then(|answered| answered.answer.as_ref());
            let keeper = if told.organ.is_empty() { &organ } else { &told.organ };
            let words = self.instrument_words(keeper, case_id, text).await?;
            let words = wire::InstrumentAnswer::decode(words.as_slice()).map_err(Error::internal)?;
            (told.text, told.decided_by) = (words.text, words.decided_by);
            told.rejected_because = self.words(&organ, case_id, answer.reason.as_ref()).await?;
        }
        let withdrawn = instrument.withdrawn.as_ref().and_then(|withdrawn| withdrawn.reason.as_ref());
        told.withdrawn_because = self.words(&organ, case_id, withdrawn).await?;
        Ok(())
    }

    pub(super) async fn instrument_words(
        &self,
        organ: &str,
        case_id: Uuid,
        text: Option<&ContentRef>,
    ) -> Result<Vec<u8>, Error> {
        match text {
            Some(text) => self.read(organ, case_id, text).await,
            None => Ok(Vec::new()),
        }
    }

    pub(super) async fn instruments(
        &self,
        caller: &Caller,
        request: wire::ListInstrumentsRequest,
    ) -> Result<wire::ListInstrumentsResponse, Error> {
        let wire::ListInstrumentsRequest { case_id, states, organ, page_size: size, page_token } = request;
        let mut check = Violations::default();
        let case_id = check.optional_uuid("case_id", &case_id);
        let mut wanted = Vec::new();
        for (index, state) in states.iter().enumerate() {
            wanted.extend(check.required_enum::<InstrumentState>(format!("states[{index}]"), *state));
        }
        let (case_id,) = check.finish_with((case_id,))?;
        if wanted.is_empty() {
            wanted = (1..).map_while(|number| InstrumentState::try_from(number).ok()).collect();
        }
        if let Some(case_id) = case_id {
            return self.of_case(caller, case_id, &organ, &wanted).await;
        }
        let directory = self.directory.knowing([organ.as_str(), caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let filter: Vec<u8> = wanted.iter().flat_map(|state| i32::from(*state).to_be_bytes()).collect();
        let tokens = PageToken::of("ListInstruments").filter(&organ).filter(filter);
        let after: Option<InstrumentKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let rows = store::list_instruments(self.pool(), &organs, &wanted, after, size).await?;
        let full = i64::try_from(rows.len()).is_ok_and(|count| count >= size);
        let mut page = wire::ListInstrumentsResponse::default();
        for row in &rows {
            let ListedInstrument { organ, case_id, instrument_id, case } = row;
            let Some(instrument) = case.instrument(&instrument_id.to_string()) else { continue };
            if full {
                page.next_page_token = tokens.encode(&InstrumentKey::of(*instrument_id, instrument))?;
            }
            page.instruments.push(told(caller, organ, *case_id, case, instrument));
        }
        Ok(page)
    }

    async fn of_case(
        &self,
        caller: &Caller,
        case_id: Uuid,
        organ: &str,
        wanted: &[InstrumentState],
    ) -> Result<wire::ListInstrumentsResponse, Error> {
        let known = self.known_to(caller, case_id).await?;
        let concerned = known.iter().filter(|known| organ.is_empty() || known.organ == organ);
        let all = concerned.flat_map(|Known { organ, case, .. }| {
            let of_state = case.instruments.iter().filter(|one| wanted.contains(&one.state()));
            of_state.map(move |one| (one.drafted_at, told(caller, organ, case_id, case, one)))
        });
        let mut all: Vec<(i64, wire::Instrument)> = all.collect();
        all.sort_by_key(|(drafted_at, _)| *drafted_at);
        let instruments = all.into_iter().map(|(_, told)| told).collect();
        Ok(wire::ListInstrumentsResponse { instruments, next_page_token: String::new() })
    }
}
