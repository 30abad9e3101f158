//! The casework of an investigation with its texts, as `GetCasework` and `ListEvidence` tell it (18).

use duban_proto::common::v1::ContentRef;
use duban_proto::routing::v1::{Evidence, Plan, Recusal, Replacement};
use prost::Message;
use prost_types::Timestamp;
use server::Error;
use uuid::Uuid;

use crate::domain::{Case, Exhibit, Tenure};
use crate::grpc::Grpc;

fn moment(micros: i64) -> Timestamp {
    server::time::to_proto(ledger::from_micros(micros))
}

impl Grpc {
    /// The words of a text; empty where there is none, or it was erased.
    pub(in crate::grpc) async fn words(
        &self,
        organ: &str,
        case_id: Uuid,
        text: Option<&ContentRef>,
    ) -> Result<String, Error> {
        match text {
            Some(text) => String::from_utf8(self.read(organ, case_id, text).await?).map_err(Error::internal),
            None => Ok(String::new()),
        }
    }

    pub(in crate::grpc) async fn plans(
        &self,
        organ: &str,
        case_id: Uuid,
        tenure: &Tenure,
    ) -> Result<Vec<Plan>, Error> {
        let mut plans = Vec::with_capacity(tenure.inquiry.plans.len());
        for planned in &tenure.inquiry.plans {
            let plan = planned.event.plan.as_ref();
            plans.push(Plan {
                version: plan.map_or(0, |plan| plan.version),
                text: self.words(organ, case_id, plan).await?,
                set_by: planned.by.clone(),
                set_at: Some(moment(planned.at)),
                on_behalf_of: planned.event.on_behalf_of.clone(),
            });
        }
        Ok(plans)
    }

    pub(in crate::grpc) async fn evidence(
        &self,
        organ: &str,
        case_id: Uuid,
        tenure: &Tenure,
    ) -> Result<Vec<Evidence>, Error> {
        let mut evidence = Vec::with_capacity(tenure.inquiry.exhibits.len());
        for Exhibit { event, by, at, removed_by, removed_at, removal_reason } in &tenure.inquiry.exhibits {
            let words = match &event.description {
                Some(description) => self.read(organ, case_id, description).await?,
                None => Vec::new(),
            };
            let Evidence { text, source, .. } =
                Evidence::decode(words.as_slice()).map_err(Error::internal)?;
            evidence.push(Evidence {
                number: event.number,
                kind: event.kind.clone(),
                text,
                source,
                collected_at: event.collected_at,
                collected_by: event.collected_by.clone(),
                attachment_id: event.attachment_id.clone(),
                record_id: event.record_id.clone(),
                listed_by: by.clone(),
                listed_at: Some(moment(*at)),
                on_behalf_of: event.on_behalf_of.clone(),
                removed_by: removed_by.clone(),
                removed_at: removed_at.map(moment),
                removal_reason: self.words(organ, case_id, removal_reason.as_ref()).await?,
            });
        }
        Ok(evidence)
    }

    pub(in crate::grpc) async fn recusals(
        &self,
        organ: &str,
        case_id: Uuid,
        case: &Case,
    ) -> Result<Vec<Recusal>, Error> {
        let mut recusals = Vec::with_capacity(case.recused.len());
        for recused in &case.recused {
            recusals.push(Recusal {
                term: recused.event.term,
                person: recused.event.person.clone(),
                ground: recused.event.ground,
                reason: self.words(organ, case_id, recused.event.reason.as_ref()).await?,
                ordered: recused.event.ordered,
                by: recused.by.clone(),
                at: Some(moment(recused.at)),
            });
        }
        Ok(recusals)
    }

    pub(in crate::grpc) async fn replacements(
        &self,
        organ: &str,
        case_id: Uuid,
        tenure: &Tenure,
    ) -> Result<Vec<Replacement>, Error> {
        let mut replacements = Vec::with_capacity(tenure.inquiry.replaced.len());
        for replaced in &tenure.inquiry.replaced {
            replacements.push(Replacement {
                former: replaced.event.former.clone(),
                successor: replaced.event.successor.clone(),
                ground: replaced.event.ground,
                reason: self.words(organ, case_id, replaced.event.reason.as_ref()).await?,
                hand_over_id: replaced.event.hand_over_id.clone(),
                by: replaced.by.clone(),
                at: Some(moment(replaced.at)),
            });
        }
        Ok(replacements)
    }
}
