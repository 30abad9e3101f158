//! Reports of obstruction, suppression and retaliation, in the centre's ledger (12).

use duban_proto::common::v1::Finding;
use duban_proto::intake::v1::{
    self as wire, AnswerDemanded, DemandAnswered, DemandState, ReportClosed, ReportReceived, ReportState,
};
use jiff::Timestamp;
use uuid::Uuid;

/// A report with what was demanded on it: the rows of `report` and `report_demand`.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Its id.
    pub report_id: Uuid,
    /// What came in.
    pub received: ReportReceived,
    /// When.
    pub received_at: Timestamp,
    /// What was demanded of organs, oldest first.
    pub demands: Vec<Demand>,
    /// What came of it.
    pub closed: Option<ReportClosed>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// A demand that an organ has to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Its id.
    pub demand_id: Uuid,
    /// The report it was made on.
    pub report_id: Uuid,
    /// What was demanded, of whom, until when.
    pub demanded: AnswerDemanded,
    /// When.
    pub demanded_at: Timestamp,
    /// When its limit ran out unanswered, and that was noted.
    pub overdue_since: Option<Timestamp>,
    /// What was answered.
    pub answered: Option<DemandAnswered>,
    /// When.
    pub answered_at: Option<Timestamp>,
}

impl Report {
    /// The report that begins with this entry.
    pub(super) fn begin(report_id: Uuid, received: ReportReceived, at: Timestamp) -> Self {
        Self { report_id, received, received_at: at, demands: Vec::new(), closed: None, closed_at: None }
    }

    /// Where it stands.
    pub fn state(&self) -> ReportState {
        if self.closed.is_some() {
            ReportState::Closed
        } else if self.demands.is_empty() {
            ReportState::Received
        } else if self.demands.iter().all(|demand| demand.answered.is_some()) {
            ReportState::Answered
        } else {
            ReportState::Demanded
        }
    }

    /// The demand of this id.
    pub fn demand(&self, demand_id: Uuid) -> Option<&Demand> {
        self.demands.iter().find(|demand| demand.demand_id == demand_id)
    }

    /// The only way a demand changes.
    pub(super) fn change_demand(&mut self, demand_id: &str, change: impl FnOnce(&mut Demand)) {
        let id = Uuid::try_parse(demand_id).unwrap_or_default();
        if let Some(demand) = self.demands.iter_mut().find(|demand| demand.demand_id == id) {
            change(demand);
        }
    }
}

impl Demand {
    /// The demand that this entry makes; `None` where its id is none.
    pub(super) fn of(report_id: Uuid, demanded: &AnswerDemanded, at: Timestamp) -> Option<Self> {
        Some(Self {
            demand_id: Uuid::try_parse(&demanded.demand_id).ok()?,
            report_id,
            demanded: demanded.clone(),
            demanded_at: at,
            overdue_since: None,
            answered: None,
            answered_at: None,
        })
    }

    /// Where it stands.
    pub fn state(&self) -> DemandState {
        match (&self.answered, self.overdue_since) {
            (Some(_), _) => DemandState::Answered,
            (None, Some(_)) => DemandState::Overdue,
            (None, None) => DemandState::Open,
        }
    }

    /// By when it has to be answered.
    pub fn due_at(&self) -> Timestamp {
        let due_at = self.demanded.due_at.as_ref().and_then(server::time::from_proto);
        due_at.unwrap_or(Timestamp::MAX)
    }

    /// When the tick has to look at it: while it is open.
    pub fn next_at(&self) -> Option<Timestamp> {
        (self.state() == DemandState::Open).then(|| self.due_at())
    }
}

/// A report as the centre's lists show it, without any words.
pub fn report_message(report: &Report) -> wire::Report {
    let received = &report.received;
    wire::Report {
        report_id: report.report_id.to_string(),
        kind: received.kind,
        organ: received.organ.clone(),
        case_organ: received.case_organ.clone(),
        case_id: received.case_id.clone(),
        way: received.way,
        state: report.state().into(),
        received_at: Some(server::time::to_proto(report.received_at)),
        demands: report.demands.iter().map(demand_message).collect(),
        finding: report.closed.as_ref().map_or(Finding::Unspecified, ReportClosed::finding).into(),
        closed_at: report.closed_at.map(server::time::to_proto),
    }
}

/// A demand as lists show it, without its words. Says nothing of the report.
pub fn demand_message(demand: &Demand) -> wire::Demand {
    wire::Demand {
        demand_id: demand.demand_id.to_string(),
        organ: demand.demanded.organ.clone(),
        state: demand.state().into(),
        demanded_at: Some(server::time::to_proto(demand.demanded_at)),
        due_at: demand.demanded.due_at,
        answered_at: demand.answered_at.map(server::time::to_proto),
        late: demand.answered.as_ref().is_some_and(|answered| answered.late),
        text: String::new(),
        answer: String::new(),
    }
}
