//! `OpenIdentity`, `ListReadings` (15).

use duban_proto::intake::v1::{
    Complainant, IdentityReading, ListReadingsRequest, ListReadingsResponse, OpenIdentityRequest,
    OpenIdentityResponse,
};
use jiff::SignedDuration;
use ledger::Committed;
use server::{Caller, Error, Reason, Violations};
use uuid::Uuid;

use super::Grpc;
use super::cases::moment;
use super::complaint::one_of;
use crate::domain::{Act, Answer};
use crate::store;

/// For what an identity may be opened.
const PURPOSES: [&str; 4] = ["contact", "verify", "reply", "follow_up"];
/// How long a request may be repeated as the same reading: enough for an answer that was lost.
const SAME_READING: SignedDuration = SignedDuration::from_mins(10);

impl Grpc {
    /// The reading is on record before anything is opened.
    pub(super) async fn identity_opened(
        &self,
        caller: &Caller,
        mut request: OpenIdentityRequest,
    ) -> Result<OpenIdentityResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        if check.required("purpose", &request.purpose) && !PURPOSES.contains(&request.purpose.as_str()) {
            one_of(&mut check, "purpose", PURPOSES.iter());
        }
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let act = Act::OpenIdentity { purpose: request.purpose.clone() };
        request.request_id.clear();
        let committed = self.submit(&organ, caller, (request_id, &request), case_id, act).await?;
        Ok(OpenIdentityResponse {
            complainant: Some(self.read_on_record(&organ, case_id, &committed).await?),
        })
    }

    /// Who complains, once the reading is on record.
    pub(super) async fn read_on_record(
        &self,
        organ: &str,
        case_id: Uuid,
        reading: &Committed<Answer>,
    ) -> Result<Complainant, Error> {
        self.must_be_on_record(reading)?;
        self.identity_must_be_there(organ, case_id).await?;
        let sealed = store::read_identity(self.pool(), organ, case_id).await?;
        let Some(sealed) = sealed else { return Err(self.no_identity(organ, case_id).await?) };
        let key = self.key(organ, case_id).await?;
        self.opened(&key, organ, case_id, &sealed)
    }

    /// There is none, or it was erased.
    async fn no_identity(&self, organ: &str, case_id: Uuid) -> Result<Error, Error> {
        let erasure = self.vault.erasure(organ, case_id).await?;
        Ok(erasure.map_or_else(|| Error::nothing_to_act_on("identity", case_id), Error::from))
    }

    /// A request that comes again much later is a reading of its own, which would be on no record (15).
    pub(super) fn must_be_on_record(&self, committed: &Committed<Answer>) -> Result<(), Error> {
        let since = self.writer.clock().now().duration_since(committed.recorded_at);
        if !committed.replayed || since <= SAME_READING {
            return Ok(());
        }
        let reused = Error::new(
            Reason::RequestIdReused,
            "该次查阅早已记录在案;再次查阅请换用新的请求编号。",
            "That reading was put on record a while ago; to read again, take a new request_id.",
        );
        Err(reused.article("15"))
    }

    pub(super) async fn readings(
        &self,
        caller: &Caller,
        request: ListReadingsRequest,
    ) -> Result<ListReadingsResponse, Error> {
        let (organ, case_id) = self.registered_in_scope(caller, &request.case_id).await?;
        let readings = store::list_readings(self.pool(), &organ, case_id).await?;
        let reading = |(at, reader, purpose): (i64, String, String)| IdentityReading {
            at: moment(at),
            reader,
            purpose,
        };
        Ok(ListReadingsResponse { readings: readings.into_iter().map(reading).collect() })
    }

    /// A case that an organ in the caller's scope registered: who is responsible for it now gives no right here (15).
    pub(super) async fn registered_in_scope(
        &self,
        caller: &Caller,
        case_id: &str,
    ) -> Result<(String, Uuid), Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let directory = self.directory.knowing([caller.principal().organ.as_str()]).await?;
        let organs = directory.visible(caller.visibility(directory.tree()));
        let found = store::find_case(self.pool(), &organs, case_id).await?;
        let closed = directory.tree().took_over(&caller.principal().organ);
        let found =
            found.filter(|filed| !(closed.contains(&filed.organ) && super::see::is_about_own(caller, filed)));
        Ok((found.ok_or_else(|| Error::case_not_found(case_id))?.organ, case_id))
    }
}
