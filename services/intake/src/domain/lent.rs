//! Officers that this organ lent for a case (18): what they read of it at intake, while the organ that has them handles it.

use duban_proto::common::v1::CaseState;
use duban_proto::intake::v1::OfficersLent;
use uuid::Uuid;

use super::Case;

/// A loan: the row of `lent`.
#[derive(Clone, Debug, PartialEq)]
pub struct Lent {
    /// The case, whoever registered it.
    pub case_id: Uuid,
    /// What the entry says.
    pub lent: OfficersLent,
}

impl Lent {
    /// Whether this officer reads the case now by it: as long as the organ that has the officer handles it in that term.
    pub fn lets_read(&self, officer: &str, case: &Case) -> bool {
        let lent = &self.lent;
        let same_term = case.term == 0 || case.term == lent.term;
        lent.officers.iter().any(|name| name == officer)
            && case.state == CaseState::InHandling
            && case.responsible_organ == lent.borrower
            && same_term
    }
}
