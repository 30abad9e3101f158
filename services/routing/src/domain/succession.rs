//! What is asked of the directory's changes, and of the cases that follow them (4).

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{
    ActVoided, EarlierResult, HomeMoved, HomeNoted, HomeSucceeded, PlannedChange, RecallRequested,
    SucceededDeparture, SucceededDispute, SucceededRecall, SucceededTerm, SucceededVoidAct, TermBegun,
    TermState, VoidAct,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Act, Case, Departed, Disputed, OnReceived, Part, Recalled, Returned, Tenure};

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
    /// A holder took note that this organ is the home.
    Greeted {
        /// Which organ.
        organ: String,
        /// What it knows.
        noted: Box<HomeNoted>,
    },
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
                | Kind::HomeTakeoverRefused(_)
                | Kind::ReturnDecided(_)
                | Kind::RecallRequested(_)
                | Kind::TermSuperseded(_)
                | Kind::Designated(_)
                | Kind::AcknowledgementOverdue(_)
                | Kind::CaseReopened(_)
                | Kind::PartBegun(_)
                | Kind::PartChanged(_)
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
        open && self.numbers_terms(organ) && self.erased_at.is_none()
    }

    /// Whether this organ is its home, and has not left it to another, be it that this one has not answered yet.
    pub fn numbers_terms(&self, organ: &str) -> bool {
        self.is_home(organ) && self.reported_to.is_empty()
    }

    /// The organ that handles it now; none before it is routed and after it is concluded.
    pub fn holder(&self) -> Option<&str> {
        let in_handling = self.state() == CaseState::InHandling;
        self.current().filter(|_| in_handling).map(|tenure| tenure.organ.as_str())
    }

    /// The home, where this organ is neither that nor the holder any more, nor handles a part; else none.
    pub fn moved_to(&self, organ: &str) -> Option<&str> {
        let runs = |tenure: &Tenure| {
            tenure.organ == organ && tenure.superseded_by == 0 && tenure.state() != TermState::Superseded
        };
        let part = |part: &Part| part.facts.organ == organ && part.is_open();
        let concerned = self.current().is_some_and(runs) || self.parts.iter().any(part);
        Some(self.home.as_str()).filter(|home| *home != organ && !concerned)
    }

    /// This organ left it to the next home: its own term ends, and it waits for that one to take the case over.
    pub(super) fn pass(&mut self, passed: &HomeSucceeded) {
        self.reported_to.clone_from(&passed.successor);
        self.passed = true;
        self.homes = passed.homes;
        self.taken_over = passed.takeover.is_some();
        self.assigned_to = passed.takeover.as_ref().map(|asked| asked.assign_to.clone()).unwrap_or_default();
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
        self.taken_over = false;
        self.assigned_to.clear();
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
        self.findings.clone_from(&passed.findings);
        self.replied |= passed.replied;
        self.withdrawn |= passed.withdrawn;
        self.returns = passed.returns;
        self.reopenings = passed.reopenings;
        self.reopened_at = micros(passed.reopened_at.as_ref());
        let last = passed.terms.last().and_then(|told| told.term.as_ref());
        self.reinvestigation = last.and_then(|term| term.reinvestigation.clone());
        self.concluded = matches!(self.state(), CaseState::Concluded | CaseState::Replied);
        self.inherit_terms(passed);
        self.inherit_parts(passed, organ);
        self.inherit_open(passed);
    }

    fn inherit_terms(&mut self, passed: &HomeSucceeded) {
        for told in &passed.terms {
            let Some(term) = &told.term else { continue };
            match self.terms.iter_mut().find(|known| known.term == term.term) {
                Some(known) => known.learn(told),
                None => self.terms.push(tenure(term, told, self.concluded)),
            }
        }
        self.terms.sort_by_key(|tenure| tenure.term);
        let later: Vec<u32> = self.terms.iter().skip(1).map(|tenure| tenure.term).collect();
        for (tenure, later) in self.terms.iter_mut().zip(later) {
            // One that was concluded before the case was opened again stays so.
            if tenure.superseded_by == 0 && tenure.state() != TermState::Concluded {
                tenure.superseded_by = later;
                tenure.state = TermState::Superseded.into();
            }
        }
    }

    /// Of a part that this organ handles, it knows more itself.
    fn inherit_parts(&mut self, passed: &HomeSucceeded, organ: &str) {
        for facts in &passed.parts {
            match self.parts.iter_mut().find(|part| part.facts.part == facts.part) {
                None => self.parts.push(Part { facts: facts.clone(), ..Part::default() }),
                Some(known) if known.facts.organ != organ && known.facts.version < facts.version => {
                    known.facts.clone_from(facts);
                }
                Some(_) => {}
            }
        }
    }

    /// What waits for a decision, and what was settled.
    fn inherit_open(&mut self, passed: &HomeSucceeded) {
        let told = passed.disputes.iter();
        let told: Vec<Disputed> =
            told.map(|told| Disputed { asked: told.asked.clone(), settled: told.settled.clone() }).collect();
        let own = std::mem::replace(&mut self.disputes, told);
        let known = |disputes: &[Disputed], own: &Disputed| disputes.iter().any(|it| it.asked == own.asked);
        let own: Vec<Disputed> = own.into_iter().filter(|own| !known(&self.disputes, own)).collect();
        self.disputes.extend(own);
        self.departures.extend(passed.departure.as_ref().map(|departure| Departed {
            organ: departure.organ.clone(),
            reason: departure.reason.clone(),
            proposed_by: departure.proposed_by.clone(),
            proposed_at: micros(departure.proposed_at.as_ref()).unwrap_or_default(),
            ..Departed::default()
        }));
        let void = passed.void_acts.iter().filter_map(|void| Some((void.act.as_ref()?, void.at)));
        // Of what was done twice, each is one.
        let known = self.void_acts.clone();
        for (act, at) in void {
            let ActVoided { term, organ, act, part, .. } = act.clone();
            let void = VoidAct { term, organ, act, at, part };
            if !known.contains(&void) {
                self.void_acts.push(void);
            }
        }
        let results = passed.earlier_results.iter();
        let fresh = results.filter(|result| !self.results.iter().any(|known| known.term == result.term));
        let fresh: Vec<EarlierResult> = fresh.cloned().collect();
        self.results.extend(fresh);
    }

    /// What the next home has to know beside the case itself.
    pub(super) fn succeeds(&self) -> HomeSucceeded {
        HomeSucceeded {
            facts: self.facts.clone(),
            came_from: self.came_from.clone(),
            state: self.state,
            terms: self.terms.iter().map(|tenure| succeeded(tenure, self)).collect(),
            working_copy: self.working_copy.clone(),
            finding: self.finding,
            measures: self.measures.clone(),
            findings: self.findings.clone(),
            replied: self.replied,
            withdrawn: self.withdrawn,
            homes: self.homes + 1,
            returns: self.returns,
            reopenings: self.reopenings,
            reopened_at: self.reopened_at.map(moment),
            parts: self.parts.iter().map(|part| part.facts.clone()).collect(),
            disputes: self.disputes.iter().map(dispute).collect(),
            departure: self.open_departure().map(departure),
            void_acts: self.void_acts.iter().map(voided).collect(),
            earlier_results: self.results.clone(),
            ..HomeSucceeded::default()
        }
    }
}

impl Tenure {
    /// What the home knows of a term that is known here as well: what it decided and asked, and what took over.
    fn learn(&mut self, told: &SucceededTerm) {
        if told.superseded_by > 0 {
            self.superseded_by = told.superseded_by;
            self.superseded_because = told.superseded_because;
            self.state = TermState::Superseded.into();
        }
        self.left |= told.left;
        if self.returned.is_none() {
            self.returned = returned(told);
        } else if let Some(known) = self.returned.as_mut().filter(|known| known.decided.is_none()) {
            known.decided.clone_from(&told.return_decided);
        }
        for recall in &told.recalls {
            let number = |asked: &Option<RecallRequested>| asked.as_ref().map(|asked| asked.recall);
            match self.recalls.iter_mut().find(|known| number(&known.asked) == number(&recall.asked)) {
                None => self.recalls.push(recalled(recall)),
                Some(known) if known.answered.is_none() => known.answered.clone_from(&recall.answered),
                Some(_) => {}
            }
        }
    }
}

fn micros(at: Option<&prost_types::Timestamp>) -> Option<i64> {
    at.and_then(server::time::from_proto).map(Timestamp::as_microsecond)
}

fn moment(micros: i64) -> prost_types::Timestamp {
    server::time::to_proto(ledger::from_micros(micros))
}

/// A term, as the next home has to know it.
fn succeeded(tenure: &Tenure, case: &Case) -> SucceededTerm {
    let returned = tenure.returned.clone().unwrap_or_default();
    let recalls = tenure.recalls.iter().cloned();
    SucceededTerm {
        term: Some(TermBegun {
            term: tenure.term,
            organ: tenure.organ.clone(),
            handling: tenure.handling,
            citation: tenure.citation.clone(),
            facts_used: tenure.facts_used.clone(),
            departure_reason: None,
            acknowledge_by: tenure.acknowledge_by,
            facts: None,
            home: case.home.clone(),
            return_by: tenure.return_by,
            compulsory: tenure.compulsory,
            returns_before: tenure.returns_before,
            reopenings: tenure.reopenings,
            reopened_at: None,
            homes: 0,
            reinvestigation: case.reinvestigation.clone(),
        }),
        begun_at: Some(moment(tenure.begun_at)),
        acknowledged_at: tenure.acknowledged_at.map(moment),
        concluded: tenure.state() == TermState::Concluded,
        returned: returned.returned,
        return_decided: returned.decided,
        recalls: recalls.map(|Recalled { asked, answered }| SucceededRecall { asked, answered }).collect(),
        superseded_by: tenure.superseded_by,
        superseded_because: tenure.superseded_because,
        left: tenure.left,
        acknowledgement_overdue_since: tenure.acknowledgement_overdue_at.map(moment),
    }
}

fn dispute(disputed: &Disputed) -> SucceededDispute {
    SucceededDispute { asked: disputed.asked.clone(), settled: disputed.settled.clone() }
}

fn departure(departed: &Departed) -> SucceededDeparture {
    SucceededDeparture {
        organ: departed.organ.clone(),
        reason: departed.reason.clone(),
        proposed_by: departed.proposed_by.clone(),
        proposed_at: Some(moment(departed.proposed_at)),
    }
}

fn voided(void: &VoidAct) -> SucceededVoidAct {
    let VoidAct { term, organ, act, at, part } = void.clone();
    SucceededVoidAct { act: Some(ActVoided { term, organ, act, part, current_term: 0 }), at }
}

fn returned(told: &SucceededTerm) -> Option<Returned> {
    let returned = told.returned.clone()?;
    Some(Returned { returned: Some(returned), decided: told.return_decided.clone() })
}

fn recalled(told: &SucceededRecall) -> Recalled {
    Recalled { asked: told.asked.clone(), answered: told.answered.clone() }
}

fn tenure(term: &TermBegun, told: &SucceededTerm, concluded: bool) -> Tenure {
    let acknowledged_at = micros(told.acknowledged_at.as_ref());
    let state = match (concluded || told.concluded, acknowledged_at) {
        _ if told.superseded_by > 0 => TermState::Superseded,
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
        returned: returned(told),
        recalls: told.recalls.iter().map(recalled).collect(),
        superseded_by: told.superseded_by,
        superseded_because: told.superseded_because,
        left: told.left,
        acknowledgement_overdue_at: micros(told.acknowledgement_overdue_since.as_ref()),
        ..Tenure::default()
    }
}
