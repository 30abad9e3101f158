//! Who calls, for handlers.

use std::sync::Arc;

use access::{Grant, Principal, Role, Scope, Tree, Visibility};

use crate::error::Error;
use crate::request_id::RequestId;

/// Who calls and what the access table grants for this rpc. The door puts it into every request's extensions.
#[derive(Clone, Debug)]
pub struct Caller {
    principal: Arc<Principal>,
    grant: Grant,
    request_id: RequestId,
}

impl Caller {
    /// A caller of these parts; the door makes it, and tests of handlers.
    pub fn new(principal: Principal, grant: Grant, request_id: RequestId) -> Self {
        Self { principal: Arc::new(principal), grant, request_id }
    }

    /// The caller of this request.
    pub fn of<T>(request: &tonic::Request<T>) -> Result<Self, Error> {
        let found = request.extensions().get::<Self>().cloned();
        found.ok_or_else(|| Error::internal("the request did not come through the door"))
    }

    /// Who.
    pub fn principal(&self) -> &Principal {
        &self.principal
    }

    /// The subject of the token: the actor of what is done.
    pub fn subject(&self) -> &str {
        &self.principal.subject
    }

    /// The code of the agency whose system it is.
    pub fn agency(&self) -> Option<&str> {
        self.principal.agency.as_deref()
    }

    /// Whether it has this role.
    pub fn has(&self, role: Role) -> bool {
        self.principal.has(role)
    }

    /// Whether it may act for another organ in a case for which it was lent: the case decides.
    pub fn may_be_lent(&self) -> bool {
        self.grant.scope == Scope::Lent
    }

    /// The row of the table that let it in.
    pub fn grant(&self) -> &Grant {
        &self.grant
    }

    /// The id of this request.
    pub fn request_id(&self) -> &RequestId {
        &self.request_id
    }

    /// The code of the organ it acts for: `requested`, or its own where that is empty.
    ///
    /// Rejected with ORGAN_OUT_OF_SCOPE where the grant does not reach there. Whether the organ exists is not told to
    /// whoever may not act for it.
    pub fn organ_code(&self, requested: &str, tree: &Tree) -> Result<String, Error> {
        let organ = if requested.is_empty() { self.principal.organ.as_str() } else { requested };
        self.must_act_for(organ, tree)?;
        if tree.contains(organ) {
            Ok(organ.to_owned())
        } else {
            Err(Error::organ_not_found(organ, tree.nearest(organ)))
        }
    }

    /// Rejects with ORGAN_OUT_OF_SCOPE where it may not act for this organ.
    pub fn must_act_for(&self, organ: &str, tree: &Tree) -> Result<(), Error> {
        if access::may_act_for(&self.principal, &self.grant, organ, tree) {
            Ok(())
        } else {
            Err(Error::organ_out_of_scope(organ))
        }
    }

    /// Whether it may act for this organ.
    pub fn may_act_for(&self, organ: &str, tree: &Tree) -> bool {
        access::may_act_for(&self.principal, &self.grant, organ, tree)
    }

    /// What it may see.
    pub fn visibility(&self, tree: &Tree) -> Visibility {
        access::visibility(&self.principal, &self.grant, tree)
    }

    /// What it may see of `organ` alone, or all it may see where that is empty. Rejected with ORGAN_OUT_OF_SCOPE where
    /// it may not see that organ.
    pub fn visibility_of(&self, organ: &str, tree: &Tree) -> Result<Visibility, Error> {
        let all = self.visibility(tree);
        if organ.is_empty() {
            Ok(all)
        } else if all.includes(organ) {
            Ok(Visibility::Organs(vec![organ.to_owned()]))
        } else {
            Err(Error::organ_out_of_scope(organ))
        }
    }
}
