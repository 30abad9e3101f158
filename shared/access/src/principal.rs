//! Who calls.

use std::fmt;
use std::str::FromStr;

/// What somebody is in the complaint system. The names are those of the table file and of the tokens' `roles` claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Another agency's system, which submits complaints by program.
    Agency,
    /// Desk officer: registers and accepts (受理, 13).
    Desk,
    /// Investigator: handles a case (承办, 18).
    Handler,
    /// Leader in charge: approves dispositions (主管领导, 19).
    Leader,
    /// The unit's principal head: approves extensions (主要负责人, 17).
    Head,
    /// The centre's supervision (督办, 20).
    Supervisor,
    /// Files and archives (16).
    Archivist,
    /// Keeps the directory of organs (4).
    DirectoryAdmin,
    /// Reads records, changes nothing.
    Auditor,
    /// One of the services themselves.
    Service,
    /// Anybody, also without a token.
    Public,
}

/// A role name that is not one of [`Role::ALL`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no role {0:?}")]
pub struct UnknownRole(pub String);

/// Who calls: what a verified token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal {
    /// The subject: the officer, the agency's system or `service:intake`. Recorded as the actor of what is done.
    pub subject: String,
    /// The code of the organ it belongs to, its submission organ; empty for the public.
    pub organ: String,
    /// What it is; sorted, without duplicates, without [`Role::Public`], which everybody has.
    pub roles: Vec<Role>,
    /// The code of the agency whose system it is; only for [`Role::Agency`].
    pub agency: Option<String>,
}

impl Role {
    /// All roles, in the order of the declaration.
    pub const ALL: [Self; 11] = [
        Self::Agency,
        Self::Desk,
        Self::Handler,
        Self::Leader,
        Self::Head,
        Self::Supervisor,
        Self::Archivist,
        Self::DirectoryAdmin,
        Self::Auditor,
        Self::Service,
        Self::Public,
    ];

    /// The name in the table file and in tokens.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Desk => "desk",
            Self::Handler => "handler",
            Self::Leader => "leader",
            Self::Head => "head",
            Self::Supervisor => "supervisor",
            Self::Archivist => "archivist",
            Self::DirectoryAdmin => "directory_admin",
            Self::Auditor => "auditor",
            Self::Service => "service",
            Self::Public => "public",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(name: &str) -> Result<Self, UnknownRole> {
        Self::ALL.into_iter().find(|role| role.as_str() == name).ok_or_else(|| UnknownRole(name.to_owned()))
    }
}

impl Principal {
    /// A principal with roles in order and without duplicates.
    pub fn new(
        subject: impl Into<String>,
        organ: impl Into<String>,
        roles: impl IntoIterator<Item = Role>,
    ) -> Self {
        let mut roles: Vec<Role> = roles.into_iter().filter(|role| *role != Role::Public).collect();
        roles.sort_unstable();
        roles.dedup();
        Self { subject: subject.into(), organ: organ.into(), roles, agency: None }
    }

    /// The same, as the system of an agency.
    #[must_use]
    pub fn of_agency(mut self, agency: impl Into<String>) -> Self {
        self.agency = Some(agency.into());
        self
    }

    /// Whoever calls without a token.
    pub fn public() -> Self {
        Self::new("public", "", [])
    }

    /// Whether it has this role; everybody is [`Role::Public`].
    pub fn has(&self, role: Role) -> bool {
        role == Role::Public || self.roles.contains(&role)
    }

    /// The names of its roles, comma-separated, for messages: `desk,leader`, or `public` where it has none.
    pub fn role_names(&self) -> String {
        if self.roles.is_empty() {
            return Role::Public.to_string();
        }
        self.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(",")
    }
}
