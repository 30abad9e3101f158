//! `GetCasework` (16).

use duban_proto::routing::v1::{
    Disposition, GetCaseworkRequest, GetCaseworkResponse, InvestigationRecord, InvestigationRecorded,
};
use prost::Message;
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Round, Tenure, wire_term};
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
        let (organ, tenure) = self.tenure(caller, case_id, request.term).await?;
        let erased_at = self.vault.erasure(&organ, case_id).await?.map(|erasure| erasure.at);
        let mut records = Vec::with_capacity(tenure.records.len());
        for recorded in &tenure.records {
            records.push(self.record(&organ, case_id, recorded).await?);
        }
        let mut dispositions = Vec::with_capacity(tenure.rounds.len());
        for round in &tenure.rounds {
            dispositions.push(self.disposition(&organ, case_id, round).await?);
        }
        Ok(GetCaseworkResponse {
            term: Some(wire_term(&tenure)),
            investigators: tenure.investigators,
            records,
            dispositions,
            erased_at: erased_at.map(server::time::to_proto),
        })
    }

    /// A term, of the ledgers the caller may see the one of the organ that holds it, where the casework is.
    async fn tenure(&self, caller: &Caller, case_id: Uuid, term: u32) -> Result<(String, Tenure), Error> {
        let (_, directory) = self.own_organ(caller).await?;
        let organs = directory.visible(caller.visibility(directory.tree()));
        let known = store::find_known(self.pool(), &organs, case_id).await?;
        let current = known.iter().map(|known| known.case.current_term()).max();
        let current = current.ok_or_else(|| Error::case_not_found(case_id))?;
        let wanted = if term == 0 { current } else { term };
        let terms = known.into_iter().filter_map(|Known { organ, case, .. }| {
            let tenure = case.terms.into_iter().find(|tenure| tenure.term == wanted)?;
            Some((organ, tenure))
        });
        let nearest = terms.max_by_key(|(organ, tenure)| tenure.organ == *organ);
        nearest.ok_or_else(|| Error::nothing_to_act_on("term", format!("{case_id}/{wanted}")))
    }

    async fn record(
        &self,
        organ: &str,
        case_id: Uuid,
        recorded: &InvestigationRecorded,
    ) -> Result<InvestigationRecord, Error> {
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
        })
    }
}
