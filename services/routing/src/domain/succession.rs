//! What is asked of the directory's changes, and of the cases that follow them (4).

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    HomeMoved, HomeSucceeded, PlannedChange, SucceededTerm, TermBegun, TermState,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Act, Case, OnReceived, Part, Tenure};

/// A change of the directory, or what comes of it for a case.
#[derive(Clone, Debug)]
pub enum Succession {
    /// Plans a change, with its id and the moment its day begins.
    Plan(Box<PlannedChange>),
    /// Cancels one.
    Cancel {
        /// Which.
        change_id: Uuid,
    },
    /// Its day has begun.
    TakeEffect {
        /// Which.
        change_id: Uuid,
    },
    /// The case follows where its home or its holder is closed.
    Follow,
    /// The home was closed: this organ is the next.
    Inherit(Box<HomeSucceeded>),
    /// The home moved, as the one before told.
    NoteHome(HomeMoved),
    /// What another organ tells the home of the case.
    Told(Box<Told>),
}

/// What another organ tells, and what it asks of the home.
#[derive(Clone, Debug)]
pub struct Told {
    /// As it was told.
    pub kind: Kind,
    /// By whom.
    pub from: String,
    /// When.
    pub at: Timestamp,
    /// What it asks.
    pub act: Act,
}

impl From<Succession> for Act {
    fn from(succession: Succession) -> Self {
        Self::Succession(Box::new(succession))
    }
}

impl Told {
    /// Whether a home that was closed passes it on. What is for the organ itself, as the one that registered the case, as
    /// holder or as the home before, it takes; and what it tells on by itself.
    pub(super) fn passes_on(kind: &Kind) -> bool {
        !matches!(
            kind,
            Kind::TermBegun(_)
                | Kind::ReportedUp(_)
                | Kind::HomeAssumed(_)
                | Kind::HomeMoved(_)
                | Kind::HomeSucceeded(_)
                | Kind::PassedOn(_)
                | Kind::OutcomeReturned(_)
                | Kind::CaseArchived(_)
                | Kind::FactsCorrected(_)
                | Kind::WithdrawalNoted(_)
                | Kind::ReplyNoted(_)
                | Kind::WorkingCopyNoted(_)
                | Kind::ContentErased(_)
                | Kind::UrgencyNoted(_)
        ) && !OnReceived::is_of_an_instrument(kind)
    }
}

impl Case {
    /// Whether this organ is its home, has to see to it still, and has not left it to another.
    pub fn is_kept_by(&self, organ: &str) -> bool {
        let open = matches!(
            self.state(),
            CaseState::Accepted | CaseState::InHandling | CaseState::Concluded | CaseState::Replied
        );
        open && self.is_home(organ) && self.reported_to.is_empty() && self.erased_at.is_none()
    }

    /// The organ that handles it now; none before it is routed and after it is concluded.
    pub fn holder(&self) -> Option<&str> {
        let in_handling = self.state() == CaseState::InHandling;
        self.current().filter(|_| in_handling).map(|tenure| tenure.organ.as_str())
    }

    /// This organ was closed as its home: its own term ends, and it waits for the successor to take the case over.
    pub(super) fn pass(&mut self, passed: &HomeSucceeded) {
        self.reported_to.clone_from(&passed.successor);
        self.passed = true;
        self.homes = passed.homes;
        let running = self.state() == CaseState::InHandling;
        if let Some(last) = self.terms.last_mut().filter(|last| running && last.organ == passed.home) {
            last.state = TermState::Superseded.into();
        }
    }

    /// The home moved: known here, or told by the home before.
    pub(super) fn move_home(&mut self, moved: &HomeMoved) {
        self.home.clone_from(&moved.home);
        self.homes = self.homes.max(moved.homes);
        if !self.reported_to.is_empty() {
            self.reported_to.clone_from(&moved.home);
        }
        if self.state() == CaseState::Accepted {
            self.state = CaseState::InHandling.into();
        }
    }

    /// What the home before left to this organ. Of the terms that this organ held, it knows more itself.
    pub(super) fn inherit(&mut self, passed: &HomeSucceeded, organ: &str) {
        organ.clone_into(&mut self.home);
        self.facts.clone_from(&passed.facts);
        self.state = passed.state;
        self.reported_to.clear();
        self.passed = false;
        self.homes = passed.homes;
        self.inherited_from.clone_from(&passed.home);
        if passed.came_from != organ {
            self.came_from.clone_from(&passed.came_from);
        }
        if passed.working_copy.is_some() {
            self.working_copy.clone_from(&passed.working_copy);
        }
        self.finding = passed.finding;
        self.measures.clone_from(&passed.measures);
        self.replied |= passed.replied;
        self.withdrawn |= passed.withdrawn;
        self.returns = passed.returns;
        self.reopenings = passed.reopenings;
        self.reopened_at = micros(passed.reopened_at.as_ref());
        for facts in &passed.parts {
            if !self.parts.iter().any(|part| part.facts.part == facts.part) {
                self.parts.push(Part { facts: facts.clone(), ..Part::default() });
            }
        }
        self.concluded = matches!(self.state(), CaseState::Concluded | CaseState::Replied);
        let fresh: Vec<Tenure> = passed
            .terms
            .iter()
            .filter_map(|told| told.term.as_ref().map(|term| (term, told)))
            .filter(|(term, _)| !self.terms.iter().any(|known| known.term == term.term))
            .map(|(term, told)| tenure(term, told, self.concluded))
            .collect();
        self.terms.extend(fresh);
        self.terms.sort_by_key(|tenure| tenure.term);
        if let Some((_, before)) = self.terms.split_last_mut() {
            for tenure in before {
                tenure.state = TermState::Superseded.into();
            }
        }
    }

    /// A term, as the next home has to know it.
    pub(super) fn succeeded_terms(&self) -> Vec<SucceededTerm> {
        let moment = |micros: i64| server::time::to_proto(ledger::from_micros(micros));
        let told = |tenure: &Tenure| SucceededTerm {
            term: Some(TermBegun {
                term: tenure.term,
                organ: tenure.organ.clone(),
                handling: tenure.handling,
                citation: tenure.citation.clone(),
                facts_used: tenure.facts_used.clone(),
                departure_reason: None,
                acknowledge_by: tenure.acknowledge_by,
                facts: None,
                home: self.home.clone(),
                return_by: tenure.return_by,
                compulsory: tenure.compulsory,
                returns_before: tenure.returns_before,
                reopenings: tenure.reopenings,
                reopened_at: None,
            }),
            begun_at: Some(moment(tenure.begun_at)),
            acknowledged_at: tenure.acknowledged_at.map(moment),
        };
        self.terms.iter().map(told).collect()
    }
}

fn micros(at: Option<&prost_types::Timestamp>) -> Option<i64> {
    at.and_then(server::time::from_proto).map(Timestamp::as_microsecond)
}

fn tenure(term: &TermBegun, told: &SucceededTerm, concluded: bool) -> Tenure {
    let acknowledged_at = micros(told.acknowledged_at.as_ref());
    let state = match (concluded, acknowledged_at) {
        (true, _) => TermState::Concluded,
        (false, Some(_)) => TermState::Acknowledged,
        (false, None) => TermState::Begun,
    };
    Tenure {
        term: term.term,
        organ: term.organ.clone(),
        handling: term.handling,
        state: state.into(),
        begun_at: micros(told.begun_at.as_ref()).unwrap_or_default(),
        acknowledged_at,
        acknowledge_by: term.acknowledge_by,
        citation: term.citation.clone(),
        facts_used: term.facts_used.clone(),
        return_by: term.return_by,
        compulsory: term.compulsory,
        returns_before: term.returns_before,
        reopenings: term.reopenings,
        ..Tenure::default()
    }
}
