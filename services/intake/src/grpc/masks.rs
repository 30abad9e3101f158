//! `ProposeMasks`, `ConfirmMasks` (15).

use std::collections::HashSet;

use directory::Directory;
use duban_proto::intake::v1::{
    Complainant, Complaint, ConfirmMasksRequest, ConfirmMasksResponse, LeaderInstruction, Mask as WireMask,
    MaskKind, ProposeMasksRequest, ProposeMasksResponse,
};
use prost::Message;
use seal::mask::{self, Kind, Mask};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::seal::{Item, identity};
use crate::domain::{Act, Case, ConfirmMasks, WORKING_COPY};
use crate::store;

/// Places hidden at the most.
const MAX_MASKS: usize = 1000;

impl Grpc {
    pub(super) async fn masks_proposed(
        &self,
        caller: &Caller,
        request: ProposeMasksRequest,
    ) -> Result<ProposeMasksResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let (organ, directory) = self.organ_of(caller, case_id).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        self.identity_must_be_there(&organ, case_id).await?;
        let text = narrative(&self.read_original(&organ, &case).await?);
        let complainant = self.complainant(&organ, case_id).await?;
        let masks = propose(&text, &complainant, &directory).iter().map(to_wire).collect();
        Ok(ProposeMasksResponse { text, masks, content_version: case.original_version() })
    }

    pub(super) async fn masks_confirmed(
        &self,
        caller: &Caller,
        mut request: ConfirmMasksRequest,
    ) -> Result<ConfirmMasksResponse, Error> {
        let mut check = Violations::default();
        let ids = (check.uuid("request_id", &request.request_id), check.uuid("case_id", &request.case_id));
        check.max_items("masks", request.masks.len(), MAX_MASKS);
        let (request_id, case_id) = check.finish_with(ids)?;
        let (organ, _) = self.organ_of(caller, case_id).await?;
        let case = self.own_case(caller, &organ, case_id).await?;
        let text = narrative(&self.read_original(&organ, &case).await?);
        let copy = apply(&text, &request.masks)?;
        let key = self.key(&organ, case_id).await?;
        let item_id = case.working_copy.as_ref().and_then(|copy| Uuid::try_parse(&copy.item_id).ok());
        let item = Item {
            organ: &organ,
            case_id,
            id: item_id.unwrap_or_else(|| self.new_id()),
            version: case.working_copy_version() + 1,
            kind: WORKING_COPY,
        };
        let confirm = ConfirmMasks {
            content_version: request.content_version,
            masks: u32::try_from(request.masks.len()).unwrap_or(u32::MAX),
            copy: self.draft(&key, &item, copy.as_bytes())?,
        };
        request.request_id.clear();
        let act = Act::ConfirmMasks(confirm);
        let answer = self.submit(&organ, caller, (request_id, &request), case_id, act).await?.answer;
        let working_copy =
            answer.working_copy.ok_or_else(|| Error::internal("an answer without its copy"))?;
        Ok(ConfirmMasksResponse {
            case: Some(self.told_now(caller, &organ, answer.case).await?),
            working_copy: self.read_text(&organ, case_id, &working_copy).await?,
        })
    }

    /// The complaint as received, without who complains.
    pub(super) async fn read_original(&self, organ: &str, case: &Case) -> Result<Complaint, Error> {
        let original =
            case.received.original.as_ref().ok_or_else(|| Error::internal("a case without its original"))?;
        let item_id = Uuid::try_parse(&original.item_id).map_err(Error::internal)?;
        let bytes = self.vault.read(organ, case.case_id, item_id, original.version).await?;
        Complaint::decode(bytes.as_slice()).map_err(Error::internal)
    }

    /// The leader's instruction, its words without what names the complainant: all who handle the case read it.
    pub(super) async fn leader_instruction(
        &self,
        organ: &str,
        case: &Case,
        directory: &Directory,
    ) -> Result<Option<LeaderInstruction>, Error> {
        let Some(instruction) = self.read_original(organ, case).await?.leader_instruction else {
            return Ok(None);
        };
        let complainant = self.complainant(organ, case.case_id).await?;
        let masks = propose(&instruction.words, &complainant, directory);
        let words = mask::apply(&instruction.words, &masks).map_err(Error::internal)?;
        Ok(Some(LeaderInstruction { words, ..instruction }))
    }

    /// Who complains; for the program's own use, never told.
    pub(crate) async fn complainant(&self, organ: &str, case_id: Uuid) -> Result<Complainant, Error> {
        let sealed = store::read_identity(self.pool(), organ, case_id).await?;
        let Some(sealed) = sealed else { return Ok(Complainant::default()) };
        let key = self.key(organ, case_id).await?;
        self.opened(&key, organ, case_id, &sealed)
    }
}

/// The working copy that the rules make by themselves, and how many places are hidden in it.
pub(super) fn automatic_copy(
    complaint: &Complaint,
    complainant: &Complainant,
    directory: &Directory,
) -> Result<(String, u32), Error> {
    let text = narrative(complaint);
    let masks = propose(&text, complainant, directory);
    let copy = mask::apply(&text, &masks).map_err(Error::internal)?;
    Ok((copy, u32::try_from(masks.len()).unwrap_or(u32::MAX)))
}

/// What is masked: title and narrative, as one text.
fn narrative(complaint: &Complaint) -> String {
    format!("{}\n\n{}", complaint.title, complaint.text)
}

pub(super) fn propose(text: &str, complainant: &Complainant, directory: &Directory) -> Vec<Mask> {
    let known: HashSet<&str> = directory
        .iter()
        .flat_map(|organ| [&organ.name, &organ.short_name].into_iter().chain(&organ.aliases))
        .map(String::as_str)
        .collect();
    mask::propose(text, &identity(complainant), &|name| known.contains(name))
}

/// The text with these places hidden; what is wrong with any of them, at once.
fn apply(text: &str, masks: &[WireMask]) -> Result<String, Error> {
    let mut check = Violations::default();
    let mut applied = Vec::with_capacity(masks.len());
    for (index, wire) in masks.iter().enumerate() {
        let Some(kind) = check.required_enum::<MaskKind>(format!("masks[{index}].kind"), wire.kind) else {
            continue;
        };
        let (start, end) = (usize::try_from(wire.start), usize::try_from(wire.end));
        let (Ok(start), Ok(end)) = (start, end) else { continue };
        match Mask::from_chars(text, from_wire(kind), start..end) {
            Ok(mask) => applied.push(mask),
            Err(error) => check.add(format!("masks[{index}]"), "不是原文中的一段", error.to_string()),
        }
    }
    check.finish()?;
    applied.sort_by_key(|mask| mask.bytes().start);
    mask::apply(text, &applied)
        .map_err(|error| super::error::wrong("masks", "遮盖之处相互重叠", error.to_string()))
}

fn to_wire(mask: &Mask) -> WireMask {
    let chars = mask.chars();
    let kind = match mask.kind() {
        Kind::FullName => MaskKind::Name,
        Kind::Phone => MaskKind::Phone,
        Kind::IdNumber => MaskKind::IdNumber,
        Kind::Email => MaskKind::Email,
        Kind::Unit => MaskKind::WorkUnit,
        Kind::Address => MaskKind::Address,
        _ => MaskKind::Other,
    };
    let at = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    WireMask { start: at(chars.start), end: at(chars.end), kind: kind.into() }
}

/// What names the complainant otherwise is hidden like a name.
fn from_wire(kind: MaskKind) -> Kind {
    match kind {
        MaskKind::Phone => Kind::Phone,
        MaskKind::IdNumber => Kind::IdNumber,
        MaskKind::Email => Kind::Email,
        MaskKind::WorkUnit => Kind::Unit,
        MaskKind::Address => Kind::Address,
        MaskKind::Name | MaskKind::Other | MaskKind::Unspecified => Kind::FullName,
    }
}
