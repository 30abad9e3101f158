//! What the respondent is given: a summary, or the original with the identity blacked out (15).

use content::Draft;
use duban_proto::common::v1::Action;
use duban_proto::intake::v1::event::Kind;
use duban_proto::intake::v1::{
    self as wire, HandOver, HandOverWay, SummaryApproved, SummaryHandedOver, SummaryKind, SummaryReturned,
    SummaryState, SummarySubmitted,
};
use jiff::Timestamp;
use uuid::Uuid;

/// What is asked about one.
#[derive(Clone, Debug)]
pub enum OnSummary {
    /// Send one in.
    Submit(SubmitSummary),
    /// Put on record that somebody looks at it.
    Review {
        /// It.
        summary_id: Uuid,
    },
    /// Let it be handed over.
    Approve(ApproveSummary),
    /// Return it.
    Return {
        /// It.
        summary_id: Uuid,
        /// Why.
        reason: Draft,
    },
    /// Record that it was handed over.
    HandOver(HandOverSummary),
}

/// Sends one in.
#[derive(Clone, Debug)]
pub struct SubmitSummary {
    /// The id it will have.
    pub summary_id: Uuid,
    /// What it is.
    pub kind: SummaryKind,
    /// The organ of who writes.
    pub organ: String,
    /// The text.
    pub text: Draft,
    /// Why the original is asked for.
    pub reason: Option<Draft>,
    /// The version of the working copy that the original's copy was made from; 0 for a summary.
    pub working_copy_version: u32,
}

/// Lets one be handed over.
#[derive(Clone, Debug)]
pub struct ApproveSummary {
    /// It.
    pub summary_id: Uuid,
    /// How many findings in it leave no doubt.
    pub certain: u32,
    /// Why each of them passes; absent where not all have a reason.
    pub reasons: Option<Draft>,
}

/// Records that one was handed over.
#[derive(Clone, Debug)]
pub struct HandOverSummary {
    /// It.
    pub summary_id: Uuid,
    /// The organ of who records it.
    pub organ: String,
    /// By which way.
    pub way: HandOverWay,
    /// When.
    pub at: Timestamp,
    /// To whom.
    pub recipient: Draft,
}

/// A summary or an original: the row of `summary`.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its id.
    pub summary_id: Uuid,
    /// The case.
    pub case_id: Uuid,
    /// What happened to it.
    pub held: HeldSummary,
}

/// What happened to one: what the entries say.
#[derive(Clone, PartialEq, prost::Message)]
pub struct HeldSummary {
    /// It was sent in.
    #[prost(message, optional, tag = "1")]
    pub submitted: Option<SummarySubmitted>,
    /// When.
    #[prost(message, optional, tag = "2")]
    pub submitted_at: Option<prost_types::Timestamp>,
    /// By whom.
    #[prost(string, tag = "3")]
    pub writer: String,
    /// Where it stands.
    #[prost(enumeration = "SummaryState", tag = "4")]
    pub state: i32,
    /// Who looked at it.
    #[prost(string, repeated, tag = "5")]
    pub reviewers: Vec<String>,
    /// It was approved.
    #[prost(message, optional, tag = "6")]
    pub approved: Option<SummaryApproved>,
    /// It was returned.
    #[prost(message, optional, tag = "7")]
    pub returned: Option<SummaryReturned>,
    /// By whom.
    #[prost(string, tag = "8")]
    pub decided_by: String,
    /// When.
    #[prost(message, optional, tag = "9")]
    pub decided_at: Option<prost_types::Timestamp>,
    /// It was handed over.
    #[prost(message, repeated, tag = "10")]
    pub handed_over: Vec<HeldHandOver>,
}

/// That one was handed over.
#[derive(Clone, PartialEq, prost::Message)]
pub struct HeldHandOver {
    /// How.
    #[prost(message, optional, tag = "1")]
    pub event: Option<SummaryHandedOver>,
    /// Who recorded it.
    #[prost(string, tag = "2")]
    pub recorded_by: String,
}

/// The summary that an event after its first is about; none where it is about none.
pub(super) fn summary_of(kind: &Kind) -> Option<Uuid> {
    let id = match kind {
        Kind::SummaryReviewed(event) => &event.summary_id,
        Kind::SummaryApproved(event) => &event.summary_id,
        Kind::SummaryReturned(event) => &event.summary_id,
        Kind::SummaryHandedOver(event) => &event.summary_id,
        _ => return None,
    };
    Uuid::try_parse(id).ok()
}

impl Summary {
    /// The summary that begins with this entry; `None` where its id is none.
    pub fn begin(case_id: Uuid, event: &SummarySubmitted, at: Timestamp, writer: &str) -> Option<Self> {
        let held = HeldSummary {
            submitted: Some(event.clone()),
            submitted_at: Some(server::time::to_proto(at)),
            writer: writer.to_owned(),
            state: SummaryState::InReview.into(),
            ..HeldSummary::default()
        };
        Some(Self { summary_id: Uuid::try_parse(&event.summary_id).ok()?, case_id, held })
    }

    /// The only way it changes. True where it did.
    pub fn apply(&mut self, kind: &Kind, at: Timestamp, actor: &str) -> bool {
        let held = &mut self.held;
        match kind {
            Kind::SummaryReviewed(_) => {
                if held.reviewers.iter().any(|reviewer| reviewer == actor) {
                    return false;
                }
                held.reviewers.push(actor.to_owned());
            }
            Kind::SummaryApproved(event) => {
                held.approved = Some(event.clone());
                held.decided(SummaryState::Approved, at, actor);
            }
            Kind::SummaryReturned(event) => {
                held.returned = Some(event.clone());
                held.decided(SummaryState::Returned, at, actor);
            }
            Kind::SummaryHandedOver(event) => {
                held.set_state(SummaryState::HandedOver);
                held.handed_over
                    .push(HeldHandOver { event: Some(event.clone()), recorded_by: actor.to_owned() });
            }
            _ => return false,
        }
        true
    }

    /// Its writer sent in another. True where that changes it.
    pub(super) fn is_replaced_by(&mut self, event: &SummarySubmitted, writer: &str) -> bool {
        let replaced = self.is_in_review() && self.held.writer == writer && self.kind() == event.kind();
        if replaced {
            self.held.set_state(SummaryState::Replaced);
        }
        replaced
    }

    /// What it is.
    pub fn kind(&self) -> SummaryKind {
        self.submitted().kind()
    }

    /// What was sent in.
    pub fn submitted(&self) -> SummarySubmitted {
        self.held.submitted.clone().unwrap_or_default()
    }

    /// When, in microseconds.
    pub fn submitted_at(&self) -> i64 {
        let at = self.held.submitted_at.as_ref().and_then(server::time::from_proto);
        at.map_or(0, Timestamp::as_microsecond)
    }

    /// Whether it waits for the approver.
    pub fn is_in_review(&self) -> bool {
        self.held.state() == SummaryState::InReview
    }

    /// Whether it may be handed over.
    pub fn is_approved(&self) -> bool {
        matches!(self.held.state(), SummaryState::Approved | SummaryState::HandedOver)
    }

    /// When it was decided on.
    pub fn decided_at(&self) -> Option<Timestamp> {
        self.held.decided_at.as_ref().and_then(server::time::from_proto)
    }

    /// What this person may do with it: decide, where they may approve its kind and did not write it; record that it was handed
    /// over, where they are of the organ that wrote it.
    pub fn allowed_actions(&self, person: &str, may_approve: bool, of_writers_organ: bool) -> Vec<Action> {
        let table = [
            (Action::DecideSummary, may_approve && self.is_in_review() && self.held.writer != person),
            (Action::RecordHandedOver, of_writers_organ && self.is_approved()),
        ];
        table.into_iter().filter_map(|(action, allowed)| allowed.then_some(action)).collect()
    }
}

impl HeldSummary {
    fn decided(&mut self, state: SummaryState, at: Timestamp, by: &str) {
        self.set_state(state);
        by.clone_into(&mut self.decided_by);
        self.decided_at = Some(server::time::to_proto(at));
    }
}

/// One as lists show it, without words, and without what depends on who asks.
pub fn summary_message(summary: &Summary, organ: &str) -> wire::Summary {
    let (submitted, held) = (summary.submitted(), &summary.held);
    wire::Summary {
        summary_id: summary.summary_id.to_string(),
        case_id: summary.case_id.to_string(),
        organ: organ.to_owned(),
        kind: submitted.kind,
        writer_organ: submitted.organ,
        writer: held.writer.clone(),
        state: held.state,
        submitted_at: held.submitted_at,
        attempt: submitted.attempt,
        decided_by: held.decided_by.clone(),
        decided_at: held.decided_at,
        return_reason: String::new(),
        text: String::new(),
        handed_over: held.handed_over.iter().map(hand_over).collect(),
        allowed_actions: Vec::new(),
    }
}

fn hand_over(held: &HeldHandOver) -> HandOver {
    let event = held.event.clone().unwrap_or_default();
    HandOver {
        recipient: String::new(),
        way: event.way,
        handed_over_at: event.handed_over_at,
        recorded_by: held.recorded_by.clone(),
    }
}
