//! `GetCasework` (16).

use duban_proto::routing::v1::{
    Disposition, GetCaseworkRequest, GetCaseworkResponse, InvestigationRecord, InvestigationRecorded,
};
use prost::Message;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Case, Round, Tenure, counts, version, wire_term};
use crate::store::{self, Known};

impl Grpc {
    /// The casework of a term, from the ledger of the organ that holds or held it.
    pub(super) async fn casework(
        &self,
        caller: &Caller,
        request: GetCaseworkRequest,
    ) -> Result<GetCaseworkResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let (organ, case, tenure) = self.tenure(caller, case_id, request.term).await?;
        let erased_at = self.vault.erasure(&organ, case_id).await?.map(|erasure| erasure.at);
        let mut records = Vec::with_capacity(tenure.records.len());
        for recorded in &tenure.records {
            records.push(self.record(&organ, case_id, &tenure, recorded).await?);
        }
        let mut earlier_records = Vec::with_capacity(tenure.inquiry.earlier.len());
        for recorded in &tenure.inquiry.earlier {
            let mut earlier = self.record(&organ, case_id, &tenure, recorded).await?;
            earlier.counts = false;
            earlier_records.push(earlier);
        }
        let mut dispositions = Vec::with_capacity(tenure.rounds.len());
        for round in &tenure.rounds {
            dispositions.push(self.disposition(&organ, case_id, round).await?);
        }
        let plans = self.plans(&organ, case_id, &tenure).await?;
        let evidence = self.evidence(&organ, case_id, &tenure).await?;
        let mut recusals = self.recusals(&organ, case_id, &case).await?;
        if self.lent_to(caller, case_id).await?.as_ref() == Some(&organ) {
            recusals.retain(|recusal| recusal.term == tenure.term);
        }
        let replacements = self.replacements(&organ, case_id, &tenure).await?;
        Ok(GetCaseworkResponse {
            term: Some(wire_term(&tenure)),
            investigators: tenure.investigators,
            records,
            dispositions,
            plans,
            evidence,
            recusals,
            replacements,
            loans: tenure.inquiry.loans,
            earlier_records,
            took_part: tenure.inquiry.ever,
            erased_at: erased_at.map(server::time::to_proto),
        })
    }

    /// A term, of the ledgers the caller may see the one of the organ that holds it, where the casework is.
    ///
    /// An officer on loan sees the term for which the officer is lent and was appointed, and no other of that organ.
    pub(super) async fn tenure(
        &self,
        caller: &Caller,
        case_id: Uuid,
        term: u32,
    ) -> Result<(String, Case, Tenure), Error> {
        let (own, directory) = self.own_organ(caller).await?;
        let mut organs = directory.visible(caller.visibility(directory.tree()));
        let lent_to = self.lent_to(caller, case_id).await?;
        organs.extend(lent_to.clone());
        let known = store::find_known(self.pool(), &organs, case_id).await?;
        let current = known.iter().map(|known| known.case.current_term()).max();
        let current = current.ok_or_else(|| Error::case_not_found(case_id))?;
        let wanted = if term == 0 { current } else { term };
        let terms = known.into_iter().filter_map(|Known { organ, case, .. }| {
            let tenure = case.terms.iter().find(|tenure| tenure.term == wanted)?.clone();
            let lent = lent_to.as_ref() == Some(&organ);
            let person = caller.subject();
            let reads = tenure.has_on_loan(person, &own) || tenure.has_on_loan_to_decide(person, &own);
            (!lent || reads).then_some((organ, case, tenure))
        });
        let nearest = terms.max_by_key(|(organ, _, tenure)| tenure.organ == *organ);
        nearest.ok_or_else(|| Error::nothing_to_act_on("term", format!("{case_id}/{wanted}")))
    }

    async fn record(
        &self,
        organ: &str,
        case_id: Uuid,
        tenure: &Tenure,
        recorded: &InvestigationRecorded,
    ) -> Result<InvestigationRecord, Error> {
        let refusal = tenure.refusal(recorded);
        let refusal_reason =
            self.words(organ, case_id, refusal.and_then(|refusal| refusal.reason.as_ref())).await?;
        let words = match &recorded.record {
            Some(record) => self.read(organ, case_id, record).await?,
            None => Vec::new(),
        };
        let InvestigationRecord { place, text, .. } =
            InvestigationRecord::decode(words.as_slice()).map_err(Error::internal)?;
        Ok(InvestigationRecord {
            record_id: recorded.record_id.clone(),
            kind: recorded.kind,
            taken_at: recorded.taken_at,
            place,
            investigators: recorded.investigators.clone(),
            text,
            confirmed: recorded.confirmed,
            version: version(recorded),
            refused: refusal.is_some(),
            refusal_reason,
            counts: counts(recorded, &self.regulation(organ).investigation().record),
            on_behalf_of: recorded.on_behalf_of.clone(),
        })
    }

    async fn disposition(&self, organ: &str, case_id: Uuid, round: &Round) -> Result<Disposition, Error> {
        let submitted = round.submitted.clone().unwrap_or_default();
        let words = match &submitted.report {
            Some(report) => self.read(organ, case_id, report).await?,
            None => Vec::new(),
        };
        let Disposition { report, opinion, .. } =
            Disposition::decode(words.as_slice()).map_err(Error::internal)?;
        let returned = match &round.reason {
            Some(reason) => self.read(organ, case_id, reason).await?,
            None => Vec::new(),
        };
        Ok(Disposition {
            round: submitted.round,
            finding: submitted.finding,
            measures: submitted.measures,
            findings: submitted.findings,
            report,
            opinion,
            submitted_by: round.submitted_by.clone(),
            decided_by: round.decided_by.clone(),
            approved: round.approved,
            returned_because: String::from_utf8(returned).map_err(Error::internal)?,
            on_behalf_of: submitted.on_behalf_of,
            deputy_for: round.deputy_for.clone(),
        })
    }
}
