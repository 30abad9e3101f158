//! What a caller may see, and what it may do with it.

use access::{Role, Tree};
use directory::Directory;
use duban_proto::common::v1::OrganKind;
use duban_proto::intake::v1::CaseSummary;
use server::{Caller, Error};
use uuid::Uuid;

use super::Grpc;
use crate::domain::{Case, allowed_actions, handler_actions, summary};
use crate::store::{self, Filed};

/// The organs that may have registered a case: also those that another has taken the place of since.
pub(super) fn registering(directory: &Directory) -> Vec<String> {
    let registers = |kind| matches!(kind, OrganKind::Centre | OrganKind::SubCentre);
    directory.iter().filter(|organ| registers(organ.kind())).map(|organ| organ.code.clone()).collect()
}

/// The system that acts, for its own submissions only; absent for an officer. A system whose token names no agency is
/// known by its subject.
pub(super) fn agency(caller: &Caller) -> Option<&str> {
    let nameless = caller.has(Role::Agency) && !caller.has(Role::Desk);
    caller.agency().or_else(|| nameless.then(|| caller.subject()))
}

/// Whether this caller may know what tells something of a complainant: the staff of the organ that registered the case and of
/// those above it; not who investigates (15).
pub(super) fn knows_complainants(caller: &Caller, directory: &Directory, organ: &str) -> bool {
    let knows = [Role::Desk, Role::Leader, Role::Head, Role::Supervisor, Role::Auditor];
    caller.visibility(directory.tree()).includes(organ) && knows.into_iter().any(|role| caller.has(role))
}

/// A case as this caller is told it.
pub(super) fn told(caller: &Caller, tree: &Tree, organ: &str, case: &Case) -> CaseSummary {
    let mut told = summary(case, organ);
    told.allowed_actions = actions(caller, tree, organ, case);
    without_complainant(caller, tree, organ, &mut told);
    told
}

/// Whether somebody is anonymous is for the registering organ and those who supervise it: to who handles the case, it tells
/// something of who complains (15).
fn without_complainant(caller: &Caller, tree: &Tree, organ: &str, told: &mut CaseSummary) {
    let supervises = caller.has(Role::Supervisor) || caller.has(Role::Auditor);
    if !is_in_place(caller, tree, organ) && !supervises {
        told.anonymous = false;
        told.treatment = 0;
    }
}

/// A complaint about an organ, registered by one that was closed: the organ in its place does not get what would tell it who
/// complains (4, 15).
pub(super) fn is_about_own(caller: &Caller, filed: &Filed) -> bool {
    let own = caller.principal().organ.as_str();
    filed.organ != own && filed.case.received.respondents.iter().any(|respondent| respondent.organ == own)
}

/// Whether a case stays out of the caller's lists, counts and searches: one about its own organ, at the door of a closed one
/// whose place that took. Who handles it by its competence reads it as every case that was filed elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Hidden {
    own: String,
    closed: Vec<String>,
}

impl Hidden {
    /// What is hidden from this caller; `None` where its organ took no other's place.
    pub(super) fn from(caller: &Caller, tree: &Tree) -> Option<Self> {
        let own = caller.principal().organ.clone();
        let closed = tree.took_over(&own);
        (!closed.is_empty()).then_some(Self { own, closed })
    }

    /// Whether a case of this organ's ledger is.
    pub(super) fn hides(&self, organ: &str, case: &Case) -> bool {
        let about_own = || case.received.respondents.iter().any(|respondent| respondent.organ == self.own);
        self.closed.iter().any(|closed| closed == organ) && about_own()
    }
}

/// Whether the caller is of this organ, or of the one in its place where it is closed.
pub(super) fn is_in_place(caller: &Caller, tree: &Tree, organ: &str) -> bool {
    let own = caller.principal().organ.as_str();
    own == organ || tree.stands_for(own, organ)
}

/// What the caller may do next: at the organ that registered the case, or the one in its place, and at the one that is
/// responsible for it.
pub(super) fn actions(caller: &Caller, tree: &Tree, organ: &str, case: &Case) -> Vec<i32> {
    let (own, has) = (&caller.principal().organ, |role: Role| caller.has(role));
    let registered = if is_in_place(caller, tree, organ) { allowed_actions(case, has) } else { Vec::new() };
    let handles = if *own == case.responsible_organ { handler_actions(case, has) } else { Vec::new() };
    registered.into_iter().chain(handles).map(i32::from).collect()
}

impl Grpc {
    /// A case that the caller may see: of an organ in its scope, or one that such an organ is responsible for.
    pub(super) async fn visible(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
    ) -> Result<Filed, Error> {
        let visibility = caller.visibility(directory.tree());
        let found = store::find_case(self.pool(), &registering(directory), case_id).await?;
        found
            .filter(|filed| {
                let below = directory.tree().took_over(&caller.principal().organ);
                let inherited = below.contains(&filed.organ) && is_about_own(caller, filed);
                (visibility.includes(&filed.organ) && !inherited)
                    || visibility.includes(&filed.case.responsible_organ)
            })
            .ok_or_else(|| Error::case_not_found(case_id))
    }

    /// The same to read: also a case for which the caller was lent, as long as the organ that has the officer handles it (18).
    pub(super) async fn readable(
        &self,
        caller: &Caller,
        directory: &Directory,
        case_id: Uuid,
    ) -> Result<Filed, Error> {
        match self.visible(caller, directory, case_id).await {
            Err(error) if caller.may_be_lent() => {
                let own = caller.principal().organ.as_str();
                let lent = store::lent_of_case(self.pool(), own, case_id).await?;
                if lent.is_empty() {
                    return Err(error);
                }
                let found = store::find_case(self.pool(), &registering(directory), case_id).await?;
                let reads =
                    |filed: &Filed| lent.iter().any(|one| one.lets_read(caller.subject(), &filed.case));
                found.filter(reads).ok_or(error)
            }
            other => other,
        }
    }

    /// A case in this organ's ledger; an agency's system sees its own submissions only.
    pub(super) async fn own_case(&self, caller: &Caller, organ: &str, case_id: Uuid) -> Result<Case, Error> {
        let found = store::find_case(self.pool(), &[organ.to_owned()], case_id).await?;
        let own = |case: &Case| agency(caller).is_none_or(|agency| agency == case.received.agency);
        found.map(|filed| filed.case).filter(own).ok_or_else(|| Error::case_not_found(case_id))
    }

    /// The case of an answer, as this caller is told it now.
    pub(super) async fn told_now(
        &self,
        caller: &Caller,
        organ: &str,
        answered: Option<CaseSummary>,
    ) -> Result<CaseSummary, Error> {
        let mut answered = answered.ok_or_else(|| Error::internal("an answer without its case"))?;
        let case_id = Uuid::try_parse(&answered.case_id).map_err(Error::internal)?;
        let now = self.own_case(caller, organ, case_id).await?;
        answered.allowed_actions = actions(caller, self.directory.current().tree(), organ, &now);
        Ok(answered)
    }
}
