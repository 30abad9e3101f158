//! `DraftService` (house): what an officer has not handed in yet, sealed, for its author alone.

use duban_proto::intake::v1::{
    Complaint, DeleteDraftRequest, DeleteDraftResponse, Draft, GetDraftRequest, GetDraftResponse,
    ListDraftsRequest, ListDraftsResponse, SaveDraftRequest, SaveDraftResponse,
};
use jiff::{SignedDuration, Timestamp};
use prost::Message as _;
use seal::{CaseRef, WrappedKey};
use server::{Caller, Error, Violations};
use zeroize::Zeroizing;

use super::Grpc;
use crate::store::{self, DraftKey, DraftRow};

/// The place a sealed draft is bound to.
const DRAFT: &str = "draft";
/// How long a draft is kept after it was last saved.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// The most drafts of one officer.
const MOST: usize = 100;
/// The largest, in bytes.
const LARGEST: usize = 64 * 1024;

impl Grpc {
    pub(super) async fn draft_saved(
        &self,
        caller: &Caller,
        request: SaveDraftRequest,
    ) -> Result<SaveDraftResponse, Error> {
        let mut check = Violations::default();
        let draft_id = check.uuid("draft_id", &request.draft_id);
        let complaint = check.message("complaint", request.complaint);
        if complaint.as_ref().is_some_and(|complaint| complaint.encoded_len() > LARGEST) {
            check.add("complaint", "草稿不得超过 64 KiB", "a draft has 64 KiB at the most");
        }
        let (draft_id, complaint) = check.finish_with((draft_id, complaint))?;
        let (organ, _) = self.own_organ(caller, "").await?;
        let now = self.writer.clock().now();
        let drafts = store::drafts_of(self.pool(), &organ, caller.subject(), now).await?;
        if drafts.len() >= MOST && drafts.iter().all(|draft| draft.draft_id != draft_id) {
            return Err(too_many());
        }
        let (key, new_key) = self.new_key(&organ, draft_id)?;
        let aad = CaseRef::new(&organ, draft_id.as_bytes()).aad(DRAFT);
        let plain = Zeroizing::new(complaint.encode_to_vec());
        let sealed =
            self.vault.sealer().seal(&key, &aad, &plain, &mut rand::rng()).map_err(Error::internal)?;
        let row = DraftRow {
            draft_id,
            wrapped: new_key.wrapped.to_vec(),
            sealed,
            saved_at: now.as_microsecond(),
            kept_until: now.saturating_add(KEPT).map_err(Error::internal)?.as_microsecond(),
        };
        let key = DraftKey { organ: &organ, owner: caller.subject(), draft_id };
        store::save_draft(self.pool(), key, &row).await?;
        Ok(SaveDraftResponse { saved_at: moment(row.saved_at), kept_until: moment(row.kept_until) })
    }

    pub(super) async fn drafts(
        &self,
        caller: &Caller,
        _: ListDraftsRequest,
    ) -> Result<ListDraftsResponse, Error> {
        let (organ, _) = self.own_organ(caller, "").await?;
        let now = self.writer.clock().now();
        let rows = store::drafts_of(self.pool(), &organ, caller.subject(), now).await?;
        let short = |row: &DraftRow| {
            let Complaint { title, channel, .. } = self.open_draft(&organ, row)?;
            Ok(shown(row, Complaint { title, channel, ..Complaint::default() }))
        };
        Ok(ListDraftsResponse { drafts: rows.iter().map(short).collect::<Result<_, Error>>()? })
    }

    pub(super) async fn draft_got(
        &self,
        caller: &Caller,
        request: GetDraftRequest,
    ) -> Result<GetDraftResponse, Error> {
        let mut check = Violations::default();
        let draft_id = check.uuid("draft_id", &request.draft_id);
        let (draft_id,) = check.finish_with((draft_id,))?;
        let (organ, _) = self.own_organ(caller, "").await?;
        let key = DraftKey { organ: &organ, owner: caller.subject(), draft_id };
        let row = store::find_draft(self.pool(), key, self.writer.clock().now()).await?;
        let row = row.ok_or_else(|| Error::nothing_to_act_on("draft", draft_id))?;
        let complaint = self.open_draft(&organ, &row)?;
        Ok(GetDraftResponse { draft: Some(shown(&row, complaint)) })
    }

    pub(super) async fn draft_deleted(
        &self,
        caller: &Caller,
        request: DeleteDraftRequest,
    ) -> Result<DeleteDraftResponse, Error> {
        let mut check = Violations::default();
        let draft_id = check.uuid("draft_id", &request.draft_id);
        let (draft_id,) = check.finish_with((draft_id,))?;
        let (organ, _) = self.own_organ(caller, "").await?;
        store::delete_draft(self.pool(), DraftKey { organ: &organ, owner: caller.subject(), draft_id })
            .await?;
        Ok(DeleteDraftResponse {})
    }

    fn open_draft(&self, organ: &str, row: &DraftRow) -> Result<Complaint, Error> {
        let case = CaseRef::new(organ, row.draft_id.as_bytes());
        let sealer = self.vault.sealer();
        let wrapped = WrappedKey::from_bytes(row.wrapped.clone());
        let key = sealer.case_key(&wrapped, case).map_err(Error::internal)?;
        let plain = sealer.open(&key, &case.aad(DRAFT), &row.sealed).map_err(Error::internal)?;
        Complaint::decode(plain.as_slice()).map_err(Error::internal)
    }
}

fn shown(row: &DraftRow, complaint: Complaint) -> Draft {
    Draft {
        draft_id: row.draft_id.to_string(),
        saved_at: moment(row.saved_at),
        kept_until: moment(row.kept_until),
        complaint: Some(complaint),
    }
}

fn moment(microseconds: i64) -> Option<prost_types::Timestamp> {
    Timestamp::from_microsecond(microseconds).ok().map(server::time::to_proto)
}

fn too_many() -> Error {
    super::error::wrong(
        "draft_id",
        "草稿不得超过 100 份,请先提交或者删除部分草稿",
        "an officer has 100 drafts at the most: hand some in or delete some first",
    )
}
