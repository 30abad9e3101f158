//! What can be asked of an investigation (18, 19): who investigates and how, loans, deputies, a hand-over.

use duban_proto::routing::v1::{
    Deputy, EvidenceListed, LoanDecided, LoanGround, LoanRefusal, LoanRequested, RecusalGround,
    ReplacementGround,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{File, Sealed};

/// What is asked.
#[derive(Clone, Debug)]
pub enum Inquire {
    /// Somebody takes no part (18).
    Recuse {
        /// The term.
        term: u32,
        /// Who; absent where it is the caller.
        person: Option<String>,
        /// Why.
        ground: RecusalGround,
        /// In words.
        reason: Sealed,
    },
    /// Another one takes an investigator's place (18).
    Replace {
        /// The term.
        term: u32,
        /// Who investigated.
        former: String,
        /// Who does.
        successor: String,
        /// Why.
        ground: ReplacementGround,
        /// In words.
        reason: Option<Sealed>,
    },
    /// The parent is asked for officers (18).
    RequestLoan {
        /// The term.
        term: u32,
        /// The loan's id.
        loan_id: Uuid,
        /// Why.
        ground: LoanGround,
        /// How many.
        wanted: u32,
        /// Somebody who decides on the disposition (19), not investigators.
        approves: bool,
    },
    /// An organ below asks this one for officers.
    NoteLoanRequest {
        /// What it asks.
        request: Box<LoanRequested>,
        /// The organ.
        from: String,
        /// When it was recorded there.
        at: Timestamp,
    },
    /// Officers are lent, or not.
    DecideLoan {
        /// The loan.
        loan_id: Uuid,
        /// The officers; none where it is refused.
        officers: Vec<String>,
        /// Why not.
        refusal: LoanRefusal,
    },
    /// The parent told what it decided.
    NoteLoanDecision {
        /// What it decided.
        decision: LoanDecided,
        /// The parent.
        from: String,
        /// When it was recorded there.
        at: Timestamp,
    },
    /// The plan is made (18).
    SetPlan {
        /// The term.
        term: u32,
        /// The version the caller saw; 0 where there was none.
        version: u32,
        /// The plan, as the next version.
        plan: Sealed,
    },
    /// The interviewee confirmed a record, or refused to (18).
    Confirm {
        /// The term.
        term: u32,
        /// The record.
        record_id: Uuid,
        /// The version that was shown.
        version: u32,
        /// Why the interviewee refused; absent where it was confirmed.
        refusal: Option<Sealed>,
    },
    /// A record is corrected (18).
    Correct {
        /// The record.
        record_id: Uuid,
        /// The version the caller saw.
        version: u32,
        /// As it is now, its words as the next version.
        file: Box<File>,
    },
    /// Evidence is listed (18).
    AddEvidence {
        /// As it is listed; number, commitment and who acts for whom are settled with the decision.
        evidence: Box<EvidenceListed>,
        /// What it shows.
        description: Sealed,
    },
    /// Evidence is taken off the list (18).
    RemoveEvidence {
        /// The term.
        term: u32,
        /// Its number.
        number: u32,
        /// Why.
        reason: Sealed,
    },
    /// An officer gets a deputy (house).
    SetDeputy(Box<Deputy>),
    /// A deputyship ends (house).
    EndDeputy {
        /// Which.
        deputy_id: Uuid,
    },
    /// All cases of an officer go to others (house).
    HandOver(Box<HandOver>),
}

/// A hand-over.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// Its id.
    pub hand_over_id: Uuid,
    /// Who leaves.
    pub officer: String,
    /// Who takes over, in turn.
    pub successors: Vec<String>,
    /// Why.
    pub ground: ReplacementGround,
    /// The cases, as they were found.
    pub cases: Vec<Uuid>,
    /// There are more.
    pub more: bool,
}

impl Inquire {
    /// Asked for over the contracts, not told by a ledger.
    pub(crate) fn is_asked_by_a_person(&self) -> bool {
        !matches!(self, Self::NoteLoanRequest { .. } | Self::NoteLoanDecision { .. })
    }

    /// About no case, or about one that this organ need not know.
    pub(crate) fn needs_no_case(&self) -> bool {
        matches!(
            self,
            Self::NoteLoanRequest { .. }
                | Self::DecideLoan { .. }
                | Self::SetDeputy(_)
                | Self::EndDeputy { .. }
                | Self::HandOver(_)
        )
    }

    /// About a loan of which this organ is the lender.
    pub(crate) fn is_about_lending(&self) -> bool {
        matches!(self, Self::NoteLoanRequest { .. } | Self::DecideLoan { .. })
    }

    /// The cases that it is about, beside the command's own.
    pub(crate) fn cases(&self) -> &[Uuid] {
        match self {
            Self::HandOver(hand_over) => &hand_over.cases,
            _ => &[],
        }
    }

    /// The text that comes with it.
    pub(crate) fn sealed(&self) -> Option<&Sealed> {
        match self {
            Self::Recuse { reason, .. } | Self::RemoveEvidence { reason, .. } => Some(reason),
            Self::Replace { reason, .. } => reason.as_ref(),
            Self::Confirm { refusal, .. } => refusal.as_ref(),
            Self::SetPlan { plan, .. } => Some(plan),
            Self::Correct { file, .. } => Some(&file.record),
            Self::AddEvidence { description, .. } => Some(description),
            _ => None,
        }
    }
}
