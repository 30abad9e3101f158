//! What was referred to a department, and whether it answered (14(4), house).

use duban_proto::common::v1::Citation;
use duban_proto::intake::v1::{self as wire, CaseReferred, ReferralAnswered, ReferralOutcome, ReferralState};
use jiff::Timestamp;
use uuid::Uuid;

/// A referral: the row of `referral`. A case is referred once at the most.
#[derive(Clone, Debug, PartialEq)]
pub struct Referral {
    /// The case.
    pub case_id: Uuid,
    /// The department.
    pub department: String,
    /// When.
    pub referred_at: Timestamp,
    /// By when the answer is looked for; absent where the regulation sets no limit.
    pub due_at: Option<Timestamp>,
    /// What it rests on.
    pub citation: Option<Citation>,
    /// When the limit ran out unanswered, and that was noted.
    pub overdue_since: Option<Timestamp>,
    /// The answer, as the entry tells it.
    pub answer: Option<ReferralAnswered>,
}

impl Referral {
    /// The referral that this entry makes.
    pub(super) fn of(case_id: Uuid, event: &CaseReferred, at: Timestamp) -> Self {
        Self {
            case_id,
            department: event.department.clone(),
            referred_at: at,
            due_at: event.answer_due_at.as_ref().and_then(server::time::from_proto),
            citation: event.citation.clone(),
            overdue_since: None,
            answer: None,
        }
    }

    /// Where it stands.
    pub fn state(&self) -> ReferralState {
        match (&self.answer, self.overdue_since) {
            (Some(_), _) => ReferralState::Answered,
            (None, Some(_)) => ReferralState::Overdue,
            (None, None) => ReferralState::Open,
        }
    }

    /// By what a list is sorted in each state: what has no limit comes last.
    pub fn urgency(&self) -> Timestamp {
        self.due_at.unwrap_or(Timestamp::MAX)
    }

    /// When the tick has to look at it: while it is open.
    pub fn next_at(&self) -> Option<Timestamp> {
        self.due_at.filter(|_| self.state() == ReferralState::Open)
    }
}

/// A referral as lists show it, without the answer's words.
pub fn referral_message(referral: &Referral, organ: &str, number: &str) -> wire::Referral {
    let answer = referral.answer.as_ref();
    wire::Referral {
        case_id: referral.case_id.to_string(),
        organ: organ.to_owned(),
        number: number.to_owned(),
        department: referral.department.clone(),
        state: referral.state().into(),
        referred_at: Some(server::time::to_proto(referral.referred_at)),
        due_at: referral.due_at.map(server::time::to_proto),
        overdue_since: referral.overdue_since.map(server::time::to_proto),
        answered_on: answer.map(|answer| answer.answered_on.clone()).unwrap_or_default(),
        outcome: answer.map_or(ReferralOutcome::Unspecified, ReferralAnswered::outcome).into(),
        text: String::new(),
    }
}
