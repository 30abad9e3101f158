//! `GetParts`, `ListParts` (会办; house).

use duban_proto::common::v1::ContentRef;
use duban_proto::routing::v1::{
    GetPartsRequest, GetPartsResponse, ListPartsRequest, ListPartsResponse, Opinion, Part as WirePart,
    PartText,
};
use prost::Message;
use server::page::{PageToken, page_size};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::joint::Words;
use crate::domain::{Asker, Case, OpinionRound, Part, actions_on, wire_part};
use crate::store::{self, ListedPart, PartKey, Wanted};

impl Grpc {
    pub(super) async fn parts(
        &self,
        caller: &Caller,
        request: GetPartsRequest,
    ) -> Result<GetPartsResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([request.organ.as_str(), own]).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        let case = self.known(&organ, case_id).await?;
        let mut parts = Vec::with_capacity(case.parts.len());
        for part in &case.parts {
            let mut told = self.told_part(caller, &organ, case_id, &case, part);
            self.add_texts(&organ, case_id, &case, part, &mut told).await?;
            parts.push(told);
        }
        Ok(GetPartsResponse { parts })
    }

    pub(super) async fn list_parts(
        &self,
        caller: &Caller,
        request: ListPartsRequest,
    ) -> Result<ListPartsResponse, Error> {
        let ListPartsRequest { organ, elsewhere, closed, page_size: size, page_token } = request;
        let directory = self.directory.knowing([organ.as_str(), caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility_of(&organ, directory.tree())?);
        let tokens =
            PageToken::of("ListParts").filter(&organ).filter([u8::from(elsewhere), u8::from(closed)]);
        let after: Option<PartKey> = tokens.decode(&page_token)?;
        let size = page_size(size);
        let listed =
            store::list_parts(self.pool(), &organs, Wanted { elsewhere, closed }, after, size).await?;
        let full = i64::try_from(listed.len()).is_ok_and(|count| count >= size);
        let next_page_token = match listed.last().filter(|_| full) {
            Some(last) => tokens.encode(&PartKey::of(last))?,
            None => String::new(),
        };
        let told = listed.iter().filter_map(|ListedPart { organ, case_id, part, case, .. }| {
            case.part(*part).map(|part| self.told_part(caller, organ, *case_id, case, part))
        });
        Ok(ListPartsResponse { parts: told.collect(), next_page_token })
    }

    /// A part as this caller is told it, without texts.
    fn told_part(&self, caller: &Caller, organ: &str, case_id: Uuid, case: &Case, part: &Part) -> WirePart {
        let mut told = wire_part(case_id, organ, case, part, self.writer.clock().now());
        told.allowed_actions = self.allowed_on(caller, organ, case, part);
        told
    }

    /// What the caller may do next with a part; for the staff of that very organ.
    pub(super) fn allowed_on(&self, caller: &Caller, organ: &str, case: &Case, part: &Part) -> Vec<i32> {
        if caller.principal().organ != organ {
            return Vec::new();
        }
        let asker = Asker { subject: caller.subject(), organ, has: &|role| caller.has(role) };
        actions_on(case, part, &asker, self.writer.clock().now()).into_iter().map(i32::from).collect()
    }

    /// The texts, from where each is kept.
    async fn add_texts(
        &self,
        organ: &str,
        case_id: Uuid,
        case: &Case,
        part: &Part,
        told: &mut WirePart,
    ) -> Result<(), Error> {
        let words = self.kept(case_id, part.facts.words.as_ref()).await?;
        let Words { question, reason } = Words::decode(words.as_slice()).map_err(Error::internal)?;
        told.question = question;
        if case.is_home(organ) && part.facts.by_hand {
            told.chosen_because = reason;
        }
        for (step, told) in part.steps.iter().zip(&mut told.steps) {
            told.reason = text(self.kept(case_id, step.reason.as_ref()).await?)?;
        }
        told.opinions = if part.facts.organ == organ {
            let mut opinions = Vec::with_capacity(part.rounds.len());
            for round in &part.rounds {
                opinions.push(self.opinion(organ, case_id, round).await?);
            }
            opinions
        } else {
            self.told_opinion(case_id, part).await?.into_iter().collect()
        };
        Ok(())
    }

    /// An opinion as the organ that gives it knows it.
    async fn opinion(&self, organ: &str, case_id: Uuid, round: &OpinionRound) -> Result<Opinion, Error> {
        let OpinionRound { submitted, submitted_by, decided_by, approved, reason } = round.clone();
        let words = |text: Option<ContentRef>| PartText { organ: organ.to_owned(), text };
        Ok(Opinion {
            round: submitted.round,
            finding: submitted.finding,
            measures: submitted.measures,
            investigators: submitted.investigators,
            text: text(self.kept(case_id, Some(&words(submitted.opinion))).await?)?,
            submitted_by,
            decided_by,
            approved,
            returned_because: text(self.kept(case_id, Some(&words(reason))).await?)?,
        })
    }

    /// The last opinion that was approved, as home and lead know it.
    async fn told_opinion(&self, case_id: Uuid, part: &Part) -> Result<Option<Opinion>, Error> {
        if part.facts.round == 0 {
            return Ok(None);
        }
        Ok(Some(Opinion {
            round: part.facts.round,
            finding: part.facts.finding,
            measures: part.facts.measures.clone(),
            text: text(self.kept(case_id, part.facts.opinion.as_ref()).await?)?,
            approved: true,
            ..Opinion::default()
        }))
    }

    /// A text of the organ that keeps it, which this one was told of; empty where there is none, or it was erased.
    async fn kept(&self, case_id: Uuid, text: Option<&PartText>) -> Result<Vec<u8>, Error> {
        match text.map(|text| (&text.organ, &text.text)) {
            Some((organ, Some(text))) => self.read(organ, case_id, text).await,
            _ => Ok(Vec::new()),
        }
    }
}

fn text(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(Error::internal)
}
