//! What the handshake between home and holder changes: the same at both, whose ledgers have the same events.

use duban_proto::common::v1::{CaseState, Finding};
use duban_proto::routing::v1::event::Kind;
use duban_proto::routing::v1::{SupersededBy, TermBegun, TermLeft, TermState, TransferReturned};

use super::Entry;
use crate::domain::{Case, Departed, Disputed, OwnAct, Proposed, Recalled, Returned, Tenure};

/// Whether a text was sealed with this entry of the handshake, by the organ in whose ledger it stands.
pub(super) fn brings_text(kind: &Kind, organ: &str) -> bool {
    match kind {
        Kind::DepartureProposed(_) | Kind::ReturnProposed(_) | Kind::ReturnDropped(_) => true,
        Kind::DepartureDecided(event) => event.reason.is_some(),
        Kind::TransferReturned(event) => event.organ == organ,
        Kind::RecallAnswered(event) => event.organ == organ && event.reason.is_some(),
        Kind::DesignationAsked(event) => event.organ == organ,
        Kind::HomeTakeoverAsked(event) => event.organ == organ,
        Kind::GuidanceAsked(event) => event.organ == organ && !event.case_id.is_empty(),
        _ => false,
    }
}

/// The same for entries that stand at the home and, noted, at the holder: only the home sealed their text.
pub(super) fn brings_text_at_home(kind: &Kind) -> bool {
    matches!(kind, Kind::ReturnDecided(_) | Kind::RecallRequested(_) | Kind::Designated(_))
}

/// What the term that begins says of returns.
pub(super) fn begun(term: &TermBegun) -> Tenure {
    Tenure {
        return_by: term.return_by,
        compulsory: term.compulsory,
        returns_before: term.returns_before,
        ..Tenure::default()
    }
}

impl Case {
    pub(super) fn apply_transfer(&mut self, entry: &Entry<'_>) {
        let at = entry.at.as_microsecond();
        match entry.kind {
            Kind::ReturnProposed(event) => {
                let proposed = Proposed {
                    ground: event.ground.clone(),
                    reason: event.reason.clone(),
                    proposed_by: entry.actor.to_owned(),
                    proposed_at: at,
                    approvers: event.approvers.clone(),
                    ..Proposed::default()
                };
                if let Some(tenure) = self.tenure(event.term) {
                    tenure.proposals.push(proposed);
                }
            }
            Kind::ReturnDropped(event) => {
                if let Some(proposed) = self.tenure(event.term).and_then(|tenure| tenure.proposals.last_mut())
                {
                    entry.actor.clone_into(&mut proposed.decided_by);
                    proposed.dropped.clone_from(&event.reason);
                }
            }
            Kind::TransferReturned(event) => self.returned(event),
            Kind::ReturnDecided(event) => {
                if let Some(tenure) = self.tenure(event.term) {
                    tenure.returned.get_or_insert_default().decided = Some(event.clone());
                    if !event.agreed {
                        tenure.stays();
                    }
                }
            }
            Kind::RecallRequested(event) => {
                // Told once more to a holder that knew of no term then, it is one.
                if let Some(tenure) = self.tenure(event.term).filter(|it| !it.is_recalled(event.recall)) {
                    tenure.recalls.push(Recalled { asked: Some(event.clone()), answered: None });
                }
            }
            Kind::RecallAnswered(event) => {
                if let Some(recalled) = self.tenure(event.term).and_then(|tenure| tenure.recall(event.recall))
                {
                    recalled.answered = Some(event.clone());
                }
            }
            Kind::TermSuperseded(event) => self.superseded(event.term, event.by, event.why()),
            Kind::TermLeft(event) => self.left(event, entry.organ),
            Kind::HomeTakeoverRefused(event) => self.refuse(event),
            _ => self.apply_dispute(entry),
        }
    }

    fn apply_dispute(&mut self, entry: &Entry<'_>) {
        match entry.kind {
            Kind::DepartureProposed(event) => self.departures.push(Departed {
                organ: event.organ.clone(),
                reason: event.reason.clone(),
                proposed_by: entry.actor.to_owned(),
                proposed_at: entry.at.as_microsecond(),
                ..Departed::default()
            }),
            Kind::DepartureDecided(event) => {
                if let Some(departed) = self.departures.last_mut() {
                    entry.actor.clone_into(&mut departed.decided_by);
                    departed.approved = event.approved;
                    departed.rejected.clone_from(&event.reason);
                }
            }
            Kind::DesignationAsked(event) => {
                self.disputes.push(Disputed { asked: Some(event.clone()), settled: None });
            }
            Kind::Designated(event) => {
                if let Some(disputed) = self.settled_by(event) {
                    disputed.settled = Some(event.clone());
                }
                if let Some(tenure) = self.tenure(event.term).filter(|tenure| tenure.organ == event.organ) {
                    tenure.stays();
                }
            }
            _ => {}
        }
    }

    /// A later term took over. What the home says of it counts; that another term was heard of, where nothing was said.
    pub(super) fn superseded(&mut self, term: u32, by: u32, why: SupersededBy) {
        let Some(tenure) = self.tenure(term) else { return };
        tenure.state = TermState::Superseded.into();
        if tenure.superseded_by == 0 || why != SupersededBy::Unspecified {
            tenure.superseded_by = by;
        }
        if why != SupersededBy::Unspecified {
            tenure.superseded_because = why.into();
        }
    }

    fn returned(&mut self, event: &TransferReturned) {
        let Some(tenure) = self.tenure(event.term) else { return };
        tenure.returned = Some(Returned { returned: Some(event.clone()), decided: None });
        if let Some(proposed) = tenure.proposals.last_mut().filter(|proposed| proposed.decided_by.is_empty())
        {
            proposed.decided_by.clone_from(&event.returned_by);
            proposed.approved = true;
        }
        self.returns = tenure.returns_before + 1;
    }

    /// Where the organ had approved its own disposition before it heard, the case is not concluded by that.
    fn left(&mut self, event: &TermLeft, organ: &str) {
        self.superseded(event.term, event.by, event.why());
        if let Some(tenure) = self.tenure(event.term) {
            tenure.left = true;
            tenure.own_acts.clear();
        }
        let own_view = !self.is_home(organ) && self.current_term() == event.term;
        if own_view && !self.concluded && self.state() == CaseState::Concluded {
            self.state = CaseState::InHandling.into();
            self.finding = Finding::Unspecified.into();
            self.measures.clear();
            self.findings.clear();
        }
    }

    /// Remembers what a holder does and does not tell the home: if a later term takes over meanwhile, it is void.
    pub(super) fn remember(&mut self, entry: &Entry<'_>) {
        let (term, act) = match entry.kind {
            Kind::InvestigatorsAppointed(event) => (event.term, "investigators_appointed"),
            Kind::InvestigatorRecused(event) => (event.term, "investigator_recused"),
            Kind::InvestigatorReplaced(event) => (event.term, "investigator_replaced"),
            Kind::PlanSet(event) => (event.term, "plan_set"),
            Kind::InvestigationRecorded(event) => (event.term, "investigation_recorded"),
            Kind::RecordConfirmed(event) => (event.term, "record_confirmed"),
            Kind::EvidenceListed(event) => (event.term, "evidence_listed"),
            Kind::DispositionSubmitted(event) => (event.term, "disposition_submitted"),
            Kind::DispositionReturned(event) => (event.term, "disposition_returned"),
            Kind::ReturnProposed(event) => (event.term, "return_proposed"),
            Kind::ReturnDropped(event) => (event.term, "return_dropped"),
            _ => return,
        };
        if self.is_home(entry.organ) {
            return;
        }
        if let Some(tenure) = self.tenure(term) {
            tenure.own_acts.push(OwnAct { act: act.to_owned(), at: entry.at.as_microsecond() });
        }
    }
}

impl Tenure {
    /// It can't be returned any more.
    fn stays(&mut self) {
        self.compulsory = true;
        self.return_by = None;
    }

    fn is_recalled(&self, number: u32) -> bool {
        self.recalls.iter().any(|it| it.asked.as_ref().is_some_and(|asked| asked.recall == number))
    }

    fn recall(&mut self, number: u32) -> Option<&mut Recalled> {
        let is =
            |recalled: &&mut Recalled| recalled.asked.as_ref().is_some_and(|asked| asked.recall == number);
        self.recalls.iter_mut().find(is)
    }
}
