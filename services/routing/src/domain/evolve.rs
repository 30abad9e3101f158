//! How each entry changes a case: the only way anything changes, in a batch as in a rebuild.

mod transfer;

use duban_proto::common::v1::CaseState;
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{Handling, SupersededBy, TermBegun, TermState, VoidAct};
use jiff::Timestamp;
use uuid::Uuid;

use super::{Book, Case, Round, Tenure, inquiry, joint};

/// An entry, as far as routing's tables depend on it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The organ whose ledger it is.
    pub organ: &'a str,
    /// When it was recorded.
    pub at: Timestamp,
    /// Who did it.
    pub actor: &'a str,
    /// The case.
    pub case_id: Option<Uuid>,
    /// What happened.
    pub kind: &'a Kind,
}

impl Book {
    /// Takes in an entry: the only way anything changes, in a batch as in a rebuild.
    pub fn evolve(&mut self, entry: &Entry<'_>) {
        self.evolve_directory(entry);
        self.staff.evolve(entry);
        self.evolve_guidance(entry);
        self.evolve_received(entry);
        if let Kind::InstrumentIssued(event) = entry.kind {
            self.numbered(event);
        }
        let Some(case_id) = entry.case_id else { return };
        self.changed.insert(case_id);
        let at_home = self.cases.get(&case_id).is_some_and(|case| case.is_home(entry.organ));
        if brings_text(entry.kind)
            || joint::brings_text(entry)
            || transfer::brings_text(entry.kind, entry.organ)
            || (at_home && transfer::brings_text_at_home(entry.kind))
        {
            self.keyed.insert(case_id);
        }
        if let Some(case) = self.cases.get_mut(&case_id) {
            case.version += 1;
            case.apply(entry);
        } else if let Some(case) = Case::opened_by(entry) {
            self.cases.insert(case_id, case);
        }
    }
}

/// Whether a text was sealed with this entry, so that the case has a data key here.
fn brings_text(kind: &Kind) -> bool {
    match kind {
        Kind::TermBegun(event) => event.departure_reason.is_some(),
        // A departure upwards keeps its reason, too.
        Kind::ReportedUp(_)
        | Kind::InvestigationRecorded(_)
        | Kind::DispositionSubmitted(_)
        | Kind::DispositionReturned(_)
        | Kind::InstrumentDrafted(_)
        | Kind::InstrumentAnswerRejected(_)
        | Kind::InstrumentReplied(_) => true,
        // An organ that answered itself keeps its words.
        Kind::InstrumentAnswered(event) => event.organ.is_empty(),
        Kind::InstrumentWithdrawn(event) => event.reason.is_some(),
        Kind::CaseReopened(event) => event.reason.is_some(),
        _ => inquiry::brings_text(kind),
    }
}

impl Case {
    /// The case that this entry opens here.
    pub(crate) fn opened_by(entry: &Entry<'_>) -> Option<Self> {
        let at = entry.at.as_microsecond();
        match entry.kind {
            Kind::CaseOpened(event) => {
                let mut case = Self {
                    came_from: event.came_from.clone(),
                    centre: event.centre.clone(),
                    ..Self::begin(entry.organ, event.facts.clone(), CaseState::Accepted, at)
                };
                case.apply(entry);
                Some(case)
            }
            Kind::TermReceived(event) => {
                let term = event.term.as_ref()?;
                let mut case = Self {
                    homes: term.homes,
                    ..Self::begin(&term.home, term.facts.clone(), CaseState::InHandling, at)
                };
                case.apply(entry);
                Some(case)
            }
            Kind::PartReceived(event) => joint::opened(event, entry),
            _ => None,
        }
    }

    pub(crate) fn apply(&mut self, entry: &Entry<'_>) {
        let at = entry.at.as_microsecond();
        match entry.kind {
            Kind::WorkingCopyNoted(event) => self.working_copy.clone_from(&event.working_copy),
            Kind::FactsCorrected(event) => self.facts.clone_from(&event.facts),
            Kind::TermBegun(event) => self.begin_term(event, at, event.organ == entry.organ),
            Kind::TermReceived(event) => {
                if let Some(term) = &event.term {
                    let begun_at = event.begun_at.as_ref().and_then(server::time::from_proto);
                    // It may come later than that the home moved on.
                    if term.homes >= self.homes {
                        self.home.clone_from(&term.home);
                        self.homes = term.homes;
                    }
                    // Corrected since it had the case before; where it was registered, the own intake knows better.
                    if self.registering_organ() != entry.organ {
                        self.facts.clone_from(&term.facts);
                    }
                    self.begin_term(term, begun_at.map_or(at, Timestamp::as_microsecond), false);
                }
            }
            Kind::TransferAcknowledged(event) => self.acknowledged(event.term, at),
            Kind::TransferNoted(event) => {
                let told = event.acknowledged_at.as_ref().and_then(server::time::from_proto);
                self.acknowledged(event.term, told.map_or(at, Timestamp::as_microsecond));
            }
            Kind::CaseConcluded(event) => {
                self.concluded = true;
                self.state = CaseState::Concluded.into();
                self.finding = event.finding;
                self.measures.clone_from(&event.measures);
                self.findings.clone_from(&event.findings);
                self.set(event.term, TermState::Concluded);
            }
            Kind::ReportedUp(event) => self.reported_to.clone_from(&event.parent),
            Kind::CaseOpened(event) => {
                if let Some(inherited) = &event.inherited {
                    self.centre.clone_from(&event.centre);
                    self.inherit(inherited, entry.organ);
                }
            }
            Kind::HomeSucceeded(event) => self.pass(event),
            Kind::HomeMoved(event) => self.move_home(event),
            Kind::ActVoided(event) => self.void_acts.push(VoidAct {
                term: event.term,
                organ: event.organ.clone(),
                act: event.act.clone(),
                at: Some(server::time::to_proto(entry.at)),
                part: event.part,
            }),
            Kind::ContentErased(event) => {
                let told = event.erased_at.as_ref().and_then(server::time::from_proto);
                self.erased_at = Some(told.map_or(at, Timestamp::as_microsecond));
            }
            Kind::CaseArchived(_) => self.state = CaseState::Archived.into(),
            Kind::WithdrawalNoted(event) => {
                self.withdrawn = true;
                if !event.goes_on {
                    self.state = CaseState::Withdrawn.into();
                    self.set(self.current_term(), TermState::Superseded);
                }
            }
            Kind::ReplyNoted(_) => {
                self.replied = true;
                if self.state() == CaseState::Concluded {
                    self.state = CaseState::Replied.into();
                }
            }
            Kind::CaseReopened(event) => self.reopen(event, entry.organ),
            Kind::ReinvestigationNoted(event) => self.reinvestigation = Some(event.clone()),
            Kind::AppealNoted(event) => self.appealed(event),
            Kind::AcknowledgementOverdue(event) => {
                if let Some(tenure) = self.tenure(event.term) {
                    tenure.acknowledgement_overdue_at = Some(at);
                }
            }
            _ => self.apply_casework(entry),
        }
    }

    fn apply_casework(&mut self, entry: &Entry<'_>) {
        self.remember(entry);
        match entry.kind {
            Kind::InvestigatorsAppointed(event) => {
                if let Some(tenure) = self.tenure(event.term) {
                    tenure.took(&event.investigators);
                    tenure.investigators.clone_from(&event.investigators);
                }
                self.set(event.term, TermState::Investigating);
            }
            Kind::InvestigationRecorded(event) => {
                if let Some(tenure) = self.tenure(event.term) {
                    tenure.took(&event.investigators);
                    tenure.took(&[entry.actor.to_owned()]);
                    tenure.records.push(event.clone());
                }
            }
            Kind::DispositionSubmitted(event) => {
                let round = Round {
                    submitted: Some(event.clone()),
                    submitted_by: entry.actor.to_owned(),
                    ..Round::default()
                };
                if let Some(tenure) = self.tenure(event.term) {
                    tenure.rounds.push(round);
                }
                self.set(event.term, TermState::Submitted);
            }
            Kind::DispositionReturned(event) => {
                if let Some(round) = self.tenure(event.term).and_then(|tenure| tenure.rounds.last_mut()) {
                    entry.actor.clone_into(&mut round.decided_by);
                    round.reason.clone_from(&event.reason);
                    round.deputy_for.clone_from(&event.deputy_for);
                }
                self.set(event.term, TermState::Returned);
            }
            Kind::DispositionApproved(event) => {
                if let Some(round) = self.tenure(event.term).and_then(|tenure| tenure.rounds.last_mut()) {
                    entry.actor.clone_into(&mut round.decided_by);
                    round.approved = true;
                    round.deputy_for.clone_from(&event.deputy_for);
                }
                self.set(event.term, TermState::Concluded);
                self.cleared = event.clears_respondent;
                self.state = CaseState::Concluded.into();
                self.finding = event.finding;
                self.measures.clone_from(&event.measures);
                self.findings.clone_from(&event.findings);
            }
            _ => {
                self.apply_joint(entry);
                self.apply_inquiry(entry);
                self.apply_transfer(entry);
                self.apply_instrument(entry);
                self.apply_guidance(entry);
                self.apply_urgency(entry);
            }
        }
    }

    fn begin_term(&mut self, term: &TermBegun, begun_at: i64, own: bool) {
        self.supersede(term);
        self.begin_again(term);
        self.reinvestigation.clone_from(&term.reinvestigation);
        self.state = CaseState::InHandling.into();
        self.terms.push(Tenure {
            term: term.term,
            organ: term.organ.clone(),
            handling: Handling::try_from(term.handling).unwrap_or_default().into(),
            state: if own { TermState::Acknowledged } else { TermState::Begun }.into(),
            begun_at,
            acknowledged_at: own.then_some(begun_at),
            acknowledge_by: term.acknowledge_by,
            citation: term.citation.clone(),
            facts_used: term.facts_used.clone(),
            reopenings: term.reopenings,
            ..transfer::begun(term)
        });
    }

    /// The current term ends; one that was concluded before the case was opened again stays so.
    fn supersede(&mut self, by: &TermBegun) {
        let ended =
            |tenure: &Tenure| tenure.state() == TermState::Concluded && tenure.reopenings < by.reopenings;
        if !self.current().is_some_and(ended) {
            self.superseded(self.current_term(), by.term, SupersededBy::Unspecified);
        }
    }

    fn acknowledged(&mut self, term: u32, at: i64) {
        if let Some(tenure) = self.tenure(term) {
            tenure.acknowledged_at = Some(at);
        }
        self.set(term, TermState::Acknowledged);
    }

    fn tenure(&mut self, term: u32) -> Option<&mut Tenure> {
        self.terms.iter_mut().rev().find(|tenure| tenure.term == term)
    }

    fn set(&mut self, term: u32, state: TermState) {
        if let Some(tenure) = self.tenure(term) {
            tenure.state = state.into();
        }
    }
}
