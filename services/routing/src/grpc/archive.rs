//! `GetVolume`, `CheckVolume` (16).

use std::collections::BTreeSet;

use access::Role;
use directory::Directory;
use duban_proto::common::v1::{DocumentLayout, LocalizedText, VolumeForm};
use duban_proto::routing::v1::{
    CheckVolumeRequest, CheckVolumeResponse, GetVolumeRequest, GetVolumeResponse, VolumeRequirement,
};
use regulation::{Form, Layout, Regulation};
use server::{Caller, Error, Violations};
use uuid::Uuid;

use super::Grpc;
use super::volume::Binder;
use crate::domain::{Case, requirements};
use crate::store::{self, Known};

impl Grpc {
    /// The file as the ledgers have it that the caller may read.
    pub(super) async fn volume(
        &self,
        caller: &Caller,
        request: GetVolumeRequest,
    ) -> Result<GetVolumeResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let (own, directory) = self.own_organ(caller).await?;
        let known = self.readable(caller, &directory, &own, case_id).await?;
        let main = known.iter().max_by_key(|known| (known.case.is_home(&known.organ), known.organ == own));
        let Some(Known { organ, case, .. }) = main else { return Err(Error::case_not_found(case_id)) };
        let regulation = self.regulation(&case.home);
        let mut binder = Binder::new(self, &directory, regulation, case_id, case);
        binder.casework = reads_casework(caller);
        for one in &known {
            binder.reads.insert(one.organ.clone());
        }
        for one in &known {
            let entries = store::case_entries(self.pool(), &one.organ, case_id).await?;
            binder.bind(&one.organ, entries).await?;
        }
        let erased = self.vault.erasure(organ, case_id).await?;
        Ok(GetVolumeResponse {
            case_id: case_id.to_string(),
            number: binder.number.clone(),
            home: case.home.clone(),
            home_name: binder.name(&case.home),
            state: case.state,
            kept_elsewhere: elsewhere(case, &binder),
            requirements: if case.is_home(organ) { asked_for(regulation, case, organ) } else { Vec::new() },
            forms: regulation.forms().iter().map(form).collect(),
            archived_at: binder.archived.map(|(at, _)| at),
            retention_years: binder.archived.map(|(_, years)| years).unwrap_or_default(),
            erased_at: erased.map(|erasure| server::time::to_proto(erasure.at)),
            documents: binder.documents(),
        })
    }

    /// The case in each ledger that this caller reads: its own, those it supervises, and, of a case of which its organ is the
    /// home, those of the organs below.
    async fn readable(
        &self,
        caller: &Caller,
        directory: &Directory,
        own: &str,
        case_id: Uuid,
    ) -> Result<Vec<Known>, Error> {
        let organs = directory.visible(caller.visibility(directory.tree()));
        let supervises = caller.has(Role::Supervisor) || caller.has(Role::Auditor);
        let mut known = store::find_known(self.pool(), &organs, case_id).await?;
        known.retain(|known| supervises || known.organ == own || known.case.is_home(own));
        Ok(known)
    }

    /// What the file lacks.
    pub(super) async fn volume_checked(
        &self,
        caller: &Caller,
        request: CheckVolumeRequest,
    ) -> Result<CheckVolumeResponse, Error> {
        let mut check = Violations::default();
        let case_id = check.uuid("case_id", &request.case_id);
        let (case_id,) = check.finish_with((case_id,))?;
        let own = caller.principal().organ.as_str();
        let directory = self.directory.knowing([request.organ.as_str(), own]).await?;
        let organ = caller.organ_code(&request.organ, directory.tree())?;
        let case = self.known(&organ, case_id).await?;
        if !case.is_home(&organ) {
            return Err(Error::nothing_to_act_on("volume", case_id));
        }
        let requirements = asked_for(self.regulation(&organ), &case, &organ);
        Ok(CheckVolumeResponse { complete: requirements.iter().all(|one| one.there), requirements })
    }
}

/// A desk hands cases over and files them; what was investigated is not for it.
fn reads_casework(caller: &Caller) -> bool {
    let reads = [Role::Handler, Role::Leader, Role::Head, Role::Archivist, Role::Supervisor, Role::Auditor];
    reads.into_iter().any(|role| caller.has(role))
}

fn elsewhere(case: &Case, binder: &Binder<'_>) -> Vec<String> {
    let holders = case.terms.iter().map(|tenure| tenure.organ.as_str());
    let all: BTreeSet<&str> = holders.chain([case.home.as_str()]).collect();
    all.into_iter().filter(|organ| !binder.reads.contains(*organ)).map(|organ| binder.name(organ)).collect()
}

fn asked_for(regulation: &Regulation, case: &Case, organ: &str) -> Vec<VolumeRequirement> {
    let wire = |(document, there): (&regulation::FiledDocument, bool)| VolumeRequirement {
        code: document.code.code().to_owned(),
        title: Some(LocalizedText { zh: document.text.zh.clone(), en: document.text.en.clone() }),
        article: document.basis.article().unwrap_or_default().to_owned(),
        there,
    };
    requirements(regulation.archive(), case, organ).into_iter().map(wire).collect()
}

fn form(form: &Form) -> VolumeForm {
    VolumeForm {
        code: form.code.clone(),
        title: Some(LocalizedText { zh: form.text.zh.clone(), en: form.text.en.clone() }),
        article: form.basis.article().unwrap_or_default().to_owned(),
        layout: layout(form.layout).into(),
        seal: form.seal,
    }
}

/// As the contracts have it.
pub(super) fn layout(layout: Layout) -> DocumentLayout {
    match layout {
        Layout::Table => DocumentLayout::Table,
        Layout::Letter => DocumentLayout::Letter,
        Layout::RedHead => DocumentLayout::RedHead,
    }
}
